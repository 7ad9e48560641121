//! Where sources live: [`SourcePath`] names them, [`System`] reads them.
//!
//! Nothing above this floor touches the disk by itself. A site on disk and a
//! site in memory (tests, property tests) differ only in their [`System`].

mod archive;
mod disk;
mod history;
mod links;
mod memory;
mod path;

use std::io;

pub use archive::{Archives, archive_of};
pub use disk::Disk;
pub use history::{Change, FileChange, History, NoHistory, WrittenLine};
pub use links::Link;
pub use memory::Memory;
pub use path::SourcePath;

/// What a [`SourcePath`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file (or a link to one inside the project).
    File,
    /// A folder (or a link to one inside the project).
    Folder,
}

/// The only way to the sources.
///
/// Answers may differ from call to call, as the disk changes; the session
/// decides when an answer is asked for again.
pub trait System: Send + Sync + 'static {
    /// What `path` names now, or `None` where nothing is there or it may not
    /// be followed (a link that leads out of the project).
    fn kind(&self, path: &SourcePath) -> Option<Kind>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Those of the file system; `NotFound` also for links that lead out of
    /// the project.
    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>>;

    /// Names and kinds of what a folder holds, sorted by name. Empty where
    /// there is no such folder.
    fn list(&self, path: &SourcePath) -> Vec<(String, Kind)>;

    /// Size in bytes and a stamp that changes with the file, for caching
    /// what is not read (images). `None` where there is no such file.
    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)>;

    /// Where the symbolic links on the way to `path` lead, one after the
    /// other: what an answer about it depends on beside it. Empty where it is
    /// reached without any.
    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        let _ = path;
        Vec::new()
    }

    /// The symbolic links that a folder holds, sorted by name.
    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        let _ = folder;
        Vec::new()
    }
}
