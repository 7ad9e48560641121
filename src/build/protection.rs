//! Where a site may be written: never where that could harm what it is made
//! from, no matter who asks for it.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders that belong to version control.
const REPOSITORIES: [&str; 5] = [".bzr", ".git", ".hg", ".jj", ".svn"];

/// How many links are followed to a folder that does not exist yet; as many as
/// Linux follows.
const MOST_LINKS: usize = 40;

/// What a site folder must not touch.
#[derive(Debug)]
pub(super) struct ProtectedPaths<'a> {
    /// The project's folder.
    pub(super) project: &'a Path,
    /// The user's home folder.
    pub(super) home: Option<&'a Path>,
    /// Folders whose files become outputs or templates, each with a description.
    /// None may contain the site folder or lie in it.
    pub(super) folders: Vec<(&'static str, PathBuf)>,
    /// The real paths of the files that the site is made from. None may lie in
    /// the site folder.
    pub(super) files: BTreeSet<PathBuf>,
}

/// The real path of a folder, whether it exists yet or not. Links on the way are
/// followed.
///
/// # Errors
/// When a link leads nowhere.
pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        if let Ok(real) = fs::canonicalize(&path) {
            return Ok(real);
        }
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            break;
        };
        let folder = match fs::canonicalize(folder) {
            Ok(folder) => folder,
            Err(_) => real(folder)?,
        };
        match fs::read_link(folder.join(name)) {
            Ok(target) => path = folder.join(target),
            Err(_) => return Ok(folder.join(name)),
        }
    }
    let message = format!("`{}` does not lead to a folder", path.display());
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// Refuses a site folder that must not be written; `site` is as [`real`] returns
/// it.
///
/// # Errors
/// Why it is refused.
pub(super) fn refuse(site: &Path, protected: &ProtectedPaths<'_>) -> io::Result<()> {
    let error = |why: String| {
        let message = format!(
            "the site folder `{}` {why}; choose another folder with `site_dir` or `-d`",
            site.display()
        );
        Err(io::Error::new(io::ErrorKind::InvalidInput, message))
    };
    if site.parent().is_none() || site.file_name().is_none() {
        return error("is the root of the file system".to_owned());
    }
    if holds(site, protected.project) {
        return error("is the project itself, or contains it".to_owned());
    }
    if protected.home.is_some_and(|home| holds(site, home)) {
        return error("is your home folder, or contains it".to_owned());
    }
    let of_repository = site.iter().any(|part| {
        let part = part.to_string_lossy();
        REPOSITORIES
            .iter()
            .any(|name| part.eq_ignore_ascii_case(name))
    });
    if of_repository {
        return error("is inside a folder of version control".to_owned());
    }
    for (what, folder) in &protected.folders {
        if holds(site, folder) {
            return error(format!("contains {what}, `{}`", folder.display()));
        }
        // Where the docs folder is the whole project, the site is excluded from it.
        if holds(folder, site) && !holds(folder, protected.project) {
            return error(format!("is inside {what}, `{}`", folder.display()));
        }
    }
    let mut inside = ContainmentCache::of(site);
    let held = protected.files.iter().find(|file| {
        let folder = file.parent();
        *file == site || folder.is_some_and(|folder| inside.holds(folder))
    });
    match held {
        Some(file) => error(format!(
            "contains `{}`, which the site is made from",
            file.display()
        )),
        None => Ok(()),
    }
}

/// Whether `path` is `folder` or lies in it. Compares identities rather than names:
/// links, mounts and file systems that ignore case give one folder many names.
fn holds(folder: &Path, path: &Path) -> bool {
    let real = fs::canonicalize(path);
    let ways = [Some(path), real.as_deref().ok()];
    let above = ways.into_iter().flatten().flat_map(Path::ancestors);
    let this = identity(folder);
    above
        .into_iter()
        .any(|above| above == folder || (this.is_some() && this == identity(above)))
}

/// Answers [`holds`] for many folders, and looks at each folder above them once,
/// however deep they are.
struct ContainmentCache<'a> {
    folder: &'a Path,
    this: Option<Identity>,
    known: HashMap<PathBuf, bool>,
}

impl<'a> ContainmentCache<'a> {
    fn of(folder: &'a Path) -> Self {
        Self {
            folder,
            this: identity(folder),
            known: HashMap::new(),
        }
    }

    fn holds(&mut self, path: &Path) -> bool {
        let mut new = Vec::new();
        let mut is_inside = false;
        for above in path.ancestors() {
            if let Some(known) = self.known.get(above) {
                is_inside = *known;
                break;
            }
            new.push(above);
        }
        for above in new.into_iter().rev() {
            is_inside = is_inside || self.is_or_leads_inside(above);
            self.known.insert(above.to_owned(), is_inside);
        }
        is_inside
    }

    /// Whether a path is the folder, or a link into it.
    fn is_or_leads_inside(&self, path: &Path) -> bool {
        let is_same = path == self.folder || (self.this.is_some() && self.this == identity(path));
        is_same || (path.is_symlink() && holds(self.folder, path))
    }
}

/// Equal for two names of the same file or folder.
#[cfg(unix)]
type Identity = (u64, u64);

/// Equal for two names of the same file or folder.
#[cfg(not(unix))]
type Identity = PathBuf;

/// The identity of the file or folder at a path; `None` where there is none.
#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// The identity of the file or folder at a path; `None` where there is none.
#[cfg(not(unix))]
fn identity(path: &Path) -> Option<Identity> {
    fs::canonicalize(path).ok()
}
