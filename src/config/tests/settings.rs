use serde_json::json;

use super::{checked, config, mkdocs, said};
use crate::config::{Config, KeyStatus, Level, NavEntry, NavTarget, SettingRef};
use crate::diagnostic::Severity;
use crate::work::steps_of;

#[test]
fn addresses_and_what_follows_from_them() {
    let edit = |config: &Config| (config.repo_name.clone(), config.edit_uri.clone());
    let some = |text: &str| Some(text.to_owned());
    for (text, name, uri) in [
        (
            "repo_url: https://github.com/a/b\n",
            some("GitHub"),
            some("edit/master/docs/"),
        ),
        (
            "repo_url: https://gitlab.com/a/b\n",
            some("GitLab"),
            some("edit/master/docs/"),
        ),
        (
            "repo_url: https://bitbucket.org/a/b\n",
            some("Bitbucket"),
            some("src/default/docs/"),
        ),
        (
            "repo_url: https://codeberg.org/a/b\nedit_uri: x\n",
            some("Codeberg"),
            some("x/"),
        ),
        (
            "repo_url: https://github.com/a/b\nrepo_name: ''\nedit_uri: ''\n",
            some(""),
            some(""),
        ),
        ("", None, None),
    ] {
        assert_eq!(edit(&config(text)), (name, uri), "{text}");
    }
    assert_eq!(
        config("site_url: https://a.example/b\n")
            .site_url
            .as_deref(),
        Some("https://a.example/b/")
    );
    assert_eq!(config("site_url: ''\n").site_url, None);
    assert_eq!(said("site_url: a.example\n"), [("bad-value", 2)]);
    assert_eq!(said("site_url: ftp://a.example\n"), [("bad-value", 2)]);
    assert_eq!(said("dev_addr: localhost\n"), [("bad-value", 2)]);
    assert_eq!(config("dev_addr: '[::1]:80'\n").dev_addr, "[::1]:80");
}

#[test]
fn templates_of_edit_links_are_checked() {
    for template in ["{path}", "{path!q}?a={path_noext:>9}", "{{x}}/{path}", ""] {
        let text = format!("edit_uri_template: '{template}'\n");
        assert_eq!(said(&text), [], "{template}");
        let read = config(&text).edit_uri_template;
        assert_eq!(read.as_deref(), Some(template));
    }
    for template in [
        "{foo}",
        "{path",
        "{path[0]}",
        "{path!z}",
        "{}",
        "{path:{path}}",
    ] {
        let text = format!("edit_uri_template: '{template}'\n");
        assert_eq!(said(&text), [("bad-value", 2)], "{template}");
    }
    let both = "edit_uri: a/\nedit_uri_template: b/{path}\n";
    assert_eq!(said(both), [("bad-value", 2)]);
}

#[test]
fn folders() {
    let found = mkdocs("site_name: x\ndocs_dir: dosc\n");
    assert_eq!(found.diagnostics[0].rule.name(), "missing-docs-dir");
    assert!(
        found.diagnostics[0]
            .message
            .ends_with("`dosc` does not exist")
    );
    assert_eq!(
        found.diagnostics[0].help.as_deref(),
        Some("did you mean `docs`?")
    );
    assert_eq!(said("site_dir: docs/site\n"), [("nested-folders", 2)]);
    assert_eq!(said("site_dir: docs\n"), [("nested-folders", 2)]);
    assert_eq!(said("site_dir: .\n"), [("nested-folders", 2)]);
    assert_eq!(said("docs_dir: /docs\n"), [("bad-value", 2)]);
    assert_eq!(
        said("theme: {name: material, custom_dir: gone}\n"),
        [("missing-custom-dir", 2)]
    );
    assert_eq!(config("site_dir: site/en\n").site_dir.as_str(), "site/en");
}

#[test]
fn keys_and_types() {
    assert_eq!(said("sitename: x\n"), [("unknown-key", 2)]);
    assert_eq!(said("strict: 'yes'\n"), [("bad-value", 2)]);
    assert_eq!(said("copyright: 2024\n"), [("bad-value", 2)]);
    assert_eq!(said("extra_css: a.css\n"), [("bad-value", 2)]);
    assert_eq!(said("extra: []\ntheme: 3\nvalidation: x\n").len(), 3);
    assert_eq!(said("copyright: a\ncopyright: b\n"), [("duplicate-key", 3)]);
    assert_eq!(
        said("remote_name: x\nremote_branch: y\nmdx_configs:\nwatch:\n"),
        []
    );
    let nameless = mkdocs("copyright: x\n");
    assert_eq!(nameless.diagnostics[0].rule.name(), "missing-site-name");
    assert_eq!(nameless.config.expect("usable").site_name, "folder");
    assert_eq!(mkdocs("").diagnostics[0].rule.name(), "missing-site-name");
    assert_eq!(mkdocs("- a\n").config, None);
    assert_eq!(mkdocs("a: [\n").diagnostics[0].rule.name(), "bad-yaml");
    let toml = checked(&[("proofroom.toml", "a = \n"), ("docs/", "")], None, &[]);
    assert_eq!(
        (toml.config, toml.diagnostics[0].rule.name()),
        (None, "bad-toml")
    );
    let nested = format!("a = {}", "[".repeat(100_000));
    let dotted = format!("{}a = 1", "a.".repeat(100_000));
    let header = format!("[{}a]\nb = 1", "a .".repeat(100_000));
    let inline = format!("b = {{ {}a = 1 }}", "a.".repeat(100_000));
    let step = "a = { ".to_owned() + &"a.".repeat(300);
    let shallow = ("a = { ".to_owned() + &"a.".repeat(70)).repeat(35) + "a = 1" + &" }".repeat(35);
    for bomb in [nested, dotted, header, inline, step.repeat(400), shallow] {
        let toml = checked(&[("proofroom.toml", &bomb), ("docs/", "")], None, &[]);
        assert_eq!(
            (toml.config, toml.diagnostics[0].rule.name()),
            (None, "bad-toml")
        );
    }
}

