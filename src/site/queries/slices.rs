//! Long lists in slices, so that a query of the whole list need not look into those
//! of its parts in which nothing has changed.

use crate::site::Db;

/// How many pages or outputs a slice has. After a save, most slices are not looked
/// into.
pub(super) const SLICE: usize = 128;

/// A number of neighbours in a list, as a query key.
#[salsa::interned(revisions = usize::MAX)]
pub(super) struct Slice<'db> {
    #[returns(copy)]
    nth: usize,
}

impl Slice<'_> {
    /// The part of a list; empty beyond its end.
    pub(super) fn of<'l, T>(self, db: &dyn Db, list: &'l [T]) -> &'l [T] {
        list.chunks(SLICE).nth(self.nth(db)).unwrap_or_default()
    }
}
