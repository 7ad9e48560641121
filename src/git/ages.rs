//! The ages of a project's files: kept at hand by asking in the background.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

use super::Blamer;
use crate::ages::{Blame, Blames, Committed, Dating, Unknown};
use crate::files::{Disk, SourcePath};

/// Tells how old the lines of a project's files are.
pub struct Ages {
    disk: Disk,
    blamer: Blamer,
    dating: Dating,
    work: Mutex<Work>,
    more: Condvar,
}

/// What the background still has to do.
#[derive(Default)]
struct Work {
    /// Files that may have to be asked for.
    wanted: Option<Vec<SourcePath>>,
    /// Files to ask for.
    files: VecDeque<PathBuf>,
}

impl Ages {
    /// Of the project on a disk, with a folder for what is to be found again
    /// at the next start.
    pub fn new(disk: Disk, cache: Option<&Path>, dating: Dating) -> Self {
        Self {
            disk,
            blamer: Blamer::new(cache),
            dating,
            work: Mutex::default(),
            more: Condvar::new(),
        }
    }

    /// Begins to ask in the background, for as long as the process lives.
    pub fn begin(self: &Arc<Self>) {
        let most = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..most {
            let ages = self.clone();
            // Without threads files are asked for when they are looked at.
            let _ = std::thread::Builder::new()
                .name("ages".to_owned())
                .spawn(move || ages.work());
        }
    }

    fn work(&self) {
        step_back();
        loop {
            let mut work = self.work.lock();
            self.more.wait_while(&mut work, |work| {
                work.wanted.is_none() && work.files.is_empty()
            });
            if let Some(wanted) = work.wanted.take() {
                drop(work);
                let paths = wanted.iter().filter_map(|file| self.path(file).ok());
                let missing = self.blamer.missing(paths);
                self.work.lock().files = missing.into();
                self.more.notify_all();
                continue;
            }
            let next = work.files.pop_front();
            drop(work);
            if let Some(file) = next {
                // What cannot be known is found out again by whoever asks.
                let _ = self.blamer.committed(&file);
            }
        }
    }

    /// Asks for these files in the background, where they are not at hand, and
    /// no longer for others.
    pub fn want(&self, files: Vec<SourcePath>) {
        self.work.lock().wanted = Some(files);
        self.more.notify_one();
    }

    /// How many files are known.
    pub fn known(&self) -> usize {
        self.blamer.count()
    }

    /// How many files are still to be asked for.
    pub fn waiting(&self) -> usize {
        let work = self.work.lock();
        work.wanted.as_ref().map_or(0, Vec::len) + work.files.len()
    }

    /// The file itself, where a link leads to it.
    fn path(&self, file: &SourcePath) -> Result<PathBuf, Unknown> {
        let path = self.disk.absolute(file).canonicalize();
        path.map_err(|error| Unknown::Unreadable(error.to_string()))
    }

    /// What was last known of a file, whether it still holds or not.
    pub fn last_known(&self, file: &SourcePath) -> Option<Arc<Committed>> {
        self.blamer.last_known(&self.path(file).ok()?)
    }

    /// Counts what became known.
    pub fn generation(&self) -> u64 {
        self.blamer.generation()
    }

    /// What else is to be said; each once.
    pub fn notes(&self) -> Vec<String> {
        self.blamer.notes()
    }
}

impl Blames for Ages {
    /// Git is asked only where the answer is not at hand: not after a save.
    fn blame(&self, file: &SourcePath, text: &str) -> Result<Blame, Unknown> {
        let path = self.path(file)?;
        let committed = self.blamer.committed(&path);
        if let (Err(_), Some(folder)) = (&committed, path.parent()) {
            self.blamer.retry(folder);
        }
        Ok(committed?.of_text(text.as_bytes()))
    }

    fn dating(&self) -> Dating {
        self.dating
    }
}

/// Lets everything else run first. The git processes that this thread starts
/// do so too.
fn step_back() {
    // On Linux this concerns the thread alone.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(15);
}
