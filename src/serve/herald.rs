use std::sync::Arc;

use parking_lot::Mutex;

use super::ages::Aged;
use super::audience::Audience;
use super::lead::Saved;
use super::places::Places;
use super::{Announce, Notice};
use crate::diagnostic::Diagnostic;
use crate::session::{Listener, Revision};
use crate::watch::ChangeBatch;

/// Reports changes of the sites: first to the open tabs, then to the person who
/// started the server.
pub(super) struct Herald {
    audience: Arc<Audience>,
    places: Arc<Places>,
    aged: Arc<Aged>,
    announce: Announce,
    /// The page that is being saved, as it was before.
    saved: Mutex<Option<Saved>>,
}

impl Herald {
    pub(super) fn new(
        audience: Arc<Audience>,
        places: Arc<Places>,
        aged: Arc<Aged>,
        announce: Announce,
    ) -> Self {
        Self {
            audience,
            places,
            aged,
            announce,
            saved: Mutex::default(),
        }
    }
}

impl Listener for Herald {
    fn will_change(&self, batch: &ChangeBatch) {
        *self.saved.lock() = if self.audience.tabs.is_followed() {
            Saved::of(batch, &self.places.sites)
        } else {
            None
        };
    }

    fn changed(&self, revision: Revision, batch: &ChangeBatch) {
        self.audience.publish(false);
        let saved = self.saved.lock().take();
        if let Some(saved) = saved {
            saved.lead(&self.audience.tabs, &self.places, revision);
        }
        (self.announce)(Notice::Changed(revision, batch.clone()));
    }

    fn settled(&self) {
        self.audience.publish(true);
    }

    fn looked_over(&self, diagnostics: Vec<Diagnostic>) {
        (self.announce)(Notice::Diagnostics(diagnostics));
        self.aged.warm(&self.announce);
    }

    fn noted(&self, note: String) {
        (self.announce)(Notice::Note(note));
    }
}
