//! Open tabs and what each was last told.
//!
//! An address is looked at by one thread at a time, and the database is never
//! asked while the tabs are locked. So however long a page takes to render,
//! other tabs are updated, opened and closed in the meantime.

mod messages;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use parking_lot::{Condvar, Mutex};
use tokio::sync::mpsc;

use super::events::{Event, events, serialize};
use super::loads::{self, Load, Loads, ScriptRequests};
use super::view::View;
use crate::session::Revision;

pub(super) use messages::{ClientMessage, Subscribe};

/// How many events may wait for a tab before it counts as dead.
const WAITING: usize = 32;
/// How long the next change waits until tabs have been told of the last one,
/// because it cancels unfinished work. Slower pages do not hold it up.
const LOOKED: Duration = Duration::from_millis(250);

/// What a tab shows.
#[derive(Debug, Clone)]
enum Seen {
    /// It loaded a page with this fingerprint and has not been told anything.
    Loaded(Arc<str>),
    /// Shared by all tabs of the address that show the same.
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

    /// The view that the tab has. If only its fingerprint is known, the rest is
    /// assumed to be as it is now.
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
    /// Whether it is on this machine and so may open the editor.
    at_home: bool,
    follow: bool,
    seen: Seen,
    /// What it has loaded; shared by tabs of the address that have loaded the same.
    loads: Arc<Loads>,
    events: mpsc::Sender<Utf8Bytes>,
}

impl Tab {
    /// Whether it shows and has loaded this.
    fn has(&self, seen: &Seen, loads: &Arc<Loads>) -> bool {
        self.seen.is(seen) && Arc::ptr_eq(&self.loads, loads)
    }

    /// False if the tab is gone or does not read.
    fn send(&self, texts: &[Utf8Bytes]) -> bool {
        let mut texts = texts.iter().cloned();
        texts.all(|text| self.events.try_send(text).is_ok())
    }
}

/// A subscribed tab, as its connection knows it.
#[derive(Debug)]
pub(super) struct Subscription {
    id: u64,
    address: String,
}

impl Subscription {
    /// The address that the tab shows.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

/// All open tabs.
#[derive(Debug, Default)]
pub(super) struct Tabs {
    open: Mutex<Open>,
    /// What scripts of the site have loaded by themselves.
    pub(super) script_requests: ScriptRequests,
    /// Notified when a look of the current round has ended.
    looked: Condvar,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// How many rounds of looks at all addresses there have been.
    round: u64,
    /// How many looks of this round are still running.
    running: usize,
    shown: BTreeMap<String, Shown>,
}

/// An address and the tabs that show it.
#[derive(Debug, Default)]
struct Shown {
    tabs: BTreeMap<u64, Tab>,
    /// The look that is running.
    look: Option<Look>,
    /// Whether files have settled, so that a missing page is really gone.
    settled: bool,
    /// Where following tabs go once the tabs of this address are up to date.
    leads: Option<Event>,
}

/// A running look at what an address shows.
#[derive(Debug)]
struct Look {
    /// Whether to look once more afterwards.
    again: bool,
    /// The round that it belongs to; `None` if a new tab asked for it.
    round: Option<u64>,
}

impl Shown {
    /// Requests a look. True if the caller has to start it.
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

/// What the tabs show when a look begins.
pub(super) struct Before {
    /// Tabs from this id on joined later, and may show a newer page.
    next: u64,
    /// What they show and have loaded, each once.
    seen: Vec<(Seen, Arc<Loads>)>,
    settled: bool,
}

impl Before {
    /// Whether one of them has not been told anything yet.
    pub(super) fn has_new(&self) -> bool {
        let is_new = |(seen, _): &(Seen, _)| matches!(seen, Seen::Loaded(_));
        self.seen.iter().any(is_new)
    }

