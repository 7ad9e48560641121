//! What the server answers, and how a change reaches the tabs that show it.

use std::fs;
use std::process::Command;

use crate::harness::{Server, Site, as_built};

/// Its configuration.
pub const CONFIG: &str = "site_name: Example
theme:
  name: material
  custom_dir: overrides
extra_css: [style.css]
markdown_extensions:
  - admonition
  - abbr
  - pymdownx.snippets:
      auto_append: [includes/abbreviations.txt]
";

/// A small site with everything that a page may depend on.
pub fn site() -> Site {
    Site::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n\nThe HTML page.\n"),
        (
            "docs/a.md",
            "# Alpha\n\nFirst words.\n\n--8<-- \"includes/part.txt\"\n",
        ),
        ("docs/b.md", "# Beta\n\nSecond words.\n"),
        ("docs/style.css", "p { color: black }\n"),
        (
            "docs/img.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
        ),
        ("includes/part.txt", "Part of it.\n"),
        ("includes/abbreviations.txt", "*[HTML]: HyperText\n"),
        ("overrides/main.html", "{% extends \"base.html\" %}\n"),
        ("overrides/partials/copyright.html", "<p>Made by hand</p>\n"),
    ])
}

#[test]
fn a_card_follows_the_title_of_its_page() {
    let site = site();
    let config = format!("{CONFIG}site_url: https://x.example/\nplugins: [social]\n");
    site.write("mkdocs.yml", &config);
    site.write(
        "layouts/default.yml",
        "size: {width: 40, height: 20}\ntags: {'og:title': '{{ page.title }}'}\nlayers:\n\
         - background: {color: \"{{ '#123' if page.title == 'Alpha' else '#456' }}\"}\n",
    );
    let server = site.serve();
    let mut tab = server.tab("/a/");
    let card = || server.get("/assets/images/social/a.png");
    let first = card();
    assert_eq!(first.header("content-type"), Some("image/png"));
    assert!(server.get("/a/").body.contains("content=\"Alpha\""));
    site.save("docs/a.md", "# Omega\n");
    server.wait_for(&mut tab, "/a/", "content=\"Omega\"");
    let second = card();
    assert!(first.bytes != second.bytes);
    // What is kept for the next start is inside of the project's cache.
    let kept = fs::read_dir(site.path(".cache/plugin/social/proofroom"));
    assert_eq!(kept.expect("a folder").count(), 2);
    assert_eq!(server.get("/assets/images/social/none.png").status, 404);
}

#[test]
fn answers_what_the_site_has() {
    let site = site();
    let server = site.serve();
    for (path, status, part) in [
        ("/", 200, "The "),
        ("/a/", 200, "Part of it."),
        ("/style.css", 200, "color: black"),
        ("/sitemap.xml", 200, "<urlset"),
        ("/assets/theme/css/theme.css", 200, "{"),
        ("/a", 307, ""),
        ("/nowhere/", 404, "Page not found"),
        ("/mkdocs.yml", 404, ""),
        ("/../mkdocs.yml", 404, ""),
        ("/%2e%2e/mkdocs.yml", 404, ""),
        ("/..%2fmkdocs.yml", 404, ""),
        ("/a%00", 400, ""),
        ("/a%5cb", 400, ""),
        ("/%ff", 400, ""),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        assert!(answer.body.contains(part), "{path}: {}", answer.body);
    }
}

#[test]
fn sends_images_that_cannot_run_scripts() {
    let site = site();
    let server = site.serve();
    let image = server.get("/img.svg");
    assert!(
        image.head.contains("content-type: image/svg+xml"),
        "{}",
        image.head
    );
    assert!(
        image
            .head
            .contains("content-security-policy: default-src 'none'"),
        "{}",
        image.head
    );
    let tag = image
        .head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .expect("a tag");
    let again = server.ask(
        "/img.svg",
        &[("Host", server.host()), ("If-None-Match", tag)],
    );
    assert_eq!(again.status, 304);
}

