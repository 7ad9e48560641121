//! The site map of languages that share a site.

use crate::harness::Site;

#[test]
fn the_shared_site_map_lists_posts_where_they_are() {
    let post = "---\ndate: 2024-01-02\n---\n\n# Post\n";
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\nsite_url: https://s.example/\nplugins:\n  - i18n:\n      languages:\n        \
             - {locale: en, name: English, default: true}\n        \
             - {locale: de, name: Deutsch}\n  - blog: {archive: false}\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/blog/index.md", "# Blog\n"),
        ("docs/blog/posts/a.md", post),
        ("docs/blog/posts/a.de.md", post),
    ]);
    site.run_successfully(&["build"]);
    let map = site.built("sitemap.xml");
    for address in map.split("<loc>https://s.example/").skip(1) {
        let address = address.split("</loc>").next().expect("an end");
        let page = format!("site/{address}index.html");
        assert!(site.path(&page).exists(), "{page}: {map}");
    }
    assert!(
        map.contains("<loc>https://s.example/blog/2024/01/02/post/</loc>"),
        "{map}"
    );
}
