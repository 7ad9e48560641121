use std::collections::{BTreeSet, HashSet, VecDeque};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use parking_lot::{Mutex, RwLock};

use super::folder_cache::{FolderCache, Seen};
use super::git_ignore::GitIgnore;
use super::links::{self, LinkTree};
use super::opened::{change_time, open_regular};

use super::{
    CopyError, DiskFile, FileContent, Kind, Link, SourcePath, System, UnappliedChanges, is_absence,
    link_free,
};

/// Sources on disk, below the project's root.
///
/// Symbolic links are followed as long as they stay inside the repository that
/// contains the root, or inside a folder outside of it that the configuration names.
#[derive(Debug, Clone)]
pub struct Disk {
    root: PathBuf,
    /// The real paths of the files that this or any clone has read.
    opened: Arc<Mutex<HashSet<PathBuf>>>,
    folders: Arc<FolderCache>,
    ignores: Arc<GitIgnore>,
    /// The folders that links may lead to because the configuration says so.
    linked_dirs: Arc<RwLock<Vec<SourcePath>>>,
    unapplied: Arc<UnappliedChanges>,
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
        Ok(Self {
            ignores: Arc::new(GitIgnore::around(&root)),
            root,
            opened: Arc::default(),
            folders: Arc::default(),
            linked_dirs: Arc::default(),
            unapplied: Arc::default(),
        })
    }

    /// Reads each folder only once from now on, and answers from what was seen: for a
    /// command that looks at its sources once. This also holds for all clones.
    pub fn remember_folders(&self) {
        self.folders.turn_on();
    }

    /// Looks again at folders that were remembered, after files were written.
    pub fn forget_folders(&self) {
        self.folders.forget();
    }

    /// The changes that were not applied, for whoever watches the files.
    pub fn changes(&self) -> &UnappliedChanges {
        &self.unapplied
    }

    /// The absolute root, links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The absolute path of a source.
    pub fn absolute(&self, path: &SourcePath) -> PathBuf {
        links::absolute(&self.root, path)
    }

    /// The source that an absolute path names; `None` where it is not UTF-8.
    pub fn source(&self, absolute: &Path) -> Option<SourcePath> {
        links::source(&self.root, absolute)
    }

    fn follow(&self, path: &SourcePath) -> io::Result<PathBuf> {
        links::follow(self, path)
    }
}

impl Disk {
    /// Opens a file. What is neither a file nor a folder is not opened: opening a
    /// pipe could wait for ever, and opening a device may have an effect.
    ///
    /// # Errors
    /// As [`System::read`].
    fn file(&self, path: &SourcePath) -> io::Result<(fs::File, fs::Metadata)> {
        let absolute = self.absolute(path);
        let (real, file, metadata) = match link_free::open_plain(&absolute)? {
            Some((file, metadata)) => (absolute, file, metadata),
            None => {
                let real = self.follow(path)?;
                let (file, metadata) = open_regular(&real, not_a_file)?;
                (real, file, metadata)
            }
        };
        self.opened.lock().insert(real);
        Ok((file, metadata))
    }

    /// The real paths of all files that this or any clone has read: everything
    /// that a site is made from.
    pub fn opened(&self) -> BTreeSet<PathBuf> {
        self.opened.lock().iter().cloned().collect()
    }
}

/// Writes a copy of a file whose bytes are in memory.
pub(super) fn write(to: &Path, bytes: &[u8]) -> Result<(), CopyError> {
    fs::write(to, bytes).map_err(CopyError::Writing)
}

fn not_a_file(kind: fs::FileType) -> io::Error {
    if kind.is_dir() {
        return io::ErrorKind::IsADirectory.into();
    }
    let message = "it is a pipe, a socket or a device, not a file";
    io::Error::new(io::ErrorKind::Unsupported, message)
}

/// Turns errors that mean that nothing is there into `None`.
fn present<T>(answer: io::Result<T>) -> io::Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn kind_of(file_type: fs::FileType) -> Kind {
    if file_type.is_dir() {
        Kind::Folder
    } else if file_type.is_file() {
        Kind::File
    } else {
        Kind::Other
    }
}

impl LinkTree for Disk {
    fn root(&self) -> &Path {
        &self.root
    }

    fn bounds(&self) -> &Path {
        self.ignores.top().unwrap_or(&self.root)
    }

    fn linked_dirs(&self) -> Vec<PathBuf> {
        let folders = self.linked_dirs.read();
        let real = |folder| fs::canonicalize(self.absolute(folder)).ok();
        folders.iter().filter_map(real).collect()
    }

    fn ignored(&self, path: &Path) -> Option<PathBuf> {
        self.ignores.ignored(path)
    }

