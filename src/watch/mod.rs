//! Notices changes on disk: the only importer of notify.
//!
//! Reports paths in batches and never decides what they mean. A finished
//! write (rename into place, close after writing, removal) is reported within
//! two milliseconds; a file that is still being written when it is closed,
//! or when it has been quiet for a while where the system does not tell.

mod pending;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RemoveKind, RenameMode};
use notify::{Config, Event, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::files::{Disk, SourcePath};
use pending::Pending;

/// How often folders are polled where the system reports no changes.
const POLL: Duration = Duration::from_millis(400);

/// What changed on disk since the last batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeBatch {
    /// These paths, files or folders, may have changed, come or gone.
    Paths(Vec<SourcePath>),
    /// Changes were lost; anything may have changed.
    Everything,
}

/// What to watch: folders by path, and whether with all below them.
pub type Folders = BTreeMap<SourcePath, bool>;

/// A running watch. Dropping it ends it.
pub struct Watcher {
    disk: Disk,
    events: RecommendedWatcher,
    polling: PollWatcher,
    /// Folders under watch, and whether with all below them.
    watched: Arc<Mutex<BTreeMap<PathBuf, bool>>>,
}

impl Watcher {
    /// Begins to watch nothing; see [`Watcher::set`]. `report` is called on a
    /// thread of the watcher's own, one batch at a time.
    ///
    /// # Errors
    /// When the system has no means to watch left.
    pub fn new(disk: Disk, report: impl FnMut(ChangeBatch) + Send + 'static) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel::<notify::Result<Event>>();
        let watched = Arc::new(Mutex::new(BTreeMap::new()));
        let polled = sender.clone();
        let events = notify::recommended_watcher(sender).map_err(io::Error::other)?;
        let config = Config::default().with_poll_interval(POLL);
        let polling = PollWatcher::new(polled, config).map_err(io::Error::other)?;
        let listener = Listener {
            disk: disk.clone(),
            watched: watched.clone(),
            pending: Pending::default(),
        };
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || listener.run(&receiver, report))?;
        Ok(Self {
            disk,
            events,
            polling,
            watched,
        })
    }

    /// Watches exactly `folders`. A folder that does not exist is watched for
    /// by the nearest one above it that does.
    ///
    /// Returns the folders that were new, whose files may have changed before
    /// the watch began, and notes on folders that can only be polled.
    pub fn set(&mut self, folders: &Folders) -> (Vec<SourcePath>, Vec<String>) {
        let mut wanted: BTreeMap<PathBuf, bool> = BTreeMap::new();
        for (folder, deep) in folders {
            let (path, deep) = existing(self.disk.absolute(folder), *deep);
            *wanted.entry(path).or_default() |= deep;
        }
        let covered = |path: &Path| {
            let mut above = path.ancestors().skip(1);
            above.any(|above| wanted.get(above).copied().unwrap_or_default())
        };
        let wanted: BTreeMap<PathBuf, bool> = wanted
            .iter()
            .filter(|(path, _)| !covered(path))
            .map(|(path, deep)| (path.clone(), *deep))
            .collect();
        let current = self.lock().clone();
        for path in current
            .keys()
            .filter(|path| wanted.get(*path) != current.get(*path))
        {
            // Fails where the folder is gone, and then there is no watch left.
            let _ = self.events.unwatch(path);
            let _ = self.polling.unwatch(path);
            self.lock().remove(path);
        }
        let mut new = Vec::new();
        let mut notes = Vec::new();
        for (path, deep) in wanted {
            if current.get(&path) == Some(&deep) {
                continue;
            }
            let mode = if deep {
                RecursiveMode::Recursive
            } else {
                RecursiveMode::NonRecursive
            };
            if let Err(error) = self.events.watch(&path, mode) {
                let seconds = POLL.as_secs_f32();
                notes.push(format!(
                    "{} cannot be watched ({error}); it is polled every {seconds} s",
                    path.display()
                ));
                if self.polling.watch(&path, mode).is_err() {
                    continue;
                }
            }
            new.extend(self.disk.source(&path));
            self.lock().insert(path, deep);
        }
        (new, notes)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, bool>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path, or the nearest folder above it that exists, not recursively.
fn existing(path: PathBuf, deep: bool) -> (PathBuf, bool) {
    let mut ancestors = path.ancestors().skip(1);
    if path.is_dir() {
        return (path, deep);
    }
    let above = ancestors.find(|above| above.is_dir()).map(Path::to_owned);
    (above.unwrap_or(path), false)
}

/// The watcher's own thread.
struct Listener {
    disk: Disk,
    watched: Arc<Mutex<BTreeMap<PathBuf, bool>>>,
    pending: Pending,
}

impl Listener {
    fn run(
        mut self,
        receiver: &mpsc::Receiver<notify::Result<Event>>,
        mut report: impl FnMut(ChangeBatch),
    ) {
        loop {
            let event = match self.pending.next() {
                None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => receiver.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match event {
                Ok(event) => self.take(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            while let Ok(event) = receiver.try_recv() {
                self.take(event);
            }
            if let Some(batch) = self.pending.due(Instant::now()) {
                report(batch);
            }
        }
    }

    fn take(&mut self, event: notify::Result<Event>) {
        let now = Instant::now();
        let event = match event {
            Ok(event) if event.need_rescan() => return self.pending.everything(now),
            Ok(event) => event,
            Err(_) => return self.pending.everything(now),
        };
        let finished = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) | EventKind::Remove(_) => true,
            EventKind::Modify(ModifyKind::Name(_)) => true,
            EventKind::Create(notify::event::CreateKind::Folder) => true,
            EventKind::Access(_) => return,
            _ => false,
        };
        let gone = matches!(
            event.kind,
            EventKind::Remove(RemoveKind::Folder | RemoveKind::Any)
                | EventKind::Modify(ModifyKind::Name(RenameMode::From | RenameMode::Both))
        );
        let is_folder = matches!(
            event.kind,
            EventKind::Create(notify::event::CreateKind::Folder)
        );
        for path in &event.paths {
            if gone {
                self.forget(path);
            }
            let Some(source) = self.disk.source(path) else {
                continue;
            };
            if is_noise(&source) {
                continue;
            }
            if finished {
                self.pending.finished(source.clone(), now);
            } else {
                self.pending.unfinished(source.clone(), now);
            }
            if is_folder || event.kind == EventKind::Modify(ModifyKind::Name(RenameMode::To)) {
                // Files may have come before the new folder was under watch.
                self.pending.again(source, now);
            }
        }
    }

    /// A folder that is gone is no longer under watch, even if one of the
    /// same name comes back.
    fn forget(&self, path: &Path) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.retain(|folder, _| !folder.starts_with(path));
    }
}

/// Files that editors and version control leave about.
fn is_noise(path: &SourcePath) -> bool {
    let name = path.name();
    name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".swx")
        || name.starts_with(".#")
        || name == "4913"
        || path
            .as_str()
            .split('/')
            .any(|part| part == ".git" || part == "node_modules")
}

#[cfg(test)]
mod tests;
