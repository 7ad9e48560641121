//! Where the parts of a query are.

use std::collections::BTreeSet;

use super::corpus::Group;
use super::page_words::IMPACTS;

/// Where a part of the query was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Term {
    /// Sections, counted through all pages, and how much it counts in each.
    pub(super) places: Vec<(u32, u32)>,
    /// On how many pages it is, if that is more than those of `places`.
    pub(super) pages: u32,
    /// Whether it is in more places.
    pub(super) is_cut: bool,
    /// What was found, folded.
    pub(super) words: BTreeSet<String>,
    /// How it may go on.
    pub(super) completion: Option<String>,
}

/// All groups as one term.
pub(super) fn together(groups: Vec<Group>) -> Term {
    let mut term = Term::default();
    for group in groups {
        let places = group.places.iter();
        let places = places.map(|(at, rank)| (*at, IMPACTS[usize::from(*rank)]));
        let of_group = Term {
            places: places.collect(),
            pages: if group.is_cut { group.pages } else { 0 },
            is_cut: group.is_cut,
            words: group.forms.into_iter().collect(),
            completion: None,
        };
        term.add(of_group, 1, 1);
    }
    term
}

impl Term {
    /// Adds places where it counts `part` of `whole` as much.
    pub(super) fn add(&mut self, other: Term, part: u32, whole: u32) {
        let mut places = Vec::with_capacity(self.places.len() + other.places.len());
        let mut own = self.places.iter().copied().peekable();
        let theirs = other.places.into_iter();
        for (at, impact) in theirs.map(|(at, impact)| (at, impact * part / whole)) {
            while let Some(before) = own.next_if(|(it, _)| *it < at) {
                places.push(before);
            }
            let same = own.next_if(|(it, _)| *it == at);
            places.push((at, same.map_or(impact, |(_, it)| it.max(impact))));
        }
        places.extend(own);
        self.places = places;
        self.pages = self.pages.max(other.pages);
        self.is_cut |= other.is_cut;
        self.words.extend(other.words);
        self.completion = self.completion.take().or(other.completion);
    }

    /// Where both are in one section. Where a term is cut, the other one decides.
    pub(super) fn and(&self, other: &Term) -> Term {
        let mut places = Vec::new();
        let mut theirs = other.places.iter().copied().peekable();
        for (at, impact) in self.places.iter().copied() {
            while let Some(before) = theirs.next_if(|(it, _)| *it < at) {
                if self.is_cut && !other.is_cut {
                    places.push(before);
                }
            }
            if let Some((_, other)) = theirs.next_if(|(it, _)| *it == at) {
                places.push((at, impact.min(other)));
            } else if other.is_cut && !self.is_cut {
                places.push((at, impact));
            }
        }
        if self.is_cut && !other.is_cut {
            places.extend(theirs);
        }
        Term {
            places,
            pages: 0,
            is_cut: self.is_cut && other.is_cut,
            words: self.words.union(&other.words).cloned().collect(),
            completion: other.completion.clone(),
        }
    }
}
