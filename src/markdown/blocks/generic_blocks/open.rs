//! Generic blocks that are open.

use std::collections::BTreeMap;

use crate::work::step;

/// The blocks around a line, by the number of their slashes.
#[derive(Default)]
pub(super) struct Open {
    generic_blocks: Vec<usize>,
    /// How many are open of each length. This tells an end without a beginning
    /// without looking at all of them.
    counts: BTreeMap<usize, usize>,
}

impl Open {
    pub(super) fn is_empty(&self) -> bool {
        self.generic_blocks.is_empty()
    }

    pub(super) fn push(&mut self, generic_blocks: usize) {
        self.generic_blocks.push(generic_blocks);
        *self.counts.entry(generic_blocks).or_default() += 1;
    }

    /// Closes the innermost block of that length and all inside it, if there is
    /// one.
    pub(super) fn close(&mut self, generic_blocks: usize) {
        if self
            .counts
            .get(&generic_blocks)
            .is_none_or(|count| *count == 0)
        {
            return;
        }
        while let Some(open) = self.generic_blocks.pop() {
            step(1);
            if let Some(count) = self.counts.get_mut(&open) {
                *count -= 1;
            }
            if open == generic_blocks {
                break;
            }
        }
    }
}
