//! Where sources live: [`SourcePath`] names them, [`System`] reads them.
//!
//! Nothing above this floor touches the disk by itself. A site on disk and a
//! site in memory (tests, property tests) differ only in their [`System`].

mod archive;
mod disk;
mod history;
pub mod links;
mod memory;
mod opened;
mod overlay;
mod path;
mod patterns;
mod plain;
#[cfg(test)]
pub(crate) mod spy;

use std::io;
use std::path::Path;

pub use archive::{Archives, archive_of};
pub use disk::Disk;
pub use history::{Change, FileChange, History, NoHistory, WrittenLine};
pub use links::{Link, Way};
pub use memory::Memory;
pub use opened::{OnDisk, Opened, PIECE, read_regular};
pub use overlay::Overlay;
pub use path::SourcePath;
pub use patterns::patterns;

/// What a [`SourcePath`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file (or a link to one inside the project).
    File,
    /// A folder (or a link to one inside the project).
    Folder,
    /// A pipe, a socket or a device, which is never opened, or something whose
    /// name is not UTF-8.
    Other,
}

/// Whether an error of the file system says that nothing is there under that
/// name, in contrast to something that cannot be read.
pub fn is_absence(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    // A name that no file can have names none, and a circle of links leads
    // nowhere.
    #[cfg(target_os = "linux")]
    if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
        return true;
    }
    [NotFound, NotADirectory, InvalidFilename, InvalidInput].contains(&error.kind())
}

/// Why a file was not copied.
#[derive(Debug)]
pub enum CopyError {
    /// The source cannot be read.
    Reading(io::Error),
    /// The copy cannot be written.
    Writing(io::Error),
}

/// The only way to the sources.
///
/// Answers may differ from call to call, as the disk changes; the session
/// decides when an answer is asked for again.
pub trait System: Send + Sync + 'static {
    /// What `path` names now, or `None` where nothing is there or it may not
    /// be followed (a link that leads out of the project).
    ///
    /// # Errors
    /// Those of the file system that do not say that nothing is there.
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Those of the file system; `NotFound` also for links that lead out of
    /// the project, `IsADirectory` for folders, and `Unsupported` for what is
    /// neither file nor folder: that is never opened.
    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>>;

    /// Writes the bytes of a file to a new file `to` of this machine, without
    /// holding them in memory where the file system can.
    ///
    /// # Errors
    /// As `read`, and those of writing. [`CopyError`] tells them apart.
    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        let bytes = self.read(path).map_err(CopyError::Reading)?;
        disk::write(to, &bytes)
    }

    /// Opens a file whose bytes are read when they are wanted. Whoever sends a
    /// file on need not hold it.
    ///
    /// # Errors
    /// As [`System::read`].
    fn open(&self, path: &SourcePath) -> io::Result<Opened> {
        self.read(path).map(Opened::Held)
    }

    /// Names and kinds of what a folder holds, sorted by name. Empty where
    /// there is no such folder.
    ///
    /// # Errors
    /// Those of the file system that do not say that nothing is there.
    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>>;

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

    /// The path that `path` leads to by the symbolic links on the way, itself
    /// where there are none; whether anything is there or not. `None` where the
    /// links are not followed: out of the project, or round in a circle.
    fn real(&self, path: &SourcePath) -> Option<SourcePath> {
        Some(path.clone())
    }

    /// Why there is nothing below the archive that `path` leads through, in
    /// words that follow its name; `None` where it leads through none, or
    /// through one that can be read.
    fn fault(&self, path: &SourcePath) -> Option<String> {
        let _ = path;
        None
    }

    /// Names in the archive that `path` leads through under which nothing is read,
    /// for they lead out of it or are not UTF-8: how many, and the first of them.
    fn refused(&self, path: &SourcePath) -> Option<(usize, String)> {
        let _ = path;
        None
    }

    /// The symbolic links that a folder holds, sorted by name.
    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        let _ = folder;
        Vec::new()
    }
}
