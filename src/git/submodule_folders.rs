use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use super::repository::Repository;

/// The folders of submodules, and what is checked out in each.
#[derive(Default)]
pub(super) struct SubmoduleFolders {
    known: Mutex<HashMap<PathBuf, Option<CheckedOut>>>,
}

/// What is checked out in a folder.
struct CheckedOut {
    repository: Repository,
    /// How the repository looked when this was read.
    mark: u64,
    commit: Option<String>,
}

impl SubmoduleFolders {
    /// The commit that is checked out in the folder of a submodule; `None` where
    /// nothing is.
    pub(super) fn commit(&self, folder: &Path) -> Option<String> {
        if fs::symlink_metadata(folder.join(".git")).is_err() {
            // Git would answer for the repository around it.
            return None;
        }
        let mut known = self.known.lock();
        if let Some(Some(found)) = known.get(folder)
            && found.mark == found.repository.mark(&[])
        {
            return found.commit.clone();
        }
        let found = Repository::of(folder).ok().map(|repository| CheckedOut {
            mark: repository.mark(&[]),
            commit: repository.commit("HEAD").ok(),
            repository,
        });
        let commit = found.as_ref().and_then(|found| found.commit.clone());
        known.insert(folder.to_owned(), found);
        commit
    }

    /// The files that say which commits are checked out, as far as they were read.
    pub(super) fn heads(&self) -> Vec<PathBuf> {
        let known = self.known.lock();
        let mut heads: Vec<PathBuf> = known
            .values()
            .flatten()
            .map(|found| found.repository.own.join("HEAD"))
            .collect();
        heads.sort();
        heads
    }
}
