use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::ChangeBatch;
use crate::files::SourcePath;

/// How long finished changes wait for others that belong to the same save.
const GATHER: Duration = Duration::from_millis(2);
/// How long a file that is being written must be quiet, where no close is
/// reported.
const QUIET: Duration = Duration::from_millis(25);
/// After what time a new folder is looked at once more.
const AGAIN: Duration = Duration::from_millis(60);

/// Changes that are not reported yet, each with the time it is due.
#[derive(Debug, Default)]
pub(super) struct Pending {
    due: BTreeMap<SourcePath, Instant>,
    again: BTreeMap<SourcePath, Instant>,
    everything: Option<Instant>,
}

impl Pending {
    /// A change that is complete.
    pub(super) fn finished(&mut self, path: SourcePath, now: Instant) {
        self.due.insert(path, now + GATHER);
    }

    /// A change that goes on; what is finished meanwhile is not delayed.
    pub(super) fn unfinished(&mut self, path: SourcePath, now: Instant) {
        self.due.insert(path, now + QUIET);
    }

    /// A path that is to be reported once more, later.
    pub(super) fn again(&mut self, path: SourcePath, now: Instant) {
        self.again.insert(path, now + AGAIN);
    }

    /// Changes were lost.
    pub(super) fn everything(&mut self, now: Instant) {
        self.everything.get_or_insert(now + QUIET);
    }

    /// When the next change is due.
    pub(super) fn next(&self) -> Option<Instant> {
        let times = self.due.values().chain(self.again.values());
        times.chain(&self.everything).min().copied()
    }

    /// Takes what is due now.
    pub(super) fn due(&mut self, now: Instant) -> Option<ChangeBatch> {
        if self.everything.is_some_and(|at| at <= now) {
            *self = Self::default();
            return Some(ChangeBatch::Everything);
        }
        let mut paths: Vec<SourcePath> = Vec::new();
        for waiting in [&mut self.due, &mut self.again] {
            waiting.retain(|path, at| {
                if *at <= now {
                    paths.push(path.clone());
                }
                *at > now
            });
        }
        paths.sort();
        paths.dedup();
        (!paths.is_empty()).then_some(ChangeBatch::Paths(paths))
    }
}
