//! Counting and interrupting work.
//!
//! Steps are counted in tests only, which check that a text twice as long takes
//! about twice as many. Otherwise, counting costs nothing.

#[cfg(test)]
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells long work to stop because its result is no longer needed: a newer
/// revision waits for it to end. Clones share their state.
///
/// Interrupted work has no result. [`Interrupt::until_uninterrupted`] starts it again, so that
/// results never depend on timing.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    /// Odd while work should stop.
    turns: Arc<AtomicU64>,
}

/// Work should stop while this value exists.
#[derive(Debug)]
pub struct Raised(Arc<AtomicU64>);

impl Interrupt {
    /// Tells work to stop. There must be at most one caller at a time.
    pub fn raise(&self) -> Raised {
        self.turns.fetch_add(1, Ordering::SeqCst);
        Raised(self.turns.clone())
    }

    /// Whether work should stop.
    pub fn is_raised(&self) -> bool {
        self.turns.load(Ordering::Relaxed) % 2 == 1
    }

    /// Repeats work until it is not interrupted and returns its result.
    /// `interrupted` is called after each interruption and may unwind.
    pub fn until_uninterrupted<T>(&self, work: impl Fn() -> T, interrupted: impl Fn()) -> T {
        loop {
            let before = self.turns.load(Ordering::SeqCst);
            if before.is_multiple_of(2) {
                let result = work();
                if self.turns.load(Ordering::SeqCst) == before {
                    return result;
                }
            }
            interrupted();
            std::thread::yield_now();
        }
    }
}

impl Drop for Raised {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
thread_local! {
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Counts `count` bytes, lines or nodes that are processed.
#[inline(always)]
pub fn step(count: usize) {
    #[cfg(test)]
    STEPS.with(|steps| steps.set(steps.get() + count as u64));
    #[cfg(not(test))]
    let _ = count;
}

/// How many steps `work` takes on this thread.
#[cfg(test)]
pub fn steps_of<T>(work: impl FnOnce() -> T) -> u64 {
    let before = STEPS.with(Cell::get);
    std::hint::black_box(work());
    STEPS.with(Cell::get) - before
}
