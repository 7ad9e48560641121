//! Open tabs and what each was last told.
//!
//! What an address shows is looked at by one thread of its own at a time, and
//! nothing is asked of the database while the tabs are locked: whatever a page
//! takes to be made, other tabs hear of their pages, come and go meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use parking_lot::{Condvar, Mutex};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::events::{Event, events, told};
use super::view::View;
use crate::session::Revision;

/// How many events may wait for a tab before it counts as dead.
const WAITING: usize = 32;
/// How long the next change waits for tabs to be told of the last one, for it
/// cancels what is not finished. Pages that take longer do not hold it up.
const LOOKED: Duration = Duration::from_millis(250);

/// What a tab says when it subscribes.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Hello {
    /// The address it shows, from the server's root.
    pub(super) address: String,
    /// The fingerprint of the page it shows.
    #[serde(default)]
    pub(super) fingerprint: String,
    /// Whether it follows what is saved, where it was told.
    #[serde(default)]
    pub(super) follow: Option<bool>,
}

/// What a tab says later.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Said {
    /// Whether it follows what is saved from now on.
    pub(super) follow: bool,
}

/// What a tab has of its page.
#[derive(Debug, Clone)]
enum Seen {
    /// It loaded a page with this fingerprint, and was told nothing yet.
    Loaded(Arc<str>),
    /// Shared by all tabs of the address that saw the same.
    Shown(Arc<View>),
}

impl Seen {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Loaded(one), Self::Loaded(other)) => one == other,
            (Self::Shown(one), Self::Shown(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }

    /// What it saw, where all but its fingerprint is taken for what it is now.
    fn view(&self, now: &Arc<View>) -> Arc<View> {
        match self {
            Self::Loaded(fingerprint) => Arc::new(View {
                fingerprint: fingerprint.as_ref().to_owned(),
                problems: Vec::new(),
                ..View::clone(now)
            }),
            Self::Shown(view) => view.clone(),
        }
    }
}

/// One open tab.
#[derive(Debug)]
struct Tab {
    /// Whether it is on this machine, and so may open the editor.
    at_home: bool,
    follow: bool,
    seen: Seen,
    events: mpsc::Sender<Utf8Bytes>,
}

impl Tab {
    /// False where it is gone, or does not read.
    fn send(&self, news: &[Utf8Bytes]) -> bool {
        let mut news = news.iter().cloned();
        news.all(|text| self.events.try_send(text).is_ok())
    }
}

/// A tab that subscribed, as its connection knows it.
#[derive(Debug)]
pub(super) struct Seat {
    id: u64,
    address: String,
}

