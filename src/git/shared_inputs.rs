use std::collections::{BTreeMap, BTreeSet};

use parking_lot::Mutex;

use super::remotes::quoted;
use crate::files::SourcePath;

/// What the base of a review was made from besides its commit, to be said to
/// reviewers.
#[derive(Debug, Default)]
pub(super) struct SharedInputs {
    files: Mutex<BTreeMap<Reason, BTreeSet<SourcePath>>>,
}

/// Why a file is not that of the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    /// Git ignores it.
    Ignored,
    /// It lies outside of the repository.
    Outside,
    /// It is in a submodule, which is at the same commit now.
    Submodule,
    /// It is in a submodule, which is at another commit now, and so is not there.
    OtherSubmodule,
    /// Git LFS has it elsewhere, and so only its pointer is there.
    NotFetched,
}

impl SharedInputs {
    /// Notes that a file was read, or is not there.
    pub(super) fn add(&self, reason: Reason, path: &SourcePath) {
        let mut files = self.files.lock();
        let known = files.entry(reason).or_default();
        if !known.contains(path) {
            known.insert(path.clone());
        }
    }

    /// The files with a reason.
    pub(super) fn files(&self, reason: Reason) -> BTreeSet<SourcePath> {
        self.files.lock().get(&reason).cloned().unwrap_or_default()
    }

    /// All of this in sentences; `commit` is the base.
    pub(super) fn notes(&self, commit: &str, remote: Option<&str>) -> Vec<String> {
        let files = self.files.lock();
        let note = |(reason, files): (&Reason, &BTreeSet<SourcePath>)| {
            let first = files.first()?;
            let count = files.len();
            let such = |one: &str, many: &str| match count {
                1 => format!("`{first}` {one}"),
                _ => format!("{count} {many}, such as `{first}`"),
            };
            Some(match reason {
                Reason::Ignored => such(
                    "is ignored by git, so it is taken to be the same on both sides.",
                    "files that git ignores are taken to be the same on both sides",
                ),
                Reason::Outside => such(
                    "is outside of the repository, so it is taken to be the same on both sides.",
                    "files outside of the repository are taken to be the same on both sides",
                ),
                Reason::Submodule => such(
                    "is in a submodule that is at the same commit on both sides.",
                    "files are in submodules that are at the same commits on both sides",
                ),
                Reason::OtherSubmodule => such(
                    "is a submodule that is at another commit now: the base is shown without its \
                     files.",
                    "submodules are at other commits now: the base is shown without their files",
                ),
                Reason::NotFetched => {
                    let fetch = format!(
                        "run `git lfs fetch {} {commit}`",
                        quoted(remote.unwrap_or("origin"))
                    );
                    match count {
                        1 => format!(
                            "`{first}` is stored by Git LFS, and this clone does not have what it \
                             was in the base: {fetch}."
                        ),
                        _ => format!(
                            "{count} files are stored by Git LFS, and this clone does not have \
                             what they were in the base, such as `{first}`: {fetch}."
                        ),
                    }
                }
            })
        };
        let notes = files.iter().filter_map(note);
        notes
            .map(|note| {
                if note.ends_with('.') {
                    note
                } else {
                    note + "."
                }
            })
            .collect()
    }
}