#[test]
fn navs() {
    let text = "nav:\n  - index.md\n  - Guide:\n      - guide/a.md\n      - More: guide/b.md\n  - Forum: https://x.example\n";
    let checked = mkdocs(&format!("site_name: x\n{text}"));
    let nav = checked.config.expect("usable").nav.expect("a nav");
    let places = &checked.places;
    let line = |entry: &NavEntry| {
        let span = places.span(&entry.subject).expect("it is written there");
        (span.line, span.column)
    };
    assert_eq!(nav[0].title, None);
    let NavTarget::Section(below) = &nav[1].target else {
        panic!("no section");
    };
    assert_eq!(
        (line(&nav[1]), line(&below[0]), line(&below[1])),
        ((4, 5), (5, 9), (6, 15))
    );
    assert_eq!(config("nav: []\n").nav, None);
    assert_eq!(said("nav: index.md\n"), [("bad-value", 2)]);
    assert_eq!(
        said("nav:\n  - a:\n  - 3\n  - {b: b.md, c: c.md}\n  - d: {e: e.md}\n"),
        [
            ("bad-value", 3),
            ("bad-value", 4),
            ("bad-value", 5),
            ("bad-value", 6)
        ]
    );
}

#[test]
fn extensions() {
    let text = "markdown_extensions:\n  - toc: {permalink: true}\n  - admonition\n  - markdown.extensions.abbr\n  - pymdownx.snippets:\n      auto_append: [x]\n  - footnotes:\n";
    let both = [
        text.to_owned(),
        text.replace("- ", "")
            .replace("admonition", "admonition:")
            .replace("abbr", "abbr:"),
    ];
    for text in both {
        let checked = mkdocs(&format!("site_name: x\n{text}"));
        let config = checked.config.expect("usable");
        let names: Vec<_> = config
            .extensions
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "toc",
                "tables",
                "fenced_code",
                "admonition",
                "abbr",
                "pymdownx.snippets",
                "footnotes"
            ]
        );
        assert_eq!(
            json!(config.extensions[0].options),
            json!({"permalink": true})
        );
        assert_eq!(config.extensions[5].options["auto_append"], json!(["x"]));
        let third = SettingRef::Extension(config.extensions[3].name.clone());
        let span = checked.places.span(&third);
        assert_eq!(span.map(|span| span.line), Some(4));
    }
    assert_eq!(
        said("markdown_extensions:\n  - toc: 3\n  - [x]\n"),
        [("bad-value", 3), ("bad-value", 4)]
    );
}

