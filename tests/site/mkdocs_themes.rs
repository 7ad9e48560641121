//! Themes that use MkDocs' own search: those of MkDocs, and those of others.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{Site, skip};

const INDEX: &str = "# Home & `code`\n\nSome *words* &amp; others.\n\n## Second `thing` & more\n\n\
    Two\u{a0}words.\n\n### Third\n\n- a\n- b\n\n## Émile\n\ntext\n";
const SCRIPT: &str = "# About\n\n<script>var x = 1 < 2;</script>\n\nabout | page\n";

/// A theme that extends another, beside MkDocs' search, as in a folder that packages
/// are installed in.
const PACKAGES: &[(&str, &str)] = &[
    (
        "lib/mkdocs_child/mkdocs_theme.yml",
        "extends: parent\nlocale: de\ncolour: red\ninclude_search_page: true\n",
    ),
    (
        "lib/mkdocs_child/main.html",
        "{% extends 'base.html' %}{% block end %}{{ config.theme.colour }} {{ config.theme.size }}{% endblock %}",
    ),
    ("lib/mkdocs_child/search.html", "{% extends 'base.html' %}"),
    ("lib/mkdocs_child/css/own.css", "child"),
    (
        "lib/parent/mkdocs_theme.yml",
        "static_templates: [404.html]\ncolour: blue\nsize: 7\n",
    ),
    (
        "lib/parent/base.html",
        "{{ config.theme.locale }} {% for item in page.toc.items %}{{ item.title }};{% endfor %} \
         {% for script in config.extra_javascript %}{{ script | script_tag }}{% endfor %}{% block end %}{% endblock %}",
    ),
    ("lib/parent/404.html", "gone"),
    ("lib/parent/css/own.css", "parent"),
    ("lib/parent/css/more.css", "parent"),
    ("lib/mkdocs/contrib/search/templates/search/main.js", "main"),
    (
        "lib/mkdocs/contrib/search/templates/search/worker.js",
        "worker",
    ),
    (
        "lib/mkdocs/contrib/search/lunr-language/lunr.stemmer.support.js",
        "stemmer",
    ),
    (
        "lib/mkdocs/contrib/search/lunr-language/lunr.multi.js",
        "multi",
    ),
    ("lib/mkdocs/contrib/search/lunr-language/lunr.de.js", "de"),
    ("lib/mkdocs/contrib/search/lunr-language/lunr.pt.js", "pt"),
];

fn site(config: &str) -> Site {
    let site = Site::new(PACKAGES);
    site.write("mkdocs.yml", format!("site_name: S\n{config}"));
    site.write("docs/index.md", INDEX);
    site.write("docs/about.md", SCRIPT);
    site
}

