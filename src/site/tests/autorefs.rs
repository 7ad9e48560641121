//! Cross references of autorefs.

use super::Watched;

const CONFIG: &str = "site_name: S\nplugins: [autorefs]\n";

fn site() -> Watched {
    Watched::new(&[
        ("mkdocs.yml", CONFIG),
        (
            "docs/index.md",
            "# A\n\nSee [the place][below] and [gone][new].\n",
        ),
        ("docs/b.md", "# B\n\n## Below\n\nText\n"),
        ("docs/c.md", "# C\n\nText\n"),
    ])
}

#[test]
fn a_page_depends_on_the_names_that_it_uses() {
    let mut site = site();
    assert!(site.html("docs/index.md").contains("href=\"b/#below\""));
    site.render();
    // An edit of a text, and another heading, render the page that they are on.
    site.write("docs/b.md", "# B\n\n## Below\n\nText, edited\n");
    assert_eq!(site.render(), (1, 1));
    site.write("docs/b.md", "# B\n\n## Below\n\n## Other\n\nText, edited\n");
    assert_eq!(site.render(), (1, 1));
    // A heading whose name is used also renders the page that uses it, but not its
    // body.
    site.write("docs/b.md", "# B\n\n## Below\n\n## New\n");
    assert_eq!(site.render(), (1, 2));
    assert!(site.html("docs/index.md").contains("href=\"b/#new\""));
    site.write("docs/b.md", "# B\n\n## New\n");
    assert_eq!(site.render(), (1, 2));
    assert!(site.html("docs/index.md").contains("[the place][below]"));
}

#[test]
fn a_page_without_references_asks_for_no_names() {
    let site = Watched::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# A\n"),
        ("docs/b.md", "# B\n\n[a][a]\n"),
    ]);
    site.html("docs/index.md");
    let asked = |site: &Watched| {
        let ran = site.ran.lock();
        ran.iter().any(|query| query.starts_with("index("))
    };
    assert!(!asked(&site));
    site.html("docs/b.md");
    assert!(asked(&site));
}