#[test]
fn plugins() {
    let names = |text: &str| {
        let plugins = mkdocs(&format!("site_name: x\n{text}"))
            .config
            .expect("usable")
            .plugins;
        plugins
            .into_iter()
            .map(|plugin| plugin.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["search"]);
    assert_eq!(names("plugins: []\n"), [""; 0]);
    let text = "plugins:\n  material/search: {lang: en}\n  tags: {enabled: false}\n  group:\n    plugins:\n      - meta\n      - group: {enabled: false, plugins: [x]}\n  blog:\n";
    assert_eq!(names(text), ["search", "meta", "blog"]);
    let found =
        mkdocs("site_name: x\nplugins: [search, optimize, literate-nav, wombat]\nhooks: [a.py]\n")
            .diagnostics;
    let levels: Vec<_> = found
        .iter()
        .map(|it| (it.rule.name(), it.severity))
        .collect();
    assert_eq!(
        levels,
        [
            ("unsupported-plugin", Severity::Note),
            ("unsupported-plugin", Severity::Warning),
            ("unknown-plugin", Severity::Note),
            ("unsupported-hook", Severity::Warning),
        ]
    );
}

#[test]
fn themes_scripts_and_levels() {
    let theme = config(
        "theme:\n  name: material\n  locale: pt_BR\n  features: [a]\n  palette: {scheme: slate}\n",
    )
    .theme;
    assert_eq!(
        (theme.name.as_deref(), theme.language.as_str()),
        (Some("material"), "pt-BR")
    );
    assert_eq!(theme.settings["features"], json!(["a"]));
    assert_eq!(theme.settings["icon"], json!({}));
    assert!(!theme.settings.contains_key("language"));
    assert_eq!(config("theme: {name: null}\n").theme.name, None);
    assert_eq!(
        config("theme: readthedocs\n").theme.name.as_deref(),
        Some("readthedocs")
    );
    assert!(
        config("").theme.settings["features"]
            .as_array()
            .is_some_and(|list| !list.is_empty())
    );
    let scripts =
        config("extra_javascript:\n  - a.mjs\n  - path: b.js\n    defer: true\n    async: true\n")
            .extra_javascript;
    assert_eq!(
        (scripts[0].kind.as_deref(), scripts[1].kind.as_deref()),
        (Some("module"), None)
    );
    assert!(scripts[1].defer && scripts[1].is_async);
    let levels =
        config("validation:\n  not_found: ignore\n  links: {not_found: info, anchors: warn}\n")
            .validation;
    assert_eq!(
        (
            levels.nav_not_found,
            levels.links_not_found,
            levels.links_anchors
        ),
        (Level::Ignore, Level::Info, Level::Warn)
    );
    assert_eq!(
        said("validation: {not_found: loud, x: warn}\n"),
        [("unknown-key", 2), ("bad-value", 2)]
    );
    assert_eq!(
        config("exclude_docs: |\n  a\n  b\nnot_in_nav: [c, d]\n").not_in_nav,
        "c\nd"
    );
}

#[test]
fn every_key_and_what_becomes_of_it() {
    let text = "site_name: x\nremote_branch: pages\ntheme: {name: material, features: [], wombat: 1}\nplugins:\n  - search: {lang: en, indexing: full}\n  - blog\n  - tags: {enabled: false}\n  - group: {plugins: [optimize]}\nmarkdown_extensions: [admonition]\nhooks: [a.py]\nwombat: 1\n";
    let keys = mkdocs(text).keys;
    let found: Vec<_> = keys
        .iter()
        .map(|key| (key.name.as_str(), key.span.line, key.fate))
        .collect();
    use KeyStatus::{Ignored, Unsupported, Used};
    assert_eq!(
        found,
        [
            ("site_name", 1, Used),
            ("remote_branch", 2, Ignored),
            ("theme", 3, Used),
            ("theme.name", 3, Used),
            ("theme.features", 3, Used),
            ("theme.wombat", 3, Unsupported),
            ("plugins", 4, Used),
            ("plugins.search", 5, Used),
            ("plugins.search.lang", 5, Used),
            ("plugins.search.indexing", 5, Unsupported),
            ("plugins.blog", 6, Unsupported),
            ("plugins.tags", 7, Ignored),
            ("plugins.group", 8, Used),
            ("plugins.group.optimize", 8, Unsupported),
            ("markdown_extensions", 9, Used),
            ("markdown_extensions.admonition", 9, Used),
            ("hooks", 10, Used),
            ("hooks.a.py", 10, Unsupported),
            ("wombat", 11, Used),
        ]
    );
}

#[test]
fn absolute_links_may_begin_at_the_docs_folder() {
    let validation =
        config("validation:\n  absolute_links: relative_to_docs\n  nav: {absolute_links: info}\n")
            .validation;
    assert!(validation.links_relative_to_docs && !validation.nav_relative_to_docs);
    assert_eq!(validation.links_absolute_links, Level::Ignore);
    assert_eq!(validation.nav_absolute_links, Level::Info);
}

#[test]
fn names_that_lead_out_of_a_theme_are_named() {
    let text = "site_name: x\ntheme:\n  name: x\n  path: lib/unsafe.whl\n";
    let files = [
        ("mkdocs.yml", text),
        ("docs/", ""),
        ("lib/unsafe.whl/x/mkdocs_theme.yml", "a: b\n"),
    ];
    let found = super::checked(&files, None, &[]).diagnostics;
    let found = found.iter().find(|it| it.rule.name() == "refused-name");
    let found = found.expect("a warning");
    assert_eq!(found.span.as_ref().map(|span| span.line), Some(4));
    let message = &found.message;
    assert!(
        message.contains("2 names such as `../d`") && message.contains("`lib/unsafe.whl`"),
        "{message}"
    );
}

/// Only the first unknown names are compared with all known ones.
#[test]
fn thousands_of_unknown_names_cost_no_more_than_some() {
    let settings = |nth: usize| format!("site_nmae{nth:05}: x\n");
    let plugins = |nth: usize| match nth {
        0 => "plugins:\n".to_owned(),
        nth => format!("  - saerch{nth:05}\n"),
    };
    let cases: [&dyn Fn(usize) -> String; 2] = [&settings, &plugins];
    for text in cases {
        let work = |count: usize| {
            let text: String = (0..count).map(text).collect();
            let mut found = 0;
            let steps = steps_of(|| found = mkdocs(&text).diagnostics.len());
            assert!(found >= count, "{found}");
            steps
        };
        let count = 10_000;
        let (first, both) = (work(count), work(2 * count));
        assert!(both + 250_000 <= 2 * first, "{} {first} {both}", text(1));
    }
}
