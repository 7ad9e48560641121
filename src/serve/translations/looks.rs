//! Looks at all translations in the background, so that no request waits for all of them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::timeout;

use super::super::Server;
use super::super::blocking_pool::BlockingPool;
use crate::session::Progress;
use crate::translations::LanguageState;

/// How long a request waits for a look that it begins, before it is answered with what is
/// known so far. Where states are known, a look takes less.
const PATIENCE: Duration = Duration::from_millis(400);

/// Looks, one after the other.
static LOOKERS: BlockingPool = BlockingPool::of(1);

/// The looks at all translations: at most one at a time.
pub(in crate::serve) struct Looks {
    state: Mutex<State>,
    /// The number of the last look that has ended.
    ended: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    /// The look that is under way.
    running: Option<Arc<Progress>>,
    /// How many looks were begun.
    begun: u64,
    /// Whether somebody came while one was under way, who may know of a newer change.
    again: bool,
    /// What the last look found.
    found: Option<Arc<Vec<LanguageState>>>,
}

/// What is known of all translations.
pub(super) enum Seen {
    /// Everything, as it is now.
    All(Arc<Vec<LanguageState>>),
    /// What the last look found, while another one is under way.
    Before(Arc<Vec<LanguageState>>),
    /// What the first look has found so far, of how many pages of the source, and how many
    /// there are.
    SoFar(Vec<LanguageState>, usize, usize),
}

impl Default for Looks {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            ended: watch::Sender::new(0),
        }
    }
}

impl Looks {
    /// What is known of all translations: everything, if a look that begins after this
    /// call ends soon; `None` where it failed.
    pub(super) async fn see(&self, server: &Arc<Server>) -> Option<Seen> {
        let wanted = self.wanted(server);
        let mut ended = self.ended.subscribe();
        let waited = timeout(PATIENCE, ended.wait_for(|ended| *ended >= wanted));
        let has_ended = waited.await.is_ok();
        let state = self.state.lock();
        if has_ended {
            return state.found.clone().map(Seen::All);
        }
        let before = state.found.clone().map(Seen::Before);
        before.or_else(|| {
            let (found, done, of) = match &state.running {
                Some(progress) => progress.so_far(),
                None => Default::default(),
            };
            Some(Seen::SoFar(found, done, of))
        })
    }

    /// The number of the look that answers who comes now.
    fn wanted(&self, server: &Arc<Server>) -> u64 {
        let mut state = self.state.lock();
        if state.running.is_some() {
            state.again = true;
            return state.begun + 1;
        }
        let mut progress = state.begin();
        let server = server.clone();
        tokio::spawn(LOOKERS.run(move || {
            loop {
                let desk = &server.translating;
                let look = AssertUnwindSafe(|| desk.look(&server.places.sites, &progress));
                let found = catch_unwind(look).ok();
                server.workspace.has_read();
                let next = server.looks.end(found);
                desk.keep();
                match next {
                    Some(next) => progress = next,
                    None => break,
                }
            }
        }));
        state.begun
    }

    /// Notes what a look has found, and returns the next one if there has to be one.
    fn end(&self, found: Option<Vec<LanguageState>>) -> Option<Arc<Progress>> {
        let mut state = self.state.lock();
        state.found = found.map(Arc::new);
        state.running = None;
        self.ended.send_replace(state.begun);
        state.again.then(|| state.begin())
    }
}

impl State {
    fn begin(&mut self) -> Arc<Progress> {
        self.begun += 1;
        self.again = false;
        self.running.insert(Arc::default()).clone()
    }
}
