use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use super::{CopyError, Disk, FileContent, Kind, Link, SourcePath, System};

/// A disk that records which files are read into memory.
#[derive(Clone)]
pub(crate) struct Spy {
    disk: Disk,
    read: Arc<Mutex<Vec<SourcePath>>>,
}

impl Spy {
    pub(crate) fn new(disk: Disk) -> Self {
        Self {
            disk,
            read: Arc::default(),
        }
    }

    /// The files that were read, sorted.
    pub(crate) fn read_files(&self) -> Vec<SourcePath> {
        let mut read = self.read.lock().clone();
        read.sort();
        read
    }
}

impl System for Spy {
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>> {
        self.disk.kind(path)
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        self.read.lock().push(path.clone());
        self.disk.read(path)
    }

    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        self.disk.copy(path, to)
    }

    fn open(&self, path: &SourcePath) -> io::Result<FileContent> {
        self.disk.open(path)
    }

    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>> {
        self.disk.list(path)
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        self.disk.stamp(path)
    }

    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        self.disk.links(path)
    }

    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        self.disk.links_in(folder)
    }
}
