use super::Site;

#[test]
fn offline_sites_name_their_files() {
    let files = [
        ("docs/index.md", "# Home\n\n[a](a.md)\n"),
        ("docs/a.md", "# A\n"),
    ];
    let site = Site::with(
        "plugins: [search, offline]\nsearch: {whole_index: true}\n",
        &files,
    );
    assert!(site.body("index.md").contains("href=\"a.html\""));
    let json = site.output("search/search_index.json");
    assert_eq!(
        site.output("search/search_index.js"),
        format!("var __index = {json}")
    );
    assert!(json.contains("\"location\":\"a.html\""), "{json}");
    let without = Site::with("plugins: [offline: {enabled: false}]\n", &files);
    assert_eq!(without.outputs(), ["a/index.html", "index.html"]);
}

#[test]
fn minified_pages_keep_their_code() {
    let files = [("docs/index.md", "# Home\n\n    a\n      b\n\ntext\nmore\n")];
    let site = Site::with(
        "plugins:\n  - minify: {minify_html: true, htmlmin_opts: {remove_comments: true}, minify_js: true}\n",
        &files,
    );
    let page = site.output("index.html");
    assert!(
        page.contains("<pre><code>a\n  b\n</code></pre> <p>text more</p>"),
        "{page}"
    );
    assert!(!page.contains("\n\n<"), "{page}");
    assert_eq!(site.said(), ["unsupported-option mkdocs.yml:3"]);
}
