use std::cell::LazyCell;
use std::collections::HashSet;
use std::fs;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;

use super::command::ask;
use super::repository::{Repository, native};
use crate::files::{GitIgnore, IgnoreRules, Kind, is_absence};

/// The files of a work tree that git ignores and does not track: it cannot say what
/// they were at another commit.
pub(super) struct IgnoredFiles {
    top: PathBuf,
    /// The list of what git tracks.
    index: PathBuf,
    rules: GitIgnore,
    tracked: Mutex<Option<(Stamp, Tracked)>>,
}

/// The absolute paths of the files that git tracks.
type Tracked = Arc<HashSet<PathBuf>>;

/// An entry of a folder on disk: its name, and its kind unless it is a link.
pub(super) type DiskEntry = (String, Option<Kind>);

/// The size of the index and when it was written, if there is one.
type Stamp = Option<(u64, Option<SystemTime>)>;

/// How much of a path is there because git ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// It is a folder that is not ignored, and contains something that is.
    Part,
}

impl IgnoredFiles {
    /// The files of the work tree at `top`, in which a project lies at `root`.
    pub(super) fn new(repository: &Repository, top: &Path, root: &Path) -> Self {
        Self {
            top: top.to_owned(),
            index: repository.own.join("index"),
            rules: GitIgnore::around(root),
            tracked: Mutex::default(),
        }
    }

    /// The rules of the work tree.
    pub(super) fn rules(&self) -> &GitIgnore {
        &self.rules
    }

    /// How much is ignored of what is at an absolute path, which is reached without
    /// links. `base` is the outermost path on the way that is not in the commit.
    /// `None` where nothing is, or nothing is there.
    ///
    /// # Errors
    /// Those of the file system, except that nothing is there.
    pub(super) fn extent(&self, path: &Path, base: &Path) -> io::Result<Option<Extent>> {
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if is_absence(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        if let Some(ignored) = self.rules.ignored(path) {
            // A repository in the work tree is not looked into.
            let above = ignored.ancestors().skip(1);
            let mut above = above.take_while(|folder| folder.starts_with(base));
            let is_own = !above.any(is_git_folder) && !self.tracked().contains(path);
            return Ok(is_own.then_some(Extent::Whole));
        }
        let is_part = metadata.is_dir() && {
            let tracked = LazyCell::new(|| self.tracked());
            self.has_ignored(path, &self.rules.rules(path), &tracked)
        };
        Ok(is_part.then_some(Extent::Part))
    }

    /// The entries of a folder that are there because git ignores them. `is_committed`
    /// says which names the commit has.
    ///
    /// # Errors
    /// Those of the file system, except that nothing is there.
    pub(super) fn list(
        &self,
        folder: &Path,
        extent: Extent,
        is_committed: impl Fn(&str) -> bool,
    ) -> io::Result<Vec<DiskEntry>> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if is_absence(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        // Read when they are first needed: in most folders nothing is ignored.
        let rules = LazyCell::new(|| self.rules.rules(folder));
        let tracked = LazyCell::new(|| self.tracked());
        let is_inside = folder.starts_with(&self.top);
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            if name.to_str().is_some_and(&is_committed) {
                continue;
            }
            let (kind, path) = (entry.file_type()?, entry.path());
            let is_there = match extent {
                Extent::Whole => !is_inside || !tracked.contains(&path),
                Extent::Part => self.is_there(&path, kind, &rules, &tracked),
            };
            if !is_there {
                continue;
            }
            let kind = match name.to_str() {
                None => Some(Kind::Other),
                Some(_) if kind.is_symlink() => None,
                Some(_) if kind.is_dir() => Some(Kind::Folder),
                Some(_) if kind.is_file() => Some(Kind::File),
                Some(_) => Some(Kind::Other),
            };
            found.push((name.to_string_lossy().into_owned(), kind));
        }
        Ok(found)
    }

    /// Whether an entry of a folder with these rules is ignored, or contains something
    /// that is.
    fn is_there<T: Deref<Target = Tracked>>(
        &self,
        path: &Path,
        kind: fs::FileType,
        rules: &IgnoreRules,
        tracked: &T,
    ) -> bool {
        if path.file_name().is_some_and(|name| name == ".git") {
            return false;
        }
        if rules.ignores(path, kind.is_dir()) {
            return !tracked.contains(path);
        }
        kind.is_dir() && {
            let mut rules = rules.clone();
            self.rules.add(&mut rules, path);
            self.has_ignored(path, &rules, tracked)
        }
    }

    /// Whether a folder that is not ignored contains something that is.
    fn has_ignored<T: Deref<Target = Tracked>>(
        &self,
        folder: &Path,
        rules: &IgnoreRules,
        tracked: &T,
    ) -> bool {
        if is_git_folder(folder) || folder.file_name().is_some_and(|name| name == ".git") {
            return false;
        }
        // What cannot be listed has nothing to show.
        let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.any(|entry| {
            let kind = entry.file_type();
            kind.is_ok_and(|kind| self.is_there(&entry.path(), kind, rules, tracked))
        })
    }

    /// Whether git tracks other files now than when that was last of interest.
    pub(super) fn has_other_tracked(&self) -> bool {
        let before = self.tracked.lock().as_ref().map(|(_, names)| names.clone());
        before.is_some_and(|before| before != self.tracked())
    }

    /// What git tracks, although patterns may match it.
    fn tracked(&self) -> Tracked {
        let stamp = fs::metadata(&self.index).ok();
        let stamp = stamp.map(|it| (it.len(), it.modified().ok()));
        let mut tracked = self.tracked.lock();
        if let Some((known, names)) = &*tracked
            && *known == stamp
        {
            return names.clone();
        }
        // Without an answer the patterns decide.
        let listed = ask(&self.top, ["ls-files", "-z"]).unwrap_or_default();
        let names = listed.split(|byte| *byte == 0);
        let names = names.map(|name| self.top.join(native(name)));
        let names = Arc::new(names.collect());
        *tracked = Some((stamp, Arc::clone(&names)));
        names
    }
}

/// Whether a folder is the root of a repository.
fn is_git_folder(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(".git")).is_ok()
}
