//! Opens the base that a review compares with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, Result};

use crate::config::Environment;
use crate::files::{Archives, Disk, SourcePath};
use crate::git::{Base, BaseFiles, Forge, RepositoryFacts, renames_until};
use crate::serve::OpenReview;
use crate::session::Sites;
use crate::session::review::{BaseSources, Review};
use crate::watch::ChangeBatch;

/// A review with the files of its base.
pub(super) struct Opened {
    pub(super) review: OpenReview,
    /// They know what was read that is not from the commit.
    pub(super) files: Arc<BaseFiles>,
}

/// Compares the sites of a project with a base: a branch, tag or commit, or the usual
/// one. With `head`, another commit is compared instead of the files as they are now.
///
/// # Errors
/// When there is no such base, with the command that fetches it.
pub(super) fn open(
    disk: &Disk,
    sites: &Arc<Sites>,
    environment: &Environment,
    wanted: Option<&str>,
    head: Option<&str>,
) -> Result<Opened> {
    let root = disk.root();
    let base = Base::find_for(root, wanted, head, environment)?;
    let commit = base.commit.clone();
    let files = BaseFiles::new(root, &commit).context("the base cannot be read")?;
    let files = Arc::new(files);
    // Without these, the comparison is the same but for what they are about.
    let mut notes = Vec::new();
    match RepositoryFacts::of(root, &commit) {
        Ok(facts) => notes.extend(facts.notes()),
        Err(why) => notes.push(format!("what limits the comparison is not known: {why}")),
    }
    let until = head.map(|_| base.head.as_str());
    let renames = renames_until(root, &commit, until).unwrap_or_else(|why| {
        notes.push(format!(
            "renamed files are found by their texts only: {why}"
        ));
        BTreeMap::new()
    });
    let forge = Forge::of(root).unwrap_or_else(|why| {
        notes.push(format!(
            "changes are not linked to their lines on the web: {why}"
        ));
        None
    });
    let of = |files| Arc::new(sites.of_other_sources(Arc::new(Archives::new(files))));
    let now = match until {
        Some(head) => {
            let files = BaseFiles::new(root, head);
            of(Arc::new(files.context("the commit cannot be read")?))
        }
        None => sites.clone(),
    };
    let review = Review::new(now, of(files.clone()), renames);
    let review = OpenReview {
        review: review.with_base_sources(Arc::new(OnDisk(files.clone()))),
        title: if base.is_merge_base() {
            format!("the {base}")
        } else {
            base.to_string()
        },
        commit,
        head: base.head,
        notes,
        forge,
    };
    Ok(Opened { review, files })
}

/// What of a base is on disk.
struct OnDisk(Arc<BaseFiles>);

impl BaseSources for OnDisk {
    fn changes(&self, batch: &ChangeBatch) -> Option<ChangeBatch> {
        self.0.changes(batch)
    }

    fn watched(&self) -> BTreeSet<SourcePath> {
        self.0.watched()
    }

    fn notes(&self) -> Vec<String> {
        self.0.notes()
    }
}
