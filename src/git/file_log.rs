//! What the commits of a repository did to its files.

use std::collections::HashMap;
use std::sync::Arc;

use super::command::{Failure, ask};
use super::kept_log::KeptLogs;
use super::repository::Repository;
use crate::translations::{BlobId, Edit, VersionCommit};

/// The log of a repository, from its `HEAD`.
#[derive(Debug, Default)]
pub(super) struct FileLog {
    /// All commits, those of children before those of their parents.
    commits: Vec<Arc<VersionCommit>>,
    /// The positions of those that are reached by first parents alone.
    first_parents: Vec<usize>,
    /// What was done to each path, with the position of the commit.
    files: HashMap<String, Vec<(usize, FileEdit)>>,
}

#[derive(Debug)]
struct FileEdit {
    edit: Edit,
    /// The path that the file had before.
    from: Option<String>,
}

/// The name of no object.
const NONE: &str = "0000000000";

impl FileLog {
    /// Reads the log of a repository, or what was kept of it. Files of commits with several parents
    /// are not listed: what they merge was done by others. `mark` is that of its history.
    ///
    /// # Errors
    /// When git fails, as it does where nothing is committed.
    pub(super) fn read(
        repository: &Repository,
        mark: u64,
        kept: Option<&KeptLogs>,
    ) -> Result<Self, Failure> {
        let known = kept.and_then(|kept| kept.get(repository, mark));
        if let Some(printed) = known {
            return Ok(Self::parse(&printed));
        }
        let log = |renames: &str| {
            let flags = [
                "log",
                "--full-history",
                "--topo-order",
                "--raw",
                "--no-abbrev",
                renames,
                "-l1000",
                "-z",
                "-O/dev/null",
                "--no-color",
                "--no-ext-diff",
                "--no-textconv",
                "--no-relative",
                "--ignore-submodules=all",
                "--format=%x01%H %ct %P%x02%an",
                "HEAD",
            ];
            ask(&repository.top, flags)
        };
        let printed = match log("--find-renames") {
            Ok(printed) => {
                if let Some(kept) = kept {
                    kept.put(repository, mark, &printed);
                }
                printed
            }
            // A partial clone cannot compare texts that it does not have, but may get them.
            Err(_) => log("--find-renames=100%")?,
        };
        Ok(Self::parse(&printed))
    }

    fn parse(printed: &[u8]) -> Self {
        let mut log = Self::default();
        let mut parents: Vec<Option<String>> = Vec::new();
        let mut parts = printed
            .split(|byte| *byte == 0)
            .map(String::from_utf8_lossy);
        while let Some(part) = parts.next() {
            let part = part.trim_start_matches('\n');
            if let Some(header) = part.strip_prefix('\u{1}') {
                let (names, author) = header.split_once('\u{2}').unwrap_or((header, ""));
                let mut names = names.split(' ');
                log.commits.push(Arc::new(VersionCommit {
                    id: names.next().unwrap_or_default().to_owned(),
                    committed: names.next().and_then(|it| it.parse().ok()).unwrap_or(0),
                    author: author.trim().to_owned(),
                }));
                parents.push(names.next().filter(|it| !it.is_empty()).map(str::to_owned));
                continue;
            }
            let Some(entry) = part.strip_prefix(':') else {
                continue;
            };
            // `mode mode old new letter`
            let mut fields = entry.split(' ').skip(2);
            let mut blob = || {
                let name = fields.next()?;
                (!name.starts_with(NONE)).then(|| BlobId::from(name))
            };
            let (old, new) = (blob(), blob());
            let letter = fields.next().and_then(|it| it.chars().next());
            let mut path = || parts.next().map(std::borrow::Cow::into_owned);
            let (from, path) = match letter {
                Some('R') => (path(), path()),
                // A copy is a new file: what it was copied from goes on.
                Some('C') => {
                    path();
                    (None, path())
                }
                _ => (None, path()),
            };
            let (Some(path), Some(commit)) = (path, log.commits.last()) else {
                continue;
            };
            let edit = Edit {
                commit: commit.clone(),
                old: if letter == Some('C') { None } else { old },
                new,
            };
            let at = log.commits.len() - 1;
            log.files
                .entry(path)
                .or_default()
                .push((at, FileEdit { edit, from }));
        }
        log.find_first_parents(&parents);
        log
    }

    fn find_first_parents(&mut self, parents: &[Option<String>]) {
        let names = self.commits.iter().map(|it| it.id.as_str());
        let positions: HashMap<&str, usize> = names.zip(0..).collect();
        let mut next = (!self.commits.is_empty()).then_some(0);
        while let Some(at) = next {
            self.first_parents.push(at);
            let parent = parents[at].as_deref();
            next = parent.and_then(|it| positions.get(it).copied());
        }
    }

    /// The newest commit of the first-parent line at or before a moment.
    pub(super) fn at(&self, moment: i64) -> Option<Arc<VersionCommit>> {
        let mut line = self.first_parents.iter().map(|at| &self.commits[*at]);
        line.find(|it| it.committed <= moment).cloned()
    }

    /// The commit whose name begins with this.
    pub(super) fn commit(&self, name: &str) -> Option<Arc<VersionCommit>> {
        self.commits
            .iter()
            .find(|it| it.id.starts_with(name))
            .cloned()
    }

    /// What commits did to the file that has this path now, those of children first; and
    /// all paths that it had, the newest first.
    pub(super) fn edits(&self, path: &str) -> (Vec<Edit>, Vec<String>) {
        let (mut edits, mut paths) = (Vec::new(), vec![path.to_owned()]);
        let (mut path, mut after) = (path, None);
        'names: loop {
            let of_path = self.files.get(path).into_iter().flatten();
            for (at, file) in of_path.filter(|(at, _)| after.is_none_or(|after| *at > after)) {
                edits.push(file.edit.clone());
                if let Some(from) = &file.from
                    && !paths.contains(from)
                {
                    paths.push(from.clone());
                    (path, after) = (from, Some(*at));
                    continue 'names;
                }
            }
            return (edits, paths);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FileLog;

    #[test]
    fn a_file_is_followed_through_its_names() {
        let printed = "\u{1}c4 40 c3 b1\u{2}A\0\u{1}c3 30 c2\u{2}B C\0\0:100644 100644 o2 o3 M\0new.md\0\u{1}b1 35 c1\u{2}A\0\0:100644 100644 x y M\0other.md\0\u{1}c2 20 c1\u{2}A\0\0:100644 100644 o1 o2 R090\0old.md\0new.md\0\u{1}c1 10 \u{2}A\0\0:000000 100644 0000000000 o1 A\0old.md\0";
        let log = FileLog::parse(printed.as_bytes());
        let (edits, paths) = log.edits("new.md");
        let edits: Vec<_> = edits
            .iter()
            .map(|it| (it.commit.id.as_str(), it.old.as_deref(), it.new.as_deref()))
            .collect();
        let expected = [
            ("c3", Some("o2"), Some("o3")),
            ("c2", Some("o1"), Some("o2")),
            ("c1", None, Some("o1")),
        ];
        assert_eq!(edits, expected);
        assert_eq!(paths, ["new.md", "old.md"]);
        let at = |moment| log.at(moment).map(|it| it.id.clone());
        // `b1` is not on the first-parent line.
        assert_eq!(at(36), Some("c3".to_owned()));
        assert_eq!(at(9), None);
        assert_eq!(log.edits("none.md").0, []);
    }
}
