use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::command::Failure;
use super::entries::{Entry, Node};
use super::ignored_files::{DiskEntry, Extent, IgnoredFiles};
use super::large_files::LargeFiles;
use super::remotes::Remotes;
use super::repository::Repository;
use super::shared_inputs::{Reason, SharedInputs};
use super::submodule_folders::SubmoduleFolders;
use super::tree::{Folder, Tree};
use crate::files::links::{self, LinkTree};
use crate::files::{
    CopyError, Disk, DiskFile, FileContent, Kind, LfsPointer, Link, SourcePath, System, is_absence,
};
use crate::watch::ChangeBatch;

/// The size of the largest pointer of Git LFS, in bytes.
const POINTER: u64 = 1024;

/// The sources of a project as they were at the base of a review: those of its commit,
/// and the inputs that git does not hold, as they are on disk now. So these are the
/// same on both sides:
///
/// - what lies outside of the repository, such as the packages of themes,
/// - what git ignores, such as generated pages,
/// - submodules that are at the same commit now,
/// - the files for which the commit has pointers of Git LFS, if this machine has them.
///
/// Files that are neither tracked nor ignored are new, so they are not there.
pub struct BaseFiles {
    pub(super) tree: Tree,
    /// The project's files, with rules for links of its own: those of the base.
    pub(super) disk: Disk,
    pub(super) ignored: IgnoredFiles,
    submodules: SubmoduleFolders,
    large: LargeFiles,
    /// The pointers among the small files that were read, by the names of their
    /// objects.
    pointers: Mutex<HashMap<Arc<str>, Option<LfsPointer>>>,
    pub(super) linked_dirs: RwLock<Vec<SourcePath>>,
    shared: SharedInputs,
    /// The remote that likely has what this clone does not.
    remote: Option<String>,
}

/// What a change on disk does to the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseChange {
    /// Nothing: the commit has the path.
    Nothing,
    /// What is at the path may be another.
    Path,
    /// What is anywhere may be another, because the rules changed by which files are
    /// taken from disk.
    Everything,
}

/// Where a path is found.
pub(super) enum Place {
    /// In the commit, or below a file or link in it.
    Commit(Entry),
    /// On disk.
    Disk(Extent),
    /// Nowhere.
    Absent,
}

/// What is read for a file.
enum Held {
    /// In the commit, with its real path.
    Commit(Entry, PathBuf),
    /// By its real path.
    Disk(SourcePath),
    /// The file on disk for which the commit has a pointer, with the size of the file.
    Large(PathBuf, Entry, u64),
}

pub(super) fn absent<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotFound.into())
}

/// Turns errors that mean that nothing is there into the default.
fn present<T: Default>(answer: io::Result<T>) -> io::Result<T> {
    match answer {
        Err(error) if is_absence(&error) => Ok(T::default()),
        answer => answer,
    }
}

impl BaseFiles {
    /// The project at `root` as it was at a revision.
    ///
    /// # Errors
    /// When there is no such commit, or git fails.
    pub fn new(root: &Path, revision: &str) -> Result<Self, Failure> {
        let repository = Repository::of(root)?;
        let tree = Tree::new(root, revision)?;
        let disk = Disk::new(root).map_err(|error| Failure::Said(error.to_string()))?;
        let branch = repository.branch()?;
        let remotes = Remotes::of(&repository.top, branch.as_deref())?;
        Ok(Self {
            ignored: IgnoredFiles::new(&repository, tree.top(), disk.root()),
            submodules: SubmoduleFolders::default(),
            large: LargeFiles::new(&repository),
            pointers: Mutex::default(),
            linked_dirs: RwLock::default(),
            shared: SharedInputs::default(),
            remote: remotes.first().map(str::to_owned),
            tree,
            disk,
        })
    }

    /// The commit's name.
    pub fn commit(&self) -> &str {
        self.tree.commit()
    }

    /// What was read that is not from the commit, and what of the commit is not there,
    /// in sentences for reviewers. Grows as more is read.
    pub fn notes(&self) -> Vec<String> {
        self.shared.notes(self.commit(), self.remote.as_deref())
    }

