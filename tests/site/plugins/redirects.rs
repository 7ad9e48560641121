use super::Site;

#[test]
fn old_addresses_lead_on() {
    let mut site = Site::with(
        "plugins:\n  - redirects:\n      redirect_maps:\n        old.md: sub/b.md#x\n        gone/deep.md: index.md\n        ext.md: https://example.org/\n        bad.md: sub/c.md\n",
        &[("docs/index.md", "# Home\n"), ("docs/sub/b.md", "# B\n")],
    );
    assert_eq!(
        site.outputs(),
        [
            "ext/index.html",
            "gone/deep/index.html",
            "index.html",
            "old/index.html",
            "sub/b/index.html"
        ]
    );
    for (output, to) in [
        ("old/index.html", "../sub/b/#x"),
        ("gone/deep/index.html", "../../"),
        ("ext/index.html", "https://example.org/"),
    ] {
        let page = site.output(output);
        assert!(page.contains(&format!("content=\"0; url={to}\"")), "{page}");
        assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{to}\">")));
    }
    assert_eq!(site.said(), ["bad-redirect mkdocs.yml:8"]);
    site.write("docs/sub/c.md", "# C\n");
    assert_eq!(site.said(), [""; 0]);
    assert!(site.output("bad/index.html").contains("../sub/c/"));
}

#[test]
fn a_redirect_replaces_a_page_that_exists() {
    let site = Site::with(
        "plugins:\n  - redirects:\n      redirect_maps:\n        a.md: b.md\n        b.md: https://example.org/\n",
        &[
            ("docs/index.md", "# Home\n"),
            ("docs/a.md", "# A\n\n[gone](gone.md)\n"),
            ("docs/b.md", "# B\n"),
        ],
    );
    assert!(site.output("a/index.html").contains("url=../b/"));
    assert!(
        site.output("b/index.html")
            .contains("url=https://example.org/")
    );
    // It stays in the nav, and its own problems are still found.
    assert!(site.output("index.html").contains("href=\"a/\""));
    assert_eq!(
        site.said(),
        [
            "missing-page docs/a.md:3",
            "redirected-page mkdocs.yml:5",
            "redirected-page mkdocs.yml:6",
        ]
    );
}
