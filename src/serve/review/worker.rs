//! Makes the list of changed pages in the background, again after each change.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::Desk;
use crate::files::SourcePath;
use crate::session::review::{Found, PageReview, ReviewList, Status};
use crate::theme::STACK;
use crate::translations::Impacts;

/// How long nothing must change before the list is made again, so that pages in open
/// tabs come first.
const QUIET: Duration = Duration::from_millis(100);
/// How long the list waits for changes to end.
const LONGEST: Duration = Duration::from_secs(1);
/// How often tabs are told what was found meanwhile.
const TELL: Duration = Duration::from_millis(250);

/// Called when the list has changed.
type Publish = Arc<dyn Fn() + Send + Sync>;

/// What is known of the list.
#[derive(Default)]
pub(in crate::serve) struct Progress {
    state: Mutex<State>,
    woken: Condvar,
}

#[derive(Default)]
struct State {
    /// The last complete list, and what was found since if none is complete.
    list: Arc<ReviewList>,
    /// What changes do to translations, and the changes of which list these are.
    impacts: Arc<Impacts>,
    impacts_of: Option<u64>,
    found: Vec<Arc<PageReview>>,
    done: usize,
    total: usize,
    /// Counts changes; the list is that of `listed`.
    changes: u64,
    listed: u64,
    is_complete: bool,
    is_closed: bool,
}

/// The list as far as it is known.
pub(in crate::serve) struct Known {
    pub(in crate::serve) list: Arc<ReviewList>,
    /// What the changes do to translations.
    pub(in crate::serve) impacts: Arc<Impacts>,
    pub(in crate::serve) done: usize,
    pub(in crate::serve) total: usize,
    /// Whether it is that of the files as they are now.
    pub(in crate::serve) is_complete: bool,
}

impl Progress {
    pub(super) fn changed(&self) {
        self.state.lock().changes += 1;
        self.woken.notify_all();
    }

    /// Ends the work.
    pub(super) fn close(&self) {
        self.state.lock().is_closed = true;
        self.woken.notify_all();
    }

    /// The list as far as it is known.
    pub(in crate::serve) fn known(&self) -> Known {
        let state = self.state.lock();
        let list = if state.is_complete {
            state.list.clone()
        } else {
            let mut pages = state.found.clone();
            pages.sort_by(|one, other| {
                (&one.language, &one.source).cmp(&(&other.language, &other.source))
            });
            Arc::new(ReviewList {
                pages,
                ..ReviewList::default()
            })
        };
        Known {
            list,
            impacts: state.impacts.clone(),
            done: state.done,
            total: state.total,
            is_complete: state.is_complete
                && state.listed == state.changes
                && state.impacts_of == Some(state.listed),
        }
    }

    fn found(&self, found: Found) {
        let mut state = self.state.lock();
        match found {
            Found::Compared(done, total) => (state.done, state.total) = (done, total),
            Found::Page(page) if !state.is_complete => {
                let same = |it: &Arc<PageReview>| {
                    (&it.language, &it.source) == (&page.language, &page.source)
                };
                state.found.retain(|it| !same(it));
                state.found.push(page);
            }
            Found::Page(_) => {}
        }
    }

    /// Waits until the list has to be made; `None` once the review is closed.
    fn wait(&self) -> Option<u64> {
        let mut state = self.state.lock();
        while !state.is_closed && state.is_complete && state.listed == state.changes {
            self.woken.wait(&mut state);
        }
        let end = Instant::now() + LONGEST;
        loop {
            let before = state.changes;
            let timed_out = self.woken.wait_for(&mut state, QUIET).timed_out();
            if state.is_closed {
                return None;
            }
            if (timed_out && state.changes == before) || Instant::now() > end {
                return Some(state.changes);
            }
        }
    }
}

/// Starts the thread that makes the list. It ends when the review is closed.
pub(super) fn begin(desk: &Arc<Desk>, publish: Option<Publish>) -> io::Result<()> {
    let desk = desk.clone();
    let thread = std::thread::Builder::new()
        .name("review".to_owned())
        .stack_size(STACK);
    thread.spawn(move || work(&desk, publish.as_deref()))?;
    Ok(())
}

fn work(desk: &Desk, publish: Option<&(dyn Fn() + Send + Sync)>) {
    let publish = || {
        if let Some(publish) = publish {
            publish();
        }
    };
    // What the base was made from is watched before much is.
    desk.open.review.begin();
    publish();
    let mut is_first = true;
    loop {
        let changes = if std::mem::take(&mut is_first) {
            0
        } else {
            match desk.progress.wait() {
                Some(changes) => changes,
                None => return,
            }
        };
        let told = Mutex::new(Instant::now());
        let list = desk.open.review.list(&|found| {
            desk.progress.found(found);
            let mut told = told.lock();
            if told.elapsed() > TELL {
                *told = Instant::now();
                drop(told);
                publish();
            }
        });
        {
            let mut state = desk.progress.state.lock();
            state.found.clear();
            state.done = list.compared;
            state.total = list.compared;
            state.list = Arc::new(list);
            state.is_complete = true;
            state.listed = changes;
        }
        publish();
        if let Some(impacts) = impacts(desk, changes) {
            let mut state = desk.progress.state.lock();
            let is_news = *state.impacts != impacts;
            state.impacts = Arc::new(impacts);
            state.impacts_of = Some(changes);
            drop(state);
            if is_news {
                publish();
            }
        }
    }
}

/// What the changes of the pages that others are translated from do to translations; `None`
/// if there was another change meanwhile.
fn impacts(desk: &Desk, changes: u64) -> Option<Impacts> {
    let mut impacts = Impacts::new();
    let Some(languages) = desk.sites.languages() else {
        return Some(impacts);
    };
    let default = &languages.default().code;
    let list = desk.progress.state.lock().list.clone();
    for page in &list.pages {
        if page.status != Status::Changed || page.language.as_ref() != Some(default) {
            continue;
        }
        {
            let state = desk.progress.state.lock();
            if state.is_closed || state.changes != changes {
                return None;
            }
        }
        let source = SourcePath::new(&*page.source);
        let impact = desk
            .translating
            .impact(&desk.sites, &source, &desk.open.commit);
        if !impact.is_empty() {
            impacts.insert(source, impact);
        }
    }
    Some(impacts)
}
