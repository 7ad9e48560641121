//! The folder in which a new site is written before it is published.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use super::manifest::{self, Names, named};
use super::names;
use super::site_folder::SiteFolder;
use super::{cleanup, patch};
use crate::files::{CopyError, SourcePath, System};

/// How many names are tried for a folder: leftovers that cannot be removed may
/// already use some of them.
const TRIES: usize = 1000;

/// A folder in which a new site is written.
pub(super) struct Staging {
    /// The folder.
    folder: PathBuf,
    /// The site folder it will become.
    target: PathBuf,
    /// Whether it lies beside the site folder and can be exchanged with it.
    is_beside: bool,
    /// The files that were written.
    names: Mutex<Vec<String>>,
    /// The folders in it that are there already.
    folders: Mutex<HashSet<String>>,
    /// Whether none of it is published yet, so that all of it may be discarded.
    is_new: bool,
}

/// The result of publishing.
#[derive(Debug, Default)]
pub(super) struct Published {
    /// How many files of the old site were removed.
    pub(super) removed: usize,
    /// Sentences for the user.
    pub(super) notes: Vec<String>,
}

impl Staging {
    /// Creates an empty folder for the site in `target`: beside it if the two can
    /// be exchanged, otherwise in it. The lock of `target` must be held, and the
    /// remains of killed builds cleared.
    ///
    /// # Errors
    /// When neither folder can be written.
    pub(super) fn new(target: &Path, ground: &SiteFolder) -> io::Result<Self> {
        // A folder without a manifest is patched in place: after an interrupted
        // exchange it would be mistaken for a site that was never finished.
        if ground.has_manifest || !ground.exists || ground.is_empty() {
            let beside = Self::create(target, true);
            if beside.is_ok() || !ground.exists {
                return beside;
            }
        }
        Self::create(target, false)
    }

    fn create(target: &Path, is_beside: bool) -> io::Result<Self> {
        let mut failure = io::ErrorKind::AlreadyExists.into();
        for _ in 0..TRIES {
            let folder = if is_beside {
                names::beside(target, &names::unique())
            } else {
                target.join(names::inside())
            };
            match fs::create_dir(&folder) {
                Ok(()) => {
                    return Ok(Self {
                        folder,
                        target: target.to_owned(),
                        is_beside,
                        names: Mutex::default(),
                        folders: Mutex::default(),
                        is_new: true,
                    });
                }
                Err(error) => {
                    let is_taken = error.kind() == io::ErrorKind::AlreadyExists;
                    failure = named(&folder, &error);
                    if !is_taken {
                        break;
                    }
                }
            }
        }
        Err(failure)
    }

