//! What plugins and hooks would do that are not part of proofroom.

use super::Site;
use proofroom::diagnostic::by_cause;

/// The diagnostics of a whole site, one for each cause.
fn messages(site: &Site) -> Vec<String> {
    let found = by_cause(site.diagnostics());
    found.into_iter().map(|it| it.message).collect()
}

#[test]
fn missing_documentation_of_code_is_counted() {
    let site = Site::with(
        "plugins: [mkdocstrings]\n",
        &[
            (
                "docs/index.md",
                "# A\n\n::: a.b\n    options:\n      x: 1\n\n```\n::: in.code\n```\n\n## ::: a.c\n",
            ),
            ("docs/b.md", "text\n::: a.d\n"),
        ],
    );
    assert_eq!(
        messages(&site),
        ["the plugin `mkdocstrings` is not part of proofroom (3 places on 2 pages)"]
    );
    // A build shows them as written.
    assert!(site.body("index.md").contains("::: a.b"));
    // Without the plugin, they are text.
    let site = Site::with("plugins: []\n", &[("docs/index.md", "::: a.b\n")]);
    assert_eq!(messages(&site), [""; 0]);
}

#[test]
fn pages_that_nothing_writes_are_told_once() {
    let pages = [
        ("docs/index.md", "[a](gen/a.md) [b](gen/zzz.md)\n"),
        ("docs/b.md", "[a](gen/a.md)\n"),
    ];
    let site = Site::with("hooks: [h.py]\n", &pages);
    assert_eq!(
        messages(&site),
        [
            "`gen/a.md` does not exist (3 places on 2 pages)",
            "the hook `h.py` is Python, which proofroom does not run",
        ]
    );
    assert_eq!(Site::with("", &pages).diagnostics().len(), 3);
}

#[test]
fn navs_of_other_projects_are_told_once() {
    let config = "plugins: [search, monorepo]\nnav:\n  - index.md\n  - A: '!include ./a/mkdocs.yml'\n  - B: '!include ./b/mkdocs.yml'\n";
    let site = Site::with(config, &[("docs/index.md", "# A\n")]);
    assert_eq!(
        messages(&site),
        ["the plugin `monorepo` is not part of proofroom (2 places on 1 page)"]
    );
}

#[test]
fn constructs_of_missing_extensions_and_plugins_are_counted() {
    let pages = [
        (
            "docs/index.md",
            "# A\n\n+---+---+\n| a | b |\n+===+===+\n\n```\n+---+\n```\n\n[[b]] and `[[c]]`\n",
        ),
        ("docs/b.md", "+---+\n| a |\n+---+\n"),
        ("docs/c.md", "| a |\n|---|\n| b |\n"),
    ];
    let config = "markdown_extensions: [markdown_grid_tables, yafg]\nplugins: [roamlinks]\n";
    let site = Site::with(config, &pages);
    assert_eq!(
        messages(&site),
        [
            "the Markdown extension `markdown_grid_tables` is not part of proofroom \
             (4 places on 2 pages)",
            "the Markdown extension `yafg` is not part of proofroom",
            "the plugin `roamlinks` is not part of proofroom (1 place on 1 page)",
        ]
    );
    let of_extension = |site: &Site| {
        let found = by_cause(site.diagnostics());
        found.into_iter().find_map(|it| it.help)
    };
    assert_eq!(
        of_extension(&site).as_deref(),
        Some("tables are shown as written")
    );
}

/// What a page shows and what is said of it depends on its own text alone.
#[test]
fn a_place_that_is_written_reaches_the_count() {
    let mut site = Site::with(
        "markdown_extensions: [markdown_captions]\n",
        &[("docs/index.md", "# A\n"), ("docs/b.md", "![x](x.png)\n")],
    );
    let counted = |site: &Site| {
        let messages = messages(site);
        messages
            .iter()
            .any(|it| it.contains("(2 places on 2 pages)"))
    };
    assert!(!counted(&site));
    site.write("docs/index.md", "# A\n\n![y](https://x.example/y.png)\n");
    assert!(counted(&site), "{:?}", messages(&site));
}
