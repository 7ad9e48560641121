//! Elements that are open.

use std::collections::BTreeMap;

use crate::work::step;

/// The names of the elements that are open, outermost first.
#[derive(Default)]
pub struct OpenElements<'a> {
    open: Vec<&'a str>,
    /// How many of each name are open.
    counts: BTreeMap<&'a str, usize>,
}

impl<'a> OpenElements<'a> {
    /// Whether none is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether an element of that name is open.
    pub fn has(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|count| *count > 0)
    }

    /// Opens an element.
    pub fn push(&mut self, name: &'a str) {
        self.open.push(name);
        *self.counts.entry(name).or_default() += 1;
    }

    /// Closes the innermost element of that name and all inside it, if there is
    /// one.
    pub fn close(&mut self, name: &str) {
        if !self.has(name) {
            return;
        }
        while let Some(open) = self.open.pop() {
            step(1);
            if let Some(count) = self.counts.get_mut(open) {
                *count -= 1;
            }
            if open == name {
                break;
            }
        }
    }

    /// Forgets all open elements.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
