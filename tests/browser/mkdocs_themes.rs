//! The search of MkDocs' own themes.

use crate::harness::browser::{Driver, holds};
use crate::harness::{Server, Site, skip};

#[tokio::test]
async fn the_search_of_mkdocs_finds_a_page() {
    let Some(packages) = skip::mkdocs_packages() else {
        return;
    };
    let (_driver, client) = Driver::start().await;
    for (theme, page) in [("mkdocs", ""), ("readthedocs", "search.html")] {
        // Nothing is loaded from other servers.
        let site = Site::new(&[
            (
                "mkdocs.yml",
                &format!("site_name: S\ntheme: {{name: {theme}, highlightjs: false}}\n"),
            ),
            ("docs/index.md", "# Home\n"),
            ("docs/animals.md", "# Animals\n\nA platypus lays eggs.\n"),
        ]);
        let server = Server::start(&site.path(""), &["--theme-path", &packages]);
        let address = format!("{}{page}?q=platypus", server.home);
        client.goto(&address).await.expect("it loads");
        let found =
            "document.querySelector('#mkdocs-search-results a')?.href.includes('/animals/')";
        holds(&client, found).await;
    }
    client.close().await.expect("it closes");
}
