//! Which queries do not run after an edit of the configuration, because each
//! asks only for the part that it needs.

use super::Watched;
use crate::site::queries;

/// A site that uses a bit of everything.
const SITE: [(&str, &str); 5] = [
    (
        "mkdocs.yml",
        "site_name: Example\n\
         site_description: Words\n\
         copyright: Ours\n\
         dev_addr: 127.0.0.1:8000\n\
         extra:\n  social: one\n\
         watch: [more]\n\
         theme: {name: material, custom_dir: overrides}\n\
         markdown_extensions:\n  - admonition\n  - pymdownx.snippets\n  - toc: {permalink: true}\n  - nonsense\n\
         nav:\n  - Home: index.md\n  - Guide: guide/a.md\n  - Missing: missing.md\n\
         plugins:\n  - search\n  - tags\n  - macros\n  - redirects: {redirect_maps: {old.md: guide/a.md, gone.md: nowhere.md}}\n",
    ),
    (
        "docs/index.md",
        "# Home\n\n[A](guide/a.md), [gone](b.md) and {{ 1 + 1 }}.\n",
    ),
    (
        "docs/guide/a.md",
        "---\ntags: [x]\n---\n# A\n\n--8<-- \"shared.txt\"\n",
    ),
    ("overrides/main.html", "{% extends \"base.html\" %}"),
    ("shared.txt", "Shared words.\n"),
];

fn site() -> Watched {
    let site = Watched::new(&SITE);
    look(&site);
    site
}

/// Renders every page and collects every diagnostic. Returns the names of the
/// queries that ran.
fn look(site: &Watched) -> Vec<String> {
    site.render();
    let db = &site.database;
    queries::not_found(db);
    queries::all_diagnostics(db);
    let ran = site.ran.lock();
    let name = |query: &String| {
        let name = query
            .split_once('(')
            .map_or(query.as_str(), |(name, _)| name);
        name.to_owned()
    };
    ran.iter().map(name).collect()
}

/// Replaces a text in `mkdocs.yml` and returns the queries that ran.
fn edit(site: &mut Watched, from: &str, to: &str) -> Vec<String> {
    let text = SITE[0].1.replacen(from, to, 1);
    assert_ne!(text, SITE[0].1, "`{from}` is there");
    site.write("mkdocs.yml", &text);
    look(site)
}

fn count(ran: &[String], query: &str) -> usize {
    ran.iter().filter(|name| *name == query).count()
}

/// Asserts how often the costly queries ran.
fn assert_costly(ran: &[String], bodies: usize, pages: usize) {
    let counts = (count(ran, "body"), count(ran, "cached"));
    assert_eq!(counts, (bodies, pages), "{ran:#?}");
}

#[test]
fn a_comment_runs_nothing_but_the_reading_of_the_file() {
    let mut site = site();
    let before = queries::site_diagnostics(&site.database);
    let ran = edit(&mut site, "site_name", "# A comment.\n\nsite_name");
    let reading = [
        "config",
        "configuration",
        "kind",
        "listing",
        "site_diagnostics",
        "stamp",
        "symbolic_links",
        "text",
    ];
    let mut others = ran.iter().filter(|name| !reading.contains(&name.as_str()));
    assert_eq!(others.next(), None, "{ran:#?}");
    // Diagnostics about the file have their new positions.
    let after = queries::site_diagnostics(&site.database);
    let lines = |found: &[crate::diagnostic::Diagnostic]| -> Vec<(&str, u32)> {
        let placed = found
            .iter()
            .filter_map(|it| Some((it.rule.name(), it.span.as_ref()?.line)));
        placed.collect()
    };
    let moved: Vec<_> = lines(&before)
        .into_iter()
        .map(|(rule, line)| (rule, line + 2))
        .collect();
    assert_eq!(lines(&after), moved);
    assert_eq!(moved.len(), 3, "{before:#?}");
}

