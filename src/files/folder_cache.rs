use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::RwLock;

use super::link_free;

/// What lies in folders, for a command that looks at its sources once: each folder is
/// read when something in it is first looked for, instead of asking the system about
/// every path, in each language again.
#[derive(Debug, Default)]
pub(super) struct FolderCache {
    is_on: AtomicBool,
    /// `None` for what is no folder, or one that cannot be read or is behind a link.
    folders: RwLock<HashMap<PathBuf, Option<Arc<Names>>>>,
}

/// What is at a path that contains no links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing.
    Nothing,
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

/// The names in a folder.
#[derive(Debug, Default)]
struct Names {
    /// `None` for a link, and for what is neither a file nor a folder.
    kinds: HashMap<OsString, Option<Seen>>,
    /// All of them in lower case, because file systems may ignore case.
    lower: HashSet<String>,
}

impl FolderCache {
    /// Remembers folders from now on.
    pub(super) fn turn_on(&self) {
        self.is_on.store(true, Ordering::Relaxed);
    }

    /// Forgets all folders, and remembers them as they are from now on.
    pub(super) fn forget(&self) {
        self.folders.write().clear();
    }

    /// What is at an absolute path; `None` where the system has to be asked.
    pub(super) fn look(&self, path: &Path) -> Option<Seen> {
        if !self.is_on.load(Ordering::Relaxed) {
            return None;
        }
        let name = path.file_name()?;
        self.names(path.parent()?)?.look(name)
    }

    fn names(&self, folder: &Path) -> Option<Arc<Names>> {
        if let Some(known) = self.folders.read().get(folder) {
            return known.clone();
        }
        let names = read(folder).map(Arc::new);
        let mut folders = self.folders.write();
        // Another thread may have been faster; all of them must see the same.
        folders.entry(folder.to_owned()).or_insert(names).clone()
    }
}

impl Names {
    fn look(&self, name: &OsStr) -> Option<Seen> {
        match self.kinds.get(name) {
            Some(seen) => *seen,
            None if self.lower.contains(&lower(name)) => None,
            None => Some(Seen::Nothing),
        }
    }
}

fn lower(name: &OsStr) -> String {
    name.to_string_lossy().to_lowercase()
}

fn read(folder: &Path) -> Option<Names> {
    if !matches!(link_free::is_plain(folder), Some(Ok(true))) {
        return None;
    }
    let mut names = Names::default();
    for entry in fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        let name = entry.file_name();
        let kind = entry.file_type().ok()?;
        let seen = if kind.is_file() {
            Some(Seen::File)
        } else {
            kind.is_dir().then_some(Seen::Folder)
        };
        names.lower.insert(lower(&name));
        names.kinds.insert(name, seen);
    }
    Some(names)
}
