//! Since when the source of a passage says something else.

use std::sync::Arc;

use super::memo::{Matches, Memo, Passages};
use super::{BlobId, Edit, SourceVersion, TextHistory, VersionCommit};
use crate::align::{Degree, Passage, compare_passages};
use crate::files::SourcePath;

/// The history of a source, seen from how it is now.
pub(super) struct SourceHistory<'h> {
    pub(super) history: &'h dyn TextHistory,
    pub(super) file: &'h SourcePath,
    /// What commits did to it, the newest first.
    pub(super) edits: &'h [Edit],
    /// Its passages now.
    pub(super) now: &'h [Passage],
    pub(super) memo: &'h Memo,
}

impl SourceHistory<'_> {
    /// The passages of a version.
    pub(super) fn passages(&self, blob: &BlobId) -> Option<Passages> {
        self.memo.passages(self.history, self.file, blob)
    }

    /// What its passages now were in a version that has the passages `old`.
    pub(super) fn matches(&self, blob: &BlobId, old: &[Passage]) -> Matches {
        self.memo.source_matches(blob, old, self.now)
    }

    /// What a passage was in a version; `None` where it was not there.
    pub(super) fn text_at(&self, blob: &BlobId, passage: usize) -> Option<Option<Passage>> {
        let old = self.passages(blob)?;
        let matches = self.matches(blob, &old);
        let found = matches.get(passage).copied().flatten();
        Some(found.map(|it| old[it.old].clone()))
    }

    /// The first commit after `base` since which a passage differs by `least` or more from
    /// what it said there; `None` where only the text that is not committed does.
    pub(super) fn first_change(
        &self,
        base: &SourceVersion,
        passage: usize,
        least: Degree,
    ) -> Option<Arc<VersionCommit>> {
        let said = base
            .text
            .as_ref()
            .and_then(|blob| self.text_at(blob, passage))
            .flatten();
        let missed = match &base.text {
            Some(blob) => {
                let at = |edit: &Edit| edit.new.as_ref() == Some(blob);
                let is_later = |edit: &Edit| edit.commit.committed > base.commit.committed;
                match self.edits.iter().position(at) {
                    Some(at) => &self.edits[..at],
                    None => {
                        let at = self.edits.iter().position(|it| !is_later(it));
                        &self.edits[..at.unwrap_or(self.edits.len())]
                    }
                }
            }
            None => self.edits,
        };
        let differs = |edit: &&Edit| {
            let Some(blob) = &edit.new else {
                return false;
            };
            let Some(text) = self.text_at(blob, passage) else {
                return false;
            };
            match (&said, text) {
                (Some(said), Some(text)) => compare_passages(said, &text).degree >= least,
                (None, Some(_)) => true,
                (Some(_) | None, None) => false,
            }
        };
        // The newest run of versions that differ: a change that was taken back is none.
        let mut first = None;
        for edit in missed {
            if !differs(&edit) {
                break;
            }
            first = Some(edit.commit.clone());
        }
        first.or_else(|| {
            missed
                .iter()
                .rev()
                .find(differs)
                .map(|it| it.commit.clone())
        })
    }
}
