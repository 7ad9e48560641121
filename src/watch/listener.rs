use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};
use notify::{ErrorKind, Event};
use parking_lot::Mutex;

use super::ignored_files::is_noise;
use super::marker::Marker;
use super::pending::Pending;
use super::{ChangeBatch, Message, Shared};
use crate::files::Disk;

/// What an event says of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Nothing is there any more.
    Gone,
    /// Something was moved there, or it is a new folder.
    Appeared,
    /// It is complete.
    Finished,
    /// It is a new file, in which something may be written.
    Created,
    /// Something was written.
    Written,
    /// Something else of it changed, its permissions for example.
    Touched,
}

impl Sign {
    /// `None` for what is no change, or was reported already.
    fn of(kind: EventKind) -> Option<Self> {
        Some(match kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Self::Finished,
            EventKind::Access(_) => return None,
            EventKind::Create(CreateKind::Folder) => Self::Appeared,
            EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Self::Appeared,
            // Reported as `From` and `To` already.
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)) => return None,
            EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Self::Gone,
            EventKind::Remove(_) => Self::Gone,
            EventKind::Modify(ModifyKind::Name(_)) => Self::Finished,
            EventKind::Create(_) => Self::Created,
            EventKind::Modify(ModifyKind::Metadata(_)) => Self::Touched,
            EventKind::Any | EventKind::Modify(_) | EventKind::Other => Self::Written,
        })
    }
}

/// Whether the system will report that a file was closed that was just created, or
/// something was written to. Linux does, but for `link`, `symlink` and `truncate`, which open
/// nothing; a file that has something in it when it appears may be another name of one that
/// is complete.
fn will_be_closed(sign: Sign, path: &Path) -> bool {
    let is_written = |file: &fs::Metadata| sign == Sign::Written || file.len() == 0;
    let file = path.symlink_metadata();
    cfg!(target_os = "linux") && file.is_ok_and(|file| file.is_file() && is_written(&file))
}

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
    marker: Option<Arc<Marker>>,
}

impl Listener {
    pub(super) fn new(disk: Disk, state: Shared, activity: Arc<Activity>) -> Self {
        Self {
            disk,
            state,
            activity,
            pending: Pending::default(),
            marker: None,
        }
    }

    /// The same, telling a marker of its events.
    pub(super) fn with_marker(self, marker: Option<Arc<Marker>>) -> Self {
        Self { marker, ..self }
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
                self.disk.changes().report(batch.paths());
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
                    && !self.disk.changes().is_going_on(&source)
                {
                    self.disk.changes().begin(&source);
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
        let Some(sign) = Sign::of(event.kind) else {
            return;
        };
        for path in &event.paths {
            if let Some(marker) = &self.marker
                && marker.is(path)
            {
                if sign == Sign::Written {
                    marker.report();
                }
                continue;
            }
            if sign == Sign::Gone {
                self.forget(path);
            }
            let Some(source) = self.disk.source(path) else {
                continue;
            };
            if is_noise(&source) {
                continue;
            }
            self.activity.stir(now);
            let is_known = self.disk.changes().is_going_on(&source);
            self.disk.changes().begin(&source);
            match sign {
                Sign::Gone => self.pending.gone(source, now),
                Sign::Finished => self.pending.finished(source, now),
                Sign::Appeared => {
                    self.pending.finished(source.clone(), now);
                    if path.is_dir() {
                        // Files may have appeared before the new folder was watched.
                        self.state.lock().moved = true;
                        self.pending.again(source, now);
                    }
                }
                Sign::Touched if is_known => {}
                Sign::Touched => self.pending.unfinished(source, now),
                Sign::Created | Sign::Written if will_be_closed(sign, path) => {
                    self.pending.open(source, now);
                }
                Sign::Created | Sign::Written => self.pending.unfinished(source, now),
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
