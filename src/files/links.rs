//! Which symbolic links are followed, wherever the names are kept.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{SourcePath, is_absence};

/// Links that are followed for one path, at most; as many as Linux follows.
const MOST: usize = 40;

/// A symbolic link in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// The paths of the project that it leads over and to.
    pub through: Vec<SourcePath>,
    /// What becomes of it.
    pub way: Way,
}

/// What becomes of a symbolic link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is followed.
    Followed,
    /// It is not followed: it leads out of the project, or back to a folder
    /// that holds it.
    Refused,
    /// Nothing is where it leads.
    Broken,
}

/// Names that may be symbolic links: those of a disk, or of a commit. Which
/// links are followed is the same for all, and said here. All paths are
/// absolute.
pub trait Names {
    /// The project's root, which no link leads to.
    fn root(&self) -> &Path;

    /// The path, all links on it followed, of what is there.
    ///
    /// # Errors
    /// Those of the file system, where nothing is there or it cannot be seen.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;

    /// Where the link at `path` leads, as it is written; `None` where there is
    /// no link.
    fn target(&self, path: &Path) -> Option<PathBuf>;

    /// Which of `parts`, on the way from the real path `at`, is the first that is a
    /// link; `None` where none is.
    fn first_link(&self, at: &Path, parts: &[OsString]) -> Option<usize> {
        let mut path = at.to_owned();
        parts.iter().position(|part| {
            path.push(part);
            self.target(&path).is_some()
        })
    }

    /// Whether a folder is there, perhaps behind links.
    fn is_folder(&self, path: &Path) -> bool;

    /// The names of the links that a folder holds, in any order; none where
    /// there is no such folder, or it cannot be read.
    fn link_names(&self, folder: &Path) -> Vec<String>;
}

/// Where a source lies, without a look at what is there.
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

/// The path to read, unless a link on the way leads out of the project or
/// round in a circle.
///
/// # Errors
/// Those of the file system; `NotFound` where a link is not followed.
pub fn follow(names: &impl Names, path: &SourcePath) -> io::Result<PathBuf> {
    let absolute = absolute(names.root(), path);
    let real = names.canonical(&absolute)?;
    if real == absolute || may_follow(names, path, &real, &walk(names, path).steps) {
        return Ok(real);
    }
    Err(io::ErrorKind::NotFound.into())
}

/// As [`super::System::real`].
pub fn real(names: &impl Names, path: &SourcePath) -> Option<SourcePath> {
    let way = walk(names, path);
    let Some(last) = way.steps.last() else {
        return Some(path.clone());
    };
    if way.ends && may_follow(names, path, &last.to, &way.steps) {
        source(names.root(), &last.to)
    } else {
        None
    }
}

/// As [`super::System::links`].
pub fn passed(names: &impl Names, path: &SourcePath) -> Vec<SourcePath> {
    let steps = walk(names, path).steps.into_iter();
    let led = steps.filter_map(|step| source(names.root(), &step.to));
    led.filter(|to| !to.leads_out() || path.leads_out())
        .collect()
}

/// As [`super::System::links_in`].
pub fn links_in(names: &impl Names, folder: &SourcePath) -> Vec<Link> {
    let Ok(real) = follow(names, folder) else {
        return Vec::new();
    };
    let mut found = names.link_names(&real);
    found.sort();
    let link = |name: String| {
        let path = folder.join(&name);
        let way = match (names.canonical(&real.join(&name)), follow(names, &path)) {
            (Ok(_), Err(_)) => Way::Refused,
            // A circle, for instance. What cannot be looked at is told by who
            // reads it.
            (Err(error), _) if is_absence(&error) => Way::Broken,
            _ => Way::Followed,
        };
        Link {
            through: passed(names, &path),
            way,
            name,
        }
    };
    found.into_iter().map(link).collect()
}

/// One link that was followed on a way.
struct Step {
    /// Where the link lies.
    from: PathBuf,
    /// Where the whole path leads with it.
    to: PathBuf,
}

/// A way through folders.
pub(super) struct Walk {
    /// The links on it, in the order in which they are met.
    steps: Vec<Step>,
    /// Where it leads, all links followed.
    pub(super) end: PathBuf,
    /// Whether it came to an end: there were not too many links.
    pub(super) ends: bool,
}

/// Follows the links on the way to `path` one by one.
fn walk(names: &impl Names, path: &SourcePath) -> Walk {
    let parts = path.as_str().split('/').filter(|part| !part.is_empty());
    let parts = parts.map(OsString::from).collect();
    walk_from(names, names.root().to_owned(), parts)
}

/// Follows the links on the way from `at`, which is a real path, over `parts`.
pub(super) fn walk_from(names: &impl Names, mut at: PathBuf, mut left: VecDeque<OsString>) -> Walk {
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
        // One that is no link any more is passed over.
        let Some(target) = nth.and_then(|_| names.target(&at)) else {
            continue;
        };
        if steps.len() == MOST {
            let ends = false;
            return Walk {
                steps,
                end: at,
                ends,
            };
        }
        let from = at.clone();
        at.pop();
        let mut to = at.join(&target);
        to.extend(&left);
        let to = without_dots(&to);
        steps.push(Step { from, to });
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

/// Whether `path`, which leads to `real` by these steps, is followed there.
fn may_follow(names: &impl Names, path: &SourcePath, real: &Path, steps: &[Step]) -> bool {
    may_read(names, path, real) && !turns_back(names, steps)
}

/// Whether `path` may lead to `real`: inside the project, or for what the
/// configuration names outside of it (`docs_dir: ../docs`), below the
/// first folder outside.
fn may_read(names: &impl Names, path: &SourcePath, real: &Path) -> bool {
    if let Ok(below) = real.strip_prefix(names.root()) {
        // A link does not make public what is hidden (`.git`, `.env`).
        let below = below.to_string_lossy();
        return is_hidden(path.as_str()) || !is_hidden(&below);
    }
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

/// Whether a later link leads to a folder that holds an earlier one: whoever
/// lists such a folder finds itself in it, without end.
fn turns_back(names: &impl Names, steps: &[Step]) -> bool {
    let circle = |(nth, step): (usize, &Step)| {
        let to = names.canonical(&step.to);
        // The rest of the way is part of `to`, so only a way that ends at a
        // folder is measured; whatever lies deeper is listed through it.
        to.is_ok_and(|to| {
            let holds = |before: &Step| before.from.starts_with(&to);
            names.is_folder(&to) && steps[..=nth].iter().any(holds)
        })
    };
    steps.iter().enumerate().any(circle)
}

/// The path without `.` and `..`, by its letters.
fn without_dots(path: &Path) -> PathBuf {
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
