//! What the commits of a repository did to its files.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::command::{Failure, ask};
use super::kept_log::KeptLogs;
use super::raw_log::{Entry, follow_exact, parse};
use super::repository::Repository;
use crate::translations::{BlobId, Edit, VersionCommit};

/// The log of a repository, from its `HEAD`.
#[derive(Debug, Default)]
pub(super) struct FileLog {
    /// All commits, those of children before those of their parents.
    commits: Vec<Arc<VersionCommit>>,
    /// Their places by their names.
    positions: HashMap<String, usize>,
    /// The positions of those that are reached by first parents alone.
    first_parents: Vec<usize>,
    /// What was done to each path, with the position of the commit.
    files: HashMap<String, Vec<(usize, FileEdit)>>,
    /// The files that each commit renamed: their paths before and after.
    renames: HashMap<usize, Vec<(String, String)>>,
    /// The texts of the files in `HEAD`.
    head: HashMap<String, BlobId>,
}

#[derive(Debug)]
struct FileEdit {
    edit: Edit,
    /// The path that the file had before.
    from: Option<String>,
}

/// What commits did to a file.
#[derive(Debug, Default)]
pub(super) struct FileEdits {
    /// Those of children come before those of their parents.
    pub(super) edits: Vec<Edit>,
    /// All paths that it had, the newest first.
    pub(super) paths: Vec<String>,
    /// The positions of the commits that gave it all paths but the last.
    renamed: Vec<usize>,
}

impl FileLog {
    /// Reads the log of a repository, or what was kept of it. Of commits with several parents those
    /// files are listed that are as in none of them: the others were merged, and changed by
    /// others. `mark` is that of its history.
    ///
    /// # Errors
    /// When git fails, as it does where nothing is committed.
    pub(super) fn read(
        repository: &Repository,
        mark: u64,
        kept: Option<&KeptLogs>,
    ) -> Result<Self, Failure> {
        let known = kept.and_then(|kept| kept.get(repository, mark));
        let printed = match known {
            Some(printed) => printed,
            None => print(repository, mark, kept)?,
        };
        let shallow = std::fs::read_to_string(repository.common.join("shallow"));
        let shallow = shallow.unwrap_or_default();
        let mut log = Self::parse(&printed, &shallow.lines().collect());
        let flags = ["ls-tree", "-r", "-z", "--full-tree", "HEAD"];
        let tree = ask(&repository.top, flags)?;
        let entries = tree.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let entry = |entry: std::borrow::Cow<'_, str>| {
            let (about, path) = entry.split_once('\t')?;
            let blob = BlobId::from(about.split(' ').nth(2)?);
            Some((path.to_owned(), blob))
        };
        log.head = entries.filter_map(entry).collect();
        Ok(log)
    }

    /// `shallow` are the commits whose parents the clone does not have.
    fn parse(printed: &[u8], shallow: &HashSet<&str>) -> Self {
        let mut log = Self::default();
        let mut parents: Vec<Option<String>> = Vec::new();
        for mut read in parse(printed) {
            let at = log.commits.len();
            let commit = Arc::new(read.commit);
            log.positions.insert(commit.id.clone(), at);
            let is_cut = shallow.contains(commit.id.as_str());
            log.commits.push(commit.clone());
            parents.push(read.parent);
            follow_exact(&mut read.entries);
            for entry in read.entries {
                log.add(at, &commit, is_cut, entry);
            }
        }
        log.find_first_parents(&parents);
        log
    }

    fn add(&mut self, at: usize, commit: &Arc<VersionCommit>, is_cut: bool, entry: Entry) {
        let Entry {
            path,
            from,
            old,
            new,
        } = entry;
        if let Some(from) = &from {
            let renamed = (from.clone(), path.clone());
            self.renames.entry(at).or_default().push(renamed);
        }
        let of_path = self.files.entry(path).or_default();
        // One for each parent.
        for old in old {
            let edit = Edit {
                commit: commit.clone(),
                old,
                new: new.clone(),
                is_cut,
            };
            let from = from.clone();
            of_path.push((at, FileEdit { edit, from }));
        }
    }

    fn find_first_parents(&mut self, parents: &[Option<String>]) {
        let mut next = (!self.commits.is_empty()).then_some(0);
        while let Some(at) = next {
            self.first_parents.push(at);
            let parent = parents[at].as_deref();
            next = parent.and_then(|it| self.positions.get(it).copied());
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

    /// The text of a file in `HEAD`.
    pub(super) fn head(&self, path: &str) -> Option<BlobId> {
        self.head.get(path).cloned()
    }

    /// What commits did to the file that has this path now.
    pub(super) fn edits(&self, path: &str) -> FileEdits {
        let mut found = FileEdits {
            paths: vec![path.to_owned()],
            ..FileEdits::default()
        };
        let (mut path, mut after) = (path.to_owned(), None);
        'names: loop {
            let of_path = self.files.get(&path).into_iter().flatten();
            for (at, file) in of_path.filter(|(at, _)| after.is_none_or(|after| *at > after)) {
                let mut edit = file.edit.clone();
                let mut from = file.from.clone();
                if from.is_none()
                    && edit.old.is_none()
                    && !edit.is_cut
                    && let Some((renamed, old)) = self.renamed_alike(*at, &path)
                {
                    (from, edit.old) = (Some(renamed), Some(old));
                }
                found.edits.push(edit);
                if let Some(from) = from {
                    found.paths.push(from.clone());
                    found.renamed.push(*at);
                    (path, after) = (from, Some(*at));
                    continue 'names;
                }
            }
            return found;
        }
    }

    /// The path that a file had before a commit, and its text, where it was changed so much
    /// that git does not know it again: what the same commit renamed in another language says
    /// which it was.
    fn renamed_alike(&self, at: usize, path: &str) -> Option<(String, BlobId)> {
        let removed = |path: &str| {
            let mut edits = self.files.get(path)?.iter();
            let (_, file) = edits.find(|(of, file)| *of == at && file.edit.new.is_none())?;
            file.edit.old.clone()
        };
        let parts: Vec<&str> = path.split('/').collect();
        let mut renames = self.renames.get(&at)?.iter();
        renames.find_map(|(from, to)| {
            let others: Vec<&str> = to.split('/').collect();
            let ends = parts.iter().rev().zip(others.iter().rev());
            let same = ends.take_while(|(one, other)| one == other).count();
            (1..=same).rev().find_map(|length| {
                let folder = |parts: &[&str]| {
                    let folders = &parts[..parts.len() - length];
                    folders
                        .iter()
                        .map(|it| format!("{it}/"))
                        .collect::<String>()
                };
                let below = from.strip_prefix(folder(&others).as_str())?;
                let before = format!("{}{below}", folder(&parts));
                let old = removed(&before)?;
                Some((before, old))
            })
        })
    }

    /// The paths that a file may have had in a commit, the likeliest first.
    pub(super) fn paths_at<'f>(
        &self,
        file: &'f FileEdits,
        commit: &str,
    ) -> impl Iterator<Item = &'f str> {
        let at = self.positions.get(commit);
        let is_before = |renamed: &&usize| at.is_some_and(|at| at > *renamed);
        let first = file.renamed.iter().filter(is_before).count();
        let (newer, older) = file.paths.split_at(first.min(file.paths.len()));
        let paths = older.iter().chain(newer);
        paths.map(String::as_str)
    }
}

