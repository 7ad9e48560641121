//! A review while files change: pages with their changes, and what of the base is on
//! disk.

use serde_json::Value;

use crate::harness::git::{commit, git, repository};
use crate::harness::{Server, Site, Tab};

/// The path of the home page with its changes.
const DIFFERENCE: &str = "__proofroom/difference/";

fn branch() -> Site {
    let site = repository(&[
        (
            "mkdocs.yml",
            "site_name: Example\nsite_url: ''\nmarkdown_extensions: [pymdownx.snippets]\n",
        ),
        (".gitignore", "*.gen.md\n"),
        (
            "docs/index.md",
            "# Home\n\nOne two three.\n\n--8<-- \"docs/part.gen.md\"\n",
        ),
        ("docs/a.md", "# A\n\n## Old\n\nText.\n"),
    ]);
    site.write("docs/part.gen.md", "Made by a program.\n");
    git(&site.path(""), &["checkout", "--quiet", "-b", "work"]);
    site.write(
        "docs/index.md",
        "# Home\n\nOne 2 three.\n\n--8<-- \"docs/part.gen.md\"\n",
    );
    commit(&site.path(""), 1, "Change");
    site
}

fn changes(server: &Server, page: &str) -> Value {
    let path = format!("/__proofroom/changes?page={page}");
    serde_json::from_str(&server.get(&path).body).expect("JSON")
}

fn kinds(server: &Server, page: &str) -> Vec<String> {
    let data = changes(server, page);
    let changes = data["changes"].as_array().expect("a list").clone();
    let kind = |change: &Value| format!("{} {}", change["kind"], change["block"]).replace('"', "");
    changes.iter().map(kind).collect()
}

/// Waits until the home page has these changes, and shows a text.
fn wait_for(server: &Server, tab: &mut Tab, text: &str, expected: &[&str]) {
    while !server.get(&format!("/{DIFFERENCE}")).body.contains(text)
        || kinds(server, "/") != expected
    {
        tab.next();
    }
}

#[test]
fn what_git_does_not_hold_is_the_same_on_both_sides_while_it_changes() {
    let site = branch();
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=main"];
    let server = Server::start(&site.path(""), &arguments);
    let mut tab = server.tab(DIFFERENCE);
    wait_for(&server, &mut tab, "Made by", &["changed paragraph"]);
    site.write("docs/part.gen.md", "Made again.\n");
    wait_for(&server, &mut tab, "Made again", &["changed paragraph"]);
    // The base knows what is ignored, and is told when that changes.
    let both = ["changed paragraph", "added paragraph"];
    site.write(".gitignore", "");
    wait_for(&server, &mut tab, "Made again", &both);
    site.write(".git/info/exclude", "*.gen.md\n");
    wait_for(&server, &mut tab, "Made again", &both[..1]);
    let notes = changes(&server, "/")["base"]["notes"].to_string();
    assert!(notes.contains("docs/part.gen.md"), "{notes}");
}

#[test]
fn anchors_that_a_page_has_lost_are_said_beside_its_changes() {
    let site = branch();
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=main"];
    let server = Server::start(&site.path(""), &arguments);
    let problems = || changes(&server, "/a/")["problems"].clone();
    assert_eq!(problems(), serde_json::json!([]));
    let mut tab = server.tab("__proofroom/difference/a/");
    site.write("docs/a.md", "# A\n\n## New\n\nText.\n");
    server.wait_for(&mut tab, "/__proofroom/difference/a/", "New");
    let found = problems();
    assert_eq!(found[0]["rule"], "lost-anchor", "{found}");
    assert_eq!(found[0]["span"]["line"], 3, "{found}");
    // Of a page that is gone, its address.
    std::fs::remove_file(site.path("docs/a.md")).expect("removed");
    while problems()[0]["rule"] != "lost-address" {
        tab.next();
    }
}
