//! Tabs hear of what they show and of nothing else, and many changes at once
//! are one.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::answers::site;
use crate::harness::git::{commit, git};
use crate::harness::{Server, Site, Tab, as_built};

/// How many files a checkout changes.
const FILES: usize = 3000;

/// Tabs of several pages, and what they are told of a change.
struct Listening {
    site: Site,
    tabs: Vec<(&'static str, Tab)>,
    /// What the server prints.
    printed: Box<dyn Iterator<Item = String>>,
    rounds: usize,
    _server: Server,
}

impl Listening {
    fn new() -> Self {
        let site = site();
        site.write("docs/c.md", "# Gamma\n\n--8<-- \"includes/part.txt\"\n");
        site.write("docs/d.md", "# Delta\n\n[to alpha](a.md)\n");
        site.write("docs/e.md", "# Epsilon\n\n![an image](img.svg)\n");
        let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
        command.args(["serve", "-a", "127.0.0.1:0", "--verbose"]);
        command.current_dir(site.path("")).stderr(Stdio::piped());
        let mut server = Server::spawn(command);
        let printed = server.process().stderr.take().expect("piped");
        let printed = BufReader::new(printed).lines().map_while(Result::ok);
        let tabs = ["a/", "b/", "c/", "d/", "e/", "nowhere/"];
        Self {
            tabs: tabs.map(|address| (address, server.tab(address))).into(),
            site,
            printed: Box::new(printed),
            rounds: 0,
            _server: server,
        }
    }

    /// The revision that a change of this path made. The terminal is told of it after
    /// the tabs were.
    fn revision_of(&mut self, path: &str) -> u64 {
        let printed = &mut self.printed;
        let line = printed.find(|line| line.starts_with('[') && line.contains(path));
        let line = line.expect("it is noticed");
        let number = line[1..].split(']').next().and_then(|it| it.parse().ok());
        number.expect("a revision")
    }

    /// Writes a file; returns the addresses of the tabs that are told, and of what.
    fn told(&mut self, path: &str, text: &[u8]) -> Vec<(String, String)> {
        self.site.write(path, text);
        self.revision_of(path);
        // Every tab is told of this one, so what it was told before is known by then.
        self.rounds += 1;
        let mark = "overrides/partials/copyright.html";
        let text = format!("<p>round {}</p>", self.rounds);
        self.site.save(mark, &text);
        let marked = self.revision_of(mark);
        let mut told = Vec::new();
        for (address, tab) in &mut self.tabs {
            loop {
                let event = tab.next();
                if event["revision"].as_u64() >= Some(marked) {
                    break;
                }
                let kind = event["kind"].as_str().expect("a kind").to_owned();
                told.push(((*address).to_owned(), kind));
            }
        }
        told
    }
}

#[test]
fn an_edit_reaches_the_tabs_that_show_it() {
    let mut listening = Listening::new();
    for (path, text, expected) in [
        (
            "docs/a.md",
            "# Alpha\n\nOther words.\n",
            &[("a/", "page")][..],
        ),
        ("includes/part.txt", "Another part.\n", &[("c/", "page")]),
        (
            "docs/img.svg",
            "<svg viewBox=\"0 0 1 1\"/>\n",
            &[("e/", "style")],
        ),
        ("docs/unshown.md.txt", "nobody links it\n", &[]),
        ("includes/unused.txt", "nobody includes it\n", &[]),
        (
            "docs/d.md",
            "# Delta\n\n[to alpha](gone.md)\n",
            &[("d/", "page"), ("d/", "problem")],
        ),
    ] {
        let told = listening.told(path, text.as_bytes());
        let told: Vec<(&str, &str)> = told.iter().map(|(at, kind)| (&**at, &**kind)).collect();
        assert_eq!(told, expected, "{path}");
    }
}

#[test]
fn a_file_that_is_written_as_it_was_reaches_no_tab() {
    let mut listening = Listening::new();
    for path in [
        "docs/a.md",
        "docs/style.css",
        "docs/img.svg",
        "includes/part.txt",
        "mkdocs.yml",
        "overrides/main.html",
    ] {
        let text = fs::read(listening.site.path(path)).expect("a file");
        assert_eq!(listening.told(path, &text), [], "{path}");
    }
}

#[test]
fn a_page_that_comes_back_at_once_is_not_an_event() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("b/");
    for round in 0..20 {
        let text = fs::read_to_string(site.path("docs/b.md")).expect("a page");
        fs::remove_file(site.path("docs/b.md")).expect("removed");
        // Another file of the folder, so that it is looked at in between.
        site.save("docs/a.md", &format!("# Alpha\n\nround {round}\n"));
        thread::scope(|scope| {
            let asked = scope.spawn(|| server.get("/b/"));
            // In one step: a page that is empty for a moment is news.
            site.save("docs/b.md", &text);
            let answer = asked.join().expect("it answers");
            assert_eq!(answer.status, 200, "round {round}: {}", answer.body);
        });
    }
    site.save("docs/b.md", "# Beta\n\nThe end.\n");
    let event = tab.next();
    assert_eq!(event["kind"], "page");
    assert!(server.get("/b/").body.contains("The end."));
}