/// The names of the files in a folder of the built site.
fn names(site: &Site, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(site.path(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = names
        .map(|name| name.into_string().expect("UTF-8"))
        .collect();
    names.sort();
    names
}

#[test]
fn an_installed_theme_brings_those_that_it_extends_and_the_search() {
    let site = site("theme: child\n");
    site.run_successfully(&["build", "--theme-path", "lib"]);
    let page = site.built("index.html");
    assert_eq!(
        page,
        "de Home &amp; code; <script src=\"search/main.js\"></script>red 7"
    );
    assert_eq!(site.built("css/own.css"), "child");
    assert_eq!(site.built("css/more.css"), "parent");
    assert_eq!(site.built("404.html"), "gone");
    assert!(site.built("search.html").contains("search/main.js"));
    assert_eq!(
        names(&site, "site/search"),
        [
            "lunr.de.js",
            "lunr.stemmer.support.js",
            "main.js",
            "search_index.json",
            "worker.js"
        ]
    );
}

/// As MkDocs 1.6.1 writes it.
#[test]
fn the_index_is_that_of_mkdocs() {
    const FULL: &str = concat!(
        r#"{"config":{"indexing":"full","lang":["en","pt"],"min_search_length":2,"prebuild_index":false,"separator":"[\\s\\-]+"},"docs":["#,
        r#"{"location":"","text":"Home & code Some words & others. Second thing & more Two words. Third a b \u00c9mile text","title":"Home &amp; code"},"#,
        r##"{"location":"#home-code","text":"Some words & others.","title":"Home &amp; code"},"##,
        r##"{"location":"#second-thing-more","text":"Two words.","title":"Second thing &amp; more"},"##,
        r##"{"location":"#third","text":"a b","title":"Third"},"##,
        r##"{"location":"#emile","text":"text","title":"\u00c9mile"},"##,
        r#"{"location":"about/","text":"About var x = 1 < 2; about | page","title":"About"},"#,
        r##"{"location":"about/#about","text":"var x = 1 < 2; about | page","title":"About"}]}"##,
    );
    let built = |options: &str| {
        let site = site(&format!("theme: child\nplugins: [search: {{{options}}}]\n"));
        site.run_successfully(&["build", "--theme-path", "lib"]);
        site.built("search/search_index.json")
    };
    assert_eq!(built("lang: [en, pt_BR], min_search_length: 2"), FULL);
    let titles = built("lang: [en], indexing: titles");
    let (_, docs) = titles.split_once("\"docs\":").expect("entries");
    assert_eq!(
        docs,
        r#"[{"location":"","text":"","title":"Home &amp; code"},{"location":"about/","text":"","title":"About"}]}"#
    );
    let sections = built("indexing: sections");
    assert!(
        sections.contains(r##"{"location":"#third","text":"","title":"Third"}"##),
        "{sections}"
    );
}

#[test]
fn what_is_missing_of_an_installed_theme_is_named() {
    let said = |site: &Site, path: &str| {
        let output = site.run(&["check", "--theme-path", path]);
        String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout)
    };
    let child = site("theme: child\n");
    let found = said(&child, "lib");
    assert!(
        found.contains("no translations for `de`") && !found.contains("search"),
        "{found}"
    );
    fs::remove_dir_all(child.path("lib/mkdocs")).expect("removed");
    let found = said(&child, "lib");
    assert!(found.contains("MkDocs' search was not found"), "{found}");
    fs::remove_dir_all(child.path("lib/parent")).expect("removed");
    let found = said(&child, "lib");
    assert!(
        found.contains("this theme extends `parent`, which was not found"),
        "{found}"
    );
    // A theme that extends itself ends.
    child.write("lib/parent/mkdocs_theme.yml", "extends: child\n");
    let found = said(&child, "lib");
    assert!(
        found.contains("this theme extends `child`, which was not found"),
        "{found}"
    );
    // An option that only Material's search has.
    let options = site("theme: child\nplugins: [search: {pipeline: [stemmer]}]\n");
    let found = said(&options, "lib");
    assert!(found.contains("the option `pipeline`"), "{found}");
}

/// The themes of MkDocs with every setting that changes something.
const CONFIGS: &[&str] = &[
    "theme: mkdocs\n",
    "theme: readthedocs\n",
    "theme: {name: mkdocs, locale: de, color_mode: auto, user_color_mode_toggle: true, nav_style: dark, shortcuts: {help: 1, next: 2, previous: 3, search: 4}}\n",
    "theme: {name: mkdocs, locale: pt_BR, highlightjs: false, search_index_only: true}\n",
    "theme: {name: mkdocs, hljs_languages: [yaml], hljs_style: a, hljs_style_dark: b, navigation_depth: 3, analytics: {gtag: G}}\nuse_directory_urls: false\nextra_javascript: [a.js, search/main.js]\n",
    "theme: {name: readthedocs, locale: zh_TW, titles_only: true, include_homepage_in_sidebar: false, prev_next_buttons_location: both, logo: x.png}\nextra: {version: 3}\n",
    "theme: {name: readthedocs, locale: fr, navigation_depth: 2, sticky_navigation: false, analytics: {gtag: G, anonymize_ip: true}}\nplugins: [search: {lang: [de, ja], indexing: sections}]\n",
    "theme: readthedocs\nplugins: []\n",
];

/// The files below a folder, without those that each writes in its own way.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(folder).expect("below");
            let name = name.to_str().expect("UTF-8").to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("sitemap") && !name.starts_with(".proofroom") {
                found.insert(name, fs::read(path).expect("read"));
            }
        }
    }
    found
}

#[test]
fn the_themes_of_mkdocs_give_what_mkdocs_gives() {
    let Some((mkdocs, packages)) = skip::mkdocs().zip(skip::mkdocs_packages()) else {
        return;
    };
    for config in CONFIGS {
        let site = site(&format!(
            "site_url: https://example.org/sub/\nrepo_url: https://github.com/a/b\ncopyright: me\n{config}"
        ));
        site.write("docs/guide/index.md", "# Guide\n\nText.\n");
        site.write(
            "docs/guide/a.md",
            "---\ntitle: Page A\n---\nIntro\n\n## Part\n",
        );
        let moment = ("SOURCE_DATE_EPOCH", "1700000000");
        let output = Command::new(&mkdocs)
            .args(["build", "-q", "-d", "reference"])
            .env(moment.0, moment.1)
            .current_dir(site.path(""))
            .output()
            .expect("MkDocs runs");
        assert!(output.status.success(), "{config}");
        let output = crate::harness::proofroom(&site.path(""))
            .args(["build", "--theme-path", &packages])
            .env(moment.0, moment.1)
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{config}");
        let (reference, built) = (files(&site.path("reference")), files(&site.path("site")));
        let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&built), names(&reference), "{config}");
        for (path, bytes) in &reference {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            if built[path] != *bytes {
                assert_eq!(text(&built[path]), text(bytes), "{config}: {path}");
            }
        }
    }
}
