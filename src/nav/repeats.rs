use std::collections::BTreeMap;

use crate::files::SourcePath;

/// The reading order of a nav in which some pages occur several times; empty for others.
/// As in MkDocs, the neighbours of such a page are those of its last occurrence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repeats {
    /// The indices of all pages.
    places: Vec<usize>,
    /// The index among them of the last occurrence of each source.
    last: BTreeMap<SourcePath, usize>,
}

impl Repeats {
    /// The order of these pages.
    pub fn of(pages: impl IntoIterator<Item = (SourcePath, usize)>) -> Self {
        let mut repeats = Self::default();
        for (source, place) in pages {
            repeats.push(source, place);
        }
        repeats
    }

    /// Whether no page occurs several times.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The indices of all pages.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// Adds a page at the end.
    pub fn push(&mut self, source: SourcePath, place: usize) {
        self.last.insert(source, self.places.len());
        self.places.push(place);
    }

    /// The indices of the pages before and after a page.
    pub fn neighbours(&self, source: &SourcePath) -> (Option<usize>, Option<usize>) {
        let Some(&at) = self.last.get(source) else {
            return (None, None);
        };
        let previous = at.checked_sub(1).map(|at| self.places[at]);
        (previous, self.places.get(at + 1).copied())
    }
}