impl Seat {
    /// The address that the tab shows.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

/// All open tabs.
#[derive(Debug, Default)]
pub(super) struct Tabs {
    open: Mutex<Open>,
    /// Told when a look that is waited for has ended.
    looked: Condvar,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// How often all was looked at.
    round: u64,
    /// How many looks of this round have not ended.
    running: usize,
    shown: BTreeMap<String, Shown>,
}

/// An address and the tabs that show it.
#[derive(Debug, Default)]
struct Shown {
    tabs: BTreeMap<u64, Tab>,
    /// The look at it that goes on.
    look: Option<Look>,
    /// Whether that its page is gone holds by now.
    settled: bool,
    /// Where to lead followers to once its tabs know of the page.
    leads: Option<Event>,
}

/// A look that goes on.
#[derive(Debug)]
struct Look {
    /// Whether there is to be one more.
    again: bool,
    /// The round that it began in; `None` where a new tab asked for it.
    round: Option<u64>,
}

impl Shown {
    /// Wants a look. True where it has to be begun.
    fn want(&mut self, round: Option<u64>) -> bool {
        match &mut self.look {
            Some(look) => {
                look.again = true;
                false
            }
            None => {
                self.look = Some(Look { again: true, round });
                true
            }
        }
    }
}

/// What tabs have seen when a look begins.
pub(super) struct Before {
    /// Tabs from this one on came later, and perhaps with a newer page.
    next: u64,
    seen: Vec<Seen>,
    settled: bool,
}

impl Before {
    /// Whether one of them was told nothing yet.
    pub(super) fn has_new(&self) -> bool {
        let is_new = |seen: &Seen| matches!(seen, Seen::Loaded(_));
        self.seen.iter().any(is_new)
    }
}

/// What a look finds.
pub(super) struct Now {
    pub(super) revision: Revision,
    pub(super) view: Arc<View>,
    /// Whether there is an editor to be opened.
    pub(super) editor: bool,
}

/// What tabs are told that saw the same.
struct News {
    before: Seen,
    /// `None` where they wait to see whether their page comes back.
    after: Option<(Seen, Vec<Utf8Bytes>)>,
}

impl News {
    fn of(before: &Seen, now: &Now, settled: bool) -> Self {
        let saw = before.view(&now.view);
        let is_gone = matches!(before, Seen::Shown(_)) && saw.found && !now.view.found;
        let after = || {
            // A tab keeps its page while there is none to show.
            let view = if !now.view.is_broken() {
                now.view.clone()
            } else {
                let problems = now.view.problems.clone();
                Arc::new(View {
                    problems,
                    ..View::clone(&saw)
                })
            };
            let texts = told(&events(&saw, &now.view, now.revision));
            (Seen::Shown(view), texts)
        };
        Self {
            before: before.clone(),
            after: (settled || !is_gone).then(after),
        }
    }
}

impl Tabs {
    /// Takes a tab in. True where a look at what it shows has to be begun.
    pub(super) fn join(
        &self,
        hello: Hello,
        at_home: bool,
        follow: bool,
    ) -> (Seat, mpsc::Receiver<Utf8Bytes>, bool) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let tab = Tab {
            at_home,
            follow: hello.follow.unwrap_or(follow),
            seen: Seen::Loaded(hello.fingerprint.into()),
            events: sender,
        };
        let mut open = self.open.lock();
        let id = open.next;
        open.next += 1;
        let shown = open.shown.entry(hello.address.clone()).or_default();
        shown.tabs.insert(id, tab);
        let begins = shown.want(None);
        let seat = Seat {
            id,
            address: hello.address,
        };
        (seat, receiver, begins)
    }

    /// Forgets a tab that is closed.
    pub(super) fn leave(&self, seat: &Seat) {
        let mut open = self.open.lock();
        if let Some(shown) = open.shown.get_mut(&seat.address) {
            shown.tabs.remove(&seat.id);
            if shown.tabs.is_empty() && shown.look.is_none() {
                open.shown.remove(&seat.address);
            }
        }
    }

    /// Makes a tab follow what is saved, or not.
    pub(super) fn set_follow(&self, seat: &Seat, follow: bool) {
        let mut open = self.open.lock();
        let shown = open.shown.get_mut(&seat.address);
        if let Some(tab) = shown.and_then(|shown| shown.tabs.get_mut(&seat.id)) {
            tab.follow = follow;
        }
    }

    /// Whether a tab follows what is saved.
    pub(super) fn is_followed(&self) -> bool {
        let open = self.open.lock();
        let mut tabs = open.shown.values().flat_map(|shown| shown.tabs.values());
        tabs.any(|tab| tab.follow)
    }

    /// Wants a look at every address that is shown, and gives those where it
    /// has to be begun. They are waited for by [`Tabs::wait`].
    pub(super) fn want(&self, settled: bool) -> Vec<String> {
        let mut open = self.open.lock();
        open.round += 1;
        let round = open.round;
        let mut begins = Vec::new();
        for (address, shown) in &mut open.shown {
            shown.settled = settled;
            if shown.want(Some(round)) {
                begins.push(address.clone());
            }
        }
        open.running = begins.len();
        begins
    }

    /// Waits until the looks that were begun last have ended, or for as long
    /// as any may be waited for.
    pub(super) fn wait(&self) {
        let running = |open: &mut Open| open.running > 0;
        let mut open = self.open.lock();
        self.looked.wait_while_for(&mut open, running, LOOKED);
    }

