//! Notices changes on disk: the only importer of notify.
//!
//! Reports paths in batches and never decides what they mean. A finished
//! write (rename into place, close after writing) is reported within two
//! milliseconds; a file that is still being written when it is closed, or
//! when it has been quiet for a while where the system does not tell; many
//! changes at once, such as a checkout, together when they are over.
//!
//! Paths are real ones: symbolic links are followed by whoever says what is
//! to be watched. Where the system reports no changes, folders are polled.

mod listener;
mod mounts;
mod noise;
mod pending;
mod poll;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;

use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use parking_lot::Mutex;

use crate::files::{Disk, SourcePath};
pub use listener::Activity;
use listener::Listener;
use poll::{PERIOD, Poll};

/// What changed on disk since the last batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeBatch {
    /// These paths, files or folders, may have changed, come or gone.
    Paths(Vec<SourcePath>),
    /// Changes were lost; anything may have changed.
    Everything,
}

impl ChangeBatch {
    /// Both in one, each path once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Paths(mut paths), Self::Paths(more)) => {
                paths.extend(more);
                paths.sort();
                paths.dedup();
                Self::Paths(paths)
            }
            _ => Self::Everything,
        }
    }
}

/// What to watch: folders by path, and whether with all below them.
pub type Folders = BTreeMap<SourcePath, bool>;

/// What the listener hears.
enum Message {
    /// From the system.
    Event(notify::Result<Event>),
    /// A path that was found changed by polling.
    Found(PathBuf),
    /// A folder under watch may show another file system.
    Mounted,
}

/// A running watch. Dropping it ends it.
pub struct Watcher {
    disk: Disk,
    /// The system's own events; `None` where there are none to be had.
    events: Option<RecommendedWatcher>,
    poll: Poll,
    state: Shared,
    activity: Arc<Activity>,
    /// What is to be said of the watch as a whole.
    notes: Vec<String>,
    /// Why folders are polled that are.
    polled: BTreeMap<PathBuf, String>,
    /// Ends the look at mounts when it goes.
    _mounts: mpsc::Sender<()>,
}

/// The system's list of what is mounted where.
const MOUNTS: &str = "/proc/self/mountinfo";

/// What the watcher and its listener both know.
type Shared = Arc<Mutex<State>>;

#[derive(Default)]
struct State {
    /// Folders under watch, and whether with all below them.
    watched: BTreeMap<PathBuf, bool>,
    /// Whether folders came or went, so that what is watched may have to
    /// change.
    moved: bool,
    /// Whether events were lost, and with them perhaps new folders.
    lost: bool,
    /// Whether the system would not watch a new folder.
    exhausted: bool,
}

