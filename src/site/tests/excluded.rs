//! Files that are excluded from the site, and files that are no pages, as MkDocs
//! 1.6.1 treats them.

use super::*;
use crate::nav::Target;
use crate::site::Db as _;

const CONFIG: &str = "site_name: S
exclude_docs: |
  gone.*
  old/
draft_docs: draft.md
";

fn site(config: &str, serves: bool) -> Watched {
    let call = Invocation {
        drafts: serves,
        ..Invocation::default()
    };
    let files = [
        ("mkdocs.yml", config),
        (
            "docs/index.md",
            "# Home\n\n[a](gone.md) [b](gone.md?q=1#x) [c](draft.md) ![d](gone.png)
[e](old/a.md) [f](UP.MD) [g](.hidden.md) [h](templates/t.md) [i](missing.md) [j][j]
<a href=\"gone.md\">raw</a>\n\n[j]: sub/../gone.md\n",
        ),
        ("docs/sub/README.md", "Text.\n"),
        ("docs/sub/x.md", "# X\n\n[a](../gone.md)\n"),
        ("docs/gone.md", "# Gone\n"),
        ("docs/gone.png", "png"),
        ("docs/old/a.md", "# A\n"),
        (
            "docs/draft.md",
            "# Draft\n\n[a](gone.md) [b](missing.md) [c](draft.md)\n",
        ),
        ("docs/UP.MD", "# Up\n"),
        ("docs/.hidden.md", "# Hidden\n"),
        ("docs/templates/t.md", "# T\n"),
    ];
    Watched::invoked(&files, call)
}

/// The addresses of the links of a page, and the severities and rules of what is
/// said of it.
fn links(site: &Watched, page: &str) -> (Vec<String>, Vec<String>) {
    let db = &site.database;
    let page = db.entry(&SourcePath::new(page));
    let html = &queries::body(db, page).html;
    let pieces = html.split(['<']).filter_map(|tag| {
        let (_, rest) = tag.split_once("href=\"").or(tag.split_once("src=\""))?;
        Some(rest.split('"').next()?.to_owned())
    });
    let said = queries::page_diagnostics(db, page);
    let said = said
        .iter()
        .map(|it| format!("{:?} {}", it.severity, it.rule));
    (pieces.collect(), said.collect())
}

#[test]
fn links_to_excluded_files_get_the_addresses_that_these_would_have() {
    let site = site(CONFIG, false);
    let (addresses, said) = links(&site, "docs/index.md");
    assert_eq!(
        addresses,
        [
            "gone/",
            "gone/?q=1#x",
            "draft/",
            "gone.png",
            "old/a/",
            "UP.MD",
            ".hidden/",
            "templates/t/",
            "missing.md",
            "gone/",
            "gone.md",
        ]
    );
    let mut expected = vec!["Note excluded-page"; 7];
    expected.extend(["Warning missing-page", "Note excluded-page"]);
    let mut said = said;
    said.sort();
    expected.sort_unstable();
    assert_eq!(said, expected);
    let (addresses, said) = links(&site, "docs/sub/x.md");
    assert_eq!((addresses, said.len()), (vec!["../../gone/".to_owned()], 1));
}

#[test]
fn the_level_of_missing_files_also_silences_excluded_ones() {
    let config = format!("{CONFIG}validation:\n  links:\n    not_found: ignore\n");
    assert_eq!(links(&site(&config, false), "docs/index.md").1, [""; 0]);
}

#[test]
fn drafts_are_told_apart_while_they_are_served() {
    let site = site(CONFIG, true);
    let (_, said) = links(&site, "docs/index.md");
    let excluded = said.iter().filter(|it| *it == "Note excluded-page");
    assert_eq!(excluded.count(), 8);
    // A draft may link to other drafts, and nothing it says fails a build.
    let (addresses, said) = links(&site, "docs/draft.md");
    assert_eq!(addresses, ["../gone/", "missing.md", "./"]);
    assert_eq!(said, ["Note missing-page"]);
}

#[test]
fn a_nav_may_name_any_file_of_the_docs() {
    let nav = "nav:
- index.md
- Gone: gone.md
- First: sub/x.md
- Second: ./sub//x.md
- sub/x.md
- sub/README.md
- Other: sub/README.md
- Up: UP.MD
- Lost: lost.md
";
    let site = site(&format!("{CONFIG}{nav}"), false);
    let nav = queries::whole_nav(&site.database);
    let items = nav.items.iter().map(|item| {
        let label = &item.label;
        let address = match &label.target {
            Target::Page(page) => page.url.as_str(),
            Target::Link(address) => address,
            Target::Section => "",
        };
        format!("{} {address}", label.title)
    });
    assert_eq!(
        items.collect::<Vec<_>>(),
        [
            "Home ",
            "Gone gone/",
            "First sub/x/",
            "First sub/x/",
            "First sub/x/",
            "Index sub/",
            "Index sub/",
            "Up UP.MD",
            "Lost lost.md",
        ]
    );
    let navigation = queries::navigation(&site.database);
    let said = navigation
        .remarks
        .iter()
        .map(|it| it.diagnostic.rule.name());
    assert_eq!(
        said.collect::<Vec<_>>(),
        ["excluded-page", "missing-nav-page"]
    );
}

#[test]
fn snippets_are_searched_for_in_files_too() {
    let site = Watched::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nmarkdown_extensions:\n- pymdownx.snippets:\n    base_path: [inc, only/one.md]\n",
        ),
        (
            "docs/index.md",
            "# Home\n\n--8<-- \"one.md\"\n\n--8<-- \"two.md\"\n\n--8<-- \"; a.txt\"\n\n--8<-- \" ;a.txt \"
\n--8<--\na.txt\n; a.txt\n--8<--\n\n--8<-- \"../only/one.md\"\n\n--8<-- \"../only/two.md\"\n",
        ),
        ("inc/a.txt", "text of a\n"),
        ("only/one.md", "text of one\n"),
        ("only/two.md", "text of two\n"),
    ]);
    let db = &site.database;
    let page = db.entry(&SourcePath::new("docs/index.md"));
    let html = &queries::body(db, page).html;
    let count = |text: &str| html.matches(text).count();
    let counts = ["text of one", "text of two", "text of a"].map(count);
    assert_eq!(counts, [2, 0, 1]);
    let said = queries::page_diagnostics(db, page);
    let said: Vec<_> = said.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "the snippet `two.md` does not exist",
            "the snippet `../only/two.md` does not exist",
        ]
    );
}
