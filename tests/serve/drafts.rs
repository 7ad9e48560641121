//! Pages that are served and that a build leaves out.

use crate::harness::Site;

#[test]
fn drafts_are_marked_and_listed() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\ndraft_docs: |\n  draft.md\n  /ideas/\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/draft.md", "# Draft\n"),
        ("docs/ideas/one.md", "# One\n"),
    ]);
    let server = site.serve();
    let marker = "<div class=\"mkdocs-draft-marker\" title=\"This page will not be included into \
                  the built site.\">DRAFT</div>";
    for (address, is_draft) in [("/draft/", true), ("/ideas/one/", true), ("/", false)] {
        let page = server.get(address).body;
        assert_eq!(page.contains(marker), is_draft, "{address}: {page}");
    }
    let origin = server.home.trim_end_matches('/');
    let list = format!("leaves them out:\n  - {origin}/draft/\n  - {origin}/ideas/one/\n");
    server.says(&list);
    // A page that is one no longer loses its mark, and the list is said again.
    let mut tab = server.tab("draft/");
    site.save("mkdocs.yml", "site_name: Example\ndraft_docs: ideas/\n");
    server.wait_for(&mut tab, "/ideas/one/", marker);
    while server.get("/draft/").body.contains(marker) {
        tab.next();
    }
    let list = format!("leaves them out:\n  - {origin}/ideas/one/\n");
    server.says(&list);
    site.run_successfully(&["build"]);
    assert!(!site.path("site/ideas/one/index.html").exists());
}

#[test]
fn drafts_of_a_blog_are_served_unless_it_says_otherwise() {
    let draft = "---\ndate: 2024-01-01\ndraft: true\n---\n\n# Unfinished\n";
    for (option, is_shown) in [("", true), ("      draft_on_serve: false\n", false)] {
        let config =
            "site_name: S\nplugins:\n  - blog:\n      archive: false\n".to_owned() + option;
        let site = Site::new(&[
            ("mkdocs.yml", &config),
            ("docs/index.md", "# Home\n"),
            ("docs/blog/index.md", "# Blog\n"),
            ("docs/blog/posts/a.md", draft),
        ]);
        let server = site.serve();
        let index = server.get("/blog/").body;
        assert_eq!(index.contains("Unfinished"), is_shown, "{index}");
        let post = server.get("/blog/2024/01/01/unfinished/");
        assert_eq!(post.status == 200, is_shown, "{}", post.head);
    }
}
