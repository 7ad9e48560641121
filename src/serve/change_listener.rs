use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::ages::AgeService;
use super::follow::Saved;
use super::live_tabs::LiveTabs;
use super::review::ReviewDesk;
use super::routing::Routes;
use super::{Announce, Notice};
use crate::diagnostic::Diagnostic;
use crate::session::{Listener, Revision};
use crate::site::queries;
use crate::watch::ChangeBatch;

/// Reports changes of the sites: first to the open tabs, then to the person who
/// started the server.
pub(super) struct ChangeListener {
    /// Wakes the requests that wait for a change.
    changes: Arc<Notify>,
    audience: Arc<LiveTabs>,
    places: Arc<Routes>,
    aged: Arc<AgeService>,
    desk: Arc<ReviewDesk>,
    announce: Announce,
    /// The drafts that were announced last.
    drafts: Mutex<Vec<String>>,
    /// The page that is being saved, as it was before.
    saved: Mutex<Option<Saved>>,
}

impl ChangeListener {
    pub(super) fn new(
        changes: Arc<Notify>,
        audience: Arc<LiveTabs>,
        places: Arc<Routes>,
        aged: Arc<AgeService>,
        desk: Arc<ReviewDesk>,
        announce: Announce,
    ) -> Self {
        Self {
            changes,
            audience,
            places,
            aged,
            desk,
            announce,
            drafts: Mutex::default(),
            saved: Mutex::default(),
        }
    }

    /// Announces the drafts if they are not the same as before.
    fn announce_drafts(&self) {
        let addresses = self.places.addresses();
        let editions = addresses.editions.iter();
        let drafts = editions.flat_map(|edition| {
            let session = self.places.sites.session(edition);
            let drafts = session.ask(|db| queries::drafts(db)).1;
            let paths = drafts.iter().map(|url| addresses.path_of(edition, url));
            paths.collect::<Vec<_>>()
        });
        let drafts: Vec<String> = drafts.collect();
        let is_same = {
            let mut announced = self.drafts.lock();
            std::mem::replace(&mut *announced, drafts.clone()) == drafts
        };
        if !is_same {
            (self.announce)(Notice::Drafts(drafts));
        }
    }
}

impl Listener for ChangeListener {
    fn will_change(&self, batch: &ChangeBatch) {
        *self.saved.lock() = if self.audience.tabs.is_followed() {
            Saved::of(batch, &self.places.sites)
        } else {
            None
        };
    }

    fn changed(&self, revision: Revision, batch: &ChangeBatch) {
        self.changes.notify_waiters();
        self.desk.apply(batch);
        self.audience.publish(false);
        let saved = self.saved.lock().take();
        if let Some(saved) = saved {
            saved.lead(&self.audience.tabs, &self.places, revision);
        }
        self.desk.changed();
        (self.announce)(Notice::Changed(revision, batch.clone()));
    }

    fn settled(&self) {
        self.audience.publish(true);
    }

    fn checked(&self, diagnostics: Vec<Diagnostic>) {
        (self.announce)(Notice::Diagnostics(diagnostics));
        self.announce_drafts();
        self.aged.warm(&self.announce);
    }

    fn noted(&self, note: String) {
        (self.announce)(Notice::Note(note));
    }
}
