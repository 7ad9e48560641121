use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::ws::Utf8Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::blocking_pool::BlockingPool;
use super::editor::EditorLauncher;
use super::events::Event;
use super::loads::{Load, Loads};
use super::review::{self, Mode, ReviewDesk};
use super::routing::Routes;
use super::stamps::outdated;
use super::tabs::{Now, Subscribe, Subscription, Tabs};
use crate::session::Workspace;

/// Renders the pages of open tabs again after a change.
static LOOKERS: BlockingPool = BlockingPool::of(64);

/// The open tabs, and what is needed to keep them up to date.
pub(super) struct LiveTabs {
    pub(super) tabs: Tabs,
    places: Arc<Routes>,
    desk: Arc<ReviewDesk>,
    editing: Arc<EditorLauncher>,
    workspace: Arc<Workspace>,
    runtime: Handle,
    /// Whether tabs follow saves if their reader made no choice.
    follow: bool,
}

impl LiveTabs {
    /// Starts without tabs. Looks run on the runtime that this is called from.
    pub(super) fn new(
        places: Arc<Routes>,
        desk: Arc<ReviewDesk>,
        editing: Arc<EditorLauncher>,
        workspace: Arc<Workspace>,
        follow: bool,
    ) -> Self {
        Self {
            tabs: Tabs::default(),
            places,
            desk,
            editing,
            workspace,
            runtime: Handle::current(),
            follow,
        }
    }

    /// Subscribes a tab. It is first told that it is connected, and right after
    /// that what differs from the page it shows, so that no change between its
    /// load and its subscription is lost.
    pub(super) fn subscribe(
        self: &Arc<Self>,
        hello: Subscribe,
        at_home: bool,
    ) -> (Subscription, mpsc::Receiver<Utf8Bytes>) {
        let (seat, receiver, begins) = self.tabs.join(hello, at_home, self.follow);
        if begins {
            self.begin_look(seat.address().to_owned());
        }
        (seat, receiver)
    }

    /// Notes what a tab has loaded, and tells it what of that is outdated already.
    pub(super) fn loaded(self: &Arc<Self>, seat: &Arc<Subscription>, report: Vec<Load>) {
        let reported = SystemTime::now();
        if self.tabs.add_loads(seat, &report) {
            self.begin_look(seat.address().to_owned());
        }
        let (audience, seat) = (self.clone(), seat.clone());
        self.runtime.spawn(async move {
            let looks = move || {
                let split = report.iter().map(|load| (load, review::split(&load.path)));
                let now = split.filter(|(_, (mode, _))| *mode != Mode::Base);
                let now = now.map(|(load, (_, path))| (load, path));
                let assets = outdated(&audience.places, reported, now);
                if !assets.is_empty() {
                    let revision = audience.places.sites.main().ask(|_| ()).0;
                    audience
                        .tabs
                        .tell_one(&seat, Event::Style { revision, assets });
                }
            };
            // If it fails, the tab hears of the next change.
            let _ = LOOKERS.run(looks).await;
        });
    }

    /// Notes what a script has loaded.
    pub(super) fn loaded_by_script(self: &Arc<Self>, script: String, path: &str) {
        if self.tabs.script_requests.note(script.clone(), path) {
            for address in self.tabs.loaded_by(&script) {
                self.begin_look(address);
            }
        }
    }

    /// Tells each tab what changed for it. A tab whose page is gone is told so
    /// only once the files have `settled`.
    pub(super) fn publish(self: &Arc<Self>, settled: bool) {
        for address in self.tabs.want(settled) {
            self.begin_look(address);
        }
        self.tabs.wait();
    }

    fn begin_look(self: &Arc<Self>, address: String) {
        let audience = self.clone();
        self.runtime.spawn(async move {
            let looks = {
                let (audience, address) = (audience.clone(), address.clone());
                move || audience.look(&address)
            };
            if LOOKERS.run(looks).await.is_err() {
                audience.tabs.give_up(&address);
            }
        });
    }

    fn look(&self, address: &str) {
        while let Some(before) = self.tabs.before(address) {
            let (revision, mut view) = self.desk.view(&self.places, address);
            let mut loads = Loads::new();
            for some in before.loads() {
                let reach = self.tabs.script_requests.reach(address, some);
                loads.extend(reach.iter().cloned());
            }
            view.loaded = self.desk.stamps(&self.places, &loads);
            let now = Now {
                revision,
                view: Arc::new(view),
                editor: before.has_new() && self.editing.editor().is_some(),
            };
            if self.tabs.tell(address, &before, &now) {
                self.workspace.wait_until_settled();
            }
        }
    }
}
