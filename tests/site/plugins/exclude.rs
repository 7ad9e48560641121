use super::Site;

#[test]
fn excluded_files_are_not_part_of_the_site() {
    let site = Site::with(
        "plugins:\n  - exclude: {glob: ['*.tmp', 'old/*'], regex: ['draft/.*']}\n",
        &[
            ("docs/index.md", "# Home\n\n[old](old/a.md)\n"),
            ("docs/old/a.md", "# A\n"),
            ("docs/draft/b.md", "# B\n"),
            ("docs/x.tmp", "x"),
            ("docs/y.txt", "y"),
        ],
    );
    assert_eq!(site.outputs(), ["index.html", "y.txt"]);
    assert_eq!(site.said(), ["missing-page docs/index.md:3"]);
}

#[test]
fn regular_expressions_that_cannot_be_used_are_named() {
    let site = Site::with(
        "plugins:\n  - exclude:\n      glob: '['\n      regex:\n        - 'draft/.*'\n        - 'a(?!b)'\n        - '(c'\n",
        &[("docs/index.md", "# Home\n")],
    );
    assert_eq!(
        site.said(),
        [
            "unsupported-value mkdocs.yml:7",
            "unsupported-value mkdocs.yml:8"
        ]
    );
}
