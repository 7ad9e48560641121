use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use super::command::{Failure, LONG_MOST, ask};
use super::entries::{Entry, Node, entries, submodules};
use super::link_walk::{self, Found};
use super::objects::{ObjectError, Objects};
use super::repository::Repository;
use crate::files::links::{self, LinkTree};
use crate::files::{CopyError, DiskFile, FileContent, Kind, Link, SourcePath, System};

/// The largest file that is held in memory while it is open, in bytes.
const HELD: u64 = 1 << 20;

/// The sources of a project as they were committed. Neither the work tree nor
/// the index is read or touched.
///
/// Files are what was committed, byte for byte: a checkout's line endings and
/// filters are not applied, because filters are programs. What lies outside the
/// repository is not there, and neither are the files of submodules: see
/// [`Tree::submodules`].
pub struct Tree {
    /// The root of the work tree, whether anything is checked out or not.
    top: PathBuf,
    /// The project's root, at or below it.
    root: PathBuf,
    commit: String,
    /// The object of the root folder.
    base: Entry,
    objects: Objects,
    /// The folders that were read, by the names of their objects.
    folders: Mutex<HashMap<Arc<str>, Arc<Folder>>>,
    /// The folders that were read, by their paths below `top`, with their entries.
    by_path: RwLock<HashMap<PathBuf, (Entry, Arc<Folder>)>>,
    /// The targets of links that were read, by the names of their objects.
    targets: Mutex<HashMap<Arc<str>, PathBuf>>,
    /// The sizes of files, by the names of their objects.
    sizes: Mutex<HashMap<Arc<str>, u64>>,
}

/// The entries of a folder by their names.
pub(super) type Folder = BTreeMap<String, Entry>;

/// How far a path leads in a commit, without following links.
pub(super) struct Reached {
    /// The deepest entry on the way.
    pub(super) entry: Entry,
    /// The first path on the way that is not in the commit; `None` where the entry is
    /// the end of the whole path.
    pub(super) missing: Option<PathBuf>,
}

impl Reached {
    /// Whether the whole path leads to a file or folder.
    pub(super) fn is_plain(&self) -> bool {
        self.missing.is_none() && matches!(self.entry.node, Node::File | Node::Folder)
    }
}

impl Tree {
    /// The project at `root` as it was at a revision.
    ///
    /// # Errors
    /// When there is no such commit, or git fails.
    pub fn new(root: &Path, revision: &str) -> Result<Self, Failure> {
        let repository = Repository::of(root)?;
        let commit = repository.commit(revision)?;
        let wanted = format!("{commit}^{{tree}}");
        let base = ask(
            &repository.top,
            ["rev-parse", "--verify", "--end-of-options", &wanted],
        )?;
        let base = Entry {
            node: Node::Folder,
            id: String::from_utf8_lossy(&base).trim().into(),
        };
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let top = real(&repository.top);
        Ok(Self {
            objects: Objects::new(&top),
            root: real(root),
            top,
            commit,
            base,
            folders: Mutex::default(),
            by_path: RwLock::default(),
            targets: Mutex::default(),
            sizes: Mutex::default(),
        })
    }

    /// The commit's name.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The folders of the project that are separate repositories. Their files are
    /// not part of the commit, and so are not there.
    ///
    /// # Errors
    /// When git fails.
    pub fn submodules(&self) -> Result<Vec<SourcePath>, Failure> {
        let flags = ["ls-tree", "-r", "-z", "--full-tree", "--end-of-options"];
        let listed = ask(&self.top, flags.into_iter().chain([self.commit.as_str()]))?;
        let found = submodules(&listed).into_iter();
        let below = found.filter_map(|path| links::source(&self.root, &self.top.join(path)));
        Ok(below.filter(|path| !path.leads_out()).collect())
    }

    /// The root of the work tree.
    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// The entries of a folder's object.
    pub(super) fn folder(&self, id: &Arc<str>) -> Result<Arc<Folder>, ObjectError> {
        if let Some(known) = self.folders.lock().get(id) {
            return Ok(known.clone());
        }
        let bytes = self.objects.read(id, LONG_MOST)?;
        let folder = Arc::new(entries(&bytes, id.len() / 2));
        self.folders.lock().insert(id.clone(), folder.clone());
        Ok(folder)
    }

    /// The entry at an absolute path, without following links.
    fn entry(&self, path: &Path) -> Result<Option<Entry>, ObjectError> {
        let reached = self.reach(path)?;
        Ok(reached.and_then(|it| it.missing.is_none().then_some(it.entry)))
    }

