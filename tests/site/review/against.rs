//! `proofroom review --against`: the pages of a site that another tool has built.

use super::*;
use crate::harness::stderr;

const HOME: &str = "# Home\n\nOne [two](a/b.md#more) three.\n\n![I](i.png)\n";

fn project() -> Site {
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nsite_url: https://example.org/x/\n",
        ),
        ("docs/index.md", HOME),
        (
            "docs/a/b.md",
            "Text of a page without a heading.\n\n## More\n\nEnd.\n",
        ),
        ("docs/i.png", "i"),
    ])
}

/// A page as Material for MkDocs writes it.
fn page(inner: &str) -> String {
    format!(
        "<!doctype html><html><head><title>T</title></head><body><main><article class=\"md-content__inner md-typeset\">\n\
         <nav class=\"md-tags\"><span class=\"md-tag\">tag</span></nav>\n\
         <a href=\"https://e/edit\" title=\"Edit\" class=\"md-content__button md-icon\"><svg></svg></a>\n\
         {inner}\n<aside class=\"md-source-file\">Today</aside>\n<form class=\"md-feedback\"><p>Was it?</p></form>\n\
         <h2 id=\"__comments\">Comments</h2><p>none</p></article></main></body></html>"
    )
}

const OLD_HOME: &str = "<h1 id=\"home\">Home<a class=\"headerlink\" href=\"#home\" title=\"Permanent link\">&para;</a></h1>\n\
     <p>One <a href=\"https://example.org/x/a/b/#more\">two</a> three.</p>\n<p><img src=\"i.png\" alt=\"I\" /></p>";
const OLD_PAGE: &str =
    "<h1>B</h1>\n<p>Text of a page without a heading.</p>\n<h2 id=\"more\">More</h2>\n<p>End.</p>";

fn old(site: &Site) {
    site.write("old/index.html", page(OLD_HOME));
    site.write("old/a/b/index.html", page(OLD_PAGE));
    site.write("old/404.html", page("<h1>404</h1>"));
    site.write("old/i.png", "i");
    let redirect =
        "<html><head><meta http-equiv=\"refresh\" content=\"0; url=../a/b/\"></head></html>";
    site.write("old/moved/index.html", redirect);
}

fn run(site: &Site, more: &[&str]) -> std::process::Output {
    site.run(&[&["review", "--against", "old"], more].concat())
}

fn out(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn what_themes_add_is_no_difference() {
    let site = project();
    old(&site);
    let output = run(&site, &["--fail-on", "removed-pages,lost-anchors"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(
        out(&output),
        "Nothing changed for your readers: 2 pages are the same.\n"
    );
    assert_eq!(out(&run(&site, &["--json"])), "[]\n");
    // Addresses in the other form.
    fs::remove_dir_all(site.path("old/a/b")).expect("removed");
    let flat = page(&OLD_PAGE.replace("a/b/", "b.html"));
    site.write("old/a/b.html", flat);
    assert_eq!(out(&run(&site, &["--json"])), "[]\n");
}

#[test]
fn pages_that_differ_are_listed_and_shown() {
    let site = project();
    old(&site);
    site.write("old/index.html", page(&OLD_HOME.replace("three", "four")));
    site.write(
        "old/only/index.html",
        page("<h1 id=\"only\">Only</h1><p>There.</p>"),
    );
    site.write("docs/new.md", "# New\n");
    let list: Vec<serde_json::Value> =
        serde_json::from_str(&out(&run(&site, &["--json"]))).expect("a list");
    let pages: Vec<_> = list
        .iter()
        .map(|it| (it["address"].as_str(), it["status"].as_str()))
        .collect();
    assert_eq!(
        pages,
        [
            (Some("/x/"), Some("changed")),
            (Some("/x/new/"), Some("added")),
            (Some("/x/only/"), Some("removed"))
        ]
    );
    assert_eq!(list[0]["changes"][0]["before"], "One two four.");
    let output = run(&site, &["--html", "out", "--fail-on", "removed-pages"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("`/x/only/`"),
        "{}",
        stderr(&output)
    );
    let home = site.read("out/index.html");
    assert!(home.contains(">four</del>"), "{home}");
    assert!(site.read("out/base/index.html").contains("four"));
    assert!(site.read("out/only/index.html").contains("There."));
    // A picture under the same name.
    site.write("old/index.html", page(OLD_HOME));
    site.write("old/i.png", "other");
    assert!(out(&run(&site, &["--json"])).contains("\"block\": \"image\""));
}

#[test]
fn a_folder_without_the_site_is_an_error() {
    let site = project();
    site.write("old/readme.txt", "x");
    for folder in ["old", "nowhere"] {
        let output = site.run(&["review", "--against", folder]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).contains(&format!("`{folder}`")),
            "{}",
            stderr(&output)
        );
    }
    let output = site.run(&["review", "main", "--against", "old"]);
    assert_eq!(output.status.code(), Some(2));
}
