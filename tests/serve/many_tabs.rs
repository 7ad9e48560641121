//! Many tabs at once, and tabs that do not read.

use std::time::Duration;

use tungstenite::Message;

use crate::answers::site;
use crate::harness::server::raise_limits;
use crate::harness::{PATIENCE, Tab};

/// As many as a large office has open on a busy day.
const TABS: usize = 1000;

#[test]
fn a_thousand_tabs_of_a_page_are_all_told() {
    raise_limits();
    let site = site();
    let server = site.serve();
    let fingerprint = server.get("/b/").fingerprint();
    let mut tabs: Vec<Tab> = (0..TABS)
        .map(|_| server.subscribe("b/", &fingerprint))
        .collect();
    for round in 0..3 {
        site.save("docs/b.md", &format!("# Beta\n\nround {round}\n"));
        let mut revisions: Vec<u64> = Vec::new();
        for tab in &mut tabs {
            let event = tab.next();
            assert_eq!(event["kind"], "page", "{event}");
            revisions.push(event["revision"].as_u64().expect("a revision"));
        }
        revisions.dedup();
        assert_eq!(revisions.len(), 1, "all hear of the same");
        assert!(server.get("/b/").body.contains(&format!("round {round}")));
    }
}

#[test]
fn a_tab_that_does_not_read_is_dropped() {
    let site = site();
    let server = site.serve();
    let mut reads = server.tab("b/");
    let mut sleeps = server.tab("b/");
    // Each round tells of a hundred new problems, so that what the system
    // keeps for a reader that does not come is soon full.
    let rounds = 120;
    for round in 0..rounds {
        // A hundred are told, however many there are.
        let name = "gone-".repeat(200);
        let links: String = (0..100)
            .map(|number| format!("[x]({name}{round}-{number}.md)\n\n"))
            .collect();
        site.save("docs/b.md", &format!("# Beta\n\n{links}"));
        // Nobody waits for the other.
        reads.wait_for("problem");
    }
    let mut heard = 0;
    while sleeps.try_next(Duration::from_secs(30)).is_some() {
        heard += 1;
    }
    assert!(heard < 2 * rounds, "{heard} events were kept for it");
    assert_eq!(server.get("/b/").status, 200);
}

#[test]
fn a_tab_that_sends_nonsense_is_closed_and_others_are_not() {
    let site = site();
    let server = site.serve();
    let mut other = server.tab("b/");
    for nonsense in [
        Message::text("nonsense"),
        Message::text("{\"follow\": \"x\"}"),
        Message::binary(vec![1, 2, 3]),
        // Longer than all that tabs say.
        Message::text("x".repeat(20 << 10)),
    ] {
        let mut tab = server.tab("b/");
        tab.say(nonsense);
        assert_eq!(tab.try_next(PATIENCE), None);
    }
    site.save("docs/b.md", "# Beta\n\nOther words.\n");
    assert_eq!(other.next()["kind"], "page");
}
