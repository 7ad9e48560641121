//! Open tabs and what each was last told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::Server;
use super::view::View;
use crate::diagnostic::Diagnostic;
use crate::session::Revision;

/// How many events may wait for a tab before it counts as dead.
const WAITING: usize = 32;

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

/// What a tab is told. A closed set: the browser side knows each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Event {
    /// The subscription holds from this revision on.
    Connected {
        /// The server's revision.
        revision: Revision,
        /// Whether the tab may open the editor.
        editor: bool,
        /// Whether it follows what is saved.
        follow: bool,
    },
    /// The page is another now.
    Page {
        /// From which revision on.
        revision: Revision,
        /// Why a patch will not do and the page must be loaded anew.
        #[serde(skip_serializing_if = "Option::is_none")]
        reload: Option<String>,
    },
    /// Style sheets or images of the page changed.
    Style {
        /// From which revision on.
        revision: Revision,
        /// Their addresses, relative to the site's root.
        assets: Vec<String>,
    },
    /// What is wrong with the page; nothing any more where empty.
    Problem {
        /// From which revision on.
        revision: Revision,
        /// All of it.
        problems: Vec<Diagnostic>,
    },
    /// A page was saved, and the tab follows.
    Follow {
        /// In which revision.
        revision: Revision,
        /// The page's path.
        path: String,
        /// Its source.
        source: String,
        /// The first line that is another now.
        line: u32,
    },
}

/// One open tab.
#[derive(Debug)]
struct Tab {
    address: String,
    follow: bool,
    /// Shared by all tabs of the address that saw the same.
    seen: Arc<View>,
    events: mpsc::Sender<Utf8Bytes>,
}

/// All open tabs.
#[derive(Debug, Default)]
pub(super) struct Tabs {
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    tabs: BTreeMap<u64, Tab>,
}

impl Server {
    /// Subscribes a tab. It is told at once of whatever differs from what it
    /// shows, so that nothing falls between its load and its subscription.
    pub(super) fn subscribe(
        &self,
        hello: Hello,
        at_home: bool,
    ) -> (u64, mpsc::Receiver<Utf8Bytes>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let editor = at_home && self.editor().is_some();
        let follow = hello.follow.unwrap_or(self.follow);
        let mut open = self
            .tabs
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let id = open.next;
        open.next += 1;
        // Asked under the lock: no batch can be published in between.
        let (revision, view) = self.view(&hello.address);
        let view = Arc::new(view);
        let mut tab = Tab {
            address: hello.address,
            follow,
            seen: Arc::new(View {
                fingerprint: hello.fingerprint,
                problems: Vec::new(),
                ..View::clone(&view)
            }),
            events: sender,
        };
        let connected = tab.send(&told(&[Event::Connected {
            revision,
            editor,
            follow,
        }]));
        let news = told(&events(&tab.seen, &view, revision));
        if connected && tab.tell(&view, &news) {
            open.tabs.insert(id, tab);
        }
        (id, receiver)
    }

    /// Forgets a tab that is closed.
    pub(super) fn unsubscribe(&self, id: u64) {
        let mut open = self
            .tabs
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        open.tabs.remove(&id);
    }

    /// Whether a tab follows what is saved.
    pub(super) fn is_followed(&self) -> bool {
        let open = self
            .tabs
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        open.tabs.values().any(|tab| tab.follow)
    }

    /// Makes a tab follow what is saved, or not.
    pub(super) fn set_follow(&self, id: u64, follow: bool) {
        let mut open = self
            .tabs
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(tab) = open.tabs.get_mut(&id) {
            tab.follow = follow;
        }
    }

    /// Sends where to go to the tabs that follow: to those that show the page,
    /// else to the one that came last.
    pub(super) fn send_to_followers(&self, event: &Event) {
        let Event::Follow { source, .. } = event else {
            return;
        };
        let open = self
            .tabs
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let shows = |tab: &&Tab| {
            let shown = tab.seen.source.as_ref();
            shown.is_some_and(|shown| shown.as_str() == source)
        };
        let following = || open.tabs.values().filter(|tab| tab.follow);
        let mut there: Vec<&Tab> = following().filter(shows).collect();
        if there.is_empty() {
            there.extend(following().next_back());
        }
        let news = told(std::slice::from_ref(event));
        for tab in there {
            // One that does not read is dropped when it is next told of its page.
            tab.send(&news);
        }
    }

