//! Where links of a page lead, and what is said of those that lead nowhere.

use super::*;
use crate::site::Db as _;

/// The address that a link of `docs/sub/page.md` gets, and the rules of what is
/// said of it.
fn resolved(link: &str, config: &str) -> (String, Vec<&'static str>) {
    let site = Watched::new(&[
        ("mkdocs.yml", &format!("site_name: S\n{config}")),
        ("docs/index.md", "# Home\n\n## Start\n"),
        ("docs/sub/page.md", &format!("# Page\n\n[link]({link})\n")),
        ("docs/sub/index.md", "# Sub\n"),
        ("docs/sub/a b.md", "# Blank\n"),
        ("docs/über.md", "# Über\n"),
        ("docs/data.txt", "data"),
        ("docs/sub/README.txt", "text"),
    ]);
    let db = &site.database;
    let page = db.entry(&SourcePath::new("docs/sub/page.md"));
    let html = queries::body(db, page).html.clone();
    let address = html
        .split("href=\"")
        .nth(1)
        .and_then(|it| it.split('"').next());
    let rules = queries::page_diagnostics(db, page);
    (
        address.expect("a link").to_owned(),
        rules.iter().map(|it| it.rule.name()).collect(),
    )
}

#[test]
fn links_to_files_become_ways_between_addresses() {
    let expected = [
        ("../index.md", "../../"),
        ("index.md", "../"),
        ("page.md", "./"),
        ("page.md#page", "./#page"),
        ("../index.md#start", "../../#start"),
        ("../index.md?x=1#start", "../../?x=1#start"),
        ("a%20b.md", "../a%20b/"),
        ("<a b.md>", "../a%20b/"),
        ("../über.md", "../../%C3%BCber/"),
        ("../data.txt", "../../data.txt"),
        ("./README.txt", "../README.txt"),
        ("#page", "#page"),
        ("https://x.example/a.md", "https://x.example/a.md"),
        ("mailto:a@x.example", "mailto:a@x.example"),
        ("//x.example/a.md", "//x.example/a.md"),
    ];
    let expected = expected.map(|(link, address)| (link, address.to_owned(), Vec::new()));
    let found = expected.clone().map(|(link, ..)| {
        let (address, said) = resolved(link, "");
        (link, address, said)
    });
    assert_eq!(found, expected);
}

#[test]
fn addresses_of_files_without_folders_are_ways_between_files() {
    for (link, address) in [
        ("../index.md", "../index.html"),
        ("index.md", "index.html"),
        ("../index.md#start", "../index.html#start"),
        ("../data.txt", "../data.txt"),
    ] {
        let (found, said) = resolved(link, "use_directory_urls: false\n");
        assert_eq!((found.as_str(), said.len()), (address, 0), "{link}");
    }
}

#[test]
fn links_that_lead_nowhere_are_named() {
    let expected = [
        ("gone.md", vec!["missing-page"]),
        ("../gone.txt", vec!["missing-page"]),
        ("../../outside.md", vec!["missing-page"]),
        ("../index.md#gone", vec!["missing-anchor"]),
        ("#gone", vec!["missing-anchor"]),
        ("../data.txt#gone", vec![]),
        ("/index.md", vec!["absolute-link"]),
    ];
    let found = expected
        .clone()
        .map(|(link, _)| (link, resolved(link, "").1));
    assert_eq!(found, expected);
}