    fn ignore_files(&self, path: &Path) -> Vec<PathBuf> {
        self.ignores.files(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        match link_free::is_plain(path) {
            None => return fs::canonicalize(path),
            Some(Ok(true)) => return Ok(path.to_owned()),
            Some(Ok(false)) => {}
            Some(Err(error)) => return Err(error),
        }
        // Fails where nothing is there.
        fs::metadata(path)?;
        let (mut root, mut parts) = (PathBuf::new(), VecDeque::new());
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::RootDir | Component::Prefix(_) => root.push(component),
                part => parts.push_back(part.as_os_str().to_owned()),
            }
        }
        let end = links::walk_from(self, root, parts).end;
        match link_free::is_plain(&end) {
            Some(Ok(true)) => Ok(end),
            // It is changing right now, or has too many links.
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn first_link(&self, at: &Path, parts: &[OsString]) -> Option<usize> {
        link_free::first_link(at, parts)
    }

    fn target(&self, path: &Path) -> Option<PathBuf> {
        fs::read_link(path).ok()
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn link_names(&self, folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let links = entries.filter(|it| it.file_type().is_ok_and(|kind| kind.is_symlink()));
        // Names that are not UTF-8 cannot be paths of sources.
        links
            .filter_map(|it| it.file_name().into_string().ok())
            .collect()
    }
}

impl System for Disk {
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>> {
        match self.folders.look(&self.absolute(path)) {
            Some(Seen::Nothing) => return Ok(None),
            Some(Seen::File) => return Ok(Some(Kind::File)),
            Some(Seen::Folder) => return Ok(Some(Kind::Folder)),
            None => {}
        }
        let metadata = self.follow(path).and_then(fs::metadata);
        Ok(present(metadata)?.map(|metadata| kind_of(metadata.file_type())))
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        let (file, metadata) = self.file(path)?;
        // One more byte, so that the end is found without growing.
        let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(size.saturating_add(1))?;
        // `File` itself would ask for the size again.
        file.take(u64::MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn open(&self, path: &SourcePath) -> io::Result<FileContent> {
        let opened = match link_free::open_plain(&self.absolute(path))? {
            Some((file, metadata)) => Ok(DiskFile::of(file, &metadata)),
            None => DiskFile::open(&self.follow(path)?),
        };
        opened.map(FileContent::DiskFile)
    }

    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        let (mut from, _) = self.file(path).map_err(CopyError::Reading)?;
        let mut copy = fs::File::create(to).map_err(CopyError::Writing)?;
        // Within one file system, the system copies the bytes itself.
        match io::copy(&mut from, &mut copy) {
            Ok(_) => Ok(()),
            // The error does not say which of the two failed.
            Err(error) => Err(CopyError::Writing(error)),
        }
    }

    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>> {
        let Some(entries) = present(self.follow(path).and_then(fs::read_dir))? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = match entry.file_name().into_string() {
                Ok(name) => name,
                Err(name) => {
                    found.push((name.to_string_lossy().into_owned(), Kind::Other));
                    continue;
                }
            };
            let kind = match entry.file_type() {
                Ok(file_type) if !file_type.is_symlink() => Some(kind_of(file_type)),
                // If the target cannot be examined, reading it will report that.
                _ => self.kind(&path.join(&name)).unwrap_or(Some(Kind::File)),
            };
            if let Some(kind) = kind {
                found.push((name, kind));
            }
        }
        found.sort();
        Ok(found)
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        let metadata = fs::metadata(self.follow(path).ok()?).ok()?;
        let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((metadata.len(), modified.as_nanos()))
    }

    fn is_changing(&self, path: &SourcePath) -> bool {
        // What is not there may have been removed from its folder.
        self.unapplied.catch_up(|| {
            let absolute = self.absolute(path);
            let file = fs::metadata(&absolute);
            let looked = file.or_else(|_| fs::metadata(absolute.parent().unwrap_or(&absolute)));
            looked.ok().as_ref().map(change_time)
        });
        let is_it = |real| self.unapplied.has(|held| *held == real);
        !self.unapplied.is_empty() && self.real(path).is_some_and(is_it)
    }

    fn lacks_changing(&self, folder: &SourcePath, names: &[(String, Kind)]) -> bool {
        self.unapplied.catch_up(|| {
            let looked = fs::metadata(self.absolute(folder));
            looked.ok().as_ref().map(change_time)
        });
        if self.unapplied.is_empty() {
            return false;
        }
        let Some(real) = self.real(folder) else {
            return false;
        };
        let find = |name: &str| names.binary_search_by(|(it, _)| it.as_str().cmp(name));
        self.unapplied.has(|held| {
            let below = held.below(&real);
            below.is_some_and(|name| !name.is_empty() && !name.contains('/') && find(name).is_err())
        })
    }

    fn unapplied(&self) -> Option<&UnappliedChanges> {
        Some(&self.unapplied)
    }

    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        if self.folders.look(&self.absolute(path)).is_some() {
            return Vec::new();
        }
        links::passed(self, path)
    }

    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        links::links_in(self, folder)
    }

    fn real(&self, path: &SourcePath) -> Option<SourcePath> {
        links::real(self, path)
    }

    fn is_shared(&self, path: &SourcePath) -> bool {
        links::is_shared(self, path)
    }

    fn link_rules(&self, path: &SourcePath) -> Vec<SourcePath> {
        links::rules(self, path)
    }

    fn set_linked_dirs(&self, folders: &[SourcePath]) -> bool {
        let mut known = self.linked_dirs.write();
        let is_changed = *known != folders;
        *known = folders.to_vec();
        is_changed
    }

    fn locate(&self, absolute: &str) -> Option<SourcePath> {
        links::source(&self.root, &links::without_dots(Path::new(absolute)))
    }
}

#[cfg(all(test, unix))]
mod tests;