#[test]
fn a_page_that_comes_back_while_its_absence_is_made_is_found() {
    let site = site();
    // It takes longer than files are waited for, as on a machine that has much to do.
    let slow = "{% for i in range(9000) %}{% for j in range(300) %}{% endfor %}{% endfor %}";
    site.write("overrides/404.html", format!("{slow}<h1>Not here</h1>"));
    let server = site.serve();
    let (here, away) = (site.path("docs/b.md"), site.path("b.txt"));
    let mut tab = server.tab("gone/");
    for round in 0..3 {
        // What is moved keeps its time, so that it does not look new when it is back.
        fs::rename(&here, &away).expect("moved away");
        site.save("docs/gone.md", &format!("# Here\n\nround {round}\n"));
        assert_eq!(tab.next()["kind"], "page", "round {round}");
        thread::scope(|scope| {
            let asked = scope.spawn(|| server.get("/b/"));
            fs::rename(&away, &here).expect("moved back");
            let answer = asked.join().expect("it answers");
            assert_eq!(answer.status, 200, "round {round}: {}", answer.body);
        });
    }
}

/// Two states of a site of many pages, as branches.
fn branches() -> Site {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme:\n  name: material\n  custom_dir: overrides\n",
        ),
        (
            "overrides/main.html",
            "<body><h1>{{ page.title }}</h1>{{ page.content }}{{ nav.items | length }}</body>\n",
        ),
        ("docs/index.md", "# Home\n\nOn one.\n"),
    ]);
    let write = |branch: &str| {
        for number in 0..FILES {
            let path = format!("docs/{}/page{number}.md", number % 60);
            site.write(&path, format!("# Page {number}\n\nOn {branch}.\n"));
        }
    };
    write("one");
    let folder = site.path("");
    git(&folder, &["init", "-q", "-b", "one"]);
    commit(&folder, 0, "One");
    git(&folder, &["checkout", "-q", "-b", "two"]);
    write("two");
    site.write("docs/index.md", "# Home\n\nOn two.\n");
    commit(&folder, 1, "Two");
    git(&folder, &["checkout", "-q", "one"]);
    site
}

/// All pages that the server has are those of a build.
fn equals_a_build(server: &Server, site: &Site) {
    let built = site.run(&["build", "--quiet"]);
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    let mut compared = 0;
    let mut folders = vec![site.path("site")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("index.html") {
                let below = path.strip_prefix(site.path("site")).expect("below");
                let address = below.parent().expect("a folder").display().to_string();
                let address = match address.as_str() {
                    "" => "/".to_owned(),
                    address => format!("/{address}/"),
                };
                let served = server.get(&address);
                let built = fs::read_to_string(&path).expect("a page");
                assert_eq!(as_built(&served.body), built, "{address}");
                compared += 1;
            }
        }
    }
    assert!(compared > FILES, "{compared} pages");
}

#[test]
fn a_checkout_is_one_change() {
    let site = branches();
    let server = site.serve();
    let addresses = ["", "0/page0/", "7/page7/", "59/page2999/"];
    let mut tabs = addresses.map(|address| server.tab(address));
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for worker in 0..2 {
            let (server, over) = (&server, &over);
            scope.spawn(move || {
                let mut number = worker * 1000;
                while !over.load(Ordering::Relaxed) {
                    let path = format!("/{}/page{number}/", number % 60);
                    let answer = server.get(&path);
                    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
                    let whole = answer.body.contains("On one.") || answer.body.contains("On two.");
                    assert!(whole, "{path}: {}", answer.body);
                    number = (number + 7) % FILES;
                }
            });
        }
        git(&site.path(""), &["checkout", "-q", "two"]);
        for (address, tab) in addresses.iter().zip(&mut tabs) {
            let event = tab.next();
            assert_eq!(event["kind"], "page", "{address}: {event}");
            let body = server.get(&format!("/{address}")).body;
            assert!(body.contains("On two."), "{address}: {body}");
        }
        over.store(true, Ordering::Relaxed);
    });
    equals_a_build(&server, &site);
    // The next that a tab hears is of its own page: it was told once.
    for (address, tab) in addresses.iter().zip(&mut tabs) {
        let source = match *address {
            "" => "docs/index.md".to_owned(),
            address => format!("docs/{}.md", address.trim_end_matches('/')),
        };
        site.save(&source, "# Marked\n\nMarked.\n");
        let event = tab.next();
        assert_eq!(event["kind"], "page", "{address}: {event}");
        let body = server.get(&format!("/{address}")).body;
        assert!(body.contains("Marked."), "{address}: {body}");
    }
}
