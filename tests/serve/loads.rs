//! Tabs hear of whatever they have loaded, and get only documents with a live client.

use std::time::{Duration, SystemTime};

use serde_json::Value;
use tungstenite::Message;

use crate::harness::{Server, Site, Tab, as_built};

const RAW: &str = "<!doctype html>\n<title>Raw</title>\n<p data-src=\"x.png\">first</p>\n";

fn site() -> Site {
    Site::new(&[
        ("mkdocs.yml", "site_name: Example\nplugins: [search]\n"),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# Alpha\n\n![](late.svg)\n"),
        ("docs/b.md", "# Beta\n"),
        ("docs/raw.html", RAW),
        ("docs/data.json", "{}\n"),
        ("docs/worker.js", "// reads tiles\n"),
        ("docs/tiles.bin", "1\n"),
        (
            "docs/sheet.css",
            "@import \"deep.css\";\na { background: url(b.png#c) }\n",
        ),
    ])
}

/// Reports what a tab has loaded, so many milliseconds ago.
fn report(tab: &mut Tab, loads: &[(&str, u64)]) {
    report_after(tab, loads, u64::MAX);
}

/// The same of a page before which so many answers were sent.
fn report_after(tab: &mut Tab, loads: &[(&str, u64)], after: u64) {
    let loads = loads.iter();
    let loads = loads.map(|(path, age)| serde_json::json!({"path": path, "age": age}));
    let report = serde_json::json!({"loaded": loads.collect::<Vec<_>>(), "after": after});
    tab.say(Message::text(report.to_string()));
}

/// Waits until the server knows what the tab reported last.
fn settle(site: &Site, tab: &mut Tab) {
    // A report is handled before the messages after it, and its look before the next.
    site.save("docs/a.md", "# Alpha\n\nKnown.\n\n![](late.svg)\n");
    tab.wait_for("page");
    site.save("docs/a.md", "# Alpha\n\n![](late.svg)\n");
    tab.wait_for("page");
}

#[test]
fn a_tab_hears_of_what_it_has_loaded() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("a/");
    let mut other = server.tab("a/");
    report(&mut tab, &[("/data.json", 0), ("/b/", 0), ("/none.txt", 0)]);
    settle(&site, &mut tab);
    for _ in 0..2 {
        other.wait_for("page");
    }
    for (path, text, asset) in [
        ("docs/data.json", "[1]\n", "/data.json"),
        ("docs/b.md", "# Beta\n\nChanged.\n", "/b/"),
        ("docs/none.txt", "It is there now.\n", "/none.txt"),
    ] {
        site.save(path, text);
        let event = tab.wait_for("style");
        assert_eq!(event["assets"], serde_json::json!([asset]));
    }
    // The other tab shows the same page and has loaded nothing of it.
    assert_eq!(until_changed(&site, &mut other), Vec::<Value>::new());
}

/// The styles that a tab is told of before a change of its page.
fn until_changed(site: &Site, tab: &mut Tab) -> Vec<Value> {
    site.save("docs/a.md", "# Alpha\n\nThe end.\n");
    let mut styles = Vec::new();
    loop {
        let event = tab.next();
        match event["kind"].as_str() {
            Some("page") => return styles,
            Some("style") => styles.push(event),
            _ => {}
        }
    }
}

#[test]
fn what_changes_with_every_page_is_no_news() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("a/");
    let index = server.get("/search/search_index.json").status;
    report(
        &mut tab,
        &[("/search/search_index.json", 0), ("/sitemap.xml", 0)],
    );
    settle(&site, &mut tab);
    site.save("docs/b.md", "# Beta\n\nNew words in the index.\n");
    assert_eq!(
        until_changed(&site, &mut tab),
        Vec::<Value>::new(),
        "{index}"
    );
}

#[test]
fn what_was_written_after_it_was_loaded_is_told_at_once() {
    let site = site();
    let server = site.serve();
    let data = site.path("docs/data.json");
    let written = SystemTime::now() - Duration::from_secs(60);
    let file = std::fs::File::options().write(true).open(&data);
    let file = file.expect("a file");
    file.set_modified(written).expect("a time");
    let mut tab = server.tab("a/");
    report(&mut tab, &[("/data.json", 30_000)]);
    report(&mut tab, &[("/worker.js", 0), ("/data.json", 90_000)]);
    let event = tab.wait_for("style");
    assert_eq!(event["assets"], serde_json::json!(["/data.json"]));
}

#[test]
fn an_index_that_changes_before_it_is_reported_is_no_news() {
    let site = site();
    let server = site.serve();
    let page = server.get("/a/");
    let mut tab = server.subscribe("a/", &page.fingerprint());
    let index = server.get("/search/search_index.json").body;
    site.save("docs/b.md", "# Beta\n\nNew words in the index.\n");
    while server.get("/search/search_index.json").body == index {
        std::thread::yield_now();
    }
    report_after(
        &mut tab,
        &[("/search/search_index.json", 0)],
        page.sent_before(),
    );
    assert_eq!(until_changed(&site, &mut tab), Vec::<Value>::new());
}

