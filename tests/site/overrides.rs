//! A site that overrides templates of Material for MkDocs: what its own
//! templates print is what they print under MkDocs, with the theme in the
//! binary and with Material's own templates.
//!
//! `tests/overrides/expected.json` holds what MkDocs 1.6.1 with Material 9.8.1
//! gave for `tests/overrides/site`: of each page the texts between
//! `<!--x name-->` and `<!--/x-->`, which only the site's templates write, and
//! whole files where nothing else writes them. `blog.json` holds the same for
//! `tests/overrides/blog`, whose templates list what a blog has.

use std::collections::BTreeMap;
use std::fs;

use crate::harness::expected::{rewrite_from_reference, updates};
use crate::harness::skip::material;
use crate::harness::{Site, in_repository};
use serde_json::Value;

/// Builds the site and compares it.
fn matches(arguments: &[&str]) {
    let site = matches_parts("site", "expected.json", arguments);
    for (path, there) in [
        (".well-known/security.txt", true),
        (".secret/x.txt", false),
        ("templates/x.html", false),
        ("blank.html", false),
        ("README.md", false),
        ("assets/part.html", false),
        ("assets/theme.css", true),
        ("partials/header.html", false),
        (".icons/own/mark.svg", false),
        ("sitemap.xml.gz", true),
    ] {
        let found = site.path("site").join(path).exists();
        assert_eq!(found, there, "{path}");
    }
}

/// Builds a site and compares the parts of its outputs.
fn matches_parts(name: &str, expected: &str, arguments: &[&str]) -> Site {
    let folder = in_repository("tests/overrides");
    let site = Site::copy_of(&folder.join(name));
    let mut all = vec!["build", "--quiet"];
    all.extend(arguments);
    let output = site.run(&all);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let expected = fs::read_to_string(folder.join(expected)).expect("expected values");
    let expected: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&expected).expect("JSON");
    for (file, parts) in expected {
        let found = fs::read_to_string(site.path(&format!("site/{file}")));
        let found = found.unwrap_or_else(|_| panic!("{file} was not written"));
        for (name, text) in parts {
            if name.is_empty() {
                assert_eq!(found, text, "{file}");
                continue;
            }
            let part = found.split_once(&format!("<!--x {name}-->"));
            let part = part.and_then(|(_, rest)| Some(rest.split_once("<!--/x-->")?.0));
            assert_eq!(part, Some(text.as_str()), "{file}: {name}");
        }
    }
    site
}

#[test]
fn overrides_give_the_same_under_the_builtin_theme() {
    if updates() {
        rewrite_from_reference("write_overrides.py", &[]);
    }
    matches(&[]);
}

#[test]
fn overrides_give_the_same_under_the_templates_of_material() {
    let Some(material) = material() else {
        return;
    };
    matches(&["--theme-path", material.as_str()]);
}

#[test]
fn overrides_are_told_what_a_blog_has() {
    matches_parts("blog", "blog.json", &[]);
}

#[test]
fn templates_of_material_are_told_what_a_blog_has() {
    let Some(material) = material() else {
        return;
    };
    matches_parts("blog", "blog.json", &["--theme-path", material.as_str()]);
}

#[test]
fn a_missing_theme_is_reported() {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: X\ntheme: {name: material}\n"),
        ("docs/index.md", "# X\n"),
        ("empty/x.txt", ""),
        ("bad.whl", "no archive"),
        ("broken/mkdocs_theme.yml", "a: [b\n"),
        ("page/mkdocs_theme.yml", ""),
        (
            "page/main.html",
            "one\n{% include 'partials/none.html' %}\n",
        ),
    ]);
    for (path, code, expected) in [
        ("gone", "missing-theme", "the theme `gone` does not exist"),
        (
            "empty",
            "missing-theme",
            "the folder `empty` contains no theme: there is no `mkdocs_theme.yml` in it",
        ),
        (
            "bad.whl",
            "missing-theme",
            "the archive `bad.whl` cannot be read: it is not a zip file",
        ),
        (
            "mkdocs.yml",
            "missing-theme",
            "`mkdocs.yml` is a file, but not a wheel",
        ),
        ("broken", "bad-yaml", "broken/mkdocs_theme.yml:1"),
        ("page", "missing-template", "page/main.html:2:"),
    ] {
        let output = site.run(&["build", "--theme-path", path]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{path}");
        assert!(
            said.contains(code) && said.contains(expected),
            "{path}: {said}"
        );
        if code == "missing-theme" {
            assert!(said.contains("site-packages/material"), "{path}: {said}");
        }
    }
    let site = Site::new(&[
        (
            "proofroom.toml",
            "site_name = \"X\"\n[theme]\npath = \"gone\"\n",
        ),
        ("docs/index.md", "# X\n"),
    ]);
    let output = site.run(&["check", "--format", "json"]);
    let said = String::from_utf8_lossy(&output.stdout);
    let first: Value = serde_json::from_str(said.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["rule"], "missing-theme");
    assert_eq!(first["span"]["line"], 3, "{first}");
}

