//! The ages of a project's files: kept at hand by asking in the background.

mod site;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::git::{Blamer, Unknown};
use crate::ages::{Blame, Committed, Dating};
use crate::files::{Disk, SourcePath};

pub use site::{BlockAge, Dated, PageAge, SiteAges, site_ages};

/// Tells how old the lines of a project's files are.
pub struct Ages {
    disk: Disk,
    blamer: Blamer,
    /// Which date of a commit counts.
    pub dating: Dating,
    waiting: Mutex<VecDeque<PathBuf>>,
    more: Condvar,
}

impl Ages {
    /// Of the project on a disk, with a folder for what is to be found again
    /// at the next start.
    pub fn new(disk: Disk, cache: Option<&Path>, dating: Dating) -> Self {
        Self {
            disk,
            blamer: Blamer::new(cache),
            dating,
            waiting: Mutex::default(),
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
            let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let mut waiting = self
                .more
                .wait_while(waiting, |waiting| waiting.is_empty())
                .unwrap_or_else(PoisonError::into_inner);
            let next = waiting.pop_front();
            drop(waiting);
            if let Some(file) = next {
                // What cannot be known is found out again by whoever asks.
                let _ = self.blamer.committed(&file);
            }
        }
    }

    /// Asks for these files in the background, where they are not at hand.
    pub fn want(&self, files: impl IntoIterator<Item = SourcePath>) {
        let paths = files.into_iter().filter_map(|file| self.path(&file).ok());
        let missing: VecDeque<PathBuf> = paths
            .filter(|path| self.blamer.at_hand(path).is_none())
            .collect();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = missing;
        self.more.notify_all();
    }

    /// How many files are still to be asked for.
    pub fn waiting(&self) -> usize {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// The file itself, where a link leads to it.
    fn path(&self, file: &SourcePath) -> Result<PathBuf, Unknown> {
        let path = self.disk.absolute(file).canonicalize();
        path.map_err(|error| Unknown::Unreadable(error.to_string()))
    }

    /// Where each line of a file's text comes from. Git is asked only where
    /// the answer is not at hand: not after a save.
    ///
    /// # Errors
    /// When git knows nothing of it.
    pub fn of(&self, file: &SourcePath, text: &str) -> Result<Blame, Unknown> {
        let committed = self.blamer.committed(&self.path(file)?)?;
        Ok(committed.of_text(text.as_bytes()))
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

/// Lets everything else run first. The git processes that this thread starts
/// do so too.
fn step_back() {
    // On Linux this concerns the thread alone.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(15);
}
