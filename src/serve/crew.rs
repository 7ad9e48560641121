//! Who does what blocks. The threads for it are many but not without end, and
//! what is too slow keeps its thread though nobody waits for it any more. So
//! each kind of work has a part of them, and no address more than a few: a slow
//! page is asked for again and again, and the others are answered all the same.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many questions about one address are answered at once. All of them but
/// the first mostly wait for its answer.
const OF_ONE: usize = 4;
/// How many addresses are known before those that nobody asks for any more are
/// forgotten.
const KNOWN: usize = 1024;

/// So many threads for one kind of work.
pub(super) struct Crew {
    places: Semaphore,
}

impl Crew {
    /// A crew of `size`, which must be a part of what all have together: the
    /// runtime has 512 threads for what blocks.
    pub(super) const fn of(size: usize) -> Self {
        Self {
            places: Semaphore::const_new(size),
        }
    }

    /// Does the work as soon as there is a place for it, which is kept until
    /// the work has ended, waited for or not. Whoever does not wait until then
    /// has it not done.
    ///
    /// # Errors
    /// When it panics, or the server ends.
    pub(super) async fn run<T: Send + 'static>(
        &'static self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<T> {
        let place = self.places.acquire().await.map_err(io::Error::other)?;
        on_a_thread(place, work).await
    }
}

async fn on_a_thread<T: Send + 'static>(
    place: SemaphorePermit<'static>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let work = move || {
        let _place = place;
        work()
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)
}

/// A crew whose members do not all see to the same address.
pub(super) struct Desk {
    crew: Crew,
    addresses: Mutex<Option<HashMap<String, Weak<Semaphore>>>>,
}

impl Desk {
    /// A desk with a crew of `size`.
    pub(super) const fn of(size: usize) -> Self {
        Self {
            crew: Crew::of(size),
            addresses: Mutex::new(None),
        }
    }

    /// As [`Crew::run`], for a question about an address.
    ///
    /// # Errors
    /// As there.
    pub(super) async fn run<T: Send + 'static>(
        &'static self,
        address: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> io::Result<T> {
        let queue = self.queue(address).acquire_owned().await;
        let turn = queue.map_err(io::Error::other)?;
        let work = move || {
            let _turn = turn;
            work()
        };
        self.crew.run(work).await
    }

    fn queue(&self, address: &str) -> Arc<Semaphore> {
        let mut all = self.addresses.lock();
        let all = all.get_or_insert_default();
        if let Some(queue) = all.get(address).and_then(Weak::upgrade) {
            return queue;
        }
        if all.len() >= KNOWN {
            all.retain(|_, queue| queue.strong_count() > 0);
        }
        let queue = Arc::new(Semaphore::new(OF_ONE));
        all.insert(address.to_owned(), Arc::downgrade(&queue));
        queue
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use parking_lot::Mutex;

    use super::{Desk, OF_ONE};

    #[test]
    fn a_slow_address_does_not_keep_others_waiting() {
        static DESK: Desk = Desk::of(2 * OF_ONE);
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
                begins.send(()).expect("it is waited for");
                // Until nobody is left to end it.
                let ended = ended.lock();
                ended.recv().expect_err("nothing is sent");
            })
        };
        // Nobody waits for half of them any more.
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
            // Those that were given up are cancelled.
            let _ = runtime.block_on(asked);
        }
    }
}