/// Saves a file as one that is older than anything a tab may have loaded.
fn save_as_old(site: &Site, path: &str, text: &str) {
    let beside = site.path("old.tmp~");
    std::fs::write(&beside, text).expect("written");
    let file = std::fs::File::options().write(true).open(&beside);
    let old = SystemTime::now() - Duration::from_secs(3600);
    file.expect("a file").set_modified(old).expect("a time");
    std::fs::rename(beside, site.path(path)).expect("renamed");
}

#[test]
fn a_save_between_an_answer_and_its_report_is_told() {
    for (path, file) in [
        ("/data.json", "docs/data.json"),
        ("/late.svg", "docs/late.svg"),
    ] {
        let site = site();
        let server = site.serve();
        save_as_old(&site, file, "<svg>1</svg>\n");
        // As a browser does it: the page, then what it loads, then a report.
        let page = server.get("/a/");
        let first = page.sent_before();
        let mut tab = server.subscribe("a/", &page.fingerprint());
        while server.get(path).body != "<svg>1</svg>\n" {
            // The save is noticed soon.
            std::thread::yield_now();
        }
        save_as_old(&site, file, "<svg>2</svg>\n");
        while server.get(path).body != "<svg>2</svg>\n" {
            std::thread::yield_now();
        }
        let second = server.get("/a/").sent_before();
        server.get(path);
        // Whoever loaded the page later has what is there now, and so is not told.
        let mut later = server.tab("a/");
        report_after(&mut later, &[(path, 0)], second);
        assert_eq!(until_changed(&site, &mut later), Vec::<Value>::new());
        report_after(&mut tab, &[(path, 0)], first);
        let event = tab.wait_for("style");
        assert_eq!(event["assets"], serde_json::json!([path]));
    }
}

#[test]
fn what_a_worker_loads_belongs_to_the_tabs_that_run_it() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("a/");
    report(&mut tab, &[("/worker.js", 0)]);
    settle(&site, &mut tab);
    let referer = format!("http://{}/worker.js?v=2", server.host());
    let asked = server.ask(
        "/tiles.bin",
        &[("Host", server.host()), ("Referer", &referer)],
    );
    assert_eq!(asked.status, 200);
    settle(&site, &mut tab);
    site.save("docs/tiles.bin", "2\n");
    let event = tab.wait_for("page");
    let why = event["reload"].as_str().expect("a reason");
    assert!(why.contains("/tiles.bin"), "{why}");
}

/// The answer to a request for a destination.
fn asked(server: &Server, path: &str, destination: &str) -> String {
    let headers = [("Host", server.host()), ("Sec-Fetch-Dest", destination)];
    server.ask(path, &headers).body
}

#[test]
fn only_documents_get_the_live_client() {
    let site = site();
    let built = site.run(&["build", "--quiet"]);
    assert!(built.status.success(), "{built:?}");
    let page = std::fs::read_to_string(site.path("site/a/index.html")).expect("a page");
    let server = site.serve();
    for destination in ["document", "iframe", "frame", "object", "embed"] {
        for (path, built) in [("/raw.html", RAW), ("/a/", &page)] {
            let body = asked(&server, path, destination);
            assert!(
                body.contains("__proofroom/client.js"),
                "{destination} {path}"
            );
            if path == "/a/" {
                assert_eq!(as_built(&body), built, "{destination}");
            }
        }
    }
    for destination in ["empty", "script", "image", "worker", "style"] {
        for (path, built) in [("/raw.html", RAW), ("/a/", &page)] {
            assert_eq!(
                asked(&server, path, destination),
                built,
                "{destination} {path}"
            );
        }
    }
    // Those who do not say get what they always did.
    assert_eq!(server.get("/raw.html").body, RAW);
    assert!(server.get("/a/").body.contains("__proofroom/client.js"));
    // The client asks as itself, and other browsers say what they take.
    for (name, value) in [
        ("proofroom-client", "1"),
        ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"),
    ] {
        let body = server.ask("/raw.html", &[("Host", server.host()), (name, value)]);
        assert!(body.body.contains("__proofroom/client.js"), "{name}");
    }
}

#[test]
fn pages_of_themes_that_exchange_them_keep_the_client() {
    let site = site();
    site.write(
        "mkdocs.yml",
        "site_name: Example\ntheme:\n  name: material\n  features: [navigation.instant]\n",
    );
    let server = site.serve();
    let body = asked(&server, "/a/", "empty");
    assert!(body.contains("__proofroom/client.js"), "{body}");
}

#[test]
fn an_html_file_is_followed() {
    let site = site();
    let server = site.serve();
    let headers = [("Host", server.host()), ("Sec-Fetch-Dest", "document")];
    let fingerprint = server.ask("/raw.html", &headers).fingerprint();
    let mut tab = server.subscribe("raw.html", &fingerprint);
    site.save("docs/raw.html", &RAW.replace("first", "second"));
    assert_eq!(tab.next()["kind"], "page");
    assert!(asked(&server, "/raw.html", "document").contains("second"));
}

#[test]
fn a_style_sheet_loaded_anew_names_its_parts_anew() {
    let site = site();
    let server = site.serve();
    let sheet = server.get("/sheet.css?proofroom=7").body;
    let expected =
        "@import \"deep.css?proofroom=7\";\na { background: url(b.png?proofroom=7#c) }\n";
    assert_eq!(sheet, expected);
    let plain = server.get("/sheet.css?v=7").body;
    assert!(plain.contains("url(b.png#c)"), "{plain}");
}
