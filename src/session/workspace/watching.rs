use std::collections::BTreeSet;
use std::sync::{Arc, Weak};

use super::MoreFiles;
use crate::config::Config;
use crate::files::SourcePath;
use crate::session::{Session, Sites};
use crate::site::queries;
use crate::watch::{ChangeBatch, Folders, Watcher};

/// A watch over everything that the sites read, and over further folders.
pub struct Watch {
    watcher: Watcher,
    more: Vec<SourcePath>,
    /// Further files, which may become others.
    files: MoreFiles,
    /// What the watched folders were derived from.
    known: (Vec<WatchKey>, BTreeSet<SourcePath>),
}

impl Watch {
    /// A watch with a watcher that watches nothing yet, over `more` folders too.
    pub fn new(watcher: Watcher, more: Vec<SourcePath>) -> Self {
        Self {
            watcher,
            more,
            files: MoreFiles::default(),
            known: <_>::default(),
        }
    }

    /// The same, over these files too.
    pub(super) fn along_with(self, files: MoreFiles) -> Self {
        Self { files, ..self }
    }

    /// Watches everything that the sites have read so far. Returns what may have
    /// changed before it was watched, and notes for the user.
    pub(super) fn follow(&mut self, sites: &Sites) -> (Option<ChangeBatch>, Vec<String>) {
        let sessions = sites.begun();
        let keys = sessions.iter().map(|session| WatchKey::of(session));
        let now = (keys.collect(), self.files.lock().clone());
        if !self.watcher.is_stale() && now == self.known {
            return (None, Vec::new());
        }
        let (new, notes) = self.watcher.set(&wanted(&sessions, &self.more, &now.1));
        self.known = now;
        let missed = (!new.is_empty()).then_some(ChangeBatch::Paths(new));
        (missed, notes)
    }
}

/// What determines which folders of a site are watched.
struct WatchKey {
    read: usize,
    config: Option<Weak<Config>>,
}

impl WatchKey {
    fn of(session: &Session) -> Self {
        let (_, config) = session.ask(|db| queries::config(db));
        Self {
            read: session.read_count(),
            config: config.as_ref().map(Arc::downgrade),
        }
    }
}

impl PartialEq for WatchKey {
    fn eq(&self, other: &Self) -> bool {
        self.read == other.read
            && match (&self.config, &other.config) {
                (Some(config), Some(other)) => config.ptr_eq(other),
                (config, other) => config.is_none() && other.is_none(),
            }
    }
}

fn wanted(sessions: &[Arc<Session>], more: &[SourcePath], files: &BTreeSet<SourcePath>) -> Folders {
    let mut folders: Folders = more.iter().map(|folder| (folder.clone(), true)).collect();
    for file in files {
        let folder = file.parent().unwrap_or_else(|| file.clone());
        folders.entry(folder).or_insert(false);
    }
    for session in sessions {
        for (folder, deep) in session.ask(queries::watched).1 {
            *folders.entry(folder).or_default() |= deep;
        }
    }
    folders
}
