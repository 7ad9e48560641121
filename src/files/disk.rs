use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::{Kind, Link, SourcePath, System};

/// Sources on disk, below the project's root.
///
/// Symbolic links are followed as long as they stay inside the root or one of
/// the folders that the configuration itself names outside it.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The tree below `root`.
    ///
    /// # Errors
    /// When `root` cannot be resolved to a folder.
    pub fn new(root: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        if !root.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { root })
    }

    /// The absolute root, links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a source lies on this disk.
    pub fn absolute(&self, path: &SourcePath) -> PathBuf {
        if path.as_str().is_empty() {
            return self.root.clone();
        }
        let mut absolute = self.root.clone();
        for part in path.as_str().split('/') {
            match part {
                ".." => {
                    absolute.pop();
                }
                part => absolute.push(part),
            }
        }
        absolute
    }

    /// The source that an absolute path names; `None` where it is not UTF-8.
    pub fn source(&self, absolute: &Path) -> Option<SourcePath> {
        if let Ok(below) = absolute.strip_prefix(&self.root) {
            return below.to_str().map(SourcePath::new);
        }
        let mut up = String::new();
        for ancestor in self.root.ancestors() {
            if let Ok(below) = absolute.strip_prefix(ancestor) {
                return Some(SourcePath::new(format!("{up}{}", below.to_str()?)));
            }
            up.push_str("../");
        }
        None
    }
}

impl System for Disk {
    fn kind(&self, path: &SourcePath) -> Option<Kind> {
        let target = self.follow(path).ok()?;
        let metadata = fs::metadata(target).ok()?;
        if metadata.is_dir() {
            Some(Kind::Folder)
        } else {
            metadata.is_file().then_some(Kind::File)
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        fs::read(self.follow(path)?)
    }

    fn list(&self, path: &SourcePath) -> Vec<(String, Kind)> {
        let Ok(entries) = self.follow(path).and_then(fs::read_dir) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_dir() => Some(Kind::Folder),
                Ok(kind) if kind.is_file() => Some(Kind::File),
                _ => self.kind(&path.join(&name)),
            };
            if let Some(kind) = kind {
                found.push((name, kind));
            }
        }
        found.sort();
        found
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        let metadata = fs::metadata(self.follow(path).ok()?).ok()?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((metadata.len(), modified.as_nanos()))
    }

    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        self.passed(path)
    }

    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        self.links_of(folder)
    }
}