impl Watcher {
    /// Begins to watch nothing; see [`Watcher::set`]. `report` is called on a
    /// thread of the watcher's own, one batch at a time. With `polls`, the
    /// system's events are not asked for.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub fn new(
        disk: Disk,
        polls: bool,
        report: impl FnMut(ChangeBatch) + Send + 'static,
    ) -> io::Result<Self> {
        Self::with_mounts(disk, polls, MOUNTS.into(), report)
    }

    /// The same with another list of mounts than the system's.
    fn with_mounts(
        disk: Disk,
        polls: bool,
        mounts: PathBuf,
        report: impl FnMut(ChangeBatch) + Send + 'static,
    ) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel();
        let state = Shared::default();
        let activity = Arc::new(Activity::default());
        let mut notes = Vec::new();
        let events = (!polls).then(|| {
            let sender = sender.clone();
            // A listener that is gone needs no events.
            let hear = move |event| drop(sender.send(Message::Event(event)));
            // What links lead to is watched by its own path.
            let config = Config::default().with_follow_symlinks(false);
            RecommendedWatcher::new(hear, config)
        });
        let events = match events {
            Some(Ok(events)) => Some(events),
            Some(Err(error)) => {
                let seconds = PERIOD.as_secs_f32();
                notes.push(format!(
                    "the system reports no changes ({error}); files are polled every {seconds} s"
                ));
                None
            }
            None => None,
        };
        let listener = Listener::new(disk.clone(), state.clone(), activity.clone());
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || listener.run(&receiver, report))?;
        Ok(Self {
            disk,
            events,
            _mounts: mounts::watch(mounts, state.clone(), sender.clone())?,
            polled: BTreeMap::new(),
            poll: Poll::new(sender),
            state,
            activity,
            notes,
        })
    }

    /// How long ago anything was heard.
    pub fn activity(&self) -> Arc<Activity> {
        self.activity.clone()
    }

    /// Whether [`Watcher::set`] has something to do though the same folders
    /// are wanted: some came, went, or were lost.
    pub fn is_stale(&self) -> bool {
        let state = self.state.lock();
        state.moved || state.lost || state.exhausted
    }

    /// Watches exactly `folders`. A folder that does not exist is watched for
    /// by the nearest one above it that does.
    ///
    /// Returns the folders that were new, whose files may have changed before
    /// the watch began, and notes on folders that can only be polled and could
    /// be watched before.
    pub fn set(&mut self, folders: &Folders) -> (Vec<SourcePath>, Vec<String>) {
        let polled = self.polled.clone();
        let wanted = self.wanted(folders);
        let (mut current, lost, exhausted) = {
            let mut state = self.state.lock();
            state.moved = false;
            let lost = std::mem::take(&mut state.lost);
            let exhausted = std::mem::take(&mut state.exhausted);
            (state.watched.clone(), lost, exhausted)
        };
        if lost {
            // What came meanwhile is under no watch: all anew.
            for path in std::mem::take(&mut current).into_keys() {
                self.unwatch(&path);
                self.state.lock().watched.remove(&path);
            }
        }
        let gone = current
            .keys()
            .filter(|path| wanted.get(*path) != current.get(*path));
        for path in gone {
            self.unwatch(path);
            self.state.lock().watched.remove(path);
        }
        let mut new = Vec::new();
        for (path, deep) in wanted {
            let known = current.get(&path) == Some(&deep);
            if known && !(exhausted && deep) {
                continue;
            }
            if !known {
                self.watch(&path, deep);
            }
            if exhausted && deep && !self.poll.has(&path) {
                self.poll_too(&path, deep, "the system watches no more folders");
            }
            new.extend(self.disk.source(&path));
            self.state.lock().watched.insert(path, deep);
        }
        let mut notes = std::mem::take(&mut self.notes);
        let is_new = |(path, note): &(&PathBuf, &String)| polled.get(*path) != Some(*note);
        notes.extend(
            self.polled
                .iter()
                .filter(is_new)
                .map(|(_, note)| note.clone()),
        );
        (new, notes)
    }

    /// The real folders to watch for `folders`, those left out that lie below
    /// another.
    fn wanted(&self, folders: &Folders) -> BTreeMap<PathBuf, bool> {
        let mut wanted: BTreeMap<PathBuf, bool> = BTreeMap::new();
        for (folder, deep) in folders {
            let (path, deep) = existing(self.disk.absolute(folder), *deep);
            *wanted.entry(path).or_default() |= deep;
        }
        let covered = |path: &Path| {
            let mut above = path.ancestors().skip(1);
            above.any(|above| wanted.get(above).copied().unwrap_or_default())
        };
        let mut kept = wanted.clone();
        kept.retain(|path, _| !covered(path));
        kept
    }

    fn watch(&mut self, path: &Path, deep: bool) {
        let Some(events) = &mut self.events else {
            self.poll.add(path, deep);
            return;
        };
        let mode = if deep {
            RecursiveMode::Recursive
        } else {
            RecursiveMode::NonRecursive
        };
        if let Err(error) = events.watch(path, mode) {
            // Part of it may be under watch already.
            let _ = events.unwatch(path);
            self.poll_too(path, deep, &error.to_string());
        } else if let Some(kind) = mounts::silent(path) {
            let why = format!("{kind} does not report all changes");
            self.poll_too(path, deep, &why);
        }
    }

    fn poll_too(&mut self, path: &Path, deep: bool, why: &str) {
        self.poll.add(path, deep);
        let note = format!(
            "{} is polled every {} s: {why}",
            path.display(),
            PERIOD.as_secs_f32()
        );
        self.polled.insert(path.to_owned(), note);
    }

    fn unwatch(&mut self, path: &Path) {
        // Fails where the folder is gone, and then there is no watch left.
        if let Some(events) = &mut self.events {
            let _ = events.unwatch(path);
        }
        self.poll.remove(path);
        self.polled.remove(path);
    }
}

/// The real path, or the nearest folder above it that exists, that one not
/// with all below it.
fn existing(path: PathBuf, deep: bool) -> (PathBuf, bool) {
    if let Ok(real) = fs::canonicalize(&path)
        && real.is_dir()
    {
        return (real, deep);
    }
    let mut above = path.ancestors().skip(1);
    let above = above.find_map(|above| {
        let real = fs::canonicalize(above).ok()?;
        real.is_dir().then_some(real)
    });
    (above.unwrap_or(path), false)
}

#[cfg(test)]
mod tests;
