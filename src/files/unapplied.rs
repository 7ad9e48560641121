use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::thread::{self, ThreadId};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use super::SourcePath;

/// How long a reader waits for a change that is not applied.
const PATIENCE: Duration = Duration::from_secs(5);
/// How far two clocks may be apart of which files have their times, in nanoseconds: Linux
/// takes that of the last tick.
const TICK: u128 = 20_000_000;

/// What reports changes in the order in which they were made.
pub trait EventOrder: Send + Sync {
    /// Waits until everything is known that was written before now. Returns the time that
    /// a file would have that was written now, in nanoseconds since 1970; `None` where it
    /// is not known in which order changes are reported.
    fn catch_up(&self) -> Option<u128>;
}

/// The files that were changed, or are being changed, without the change having been
/// applied, by their real paths. What is read of one may be a part of it, or be missing
/// because version control is about to write it again, so readers wait.
#[derive(Default)]
pub struct UnappliedChanges {
    state: Mutex<State>,
    /// Notified when changes are applied.
    applied: Condvar,
    /// Whoever watches the files; not set where nobody does.
    order: OnceLock<Arc<dyn EventOrder>>,
    /// Until when all changes are known, as a time of files.
    known_until: Mutex<u128>,
    /// Where changes are applied.
    applier: OnceLock<ThreadId>,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<SourcePath, Step>,
    /// How often changes were applied.
    count: u64,
}

impl State {
    /// Whether there is no file to wait for.
    fn is_empty(&self) -> bool {
        self.files.values().all(|step| step.is_read_anyway)
    }
}

/// How far a change has come.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    /// It was reported, and nothing has happened since.
    is_reported: bool,
    /// Readers have waited in vain, and read the file as it is.
    is_read_anyway: bool,
}

impl UnappliedChanges {
    /// Sets who reports changes, and the time that a file would have that was written before
    /// any were, in nanoseconds since 1970. Only the first counts.
    pub fn watched_by(&self, order: Arc<dyn EventOrder>, since: u128) {
        if self.order.set(order).is_ok() {
            *self.known_until.lock() = since;
        }
    }

    /// Changes are applied by this thread, which cannot wait for itself.
    pub fn are_applied_here(&self) {
        let _ = self.applier.set(thread::current().id());
    }

    /// Something happened to this file.
    pub fn begin(&self, path: &SourcePath) {
        let files = &mut self.state.lock().files;
        match files.get_mut(path) {
            Some(step) => step.is_reported = false,
            None => drop(files.insert(path.clone(), Step::default())),
        }
    }

    /// All that happened to these files is about to be applied; to all files, without paths.
    pub fn report(&self, paths: Option<&[SourcePath]>) {
        let files = &mut self.state.lock().files;
        match paths {
            Some(paths) => {
                for path in paths {
                    if let Some(step) = files.get_mut(path) {
                        step.is_reported = true;
                    }
                }
            }
            None => files.values_mut().for_each(|step| step.is_reported = true),
        }
    }

    /// What was reported of these files was applied; of all files, without paths.
    pub fn apply(&self, paths: Option<&[SourcePath]>) {
        let mut state = self.state.lock();
        state.count += 1;
        let files = &mut state.files;
        match paths {
            Some(paths) => {
                for path in paths {
                    if files.get(path).is_some_and(|step| step.is_reported) {
                        files.remove(path);
                    }
                }
            }
            None => files.retain(|_, step| !step.is_reported),
        }
        self.applied.notify_all();
    }

    /// Whether something has happened to this file that was not reported.
    pub fn is_going_on(&self, path: &SourcePath) -> bool {
        let files = &self.state.lock().files;
        files.get(path).is_some_and(|step| !step.is_reported)
    }

    /// Waits until it is known what happened to a file before now. `written` looks when it
    /// was written to, in nanoseconds since 1970, and is asked only where files are watched:
    /// what is written later was not read before.
    pub(super) fn catch_up(&self, written: impl FnOnce() -> Option<u128>) {
        let Some(order) = self.order.get() else {
            return;
        };
        let is_known = |written| *self.known_until.lock() > written + TICK;
        if written().is_none_or(is_known) {
            return;
        }
        if let Some(now) = order.catch_up() {
            let mut known_until = self.known_until.lock();
            *known_until = now.max(*known_until);
        }
    }

    /// Whether readers need not wait for any file.
    pub(super) fn is_empty(&self) -> bool {
        self.state.lock().is_empty()
    }

    /// The files that a reader should wait for, and that this is true of.
    pub(super) fn has(&self, is_meant: impl Fn(&SourcePath) -> bool) -> bool {
        let files = &self.state.lock().files;
        let mut held = files.iter().filter(|(_, step)| !step.is_read_anyway);
        held.any(|(path, _)| is_meant(path))
    }

    /// How often changes were applied; for [`UnappliedChanges::wait`].
    pub fn count(&self) -> u64 {
        self.state.lock().count
    }

    /// Waits until changes were applied more than `count` times, and not at all where there
    /// is none to wait for. After a while, all files are read as they are. Not to be called
    /// in a query: a change would wait for that.
    pub fn wait(&self, count: u64) {
        let mut state = self.state.lock();
        if state.count > count || state.is_empty() {
            return;
        }
        let is_applier = self.applier.get() == Some(&thread::current().id());
        if is_applier || self.applied.wait_for(&mut state, PATIENCE).timed_out() {
            let read_anyway = |step: &mut Step| step.is_read_anyway = true;
            state.files.values_mut().for_each(read_anyway);
        }
    }
}

impl fmt::Debug for UnappliedChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnappliedChanges")
            .field(&self.state)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::UnappliedChanges;
    use crate::files::SourcePath;

    #[test]
    fn readers_wait_until_a_change_is_applied() {
        let files = Arc::new(UnappliedChanges::default());
        let path: SourcePath = "docs/a.md".into();
        let has = |path: &str| files.has(|held| held.as_str() == path);
        files.wait(0);
        files.begin(&path);
        assert!(has("docs/a.md") && !has("docs/b.md") && files.is_going_on(&path));
        files.apply(Some(std::slice::from_ref(&path)));
        assert!(has("docs/a.md"), "it was not reported");
        files.report(Some(std::slice::from_ref(&path)));
        assert!(has("docs/a.md") && !files.is_going_on(&path));
        files.begin(&path);
        files.apply(Some(std::slice::from_ref(&path)));
        assert!(has("docs/a.md"), "something happened after the report");
        files.report(Some(std::slice::from_ref(&path)));
        let waiting = std::thread::spawn({
            let files = files.clone();
            move || {
                let count = files.count();
                if files.has(|_| true) {
                    files.wait(count);
                }
            }
        });
        files.apply(Some(std::slice::from_ref(&path)));
        waiting.join().expect("it waits no longer");
        assert!(files.is_empty());
    }
}
