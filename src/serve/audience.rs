use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::crew::Crew;
use super::editor::Editing;
use super::places::Places;
use super::tabs::{Hello, Now, Seat, Tabs};
use crate::session::Workspace;

/// Who looks at what tabs show.
static LOOKERS: Crew = Crew::of(64);

/// The open tabs, and what keeps them up to date with the places they show.
pub(super) struct Audience {
    pub(super) tabs: Tabs,
    places: Arc<Places>,
    editing: Arc<Editing>,
    workspace: Arc<Workspace>,
    runtime: Handle,
    /// Whether tabs follow what is saved, where they were not told.
    follow: bool,
}

impl Audience {
    /// No tabs yet. Looks are begun on the runtime that this is called from.
    pub(super) fn new(
        places: Arc<Places>,
        editing: Arc<Editing>,
        workspace: Arc<Workspace>,
        follow: bool,
    ) -> Self {
        Self {
            tabs: Tabs::default(),
            places,
            editing,
            workspace,
            runtime: Handle::current(),
            follow,
        }
    }

    /// Subscribes a tab. The first that it is told is that it is connected,
    /// and at once whatever differs from what it shows, so that nothing falls
    /// between its load and its subscription.
    pub(super) fn subscribe(
        self: &Arc<Self>,
        hello: Hello,
        at_home: bool,
    ) -> (Seat, mpsc::Receiver<Utf8Bytes>) {
        let (seat, receiver, begins) = self.tabs.join(hello, at_home, self.follow);
        if begins {
            self.begin_look(seat.address().to_owned());
        }
        (seat, receiver)
    }

    /// Tells each tab what changed for it. A tab whose page is gone is told
    /// only once that is `settled`, which is waited for.
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
            let (revision, view) = self.places.view(address);
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
