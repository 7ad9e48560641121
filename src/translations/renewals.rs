//! When each passage of a translation was last written.

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
    let read = |blob: &Option<BlobId>| -> Option<Passages> {
        memo.passages(history, file, blob.as_ref()?)
    };
    for (nth, edit) in edits.iter().enumerate() {
        if found.iter().all(Option::is_some) {
            break;
        }
        let Some(new) = read(&edit.new) else {
            continue;
        };
        let to_now = versions(&new, now);
        if nth == 0 {
            // What differs from the newest version is being written.
            for (passage, found) in to_now.iter().zip(&mut found) {
                if !passage.is_some_and(is_small) {
                    *found = Some(Renewal::Now);
                }
            }
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
        for (passage, found) in to_now.iter().zip(&mut found) {
            // Other commits made what is not like it is now.
            let Some(here) = passage.filter(|it| is_small(*it)) else {
                continue;
            };
            let is_kept = from_old[here.old].is_some_and(is_small);
            if found.is_none() && !is_kept {
                *found = Some(Renewal::Commit(edit.commit.clone()));
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
