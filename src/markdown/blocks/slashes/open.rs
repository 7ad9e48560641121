use std::collections::BTreeMap;

use crate::work::step;

/// The blocks that a line lies in, by how many slashes they have.
#[derive(Default)]
pub(super) struct Open {
    slashes: Vec<usize>,
    /// How many of each length are open, so that an end without a beginning
    /// is known as one without looking at all that is open.
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

    /// Closes the innermost of that length and all within it, if there is one.
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