    /// What the tabs of an address saw before the look that is wanted; `None`
    /// where none is, which ends it.
    pub(super) fn before(&self, address: &str) -> Option<Before> {
        let mut open = self.open.lock();
        let next = open.next;
        let shown = open.shown.get_mut(address)?;
        let look = shown.look.as_mut()?;
        if !std::mem::take(&mut look.again) || shown.tabs.is_empty() {
            self.end(&mut open, address);
            return None;
        }
        let mut seen: Vec<Seen> = Vec::new();
        for tab in shown.tabs.values() {
            if !seen.iter().any(|known| known.is(&tab.seen)) {
                seen.push(tab.seen.clone());
            }
        }
        Some(Before {
            next,
            seen,
            settled: shown.settled,
        })
    }

    /// Ends a look that came to nothing.
    pub(super) fn give_up(&self, address: &str) {
        self.end(&mut self.open.lock(), address);
    }

    fn end(&self, open: &mut Open, address: &str) {
        let round = open.round;
        let Some(shown) = open.shown.get_mut(address) else {
            return;
        };
        let look = shown.look.take();
        let leads = shown.leads.take();
        if shown.tabs.is_empty() {
            open.shown.remove(address);
        }
        if let Some(leads) = leads {
            open.lead(&leads);
        }
        if look.and_then(|look| look.round) == Some(round) {
            open.running = open.running.saturating_sub(1);
            self.looked.notify_all();
        }
    }

    /// Tells each tab of an address what changed for it, and only that. A tab
    /// that does not read is dropped, not waited for. True where one waits to
    /// see whether its page comes back.
    pub(super) fn tell(&self, address: &str, before: &Before, now: &Now) -> bool {
        // What is told to those that saw the same is one text: a thousand tabs
        // of a page cost no more than one.
        let news = |seen| News::of(seen, now, before.settled);
        let news: Vec<News> = before.seen.iter().map(news).collect();
        let mut open = self.open.lock();
        let Some(shown) = open.shown.get_mut(address) else {
            return false;
        };
        shown.tabs.retain(|id, tab| {
            let is_meant = |news: &&News| *id < before.next && news.before.is(&tab.seen);
            let Some(news) = news.iter().find(is_meant) else {
                return true;
            };
            let Some((after, texts)) = &news.after else {
                return true;
            };
            let is_new = matches!(tab.seen, Seen::Loaded(_));
            tab.seen = after.clone();
            let connected = Event::Connected {
                revision: now.revision,
                editor: tab.at_home && now.editor,
                follow: tab.follow,
            };
            (!is_new || tab.send(&told(&[connected]))) && tab.send(texts)
        });
        news.iter().any(|news| news.after.is_none())
    }

    /// Leads the tabs that follow to a page, once those that show it were told
    /// of it.
    pub(super) fn lead(&self, event: Event) {
        let Event::Follow { path, .. } = &event else {
            return;
        };
        let mut open = self.open.lock();
        match open.shown.get_mut(path) {
            Some(shown) if shown.look.is_some() => shown.leads = Some(event),
            _ => open.lead(&event),
        }
    }
}

impl Open {
    /// Sends where to go to the tabs that follow: to those that show the page,
    /// else to the one that came last.
    fn lead(&self, event: &Event) {
        let Event::Follow { source, .. } = event else {
            return;
        };
        let shows = |tab: &Tab| match &tab.seen {
            Seen::Shown(view) => {
                let shown = view.source.as_ref();
                shown.is_some_and(|shown| shown.as_str() == source)
            }
            Seen::Loaded(_) => false,
        };
        let tabs = self.shown.values().flat_map(|shown| &shown.tabs);
        let following: Vec<_> = tabs.filter(|(_, tab)| tab.follow).collect();
        let mut there: Vec<&Tab> = following.iter().map(|(_, tab)| *tab).collect();
        there.retain(|tab| shows(tab));
        if there.is_empty() {
            let last = following.iter().max_by_key(|(id, _)| **id);
            there.extend(last.map(|(_, tab)| *tab));
        }
        let news = told(std::slice::from_ref(event));
        for tab in there {
            // One that does not read is dropped when it is next told of its page.
            tab.send(&news);
        }
    }
}

#[cfg(test)]
mod tests;
