use std::sync::{Arc, Weak};

use crate::config::Config;
use crate::files::SourcePath;
use crate::session::{Session, Sites};
use crate::site::queries;
use crate::watch::{ChangeBatch, Folders, Watcher};

/// A watch over whatever the sites read, and more.
pub struct Watch {
    watcher: Watcher,
    more: Vec<SourcePath>,
    /// What the folders under watch were made from.
    known: Vec<Known>,
}

impl Watch {
    /// By a watcher that watches nothing yet, over further folders too.
    pub fn new(watcher: Watcher, more: Vec<SourcePath>) -> Self {
        Self {
            watcher,
            more,
            known: Vec::new(),
        }
    }

    /// Watches what the sites read by now. Returns what may have changed before
    /// that was watched, and what there is to say.
    pub(super) fn follow(&mut self, sites: &Sites) -> (Option<ChangeBatch>, Vec<String>) {
        let sessions = sites.begun();
        let now: Vec<Known> = sessions.iter().map(|session| Known::of(session)).collect();
        if !self.watcher.is_stale() && now == self.known {
            return (None, Vec::new());
        }
        let (new, notes) = self.watcher.set(&wanted(&sessions, &self.more));
        self.known = now;
        let missed = (!new.is_empty()).then_some(ChangeBatch::Paths(new));
        (missed, notes)
    }
}

/// What decides which folders of a site are watched.
struct Known {
    read: usize,
    config: Option<Weak<Config>>,
}

impl Known {
    fn of(session: &Session) -> Self {
        let (_, config) = session.ask(|db| queries::config(db));
        Self {
            read: session.read_count(),
            config: config.as_ref().map(Arc::downgrade),
        }
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.read == other.read
            && match (&self.config, &other.config) {
                (Some(config), Some(other)) => config.ptr_eq(other),
                (config, other) => config.is_none() && other.is_none(),
            }
    }
}

fn wanted(sessions: &[Arc<Session>], more: &[SourcePath]) -> Folders {
    let mut folders: Folders = more.iter().map(|folder| (folder.clone(), true)).collect();
    for session in sessions {
        for (folder, deep) in session.ask(queries::watched).1 {
            *folders.entry(folder).or_default() |= deep;
        }
    }
    folders
}
