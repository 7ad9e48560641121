use super::Site;

#[test]
fn the_index_holds_every_page_in_mkdocs_order() {
    let mut site = Site::with(
        "plugins: [search]\nsearch: {whole_index: true}\ntheme: {language: de}\n",
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

/// The files of the search in the site folder.
fn files_of_search(site: &Site) -> Vec<String> {
    let outputs = proofroom::site::queries::outputs(&site.db);
    let of_search = outputs.keys().filter(|path| path.starts_with("search/"));
    of_search.cloned().collect()
}

#[test]
fn the_built_in_theme_has_an_index_in_parts() {
    let pages = [
        ("docs/index.md", "# Home\n"),
        (
            "docs/a.md",
            "# Alpha\n\nFirst words.\n\n## Below\n\nSecond words.\n",
        ),
        (
            "docs/b.md",
            "---\nsearch:\n  exclude: true\n---\n# Hidden\n\nUnfindable.\n",
        ),
        (
            "docs/c.md",
            "---\nsearch: {boost: 2}\n---\n# C\n\n<p data-search-exclude>unfindable</p>\n",
        ),
    ];
    let mut site = Site::with("theme: {name: material}\n", &pages);
    let files = [
        "search/pages/0.js",
        "search/pages/1.js",
        "search/pages/2.js",
        "search/pages/3.js",
        "search/root.js",
        "search/words/0.js",
        "search/words/1.js",
    ];
    assert_eq!(files_of_search(&site), files);
    assert_eq!(
        site.output("search/pages/1.js"),
        "__search(\"pages/1\",[[\"a/\",\"Alpha\",[[\"\",\"Alpha\",\"First words.\"],\
         [\"below\",\"Below\",\"Second words.\"]]]])\n"
    );
    let root = site.output("search/root.js");
    assert!(root.contains("\"boosts\":[[3,32]]"), "{root}");
    let all = files.map(|file| site.output(file)).concat();
    assert!(!all.to_lowercase().contains("unfindable"), "{all}");
    // What is listed depends on which pages there are, and not on what they contain.
    site.write("docs/a.md", "# Alpha\n\nEdited.\n");
    assert_eq!(files_of_search(&site), files);
    let words = site.output("search/words/0.js") + &site.output("search/words/1.js");
    assert!(
        words.contains("edited!") && !words.contains("second"),
        "{words}"
    );
    let without = Site::with("plugins: []\n", &pages);
    assert!(files_of_search(&without).is_empty());
}

#[test]
fn equal_sources_give_an_equal_index() {
    let pages: Vec<(String, String)> = (0..40)
        .map(|nth| {
            let text = format!("# Page {nth}\n\nWords {} and {}.\n", nth * 7 % 13, nth % 5);
            (format!("docs/p{nth}.md"), text)
        })
        .collect();
    let pages: Vec<(&str, &str)> = pages
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let all = || {
        let site = Site::with("", &pages);
        let files = files_of_search(&site);
        files
            .iter()
            .map(|file| site.output(file))
            .collect::<Vec<_>>()
    };
    assert_eq!(all(), all());
}

#[test]
fn a_wrong_setting_of_the_search_is_reported() {
    let pages = [("docs/index.md", "# Home\n")];
    for (setting, said) in [
        ("search: yes\n", "bad-value mkdocs.yml:2"),
        ("search: {whole: true}\n", "unknown-key mkdocs.yml:2"),
        ("search: {whole_index: 7}\n", "bad-value mkdocs.yml:2"),
    ] {
        assert_eq!(Site::with(setting, &pages).said(), [said], "{setting}");
    }
}

#[test]
fn whoever_reads_the_whole_index_is_told_that_it_is_not_there() {
    let files = [
        ("docs/index.md", "# Home\n"),
        ("docs/find.js", "1\nfetch('search/search_index.json')\n"),
        (
            "overrides/main.html",
            "{# search/search_index.json #}{% extends \"base.html\" %}",
        ),
    ];
    let config = "theme: {name: material, custom_dir: overrides}\nextra_javascript: [find.js]\n";
    let said = Site::with(config, &files).said();
    let expected = [
        "unsupported-value docs/find.js:2",
        "unsupported-value overrides/main.html:1",
    ];
    assert_eq!(said, expected);
    let whole = format!("{config}search: {{whole_index: true}}\n");
    assert!(Site::with(&whole, &files).said().is_empty());
}

#[test]
fn options_of_other_searches_are_reported() {
    let pages = [("docs/index.md", "# Home\n")];
    let config = "plugins:\n  - search:\n      lang: de\n      separator: x\n";
    let said = Site::with(config, &pages).said();
    assert_eq!(said, ["unsupported-option mkdocs.yml:5"]);
    let whole = format!("{config}search: {{whole_index: true}}\n");
    assert!(Site::with(&whole, &pages).said().is_empty());
}
