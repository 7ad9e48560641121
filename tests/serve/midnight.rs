//! What changes when another day begins.

use std::sync::Arc;
use std::sync::mpsc::channel;

use proofroom::ages::Dating;
use proofroom::files::{Disk, NoHistory, SourcePath};
use proofroom::git::Ages;
use proofroom::serve::{self, Notice, Options};
use proofroom::session::Sites;
use proofroom::site::Invocation;
use tokio::sync::watch;

use crate::harness::{Server, Site};

/// 2024-11-30, 23:59:50 in UTC.
const BEFORE: i64 = 1_733_011_190;

/// Serves a site in this process, by a clock of the test.
fn served_by_clock(site: &Site, clock: Option<watch::Receiver<i64>>) -> Server {
    let disk = Disk::new(&site.path("")).expect("a folder");
    let call = Invocation {
        moment: BEFORE.into(),
        drafts: true,
        config_file: Some(SourcePath::new("mkdocs.yml")),
        ..Invocation::default()
    };
    let sites = Sites::new(Arc::new(disk.clone()), Arc::new(NoHistory), call);
    let ages = Arc::new(Ages::new(disk.clone(), None, Dating::Author));
    let options = Options {
        address: "127.0.0.1:0".to_owned(),
        live: true,
        watch: Vec::new(),
        poll: false,
        strict: false,
        follow: false,
        editor: None,
        own_editor: Ok(None),
        token: None,
        hosts: Vec::new(),
        frame_ancestors: Vec::new(),
        downloads: None,
        clock,
        cache: None,
        review: None,
    };
    let opener: serve::ReviewOpener = Arc::new(|_, _| Err("there is no review".to_owned()));
    let (tells, hears) = channel();
    let announce = Arc::new(move |notice| {
        if let Notice::Listening(home) = notice {
            let _ = tells.send(home);
        }
    });
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = { runtime }.enable_all().build().expect("threads");
        // It ends with the tests.
        let stop = std::future::pending();
        let serves = serve::serve(disk, sites, ages, options, opener, announce, stop);
        runtime.block_on(serves).expect("it serves");
    });
    Server::within(hears.recv().expect("it listens"))
}

fn site() -> Site {
    let post = |title: &str, date: &str| format!("---\ndate: {date}\n---\n\n# {title}\n");
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nsite_url: https://s.example/\n\
             plugins:\n  - rss\n  - blog: {draft_on_serve: false, draft_if_future_date: true}\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/blog/index.md", "# Blog\n"),
        ("docs/blog/posts/a.md", &post("Today", "2024-11-30")),
        ("docs/blog/posts/b.md", &post("Tomorrow", "2024-12-01")),
        ("docs/blog/posts/c.md", &post("Later", "2024-12-02")),
    ])
}

#[test]
fn posts_of_the_next_day_appear_at_midnight() {
    let (clock, shown) = watch::channel(BEFORE);
    let site = site();
    let server = served_by_clock(&site, Some(shown));
    let index = server.get("/blog/").body;
    assert!(index.contains("Today"), "{index}");
    assert!(!index.contains("Tomorrow"), "{index}");
    let feed = |server: &Server| server.get("/feed_rss_created.xml").body;
    let built = "<lastBuildDate>Sat, 30 Nov 2024 23:59:50 -0000</lastBuildDate>";
    assert!(feed(&server).contains(built), "{}", feed(&server));
    let mut tab = server.tab("blog/");
    // Nothing changes before: the first event is that of the next day.
    clock.send(BEFORE + 9).expect("it listens");
    clock.send(BEFORE + 10).expect("it listens");
    let event = tab.next();
    assert_eq!(event["kind"], "page", "{event}");
    let index = server.get("/blog/").body;
    assert!(index.contains("Tomorrow"), "{index}");
    assert!(!index.contains("Later"), "{index}");
    assert_eq!(server.get("/blog/2024/12/01/tomorrow/").status, 200);
    let built = "<lastBuildDate>Sun, 01 Dec 2024 00:00:00 -0000</lastBuildDate>";
    assert!(feed(&server).contains(built), "{}", feed(&server));
}
