use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::ChangeBatch;
use crate::files::SourcePath;

/// How long finished changes wait for others that belong to the same save.
const GATHER: Duration = Duration::from_millis(2);
/// How long a file that is being written must be quiet, where no close is
/// reported.
const QUIET: Duration = Duration::from_millis(25);
/// How long a path that is gone may take to come back: editors and version
/// control remove a file and write it anew.
const GRACE: Duration = Duration::from_millis(60);
/// After what times a new folder is looked at once more.
const AGAIN: [Duration; 2] = [Duration::from_millis(60), Duration::from_secs(1)];
/// More paths than this at once are a crowd, such as a checkout.
const FEW: usize = 3;
/// For how long paths count that were reported already.
const RECENT: Duration = Duration::from_millis(250);
/// How long a crowd must be quiet before it is reported, all at once.
const CALM: Duration = Duration::from_millis(40);
/// How long a crowd may last before what there is of it is reported.
const LONGEST: Duration = Duration::from_secs(2);

/// Changes that are not reported yet, each with the time it is due.
#[derive(Debug, Default)]
pub(super) struct Pending {
    due: BTreeMap<SourcePath, Instant>,
    again: BTreeMap<(SourcePath, usize), Instant>,
    everything: bool,
    /// When the first of what waits came, and the last.
    times: Option<(Instant, Instant)>,
    /// Paths that were reported lately, and when.
    reported: BTreeMap<SourcePath, Instant>,
}

impl Pending {
    /// A change that is complete.
    pub(super) fn finished(&mut self, path: SourcePath, now: Instant) {
        self.wait(path, now, GATHER);
    }

    /// A change that goes on; what is finished meanwhile is not delayed.
    pub(super) fn unfinished(&mut self, path: SourcePath, now: Instant) {
        self.wait(path, now, QUIET);
    }

    /// A path that is gone, perhaps for a moment only.
    pub(super) fn gone(&mut self, path: SourcePath, now: Instant) {
        self.wait(path, now, GRACE);
    }

    fn wait(&mut self, path: SourcePath, now: Instant, time: Duration) {
        self.stir(now);
        self.due.insert(path, now + time);
    }

    /// A path that is to be reported again, later.
    pub(super) fn again(&mut self, path: SourcePath, now: Instant) {
        for (nth, time) in AGAIN.into_iter().enumerate() {
            self.again.insert((path.clone(), nth), now + time);
        }
    }

    /// Changes were lost.
    pub(super) fn everything(&mut self, now: Instant) {
        self.stir(now);
        self.everything = true;
    }

    fn stir(&mut self, now: Instant) {
        let first = self.times.map_or(now, |(first, _)| first);
        self.times = Some((first, now));
    }

    /// When a crowd may be reported; `None` where there is none.
    fn calm(&self) -> Option<Instant> {
        let (first, last) = self.times?;
        // A file that is saved again and again is no crowd.
        let recent = self.reported.iter().filter(|(path, at)| {
            last.saturating_duration_since(**at) < RECENT && !self.due.contains_key(*path)
        });
        let is_crowd = self.everything || self.due.len() + recent.count() > FEW;
        is_crowd.then(|| (last + CALM).min(first + LONGEST))
    }

    /// When the next change is due.
    pub(super) fn next(&self) -> Option<Instant> {
        let calm = self.calm();
        if self.everything {
            return calm;
        }
        let first = self.due.values().chain(self.again.values()).min().copied();
        first.map(|first| calm.map_or(first, |calm| calm.max(first)))
    }

    /// Takes what is due now.
    pub(super) fn due(&mut self, now: Instant) -> Option<ChangeBatch> {
        if self.calm().is_some_and(|calm| calm > now) {
            return None;
        }
        if self.everything {
            *self = Self {
                again: std::mem::take(&mut self.again),
                ..Self::default()
            };
            return Some(ChangeBatch::Everything);
        }
        let mut paths: Vec<SourcePath> = Vec::new();
        self.due.retain(|path, at| {
            if *at <= now {
                paths.push(path.clone());
            }
            *at > now
        });
        self.reported
            .retain(|_, at| now.saturating_duration_since(*at) < RECENT);
        let reported = paths.iter().map(|path| (path.clone(), now));
        self.reported.extend(reported);
        self.times = if self.due.is_empty() {
            None
        } else {
            self.times.map(|(_, last)| (now, last))
        };
        self.again.retain(|(path, _), at| {
            if *at <= now {
                paths.push(path.clone());
            }
            *at > now
        });
        paths.sort();
        paths.dedup();
        (!paths.is_empty()).then_some(ChangeBatch::Paths(paths))
    }
}
