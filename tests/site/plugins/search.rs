use super::Site;

#[test]
fn the_index_holds_every_page_in_mkdocs_order() {
    let mut site = Site::with(
        "plugins: [search]\ntheme: {language: de}\n",
        &[
            ("docs/b/index.md", "text\n\n## B\n"),
            ("docs/z.md", "# Z\n\n<p data-search-exclude>hidden</p>\n"),
            ("docs/a/x.md", "---\nsearch:\n  exclude: true\n---\n# X\n"),
            ("docs/a/y.md", "---\ntags: [t]\n---\n# Y\n"),
            ("docs/index.md", "# Home\n"),
        ],
    );
    let index = site.output("search/search_index.json");
    let read: serde_json::Value = serde_json::from_str(&index).expect("JSON");
    let docs = read["docs"].as_array().expect("a list");
    let found: Vec<_> = docs
        .iter()
        .map(|doc| {
            let text = |key: &str| doc[key].as_str().expect("text").to_owned();
            (text("location"), text("title"), text("text"))
        })
        .collect();
    let expected = [
        ("", "Home", ""),
        ("z/", "Z", ""),
        ("a/y/", "Y", ""),
        ("b/", "Index", "<p>text</p>"),
        ("b/#b", "B", ""),
    ]
    .map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(found, expected);
    assert_eq!(docs[2]["tags"][0], "t");
    assert_eq!(read["config"]["lang"][0], "de");
    site.write("docs/z.md", "# Z\n\nchanged\n");
    assert!(
        site.output("search/search_index.json")
            .contains("<p>changed</p>")
    );
    let without = Site::with("plugins: []\n", &[("docs/index.md", "# Home\n")]);
    assert_eq!(without.outputs(), ["index.html"]);
}
