use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use serde_json::Value;
use tokio::sync::mpsc::Receiver;

use super::{Now, Subscribe, Subscription, Tabs, WAITING};
use crate::serve::events::Event;
use crate::serve::view::View;

fn join(tabs: &Tabs, address: &str) -> (Subscription, Receiver<Utf8Bytes>, bool) {
    let hello = Subscribe {
        address: address.to_owned(),
        fingerprint: "1".to_owned(),
        follow: None,
    };
    tabs.join(hello, true, true)
}

fn now(revision: u64, found: bool) -> Now {
    let text = revision.to_string();
    let view = View {
        html: Some(text.as_str().into()),
        fingerprint: text,
        found,
        ..View::default()
    };
    Now {
        revision,
        view: Arc::new(view),
        editor: false,
    }
}

/// Runs a whole look.
fn look(tabs: &Tabs, address: &str, now: &Now) -> bool {
    let mut waits = false;
    while let Some(before) = tabs.before(address) {
        waits |= tabs.tell(address, &before, now);
    }
    waits
}

/// The kinds and revisions of all events that wait for a tab.
fn heard(events: &mut Receiver<Utf8Bytes>) -> Vec<(String, u64)> {
    let mut heard = Vec::new();
    while let Ok(text) = events.try_recv() {
        let event: Value = serde_json::from_str(&text).expect("JSON");
        let kind = event["kind"].as_str().expect("a kind").to_owned();
        heard.push((kind, event["revision"].as_u64().expect("a revision")));
    }
    heard
}

fn told(events: &[(&str, u64)]) -> Vec<(String, u64)> {
    let owned = |(kind, revision): &(&str, u64)| ((*kind).to_owned(), *revision);
    events.iter().map(owned).collect()
}

#[test]
fn a_slow_page_keeps_no_other_tab_waiting() {
    let tabs = Tabs::default();
    let (_slow, mut slow_events, begins) = join(&tabs, "/slow/");
    assert!(begins);
    // From here on it renders without end.
    let running = tabs.before("/slow/").expect("a look is requested");

    let (quick, mut quick_events, begins) = join(&tabs, "/quick/");
    assert!(begins);
    assert!(!look(&tabs, "/quick/", &now(1, true)));
    assert_eq!(heard(&mut quick_events), told(&[("connected", 1)]));
    // A save: only the other look starts, since the slow one has not ended.
    assert_eq!(tabs.want(false), ["/quick/"]);
    assert!(!look(&tabs, "/quick/", &now(2, true)));
    tabs.wait();
    assert_eq!(tabs.open.lock().running, 0);
    assert_eq!(heard(&mut quick_events), told(&[("page", 2)]));
    // Tabs come and go, also those of the slow page.
    let (second, mut second_events, begins) = join(&tabs, "/slow/");
    assert!(!begins);
    tabs.set_follow(&quick, false);
    tabs.leave(&quick);
    assert!(tabs.is_followed());

    // The slow look ends; tabs that joined meanwhile are told by the next one.
    assert!(!tabs.tell("/slow/", &running, &now(1, true)));
    assert_eq!(heard(&mut slow_events), told(&[("connected", 1)]));
    assert_eq!(heard(&mut second_events), []);
    assert!(!look(&tabs, "/slow/", &now(2, true)));
    assert_eq!(heard(&mut slow_events), told(&[("page", 2)]));
    let late = [("connected", 2), ("page", 2)];
    assert_eq!(heard(&mut second_events), told(&late));
    tabs.leave(&second);
    assert_eq!(tabs.open.lock().shown.len(), 1, "nobody else is known");
}

#[test]
fn a_look_that_fails_is_followed_by_another() {
    let tabs = Tabs::default();
    let (seat, mut events, _) = join(&tabs, "/a/");
    let _failed = tabs.before("/a/").expect("a look is requested");
    tabs.give_up("/a/");
    assert_eq!(tabs.want(false), ["/a/"]);
    assert!(!look(&tabs, "/a/", &now(2, true)));
    assert_eq!(heard(&mut events), told(&[("connected", 2), ("page", 2)]));
    tabs.leave(&seat);
    assert!(tabs.open.lock().shown.is_empty());
}

#[test]
fn a_page_that_may_come_back_is_waited_for() {
    let tabs = Tabs::default();
    let (_seat, mut events, _) = join(&tabs, "/a/");
    assert!(!look(&tabs, "/a/", &now(1, true)));
    assert_eq!(tabs.want(false), ["/a/"]);
    assert!(look(&tabs, "/a/", &now(2, false)));
    assert_eq!(heard(&mut events), told(&[("connected", 1)]));
    assert_eq!(tabs.want(true), ["/a/"]);
    assert!(!look(&tabs, "/a/", &now(2, false)));
    assert_eq!(heard(&mut events), told(&[("page", 2)]));
}

#[test]
fn following_tabs_are_updated_before_they_go_to_the_page() {
    let tabs = Tabs::default();
    let (_seat, mut events, _) = join(&tabs, "/a/");
    let lead = || Event::Follow {
        revision: 2,
        path: "/a/".to_owned(),
        source: "docs/a.md".to_owned(),
        line: 3,
    };
    assert!(!look(&tabs, "/a/", &now(1, true)));
    assert_eq!(tabs.want(false), ["/a/"]);
    tabs.lead(lead());
    assert!(!look(&tabs, "/a/", &now(2, true)));
    let all = [("connected", 1), ("page", 2), ("follow", 2)];
    assert_eq!(heard(&mut events), told(&all));
    tabs.lead(lead());
    assert_eq!(heard(&mut events), told(&[("follow", 2)]));
}

#[test]
fn a_tab_that_does_not_read_is_dropped() {
    let tabs = Tabs::default();
    let (_seat, mut events, _) = join(&tabs, "/a/");
    for revision in 1..=2 * WAITING as u64 {
        tabs.want(false);
        look(&tabs, "/a/", &now(revision, true));
    }
    assert_eq!(heard(&mut events).len(), WAITING);
    assert!(events.try_recv().is_err() && events.is_closed());
    assert!(tabs.open.lock().shown.is_empty());
}