    /// How far an absolute path leads, without following links; `None` where it lies
    /// outside of the repository.
    pub(super) fn reach(&self, path: &Path) -> Result<Option<Reached>, ObjectError> {
        let Ok(below) = path.strip_prefix(&self.top) else {
            return Ok(None);
        };
        // Most paths are beside others that were asked for.
        if let (Some(folder), Some(name)) = (below.parent(), below.file_name())
            && let Some((folder, entries)) = self.by_path.read().get(folder)
        {
            let found = name.to_str().and_then(|name| named(entries, name));
            return Ok(Some(Reached {
                entry: found.unwrap_or(folder).clone(),
                missing: found.is_none().then(|| path.to_owned()),
            }));
        }
        let mut entry = self.base.clone();
        let mut at = self.top.clone();
        for part in below.components() {
            let found = if entry.node == Node::Folder {
                let folder = self.folder(&entry.id)?;
                let name = part.as_os_str().to_str();
                let found = name.and_then(|name| named(&folder, name).cloned());
                if let Ok(below) = at.strip_prefix(&self.top)
                    && !self.by_path.read().contains_key(below)
                {
                    let known = (entry.clone(), folder);
                    self.by_path.write().insert(below.to_owned(), known);
                }
                found
            } else {
                None
            };
            at.push(part);
            match found {
                Some(found) => entry = found,
                None => {
                    let missing = Some(at);
                    return Ok(Some(Reached { entry, missing }));
                }
            }
        }
        let missing = None;
        Ok(Some(Reached { entry, missing }))
    }

    /// The target of a link, as written.
    pub(super) fn link_target(&self, link: &Entry) -> Result<PathBuf, ObjectError> {
        if let Some(known) = self.targets.lock().get(&link.id) {
            return Ok(known.clone());
        }
        let target = PathBuf::from(native(self.objects.read(&link.id, LONG_MOST)?));
        self.targets.lock().insert(link.id.clone(), target.clone());
        Ok(target)
    }

