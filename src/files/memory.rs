use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use parking_lot::RwLock;

use super::{Kind, SourcePath, System};

/// Sources in memory, for tests. A folder exists as long as it contains a file.
/// Clones share their files.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: Arc<RwLock<BTreeMap<SourcePath, Arc<[u8]>>>>,
    /// Files and folders that exist but cannot be read.
    locked: Arc<RwLock<BTreeSet<SourcePath>>>,
}

impl Memory {
    /// A tree with these files.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let memory = Self::default();
        for (path, text) in files {
            memory.write(&SourcePath::new(path), text);
        }
        memory
    }

    /// Creates or overwrites a file.
    pub fn write(&self, path: &SourcePath, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref().into();
        self.files.write().insert(path.clone(), bytes);
    }

    /// Removes a file, or a folder with everything in it.
    pub fn remove(&self, path: &SourcePath) {
        let mut files = self.files.write();
        files.retain(|file, _| file.below(path).is_none());
    }

    /// All files with their bytes.
    pub fn files(&self) -> BTreeMap<SourcePath, Arc<[u8]>> {
        self.files.read().clone()
    }

    /// Makes a file or folder unreadable, or readable again.
    pub fn lock(&self, path: &SourcePath, locked: bool) {
        let mut unreadable = self.locked.write();
        if locked {
            unreadable.insert(path.clone());
        } else {
            unreadable.remove(path);
        }
    }

    fn is_locked(&self, path: &SourcePath) -> bool {
        self.locked.read().contains(path)
    }

    /// An independent tree with the same files.
    pub fn copy(&self) -> Self {
        let locked = self.locked.read();
        Self {
            files: Arc::new(RwLock::new(self.files())),
            locked: Arc::new(RwLock::new(locked.clone())),
        }
    }
}

impl System for Memory {
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>> {
        let files = self.files.read();
        if files.contains_key(path) {
            return Ok(Some(Kind::File));
        }
        let mut below = files.keys().filter(|file| file.below(path).is_some());
        Ok(below.next().map(|_| Kind::Folder))
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        if self.is_locked(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let files = self.files.read();
        let bytes = files.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(bytes.to_vec())
    }

    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>> {
        if self.is_locked(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let files = self.files.read();
        let mut entries = BTreeSet::new();
        for below in files.keys().filter_map(|file| file.below(path)) {
            match below.split_once('/') {
                Some((folder, _)) => entries.insert((folder.to_owned(), Kind::Folder)),
                None if below.is_empty() => false,
                None => entries.insert((below.to_owned(), Kind::File)),
            };
        }
        Ok(entries.into_iter().collect())
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        let bytes = self.read(path).ok()?;
        // The bytes are in memory, so the stamp can be a hash of them.
        let stamp = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u128, |hash, byte| {
            (hash ^ u128::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Some((bytes.len() as u64, stamp))
    }
}