#[test]
fn refuses_other_hosts_and_origins() {
    let site = site();
    let server = site.serve();
    let own = server.host().to_owned();
    for (headers, status) in [
        (vec![("Host", own.as_str())], 200),
        (vec![("Host", "evil.example")], 403),
        (vec![("Host", "a b")], 400),
        (
            vec![("Host", own.as_str()), ("Origin", "http://evil.example")],
            403,
        ),
    ] {
        let answer = server.ask("/", &headers);
        assert_eq!(answer.status, status, "{headers:?}");
        assert!(
            !answer.head.contains("access-control-allow-origin"),
            "{}",
            answer.head
        );
        assert!(
            answer
                .head
                .contains("cross-origin-resource-policy: same-origin"),
            "{}",
            answer.head
        );
    }
    let upgrade = [
        ("Host", own.as_str()),
        ("Origin", "http://10.0.0.1"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    assert_eq!(server.ask("/__proofroom/live", &upgrade).status, 403);
}

#[test]
fn a_site_below_a_path_is_served_there() {
    let site = site();
    site.write(
        "mkdocs.yml",
        "site_name: Example\nsite_url: https://example.org/en\n",
    );
    let server = site.serve();
    assert!(server.home.ends_with("/en/"), "{}", server.home);
    assert_eq!(server.get("/").status, 307);
    assert!(server.get("/en/a/").body.contains("First words."));
    let mut tab = server.tab("a/");
    site.save("docs/a.md", "# Alpha\n\nOther words.\n");
    assert_eq!(tab.next()["kind"], "page");
}

/// One change on disk, where it is seen, and what the page says afterwards.
struct Change {
    name: &'static str,
    tab: &'static str,
    make: fn(&Site),
    kind: &'static str,
    shown: (&'static str, &'static str),
}

const CHANGES: [Change; 12] = [
    Change {
        name: "a page written in place",
        tab: "a/",
        make: |site| site.write("docs/a.md", "# Alpha\n\nWritten in place.\n"),
        kind: "page",
        shown: ("/a/", "Written in place."),
    },
    Change {
        name: "a page renamed into place",
        tab: "b/",
        make: |site| site.save("docs/b.md", "# Beta\n\nRenamed into place.\n"),
        kind: "page",
        shown: ("/b/", "Renamed into place."),
    },
    Change {
        name: "a new page",
        tab: "new/",
        make: |site| site.write("docs/new.md", "# New\n\nFresh words.\n"),
        kind: "page",
        shown: ("/new/", "Fresh words."),
    },
    Change {
        name: "a new page in new folders",
        tab: "deep/er/page/",
        make: |site| site.write("docs/deep/er/page.md", "# Deep\n\nDeep words.\n"),
        kind: "page",
        shown: ("/deep/er/page/", "Deep words."),
    },
    Change {
        name: "a page that is renamed",
        tab: "moved/",
        make: |site| {
            fs::rename(site.path("docs/new.md"), site.path("docs/moved.md")).expect("renamed")
        },
        kind: "page",
        shown: ("/moved/", "Fresh words."),
    },
    Change {
        name: "a page that is deleted",
        tab: "moved/",
        make: |site| fs::remove_file(site.path("docs/moved.md")).expect("removed"),
        kind: "page",
        shown: ("/moved/", "Page not found"),
    },
    Change {
        name: "a snippet",
        tab: "c/",
        make: |site| site.save("includes/part.txt", "Another part.\n"),
        kind: "page",
        shown: ("/c/", "Another part."),
    },
    Change {
        name: "the abbreviations",
        tab: "",
        make: |site| site.write("includes/abbreviations.txt", "*[HTML]: Hand-made\n"),
        kind: "page",
        shown: ("/", "Hand-made"),
    },
    Change {
        name: "a partial",
        tab: "",
        make: |site| site.save("overrides/partials/copyright.html", "<p>Made by us</p>\n"),
        kind: "page",
        shown: ("/", "Made by us"),
    },
    Change {
        name: "a template",
        tab: "",
        make: |site| {
            site.write("overrides/main.html", "{% extends \"base.html\" %}{% block htmltitle %}<title>Mine</title>{% endblock %}\n")
        },
        kind: "page",
        shown: ("/", "<title>Mine</title>"),
    },
    Change {
        name: "a style sheet",
        tab: "b/",
        make: |site| site.save("docs/style.css", "p { color: red }\n"),
        kind: "style",
        shown: ("/style.css", "red"),
    },
    Change {
        name: "the config",
        tab: "b/",
        make: |site| site.save("mkdocs.yml", &CONFIG.replace("Example", "Sample")),
        kind: "page",
        shown: ("/b/", "Sample"),
    },
];

#[test]
fn every_change_reaches_the_tab_that_shows_it() {
    let site = site();
    site.write("docs/c.md", "# Gamma\n\n--8<-- \"includes/part.txt\"\n");
    let server = site.serve();
    for change in CHANGES {
        let mut tab = server.tab(change.tab);
        (change.make)(&site);
        let event = tab.next();
        assert_eq!(event["kind"], change.kind, "{}: {event}", change.name);
        let (path, text) = change.shown;
        // A file that is not written in one step may be two changes.
        server.wait_for(&mut tab, path, text);
    }
}

#[test]
fn tabs_that_show_something_else_are_left_alone() {
    let site = site();
    let server = site.serve();
    let mut alpha = server.tab("a/");
    let mut beta = server.tab("b/");
    site.save("docs/a.md", "# Alpha\n\nEdited.\n");
    let first = alpha.next()["revision"].as_u64().expect("a revision");
    site.save("docs/b.md", "# Beta\n\nEdited too.\n");
    let event = beta.next();
    // The first that it hears of is its own change.
    assert_eq!(event["kind"], "page");
    assert!(event["revision"].as_u64().expect("a revision") > first);
}

#[test]
fn a_touched_file_is_not_an_event() {
    let site = site();
    let server = site.serve();
    let mut tab = server.tab("b/");
    site.save("docs/b.md", "# Beta\n\nSecond words.\n");
    site.save("docs/style.css", "p { color: blue }\n");
    assert_eq!(tab.next()["kind"], "style");
}

#[test]
fn nothing_falls_between_load_and_subscription() {
    let site = site();
    let server = site.serve();
    let loaded = server.get("/a/").fingerprint();
    let mut witness = server.tab("a/");
    site.save("docs/a.md", "# Alpha\n\nChanged meanwhile.\n");
    witness.next();
    let mut late = server.subscribe("a/", &loaded);
    assert_eq!(late.next()["kind"], "page");
}

#[test]
fn errors_are_shown_over_the_last_good_page() {
    let site = site();
    let server = site.serve();
    for (path, broken, good, severity, line) in [
        (
            "overrides/main.html",
            "one\n{% if %}\n",
            "{% extends \"base.html\" %}\n",
            "error",
            2,
        ),
        ("mkdocs.yml", "site_name: [Example\n", CONFIG, "error", 1),
        (
            "docs/b.md",
            "---\ntitle: [x\n---\n# Beta\n",
            "# Beta\n",
            "note",
            2,
        ),
    ] {
        let mut tab = server.tab("b/");
        site.save(path, broken);
        let event = tab.wait_for("problem");
        let problem = &event["problems"][0];
        assert_eq!(problem["severity"], severity, "{path}: {event}");
        assert_eq!(problem["span"]["path"], path, "{event}");
        assert!(
            problem["span"]["line"].as_u64().expect("a line") >= line,
            "{event}"
        );
        let page = server.get("/b/");
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("Beta"), "{path}: {}", page.body);
        site.save(path, good);
        let event = tab.wait_for("problem");
        assert_eq!(
            event["problems"].as_array().map(Vec::len),
            Some(0),
            "{event}"
        );
    }
}

#[test]
fn a_server_starts_on_a_broken_site_and_shows_it_once_it_is_fixed() {
    let site = site();
    site.write("mkdocs.yml", "site_name: [\n");
    let server = site.serve();
    let page = server.get("/");
    assert_eq!(page.status, 500);
    assert!(page.body.contains("mkdocs.yml:"), "{}", page.body);
    let mut tab = server.tab("");
    assert_eq!(tab.next()["kind"], "problem");
    site.write("mkdocs.yml", CONFIG);
    assert_eq!(tab.next()["kind"], "page");
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn a_taken_port_moves_to_the_next() {
    let site = site();
    let first = site.serve();
    let address = format!("127.0.0.1:{}", first.port());
    let second = Server::start(&site.path(""), &["--dev-addr", &address]);
    assert!(second.port() > first.port());
    assert_eq!(second.get("/").status, 200);
}

#[test]
fn without_live_reload_pages_carry_no_client() {
    let site = site();
    let server = Server::start(&site.path(""), &["-a", "127.0.0.1:0", "--no-livereload"]);
    assert!(!server.get("/").body.contains("__proofroom"));
    assert_eq!(server.get("/__proofroom/live").status, 404);
}

#[test]
fn ctrl_c_ends_the_server_at_once() {
    let site = site();
    let mut server = site.serve();
    let _tab = server.tab("");
    let id = server.process().id().to_string();
    let sent = Command::new("kill")
        .args(["-INT", &id])
        .status()
        .expect("kill runs");
    assert!(sent.success());
    assert!(server.process().wait().expect("it ends").success());
}

#[test]
fn templates_are_served_as_they_are_built() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\nextra_templates: [extra.txt, blank.txt]\ntheme:\n  \
             name: proofroom\n  custom_dir: overrides\n  static_templates: [hello.html]\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/extra.txt", "{{ config.site_name }}\n"),
        ("docs/blank.txt", "{# nothing #}\n"),
        (
            "overrides/hello.html",
            "<html><body>{{ config.site_name }}</body></html>\n",
        ),
    ]);
    let output = site.run(&["build", "--strict"]);
    assert!(output.status.success(), "{output:?}");
    let server = site.serve();
    for path in ["hello.html", "404.html", "extra.txt", "sitemap.xml"] {
        let answer = server.get(&format!("/{path}"));
        let built = fs::read_to_string(site.path("site").join(path)).expect(path);
        let found = (answer.status, as_built(&answer.body));
        assert_eq!(found, (200, built), "{path}");
    }
    assert!(!site.path("site/blank.txt").exists());
    assert_eq!(server.get("/blank.txt").status, 404);

    // They follow what they show, and what breaks them is said.
    let mut tab = server.tab("hello.html");
    site.save(
        "overrides/hello.html",
        "<html><body>Changed</body></html>\n",
    );
    tab.wait_for("page");
    assert!(server.get("/hello.html").body.contains("Changed"));
    site.save("docs/extra.txt", "{{ 1 // 0 }}\n");
    site.save("overrides/hello.html", "{% if %}\n");
    tab.wait_for("problem");
    assert!(server.get("/hello.html").body.contains("Changed"));
    let extra = server.get("/extra.txt");
    assert_eq!(extra.status, 500);
    assert!(extra.body.contains("docs/extra.txt"), "{}", extra.body);
    let output = site.run(&["check"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("docs/extra.txt:1"), "{said}");
}

/// A feed has the text of pages, but not what they have only while they are served.
#[test]
fn feeds_are_what_a_build_writes() {
    let page = "---\ndate: 2026-01-02\n---\n# Alpha\n\nFirst words.\n\n- One\n- Two\n";
    for content in ["summary", "whole"] {
        let site = Site::new(&[
            (
                "mkdocs.yml",
                "site_name: Example\nsite_url: https://example.org/\n",
            ),
            (
                "proofroom.toml",
                &format!("base = \"mkdocs.yml\"\n[feeds]\ncontent = \"{content}\"\n"),
            ),
            ("docs/index.md", "# Home\n"),
            ("docs/a.md", page),
        ]);
        let output = site.run(&["build", "--strict"]);
        assert!(output.status.success(), "{output:?}");
        let built = fs::read_to_string(site.path("site/atom.xml")).expect("a feed");
        assert!(built.contains("First words."), "{built}");
        assert_eq!(site.serve().get("/atom.xml").body, built);
    }
}
