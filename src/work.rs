//! How much work there is, and when it is no longer wanted.
//!
//! Steps are counted in tests alone: a text twice as long may take about twice
//! as many. Nothing is counted, and nothing paid, in a program.

#[cfg(test)]
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells long work that what it makes is not wanted any more, for a newer
/// revision waits for it to end. Clones tell the same.
///
/// Work that is interrupted has no result: [`Interrupt::settled`] begins it
/// anew, so that time never decides what there is in the end.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    /// Odd while work is to end.
    turns: Arc<AtomicU64>,
}

/// Work is to end for as long as this lives.
#[derive(Debug)]
pub struct Raised(Arc<AtomicU64>);

impl Interrupt {
    /// Tells work to end. There is one at a time that does.
    pub fn raise(&self) -> Raised {
        self.turns.fetch_add(1, Ordering::SeqCst);
        Raised(self.turns.clone())
    }

    /// Whether work is to end.
    pub fn is_raised(&self) -> bool {
        self.turns.load(Ordering::Relaxed) % 2 == 1
    }

    /// What work gives that was not interrupted. `ended` is called each time
    /// that it was, and may leave by unwinding.
    pub fn settled<T>(&self, work: impl Fn() -> T, ended: impl Fn()) -> T {
        loop {
            let before = self.turns.load(Ordering::SeqCst);
            if before.is_multiple_of(2) {
                let made = work();
                if self.turns.load(Ordering::SeqCst) == before {
                    return made;
                }
            }
            ended();
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

/// Says that `count` bytes, lines or nodes are looked at.
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
