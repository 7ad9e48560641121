//! Which download comes next: as many as there are threads, but only some from one host.

use std::collections::HashMap;

use parking_lot::{Condvar, Mutex};

use crate::plugins::privacy::{Address, Wanted};

/// What is still to be downloaded.
pub(super) struct Queue<'w> {
    state: Mutex<State<'w>>,
    /// Woken when a download has ended.
    ended: Condvar,
    at_once: usize,
}

#[derive(Default)]
struct State<'w> {
    /// In reverse order.
    left: Vec<(&'w Wanted, String)>,
    running: HashMap<String, usize>,
}

/// A download that was begun. It has ended when this is dropped.
pub(super) struct Next<'q, 'w> {
    pub(super) wanted: &'w Wanted,
    host: String,
    queue: &'q Queue<'w>,
}

impl<'w> Queue<'w> {
    /// `at_once` is how many are downloaded from one host.
    pub(super) fn new(wanted: &[&'w Wanted], at_once: usize) -> Self {
        let left = wanted.iter().rev().map(|wanted| {
            let host = Address::parse(&wanted.url).host().unwrap_or_default();
            (*wanted, host)
        });
        let state = State {
            left: left.collect(),
            running: HashMap::new(),
        };
        Self {
            state: Mutex::new(state),
            ended: Condvar::new(),
            at_once: at_once.max(1),
        }
    }

    /// The next download; waits until a host may be asked again. `None` once none is left.
    pub(super) fn next(&self) -> Option<Next<'_, 'w>> {
        let mut state = self.state.lock();
        loop {
            if state.left.is_empty() {
                return None;
            }
            let is_free = |(_, host): &(&Wanted, String)| {
                state
                    .running
                    .get(host)
                    .is_none_or(|running| *running < self.at_once)
            };
            if let Some(at) = state.left.iter().rposition(is_free) {
                let (wanted, host) = state.left.remove(at);
                *state.running.entry(host.clone()).or_default() += 1;
                return Some(Next {
                    wanted,
                    host,
                    queue: self,
                });
            }
            self.ended.wait(&mut state);
        }
    }
}

impl Drop for Next<'_, '_> {
    fn drop(&mut self) {
        let mut state = self.queue.state.lock();
        if let Some(running) = state.running.get_mut(&self.host) {
            *running -= 1;
        }
        self.queue.ended.notify_all();
    }
}
