//! Writing other folders than a site under the rules of the site folder.

use std::io;
use std::path::PathBuf;

use super::manifest::Names;
use super::protection::{self, ProtectedPaths};
use super::site_folder::SiteFolder;
use super::staging::Staging;
use super::{Options, Site, folders};
use crate::files::{CopyError, Disk, SourcePath, System};
use crate::session::Sites;
use crate::site::queries;

/// Writes the files of a folder, which appear there together once all are written.
pub struct FolderWriter<'s> {
    staging: &'s Staging,
}

impl FolderWriter<'_> {
    /// Writes one file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.staging.write(path, bytes)
    }

    /// Copies a source as it is.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn copy(
        &self,
        path: &str,
        system: &dyn System,
        source: &SourcePath,
    ) -> Result<(), CopyError> {
        self.staging.copy(path, system, source)
    }
}

/// Writes the files of a folder that is made from a project and is not its site:
/// `options.site_dir`, which must be given. The rules are those of a build: nothing
/// is written where that could harm the sources, files of others are kept, and what
/// an earlier call made and this one does not is removed.
///
/// `mark` is one of the files. A folder that builds made without it is a site, and is
/// refused unless `options.adopt`.
///
/// # Errors
/// When the folder cannot or must not be written, or `write` fails. Then it is left
/// as it was.
pub fn write_folder(
    disk: &Disk,
    sites: &Sites,
    options: &Options,
    mark: &str,
    write: &dyn Fn(&FolderWriter<'_>) -> io::Result<()>,
    notice: &dyn Fn(String),
) -> io::Result<PathBuf> {
    let Some(folder) = &options.site_dir else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let target = protection::real(&disk.absolute(folder))?;
    let sources = || {
        let editions = &sites.addresses().editions;
        let configs = editions
            .iter()
            .filter_map(|edition| sites.session(edition).ask(|db| queries::config(db)).1);
        configs.flat_map(|config| folders(disk, &config)).collect()
    };
    let protected = |folders| ProtectedPaths {
        folders,
        files: disk.opened(),
        ..super::protected(disk, options)
    };
    protection::refuse(&target, &protected(sources()))?;
    if target.is_dir() && !options.adopt {
        refuse_sites(&SiteFolder::look(&target, Names::new())?, &target, mark)?;
    }
    let site = Site::open(&target, &target, options.adopt, notice)?;
    write(&FolderWriter {
        staging: &site.staging,
    })?;
    // By now every file is known that it is made from.
    protection::refuse(&target, &protected(Vec::new()))?;
    site.publish(&[], options.adopt, notice)?;
    Ok(target)
}

/// Refuses a folder with a site that was built.
fn refuse_sites(ground: &SiteFolder, target: &std::path::Path, mark: &str) -> io::Result<()> {
    let is_own = ground.owned.contains(std::path::Path::new(mark));
    if ground.owned.is_empty() || is_own {
        return Ok(());
    }
    let message = format!(
        "the folder `{}` contains a site; choose another folder, or replace the site with \
         `--adopt`",
        target.display()
    );
    Err(io::Error::new(io::ErrorKind::AlreadyExists, message))
}