#[test]
fn missing_templates_are_reported_and_skipped() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: X\ntheme: {name: null, custom_dir: theme, static_templates: [a.txt, b.txt]}\n\
             extra_templates: [c.txt, d.txt]\nplugins: []\n",
        ),
        ("docs/index.md", "# X\n"),
        ("docs/c.txt", "{{ config.site_name }}"),
        ("theme/a.txt", "{{ pages | length }}"),
    ]);
    let output = site.run(&["build"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("`static_templates` names `b.txt`"), "{said}");
    assert!(said.contains("`extra_templates` names `d.txt`"), "{said}");
    let written = |path: &str| fs::read_to_string(site.path("site").join(path)).ok();
    assert_eq!(written("a.txt").as_deref(), Some("1"));
    assert_eq!(written("c.txt").as_deref(), Some("X"));
    assert_eq!((written("b.txt"), written("d.txt")), (None, None));
}

#[test]
fn a_site_map_is_packed_the_same_way_each_time() {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: X\nsite_url: https://x.example/\n"),
        ("docs/index.md", "# X\n"),
        ("docs/a.md", "# A\n"),
    ]);
    let packed = || {
        let output = site.run(&["build", "--quiet"]);
        assert!(output.status.success());
        fs::read(site.path("site/sitemap.xml.gz")).expect("written")
    };
    let first = packed();
    assert_eq!(first, packed());
    let mut text = String::new();
    let mut unpacked = flate2::read::GzDecoder::new(first.as_slice());
    std::io::Read::read_to_string(&mut unpacked, &mut text).expect("it is packed");
    let plain = fs::read_to_string(site.path("site/sitemap.xml")).expect("written");
    assert_eq!(text, plain);
    assert!(text.contains("<loc>https://x.example/a/</loc>"), "{text}");
}

/// `src/theme/tests/jinja.json` is compared beside the theme, which cannot run
/// Jinja2.
#[test]
fn templates_are_printed_anew_by_jinja() {
    if updates() {
        rewrite_from_reference("write_jinja.py", &[]);
    }
}

/// Templates written for Material ask for its words.
#[test]
fn every_word_of_material_has_one_of_ours() {
    let Some(material) = material() else {
        return;
    };
    let words = format!("{material}/templates/partials/languages/en.html");
    let words = fs::read_to_string(words).expect("its words");
    let keys: Vec<&str> = words
        .lines()
        .filter_map(|line| Some(line.trim().strip_prefix('"')?.split_once("\": ")?.0))
        .collect();
    assert!(keys.len() > 50, "{keys:?}");
    let each = |key: &&str| format!("<i data-key=\"{key}\">{{{{ lang.t(\"{key}\") }}}}</i>");
    let template: String = keys.iter().map(each).collect();
    let block =
        format!("{{% extends \"base.html\" %}}{{% block content %}}{template}{{% endblock %}}");
    for language in ["en", "de", "ar", "fi"] {
        let config = format!(
            "site_name: X\ntheme: {{name: material, language: {language}, custom_dir: overrides}}\n"
        );
        let site = Site::new(&[
            ("mkdocs.yml", config.as_str()),
            ("docs/index.md", "# X\n"),
            ("overrides/main.html", block.as_str()),
        ]);
        site.run_successfully(&["build"]);
        let html = fs::read_to_string(site.path("site/index.html")).expect("a page");
        for key in &keys {
            let (_, rest) = html
                .split_once(&format!("data-key=\"{key}\">"))
                .expect("it is printed");
            let (word, _) = rest.split_once("</i>").expect("its end");
            assert!(!word.is_empty(), "{language}: {key}");
            // Some words are their own keys.
            assert!(word != *key || !key.contains('.'), "{language}: {key}");
        }
    }
}