    /// Writes one output.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, output: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.place(output)?;
        fs::write(&path, bytes).map_err(|error| named(&path, &error))
    }

    /// Copies a source as it is.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub(super) fn copy(
        &self,
        output: &str,
        system: &dyn System,
        source: &SourcePath,
    ) -> Result<(), CopyError> {
        let path = self.place(output).map_err(CopyError::Writing)?;
        system.copy(source, &path).map_err(|error| match error {
            CopyError::Writing(error) => CopyError::Writing(named(&path, &error)),
            error => error,
        })
    }

    /// The path for an output, which is part of the site from now on.
    fn place(&self, output: &str) -> io::Result<PathBuf> {
        let folder = output.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_there = folder.is_empty() || self.folders.lock().contains(folder);
        if !is_there {
            let path = self.folder.join(folder);
            fs::create_dir_all(&path).map_err(|error| named(&path, &error))?;
            self.folders.lock().insert(folder.to_owned());
        }
        let path = self.folder.join(output);
        self.names.lock().push(output.to_owned());
        Ok(path)
    }

    /// Puts the new site in the place of the old one. Files of others are kept,
    /// and so is everything below `keep`. With `overwrites`, outputs may replace
    /// files of others that have the same names.
    ///
    /// # Errors
    /// When a file of others is in the way, or something cannot be written.
    pub(super) fn publish(
        mut self,
        ground: &SiteFolder,
        keep: &[String],
        overwrites: bool,
    ) -> io::Result<Published> {
        let new = std::mem::take(self.names.get_mut());
        let new: Names = new.into_iter().map(PathBuf::from).collect();
        self.refuse_what_is_in_the_way(ground, &new, overwrites)?;
        let is_kept = |name: &&PathBuf| keep.iter().any(|folder| name.starts_with(folder));
        let kept: Names = ground.owned.iter().filter(is_kept).cloned().collect();
        let all: Names = new.union(&kept).cloned().collect();
        manifest::write(&self.folder, &all)?;
        let old: Names = ground.owned.difference(&all).cloned().collect();
        let mut published = Published {
            removed: old.len(),
            notes: Vec::new(),
        };
        if !ground.exists {
            self.is_new = false;
            let renamed = fs::rename(&self.folder, &self.target);
            renamed.map_err(|error| named(&self.target, &error))?;
            return Ok(published);
        }
        if self.is_beside {
            if exchange(&self.folder, &self.target).is_ok() {
                self.is_new = false;
                let owned: Names = ground.owned.difference(&kept).cloned().collect();
                published.notes = cleanup::clear_old(&self.folder, &self.target, &owned);
                return Ok(published);
            }
            // It is a mount point, or the file system cannot exchange folders.
            self.move_inside()?;
        }
        self.is_new = false;
        patch::patch(&self.target, &self.folder, &new, &old)?;
        Ok(published)
    }

    /// Moves the new site into the folder of the old one.
    fn move_inside(&mut self) -> io::Result<()> {
        let mut inside = Self::create(&self.target, false)?;
        if fs::remove_dir(&inside.folder)
            .and_then(|()| fs::rename(&self.folder, &inside.folder))
            .is_err()
        {
            fs::create_dir_all(&inside.folder).map_err(|error| named(&inside.folder, &error))?;
            copy_all(&self.folder, &inside.folder)?;
        }
        std::mem::swap(&mut self.folder, &mut inside.folder);
        // `inside` now owns the folder beside, and removes it when dropped.
        Ok(())
    }

    /// Refuses to publish where a file of others has the name of an output, or is
    /// where an output needs a folder.
    fn refuse_what_is_in_the_way(
        &self,
        ground: &SiteFolder,
        new: &Names,
        overwrites: bool,
    ) -> io::Result<()> {
        let mut obstacles = Vec::new();
        for name in &ground.foreign {
            self.collect_obstacles(name, new, overwrites, &mut obstacles)?;
        }
        if obstacles.is_empty() {
            return Ok(());
        }
        let first = obstacles.iter().take(5);
        let first = first.map(|name| format!("`{}`", name.display()));
        let first = first.collect::<Vec<_>>().join(", ");
        let more = match obstacles.len() {
            0..=5 => String::new(),
            all => format!(" and {} more", all - 5),
        };
        let message = format!(
            "the site folder contains {first}{more}, which no build made, where the new site has \
             files of its own; move them away, or overwrite them with `--adopt`"
        );
        Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
    }

    /// Adds what is in the way of `new` among `name`, which belongs to others, and
    /// what lies below it.
    fn collect_obstacles(
        &self,
        name: &Path,
        new: &Names,
        overwrites: bool,
        obstacles: &mut Vec<PathBuf>,
    ) -> io::Result<()> {
        let old = self.target.join(name);
        let is_folder = old.symlink_metadata()?.is_dir();
        let is_in_a_file = name.ancestors().skip(1).any(|above| new.contains(above));
        let holds_output = manifest::any_below(new, name);
        if is_folder && holds_output {
            for entry in fs::read_dir(&old).map_err(|error| named(&old, &error))? {
                let name = name.join(entry?.file_name());
                self.collect_obstacles(&name, new, overwrites, obstacles)?;
            }
        } else if is_in_a_file || holds_output || (is_folder && new.contains(name)) {
            obstacles.push(name.to_owned());
        } else if new.contains(name) && !overwrites {
            let is_file = old.symlink_metadata()?.is_file();
            if !is_file || fs::read(&old)? != fs::read(self.folder.join(name))? {
                obstacles.push(name.to_owned());
            }
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // This build made everything in it. What cannot be removed is cleared
        // away by the next build.
        if self.is_new {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Copies the contents of a folder to another.
fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            fs::create_dir(&new)?;
            copy_all(&old, &new)?;
        } else {
            fs::copy(&old, &new).map_err(|error| named(&new, &error))?;
        }
    }
    Ok(())
}

/// Exchanges two folders in one step.
#[cfg(target_os = "linux")]
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE)?)
}

/// Other systems have no such step.
#[cfg(not(target_os = "linux"))]
fn exchange(_new: &Path, _old: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
