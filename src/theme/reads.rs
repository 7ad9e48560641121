//! What a part of a template reads of the page for which it is rendered.
//!
//! Two pages give a macro the same output if it reads nothing of them in which they
//! differ. So everything that differs among pages is read through a [`View`], which
//! notes it here while a part is recorded:
//!
//! * An item of the nav differs for the page that it leads to, and for the pages below
//!   it (`active`, `item == page`).
//! * A relative address differs among pages of one folder only if it leads to one of
//!   them, or below it.
//! * Everything else of the page (its title, its contents, ..) is its own.
//!
//! [`View`]: super::view::View

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

/// What a part of a template has read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reads {
    /// The items of the nav, as ranges in order.
    items: Vec<Range<usize>>,
    /// The names, in the folder that holds the page's folder, of what was linked.
    neighbours: BTreeSet<Box<str>>,
    /// Whether it has read something that only one page has.
    is_own: bool,
}

impl Reads {
    /// Whether it has read something that only one page has.
    pub(super) fn is_own(&self) -> bool {
        self.is_own
    }

    /// Whether an item was read.
    pub(super) fn has_item(&self, place: usize) -> bool {
        let after = self.items.partition_point(|range| range.end <= place);
        self.items.get(after).is_some_and(|it| it.start <= place)
    }

    /// Whether something in this folder was linked.
    pub(super) fn has_neighbour(&self, name: &str) -> bool {
        self.neighbours.contains(name)
    }

    fn add_items(&mut self, added: Range<usize>) {
        // Most templates read items in order, and each of them several times.
        if let Some(last) = self.items.last_mut()
            && last.start <= added.start
            && added.start <= last.end
        {
            last.end = last.end.max(added.end);
            return;
        }
        let from = self.items.partition_point(|it| it.end < added.start);
        let to = self.items.partition_point(|it| it.start <= added.end);
        let mut joined = added;
        for range in &self.items[from..to] {
            joined.start = joined.start.min(range.start);
            joined.end = joined.end.max(range.end);
        }
        self.items.splice(from..to, [joined]);
    }

    /// Adds what a part of this part has read.
    pub(super) fn add(&mut self, part: &Self) {
        self.is_own |= part.is_own;
        if self.is_own {
            return;
        }
        for range in &part.items {
            self.add_items(range.clone());
        }
        let neighbours = part.neighbours.iter();
        self.neighbours.extend(neighbours.cloned());
    }
}

/// Notes what is read while parts of a template are recorded.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    is_on: AtomicBool,
    /// What each of the parts that are being recorded has read, innermost last.
    parts: Mutex<Vec<Reads>>,
}

impl Recorder {
    /// Begins a part, in the part that has begun last.
    pub(super) fn begin(&self) {
        self.parts.lock().push(Reads::default());
        self.is_on.store(true, Ordering::Relaxed);
    }

    /// Ends the part that has begun last. What it has read, the part around it has
    /// read too.
    pub(super) fn end(&self) -> Reads {
        let mut parts = self.parts.lock();
        let reads = parts.pop().unwrap_or_default();
        match parts.last_mut() {
            Some(around) => around.add(&reads),
            None => self.is_on.store(false, Ordering::Relaxed),
        }
        reads
    }

    /// Whether a part is being recorded.
    pub(super) fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    fn note(&self, note: impl FnOnce(&mut Reads)) {
        if !self.is_on() {
            return;
        }
        if let Some(part) = self.parts.lock().last_mut()
            && !part.is_own
        {
            note(part);
        }
    }

    /// Notes that something was read that only this page has.
    pub(super) fn note_own(&self) {
        self.note(|part| part.is_own = true);
    }

    /// Notes that an item of the nav was read which is neither the page's nor around
    /// it.
    pub(super) fn note_item(&self, place: usize) {
        self.note(|part| part.add_items(place..place + 1));
    }

    /// Notes that something in this folder was linked.
    pub(super) fn note_neighbour(&self, name: &str) {
        self.note(|part| {
            if !part.neighbours.contains(name) {
                part.neighbours.insert(name.into());
            }
        });
    }

    /// Notes what a part had read whose output is used again.
    pub(super) fn note_part(&self, reads: &Reads) {
        self.note(|part| part.add(reads));
    }
}

#[cfg(test)]
mod tests {
    use super::Reads;

    #[test]
    fn ranges_hold_what_was_added() {
        let orders: [&[usize]; 5] = [
            &[1, 2, 3, 9, 5],
            &[9, 5, 3, 2, 1],
            &[3, 3, 1, 9, 5, 2],
            &[5, 1, 9, 2, 3, 1],
            &[2, 9, 1, 3, 5],
        ];
        for order in orders {
            let mut reads = Reads::default();
            for place in order {
                reads.add_items(*place..*place + 1);
            }
            assert_eq!(reads.items, [1..4, 5..6, 9..10], "{order:?}");
            for place in 0..12 {
                assert_eq!(reads.has_item(place), order.contains(&place));
            }
        }
    }
}
