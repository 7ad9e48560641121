//! Patterns of navs that mean nothing are named where they are.

use super::Site;

fn said(plugin: &str, file: &str, text: &str) -> Vec<String> {
    let file = format!("docs/{file}");
    Site::with(
        &format!("plugins: [{plugin}]\n"),
        &[("docs/index.md", "# Home\n"), (&file, text)],
    )
    .said()
}

#[test]
fn regular_expressions_that_cannot_be_used_are_named() {
    let nav = "nav:\n  - index.md\n  - ... | regex=(a\n";
    assert_eq!(
        said("awesome-pages", ".pages", nav),
        ["unsupported-value docs/.pages:3"]
    );
    let site = Site::with(
        "plugins: [awesome-pages]\nnav:\n  - ... | regex=a(?=b)\n",
        &[("docs/index.md", "# Home\n")],
    );
    assert_eq!(site.said(), ["unsupported-value"]);
}

#[test]
fn a_pattern_is_text() {
    let nav = "nav:\n  - glob: [a, b]\n  - '*'\n";
    assert_eq!(
        said("awesome-nav", ".nav.yml", nav),
        ["bad-value docs/.nav.yml:2"]
    );
}