#[test]
fn what_only_the_server_reads_renders_no_page() {
    for (from, to) in [("8000", "9000"), ("[more]", "[less]")] {
        let ran = edit(&mut site(), from, to);
        assert_costly(&ran, 0, 0);
        assert_eq!(count(&ran, "theme"), 0, "{ran:#?}");
    }
}

#[test]
fn a_template_that_shows_what_the_server_reads_follows_it() {
    let mut site = Watched::new(&SITE);
    site.write(
        "overrides/main.html",
        "<p>{{ config.dev_addr }} {{ config.watch }}</p>",
    );
    look(&site);
    assert!(site.html("docs/index.md").contains("127.0.0.1:8000 ["));
    let ran = edit(&mut site, "8000", "9000");
    assert_costly(&ran, 0, 2);
    assert!(site.html("docs/index.md").contains("127.0.0.1:9000"));
}

#[test]
fn a_page_that_shows_what_the_server_reads_follows_it() {
    let mut site = Watched::new(&SITE);
    site.write("docs/index.md", "# Home\n\nAt {{ config.dev_addr }}.\n");
    look(&site);
    assert!(site.html("docs/index.md").contains("At 127.0.0.1:8000."));
    let ran = edit(&mut site, "8000", "9000");
    assert_costly(&ran, 1, 1);
    assert!(site.html("docs/index.md").contains("At 127.0.0.1:9000."));
}

#[test]
fn what_templates_show_renders_pages_and_no_body() {
    for (from, to) in [
        ("Ours", "Theirs"),
        ("Words", "Other words"),
        ("social: one", "social: two"),
    ] {
        let ran = edit(&mut site(), from, to);
        assert_costly(&ran, 0, 2);
    }
}

#[test]
fn a_title_in_the_nav_renders_pages_and_no_body() {
    let ran = edit(&mut site(), "Guide: ", "The guide: ");
    assert_costly(&ran, 0, 2);
    assert_eq!(count(&ran, "navigation"), 1, "{ran:#?}");
}

#[test]
fn an_option_of_an_extension_renders_bodies() {
    let ran = edit(&mut site(), "permalink: true", "permalink: Link");
    assert_costly(&ran, 2, 2);
    assert_eq!(count(&ran, "files"), 0, "{ran:#?}");
}

#[test]
fn what_only_diagnostics_read_renders_nothing() {
    let ran = edit(
        &mut site(),
        "copyright",
        "validation: {links: {not_found: ignore}}\ncopyright",
    );
    assert_costly(&ran, 0, 0);
    let ran = edit(&mut site(), "copyright", "strict: true\ncopyright");
    assert_costly(&ran, 0, 0);
    let ran = edit(&mut site(), "copyright", "not_in_nav: x.md\ncopyright");
    assert_costly(&ran, 0, 0);
}

#[test]
fn an_option_of_a_plugin_runs_what_reads_it() {
    let ran = edit(&mut site(), "nowhere.md", "elsewhere.md");
    assert_costly(&ran, 0, 2);
    assert_eq!(count(&ran, "files"), 0, "{ran:#?}");
    assert_eq!(count(&ran, "navigation"), 0, "{ran:#?}");
}

#[test]
fn a_pattern_that_moves_to_another_setting_selects_as_it_does_there() {
    let config = |setting: &str| {
        format!("site_name: Example\n{setting}: |\n  !.well-known/*\nplugins: []\n")
    };
    let files = |site: &Watched| queries::files(&site.database).assets.clone();
    let with = |setting: &str| {
        let site = Watched::new(&[
            ("mkdocs.yml", &config(setting)),
            ("docs/.well-known/a.txt", "A\n"),
        ]);
        files(&site);
        site
    };
    let mut site = with("exclude_docs");
    assert_eq!(files(&site).len(), 1);
    site.write("mkdocs.yml", &config("draft_docs"));
    assert_eq!(files(&site), files(&with("draft_docs")));
    assert_eq!(files(&site).len(), 0);
}
