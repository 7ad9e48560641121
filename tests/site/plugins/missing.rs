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
