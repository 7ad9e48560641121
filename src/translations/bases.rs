//! Which versions of a source the passages of its translation were made from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::markers::source_commit;
use super::memo::Memo;
use super::renewals::{Renewal, Written, renewals};
use super::since::SourceHistory;
use super::{BlobId, Edit, NoHistory, PageTexts, SourceVersion, TextHistory, VersionCommit};
use crate::align::{Pair, Passage, align};
use crate::files::SourcePath;

/// What the history knows.
pub(super) struct Known<'t> {
    pub(super) source: SourceHistory<'t>,
    pub(super) source_edits: Vec<Edit>,
    renewals: Vec<Renewal>,
    /// The source by the commits that wrote passages of the translation.
    bases: BTreeMap<String, Option<SourceVersion>>,
    /// The source that the translation itself says to be made from.
    marked: Option<SourceVersion>,
    history: &'t dyn TextHistory,
    translation: &'t SourcePath,
    /// What was computed of the versions of the translation.
    own: Memo,
}

impl<'t> Known<'t> {
    pub(super) fn new(
        page: &'t PageTexts<'t>,
        history: &'t dyn TextHistory,
        memo: &'t Memo,
        source: &'t [Passage],
        translation: &[Passage],
    ) -> Result<Self, NoHistory> {
        let source_edits = history.edits(page.source)?;
        let edits = history.edits(page.translation)?;
        // Of the translation nothing is kept: no other page has its versions.
        let own = Memo::default();
        let renewals = renewals(history, page.translation, &edits, translation, &own);
        let mut commits: Vec<Arc<VersionCommit>> = Vec::new();
        for renewal in &renewals {
            let Renewal::Commit(written) = renewal else {
                continue;
            };
            let first = written.first.as_ref().map(|first| &first.0);
            for commit in [&written.commit].into_iter().chain(first) {
                if !commits.iter().any(|it| it.id == commit.id) {
                    commits.push(commit.clone());
                }
            }
        }
        let versions = history.sources(page.source, page.translation, &commits);
        let names = commits.iter().map(|it| it.id.clone());
        let marked = match source_commit(page.text) {
            Some(commit) => {
                let version = history.source_at(page.source, &commit);
                let lacks = || {
                    let why = "the translation names the commit of its source, but there is none with the name";
                    NoHistory(format!("{why} `{commit}`"))
                };
                Some(version.ok_or_else(lacks)?)
            }
            None => None,
        };
        Ok(Self {
            source: SourceHistory {
                history,
                file: page.source,
                edits: &[],
                now: source,
                memo,
            },
            source_edits,
            renewals,
            bases: names.zip(versions).collect(),
            marked,
            history,
            translation: page.translation,
            own,
        })
    }

    fn version(&self, commit: &VersionCommit) -> Option<&SourceVersion> {
        self.bases.get(&commit.id)?.as_ref()
    }

    /// The version of the source that a passage was translated from; it belongs to these
    /// passages of the source as it is now.
    pub(super) fn base(&self, passage: usize, pairs: &[&Pair]) -> Base<'_> {
        if let Some(marked) = &self.marked {
            return Base::At(marked, false);
        }
        let written = match &self.renewals[passage] {
            Renewal::Now => return Base::Now,
            Renewal::Unknown => return Base::Unknown,
            Renewal::Commit(written) => written,
        };
        // Words that were there before, and came back, were translated from what the source
        // said then, if it had the passage.
        let first = written.first.as_ref();
        let first = first.and_then(|(commit, is_cut)| Some((self.version(commit)?, *is_cut)));
        let first = first.filter(|(version, _)| {
            let said = |pair: &&Pair| {
                let blob = version.text.as_ref();
                blob.and_then(|blob| self.source.text_at(blob, pair.source)?)
            };
            pairs.iter().all(|pair| said(pair).is_some())
        });
        if let Some((version, is_cut)) = first {
            return Base::At(version, is_cut);
        }
        match self.version(&written.commit) {
            Some(version) => Base::At(version, written.is_cut),
            None => Base::Unknown,
        }
    }

    /// Which passages of the source as it is now those of the translation belong to, as far as
    /// it follows from those of which they were written.
    pub(super) fn hints(&self) -> Vec<(usize, usize)> {
        let mut hints = Vec::new();
        let mut looked: Vec<(&BlobId, &BlobId)> = Vec::new();
        for renewal in &self.renewals {
            let Renewal::Commit(Written { commit, place, .. }) = renewal else {
                continue;
            };
            let blob = self.version(commit).and_then(|it| it.text.as_ref());
            let Some(blob) = blob.filter(|blob| !looked.contains(&(blob, &place.0))) else {
                continue;
            };
            looked.push((blob, &place.0));
            self.hints_of(blob, &place.0, &mut hints);
        }
        hints
    }

    /// The same for those that were written as they are in a version of the translation.
    fn hints_of(
        &self,
        source: &BlobId,
        own: &BlobId,
        hints: &mut Vec<(usize, usize)>,
    ) -> Option<()> {
        let then = self.source.passages(source)?;
        let matches = self.source.matches(source, &then);
        let has_order = then.len() == matches.len() && { matches.iter().enumerate() }
            .all(|(nth, it)| it.is_some_and(|it| it.old == nth));
        if has_order {
            // What is there belongs together as it did.
            return None;
        }
        let translation = self.own.passages(self.history, self.translation, own)?;
        let alignment = align(&then, &translation);
        let mut is_now: Vec<Option<usize>> = vec![None; then.len()];
        for (now, was) in matches.iter().enumerate() {
            if let Some(was) = was {
                is_now[was.old] = Some(now);
            }
        }
        for (nth, renewal) in self.renewals.iter().enumerate() {
            let Renewal::Commit(Written { commit, place, .. }) = renewal else {
                continue;
            };
            let blob = self.version(commit).and_then(|it| it.text.as_ref());
            if blob == Some(source) && place.0 == *own {
                let pairs = alignment.sources(place.1);
                hints.extend(pairs.filter_map(|pair| Some((is_now[pair.source]?, nth))));
            }
        }
        Some(())
    }
}

/// The version of the source that a passage was translated from.
pub(super) enum Base<'k> {
    /// This one; whether it may also be an older one, which the clone does not have.
    At(&'k SourceVersion, bool),
    Now,
    Unknown,
}
