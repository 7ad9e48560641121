//! Which links the base of a review has, in its commit and on disk.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::base_files::{BaseFiles, Place, absent};
use super::entries::Node;
use super::link_walk::{self, Found};
use crate::files::links::LinkTree;

/// The parts of `path` below `folder`, one of its ancestors.
fn parts_below(path: &Path, folder: &Path) -> Vec<OsString> {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts = below.components();
    parts.map(|part| part.as_os_str().to_owned()).collect()
}

impl BaseFiles {
    /// Follows the links on the way to an absolute path.
    fn walk(&self, path: &Path) -> io::Result<PathBuf> {
        link_walk::follow(path, &|at| {
            // The root of the work tree is a real path.
            if self.tree.top().starts_with(at) {
                return Ok(Found::Folder);
            }
            match self.place(at)? {
                Place::Absent => absent(),
                Place::Commit(entry) => match entry.node {
                    Node::Folder => Ok(Found::Folder),
                    Node::Link => Ok(Found::Link(self.tree.link_target(&entry)?)),
                    Node::File | Node::Unnamed => Ok(Found::File),
                    Node::Submodule => absent(),
                },
                Place::Disk(_) => {
                    let kind = fs::symlink_metadata(at)?.file_type();
                    Ok(if kind.is_symlink() {
                        Found::Link(fs::read_link(at)?)
                    } else if kind.is_dir() {
                        Found::Folder
                    } else {
                        Found::File
                    })
                }
            }
        })
    }
}

impl LinkTree for BaseFiles {
    fn root(&self) -> &Path {
        self.disk.root()
    }

    fn bounds(&self) -> &Path {
        self.tree.top()
    }

    fn linked_dirs(&self) -> Vec<PathBuf> {
        let folders = self.linked_dirs.read();
        let real = |folder| self.canonical(&self.disk.absolute(folder)).ok();
        folders.iter().filter_map(real).collect()
    }

    fn ignored(&self, path: &Path) -> Option<PathBuf> {
        self.ignored.rules().ignored(path)
    }

    fn ignore_files(&self, path: &Path) -> Vec<PathBuf> {
        self.ignored.rules().files(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        let on_disk = match self.tree.reach(path)? {
            Some(reached) if reached.is_plain() => return Ok(path.to_owned()),
            Some(reached) if reached.entry.node == Node::Link => None,
            Some(reached) => {
                // Most paths that are not in the commit do not exist at all.
                if let Some(missing) = &reached.missing {
                    fs::symlink_metadata(missing)?;
                }
                reached.missing
            }
            None => path.ancestors().last().map(Path::to_owned),
        };
        if let Some(first) = on_disk {
            let at = first.parent().unwrap_or(&first);
            if self.disk.first_link(at, &parts_below(path, at)).is_none() {
                return match self.place(path)? {
                    Place::Disk(_) => fs::symlink_metadata(path).map(|_| path.to_owned()),
                    Place::Commit(_) | Place::Absent => absent(),
                };
            }
        }
        self.walk(path)
    }

    fn target(&self, path: &Path) -> Option<PathBuf> {
        match self.place(path).ok()? {
            Place::Commit(entry) if entry.node == Node::Link => self.tree.link_target(&entry).ok(),
            Place::Disk(_) => fs::read_link(path).ok(),
            Place::Commit(_) | Place::Absent => None,
        }
    }

    fn first_link(&self, at: &Path, parts: &[OsString]) -> Option<usize> {
        let mut path = at.to_owned();
        path.extend(parts);
        let reached = match self.tree.reach(&path) {
            Ok(Some(reached)) => reached,
            Ok(None) => return self.disk.first_link(at, parts),
            Err(_) => return None,
        };
        let count = |path: &Path| path.components().count();
        let end = reached.missing.as_deref();
        let end = end.map_or(&*path, |first| first.parent().unwrap_or(first));
        match reached.entry.node {
            Node::Link => (count(end) - 1).checked_sub(count(at)),
            Node::Folder | Node::Submodule if reached.missing.is_some() => {
                // Below this folder of the commit, everything is on disk.
                let start = if end.starts_with(at) { end } else { at };
                let found = self.disk.first_link(start, &parts_below(&path, start))?;
                let nth = count(start) - count(at) + found;
                let link: PathBuf = at
                    .components()
                    .chain(parts[..=nth].iter().map(|part| Component::Normal(part)))
                    .collect();
                matches!(self.place(&link), Ok(Place::Disk(_))).then_some(nth)
            }
            Node::Folder | Node::Submodule | Node::File | Node::Unnamed => None,
        }
    }

    fn is_folder(&self, path: &Path) -> bool {
        let place = self.canonical(path).map(|real| (self.place(&real), real));
        match place {
            Ok((Ok(Place::Commit(entry)), _)) => entry.node == Node::Folder,
            Ok((Ok(Place::Disk(_)), real)) => real.is_dir(),
            _ => false,
        }
    }

    fn link_names(&self, folder: &Path) -> Vec<String> {
        self.entries(folder)
            .map_or_else(|_| Vec::new(), |(_, links)| links)
    }
}
