//! All kinds of pages, examined by axe, and that nothing moves while they load.

use std::fs;
use std::path::Path;

use fantoccini::Client;

use super::accessibility::{axe, choose_colours, faults};
use crate::harness::aged_site::aged_site;
use crate::harness::browser::{Driver, connected, holds, is_firefox, run};
use crate::harness::reviewed_site::reviewed_site;
use crate::harness::{Server, Site, copy_folder};

/// The documentation of proofroom in another language of the interface.
pub(super) fn own_documentation(language: &str) -> Site {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = Site::new(&[]);
    for folder in ["docs", "static"] {
        copy_folder(&root.join(folder), &site.path(folder));
    }
    let config = site.read("docs/proofroom.toml");
    let language = format!("theme.language = \"{language}\"\ntheme.logo");
    assert!(config.contains("theme.logo"));
    site.write(
        "docs/proofroom.toml",
        config.replace("theme.logo", &language),
    );
    site
}

/// What has moved since the page began to load, and by how much.
async fn moved(client: &Client) -> Vec<String> {
    let script = "const done = arguments[0], found = []; const at = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(); const name = ({ node, previousRect, currentRect }) => (node ? (node.localName || node.nodeName) + '.' + (node.className || node.parentElement?.className) : '?') + ` (${at(previousRect)} to ${at(currentRect)})`; const add = (list) => { for (const one of list) if (!one.hadRecentInput) found.push(`${one.value.toFixed(5)} ${[...one.sources].map(name).join(' ')}`) }; const watch = new PerformanceObserver((list) => add(list.getEntries())); watch.observe({ type: 'layout-shift', buffered: true }); const frames = (left) => left ? requestAnimationFrame(() => frames(left - 1)) : (add(watch.takeRecords()), done(found)); document.fonts.ready.then(() => frames(5))";
    let found = client.execute_async(script, Vec::new()).await;
    serde_json::from_value(found.expect("it runs")).expect("a list")
}

/// Examines pages in both schemes at two widths. What is found is added.
async fn examine(client: &Client, server: &Server, pages: &[&str], found: &mut Vec<String>) {
    let Some(axe) = axe() else { return };
    for width in [1400, 500] {
        client.set_window_size(width, 900).await.expect("set");
        for page in pages {
            let address = format!("{}{page}", server.home);
            client.goto(&address).await.expect("it loads");
            holds(client, "document.readyState == 'complete'").await;
            if !is_firefox() {
                let moved = moved(client).await;
                found.extend(
                    moved
                        .iter()
                        .map(|it| format!("{width} /{page} moves: {it}")),
                );
            }
            for scheme in ["default", "slate"] {
                choose_colours(client, scheme).await;
                let of_page = faults(client, &axe, false).await;
                found.extend(
                    of_page
                        .iter()
                        .map(|it| format!("{width} {scheme} /{page} {it}")),
                );
            }
        }
    }
}