    /// Whether only a pointer of Git LFS is there for a file, because this machine does
    /// not have what it stands for.
    pub fn is_only_pointer(&self, path: &SourcePath) -> bool {
        let Ok((real, Place::Commit(entry))) = self.resolve(path) else {
            return false;
        };
        entry.node == Node::File
            && self
                .pointer(&entry, &real)
                .is_ok_and(|it| it.is_some_and(|it| self.large.find(&it, &real).is_none()))
    }

    /// The files on disk, by their real paths, that decided about what was read so far,
    /// besides those that were read as sources: lists of patterns, and the commits of
    /// submodules.
    pub fn rule_files(&self) -> BTreeSet<PathBuf> {
        let read = self.ignored.rules().files_read().into_iter();
        read.chain(self.submodules.heads()).collect()
    }

    /// The sources that were read from disk, by their real paths.
    pub fn from_disk(&self) -> BTreeSet<SourcePath> {
        let reasons = [Reason::Ignored, Reason::Outside, Reason::Submodule];
        let files = reasons.into_iter().flat_map(|it| self.shared.files(it));
        files.collect()
    }

    /// What of a batch of changes on disk is a change of the base too.
    pub fn changes(&self, batch: &ChangeBatch) -> Option<ChangeBatch> {
        let paths = match batch {
            ChangeBatch::Paths(paths) => paths,
            ChangeBatch::Everything => return Some(ChangeBatch::Everything),
            ChangeBatch::Time => return None,
        };
        if self.ignored.has_other_tracked() {
            return Some(ChangeBatch::Everything);
        }
        let rules = self.rule_files();
        let has_rules = |folder: PathBuf| rules.iter().any(|it| it.parent() == Some(&folder));
        let mut changed = Vec::new();
        for path in paths {
            match self.change(path) {
                BaseChange::Everything => return Some(ChangeBatch::Everything),
                BaseChange::Path => changed.push(path.clone()),
                // A folder that is watched from now on: its rules may have changed before.
                BaseChange::Nothing if has_rules(self.disk.absolute(path)) => {
                    return Some(ChangeBatch::Everything);
                }
                BaseChange::Nothing => {}
            }
        }
        (!changed.is_empty()).then_some(ChangeBatch::Paths(changed))
    }

    /// The files on disk that the base was made from so far, whether they exist or not:
    /// it changes with them.
    pub fn watched(&self) -> BTreeSet<SourcePath> {
        let rules = self.rule_files().into_iter();
        let rules = rules.filter_map(|it| links::source(self.disk.root(), &it));
        rules.chain(self.from_disk()).collect()
    }

    /// What a change of this path on disk does to the base.
    pub fn change(&self, path: &SourcePath) -> BaseChange {
        let absolute = self.disk.absolute(path);
        let is_rule = path.name() == ".gitignore" || absolute.ends_with("info/exclude");
        if is_rule || self.submodules.heads().contains(&absolute) {
            return BaseChange::Everything;
        }
        match self.place(&absolute) {
            Ok(Place::Commit(entry)) => match self.pointers.lock().get(&entry.id) {
                Some(Some(_)) => BaseChange::Path,
                _ => BaseChange::Nothing,
            },
            // Perhaps something was there before.
            Ok(Place::Disk(_) | Place::Absent) | Err(_) => BaseChange::Path,
        }
    }

    /// Where an absolute path is found, which is reached without links.
    pub(super) fn place(&self, path: &Path) -> io::Result<Place> {
        let Some(reached) = self.tree.reach(path)? else {
            return Ok(Place::Disk(Extent::Whole));
        };
        let (entry, missing) = (reached.entry, reached.missing);
        if entry.node == Node::Submodule {
            let folder = missing.as_deref().and_then(Path::parent).unwrap_or(path);
            return Ok(self.submodule(folder, &entry));
        }
        match missing {
            None => Ok(Place::Commit(entry)),
            Some(_) if entry.node != Node::Folder => Ok(Place::Absent),
            Some(first) => {
                let extent = self.ignored.extent(path, &first)?;
                Ok(extent.map_or(Place::Absent, Place::Disk))
            }
        }
    }

    /// The place of everything in the folder of a submodule.
    fn submodule(&self, folder: &Path, entry: &Entry) -> Place {
        let now = self.submodules.commit(folder);
        if now.as_deref() == Some(&*entry.id) {
            return Place::Disk(Extent::Whole);
        }
        if now.is_some()
            && let Some(path) = links::source(self.disk.root(), folder)
        {
            self.shared.add(Reason::OtherSubmodule, &path);
        }
        Place::Absent
    }

