//! Steps, counted in tests alone: a text twice as long may take about twice as
//! many. Nothing is counted, and nothing paid, in a program.

#[cfg(test)]
use std::cell::Cell;

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
