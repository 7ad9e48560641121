use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use super::repository::{Repository, native};
use crate::files::{DiskFile, FileContent, LfsPointer};

/// Finds the files for which a commit only has pointers of Git LFS. Nothing is
/// fetched.
pub(super) struct LargeFiles {
    /// The folder with the files that were fetched.
    objects: PathBuf,
    /// Which files of the work tree have which content, by their looks.
    compared: Mutex<HashMap<PathBuf, Compared>>,
}

/// Whether a file is the one that a pointer stands for.
struct Compared {
    size: u64,
    stamp: u128,
    oid: String,
    is_same: bool,
}

impl LargeFiles {
    /// The files of a repository.
    pub(super) fn new(repository: &Repository) -> Self {
        let setting = repository.settings(&["--type=path", "--get", "lfs.storage"]);
        let storage = setting.first().map_or("lfs".into(), |it| native(it));
        Self {
            objects: repository.common.join(storage).join("objects"),
            compared: Mutex::default(),
        }
    }

    /// A file on this machine that has the content for a pointer: the stored one, or
    /// `working`, the file with the same path in the work tree.
    pub(super) fn find(&self, pointer: &LfsPointer, working: &Path) -> Option<PathBuf> {
        if pointer.is_stored_unchanged() {
            let folder = self.objects.join(&pointer.oid[..2]);
            let stored = folder.join(&pointer.oid[2..4]).join(&pointer.oid);
            let is_whole = |it: fs::Metadata| it.is_file() && it.len() == pointer.size;
            if fs::symlink_metadata(&stored).is_ok_and(is_whole) {
                return Some(stored);
            }
        }
        self.stands_for(pointer, working)
            .then(|| working.to_owned())
    }

    fn stands_for(&self, pointer: &LfsPointer, working: &Path) -> bool {
        // One that a link leads to is another file.
        if !fs::canonicalize(working).is_ok_and(|real| real == working) {
            return false;
        }
        let Ok(file) = DiskFile::open(working) else {
            return false;
        };
        let (size, stamp) = (file.size(), file.stamp());
        if let Some(known) = self.compared.lock().get(working)
            && (known.size, known.stamp) == (size, stamp)
            && known.oid == pointer.oid
        {
            return known.is_same;
        }
        // One that is being written is not the same yet.
        let Ok(is_same) = pointer.stands_for(&FileContent::DiskFile(file)) else {
            return false;
        };
        let compared = Compared {
            size,
            stamp,
            oid: pointer.oid.clone(),
            is_same,
        };
        self.compared.lock().insert(working.to_owned(), compared);
        is_same
    }
}
