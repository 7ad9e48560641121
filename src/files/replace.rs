//! Replacing a source by another version of it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Disk, Kind, SourcePath, System as _};

/// Why a file is not replaced.
#[derive(Debug)]
pub enum NotReplaced {
    /// It is not one of the project's own files.
    Foreign,
    /// It has other names, which would keep the old version.
    HardLinked,
    /// It is not what it was.
    Changed,
    /// It cannot be written.
    Failed(io::Error),
}

/// Numbers the files that are written beside others.
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

impl Disk {
    /// Replaces a file of the project that contains `before` by `after`. It keeps its mode,
    /// and links to it stay links. Readers see the old file or the new one.
    ///
    /// # Errors
    /// If it is not a file inside the project, contains something else by now, or cannot be
    /// written. It is as it was then.
    pub fn replace(
        &self,
        source: &SourcePath,
        before: &[u8],
        after: &[u8],
    ) -> Result<(), NotReplaced> {
        let path = self.own_file(source)?;
        let metadata = fs::metadata(&path).map_err(NotReplaced::Failed)?;
        let (beside, mut file) = create_beside(&path).map_err(NotReplaced::Failed)?;
        let written = file
            .write_all(after)
            .and_then(|()| file.set_permissions(metadata.permissions()))
            .and_then(|()| file.sync_all());
        drop(file);
        let replaced = written.and_then(|()| {
            // As late as possible: somebody may have saved it meanwhile.
            let now = fs::read(&path)?;
            if now != before {
                return Ok(false);
            }
            fs::rename(&beside, &path).map(|()| true)
        });
        match replaced {
            Ok(true) => Ok(()),
            not => {
                // Nothing else has this name.
                let _ = fs::remove_file(&beside);
                Err(not.map_or_else(NotReplaced::Failed, |_| NotReplaced::Changed))
            }
        }
    }

    /// The real path of a file of the project that may be replaced.
    ///
    /// # Errors
    /// If it is no such file.
    pub fn own_file(&self, source: &SourcePath) -> Result<PathBuf, NotReplaced> {
        let real = self.real(source).ok_or(NotReplaced::Foreign)?;
        let is_file = matches!(self.kind(source), Ok(Some(Kind::File)));
        if source.leads_out() || real.leads_out() || !is_file {
            return Err(NotReplaced::Foreign);
        }
        let path = self.absolute(&real);
        let metadata = fs::symlink_metadata(&path).map_err(NotReplaced::Failed)?;
        if !metadata.is_file() {
            return Err(NotReplaced::Foreign);
        }
        if names(&metadata) > 1 {
            return Err(NotReplaced::HardLinked);
        }
        if metadata.permissions().readonly() {
            let why = "it may not be written";
            return Err(NotReplaced::Failed(io::Error::new(
                io::ErrorKind::PermissionDenied,
                why,
            )));
        }
        Ok(path)
    }
}

/// How many names a file has.
#[cfg(unix)]
fn names(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn names(_: &fs::Metadata) -> u64 {
    1
}

/// A new file beside another one, hidden like what editors put there.
fn create_beside(path: &Path) -> io::Result<(PathBuf, fs::File)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("."));
    loop {
        let nth = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let beside = folder.join(format!(".{name}.proofroom-{}-{nth}", std::process::id()));
        match fs::File::create_new(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

impl std::fmt::Display for NotReplaced {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Foreign => to.write_str("it is not a file of this project"),
            Self::HardLinked => {
                to.write_str("it has other names (hard links), which would keep the old text")
            }
            Self::Changed => to.write_str("it has changed meanwhile"),
            Self::Failed(error) => write!(to, "it cannot be written: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_if_it_is_what_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = Disk::new(folder.path()).expect("a folder");
        let path = folder.path().join("a.md");
        fs::write(&path, "one").expect("written");
        let source = SourcePath::new("a.md");
        assert!(matches!(
            disk.replace(&source, b"two", b"three"),
            Err(NotReplaced::Changed)
        ));
        disk.replace(&source, b"one", b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"two");
        // Nothing is left beside it.
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        for foreign in ["../a.md", "none.md", ""] {
            let result = disk.replace(&SourcePath::new(foreign), b"", b"x");
            assert!(matches!(result, Err(NotReplaced::Foreign)), "{foreign}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn modes_and_links_are_kept() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let disk = Disk::new(folder.path()).expect("a folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.md"), "one").expect("written");
        fs::set_permissions(at("a.md"), fs::Permissions::from_mode(0o640)).expect("a mode");
        symlink("a.md", at("link.md")).expect("a link");
        disk.replace(&SourcePath::new("link.md"), b"one", b"two")
            .expect("replaced");
        assert!(
            fs::symlink_metadata(at("link.md"))
                .expect("there")
                .is_symlink()
        );
        assert_eq!(fs::read(at("a.md")).expect("read"), b"two");
        let mode = fs::metadata(at("a.md"))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o640);
        fs::hard_link(at("a.md"), at("b.md")).expect("a second name");
        let result = disk.replace(&SourcePath::new("b.md"), b"two", b"three");
        assert!(matches!(result, Err(NotReplaced::HardLinked)));
        let outside = tempfile::tempdir().expect("a folder");
        fs::write(outside.path().join("c.md"), "one").expect("written");
        symlink(outside.path().join("c.md"), at("out.md")).expect("a link");
        let result = disk.replace(&SourcePath::new("out.md"), b"one", b"two");
        assert!(matches!(result, Err(NotReplaced::Foreign)));
    }
}
