use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};
use notify::{ErrorKind, Event};
use parking_lot::Mutex;

use super::ignored_files::is_noise;
use super::pending::Pending;
use super::{ChangeBatch, Message, Shared};
use crate::files::Disk;

/// When anything last happened, reported or not.
#[derive(Debug, Default)]
pub struct Activity {
    last: Mutex<Option<Instant>>,
}

impl Activity {
    fn stir(&self, now: Instant) {
        *self.last.lock() = Some(now);
    }

    /// How long it has been quiet; `None` if nothing ever happened.
    pub fn quiet(&self) -> Option<Duration> {
        self.last.lock().map(|last| last.elapsed())
    }
}

/// Turns events into batches, on the watcher's own thread.
pub(super) struct Listener {
    disk: Disk,
    state: Shared,
    activity: Arc<Activity>,
    pending: Pending,
}

impl Listener {
    pub(super) fn new(disk: Disk, state: Shared, activity: Arc<Activity>) -> Self {
        Self {
            disk,
            state,
            activity,
            pending: Pending::default(),
        }
    }

    /// Runs until all senders are gone.
    pub(super) fn run(
        mut self,
        receiver: &mpsc::Receiver<Message>,
        mut report: impl FnMut(ChangeBatch),
    ) {
        loop {
            let message = match self.pending.next() {
                None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => receiver.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match message {
                Ok(message) => self.handle(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            while let Ok(message) = receiver.try_recv() {
                self.handle(message);
            }
            if let Some(batch) = self.pending.due(Instant::now()) {
                report(batch);
            }
        }
    }

    fn handle(&mut self, message: Message) {
        let now = Instant::now();
        match message {
            Message::Event(Ok(event)) if event.need_rescan() => self.lost(now),
            Message::Event(Ok(event)) => self.handle_event(&event, now),
            Message::Event(Err(error)) => {
                if matches!(error.kind, ErrorKind::MaxFilesWatch) {
                    self.state.lock().exhausted = true;
                }
                self.lost(now);
            }
            Message::Mounted => self.lost(now),
            Message::Found(path) => {
                if let Some(source) = self.disk.source(&path)
                    && !is_noise(&source)
                {
                    self.activity.stir(now);
                    self.state.lock().moved = true;
                    self.pending.finished(source, now);
                }
            }
        }
    }

    /// Events were lost, perhaps including those of new folders.
    fn lost(&mut self, now: Instant) {
        self.state.lock().lost = true;
        self.activity.stir(now);
        self.pending.everything(now);
    }

    fn handle_event(&mut self, event: &Event, now: Instant) {
        let (mut finished, mut gone, mut appeared) = (false, false, false);
        match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => finished = true,
            EventKind::Access(_) => return,
            EventKind::Create(CreateKind::Folder) => (finished, appeared) = (true, true),
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => {
                (finished, appeared) = (true, true);
            }
            // Reported as `From` and `To` already.
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => return,
            EventKind::Modify(ModifyKind::Name(RenameMode::From)) => gone = true,
            EventKind::Remove(_) => gone = true,
            EventKind::Modify(ModifyKind::Name(_)) => finished = true,
            _ => {}
        }
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
            self.activity.stir(now);
            if gone {
                self.pending.gone(source.clone(), now);
            } else if finished {
                self.pending.finished(source.clone(), now);
            } else {
                self.pending.unfinished(source.clone(), now);
            }
            if appeared && path.is_dir() {
                // Files may have appeared before the new folder was watched.
                self.state.lock().moved = true;
                self.pending.again(source, now);
            }
        }
    }

    /// Forgets a folder that is gone: it is no longer watched, even if one of
    /// the same name comes back.
    fn forget(&self, path: &Path) {
        let mut state = self.state.lock();
        let before = state.watched.len();
        state.watched.retain(|folder, _| !folder.starts_with(path));
        state.moved |= state.watched.len() != before;
    }
}
