//! The one writer of the database: applies change batches, hands out
//! snapshots, and keeps a project that people work on up to date. Knows nothing
//! of HTTP.

mod ages;
mod neighbours;
mod sites;
mod workspace;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::files::{History, System};
use crate::site::{Call, Cancelled, Database, Observer, OtherSites};
use crate::watch::ChangeBatch;

pub use ages::{BlockAge, Dated, PageAge, SiteAges, site_ages};
pub use sites::Sites;
pub use workspace::{Begun, Listener, SETTLE, Watch, Work, Workspace};

/// Counts the change batches since the session began.
pub type Revision = u64;

/// A site that is being worked on.
pub struct Session {
    state: Mutex<State>,
}

struct State {
    database: Database,
    revision: Revision,
}

impl Session {
    /// Begins with an empty database.
    pub fn new(system: Arc<dyn System>, call: Call) -> Self {
        Self::observed(system, call, None)
    }

    /// The same, with an observer of every query that runs.
    pub fn observed(system: Arc<dyn System>, call: Call, observer: Option<Observer>) -> Self {
        let database = Database::new(system, call, observer);
        Self {
            state: Mutex::new(State {
                database,
                revision: 0,
            }),
        }
    }

    /// The same with a history; before anything is asked.
    #[must_use]
    pub fn with_history(mut self, history: Arc<dyn History>) -> Self {
        let state = self.state.get_mut();
        state.database = state.database.clone().with_history(history);
        self
    }

    /// The same with other sites to look into; before anything is asked.
    #[must_use]
    pub fn with_other_sites(mut self, other_sites: Arc<dyn OtherSites>) -> Self {
        let state = self.state.get_mut();
        state.database = state.database.clone().with_other_sites(other_sites);
        self
    }

    /// Asks a question of one revision. Where a change comes in meanwhile,
    /// the question is cancelled and asked again of the next revision.
    ///
    /// `question` must not call the session itself: a change would wait for
    /// it for ever. It may be asked in the middle of a question of another
    /// session.
    pub fn ask<T>(&self, question: impl Fn(&Database) -> T) -> (Revision, T) {
        loop {
            let (database, revision) = {
                let state = self.state.lock();
                (state.database.clone(), state.revision)
            };
            let answer = Cancelled::catch(AssertUnwindSafe(|| database.alone(&question)));
            drop(database);
            match answer {
                Ok(answer) => return (revision, answer),
                Err(_) => continue,
            }
        }
    }

    /// How many paths the site has read or looked for. Whoever watches them
    /// has more to watch when it grew.
    pub fn read_count(&self) -> usize {
        let state = self.state.lock();
        state.database.read_count()
    }

    /// Gives memory back after a look at the whole site.
    pub fn forget(&self) {
        let mut state = self.state.lock();
        state.database.forget();
    }

    /// Applies what changed; waits until running questions have noticed.
    pub fn apply(&self, batch: ChangeBatch) -> Revision {
        let mut state = self.state.lock();
        match batch {
            ChangeBatch::Paths(paths) => state.database.bump(paths),
            ChangeBatch::Everything => state.database.bump_all(),
        }
        state.database.bump_imports();
        state.revision += 1;
        state.revision
    }
}

#[cfg(test)]
mod tests;
