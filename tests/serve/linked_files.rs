//! Symbolic links to folders and pages are watched where they lead.

use std::fs;
use std::os::unix::fs::symlink;

use crate::harness::{Server, Site, Tab};

/// A site whose docs folder is a link, as are a page and a folder in it.
fn linked_site() -> Site {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: Example\n"),
        ("README.md", "# Read me\n\nfirst\n"),
        ("content/page.md", "# Page\n\nfirst\n"),
        ("shared/part/deep.md", "# Deep\n\nfirst\n"),
        ("other/part/deep.md", "# Deep\n\nof the other\n"),
    ]);
    for (target, link) in [
        ("content", "docs"),
        ("../README.md", "content/index.md"),
        ("../shared", "content/shared"),
        ("../late.md", "content/late.md"),
    ] {
        symlink(target, site.path(link)).expect("a link");
    }
    site
}

/// Makes a link lead elsewhere, in one step.
fn relink(site: &Site, target: &str, link: &str) {
    symlink(target, site.path("beside")).expect("a link");
    fs::rename(site.path("beside"), site.path(link)).expect("renamed");
}

/// Makes a change, and waits until a page shows it. Its tab stays open.
fn makes_show(server: &Server, path: &str, text: &str, make: &dyn Fn()) -> Tab {
    let mut tab = server.tab(path.trim_start_matches('/'));
    make();
    server.wait_for(&mut tab, path, text);
    tab
}

#[test]
fn links_are_watched_where_they_lead() {
    let site = linked_site();
    let server = site.serve();
    let mut tabs = Vec::new();
    for (page, path, text) in [
        ("/", "README.md", "# Read me\n\nsecond\n"),
        ("/page/", "content/page.md", "# Page\n\nsecond\n"),
        (
            "/shared/part/deep/",
            "shared/part/deep.md",
            "# Deep\n\nsecond\n",
        ),
    ] {
        let written: &dyn Fn() = &|| site.write(path, text);
        tabs.push(makes_show(&server, page, "second", written));
        let text = text.replace("second", "third");
        let saved: &dyn Fn() = &|| site.save(path, &text);
        tabs.push(makes_show(&server, page, "third", saved));
    }
    // By the name of the link, too.
    let saved: &dyn Fn() = &|| site.save("docs/page.md", "# Page\n\nfourth\n");
    tabs.push(makes_show(&server, "/page/", "fourth", saved));
}

#[test]
fn new_files_where_links_lead_are_noticed() {
    let site = linked_site();
    let server = site.serve();
    let mut tabs = Vec::new();
    for (page, path) in [
        ("/shared/part/new/", "shared/part/new.md"),
        ("/shared/more/new/", "shared/more/new.md"),
        ("/late/", "late.md"),
    ] {
        let written: &dyn Fn() = &|| site.write(path, "# New\n\njust come\n");
        tabs.push(makes_show(&server, page, "just come", written));
    }
}

#[test]
fn links_that_lead_elsewhere_are_watched_there() {
    let site = linked_site();
    let server = site.serve();
    let deep = "/shared/part/deep/";
    let tabs = [
        makes_show(&server, deep, "of the other", &|| {
            relink(&site, "../other", "content/shared");
        }),
        makes_show(&server, deep, "edited", &|| {
            site.write("other/part/deep.md", "# Deep\n\nedited\n");
        }),
        makes_show(&server, "/page/", "elsewhere", &|| {
            site.write("other/page.md", "# Page\n\nelsewhere\n");
            relink(&site, "other", "docs");
        }),
        makes_show(&server, "/page/", "edited", &|| {
            site.write("other/page.md", "# Page\n\nedited\n");
        }),
    ];
    drop(tabs);
}
