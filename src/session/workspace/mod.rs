//! A project that people work on: what changes becomes revisions, on one thread
//! that writes; what was read is watched; the whole is looked over once it is
//! quiet; and one listener hears of all of it. A server of pages is such a
//! listener, and so may be one of an editor.

mod look_over;
mod watching;
mod writer;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::{Revision, Sites};
use crate::diagnostic::Diagnostic;
use crate::theme::STACK;
use crate::watch::ChangeBatch;

pub use watching::Watch;

/// How long it must be quiet before what is gone counts as gone: a checkout
/// removes files and writes them anew.
pub const SETTLE: Duration = Duration::from_millis(150);

/// Hears what becomes of a project. Called by the workspace's own threads, of
/// which the one that writes waits until the listener returns.
pub trait Listener: Send + Sync + 'static {
    /// A batch is about to be applied: what was there can still be asked for.
    fn will_change(&self, batch: &ChangeBatch) {
        let _ = batch;
    }

    /// A batch was applied, and made this revision.
    fn changed(&self, revision: Revision, batch: &ChangeBatch);

    /// Nothing has changed for [`SETTLE`] since [`Workspace::wait_until_settled`]
    /// was called.
    fn settled(&self) {}

    /// The whole was looked over; all that is wrong with it. Not called for
    /// revisions that others follow at once.
    fn looked_over(&self, diagnostics: Vec<Diagnostic>) {
        let _ = diagnostics;
    }

    /// Something is worth knowing, in a sentence.
    fn noted(&self, note: String) {
        let _ = note;
    }
}

/// The sites of a project, and the way to tell that something changed.
pub struct Workspace {
    sites: Arc<Sites>,
    /// Wakes the thread that writes.
    wake: mpsc::Sender<Wake>,
    /// How much had been read when it was last said.
    read: AtomicUsize,
}

/// What wakes the one thread that writes.
enum Wake {
    /// Sources changed.
    Batch(ChangeBatch),
    /// More was read than is watched.
    Read,
    /// Somebody waits to hear that it is quiet.
    Unsettled,
}

/// What a workspace has to do, before it has begun. What is told meanwhile is
/// not lost.
pub struct Work {
    workspace: Arc<Workspace>,
    wakes: mpsc::Receiver<Wake>,
}

impl Workspace {
    /// A workspace of these sites, and its work, to be begun.
    pub fn new(sites: Arc<Sites>) -> (Arc<Self>, Work) {
        let (wake, wakes) = mpsc::channel();
        let workspace = Arc::new(Self {
            sites,
            wake,
            read: AtomicUsize::new(0),
        });
        let work = Work {
            workspace: workspace.clone(),
            wakes,
        };
        (workspace, work)
    }

    /// The sites.
    pub fn sites(&self) -> &Arc<Sites> {
        &self.sites
    }

    /// Takes note of a change, which is applied soon, with others that come at
    /// the same time.
    pub fn change(&self, batch: ChangeBatch) {
        self.wake(Wake::Batch(batch));
    }

    /// To be called after questions: where more was read than before, it is
    /// watched from now on.
    pub fn has_read(&self) {
        let sessions = self.sites.begun();
        let now = sessions.iter().map(|session| session.read_count()).sum();
        if self.read.swap(now, Ordering::Relaxed) != now {
            self.wake(Wake::Read);
        }
    }

    /// Has [`Listener::settled`] called once nothing has changed for a while. A
    /// change before is heard of instead.
    pub fn wait_until_settled(&self) {
        self.wake(Wake::Unsettled);
    }

    fn wake(&self, wake: Wake) {
        // Nobody listens any more only while the work ends.
        let _ = self.wake.send(wake);
    }
}

impl Work {
    /// Begins, on threads of its own that end with the workspace. Without a
    /// watch, nothing is heard of but what [`Workspace::change`] is told.
    ///
    /// # Errors
    /// When there are no threads to be had.
    pub fn begin(self, watch: Option<Watch>, listener: Arc<dyn Listener>) -> io::Result<Begun> {
        let (looks, wanted) = mpsc::channel();
        let (watching, begun) = mpsc::channel();
        let thread = |name: &str| {
            std::thread::Builder::new()
                .name(name.to_owned())
                .stack_size(STACK)
        };
        // The threads hold the sites and not the workspace, or it would not end.
        let sites = self.workspace.sites.clone();
        let hears = listener.clone();
        let wakes = self.wakes;
        let writes = move || writer::write(&sites, &wakes, watch, watching, &looks, &*hears);
        thread("changes").spawn(writes)?;
        let sites = self.workspace.sites.clone();
        let workspace = Arc::downgrade(&self.workspace);
        let looks_over = move || look_over::look_over(&sites, &workspace, &wanted, &*listener);
        thread("look-over").spawn(looks_over)?;
        Ok(Begun(begun))
    }
}

/// Work that has begun.
pub struct Begun(mpsc::Receiver<()>);

impl Begun {
    /// Waits until the watch has begun: whoever saves from now on is heard.
    pub fn wait(self) {
        // Nothing is ever sent: the other side lets go.
        let _ = self.0.recv();
    }
}

#[cfg(test)]
mod tests;
