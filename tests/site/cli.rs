//! The command line as people and scripts use it.

use std::fs;

use serde_json::Value;

use crate::harness::Site;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn builds_a_bare_folder() {
    let site = Site::new(&[
        ("index.md", "# Home\n\n[on](part/more.md)\n"),
        ("part/more.md", "# More\n"),
        ("part/x.txt", "x"),
    ]);
    let output = site.run(&["build"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(
        said.starts_with("Built 2 pages in ") && said.contains("no warnings"),
        "{said}"
    );
    let home = fs::read_to_string(site.path("site/index.html")).expect("a page");
    assert!(home.contains("href=\"part/more/\""), "{home}");
    assert!(
        !home.contains("__proofroom"),
        "the client of the server is not part of a site"
    );
    for file in [
        "part/more/index.html",
        "part/x.txt",
        "404.html",
        "sitemap.xml",
        "assets/theme/css/theme.css",
    ] {
        assert!(site.path("site").join(file).is_file(), "{file}");
    }
    // The theme's files have hashes in their names, and answer without them too.
    let (_, sheet) = home
        .split_once("href=\"assets/theme/css/theme.")
        .expect("a sheet");
    let hash = sheet.split('.').next().expect("a hash");
    let read = |name: String| fs::read(site.path("site/assets/theme/css").join(name));
    let hashed = read(format!("theme.{hash}.css")).expect("it is built");
    assert_eq!(hashed, read("theme.css".to_owned()).expect("it is built"));
    // A second build leaves the first one's output out of the site.
    assert!(site.run(&["build"]).status.success());
    assert!(!site.path("site/site").exists());
}

#[test]
fn builds_by_convention() {
    let site = Site::new(&[
        ("docs/index.md", "# Home\n"),
        ("docs/proofroom.toml", "site_name = \"Example\"\n"),
        ("static/robots.txt", "User-agent: *\n"),
    ]);
    let output = site.run(&["build", "--strict"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(site.path("site/robots.txt").is_file());
    assert!(
        !site.path("site/proofroom.toml").exists(),
        "the configuration is not part of the site"
    );
}

#[test]
fn same_sources_give_the_same_bytes() {
    let site = Site::new(&[
        ("docs/index.md", "# Home\n\n[a](a.md)\n"),
        ("docs/a.md", "# A\n"),
        ("docs/b/c.md", "# C\n"),
    ]);
    for folder in ["one", "two"] {
        assert!(site.run(&["build", "-q", "-d", folder]).status.success());
    }
    let read =
        |folder: &str, file: &str| fs::read(site.path(folder).join(file)).expect("an output");
    for file in [
        "index.html",
        "a/index.html",
        "b/c/index.html",
        "404.html",
        "sitemap.xml",
    ] {
        assert_eq!(read("one", file), read("two", file), "{file}");
    }
}

/// A mistake, and what must be reported.
struct Fault {
    name: &'static str,
    path: &'static str,
    text: &'static [u8],
    says: &'static [&'static str],
}

const FAULTS: [Fault; 5] = [
    Fault {
        name: "bad YAML",
        path: "mkdocs.yml",
        text: b"site_name: Example\nnav: [a.md\n",
        says: &["error[", "mkdocs.yml:"],
    },
    Fault {
        name: "a template with a syntax error",
        path: "overrides/main.html",
        text: b"<p>\n{% if %}\n",
        says: &[
            "error[template-syntax]",
            "overrides/main.html:2:",
            "{% if %}",
        ],
    },
    Fault {
        name: "a missing template",
        path: "overrides/main.html",
        text: b"{% extends \"bse.html\" %}\n",
        says: &[
            "error[missing-template]",
            "overrides/main.html:1:",
            "bse.html",
            "help:",
        ],
    },
    Fault {
        name: "a page that is not UTF-8",
        path: "docs/a.md",
        text: b"# A\n\ncaf\xe9\n",
        says: &[
            "error[not-utf8]",
            "docs/a.md:3:4",
            "help: save the file as UTF-8",
        ],
    },
    Fault {
        name: "a docs folder that does not exist",
        path: "mkdocs.yml",
        text: b"site_name: Example\ndocs_dir: dosc\n",
        says: &["error[missing-docs-dir]", "`dosc` does not exist", "help:"],
    },
];

#[test]
fn front_matter_that_cannot_be_read_is_shown_and_named() {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: Example\n"),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "---\nreviewers:\n  - @a\n---\n# A\n"),
    ]);
    let output = site.run(&["build"]);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    for part in ["[bad-front-matter]", "docs/a.md:3:5", "help:"] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
    let page = fs::read_to_string(site.path("site/a/index.html")).expect("a page");
    assert!(page.contains("reviewers:\n  - @a"), "{page}");
}

#[test]
fn faults_fail_the_build_and_leave_the_previous_site_whole() {
    for fault in FAULTS {
        let site = Site::new(&[
            (
                "mkdocs.yml",
                "site_name: Example\ntheme:\n  name: material\n  custom_dir: overrides\n",
            ),
            ("docs/index.md", "# Home\n"),
            ("docs/a.md", "# A\n"),
            ("overrides/main.html", "{% extends \"base.html\" %}\n"),
        ]);
        assert!(site.run(&["build"]).status.success(), "{}", fault.name);
        let before = fs::read(site.path("site/a/index.html")).expect("a page");
        site.write(fault.path, fault.text);
        let output = site.run(&["build"]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{}: {said}", fault.name);
        for part in fault.says {
            assert!(
                said.contains(part),
                "{}: {part} is missing in\n{said}",
                fault.name
            );
        }
        assert_eq!(
            fs::read(site.path("site/a/index.html")).expect("a page"),
            before,
            "{}",
            fault.name
        );
        assert!(site.path("site/index.html").is_file(), "{}", fault.name);
        let names = fs::read_dir(site.path("")).expect("a folder").flatten();
        let left: Vec<_> = names
            .map(|entry| entry.file_name())
            .filter(|name| name.to_string_lossy().contains("proofroom"))
            .collect();
        assert!(left.is_empty(), "{}: {left:?} is left behind", fault.name);
    }
}

#[test]
fn warnings_fail_a_strict_build_only() {
    let site = Site::new(&[("docs/index.md", "# Home\n\n[gone](gone.md)\n")]);
    let output = site.run(&["build"]);
    assert!(output.status.success());
    assert!(
        text(&output.stdout).contains("1 warning"),
        "{}",
        text(&output.stdout)
    );
    let said = text(&output.stderr);
    assert!(
        said.contains("warning[missing-page]") && said.contains("docs/index.md:3"),
        "{said}"
    );
    assert_eq!(site.run(&["build", "--strict"]).status.code(), Some(1));
}

#[test]
fn never_builds_over_its_own_sources() {
    let site = Site::new(&[("docs/index.md", "# Home\n")]);
    let output = site.run(&["build", "-d", "docs"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output.stderr).contains("contains the docs folder"),
        "{}",
        text(&output.stderr)
    );
    assert!(site.path("docs/index.md").is_file());
}

#[test]
fn checks_without_writing() {
    let site = Site::new(&[("docs/index.md", "# Home\n\n[gone](gone.md)\n")]);
    let output = site.run(&["check", "--strict", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).expect("one JSON line");
    assert_eq!(found["rule"], "missing-page");
    assert!(!site.path("site").exists());
}

#[test]
fn flags_of_mkdocs_are_accepted() {
    let site = Site::new(&[
        ("conf/mkdocs.yml", "site_name: Example\n"),
        ("conf/docs/index.md", "# Home\n"),
    ]);
    let output = site.run(&[
        "build",
        "--clean",
        "--config-file",
        "conf/mkdocs.yml",
        "--site-dir",
        "out",
        "--strict",
        "--verbose",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(site.path("out/index.html").is_file());
    let missing = site.run(&["build", "-f", "nowhere.yml"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        text(&missing.stderr).contains("`nowhere.yml` does not exist"),
        "{}",
        text(&missing.stderr)
    );
}

#[test]
fn every_key_of_the_configuration_is_explained() {
    let site = Site::new(&[
        ("docs/index.md", "# Home\n"),
        (
            "mkdocs.yml",
            "site_name: Example\nplugins:\n  - search\n  - drawio\nmarkdown_extensions:\n  - wombat\nwombat: 1\n",
        ),
    ]);
    let output = site.run(&["check", "--config"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let table = text(&output.stdout);
    let words: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().take(3).collect())
        .collect();
    assert_eq!(
        words,
        [
            ["mkdocs.yml:1", "site_name", "used"],
            ["mkdocs.yml:2", "plugins", "used"],
            ["mkdocs.yml:3", "plugins.search", "used"],
            ["mkdocs.yml:4", "plugins.drawio", "unsupported"],
            ["mkdocs.yml:5", "markdown_extensions", "used"],
            ["mkdocs.yml:6", "markdown_extensions.wombat", "unsupported"],
            ["mkdocs.yml:7", "wombat", "ignored"],
        ]
    );
    let output = site.run(&["check", "--config", "--json", "--strict"]);
    assert!(
        !output.status.success(),
        "an unknown key fails with --strict"
    );
    assert!(text(&output.stdout).contains(
        r#"{"version":1,"type":"key","key":"plugins.drawio","path":"mkdocs.yml","line":4,"fate":"unsupported","what":"#
    ));
}

#[test]
fn short_flags_of_mkdocs_are_accepted() {
    let site = Site::new(&[
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n"),
        (
            "conf/mkdocs.yml",
            "site_name: !ENV [NAME, x]\ndocs_dir: ../docs\n",
        ),
    ]);
    let output = site.run(&[
        "build",
        "-q",
        "-v",
        "-c",
        "--strict",
        "-t",
        "material",
        "--no-directory-urls",
        "--config-file",
        "conf/mkdocs.yml",
        "-d",
        "public",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(site.path("public/a.html").is_file());
    let output = site.run(&["build", "--dirty", "-f", "conf/mkdocs.yml", "-d", "public"]);
    assert!(text(&output.stderr).contains("`--dirty` has no effect"));
    assert!(site.path("public/a/index.html").is_file());
}

#[test]
fn nothing_is_left_out_silently() {
    let site = Site::new(&[
        ("docs/index.md", "# Home\n"),
        (
            "mkdocs.yml",
            "site_name: Example\nplugins: [search, panzoom, optimize]\n",
        ),
    ]);
    let output = site.run(&["build"]);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("the plugin `optimize` is not part of proofroom; help: images")
            && said.contains("the plugin `panzoom` is not part of proofroom"),
        "{said}"
    );
    let explained = text(&site.run(&["build", "--verbose"]).stderr);
    assert!(
        explained.contains("the plugin `optimize` is not part"),
        "{explained}"
    );
    assert!(
        !explained.contains("not part of proofroom: "),
        "{explained}"
    );
}

#[test]
fn a_reader_that_stops_is_not_an_error() {
    let site = Site::new(&[("docs/index.md", "# Home\n\n[a](gone.md)\n")]);
    for arguments in [&["check"][..], &["check", "--json"], &["build"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_proofroom"));
        command.current_dir(site.path("")).args(arguments);
        let output = command.stdout(writer).output();
        let output = output.expect("it runs");
        let errors = text(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        assert!(!errors.contains("panicked"), "{arguments:?}: {errors}");
    }
}
