//! Where sources live: [`SourcePath`] names them, [`System`] reads them.
//!
//! Nothing above this floor reads the disk itself. A site on disk and a site in
//! memory (tests, property tests) differ only in their [`System`].

mod archive;
mod disk;
mod folder_cache;
mod git_ignore;
mod history;
mod kept;
mod lfs;
mod likeness;
mod link_free;
pub mod links;
mod memory;
mod opened;
mod overlay;
pub mod own_files;
mod path;
mod patterns;
#[cfg(test)]
pub(crate) mod recording_disk;
mod replace;
mod sameness;
mod unapplied;

use std::io;
use std::path::Path;

pub use archive::{Archives, archive_of};
pub use disk::Disk;
pub use git_ignore::{GitIgnore, IgnoreRules};
pub use history::{Change, FileChange, History, NoHistory, WrittenLine};
pub use kept::{Keep, Keeper};
pub use lfs::LfsPointer;
pub use likeness::{AlikeFiles, alike};
pub use links::{Link, LinkStatus};
pub use memory::Memory;
pub use opened::{DiskFile, FileContent, PIECE, change_time, read_regular};
pub use overlay::Overlay;
pub use path::SourcePath;
pub use patterns::patterns;
pub use replace::NotReplaced;
pub use sameness::{same_content, same_text};
pub use unapplied::{EventOrder, UnappliedChanges};

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

/// Whether an error of the file system means that nothing has that name, as
/// opposed to something that cannot be read.
pub fn is_absence(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    // This includes names that no file can have, and circular links.
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
/// Answers may differ from call to call, because the disk changes; the session
/// decides when to ask again.
pub trait System: Send + Sync + 'static {
    /// What `path` names now; `None` where nothing is there, or it may not be
    /// followed (a link that leads out of the repository).
    ///
    /// # Errors
    /// Those of the file system, except that nothing is there.
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Those of the file system; `NotFound` also for links that are not
    /// followed, `IsADirectory` for folders, and `Unsupported` for what is neither
    /// a file nor a folder, which is never opened.
    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>>;

    /// Copies a file to a new file `to` on this machine, without holding it in
    /// memory where the file system can do that.
    ///
    /// # Errors
    /// As [`System::read`], and those of writing. [`CopyError`] tells them apart.
    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        let bytes = self.read(path).map_err(CopyError::Reading)?;
        disk::write(to, &bytes)
    }

    /// Opens a file to be read piece by piece, for callers that pass it on and need
    /// not hold it.
    ///
    /// # Errors
    /// As [`System::read`].
    fn open(&self, path: &SourcePath) -> io::Result<FileContent> {
        self.read(path).map(FileContent::Held)
    }

    /// The names and kinds of the entries of a folder, sorted by name. Empty where
    /// there is no such folder.
    ///
    /// # Errors
    /// Those of the file system, except that nothing is there.
    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>>;

    /// The size in bytes and a stamp that changes with the file, to cache what is
    /// not read (images). `None` where there is no such file.
    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)>;

    /// Whether somebody has changed the file, or is changing it, and the change was not
    /// applied yet: what was just read of it may be a part of it, or it may be missing for a
    /// moment. Known only where the files are watched.
    fn is_changing(&self, path: &SourcePath) -> bool {
        let _ = path;
        false
    }

    /// The same of a file in a folder that is not among `names`, its sorted entries.
    fn lacks_changing(&self, folder: &SourcePath, names: &[(String, Kind)]) -> bool {
        let _ = (folder, names);
        false
    }

    /// The changes that were not applied; `None` where the files are not watched.
    fn unapplied(&self) -> Option<&UnappliedChanges> {
        None
    }

    /// Where the symbolic links on the way to `path` lead, in order. An answer
    /// about `path` depends on these paths too. Empty where there are no links.
    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        let _ = path;
        Vec::new()
    }

    /// The path that is left once all symbolic links on the way to `path` are
    /// followed, whether anything is there or not. `None` where they are not
    /// followed, because they lead out of the project or round in a circle.
    fn real(&self, path: &SourcePath) -> Option<SourcePath> {
        Some(path.clone())
    }

    /// Whether a page may show the file at `path` because it names it: what is in
    /// the project, and what is outside of it in the same repository, or in one of
    /// the folders set by [`System::set_linked_dirs`], and neither hidden nor ignored
    /// by git.
    fn is_shared(&self, path: &SourcePath) -> bool {
        !path.leads_out()
    }

    /// The files that decide whether the symbolic links on the way to `path` are
    /// followed, and whether it is shared if it is outside of the project
    /// (`.gitignore`), whether they exist or not. Such an answer about `path` depends
    /// on them too. Empty where there is nothing to decide.
    fn link_rules(&self, path: &SourcePath) -> Vec<SourcePath> {
        let _ = path;
        Vec::new()
    }

    /// Sets the folders that symbolic links may lead to in addition to those of the
    /// repository. Returns whether that changes anything: answers about all paths
    /// may then be different.
    fn set_linked_dirs(&self, folders: &[SourcePath]) -> bool {
        let _ = folders;
        false
    }

    /// The source that an absolute path on this machine names, whether it exists or
    /// not; `None` where sources have no absolute paths.
    fn locate(&self, absolute: &str) -> Option<SourcePath> {
        let _ = absolute;
        None
    }

    /// Why nothing can be read from the archive that `path` leads through, as a
    /// phrase that follows its name; `None` where it leads through no archive, or
    /// through a readable one.
    fn fault(&self, path: &SourcePath) -> Option<String> {
        let _ = path;
        None
    }

    /// The names in the archive that `path` leads through that are not read, because
    /// they lead out of it or are not UTF-8: their number, and the first of them.
    fn refused(&self, path: &SourcePath) -> Option<(usize, String)> {
        let _ = path;
        None
    }

    /// The symbolic links in a folder, sorted by name.
    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        let _ = folder;
        Vec::new()
    }
}

#[cfg(all(test, unix))]
mod tests;