/// Asks git for the log, and keeps it.
fn print(repository: &Repository, mark: u64, kept: Option<&KeptLogs>) -> Result<Vec<u8>, Failure> {
    let log = |renames: &str| {
        let flags = [
            "log",
            "-c",
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
    // Short pages are soon no longer half of what they were.
    match log("--find-renames=40%") {
        Ok(printed) => {
            if let Some(kept) = kept {
                kept.put(repository, mark, &printed);
            }
            Ok(printed)
        }
        // A partial clone cannot compare texts that it does not have, but may get them.
        Err(_) => log("--find-renames=100%"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::FileLog;

    #[test]
    fn a_file_is_followed_through_its_names() {
        let printed = "\u{1}c4 40 c3 b1\u{2}A\0\u{1}c3 30 c2\u{2}B C\0\0:100644 100644 o2 o3 M\0new.md\0\u{1}b1 35 c1\u{2}A\0\0:100644 100644 x y M\0other.md\0\u{1}c2 20 c1\u{2}A\0\0:100644 100644 o1 o2 R090\0old.md\0new.md\0\u{1}c1 10 \u{2}A\0\0:000000 100644 0000000000 o1 A\0old.md\0";
        let log = FileLog::parse(printed.as_bytes(), &HashSet::new());
        let found = log.edits("new.md");
        let edits: Vec<_> = found
            .edits
            .iter()
            .map(|it| (it.commit.id.as_str(), it.old.as_deref(), it.new.as_deref()))
            .collect();
        let expected = [
            ("c3", Some("o2"), Some("o3")),
            ("c2", Some("o1"), Some("o2")),
            ("c1", None, Some("o1")),
        ];
        assert_eq!(edits, expected);
        assert_eq!(found.paths, ["new.md", "old.md"]);
        let at = |moment| log.at(moment).map(|it| it.id.clone());
        // `b1` is not on the first-parent line.
        assert_eq!(at(36), Some("c3".to_owned()));
        assert_eq!(at(9), None);
        assert_eq!(log.edits("none.md").edits, []);
        let paths = |commit| log.paths_at(&found, commit).next();
        assert_eq!((paths("c2"), paths("c1")), (Some("new.md"), Some("old.md")));
    }
}
