use std::path::Path;

use super::base::Base;
use super::command::{Failure, ask};
use super::repository::Repository;

/// The most names of each kind.
const MOST: usize = 200;

/// The names that a review can be compared with, those of the newest commits first.
/// Git understands each of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The branches of this clone.
    pub branches: Vec<String>,
    /// The branches of its remotes, as they were last fetched.
    pub remote_branches: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Whether there are more, which are left out.
    pub has_more: bool,
}

impl Base {
    /// The branches and tags of the project at `root` from which a base can be chosen,
    /// at most 200 of each kind.
    ///
    /// # Errors
    /// When git fails, or there is no repository.
    pub fn candidates(root: &Path) -> Result<Candidates, Failure> {
        let top = Repository::of(root)?.top;
        let mut has_more = false;
        let mut names = |folder: &str| -> Result<Vec<String>, Failure> {
            let printed = list(&top, folder, "--sort=-creatordate")
                // The clone may not have the commit of each.
                .or_else(|_| list(&top, folder, "--sort=-version:refname"))?;
            let printed = String::from_utf8_lossy(&printed);
            let lines = printed.lines().filter_map(|line| line.split_once(' '));
            // `origin/HEAD` is another name for one of the others.
            let mut names: Vec<String> = lines
                .filter(|(target, _)| *target == "=")
                .map(|(_, name)| name.to_owned())
                .collect();
            has_more |= names.len() > MOST;
            names.truncate(MOST);
            Ok(names)
        };
        Ok(Candidates {
            branches: names("refs/heads")?,
            remote_branches: names("refs/remotes")?,
            tags: names("refs/tags")?,
            has_more,
        })
    }
}

/// Lists names: for each `=`, then the target if it is only another name for that,
/// a space, and the shortest form of the name that is not ambiguous.
fn list(top: &Path, folder: &str, order: &str) -> Result<Vec<u8>, Failure> {
    // Some may be left out: one for each remote.
    let count = format!("--count={}", MOST + 50);
    let format = "--format==%(symref) %(refname:short)";
    ask(top, ["for-each-ref", order, &count, format, folder])
}