    /// The real path of what is at a path, and where that is found, following the links
    /// that may be followed.
    fn resolve(&self, path: &SourcePath) -> io::Result<(PathBuf, Place)> {
        let real = links::follow(self, path)?;
        match self.place(&real)? {
            Place::Absent => absent(),
            place => Ok((real, place)),
        }
    }

    /// The pointer of Git LFS that a file of the commit is.
    fn pointer(&self, file: &Entry, real: &Path) -> io::Result<Option<LfsPointer>> {
        if let Some(known) = self.pointers.lock().get(&file.id) {
            return Ok(known.clone());
        }
        let is_small = self.tree.size(file, real).is_some_and(|it| it < POINTER);
        let pointer = if is_small {
            LfsPointer::parse(&self.tree.bytes(file)?)
        } else {
            None
        };
        let known = pointer.clone();
        self.pointers.lock().insert(file.id.clone(), known);
        Ok(pointer)
    }

    /// What is read for the file at a path.
    fn file(&self, path: &SourcePath) -> io::Result<Held> {
        let (real, place) = self.resolve(path)?;
        match place {
            Place::Absent => absent(),
            Place::Disk(_) => Ok(Held::Disk(self.on_disk(&real, true)?)),
            Place::Commit(entry) => match entry.node {
                Node::File => {
                    let Some(pointer) = self.pointer(&entry, &real)? else {
                        return Ok(Held::Commit(entry, real));
                    };
                    if let Some(file) = self.large_file(path, &pointer, &real) {
                        return Ok(Held::Large(file, entry, pointer.size));
                    }
                    Ok(Held::Commit(entry, real))
                }
                Node::Folder => Err(io::ErrorKind::IsADirectory.into()),
                Node::Link | Node::Submodule | Node::Unnamed => absent(),
            },
        }
    }

    /// The file that a pointer stands for.
    fn large_file(&self, path: &SourcePath, pointer: &LfsPointer, real: &Path) -> Option<PathBuf> {
        let file = self.large.find(pointer, real);
        if file.is_none() {
            self.shared.add(Reason::NotFetched, path);
        }
        file
    }

    /// The source at a real path on disk; `is_read` notes that it was read.
    fn on_disk(&self, real: &Path, is_read: bool) -> io::Result<SourcePath> {
        let Some(path) = links::source(self.disk.root(), real) else {
            return absent();
        };
        if is_read {
            let reached = self.tree.reach(real)?;
            let reason = match reached.map(|it| it.entry.node) {
                None => Reason::Outside,
                Some(Node::Submodule) => Reason::Submodule,
                Some(_) => Reason::Ignored,
            };
            self.shared.add(reason, &path);
        }
        Ok(path)
    }

    /// The entries of a folder that are on disk; `committed` are those of the commit.
    fn disk_entries(
        &self,
        real: &Path,
        extent: Extent,
        committed: Option<&Folder>,
    ) -> io::Result<Vec<DiskEntry>> {
        // In the place of a folder of the commit may be a link by now.
        if committed.is_some() && !self.disk.canonical(real).is_ok_and(|it| it == real) {
            return Ok(Vec::new());
        }
        let is_committed = |name: &str| committed.is_some_and(|it| it.contains_key(name));
        self.ignored.list(real, extent, is_committed)
    }

    /// The links in a folder of the commit or on disk, and all other entries with their
    /// kinds.
    pub(super) fn entries(&self, real: &Path) -> io::Result<(BTreeMap<String, Kind>, Vec<String>)> {
        let (mut found, mut links) = (BTreeMap::new(), Vec::new());
        let place = self.place(real)?;
        let (extent, committed) = match &place {
            Place::Commit(entry) if entry.node == Node::Folder => {
                (Extent::Part, Some(self.tree.folder(&entry.id)?))
            }
            Place::Disk(extent) => (*extent, None),
            Place::Commit(_) | Place::Absent => return Ok((found, links)),
        };
        for (name, entry) in committed.iter().flat_map(|it| it.iter()) {
            match entry.node {
                Node::Link => links.push(name.clone()),
                Node::Submodule => {
                    if let Place::Disk(_) = self.submodule(&real.join(name), entry) {
                        found.insert(name.clone(), Kind::Folder);
                    }
                }
                node => drop(node.kind().map(|kind| found.insert(name.clone(), kind))),
            }
        }
        for (name, kind) in self.disk_entries(real, extent, committed.as_deref())? {
            match kind {
                None => links.push(name),
                Some(kind) => drop(found.insert(name, kind)),
            }
        }
        Ok((found, links))
    }
}

