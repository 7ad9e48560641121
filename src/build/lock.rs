//! One build at a time into one folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::manifest::named;
use super::names;

/// Leave to write one site folder, until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Holds the lock as long as it is open.
    _file: File,
}

impl Lock {
    /// Takes the lock of `folder`, which need not be there. Where another build
    /// holds it, says who does and waits.
    ///
    /// # Errors
    /// When neither the folder nor the one it lies in can be written.
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
                        "another build{holder} writes to `{}`; waiting until it ends",
                        folder.display()
                    ));
                    file.lock().map_err(|error| named(&path, &error))?;
                }
                Err(TryLockError::Error(error)) => return Err(named(&path, &error)),
            }
            // Whoever held it has removed it, and others may hold a new one.
            if !is_still(&path, &file) {
                continue;
            }
            // For whoever waits; that it cannot be written harms nothing.
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