    /// What they have loaded.
    pub(super) fn loads(&self) -> impl Iterator<Item = &Arc<Loads>> {
        self.seen.iter().map(|(_, loads)| loads)
    }
}

/// The result of a look.
pub(super) struct Now {
    pub(super) revision: Revision,
    pub(super) view: Arc<View>,
    /// Whether an editor is configured.
    pub(super) editor: bool,
}

/// The news for all tabs that show and have loaded the same.
struct News {
    before: Seen,
    loads: Arc<Loads>,
    /// `None` if they wait to see whether their page comes back.
    after: Option<(Seen, Vec<Utf8Bytes>)>,
}

impl News {
    fn of(
        (before, loads): &(Seen, Arc<Loads>),
        reach: impl Fn(&Arc<Loads>) -> Arc<Loads>,
        now: &Now,
        settled: bool,
    ) -> Self {
        let saw = before.view(&now.view);
        let is_gone = matches!(before, Seen::Shown(_)) && saw.found && !now.view.found;
        let after = || {
            // A tab keeps its page while there is nothing to show.
            let view = if now.view.is_broken() {
                Arc::new(View {
                    problems: now.view.problems.clone(),
                    ..View::clone(&saw)
                })
            } else {
                now.view.clone()
            };
            let reach = reach(loads);
            let texts = serialize(&events(&saw, &now.view, loads, &reach, now.revision));
            (Seen::Shown(view), texts)
        };
        Self {
            before: before.clone(),
            loads: loads.clone(),
            after: (settled || !is_gone).then(after),
        }
    }
}

impl Tabs {
    /// Adds a tab. True if the caller has to start a look at its address.
    pub(super) fn join(
        &self,
        hello: Subscribe,
        at_home: bool,
        follow: bool,
    ) -> (Subscription, mpsc::Receiver<Utf8Bytes>, bool) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let tab = Tab {
            at_home,
            follow: hello.follow.unwrap_or(follow),
            seen: Seen::Loaded(hello.fingerprint.into()),
            loads: Arc::default(),
            events: sender,
        };
        let mut open = self.open.lock();
        let id = open.next;
        open.next += 1;
        let shown = open.shown.entry(hello.address.clone()).or_default();
        shown.tabs.insert(id, tab);
        let begins = shown.want(None);
        let seat = Subscription {
            id,
            address: hello.address,
        };
        (seat, receiver, begins)
    }

    /// Forgets a tab that is closed.
    pub(super) fn leave(&self, seat: &Subscription) {
        let mut open = self.open.lock();
        if let Some(shown) = open.shown.get_mut(&seat.address) {
            shown.tabs.remove(&seat.id);
            if shown.tabs.is_empty() && shown.look.is_none() {
                open.shown.remove(&seat.address);
            }
        }
    }

    /// Sets whether a tab follows saves.
    pub(super) fn set_follow(&self, seat: &Subscription, follow: bool) {
        let mut open = self.open.lock();
        let shown = open.shown.get_mut(&seat.address);
        if let Some(tab) = shown.and_then(|shown| shown.tabs.get_mut(&seat.id)) {
            tab.follow = follow;
        }
    }

    /// Adds what a tab has loaded. True if the caller has to start a look at its
    /// address, which finds out what that is like now.
    pub(super) fn add_loads(&self, seat: &Subscription, report: &[Load]) -> bool {
        let mut open = self.open.lock();
        let Some(shown) = open.shown.get_mut(&seat.address) else {
            return false;
        };
        let now = shown.tabs.get(&seat.id);
        let Some(mut loads) = now.and_then(|tab| loads::with(&tab.loads, report)) else {
            return false;
        };
        // A thousand tabs of a page cost no more than one.
        let others = shown.tabs.values().map(|tab| &tab.loads);
        if let Some(same) = others.into_iter().find(|other| **other == loads) {
            loads = same.clone();
        }
        if let Some(tab) = shown.tabs.get_mut(&seat.id) {
            tab.loads = loads;
        }
        shown.want(None)
    }

    /// Requests a look at an address. True if the caller has to start it.
    pub(super) fn want_at(&self, address: &str) -> bool {
        let mut open = self.open.lock();
        let shown = open.shown.get_mut(address);
        shown.is_some_and(|shown| shown.want(None))
    }

