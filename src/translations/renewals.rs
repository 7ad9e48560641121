//! When each passage of a translation was last written.

use std::collections::HashMap;
use std::sync::Arc;

use super::memo::{Memo, Passages};
use super::{BlobId, Edit, TextHistory, VersionCommit};
use crate::align::{Degree, Match, Passage, versions};
use crate::files::SourcePath;

/// When a passage was last written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Renewal {
    /// By this commit.
    Commit(Arc<VersionCommit>),
    /// It is not committed yet.
    Now,
    /// Nothing is known.
    Unknown,
}

/// When each passage of a translation was last written: by the newest commit that changed
/// its words by more than typos, or added it. Moving it does not count, nor does a commit
/// that writes the file as it was.
pub(super) fn renewals(
    history: &dyn TextHistory,
    file: &SourcePath,
    edits: &[Edit],
    now: &[Passage],
    memo: &Memo,
) -> Vec<Renewal> {
    let mut found: Vec<Option<Renewal>> = vec![None; now.len()];
    // Where each passage is in versions that are known to have it, by the changes that
    // followed them: it may differ from what it is now by many small changes.
    let mut places: HashMap<BlobId, Vec<Option<usize>>> = HashMap::new();
    let read = |blob: &Option<BlobId>| -> Option<Passages> {
        memo.passages(history, file, blob.as_ref()?)
    };
    for (nth, edit) in edits.iter().enumerate() {
        if found.iter().all(Option::is_some) {
            break;
        }
        let (Some(new), Some(blob)) = (read(&edit.new), &edit.new) else {
            continue;
        };
        if !places.contains_key(blob) || nth == 0 {
            let to_now = versions(&new, now);
            if nth == 0 {
                // What differs from the newest version is being written.
                for (passage, found) in to_now.iter().zip(&mut found) {
                    if !passage.is_some_and(is_small) {
                        *found = Some(Renewal::Now);
                    }
                }
            }
            let small = to_now.into_iter().map(|it| it.filter(|it| is_small(*it)));
            places.insert(blob.clone(), small.map(|it| Some(it?.old)).collect());
        }
        let old = match &edit.old {
            Some(_) => match read(&edit.old) {
                Some(old) => old,
                // A clone without that text: what it changed is not known.
                None => continue,
            },
            None => Passages::default(),
        };
        let from_old = versions(&old, &new);
        let here = places.get(blob).cloned().unwrap_or_default();
        let mut before: Vec<Option<usize>> = vec![None; now.len()];
        for ((place, found), before) in here.iter().zip(&mut found).zip(&mut before) {
            // Other commits made what is not like it is now.
            let Some(place) = place else {
                continue;
            };
            match from_old[*place].filter(|it| is_small(*it)) {
                Some(kept) => *before = Some(kept.old),
                None if found.is_none() => {
                    *found = Some(Renewal::Commit(edit.commit.clone()));
                }
                None => {}
            }
        }
        if let Some(old) = &edit.old {
            let known = places.entry(old.clone()).or_insert_with(|| before.clone());
            for (known, before) in known.iter_mut().zip(before) {
                *known = known.or(before);
            }
        }
    }
    let found = found.into_iter();
    found.map(|it| it.unwrap_or(Renewal::Unknown)).collect()
}

/// Whether a passage says the same as before.
fn is_small(found: Match) -> bool {
    found.degree < Degree::Changed
}
