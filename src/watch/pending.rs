use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::ChangeBatch;
use crate::files::SourcePath;

/// How long finished changes wait for others of the same save.
const GATHER: Duration = Duration::from_millis(2);
/// How long a file that is being written must be quiet where the system does
/// not report that it was closed.
const QUIET: Duration = Duration::from_millis(25);
/// The same where the system reports it: a writer may pause, and some never close
/// their file.
const UNCLOSED: Duration = Duration::from_secs(2);
/// How long a path that is gone may take to come back: editors and version
/// control remove files and write them again.
const GRACE: Duration = Duration::from_millis(60);
/// When a new folder is reported again, for files that came before the watch.
const AGAIN: [Duration; 2] = [Duration::from_millis(60), Duration::from_secs(1)];
/// More paths than this at once are a crowd, such as a checkout.
const FEW: usize = 3;
/// For how long a reported path still counts towards a crowd.
const RECENT: Duration = Duration::from_millis(250);
/// How long it must be quiet before a crowd is reported, all at once.
const CALM: Duration = Duration::from_millis(40);
/// How long a crowd may last before what has gathered so far is reported.
const LONGEST: Duration = Duration::from_secs(2);

/// Changes that have not been reported, each with the time it is due.
#[derive(Debug, Default)]
pub(super) struct Pending {
    due: BTreeMap<SourcePath, Instant>,
    again: BTreeMap<(SourcePath, usize), Instant>,
    everything: bool,
    /// When the first and the last of the pending changes arrived.
    times: Option<(Instant, Instant)>,
    /// Recently reported paths, and when they were.
    reported: BTreeMap<SourcePath, Instant>,
}

impl Pending {
    /// Adds a change that is complete.
    pub(super) fn finished(&mut self, path: SourcePath, now: Instant) {
        self.wait(path, now, GATHER);
    }

    /// Adds a change that is still going on. It does not delay finished ones.
    pub(super) fn unfinished(&mut self, path: SourcePath, now: Instant) {
        self.wait(path, now, QUIET);
    }

    /// The same for a change that ends when the system reports that the file was closed.
    pub(super) fn open(&mut self, path: SourcePath, now: Instant) {
        self.wait(path, now, UNCLOSED);
    }

    /// Adds a path that is gone, perhaps only for a moment.
    pub(super) fn gone(&mut self, path: SourcePath, now: Instant) {
        self.wait(path, now, GRACE);
    }

    fn wait(&mut self, path: SourcePath, now: Instant, time: Duration) {
        self.stir(now);
        self.due.insert(path, now + time);
    }

    /// Schedules a path to be reported again later.
    pub(super) fn again(&mut self, path: SourcePath, now: Instant) {
        for (nth, time) in AGAIN.into_iter().enumerate() {
            self.again.insert((path.clone(), nth), now + time);
        }
    }

    /// Notes that events were lost, so that everything is reported.
    pub(super) fn everything(&mut self, now: Instant) {
        self.stir(now);
        self.everything = true;
    }

    fn stir(&mut self, now: Instant) {
        let first = self.times.map_or(now, |(first, _)| first);
        self.times = Some((first, now));
    }

    /// When the crowd may be reported; `None` where there is no crowd.
    fn calm(&self) -> Option<Instant> {
        let (first, last) = self.times?;
        // One file that is saved again and again is not a crowd.
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
        let first = *self.due.values().chain(self.again.values()).min()?;
        Some(calm.map_or(first, |calm| calm.max(first)))
    }

    /// Removes and returns what is due now.
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