impl System for BaseFiles {
    fn kind(&self, path: &SourcePath) -> io::Result<Option<Kind>> {
        let (real, place) = match self.resolve(path) {
            Ok(found) => found,
            Err(error) if is_absence(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        match place {
            Place::Commit(entry) => Ok(entry.node.kind()),
            Place::Disk(_) => present(
                self.on_disk(&real, false)
                    .and_then(|it| self.disk.kind(&it)),
            ),
            Place::Absent => Ok(None),
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        let (real, place) = self.resolve(path)?;
        let bytes = match place {
            // Read without its size being asked for first: most files are no pointers.
            Place::Commit(entry) if entry.node == Node::File => self.tree.bytes(&entry)?,
            Place::Commit(entry) if entry.node == Node::Folder => {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            Place::Disk(_) => return self.disk.read(&self.on_disk(&real, true)?),
            Place::Commit(_) | Place::Absent => return absent(),
        };
        let pointer = LfsPointer::parse(&bytes);
        match pointer.and_then(|pointer| self.large_file(path, &pointer, &real)) {
            Some(file) => fs::read(file),
            None => Ok(bytes),
        }
    }

    fn open(&self, path: &SourcePath) -> io::Result<FileContent> {
        match self.file(path)? {
            Held::Commit(entry, _) => Ok(self.tree.opened(&entry)?),
            Held::Disk(real) => self.disk.open(&real),
            Held::Large(file, ..) => DiskFile::open(&file).map(FileContent::DiskFile),
        }
    }

    fn copy(&self, path: &SourcePath, to: &Path) -> Result<(), CopyError> {
        match self.file(path).map_err(CopyError::Reading)? {
            Held::Commit(entry, _) => self.tree.copy_to(&entry, to),
            Held::Disk(real) => self.disk.copy(&real, to),
            Held::Large(file, ..) => fs::copy(file, to).map(drop).map_err(CopyError::Writing),
        }
    }

    fn list(&self, path: &SourcePath) -> io::Result<Vec<(String, Kind)>> {
        let real = match links::follow(self, path) {
            Ok(real) => real,
            Err(error) if is_absence(&error) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let (mut found, links) = self.entries(&real)?;
        for name in links {
            // If the target cannot be examined, reading it will report that.
            let kind = self.kind(&path.join(&name)).unwrap_or(Some(Kind::File));
            if let Some(kind) = kind {
                found.insert(name, kind);
            }
        }
        Ok(found.into_iter().collect())
    }

    fn stamp(&self, path: &SourcePath) -> Option<(u64, u128)> {
        match self.file(path).ok()? {
            Held::Commit(entry, real) => Some((self.tree.size(&entry, &real)?, entry.stamp())),
            Held::Disk(real) => self.disk.stamp(&real),
            // That of the pointer: it does not matter which copy is read.
            Held::Large(_, entry, size) => Some((size, entry.stamp())),
        }
    }

    fn links(&self, path: &SourcePath) -> Vec<SourcePath> {
        links::passed(self, path)
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
        self.disk.locate(absolute)
    }

    fn fault(&self, path: &SourcePath) -> Option<String> {
        if self.is_only_pointer(path) {
            let fault = "it is stored by Git LFS, and this clone does not have it";
            return Some(fault.to_owned());
        }
        let real = links::absolute(self.root(), &links::real(self, path)?);
        let reached = self.tree.reach(&real).ok()??;
        let is_absent = matches!(self.place(&real), Ok(Place::Absent));
        (reached.entry.node == Node::Submodule && is_absent).then(|| {
            "it is in a submodule that is at another commit now, so its files are not there"
                .to_owned()
        })
    }

    fn links_in(&self, folder: &SourcePath) -> Vec<Link> {
        links::links_in(self, folder)
    }
}