    /// Tells each tab what changed for it, and only that. A tab that does not
    /// read is dropped, not waited for.
    ///
    /// A tab whose page is gone is told only once that is `settled`; true
    /// where one waits for it.
    pub(super) fn publish(&self, settled: bool) -> bool {
        let mut open = self
            .tabs
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut views: BTreeMap<String, (Revision, Arc<View>)> = BTreeMap::new();
        // What is told to those that saw the same, by what they saw: a
        // thousand tabs of a page are told in one text.
        let mut news: BTreeMap<(String, *const View), Vec<Utf8Bytes>> = BTreeMap::new();
        let mut waits = false;
        open.tabs.retain(|_, tab| {
            let (revision, view) = views
                .entry(tab.address.clone())
                .or_insert_with_key(|address| {
                    let (revision, view) = self.view(address);
                    (revision, Arc::new(view))
                });
            if !settled && tab.seen.found && !view.found {
                waits = true;
                return true;
            }
            let news = news
                .entry((tab.address.clone(), Arc::as_ptr(&tab.seen)))
                .or_insert_with(|| told(&events(&tab.seen, view, *revision)));
            tab.tell(view, news)
        });
        waits
    }
}

impl Tab {
    /// Sends the news of what the tab shows. False where it is gone.
    fn tell(&mut self, view: &Arc<View>, news: &[Utf8Bytes]) -> bool {
        // A tab keeps its page while there is none to show.
        if !view.is_broken() {
            self.seen = view.clone();
        } else if self.seen.problems != view.problems {
            let problems = view.problems.clone();
            let seen = View::clone(&self.seen);
            self.seen = Arc::new(View { problems, ..seen });
        }
        self.send(news)
    }

    fn send(&self, news: &[Utf8Bytes]) -> bool {
        let mut news = news.iter().cloned();
        news.all(|text| self.events.try_send(text).is_ok())
    }
}

/// Events as tabs read them.
fn told(events: &[Event]) -> Vec<Utf8Bytes> {
    let texts = events
        .iter()
        .filter_map(|event| serde_json::to_string(event).ok());
    texts.map(Utf8Bytes::from).collect()
}

/// What a tab that saw `before` must hear of `now`.
fn events(before: &View, now: &View, revision: Revision) -> Vec<Event> {
    let mut events = Vec::new();
    if !now.is_broken() {
        let assets = now.changed_assets(before);
        let script = assets
            .iter()
            .find(|asset| asset.ends_with(".js") || asset.ends_with(".mjs"));
        if let Some(script) = script {
            let reload = Some(format!("the script {script} changed"));
            events.push(Event::Page { revision, reload });
        } else {
            if before.fingerprint != now.fingerprint {
                events.push(Event::Page {
                    revision,
                    reload: None,
                });
            }
            if !assets.is_empty() {
                events.push(Event::Style { revision, assets });
            }
        }
    }
    if before.problems != now.problems {
        let problems = now.problems.clone();
        events.push(Event::Problem { revision, problems });
    }
    events
}

#[cfg(test)]
mod tests {
    use super::{Event, events};
    use crate::diagnostic::Diagnostic;
    use crate::serve::view::View;

    fn view(html: &str, style: u64) -> View {
        View {
            html: Some(html.into()),
            fingerprint: html.to_owned(),
            assets: [
                ("a.css".to_owned(), Some((style, 0))),
                ("b.js".to_owned(), Some((1, 0))),
            ]
            .into(),
            problems: Vec::new(),
            found: true,
            source: None,
        }
    }

    #[test]
    fn a_tab_hears_only_what_concerns_it() {
        let before = view("one", 1);
        assert_eq!(events(&before, &view("one", 1), 7), []);
        let page = Event::Page {
            revision: 7,
            reload: None,
        };
        assert_eq!(events(&before, &view("two", 1), 7), [page]);
        let style = Event::Style {
            revision: 7,
            assets: vec!["a.css".to_owned()],
        };
        assert_eq!(events(&before, &view("one", 2), 7), [style]);
        let mut script = view("two", 2);
        script.assets.insert("b.js".to_owned(), Some((2, 0)));
        let told = events(&before, &script, 7);
        assert!(
            matches!(
                &told[..],
                [Event::Page {
                    reload: Some(_),
                    ..
                }]
            ),
            "{told:?}"
        );
    }

    #[test]
    fn a_broken_page_leaves_the_tab_as_it_is() {
        let before = view("one", 1);
        let problems = vec![Diagnostic::error("template-syntax", "x")];
        let broken = View {
            html: None,
            problems: problems.clone(),
            ..View::default()
        };
        assert_eq!(
            events(&before, &broken, 3),
            [Event::Problem {
                revision: 3,
                problems
            }]
        );
    }
}
