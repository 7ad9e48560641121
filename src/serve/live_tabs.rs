use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::blocking_pool::BlockingPool;
use super::editor::EditorLauncher;
use super::events::Event;
use super::loads::{Load, Loads};
use super::reports::{Report, Reports};
use super::review::{self, Mode, ReviewDesk};
use super::routing::Routes;
use super::sent::SentAnswers;
use super::stamps::outdated;
use super::tabs::{Now, Subscribe, Subscription, Tabs};
use crate::session::Workspace;

/// Renders the pages of open tabs again after a change.
static LOOKERS: BlockingPool = BlockingPool::of(64);

/// The open tabs, and what is needed to keep them up to date.
pub(super) struct LiveTabs {
    pub(super) tabs: Tabs,
    /// What was sent lately.
    pub(super) sent: SentAnswers,
    /// What tabs have reported since.
    reports: Reports,
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
            sent: SentAnswers::default(),
            reports: Reports::default(),
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

    /// Forgets a tab that is closed.
    pub(super) fn leave(&self, seat: &Arc<Subscription>) {
        self.tabs.leave(seat);
        self.reports.forget(seat);
    }

    /// Notes what a tab has loaded, and has it told what of that is outdated already.
    /// `after` is how many answers were sent before its page.
    pub(super) fn loaded(self: &Arc<Self>, seat: &Arc<Subscription>, loads: Vec<Load>, after: u64) {
        // First the loads, so that a look which counts the report knows them.
        let begins = self.tabs.add_loads(seat, &loads);
        self.reports.push(Report::new(seat.clone(), loads, after));
        if self.tabs.want_at(seat.address()) || begins {
            self.begin_look(seat.address().to_owned());
        }
    }

    /// Tells a tab what of a report is outdated. A save after this is noticed, because the
    /// loads were looked at before.
    fn check(&self, report: &Report) {
        let split = report.loads.iter();
        let split = split.map(|load| (load, review::split(&load.path)));
        let now = split.filter(|(_, (mode, _))| *mode != Mode::Base);
        let now = now.map(|(load, (_, path))| (load, path));
        let assets = outdated(&self.places, &self.sent, report, now);
        if !assets.is_empty() {
            let revision = self.places.sites.main().ask(|_| ()).0;
            self.tabs
                .tell_one(&report.seat, Event::Style { revision, assets });
        }
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
        loop {
            let reported = self.reports.count(address);
            let Some(before) = self.tabs.before(address) else {
                return;
            };
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
            for report in self.reports.take(address, reported) {
                self.check(&report);
            }
        }
    }
}
