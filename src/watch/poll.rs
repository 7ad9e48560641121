//! Polls files where the system does not report changes. notify's own poller is
//! not used because it compares whole seconds.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

use super::Message;

/// How often files are looked at.
pub(super) const PERIOD: Duration = Duration::from_millis(400);
/// How coarse a disk's clock may be. A file that was written within this time
/// before a look may be written again with the same timestamp.
const TICK: Duration = Duration::from_secs(2);

/// What one look at a path saw; differs where the path changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Snapshot {
    is_folder: bool,
    size: u64,
    modified: Option<SystemTime>,
    identity: (u64, i64, i64),
    /// Whether the last write is so recent that the next one may look the same.
    young: bool,
}

type Looks = BTreeMap<PathBuf, Snapshot>;

/// A polled folder and what the last look found in it.
struct Root {
    deep: bool,
    looks: Looks,
}

type Roots = Arc<Mutex<BTreeMap<PathBuf, Root>>>;

/// The polled folders. Dropping it stops the polling.
pub(super) struct Poll {
    roots: Roots,
    sender: mpsc::Sender<Message>,
    /// Dropping it stops the thread, which starts with the first folder.
    alive: Option<mpsc::Sender<()>>,
}

impl Poll {
    /// Polls nothing yet. Changes will go to `sender`.
    pub(super) fn new(sender: mpsc::Sender<Message>) -> Self {
        Self {
            roots: Roots::default(),
            sender,
            alive: None,
        }
    }

    /// Starts to poll a folder. Its present state is the one compared with.
    pub(super) fn add(&mut self, path: &Path, deep: bool) {
        let looks = look(path, deep);
        self.roots
            .lock()
            .insert(path.to_owned(), Root { deep, looks });
        if self.alive.is_some() {
            return;
        }
        let (alive, ended) = mpsc::channel();
        let (roots, sender) = (self.roots.clone(), self.sender.clone());
        let thread = std::thread::Builder::new().name("poll".to_owned());
        let started = thread.spawn(move || {
            while ended.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                for path in changes(&roots) {
                    // Fails only when the listener is gone; this thread then ends soon.
                    let _ = sender.send(Message::Found(path));
                }
            }
        });
        if started.is_ok() {
            self.alive = Some(alive);
        }
    }

    /// Whether a folder is polled.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.roots.lock().contains_key(path)
    }

    /// Stops polling a folder.
    pub(super) fn remove(&self, path: &Path) {
        self.roots.lock().remove(path);
    }
}

/// The paths that changed since the last look.
fn changes(roots: &Roots) -> Vec<PathBuf> {
    let mut changed = Vec::new();
    for (path, root) in roots.lock().iter_mut() {
        let now = look(path, root.deep);
        let is_same = |path: &PathBuf, look: &Snapshot| {
            let before = root.looks.get(path);
            before.is_some_and(|before| {
                !before.young
                    && Snapshot {
                        young: false,
                        ..*look
                    } == *before
            })
        };
        let new = now.iter().filter(|(path, look)| !is_same(path, look));
        changed.extend(new.map(|(path, _)| path.clone()));
        let gone = root.looks.keys().filter(|path| !now.contains_key(*path));
        changed.extend(gone.cloned());
        root.looks = now;
    }
    changed
}

/// Looks at everything in a folder.
fn look(root: &Path, deep: bool) -> Looks {
    let now = SystemTime::now();
    let mut looks = Looks::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            // Metadata of a link itself: its target is watched by its own path.
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            let path = entry.path();
            let is_ignored = [".git", "node_modules"].iter().any(|it| path.ends_with(it));
            if metadata.is_dir() && deep && !is_ignored {
                folders.push(path.clone());
            }
            looks.insert(path, Snapshot::new(&metadata, now));
        }
    }
    looks
}

impl Snapshot {
    fn new(metadata: &Metadata, now: SystemTime) -> Self {
        if metadata.is_dir() {
            // What changes in a folder is seen in its entries.
            return Self {
                is_folder: true,
                size: 0,
                modified: None,
                identity: (0, 0, 0),
                young: false,
            };
        }
        let modified = metadata.modified().ok();
        let age = modified.and_then(|modified| now.duration_since(modified).ok());
        Self {
            is_folder: false,
            size: metadata.len(),
            modified,
            identity: identity(metadata),
            young: age.is_none_or(|age| age < TICK),
        }
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}