    /// The entry at a path, following the links that may be followed.
    fn resolve(&self, path: &SourcePath) -> io::Result<Entry> {
        let real = links::follow(self, path)?;
        let entry = self.entry(&real)?;
        entry.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn file(&self, path: &SourcePath) -> io::Result<Entry> {
        let entry = self.resolve(path)?;
        match entry.node {
            Node::File => Ok(entry),
            Node::Folder => Err(io::ErrorKind::IsADirectory.into()),
            Node::Link | Node::Submodule | Node::Unnamed => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The size in bytes of the file at a real path. The sizes of those beside it are
    /// asked for at the same time, because they are likely to be needed too.
    pub(super) fn size(&self, file: &Entry, real: &Path) -> Option<u64> {
        let mut sizes = self.sizes.lock();
        if let Some(known) = sizes.get(&file.id) {
            return Some(*known);
        }
        let mut wanted = vec![file.id.clone()];
        let folder = real.parent().and_then(|it| it.strip_prefix(&self.top).ok());
        if let Some((_, entries)) = folder.and_then(|it| self.by_path.read().get(it).cloned()) {
            let is_wanted = |it: &&Entry| it.node == Node::File && !sizes.contains_key(&it.id);
            let beside = entries.values().filter(is_wanted);
            wanted.extend(beside.map(|it| it.id.clone()));
        }
        let found = self.objects.sizes(&wanted).ok()?;
        let known = wanted.into_iter().zip(found);
        sizes.extend(known.filter_map(|(id, size)| Some((id, size?))));
        sizes.get(&file.id).copied()
    }

    /// The bytes of a file.
    pub(super) fn bytes(&self, file: &Entry) -> Result<Vec<u8>, ObjectError> {
        self.objects.read(&file.id, LONG_MOST)
    }

    /// Copies a file to a new file on this machine.
    pub(super) fn copy_to(&self, file: &Entry, to: &Path) -> Result<(), CopyError> {
        let mut copy = File::create(to).map_err(CopyError::Writing)?;
        let passed = self.objects.pass(&file.id, |_, piece| {
            copy.write_all(piece).map_err(ObjectError::Taking)
        });
        passed.map_err(|lack| match lack {
            ObjectError::Taking(error) => CopyError::Writing(error),
            lack => CopyError::Reading(lack.into()),
        })
    }

    /// Opens a file: in memory, or copied to disk if it is large.
    pub(super) fn opened(&self, entry: &Entry) -> Result<FileContent, ObjectError> {
        let mut held = Vec::new();
        let mut spool = None;
        self.objects.pass(&entry.id, |size, piece| {
            if size <= HELD {
                held.extend_from_slice(piece);
                return Ok(());
            }
            let file = match &mut spool {
                Some(file) => file,
                None => spool.insert(nameless().map_err(ObjectError::Taking)?),
            };
            file.write_all(piece).map_err(ObjectError::Taking)
        })?;
        match spool {
            None => Ok(FileContent::Held(held)),
            Some(file) => DiskFile::copied(file, entry.stamp())
                .map(FileContent::DiskFile)
                .map_err(ObjectError::Taking),
        }
    }
}

/// The entry with a name; a name that is not UTF-8 is only listed.
fn named<'f>(folder: &'f Folder, name: &str) -> Option<&'f Entry> {
    let entry = folder.get(name)?;
    (entry.node != Node::Unnamed).then_some(entry)
}

/// A temporary file without a name, which disappears when it is closed.
fn nameless() -> io::Result<File> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("proofroom-{}-{count}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let mut options = File::options();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(unix)]
fn native(bytes: Vec<u8>) -> std::ffi::OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn native(bytes: Vec<u8>) -> std::ffi::OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

impl LinkTree for Tree {
    fn root(&self) -> &Path {
        &self.root
    }

    fn bounds(&self) -> &Path {
        &self.top
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        link_walk::follow(path, &|at| {
            // What lies outside is unknown. A path may lead over it; one that ends
            // there is treated as if it led to something.
            if !at.starts_with(&self.top) {
                return Ok(Found::Folder);
            }
            let entry = self.entry(at)?.ok_or(io::ErrorKind::NotFound)?;
            match entry.node {
                Node::Folder => Ok(Found::Folder),
                Node::Link => Ok(Found::Link(self.link_target(&entry)?)),
                Node::File | Node::Unnamed => Ok(Found::File),
                Node::Submodule => Err(io::ErrorKind::NotFound.into()),
            }
        })
    }

    fn target(&self, path: &Path) -> Option<PathBuf> {
        let link = self.entry(path).ok()??;
        if link.node == Node::Link {
            self.link_target(&link).ok()
        } else {
            None
        }
    }

    fn is_folder(&self, path: &Path) -> bool {
        let real = self.canonical(path).ok();
        let entry = real.and_then(|real| self.entry(&real).ok()?);
        entry.is_some_and(|entry| entry.node == Node::Folder)
    }

    fn link_names(&self, folder: &Path) -> Vec<String> {
        let entry = self.entry(folder).ok().flatten();
        let folder = entry.and_then(|entry| self.folder(&entry.id).ok());
        let Some(folder) = folder else {
            return Vec::new();
        };
        let links = folder.iter().filter(|(_, entry)| entry.node == Node::Link);
        links.map(|(name, _)| name.clone()).collect()
    }
}

impl System for Tree {
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>> {
        match self.resolve(path) {
            Ok(entry) => Ok(entry.node.kind()),
            Err(error) if crate::files::is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        Ok(self.bytes(&self.file(path)?)?)
    }

    fn open(&self, path: &SourcePath) -> io::Result<FileContent> {
        Ok(self.opened(&self.file(path)?)?)
    }

    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        self.copy_to(&self.file(path).map_err(CopyError::Reading)?, to)
    }

    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>> {
        let entry = match self.resolve(path) {
            Ok(entry) if entry.node == Node::Folder => entry,
            Ok(_) => return Ok(Vec::new()),
            Err(error) if crate::files::is_absence(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let folder = self.folder(&entry.id)?;
        let mut found = Vec::new();
        for (name, entry) in folder.iter() {
            let kind = match entry.node {
                // If the target cannot be examined, reading it will report that.
                Node::Link => self.kind(&path.join(name)).unwrap_or(Some(Kind::File)),
                node => node.kind(),
            };
            found.extend(kind.map(|kind| (name.clone(), kind)));
        }
        Ok(found)
    }

    fn is_shared(&self, path: &SourcePath) -> bool {
        links::is_shared(self, path)
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        let real = links::follow(self, path).ok()?;
        let file = self.entry(&real).ok()??;
        let size = if file.node == Node::File {
            self.size(&file, &real)
        } else {
            None
        };
        Some((size?, file.stamp()))
    }

    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        links::passed(self, path)
    }

    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        links::links_in(self, folder)
    }

    fn real(&self, path: &SourcePath) -> Option<SourcePath> {
        links::real(self, path)
    }

    fn locate(&self, absolute: &str) -> Option<SourcePath> {
        links::source(&self.root, &links::without_dots(Path::new(absolute)))
    }

    fn fault(&self, path: &SourcePath) -> Option<String> {
        let path = links::absolute(&self.root, &links::real(self, path)?);
        let above: Vec<&Path> = path.ancestors().collect();
        let mut down = above.into_iter().rev();
        let is_submodule = |path: &Path| {
            let entry = self.entry(path).ok().flatten();
            entry.is_some_and(|entry| entry.node == Node::Submodule)
        };
        down.any(is_submodule)
            .then(|| "it is a submodule, whose files are not part of the commit".to_owned())
    }
}
