//! Decides which symbolic links are followed, on disk and in commits alike.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{SourcePath, is_absence};

/// How many links are followed for one path; as many as Linux follows.
const MOST: usize = 40;

/// A symbolic link in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The paths of the project that it leads through, and the one it leads to.
    pub through: Vec<SourcePath>,
    /// Whether it is followed.
    pub way: LinkStatus,
}

/// Whether a symbolic link is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStatus {
    /// It is followed.
    Followed,
    /// It is not followed: it leads out of the repository, to something that is
    /// hidden or ignored by git, or back to a folder that contains it.
    Refused,
    /// Its target does not exist.
    Broken,
}

/// A tree of names that may be symbolic links: a disk, or a commit. The rules in
/// this module are the same for all of them. All paths are absolute.
pub trait LinkTree {
    /// The project's root, which paths of sources are relative to.
    fn root(&self) -> &Path;

    /// The folder that links may lead to: the root of the repository that contains
    /// the project, or of the project where there is none.
    fn bounds(&self) -> &Path;

    /// Further folders that links may lead to, as real paths, even if git ignores
    /// them.
    fn linked_dirs(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// The outermost file or folder at or above a path that git ignores.
    fn ignored(&self, path: &Path) -> Option<PathBuf> {
        let _ = path;
        None
    }

    /// The files that decide what git ignores on the way to a path, whether they
    /// exist or not.
    fn ignore_files(&self, path: &Path) -> Vec<PathBuf> {
        let _ = path;
        Vec::new()
    }

    /// The real path of what is there, with all links followed.
    ///
    /// # Errors
    /// Those of the file system, where nothing is there or it cannot be examined.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;

    /// The target of the link at `path`, as written; `None` where there is no link.
    fn target(&self, path: &Path) -> Option<PathBuf>;

    /// The index of the first of `parts`, starting from the real path `at`, that is
    /// a link; `None` where there is no link.
    fn first_link(&self, at: &Path, parts: &[OsString]) -> Option<usize> {
        let mut path = at.to_owned();
        parts.iter().position(|part| {
            path.push(part);
            self.target(&path).is_some()
        })
    }

    /// Whether the path is a folder, or leads to one.
    fn is_folder(&self, path: &Path) -> bool;

    /// The names of the links in a folder, in any order; none where there is no such
    /// folder, or it cannot be read.
    fn link_names(&self, folder: &Path) -> Vec<String>;
}

/// The absolute path of a source, whether it exists or not.
pub fn absolute(root: &Path, path: &SourcePath) -> PathBuf {
    let mut absolute = root.to_owned();
    for part in path.as_str().split('/') {
        match part {
            "" => {}
            ".." => {
                absolute.pop();
            }
            part => absolute.push(part),
        }
    }
    absolute
}

/// The source that an absolute path names; `None` where it is not UTF-8.
pub fn source(root: &Path, absolute: &Path) -> Option<SourcePath> {
    if let Ok(below) = absolute.strip_prefix(root) {
        return below.to_str().map(SourcePath::new);
    }
    let mut up = String::new();
    for ancestor in root.ancestors() {
        if let Ok(below) = absolute.strip_prefix(ancestor) {
            return Some(SourcePath::new(format!("{up}{}", below.to_str()?)));
        }
        up.push_str("../");
    }
    None
}

/// The real path to read, unless a link on the way leads out of the repository, to
/// something that is hidden or ignored by git, or round in a circle.
///
/// # Errors
/// Those of the file system; `NotFound` where a link is not followed.
pub fn follow(names: &impl LinkTree, path: &SourcePath) -> io::Result<PathBuf> {
    let absolute = absolute(names.root(), path);
    let real = names.canonical(&absolute)?;
    if real == absolute || may_follow(names, path, &real, &walk(names, path).steps) {
        return Ok(real);
    }
    Err(io::ErrorKind::NotFound.into())
}

/// As [`super::System::real`].
pub fn real(names: &impl LinkTree, path: &SourcePath) -> Option<SourcePath> {
    let walk = walk(names, path);
    let Some(last) = walk.steps.last() else {
        return Some(path.clone());
    };
    if walk.ends && may_follow(names, path, &last.to, &walk.steps) {
        source(names.root(), &last.to)
    } else {
        None
    }
}

/// As [`super::System::links`].
pub fn passed(names: &impl LinkTree, path: &SourcePath) -> Vec<SourcePath> {
    let steps = walk(names, path).steps.into_iter();
    let folders = names.linked_dirs();
    let is_in_reach = |to: &Path| {
        let mut folders = folders.iter();
        to.starts_with(names.bounds()) || folders.any(|folder| to.starts_with(folder))
    };
    let targets = steps.filter(|step| path.leads_out() || is_in_reach(&step.to));
    targets
        .filter_map(|step| source(names.root(), &step.to))
        .collect()
}

/// As [`super::System::is_shared`].
pub fn is_shared(names: &impl LinkTree, path: &SourcePath) -> bool {
    if !path.leads_out() {
        return true;
    }
    let Ok(real) = names.canonical(&absolute(names.root(), path)) else {
        return false;
    };
    let is_visible_in = |folder: &Path| {
        let below = real.strip_prefix(folder);
        below.is_ok_and(|below| !is_hidden(&below.to_string_lossy()))
    };
    let mut linked = names.linked_dirs().into_iter();
    linked.any(|folder| is_visible_in(&folder))
        || (is_visible_in(names.bounds()) && names.ignored(&real).is_none())
}

/// As [`super::System::link_rules`].
pub fn rules(names: &impl LinkTree, path: &SourcePath) -> Vec<SourcePath> {
    let steps = walk(names, path).steps.into_iter();
    let outside = path.leads_out().then(|| absolute(names.root(), path));
    let mut files: Vec<_> = steps
        .map(|step| step.to)
        .chain(outside)
        .filter(|to| to.starts_with(names.bounds()))
        .flat_map(|to| names.ignore_files(&to))
        .filter_map(|file| source(names.root(), &file))
        .collect();
    files.sort();
    files.dedup();
    files
}

/// As [`super::System::links_in`].
pub fn links_in(names: &impl LinkTree, folder: &SourcePath) -> Vec<Link> {
    let Ok(real) = follow(names, folder) else {
        return Vec::new();
    };
    let mut link_names = names.link_names(&real);
    link_names.sort();
    let link = |name: String| {
        let path = folder.join(&name);
        let way = match (names.canonical(&real.join(&name)), follow(names, &path)) {
            (Ok(_), Err(_)) => LinkStatus::Refused,
            // A circle, for instance. Other errors are reported on reading.
            (Err(error), _) if is_absence(&error) => LinkStatus::Broken,
            _ => LinkStatus::Followed,
        };
        Link {
            through: passed(names, &path),
            way,
            name,
        }
    };
    link_names.into_iter().map(link).collect()
}

/// One link that was followed on the way to a path.
struct Step {
    /// The path of the link.
    from: PathBuf,
    /// Where the link itself leads.
    target: PathBuf,
    /// Where the whole path leads once this link is followed.
    to: PathBuf,
}

/// The way to a path, followed link by link.
pub(super) struct Walk {
    /// The links on the way, in order.
    steps: Vec<Step>,
    /// Where it leads, with all links followed.
    pub(super) end: PathBuf,
    /// Whether the end was reached: there were not too many links.
    pub(super) ends: bool,
}

/// Follows the links on the way to `path` one by one.
fn walk(names: &impl LinkTree, path: &SourcePath) -> Walk {
    let parts = path.as_str().split('/').filter(|part| !part.is_empty());
    let parts = parts.map(OsString::from).collect();
    walk_from(names, names.root().to_owned(), parts)
}

/// Follows the links on the way from `at`, which is a real path, over the parts in
/// `left`.
pub(super) fn walk_from(
    names: &impl LinkTree,
    mut at: PathBuf,
    mut left: VecDeque<OsString>,
) -> Walk {
    let mut steps: Vec<Step> = Vec::new();
    loop {
        while left.front().is_some_and(|part| part == "..") {
            left.pop_front();
            at.pop();
        }
        let ups = left.iter().position(|part| part == "..");
        let parts: Vec<OsString> = left.drain(..ups.unwrap_or(left.len())).collect();
        if parts.is_empty() {
            break;
        }
        let nth = names.first_link(&at, &parts);
        let taken = nth.map_or(parts.len(), |nth| nth + 1);
        at.extend(&parts[..taken]);
        for part in parts[taken..].iter().rev() {
            left.push_front(part.clone());
        }
        // What is no longer a link is passed like a folder.
        let Some(target) = nth.and_then(|_| names.target(&at)) else {
            continue;
        };
        if steps.len() == MOST {
            return Walk {
                steps,
                end: at,
                ends: false,
            };
        }
        let from = at.clone();
        at.pop();
        let mut to = at.join(&target);
        let own = without_dots(&to);
        to.extend(&left);
        let to = without_dots(&to);
        steps.push(Step {
            from,
            target: own,
            to,
        });
        for component in target.components().rev() {
            match component {
                Component::CurDir => {}
                Component::RootDir | Component::Prefix(_) => at.push(component),
                part => left.push_front(part.as_os_str().to_owned()),
            }
        }
    }
    Walk {
        steps,
        end: at,
        ends: true,
    }
}

/// Whether `path` may be followed to `real`, where these steps lead.
fn may_follow(names: &impl LinkTree, path: &SourcePath, real: &Path, steps: &[Step]) -> bool {
    may_read(names, path, real, steps) && !turns_back(names, steps)
}

/// Whether `path` may lead to `real` over these steps: to what is within reach, and
/// meant to be seen.
fn may_read(names: &impl LinkTree, path: &SourcePath, real: &Path, steps: &[Step]) -> bool {
    let is_linked = |folder: &PathBuf| {
        let below = real.strip_prefix(folder);
        below.is_ok_and(|below| is_hidden(path.as_str()) || !is_hidden(&below.to_string_lossy()))
    };
    if names.linked_dirs().iter().any(is_linked) {
        return true;
    }
    let is_within_reach = real.starts_with(names.bounds()) || is_below_named(names, path, real);
    let exposes_target = |step: &Step| {
        let is_hidden = |name: &str| name.starts_with('.');
        exposes(step, &step.target, is_hidden) || exposes_ignored(names, step, &step.target)
    };
    // What lies below a link's target was asked for by its own name, as it would be
    // without the link, but git's data and what git ignores never is.
    let exposes_rest = |step: &Step| {
        exposes(step, real, |name| name == ".git") || exposes_ignored(names, step, real)
    };
    is_within_reach && !steps.iter().any(exposes_target) && !steps.last().is_some_and(exposes_rest)
}

/// Whether a link leads into a file or folder with such a name that it is not in
/// itself: from `docs/x.md` to `.env`, but not from `.venv/lib64` to `.venv/lib`.
fn exposes(step: &Step, to: &Path, is_kept_back: impl Fn(&str) -> bool) -> bool {
    let has_name = |path: &&Path| {
        let name = path.file_name().unwrap_or_default();
        is_kept_back(&name.to_string_lossy())
    };
    let mut kept_back = to.ancestors().filter(has_name);
    kept_back.any(|path| !step.from.starts_with(path))
}

/// Whether a link leads into something that git ignores and that it is not in
/// itself.
fn exposes_ignored(names: &impl LinkTree, step: &Step, to: &Path) -> bool {
    let ignored = names.ignored(to);
    ignored.is_some_and(|ignored| !step.from.starts_with(ignored))
}

/// Whether `real` is below the first folder outside of the project that `path`
/// names, because the configuration does (`docs_dir: ../docs`).
fn is_below_named(names: &impl LinkTree, path: &SourcePath, real: &Path) -> bool {
    let outside = path.as_str().trim_start_matches("../");
    if !path.leads_out() || outside.is_empty() {
        return false;
    }
    let ups = path.as_str().len() - outside.len();
    let first = outside.split('/').next().unwrap_or_default();
    let first = SourcePath::new(&path.as_str()[..ups + first.len()]);
    let first = names.canonical(&absolute(names.root(), &first));
    first.is_ok_and(|first| real.starts_with(first))
}

/// Whether a part of a path begins with a dot.
fn is_hidden(path: &str) -> bool {
    let hides = |part: &str| part.starts_with('.') && part != "..";
    path.split('/').any(hides)
}

/// Whether a link leads to a folder that contains it or an earlier link: listing
/// such a folder recursively would never end.
fn turns_back(names: &impl LinkTree, steps: &[Step]) -> bool {
    let circle = |(nth, step): (usize, &Step)| {
        let to = names.canonical(&step.to);
        // `to` includes the rest of the path, so only paths that end at a folder
        // are checked; everything deeper is listed through it.
        to.is_ok_and(|to| {
            let holds = |before: &Step| before.from.starts_with(&to);
            names.is_folder(&to) && steps[..=nth].iter().any(holds)
        })
    };
    steps.iter().enumerate().any(circle)
}

/// The path without `.` and `..`, resolved as text.
pub fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
