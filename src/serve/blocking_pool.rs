//! Runs blocking work. There are many threads for it but not an unlimited
//! number, and slow work keeps its thread even after everybody has stopped
//! waiting for it. So each kind of work gets a share of the threads, and each
//! address no more than a few: if a slow page is requested again and again, the
//! other pages are still served.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Weak};

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many requests for one address are answered at once. All but the first
/// mostly wait for its result.
const OF_ONE: usize = 4;
/// How many addresses are kept before idle ones are dropped.
const KNOWN: usize = 1024;

/// A limited number of threads for one kind of work.
pub(super) struct BlockingPool {
    permits: Semaphore,
}

impl BlockingPool {
    /// A crew of `size` threads. The crews together must not exceed the 512
    /// threads that the runtime has for blocking work.
    pub(super) const fn of(size: usize) -> Self {
        Self {
            permits: Semaphore::const_new(size),
        }
    }

    /// Runs the work once a thread is available. The thread is taken until the
    /// work has ended, even if the caller stops waiting. If the caller stops
    /// waiting before the work has started, it is not run.
    ///
    /// # Errors
    /// If the work panics or the server shuts down.
    pub(super) async fn run<T: Send + 'static>(
        &'static self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<T> {
        let permit = self.permits.acquire().await.map_err(io::Error::other)?;
        spawn_blocking(permit, work).await
    }
}

async fn spawn_blocking<T: Send + 'static>(
    permit: SemaphorePermit<'static>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let work = move || {
        let _permit = permit;
        work()
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)
}

/// A crew that never spends all its threads on the same address.
pub(super) struct AddressPool {
    crew: BlockingPool,
    addresses: Mutex<Option<HashMap<String, Weak<Semaphore>>>>,
}

impl AddressPool {
    /// A desk with a crew of `size`.
    pub(super) const fn of(size: usize) -> Self {
        Self {
            crew: BlockingPool::of(size),
            addresses: Mutex::new(None),
        }
    }

    /// Like [`BlockingPool::run`], for work on behalf of an address.
    ///
    /// # Errors
    /// Same as [`BlockingPool::run`].
    pub(super) async fn run<T: Send + 'static>(
        &'static self,
        address: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<T> {
        let turn = self.queue(address).acquire_owned().await;
        let turn = turn.map_err(io::Error::other)?;
        let work = move || {
            let _turn = turn;
            work()
        };
        self.crew.run(work).await
    }

    /// Answers a request about an address.
    pub(super) async fn answer(
        &'static self,
        address: &str,
        answer: impl FnOnce() -> Response + Send + 'static,
    ) -> Response {
        let answered = self.run(address, answer).await;
        answered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }

    fn queue(&self, address: &str) -> Arc<Semaphore> {
        let mut queues = self.addresses.lock();
        let queues = queues.get_or_insert_default();
        if let Some(queue) = queues.get(address).and_then(Weak::upgrade) {
            return queue;
        }
        if queues.len() >= KNOWN {
            queues.retain(|_, queue| queue.strong_count() > 0);
        }
        let queue = Arc::new(Semaphore::new(OF_ONE));
        queues.insert(address.to_owned(), Arc::downgrade(&queue));
        queue
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use parking_lot::Mutex;

    use super::{AddressPool, OF_ONE};

    #[test]
    fn a_slow_address_does_not_keep_others_waiting() {
        static DESK: AddressPool = AddressPool::of(2 * OF_ONE);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(2 * OF_ONE)
            .build()
            .expect("a runtime");
        let (begins, begun) = mpsc::channel();
        let (ends, ended) = mpsc::channel::<()>();
        let ended = Arc::new(Mutex::new(ended));
        let slow = || {
            let (begins, ended) = (begins.clone(), ended.clone());
            DESK.run("/slow/", move || {
                begins.send(()).expect("the test is listening");
                // Blocks until the sender is dropped.
                let ended = ended.lock();
                ended.recv().expect_err("nothing is sent");
            })
        };
        // Half of the callers stop waiting.
        let waiting: Vec<_> = (0..20 * OF_ONE)
            .map(|nth| {
                let asked = runtime.spawn(slow());
                (nth, asked)
            })
            .collect();
        for _ in 0..OF_ONE {
            begun.recv().expect("some begin");
        }
        for (nth, asked) in &waiting {
            if nth % 2 == 0 {
                asked.abort();
            }
        }
        let quick = runtime.block_on(DESK.run("/quick/", || 1));
        assert_eq!(quick.expect("answered"), 1);
        assert!(begun.try_recv().is_err(), "no more of the slow ones began");
        drop(ends);
        for (_, asked) in waiting {
            // The aborted ones return an error.
            let _ = runtime.block_on(asked);
        }
    }
}
