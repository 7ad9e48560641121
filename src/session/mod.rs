//! The only writer of the database: applies change batches, hands out snapshots,
//! and keeps a project up to date while people work on it. Knows nothing about
//! HTTP.

mod ages;
mod fixes;
mod kept_states;
mod places;
mod related_sites;
pub mod review;
mod sites;
mod split_sources;
mod translations;
mod workspace;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::files::{History, System, UnappliedChanges};
use crate::site::{Cancelled, Database, Invocation, Observer, OtherSites};
use crate::watch::ChangeBatch;

pub use ages::{BlockAge, CommitRange, PageAge, SiteAges, site_ages};
pub use fixes::{FixedFile, Fixes, Trial, look_at_pages};
pub use kept_states::KeptStates;
pub use places::{Placed, Places};
pub use sites::{LANGUAGES_AT_ONCE, Sites};
pub use translations::{
    Beside, LanguagePage, Lost, Progress, Translation, Translations, each_translation, source_texts,
};
pub use workspace::{Begun, Listener, SETTLE, Watch, Work, Workspace};

/// The number of change batches that a session has applied.
pub type Revision = u64;

/// A site that is being worked on.
pub struct Session {
    state: Mutex<State>,
    system: Arc<dyn System>,
}

struct State {
    database: Database,
    revision: Revision,
}

impl Session {
    /// A session with an empty database.
    pub fn new(system: Arc<dyn System>, call: Invocation) -> Self {
        Self::observed(system, call, None)
    }

    /// The same, with an observer of every query that runs.
    pub fn observed(system: Arc<dyn System>, call: Invocation, observer: Option<Observer>) -> Self {
        let database = Database::new(system.clone(), call, observer);
        Self {
            system,
            state: Mutex::new(State {
                database,
                revision: 0,
            }),
        }
    }

    /// The same with a history. To be called before the first question.
    #[must_use]
    pub fn with_history(mut self, history: Arc<dyn History>) -> Self {
        let state = self.state.get_mut();
        state.database = state.database.clone().with_history(history);
        self
    }

    /// The same with other sites to look into. To be called before the first
    /// question.
    #[must_use]
    pub fn with_other_sites(mut self, other_sites: Arc<dyn OtherSites>) -> Self {
        let state = self.state.get_mut();
        state.database = state.database.clone().with_other_sites(other_sites);
        self
    }

    /// Asks a question about one revision. If a change comes in meanwhile, the
    /// question is cancelled and asked again about the next revision. If it would read a
    /// file that somebody is writing to, it is asked again when that is over.
    ///
    /// `question` must not call this session: a change would wait for it for ever.
    /// It may be part of a question to another session.
    pub fn ask<T>(&self, question: impl Fn(&Database) -> T) -> (Revision, T) {
        loop {
            let (database, revision) = {
                let state = self.state.lock();
                (state.database.clone(), state.revision)
            };
            let changes = self.system.unapplied();
            let count = changes.map_or(0, UnappliedChanges::count);
            let answer = Cancelled::catch(AssertUnwindSafe(|| database.alone(&question)));
            drop(database);
            match answer {
                Ok(answer) => return (revision, answer),
                Err(Cancelled::Local) => {
                    if let Some(changes) = changes {
                        changes.wait(count);
                    }
                }
                Err(_) => {}
            }
        }
    }

    /// A snapshot, to be used in a question to another session. It must be dropped
    /// when that question ends or is cancelled: a change of this session waits for it.
    ///
    /// [`Session::ask`] would not do there: it would take the end of the other
    /// question for one of its own, and begin again for ever.
    fn snapshot(&self) -> Database {
        self.state.lock().database.clone()
    }

    /// How many paths the site has read or looked for. When it grows, there are more
    /// to watch.
    pub fn read_count(&self) -> usize {
        self.state.lock().database.read_count()
    }

    /// Frees memory after the whole site was looked at.
    pub fn forget(&self) {
        self.state.lock().database.forget();
    }

    /// Reads all sources again, which are now seen differently. This is not a
    /// revision of its own: it belongs to the change of the setting that says how.
    pub(crate) fn reread(&self) {
        let mut state = self.state.lock();
        state.database.bump_all();
        state.database.bump_imports();
    }

    /// Applies a batch of changes. Waits until running questions are cancelled.
    pub fn apply(&self, batch: ChangeBatch) -> Revision {
        let mut state = self.state.lock();
        match batch {
            ChangeBatch::Paths(paths) => state.database.bump(paths),
            ChangeBatch::Everything => {
                state.database.bump_all();
                state.database.bump_time();
            }
            ChangeBatch::Time => state.database.bump_time(),
        }
        state.database.bump_imports();
        state.revision += 1;
        state.revision
    }
}

#[cfg(test)]
mod tests;
