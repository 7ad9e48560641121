//! Pages with what changed since a base, the base itself, and the list.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::git::{git, repository};
use crate::harness::{Server, Site};

/// How long the list may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

const CONFIG: (&str, &str) = ("mkdocs.yml", "site_name: S\ntheme:\n  name: proofroom\n");

/// A repository whose work tree differs from its main branch.
fn edited() -> Site {
    let site = repository(&[
        CONFIG,
        (
            "docs/index.md",
            "# Home\n\nOne two three. [A](a.md)\n\n![P](p.png)\n",
        ),
        ("docs/a.md", "# A\n\nNothing changes here.\n"),
        ("docs/gone.md", "# Gone\n\nIt is only at the base.\n"),
        ("docs/p.png", "old picture"),
    ]);
    let folder = site.path("");
    git(&folder, &["checkout", "-q", "-b", "edits"]);
    site.write(
        "docs/index.md",
        "# Home\n\nOne 2 three. [A](a.md)\n\n![P](p.png)\n",
    );
    site.write("docs/p.png", "new picture");
    std::fs::remove_file(site.path("docs/gone.md")).expect("it is there");
    site
}

/// The list, once all pages were compared and it contains `count` pages.
fn list(server: &Server, count: usize) -> Value {
    let end = Instant::now() + PATIENCE;
    loop {
        let list: Value =
            serde_json::from_str(&server.get("/__proofroom/review.json").body).expect("JSON");
        let pages = list["pages"].as_array().map_or(0, Vec::len);
        if list["complete"] == true && pages == count {
            return list;
        }
        assert!(Instant::now() < end, "{list:#}");
        std::thread::yield_now();
    }
}

#[test]
fn a_review_shows_both_sides_and_what_differs() {
    let site = edited();
    let server = Server::start(&site.path(""), &["--review=main"]);
    let now = server.get("/").body;
    assert!(
        now.contains("One 2 three") && now.contains("data-proofroom-mode=\"now\""),
        "{now}"
    );
    let base = server.get("/__proofroom/base/").body;
    assert!(
        base.contains("One two three") && !base.contains("One 2 three"),
        "{base}"
    );
    assert_eq!(server.get("/__proofroom/base/p.png").body, "old picture");
    assert_eq!(
        server.get("/__proofroom/difference/p.png").body,
        "new picture"
    );
    let marked = server.get("/__proofroom/difference/").body;
    assert!(marked.contains(">two</del><ins"), "{marked}");
    assert!(
        marked.contains("src=\"/__proofroom/base/p.png\""),
        "{marked}"
    );
    assert!(
        marked.contains("data-proofroom-mode=\"difference\""),
        "{marked}"
    );
    // Links stay among pages with their changes, and folders are found.
    assert!(marked.contains("href=\"a/\""), "{marked}");
    let to = server.get("/__proofroom/difference/a");
    assert_eq!(to.header("location"), Some("/__proofroom/difference/a/"));
    let gone = server.get("/__proofroom/difference/gone/").body;
    assert!(gone.contains("It is only at the base"), "{gone}");
    assert_eq!(server.get("/__proofroom/difference/never/").status, 404);
    let list = list(&server, 2);
    let statuses: Vec<_> = list["pages"]
        .as_array()
        .expect("pages")
        .iter()
        .map(|it| it["status"].as_str())
        .collect();
    assert_eq!(statuses, [Some("removed"), Some("changed")]);
    let page = server.get("/__proofroom/review").body;
    assert!(
        page.contains("href=\"/__proofroom/difference/gone/\""),
        "{page}"
    );
    let changes: Value =
        serde_json::from_str(&server.get("/__proofroom/changes?page=/").body).expect("JSON");
    assert_eq!(
        changes["changes"].as_array().map(Vec::len),
        Some(2),
        "{changes:#}"
    );
    let key = changes["changes"][0]["key"].as_str().expect("a key");
    assert!(marked.contains(key));
}

#[test]
fn a_difference_follows_every_save() {
    let site = edited();
    let server = Server::start(&site.path(""), &["--review=main"]);
    list(&server, 2);
    let mut tab = server.tab("__proofroom/difference/");
    site.save(
        "docs/index.md",
        "# Home\n\nOne two and three. [A](a.md)\n\n![P](p.png)\n",
    );
    tab.wait_for("page");
    let marked = server.get("/__proofroom/difference/").body;
    assert!(marked.contains("and </ins>"), "{marked}");
    // What is as it was is not listed any more.
    site.save("docs/gone.md", "# Gone\n\nIt is only at the base.\n");
    list(&server, 1);
}

#[test]
fn a_review_is_opened_and_closed_from_a_page_only() {
    let site = edited();
    let server = site.serve();
    for path in [
        "/__proofroom/review",
        "/__proofroom/review.json",
        "/__proofroom/changes?page=/",
        "/__proofroom/base/",
        "/__proofroom/difference/",
    ] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    assert!(!server.get("/").body.contains("data-proofroom-mode"));
    let bases: Value = serde_json::from_str(&server.get("/__proofroom/bases").body).expect("JSON");
    assert!(
        bases["branches"]
            .as_array()
            .is_some_and(|it| it.contains(&"main".into())),
        "{bases}"
    );
    let own = format!("http://{}", server.host());
    let post = |origin: &[(&str, &str)], body: &str| {
        let headers: Vec<_> = [("Host", server.host())]
            .into_iter()
            .chain(origin.iter().copied())
            .collect();
        server.send("POST", "/__proofroom/review", &headers, body)
    };
    assert_eq!(post(&[], "{\"base\": \"main\"}").status, 403);
    assert_eq!(
        post(&[("origin", "http://evil.example")], "{\"base\": \"main\"}").status,
        403
    );
    let refused = post(&[("origin", &own)], "{\"base\": \"nowhere\"}");
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("nowhere"), "{}", refused.body);
    assert_eq!(
        post(&[("origin", &own)], "{\"base\": \"main\"}").status,
        204
    );
    list(&server, 2);
    assert_eq!(post(&[("origin", &own)], "{\"base\": null}").status, 204);
    assert_eq!(server.get("/__proofroom/review").status, 404);
}

#[test]
fn a_base_that_there_is_not_is_refused_at_once() {
    let site = edited();
    let output = site.run(&["serve", "--review=nowhere", "-a", "127.0.0.1:0"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("nowhere"), "{said}");
}
