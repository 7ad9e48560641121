//! Notices changes on disk: the only importer of notify.
//!
//! Reports paths in batches and never decides what they mean. A finished
//! write (a rename into place, a close after writing) is reported within two
//! milliseconds. A file that is still being written is reported when it is
//! closed or, where the system does not report that, when it has been quiet for
//! a while. Many changes at once, such as a checkout, are reported together
//! when they are over.
//!
//! All paths are real paths: the caller resolves symbolic links before it says
//! what to watch. Where the system reports no changes, folders are polled.

mod ignored_files;
mod listener;
mod marker;
mod mounts;
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
use marker::Marker;
use poll::{PERIOD, Poll};

/// What changed since the last batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeBatch {
    /// These files or folders may have changed, appeared or disappeared.
    Paths(Vec<SourcePath>),
    /// Events were lost; anything may have changed, the time too.
    Everything,
    /// The time that the site is made for, and no file. The watch never reports this: it
    /// is for whoever moves the time (`Invocation::moment`).
    Time,
}

impl ChangeBatch {
    /// The paths that it names; `None` where it does not name them.
    pub fn paths(&self) -> Option<&[SourcePath]> {
        match self {
            Self::Paths(paths) => Some(paths),
            Self::Everything | Self::Time => None,
        }
    }

    /// Merges two batches; each path occurs once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Paths(mut paths), Self::Paths(more)) => {
                paths.extend(more);
                paths.sort();
                paths.dedup();
                Self::Paths(paths)
            }
            (Self::Time, Self::Time) => Self::Time,
            _ => Self::Everything,
        }
    }
}

/// The folders to watch, each with whether everything below it is included.
pub type Folders = BTreeMap<SourcePath, bool>;

/// What the listener thread receives.
enum Message {
    /// An event of the system.
    Event(notify::Result<Event>),
    /// A path that polling found changed.
    Found(PathBuf),
    /// A watched folder may now show another file system.
    Mounted,
}

/// A running watch. Dropping it stops it.
pub struct Watcher {
    disk: Disk,
    /// The system's own events; `None` where there are none.
    events: Option<RecommendedWatcher>,
    poll: Poll,
    state: Shared,
    activity: Arc<Activity>,
    /// Notes about the watch as a whole that were not returned yet.
    notes: Vec<String>,
    /// The folders that are polled, each with the note that says why.
    polled: BTreeMap<PathBuf, String>,
    /// Dropping it stops the check for new mounts.
    _mounts: mpsc::Sender<()>,
}

/// The system's list of what is mounted where.
const MOUNTS: &str = "/proc/self/mountinfo";

/// State that the watcher shares with its listener.
type Shared = Arc<Mutex<State>>;

#[derive(Default)]
struct State {
    /// Watched folders, each with whether everything below it is included.
    watched: BTreeMap<PathBuf, bool>,
    /// Whether folders appeared or disappeared, so that other folders may have
    /// to be watched.
    moved: bool,
    /// Whether events were lost, perhaps including those of new folders.
    lost: bool,
    /// Whether the system refused to watch another folder.
    exhausted: bool,
}

impl Watcher {
    /// Starts a watcher that watches nothing yet; see [`Watcher::set`]. `report`
    /// is called on the watcher's own thread, one batch at a time. With `polls`,
    /// the system's events are not used.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn new(
        disk: Disk,
        polls: bool,
        report: impl FnMut(ChangeBatch) + Send + 'static,
    ) -> io::Result<Self> {
        Self::with_mounts(disk, polls, MOUNTS.into(), report)
    }

    /// The same, reading mounts from another file than the system's.
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
            // Fails only when the listener has stopped, which needs no events.
            let hear = move |event| drop(sender.send(Message::Event(event)));
            // Targets of links are watched by their own paths.
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
        let mut events = events;
        let marker = if cfg!(target_os = "linux") {
            // Without it, a request may see a part of a file in the moment before its event.
            events.as_mut().and_then(|events| Marker::new(events).ok())
        } else {
            None
        };
        let listener = Listener::new(disk.clone(), state.clone(), activity.clone());
        let listener = listener.with_marker(marker.clone());
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || listener.run(&receiver, report))?;
        if let Some(marker) = marker {
            let begun = marker.begun;
            disk.changes().watched_by(marker, begun);
        }
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

    /// Tells how long ago anything happened.
    pub fn activity(&self) -> Arc<Activity> {
        self.activity.clone()
    }

    /// Whether [`Watcher::set`] has something to do even for the same folders:
    /// some appeared, disappeared, or may have been missed.
    pub fn is_stale(&self) -> bool {
        let state = self.state.lock();
        state.moved || state.lost || state.exhausted
    }

    /// Watches exactly `folders`. For a folder that does not exist, the nearest
    /// existing folder above it is watched.
    ///
    /// Returns the folders that are newly watched, whose files may have changed
    /// before the watch started, and notes on folders that are polled from now
    /// on.
    pub fn set(&mut self, folders: &Folders) -> (Vec<SourcePath>, Vec<String>) {
        let polled_before = self.polled.clone();
        let wanted = self.wanted(folders);
        let (mut current, lost, exhausted) = {
            let mut state = self.state.lock();
            state.moved = false;
            let lost = std::mem::take(&mut state.lost);
            let exhausted = std::mem::take(&mut state.exhausted);
            (state.watched.clone(), lost, exhausted)
        };
        if lost {
            // Folders that appeared meanwhile are not watched: start over.
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
            let is_watched = current.get(&path) == Some(&deep);
            if is_watched && !(exhausted && deep) {
                continue;
            }
            if !is_watched {
                self.watch(&path, deep);
            }
            if exhausted && deep && !self.poll.has(&path) {
                self.poll_too(&path, deep, "the system cannot watch any more folders");
            }
            new.extend(self.disk.source(&path));
            self.state.lock().watched.insert(path, deep);
        }
        let mut notes = std::mem::take(&mut self.notes);
        for (path, note) in &self.polled {
            if polled_before.get(path) != Some(note) {
                notes.push(note.clone());
            }
        }
        (new, notes)
    }

    /// The real folders to watch for `folders`, without those that another one
    /// covers.
    fn wanted(&self, folders: &Folders) -> BTreeMap<PathBuf, bool> {
        let mut wanted: BTreeMap<PathBuf, bool> = BTreeMap::new();
        for (folder, deep) in folders {
            let (path, deep) = existing(self.disk.absolute(folder), *deep);
            *wanted.entry(path).or_default() |= deep;
        }
        let is_covered = |path: &Path| {
            let mut above = path.ancestors().skip(1);
            above.any(|above| wanted.get(above) == Some(&true))
        };
        let mut uncovered = wanted.clone();
        uncovered.retain(|path, _| !is_covered(path));
        uncovered
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
            // Part of it may be watched already.
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
        // Fails only where the folder is gone, and its watch with it.
        if let Some(events) = &mut self.events {
            let _ = events.unwatch(path);
        }
        self.poll.remove(path);
        self.polled.remove(path);
    }
}

/// The real path of a folder, or of the nearest existing folder above it, which
/// is then watched without what lies below.
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
