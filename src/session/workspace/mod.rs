//! A project that people work on. One thread turns changes into revisions, and
//! watches everything that was read; another one checks the whole project once it
//! is quiet. One listener is told about all of it: the server, for example, or a
//! language server for editors.

mod check_in_background;
mod watching;
mod writer;

use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::{Revision, Sites};
use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::theme::STACK;
use crate::watch::ChangeBatch;

pub use watching::Watch;

/// How long it must be quiet before a missing file counts as gone: a checkout
/// removes files and writes them again.
pub const SETTLE: Duration = Duration::from_millis(150);

/// After how many questions memory is freed. Pages that were looked at are only
/// forgotten between revisions, and a reader may look at all of them without a change.
const FORGET_AFTER: usize = 256;

/// Is told what happens to a project, on the workspace's own threads. The thread
/// that writes waits until the listener returns.
pub trait Listener: Send + Sync + 'static {
    /// A batch is about to be applied: the previous state can still be asked for.
    fn will_change(&self, batch: &ChangeBatch) {
        let _ = batch;
    }

    /// A batch was applied, which made this revision.
    fn changed(&self, revision: Revision, batch: &ChangeBatch);

    /// Nothing has changed for [`SETTLE`] since [`Workspace::wait_until_settled`]
    /// was called.
    fn settled(&self) {}

    /// The whole project was checked; everything that is wrong with it. Not called
    /// for revisions that are followed by others at once.
    fn checked(&self, diagnostics: Vec<Diagnostic>) {
        let _ = diagnostics;
    }

    /// There is something to tell the user, in a sentence.
    fn noted(&self, note: String) {
        let _ = note;
    }
}

/// The sites of a project, and the means to report that something changed.
pub struct Workspace {
    sites: Arc<Sites>,
    /// Wakes the thread that writes.
    wake: mpsc::Sender<Wakeup>,
    /// The number of paths that had been read when it was last reported.
    read: AtomicUsize,
    /// Further files to watch.
    more: MoreFiles,
    /// The questions of users.
    questions: Arc<Questions>,
}

/// How many questions of users are being answered, and when the last was.
#[derive(Debug, Default)]
struct Questions {
    running: AtomicUsize,
    asked: AtomicUsize,
    last: Mutex<Option<Instant>>,
}

impl Questions {
    /// Whether nobody has waited for an answer for so long.
    fn is_quiet_for(&self, time: Duration) -> bool {
        let is_recent = |last: Instant| last.elapsed() < time;
        self.running.load(Ordering::SeqCst) == 0 && !self.last.lock().is_some_and(is_recent)
    }
}

/// A user waits for an answer as long as this exists.
#[derive(Debug)]
pub struct Question(Arc<Questions>);

impl Drop for Question {
    fn drop(&mut self) {
        *self.0.last.lock() = Some(Instant::now());
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Files that are watched although the sites did not read them.
type MoreFiles = Arc<Mutex<BTreeSet<SourcePath>>>;

/// What wakes the one thread that writes.
enum Wakeup {
    /// Sources changed.
    Batch(ChangeBatch),
    /// More paths were read than are watched.
    Read,
    /// Many pages were looked at.
    Forget,
    /// Somebody waits until it is quiet.
    Unsettled,
}

/// The work of a workspace that has not begun yet. Changes that are reported
/// meanwhile are not lost.
pub struct Work {
    workspace: Arc<Workspace>,
    wakes: mpsc::Receiver<Wakeup>,
}

impl Workspace {
    /// A workspace of these sites, and its work, which still has to be begun.
    pub fn new(sites: Arc<Sites>) -> (Arc<Self>, Work) {
        let (wake, wakes) = mpsc::channel();
        let workspace = Arc::new(Self {
            sites,
            wake,
            read: AtomicUsize::new(0),
            more: MoreFiles::default(),
            questions: Arc::default(),
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

    /// Reports a change. It is applied soon, together with others that come at the
    /// same time.
    pub fn change(&self, batch: ChangeBatch) {
        self.wake(Wakeup::Batch(batch));
    }

    /// Reports what a clock shows, in seconds since 1970. On another day (of UTC, like
    /// dates without a time in front matter) the sites are made for that time.
    pub fn clock_shows(&self, seconds: i64) {
        if self.sites.move_to_day_of(seconds) {
            self.change(ChangeBatch::Time);
        }
    }

    /// To be held while a user waits for an answer: checking the whole project waits
    /// too.
    #[must_use]
    pub fn question(&self) -> Question {
        self.questions.running.fetch_add(1, Ordering::SeqCst);
        let asked = self.questions.asked.fetch_add(1, Ordering::Relaxed) + 1;
        if asked.is_multiple_of(FORGET_AFTER) {
            self.wake(Wakeup::Forget);
        }
        Question(self.questions.clone())
    }

    /// To be called after questions: paths that were read for the first time are
    /// watched from now on.
    pub fn has_read(&self) {
        let sessions = self.sites.begun();
        let now = sessions.iter().map(|session| session.read_count()).sum();
        if self.read.swap(now, Ordering::Relaxed) != now {
            self.wake(Wakeup::Read);
        }
    }

    /// Watches these files too, instead of those that were given before. The sites
    /// did not read them; changes of them are reported like all others.
    pub fn watch_too(&self, files: BTreeSet<SourcePath>) {
        let is_new = {
            let mut more = self.more.lock();
            let is_new = *more != files;
            *more = files;
            is_new
        };
        if is_new {
            self.wake(Wakeup::Read);
        }
    }

    /// Has [`Listener::settled`] called once nothing has changed for a while. If
    /// something changes before, [`Listener::changed`] is called instead.
    pub fn wait_until_settled(&self) {
        self.wake(Wakeup::Unsettled);
    }

    fn wake(&self, wake: Wakeup) {
        // Fails only before the work ends.
        let _ = self.wake.send(wake);
    }
}

impl Work {
    /// Starts the work, on threads of its own that end with the workspace. Without
    /// a watch, only changes that [`Workspace::change`] reports are noticed.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn begin(self, watch: Option<Watch>, listener: Arc<dyn Listener>) -> io::Result<Begun> {
        let (looks, wanted) = mpsc::channel();
        let (watching, begun) = mpsc::channel();
        let thread = |name: &str| {
            std::thread::Builder::new()
                .name(name.to_owned())
                .stack_size(STACK)
        };
        // The threads own the sites but not the workspace, so that it can end.
        let sites = self.workspace.sites.clone();
        let told = listener.clone();
        let (wakes, more) = (self.wakes, self.workspace.more.clone());
        let write = move || {
            let watch = watch.map(|watch| watch.along_with(more));
            writer::write(&sites, &wakes, watch, watching, &looks, &*told);
        };
        thread("changes").spawn(write)?;
        let sites = self.workspace.sites.clone();
        let workspace = Arc::downgrade(&self.workspace);
        let questions = self.workspace.questions.clone();
        let check_in_background = move || {
            let check = check_in_background::check_in_background;
            check(&sites, &workspace, &wanted, &questions, &*listener);
        };
        thread("look-over").spawn(check_in_background)?;
        Ok(Begun(begun))
    }
}

/// Work that has begun.
pub struct Begun(mpsc::Receiver<()>);

impl Begun {
    /// Waits until the watch has begun: saves from now on are noticed.
    pub fn wait(self) {
        // Nothing is ever sent: this returns when the other side is dropped.
        let _ = self.0.recv();
    }
}

#[cfg(test)]
mod tests;