    /// The addresses of tabs that run a script which has now loaded more, where the caller
    /// has to start a look.
    pub(super) fn loaded_by(&self, script: &str) -> Vec<String> {
        let mut open = self.open.lock();
        let mut begins = Vec::new();
        for (address, shown) in &mut open.shown {
            let mut loads = shown.tabs.values().map(|tab| &tab.loads);
            let runs = address == script || loads.any(|loads| loads.contains(script));
            if runs && shown.want(None) {
                begins.push(address.clone());
            }
        }
        begins
    }

    /// Tells one tab that some of what it has loaded is outdated.
    pub(super) fn tell_one(&self, seat: &Subscription, event: Event) {
        let open = self.open.lock();
        let tabs = open.shown.get(&seat.address).map(|shown| &shown.tabs);
        if let Some(tab) = tabs.and_then(|tabs| tabs.get(&seat.id)) {
            // A tab that does not read is dropped when its page changes next.
            tab.send(&serialize(&[event]));
        }
    }

    /// Whether any tab follows saves.
    pub(super) fn is_followed(&self) -> bool {
        let open = self.open.lock();
        let mut tabs = open.shown.values().flat_map(|shown| shown.tabs.values());
        tabs.any(|tab| tab.follow)
    }

    /// Requests a look at every shown address, and returns the addresses where
    /// the caller has to start it. [`Tabs::wait`] waits for them.
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

    /// Waits until the looks of the current round have ended, but no longer than
    /// [`LOOKED`].
    pub(super) fn wait(&self) {
        let running = |open: &mut Open| open.running > 0;
        let mut open = self.open.lock();
        self.looked.wait_while_for(&mut open, running, LOOKED);
    }

    /// What the tabs of an address show before the requested look. If none is
    /// requested, the running look ends and this is `None`.
    pub(super) fn before(&self, address: &str) -> Option<Before> {
        let mut open = self.open.lock();
        let next = open.next;
        let shown = open.shown.get_mut(address)?;
        let look = shown.look.as_mut()?;
        if !std::mem::take(&mut look.again) || shown.tabs.is_empty() {
            self.end(&mut open, address);
            return None;
        }
        let mut seen: Vec<(Seen, Arc<Loads>)> = Vec::new();
        for tab in shown.tabs.values() {
            if !seen.iter().any(|(known, loads)| tab.has(known, loads)) {
                seen.push((tab.seen.clone(), tab.loads.clone()));
            }
        }
        Some(Before {
            next,
            seen,
            settled: shown.settled,
        })
    }

    /// Ends a look that failed.
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

    /// Tells each tab of an address what changed for it, and nothing else. A tab
    /// that does not read is dropped rather than waited for. True if one of them
    /// waits to see whether its page comes back.
    pub(super) fn tell(&self, address: &str, before: &Before, now: &Now) -> bool {
        // Tabs that show the same share one text: a thousand tabs of a page cost
        // no more than one.
        let reach = |loads: &_| self.script_requests.reach(address, loads);
        let news = |seen| News::of(seen, reach, now, before.settled);
        let news: Vec<News> = before.seen.iter().map(news).collect();
        let mut open = self.open.lock();
        let Some(shown) = open.shown.get_mut(address) else {
            return false;
        };
        shown.tabs.retain(|id, tab| {
            let is_meant = |news: &&News| *id < before.next && tab.has(&news.before, &news.loads);
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
                fix: tab.at_home,
                follow: tab.follow,
            };
            (!is_new || tab.send(&serialize(&[connected]))) && tab.send(texts)
        });
        news.iter().any(|news| news.after.is_none())
    }

    /// Takes following tabs to a page, once the tabs that show it are up to
    /// date.
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
    /// Sends the event to the following tabs that show the page; if there are
    /// none, to the following tab that was opened last.
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
        let mut targets: Vec<&Tab> = following.iter().map(|(_, tab)| *tab).collect();
        targets.retain(|tab| shows(tab));
        if targets.is_empty() {
            let newest = following.iter().max_by_key(|(id, _)| **id);
            targets.extend(newest.map(|(_, tab)| *tab));
        }
        let texts = serialize(std::slice::from_ref(event));
        for tab in targets {
            // A tab that does not read is dropped when its page changes next.
            tab.send(&texts);
        }
    }
}

#[cfg(test)]
mod tests;
