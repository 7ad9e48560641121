//! The ages of a project's files, asked for in the background.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

use super::Blamer;
use super::blocking_files::candidate;
use crate::ages::{Blame, Committed, Dating, LineAges, Unknown};
use crate::files::{Disk, SourcePath};

/// Knows how old the lines of a project's files are.
pub struct Ages {
    disk: Disk,
    blamer: Blamer,
    dating: Dating,
    work: Mutex<Work>,
    more: Condvar,
}

/// What the background threads still have to do.
#[derive(Default)]
struct Work {
    /// Files that were wanted last, not yet checked for which are missing.
    wanted: Option<Arc<[SourcePath]>>,
    /// The same, checked or not, with the work tree that the project was in.
    last: Option<(Arc<[SourcePath]>, Option<PathBuf>)>,
    /// Whether to find out whether they have to be checked again.
    again: bool,
    /// Files to ask git for.
    files: VecDeque<PathBuf>,
}

impl Ages {
    /// The ages of the project on a disk, with a folder in which answers are kept
    /// for the next start.
    pub fn new(disk: Disk, cache: Option<&Path>, dating: Dating) -> Self {
        Self {
            disk,
            blamer: Blamer::new(cache),
            dating,
            work: Mutex::default(),
            more: Condvar::new(),
        }
    }

    /// Starts to ask in the background, for as long as the process runs.
    pub fn begin(self: &Arc<Self>) {
        let most = std::thread::available_parallelism().map_or(1, usize::from);
        for _ in 0..most {
            let ages = self.clone();
            // Without threads, git is asked when a file is looked at.
            let _ = std::thread::Builder::new()
                .name("ages".to_owned())
                .spawn(move || ages.work());
        }
    }

    fn work(&self) {
        lower_priority();
        loop {
            let mut work = self.work.lock();
            self.more.wait_while(&mut work, |work| {
                work.wanted.is_none() && !work.again && work.files.is_empty()
            });
            if std::mem::take(&mut work.again)
                && work.wanted.is_none()
                && let Some((files, top)) = work.last.clone()
            {
                drop(work);
                if top != candidate(self.disk.root()) || !self.blamer.is_current() {
                    self.want_all(files);
                }
                continue;
            }
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
                // Whoever asks for the file gets the same error again.
                let _ = self.blamer.committed(&file);
            }
        }
    }

    /// Asks for these files in the background, unless they are known already, and
    /// no longer for others.
    pub fn want(&self, files: Vec<SourcePath>) {
        self.want_all(files.into());
    }

    fn want_all(&self, files: Arc<[SourcePath]>) {
        let top = candidate(self.disk.root());
        let mut work = self.work.lock();
        work.wanted = Some(files.clone());
        work.last = Some((files, top));
        self.more.notify_one();
    }

    /// Asks for the files that were wanted last once more, if anything about their
    /// history may have changed.
    pub fn want_again(&self) {
        self.work.lock().again = true;
        self.more.notify_one();
    }

    /// How many files are known.
    pub fn known(&self) -> usize {
        self.blamer.count()
    }

    /// How many files are still to be asked for.
    pub fn waiting(&self) -> usize {
        let work = self.work.lock();
        work.wanted.as_ref().map_or(0, |files| files.len()) + work.files.len()
    }

    /// The real path of a file.
    fn path(&self, file: &SourcePath) -> Result<PathBuf, Unknown> {
        let path = self.disk.absolute(file).canonicalize();
        path.map_err(|error| Unknown::Unreadable(error.to_string()))
    }

    /// How old the lines of a file were at a commit.
    ///
    /// # Errors
    /// When git knows nothing about it.
    pub fn blame_at(&self, file: &SourcePath, commit: &str) -> Result<Blame, Unknown> {
        self.blamer.at(&self.disk.absolute(file), commit)
    }

    /// What was last known about a file, whether it is still true or not.
    pub fn last_known(&self, file: &SourcePath) -> Option<Arc<Committed>> {
        self.blamer.last_known(&self.path(file).ok()?)
    }

    /// A number that grows with every answer.
    pub fn generation(&self) -> u64 {
        self.blamer.generation()
    }

    /// Notes for the user; each is returned once.
    pub fn notes(&self) -> Vec<String> {
        self.blamer.notes()
    }
}

impl LineAges for Ages {
    /// Asks git only where the answer is not known yet, so not after a save.
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

/// Lets everything else run first, also before the git processes that this
/// thread starts.
fn lower_priority() {
    // On Linux this affects this thread only.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(15);
}
