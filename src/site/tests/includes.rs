//! Files that pages include before Markdown is read, and plugins that change a
//! page's text.

use super::Watched;
use crate::files::SourcePath;
use crate::site::{Db as _, queries};

const CONFIG: &str = "site_name: S\n\
    markdown_extensions:\n\
    \x20 - admonition\n\
    \x20 - mdx_include: {base_path: docs}\n\
    \x20 - markdown_include_variants\n\
    plugins: [gh-admonitions]\n";

/// The messages and helps about a page.
fn problems(site: &Watched, page: &str) -> Vec<(u32, String, String)> {
    let entry = site.database.entry(&SourcePath::new(page));
    let body = queries::body(&site.database, entry);
    let problem = |it: &crate::diagnostic::Diagnostic| {
        let line = it.span.as_ref().map_or(0, |span| span.line);
        (
            line,
            it.message.clone(),
            it.help.clone().unwrap_or_default(),
        )
    };
    body.diagnostics.iter().map(problem).collect()
}

#[test]
fn a_page_follows_the_files_that_it_includes() {
    let mut site = Watched::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# A\n\n{! part.md !}\n"),
        ("docs/part.md", "First words\n"),
        ("docs/other.md", "# B\n\nNothing\n"),
    ]);
    assert!(site.html("docs/index.md").contains("First words"));
    site.render();
    site.write("docs/part.md", "Second words, {!deep.txt!}\n");
    assert!(site.html("docs/index.md").contains("Second words"));
    let missing = problems(&site, "docs/index.md");
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(
        (missing[0].0, missing[0].1.as_str()),
        (3, "the included file `deep.txt` does not exist")
    );
    site.render();
    site.write("docs/deep.txt", "third words\n");
    // Only the page, and the one that is between the two, are rendered again.
    let (bodies, _) = site.render();
    assert_eq!(bodies, 2);
    assert!(
        site.html("docs/index.md")
            .contains("Second words, third words")
    );
    assert_eq!(problems(&site, "docs/index.md"), []);
}

#[test]
fn a_missing_file_is_reported_with_one_of_a_similar_name() {
    let site = Watched::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# A\n\n{! prat.md !}\n\n{* src/x.py *}\n"),
        ("docs/part.md", "Words\n"),
    ]);
    let found = problems(&site, "docs/index.md");
    let of = |line, message: &str, help: &str| (line, message.to_owned(), help.to_owned());
    assert_eq!(
        found,
        [
            of(
                5,
                "the included file `src/x.py` does not exist",
                "it would be `src/x.py` in the project"
            ),
            of(
                3,
                "the included file `prat.md` does not exist",
                "did you mean `docs/part.md`?"
            ),
        ]
    );
}

#[test]
fn secrets_and_files_outside_of_the_project_are_not_included() {
    let site = Watched::new(&[
        ("mkdocs.yml", CONFIG),
        (
            "docs/index.md",
            "# A\n\n{! ../.env !}\n\n{! ../../x !}\n\n{! ../.git/config !}\n",
        ),
        (".env", "KEY=words\n"),
        (".git/config", "words\n"),
    ]);
    assert!(!site.html("docs/index.md").contains("words"));
    assert_eq!(problems(&site, "docs/index.md").len(), 3);
}

#[test]
fn files_that_include_themselves_end() {
    let site = Watched::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# A\n\n{! a.md !}\n"),
        ("docs/a.md", "one {! b.md !}\n"),
        ("docs/b.md", "two {! a.md !}\n"),
    ]);
    assert!(site.html("docs/index.md").contains("one two"));
    let found = problems(&site, "docs/index.md");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("includes itself"), "{found:?}");
}

#[test]
fn alerts_become_admonitions() {
    let site = Watched::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# A\n\n> [!CAUTION]\n> Hot\n"),
    ]);
    let html = site.html("docs/index.md");
    assert!(html.contains("<div class=\"admonition danger\""), "{html}");
    assert_eq!(queries::site_diagnostics(&site.database).len(), 0);
}