#[tokio::test]
async fn axe_finds_no_fault_in_our_own_documentation() {
    for language in ["en", "ar"] {
        let site = own_documentation(language);
        let server = site.serve();
        let (_driver, client) = Driver::start().await;
        let mut found = Vec::new();
        let pages = ["", "reference/specimen/", "guide/front-page/", "nowhere"];
        examine(&client, &server, &pages, &mut found).await;
        assert!(found.is_empty(), "{language}: {found:#?}");
        client.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn axe_finds_no_fault_in_blogs_and_tags() {
    let post = |nth: u32| {
        format!(
            "---\ndate: 2024-0{nth}-01\ncategories: [One]\nauthors: [ann]\ntags: [a, b]\n---\n\n# Post {nth}\n\nWords.\n\n<!-- more -->\n\nMore words.\n"
        )
    };
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme:\n  name: material\n  features: [navigation.path, navigation.footer]\nplugins:\n  - blog: {pagination_per_page: 1}\n  - tags\nextra:\n  consent: {title: Cookies, description: May we?}\n  analytics: {provider: mine, feedback: {title: Helpful?, ratings: [{icon: material/thumb-up, name: Yes, data: 1, note: Thanks}]}}\n  social: [{icon: material/star, link: 'https://x.example/'}]\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/tags.md", "# Tags\n\n<!-- material/tags -->\n"),
        ("docs/blog/index.md", "# Blog\n"),
        (
            "docs/blog/.authors.yml",
            "authors:\n  ann: {name: Ann, description: Writer, avatar: /a.png}\n",
        ),
        ("docs/a.png", ""),
        ("docs/blog/posts/one.md", &post(1)),
        ("docs/blog/posts/two.md", &post(2)),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let mut found = Vec::new();
    let pages = [
        "blog/",
        "blog/2024/01/01/post-1/",
        "blog/archive/2024/",
        "tags/",
    ];
    examine(&client, &server, &pages, &mut found).await;
    assert!(found.is_empty(), "{found:#?}");
    client.close().await.expect("it closes");
}

/// What the server adds to pages: errors, ages and changes.
#[tokio::test]
async fn axe_finds_no_fault_in_what_the_server_shows() {
    let Some(axe) = axe() else { return };
    let (_driver, client) = Driver::start().await;
    let mut found = Vec::new();
    let mut note = |what: &str, of_page: Vec<String>| {
        found.extend(of_page.iter().map(|it| format!("{what}: {it}")));
    };
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: S\ntheme: {name: material, custom_dir: own}\n",
        ),
        ("docs/index.md", "# Home\n\nA [link](nowhere.md).\n"),
        ("own/main.html", "{% extends \"base.html\" %}\n"),
    ]);
    let server = site.serve();
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    let place = "document.querySelector('proofroom-overlay').shadowRoot";
    holds(&client, &format!("{place}.querySelector('.opener')")).await;
    run(
        &client,
        &format!("{place}.querySelector('.opener').click()"),
    )
    .await;
    holds(
        &client,
        &format!("{place}.querySelector('.panel').checkVisibility()"),
    )
    .await;
    for scheme in ["default", "slate"] {
        choose_colours(&client, scheme).await;
        note("problems", faults(&client, &axe, true).await);
    }
    site.save("own/main.html", "{% extends \"base.html\" %}\n{% if %}\n");
    holds(
        &client,
        &format!("{place}.textContent.includes('template-syntax')"),
    )
    .await;
    note("error", faults(&client, &axe, true).await);
    let broken = Server::start(&site.path(""), &["--dev-addr", "127.0.0.1:0"]);
    client.goto(&broken.home).await.expect("it loads");
    note("error page", faults(&client, &axe, true).await);

    let site = aged_site();
    let server = site.serve();
    client
        .goto(&format!("{}sub/a/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    run(
        &client,
        "dispatchEvent(new KeyboardEvent('keydown', {key: 'a'}))",
    )
    .await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomAges === 'shown'",
    )
    .await;
    note("ages", faults(&client, &axe, true).await);
    client
        .goto(&format!("{}__proofroom/ages", server.home))
        .await
        .expect("it loads");
    note("list of ages", faults(&client, &axe, true).await);

    let site = reviewed_site();
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=main"];
    let server = Server::start(&site.path(""), &arguments);
    for page in ["__proofroom/difference/a/", "__proofroom/review"] {
        client
            .goto(&format!("{}{page}", server.home))
            .await
            .expect("it loads");
        holds(&client, "document.readyState == 'complete'").await;
        note(page, faults(&client, &axe, true).await);
    }
    assert!(found.is_empty(), "{found:#?}");
    client.close().await.expect("it closes");
}

/// The page of everything has everything that the theme has a look for.
#[test]
fn the_specimen_has_everything() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/specimen.md");
    let text = fs::read_to_string(path).expect("a text");
    for part in [
        "``` mermaid",
        "<math",
        "linenums=",
        ".annotate",
        "=== ",
        "!!! note",
        "??? tip",
        "???+",
        "| --- |",
        "grid cards",
        "class=\"steps\"",
        "class=\"file-tree\"",
        "cards linked",
        "++ctrl",
        "[^1]:",
        "*[HTML]:",
        "- [x]",
        "> ",
        ":   ",
        "<figure",
        ".md-button",
        "==",
        "^^",
        "~~",
        "#!python",
        ":material-",
        "dir=\"rtl\"",
        "title=\"proof.py\"",
        "1. ",
        "#####",
    ] {
        assert!(text.contains(part), "{part}");
    }
}
