//! Generic blocks that are open.

use std::collections::BTreeMap;

use crate::work::step;

/// The blocks around a line, by the number of their slashes.
#[derive(Default)]
pub(super) struct Open {
    slashes: Vec<usize>,
    /// How many are open of each length. This tells an end without a beginning
    /// without looking at all of them.
    counts: BTreeMap<usize, usize>,
}

impl Open {
    pub(super) fn is_empty(&self) -> bool {
        self.slashes.is_empty()
    }

    pub(super) fn push(&mut self, slashes: usize) {
        self.slashes.push(slashes);
        *self.counts.entry(slashes).or_default() += 1;
    }

    /// Closes the innermost block of that length and all inside it, if there is
    /// one.
    pub(super) fn close(&mut self, slashes: usize) {
        if self.counts.get(&slashes).is_none_or(|count| *count == 0) {
            return;
        }
        while let Some(open) = self.slashes.pop() {
            step(1);
            if let Some(count) = self.counts.get_mut(&open) {
                *count -= 1;
            }
            if open == slashes {
                break;
            }
        }
    }
}
