//! Looks at files from time to time, where the system does not say what
//! changed. Of our own, for notify's compares whole seconds.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

use super::Message;

/// How often.
pub(super) const PERIOD: Duration = Duration::from_millis(400);
/// How coarse a disk's clock may be: a file that was written so shortly
/// before it was looked at may be written again at the same time.
const TICK: Duration = Duration::from_secs(2);

/// What tells two looks at a path apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    is_folder: bool,
    size: u64,
    modified: Option<SystemTime>,
    identity: (u64, i64, i64),
    /// Written too shortly before to be told apart from the next write.
    young: bool,
}

type Looks = BTreeMap<PathBuf, Look>;

/// One folder with what was found in it last.
struct Root {
    deep: bool,
    looks: Looks,
}

type Roots = Arc<Mutex<BTreeMap<PathBuf, Root>>>;

/// Folders that are polled. Dropping it ends that.
pub(super) struct Poll {
    roots: Roots,
    sender: mpsc::Sender<Message>,
    /// Held while the thread is wanted; there is none before the first folder.
    alive: Option<mpsc::Sender<()>>,
}

impl Poll {
    /// Polls nothing yet. What is found goes to `sender`.
    pub(super) fn new(sender: mpsc::Sender<Message>) -> Self {
        Self {
            roots: Roots::default(),
            sender,
            alive: None,
        }
    }

    /// Begins with a folder as it is now.
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
                    // A listener that is gone ends this thread soon.
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

    /// Ends with a folder.
    pub(super) fn remove(&self, path: &Path) {
        self.roots.lock().remove(path);
    }
}

/// What changed since the last look.
fn changes(roots: &Roots) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (path, root) in roots.lock().iter_mut() {
        let now = look(path, root.deep);
        let is_same = |path: &PathBuf, look: &Look| {
            let before = root.looks.get(path);
            before.is_some_and(|before| {
                !before.young
                    && Look {
                        young: false,
                        ..*look
                    } == *before
            })
        };
        let new = now.iter().filter(|(path, look)| !is_same(path, look));
        found.extend(new.map(|(path, _)| path.clone()));
        let gone = root.looks.keys().filter(|path| !now.contains_key(*path));
        found.extend(gone.cloned());
        root.looks = now;
    }
    found
}

/// Looks at a folder and what it holds.
fn look(root: &Path, deep: bool) -> Looks {
    let now = SystemTime::now();
    let mut looks = Looks::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            // Of the link itself where it is one: what it leads to is watched
            // by its own path.
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            let path = entry.path();
            let is_dull = [".git", "node_modules"].iter().any(|it| path.ends_with(it));
            if metadata.is_dir() && deep && !is_dull {
                folders.push(path.clone());
            }
            looks.insert(path, taken(&metadata, now));
        }
    }
    looks
}

fn taken(metadata: &Metadata, now: SystemTime) -> Look {
    let is_folder = metadata.is_dir();
    let modified = metadata.modified().ok().filter(|_| !is_folder);
    let age = modified.and_then(|modified| now.duration_since(modified).ok());
    Look {
        is_folder,
        size: if is_folder { 0 } else { metadata.len() },
        modified,
        identity: if is_folder {
            (0, 0, 0)
        } else {
            identity(metadata)
        },
        young: !is_folder && age.is_none_or(|age| age < TICK),
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
