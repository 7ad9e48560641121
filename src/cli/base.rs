//! Opens the base that a review compares with.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context as _, Result};

use crate::config::Environment;
use crate::files::{Archives, Disk};
use crate::git::{Base, BaseFiles, Forge, RepositoryFacts, renames};
use crate::serve::OpenReview;
use crate::session::Sites;
use crate::session::review::Review;

/// Compares the sites of a project with a base: a branch, tag or commit, or the usual
/// one.
///
/// # Errors
/// When there is no such base, with the command that fetches it.
pub(super) fn open(
    disk: &Disk,
    sites: &Arc<Sites>,
    environment: &Environment,
    wanted: Option<&str>,
) -> Result<OpenReview> {
    let root = disk.root();
    let base = Base::find(root, wanted, environment)?;
    let commit = base.commit.clone();
    let files = BaseFiles::new(root, &commit).context("the base cannot be read")?;
    // Without these, the comparison is the same but for what they are about.
    let mut notes = Vec::new();
    match RepositoryFacts::of(root, &commit) {
        Ok(facts) => notes.extend(facts.notes()),
        Err(why) => notes.push(format!("what limits the comparison is not known: {why}")),
    }
    let renames = renames(root, &commit).unwrap_or_else(|why| {
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
    let before = Arc::new(sites.of_other_sources(Arc::new(Archives::new(Arc::new(files)))));
    Ok(OpenReview {
        review: Review::new(sites.clone(), before, renames),
        title: if base.is_merge_base() {
            format!("the {base}")
        } else {
            base.to_string()
        },
        commit,
        head: base.head,
        notes,
        forge,
    })
}
