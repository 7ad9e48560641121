//! The lock that lets one build at a time into a folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::manifest::named;
use super::names;

/// Permission to write a site folder, until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Holds the lock as long as it is open.
    _file: File,
}

impl Lock {
    /// Takes the lock of `folder`, which need not exist. If another build holds
    /// it, says which one and waits.
    ///
    /// # Errors
    /// When neither the folder nor its parent can be written.
    pub(super) fn take(folder: &Path, notice: &dyn Fn(String)) -> io::Result<Self> {
        let beside = names::beside(folder, "lock");
        let inside = folder.join(names::LOCK);
        match Self::at(beside, folder, notice) {
            Err(_) if folder.is_dir() => Self::at(inside, folder, notice),
            result => result,
        }
    }

    fn at(path: PathBuf, folder: &Path, notice: &dyn Fn(String)) -> io::Result<Self> {
        loop {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            let mut file = options.open(&path).map_err(|error| named(&path, &error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    let _ = file.read_to_string(&mut holder);
                    let holder = match holder.trim() {
                        "" => String::new(),
                        process => format!(" (process {process})"),
                    };
                    notice(format!(
                        "another build{holder} is writing to `{}`; waiting for it to finish",
                        folder.display()
                    ));
                    file.lock().map_err(|error| named(&path, &error))?;
                }
                Err(TryLockError::Error(error)) => return Err(named(&path, &error)),
            }
            // The previous holder has removed the file, and others may hold a new one.
            if !is_still(&path, &file) {
                continue;
            }
            // Tells waiting builds who holds it; does no harm if it fails.
            let _ = file.rewind().and_then(|()| file.set_len(0));
            let _ = writeln!(file, "{}", std::process::id());
            return Ok(Self { path, _file: file });
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still locked: nobody else can have it open and locked.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the path still names the open file.
fn is_still(path: &Path, file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let (Ok(named), Ok(open)) = (fs::symlink_metadata(path), file.metadata()) else {
            return false;
        };
        (named.dev(), named.ino()) == (open.dev(), open.ino())
    }
    #[cfg(not(unix))]
    {
        // An open file cannot be removed there.
        let _ = file;
        path.exists()
    }
}
