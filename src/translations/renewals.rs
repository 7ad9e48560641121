//! When each passage of a translation was last written.

use std::collections::HashMap;
use std::sync::Arc;

use super::memo::{Memo, Passages};
use super::{BlobId, Edit, TextHistory, VersionCommit};
use crate::align::{Match, Passage, read, versions, words_key};
use crate::files::SourcePath;

/// When a passage was last written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Renewal {
    /// By this commit.
    Commit(Written),
    /// It is not committed yet.
    Now,
    /// Nothing is known.
    Unknown,
}

/// The commit that wrote a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// The commit.
    pub(super) commit: Arc<VersionCommit>,
    /// The text of the translation in that commit, and the place of the passage there.
    pub(super) place: (BlobId, usize),
    /// Whether it may have been written before, in a part of the history that is not here.
    pub(super) is_cut: bool,
    /// The oldest commit that has the same words: what was taken back is as old as it was.
    pub(super) first: Option<First>,
}

/// A commit that has the words of a passage, and whether its parents are not here.
pub(super) type First = (Arc<VersionCommit>, bool);

/// The fewest words of a passage that is known again where something else stood meanwhile.
const KNOWN_AGAIN: usize = 3;

/// When each passage of a translation was last written: by the newest commit that changed
/// its words by more than typos, or added it. Moving it does not count, nor does a commit
/// that writes the file as it was, or changes links.
pub(super) fn renewals(
    history: &dyn TextHistory,
    file: &SourcePath,
    edits: &[Edit],
    now: &[Passage],
    memo: &Memo,
) -> Vec<Renewal> {
    let read = |blob: &Option<BlobId>| -> Option<Passages> {
        memo.passages(history, file, blob.as_ref()?)
    };
    let mut search = Search {
        now,
        found: vec![None; now.len()],
        places: HashMap::new(),
        again: Again::of(now),
    };
    let head = history.head(file);
    if let (Some(text), Some(head)) = (read(&head), head) {
        // What differs from what is committed is being written.
        let places = search.places_in(&text);
        for (place, found) in places.iter().zip(&mut search.found) {
            if place.is_none() {
                *found = Some(Renewal::Now);
            }
        }
        search.places.insert(head, places);
    }
    let same = |one: &Edit, other: &Edit| one.commit.id == other.commit.id && one.new == other.new;
    for edits in edits.chunk_by(same) {
        let edit = &edits[0];
        let (Some(new), Some(blob)) = (read(&edit.new), &edit.new) else {
            continue;
        };
        search.again.look(&new, edit, &search.found);
        if search.found.iter().all(Option::is_some) {
            continue;
        }
        let olds = edits.iter().map(|edit| match &edit.old {
            Some(_) => read(&edit.old),
            None => Some(Passages::default()),
        });
        // A clone without one of these texts: what the commit changed is not known.
        let Some(olds) = olds.collect::<Option<Vec<Passages>>>() else {
            continue;
        };
        search.look(edits, blob, &new, &olds);
    }
    let again = search.again;
    let found = search.found.into_iter().enumerate();
    let renewal = |(nth, found): (usize, Option<Renewal>)| match found {
        Some(Renewal::Commit(mut written)) => {
            let first = again.first[nth].clone();
            written.first = first.filter(|it| it.0.id != written.commit.id);
            Renewal::Commit(written)
        }
        Some(found) => found,
        None => Renewal::Unknown,
    };
    found.map(renewal).collect()
}

struct Search<'p> {
    now: &'p [Passage],
    found: Vec<Option<Renewal>>,
    /// Where each passage is in versions that are known to have it, by the changes that
    /// followed them: it may differ from what it is now by many small changes.
    places: HashMap<BlobId, Vec<Option<usize>>>,
    again: Again,
}

impl Search<'_> {
    fn places_in(&self, text: &[Passage]) -> Vec<Option<usize>> {
        let matches = versions(text, self.now).into_iter();
        let kept = matches.map(|it| it.filter(|it| is_kept(*it)));
        kept.map(|it| Some(it?.old)).collect()
    }

    /// Looks at what a commit did to the text that it made `new`, beside each of its parents.
    fn look(&mut self, edits: &[Edit], blob: &BlobId, new: &[Passage], olds: &[Passages]) {
        if !self.places.contains_key(blob) {
            let places = self.places_in(new);
            self.places.insert(blob.clone(), places);
        }
        let here = self.places.get(blob).cloned().unwrap_or_default();
        let kept: Vec<Vec<Option<Match>>> = olds.iter().map(|old| versions(old, new)).collect();
        let mut before: Vec<Vec<Option<usize>>> = vec![vec![None; self.now.len()]; olds.len()];
        for (nth, place) in here.iter().enumerate() {
            // Other commits made what is not like it is now.
            let Some(place) = *place else {
                continue;
            };
            let mut is_new = true;
            for (kept, before) in kept.iter().zip(&mut before) {
                if let Some(kept) = kept[place].filter(|it| is_kept(*it)) {
                    before[nth] = Some(kept.old);
                    is_new = false;
                }
            }
            if is_new && self.found[nth].is_none() {
                self.found[nth] = Some(Renewal::Commit(Written {
                    commit: edits[0].commit.clone(),
                    place: (blob.clone(), place),
                    is_cut: edits.iter().any(|it| it.is_cut),
                    first: None,
                }));
            }
        }
        for (edit, before) in edits.iter().zip(before) {
            let Some(old) = &edit.old else {
                continue;
            };
            let known = self
                .places
                .entry(old.clone())
                .or_insert_with(|| before.clone());
            for (known, before) in known.iter_mut().zip(before) {
                *known = known.or(before);
            }
        }
    }
}

/// Looks for the words of passages in older versions, also where others stood there meanwhile.
struct Again {
    /// Their places by their words, where no others have the same.
    places: HashMap<u64, Option<usize>>,
    first: Vec<Option<First>>,
}

impl Again {
    fn of(now: &[Passage]) -> Self {
        let mut places: HashMap<u64, Option<usize>> = HashMap::new();
        for (nth, passage) in now.iter().enumerate() {
            let only = |places: &mut Option<usize>| *places = None;
            if read(&passage.text).words.len() >= KNOWN_AGAIN {
                let key = words_key(&passage.text);
                places.entry(key).and_modify(only).or_insert(Some(nth));
            }
        }
        Self {
            places,
            first: vec![None; now.len()],
        }
    }

    /// Notes that a version has the words of passages that were written later.
    fn look(&mut self, text: &[Passage], edit: &Edit, found: &[Option<Renewal>]) {
        if !found
            .iter()
            .any(|it| matches!(it, Some(Renewal::Commit(_))))
        {
            return;
        }
        for passage in text {
            let place = self.places.get(&words_key(&passage.text));
            if let Some(Some(nth)) = place
                && matches!(found[*nth], Some(Renewal::Commit(_)))
            {
                self.first[*nth] = Some((edit.commit.clone(), edit.is_cut));
            }
        }
    }
}

/// Whether a passage says the same as before.
fn is_kept(found: Match) -> bool {
    !found.rewords
}
