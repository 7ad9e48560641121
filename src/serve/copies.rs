//! Downloads the files of other sites that the shown pages lack. Pages are shown at once, with
//! the original addresses; when the downloads are there, that is a change like any other.

use std::collections::BTreeSet;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::{Announce, Notice};
use crate::files::{Kind, SourcePath, System};
use crate::plugins::privacy::{Downloads, Needs, Settings, Storage, Wanted, text_with_copies};
use crate::session::{Session, Workspace};
use crate::site::{Database, queries};
use crate::watch::ChangeBatch;

/// What a site lacks.
type Lack = (Arc<Session>, BTreeSet<Wanted>);

/// Downloads on a thread of its own.
pub(super) struct CopyService {
    queue: Sender<Lack>,
    /// What is being downloaded.
    running: Arc<Mutex<BTreeSet<Wanted>>>,
}

impl CopyService {
    /// Starts the thread, which ends with this service.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(
        downloads: Arc<dyn Downloads>,
        workspace: &Arc<Workspace>,
        announce: Announce,
    ) -> io::Result<Self> {
        let (queue, lacks) = channel();
        let running = Arc::new(Mutex::default());
        let worker = Worker {
            downloads,
            workspace: Arc::downgrade(workspace),
            announce,
            running: Arc::clone(&running),
            told: BTreeSet::new(),
        };
        let thread = std::thread::Builder::new().name("downloads".to_owned());
        thread.spawn(move || worker.work(&lacks))?;
        Ok(Self { queue, running })
    }

    /// Has what an output lacks downloaded, unless that goes on already.
    pub(super) fn want(&self, session: &Arc<Session>, needs: &Needs) {
        if needs.missing.is_empty() {
            return;
        }
        let new: BTreeSet<Wanted> = {
            let mut running = self.running.lock();
            let missing = needs.missing.iter();
            let new = missing.filter(|wanted| running.insert((*wanted).clone()));
            new.cloned().collect()
        };
        if !new.is_empty() {
            // Fails only when the server ends.
            let _ = self.queue.send((session.clone(), new));
        }
    }
}

/// The thread that downloads.
struct Worker {
    downloads: Arc<dyn Downloads>,
    workspace: Weak<Workspace>,
    announce: Announce,
    running: Arc<Mutex<BTreeSet<Wanted>>>,
    /// The failures that users were told.
    told: BTreeSet<Wanted>,
}

impl Worker {
    fn work(mut self, lacks: &Receiver<Lack>) {
        while let Ok((session, wanted)) = lacks.recv() {
            let Some(workspace) = self.workspace.upgrade() else {
                return;
            };
            let of_site = |db: &Database| (queries::storage(db), queries::privacy_settings(db));
            let (_, (storage, settings)) = session.ask(of_site);
            drop(session);
            if let Some((storage, settings)) = storage.zip(settings) {
                let system = workspace.sites().system();
                let folder = storage.cache.join(storage.folder.as_str());
                // A page that was made while its files came may have asked for them again.
                let is_lacking = |it: &&Wanted| !is_there(system, &folder.join(&it.file));
                let lacking = wanted.iter().filter(is_lacking).cloned().collect();
                let changed = self.download(lacking, &storage, &settings, system);
                if !changed.is_empty() {
                    workspace.change(ChangeBatch::Paths(changed));
                }
            }
            let mut running = self.running.lock();
            running.retain(|it| !wanted.contains(it));
        }
    }

    /// Downloads files, and what they name in turn, so that a style sheet comes with its
    /// fonts. Returns the paths of sources that changed.
    fn download(
        &mut self,
        mut wanted: BTreeSet<Wanted>,
        storage: &Storage,
        settings: &Settings,
        system: &dyn System,
    ) -> Vec<SourcePath> {
        let (mut changed, mut tried) = (Vec::new(), BTreeSet::new());
        while !wanted.is_empty() {
            let downloaded = self.downloads.download(&wanted, storage);
            changed.extend(downloaded.changed);
            for note in downloaded.notes {
                (self.announce)(Notice::Note(note));
            }
            for (failed, why) in &downloaded.failed {
                if self.told.insert(failed.clone()) {
                    let note = format!("`{}` cannot be downloaded: {why}", failed.url);
                    (self.announce)(Notice::Note(note));
                }
            }
            let named = wanted
                .iter()
                .flat_map(|it| named_by(it, storage, settings, system));
            let named: BTreeSet<Wanted> = named.collect();
            tried.append(&mut wanted);
            wanted = named.difference(&tried).cloned().collect();
        }
        changed
    }
}

/// Whether there is a file at a path, or where its link leads.
fn is_there(system: &dyn System, path: &SourcePath) -> bool {
    let real = system.real(path);
    let kind = real.and_then(|real| system.kind(&real).ok().flatten());
    kind == Some(Kind::File)
}

/// The files of other sites that a copy names, and that are not there yet.
fn named_by(
    wanted: &Wanted,
    storage: &Storage,
    settings: &Settings,
    system: &dyn System,
) -> BTreeSet<Wanted> {
    let folder = storage.cache.join(storage.folder.as_str());
    let find = |file: &str| is_there(system, &folder.join(file)).then(|| file.to_owned());
    let real = system.real(&folder.join(&wanted.file));
    let text = real.and_then(|real| {
        if !settings.reads(real.as_str()) {
            return None;
        }
        let text = String::from_utf8(system.read(&real).ok()?).ok()?;
        Some((real, text))
    });
    let Some((real, text)) = text else {
        return BTreeSet::new();
    };
    let (_, needs) = text_with_copies(&text, real.as_str(), true, settings, &find);
    needs.missing
}
