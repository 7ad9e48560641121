//! From changes on disk to the tabs that show them.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::{Announce, Notice, Server};
use crate::config::Config;
use crate::files::SourcePath;
use crate::session::Session;
use crate::site::queries;
use crate::watch::{ChangeBatch, Folders, Watcher};

/// How long a page must be gone before its tabs are told: a checkout removes
/// files and writes them anew.
pub(super) const SETTLE: Duration = Duration::from_millis(150);

/// What wakes the one thread that applies changes.
pub(super) enum Wake {
    /// Sources changed.
    Batch(ChangeBatch),
    /// More was read than is watched.
    Read,
    /// A tab waits to see whether its page comes back.
    Gone,
}

/// Watches the sources, applies each batch and tells the tabs, until the
/// process ends. Lets go of `begins` once the watch has begun.
pub(super) fn follow(
    server: &Arc<Server>,
    mut watcher: Watcher,
    begins: mpsc::Sender<()>,
    wakes: &mpsc::Receiver<Wake>,
    more: &[SourcePath],
    announce: &Announce,
) {
    let mut known = Vec::new();
    let mut unsettled = false;
    let mut begins = Some(begins);
    loop {
        let sessions = server.sites.begun();
        let now: Vec<Known> = sessions.iter().map(|session| Known::of(session)).collect();
        if watcher.is_stale() || now != known {
            let (new, notes) = watcher.set(&wanted(&sessions, more));
            known = now;
            for note in notes {
                announce(Notice::Note(note));
            }
            if !new.is_empty() {
                // Whatever changed before the watch began.
                server.apply(ChangeBatch::Paths(new), announce);
                continue;
            }
        }
        drop(begins.take());
        let wake = match unsettled {
            true => wakes.recv_timeout(SETTLE),
            false => wakes.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match wake {
            Ok(wake) => {
                // What came together is looked at together.
                let mut batch: Option<ChangeBatch> = None;
                for wake in std::iter::once(wake).chain(wakes.try_iter()) {
                    match wake {
                        Wake::Batch(more) => {
                            batch = Some(match batch.take() {
                                Some(batch) => batch.and(more),
                                None => more,
                            });
                        }
                        Wake::Read => {}
                        Wake::Gone => unsettled = true,
                    }
                }
                if let Some(batch) = batch {
                    // Who waits for a page says so again.
                    unsettled = false;
                    server.apply(batch, announce);
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                unsettled = false;
                server.publish(true);
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
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
