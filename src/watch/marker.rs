use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use parking_lot::{Condvar, Mutex};

use crate::files::{EventOrder, change_time};

/// How long an event may take until we give up on the marker for good.
const PATIENCE: Duration = Duration::from_secs(5);

/// A file of our own that is watched with the others. The system reports changes in the
/// order in which they were made: once a change of this file has been reported, so has
/// everything before it.
///
/// The file has no name once it is watched, so nothing is left of it.
#[derive(Debug)]
pub(super) struct Marker {
    path: PathBuf,
    /// When it was made, as a time of files.
    pub(super) begun: u128,
    /// Writing waits until the last change was reported, so that each is reported alone.
    file: Mutex<File>,
    reported: Mutex<u64>,
    is_reported: Condvar,
    is_broken: AtomicBool,
}

/// How the names of folders of markers begin.
pub(super) const PREFIX: &str = ".proofroom-marker-";

/// Tells markers of this process apart.
static NEXT: AtomicU64 = AtomicU64::new(0);

impl Marker {
    /// Begins to watch a marker among the temporary files.
    ///
    /// # Errors
    /// When no file can be created or watched there.
    pub(super) fn new(events: &mut RecommendedWatcher) -> io::Result<Arc<Self>> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}-{number}", std::process::id());
        // In a folder of its own: whoever watches a folder hears of files in it that have no
        // name any more.
        let folder = std::env::temp_dir().canonicalize()?.join(name);
        fs::create_dir(&folder)?;
        let path = folder.join("marker");
        let mut begin = || {
            let mut options = OpenOptions::new();
            let file = options.write(true).create_new(true).open(&path)?;
            let watched = events.watch(&path, RecursiveMode::NonRecursive);
            watched.map(|()| file).map_err(io::Error::other)
        };
        let begun = begin();
        // They are missing only where something else has removed them.
        let _ = fs::remove_file(&path);
        let _ = fs::remove_dir(&folder);
        let file = begun?;
        Ok(Arc::new(Self {
            path,
            begun: change_time(&file.metadata()?),
            file: Mutex::new(file),
            reported: Mutex::new(0),
            is_reported: Condvar::new(),
            is_broken: AtomicBool::new(false),
        }))
    }

    /// Whether an event is about the marker.
    pub(super) fn is(&self, path: &Path) -> bool {
        path == self.path
    }

    /// A change of the marker was reported.
    pub(super) fn report(&self) {
        *self.reported.lock() += 1;
        self.is_reported.notify_all();
    }

    fn write(&self) -> io::Result<u128> {
        let mut file = self.file.lock();
        let mut reported = self.reported.lock();
        let before = *reported;
        file.rewind()?;
        file.write_all(b".")?;
        let at = change_time(&file.metadata()?);
        while *reported == before {
            if self
                .is_reported
                .wait_for(&mut reported, PATIENCE)
                .timed_out()
            {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        Ok(at)
    }
}

impl EventOrder for Marker {
    fn catch_up(&self) -> Option<u128> {
        if self.is_broken.load(Ordering::Relaxed) {
            return None;
        }
        let at = self.write();
        if at.is_err() {
            self.is_broken.store(true, Ordering::Relaxed);
        }
        at.ok()
    }
}
