//! What a save of a post makes again.

use super::Watched;

const SITE: [(&str, &str); 5] = [
    (
        "mkdocs.yml",
        "site_name: S\nplugins: [search, blog: {categories: false}]\n",
    ),
    ("docs/index.md", "# Home\n"),
    ("docs/blog/index.md", "# Blog\n"),
    (
        "docs/blog/posts/new.md",
        "---\ndate: 2024-01-31\n---\n# New\n\nShort.\n\n<!-- more -->\n\nLong.\n",
    ),
    (
        "docs/blog/posts/old.md",
        "---\ndate: 2023-01-31\n---\n# Old\n\nShort.\n\n<!-- more -->\n\nLong.\n",
    ),
];

/// The home page, two posts, the entry page and two archives.
const PAGES: usize = 6;

fn site() -> Watched {
    let site = Watched::new(&SITE);
    assert_eq!(site.render(), (PAGES, PAGES));
    assert_eq!(site.render(), (0, 0));
    site
}

#[test]
fn the_rest_of_a_post_renders_the_post() {
    let mut site = site();
    site.write(SITE[3].0, &SITE[3].1.replace("Long", "Longer"));
    assert_eq!(site.render(), (1, 1));
    assert!(site.html(SITE[3].0).contains("Longer"));
}

#[test]
fn the_excerpt_of_a_post_renders_the_views_that_show_it() {
    let mut site = site();
    site.write(SITE[3].0, &SITE[3].1.replace("Short", "Shorter"));
    // The post, the entry page and one of the archives.
    assert_eq!(site.render(), (1, 3));
    assert!(site.html("docs/blog/index.md").contains("Shorter"));
    assert!(site.html("docs/blog/archive/2024.md").contains("Shorter"));
    assert!(!site.html("docs/blog/archive/2023.md").contains("Shorter"));
}

#[test]
fn other_pages_render_no_view() {
    let mut site = site();
    site.write("docs/index.md", "# Home\n\nMore.\n");
    assert_eq!(site.render(), (1, 1));
}

#[test]
fn a_date_moves_a_post() {
    let mut site = site();
    site.write(SITE[3].0, &SITE[3].1.replace("2024-01-31", "2022-02-03"));
    site.render();
    assert!(site.html("docs/blog/archive/2022.md").contains("Short."));
    let outputs = crate::site::queries::outputs(&site.database);
    for (path, exists) in [
        ("blog/2022/02/03/new/index.html", true),
        ("blog/2024/01/31/new/index.html", false),
        ("blog/archive/2022/index.html", true),
        ("blog/archive/2024/index.html", false),
    ] {
        assert_eq!(outputs.contains_key(path), exists, "{path}");
    }
}
