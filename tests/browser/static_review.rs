//! The static site of a review in the browser: from disk, and from any server.

use fantoccini::Client;
use serde_json::json;

use crate::harness::Site;
use crate::harness::browser::{Driver, holds, run, value};
use crate::harness::file_server::FileServer;
use crate::harness::measure::files;
use crate::harness::reviewed_site::reviewed_site;

/// The site of a review, with a picture and a script of others.
fn written() -> Site {
    let site = reviewed_site();
    let page = site.read("docs/c.md");
    let foreign = "![Theirs](https://example.org/a.png)\n\n<script src=\"https://example.org/a.js\"></script>\n";
    site.write("docs/c.md", format!("{page}\n{foreign}"));
    site.run_successfully(&["review", "main", "--html", "out", "-q"]);
    site
}

async fn press(client: &Client, key: &str) {
    run(
        client,
        &format!("document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, cancelable: true}}))"),
    )
    .await;
}

async fn at(client: &Client, end: &str) {
    holds(
        client,
        &format!("location.href.endsWith('{end}') && document.readyState === 'complete' && document.documentElement.dataset.proofroomChanges !== undefined"),
    )
    .await;
}

/// Goes through the site as a reviewer does.
async fn go_through(client: &Client, root: &str) {
    client
        .goto(&format!("{root}review.html"))
        .await
        .expect("it loads");
    at(client, "review.html").await;
    let entry = |name: &str| {
        format!(
            "[...document.querySelectorAll('[data-proofroom-keys]')].find((it) => it.textContent.includes('{name}'))"
        )
    };
    let gamma = entry("Gamma");
    holds(
        client,
        &format!("{gamma}.textContent.includes(' not seen')"),
    )
    .await;
    run(
        client,
        &format!("{}.querySelector('a').click()", entry("Alpha")),
    )
    .await;
    at(client, "/a/index.html").await;
    // From change to change.
    press(client, "n").await;
    holds(client, "[...document.querySelectorAll('[data-proofroom-current]')].some((it) => it.textContent.includes('Other')) && location.hash.startsWith('#proofroom-change=')").await;
    press(client, "n").await;
    holds(client, "document.querySelector('[data-proofroom-current]').closest('.tabbed-block').offsetHeight > 0").await;
    press(client, "p").await;
    press(client, "s").await;
    holds(client, "[...document.querySelectorAll('[data-proofroom-seen]')].some((it) => it.textContent.includes('Other'))").await;
    // From view to view.
    let shown =
        "getComputedStyle(document.querySelector('del[data-proofroom-mark]')).display !== 'none'";
    holds(client, shown).await;
    press(client, "d").await;
    at(client, "/base/a/index.html").await;
    holds(
        client,
        "document.querySelector('article').textContent.includes('First words')",
    )
    .await;
    press(client, "d").await;
    at(client, "/a/index.html?proofroom=now").await;
    holds(client, "document.querySelector('article').innerText.includes('Other words') && !document.querySelector('article').innerText.includes('First words')").await;
    press(client, "d").await;
    holds(
        client,
        &format!("location.pathname.endsWith('/a/index.html') && !location.search && {shown}"),
    )
    .await;
    // Side by side.
    client.set_window_size(1400, 900).await.expect("a window");
    press(client, "b").await;
    if root.starts_with("file:") {
        // Browsers keep files from looking into each other.
        let offered = "document.querySelector('proofroom-review').shadowRoot.querySelector('[name=sides]').hidden";
        assert_eq!(value(client, offered).await, json!(true));
    } else {
        let aligned = "document.documentElement.dataset.proofroomSides === 'aligned'";
        holds(client, aligned).await;
        press(client, "b").await;
    }
    // From page to page.
    press(client, "N").await;
    at(client, "/c/index.html").await;
    for _ in 0..2 {
        press(client, "n").await;
        press(client, "s").await;
    }
    press(client, "P").await;
    at(client, "/a/index.html").await;
}

/// Makes sure of what must hold for each page of the folder.
async fn look_at_all(client: &Client, site: &Site, root: &str) {
    let out = site.path("out");
    let pages = files(&out).into_iter().map(|it| it.0);
    let pages = pages.filter(|it| it.extension().is_some_and(|it| it == "html"));
    let mut looked_at = 0;
    for page in pages {
        let path = page
            .strip_prefix(&out)
            .expect("below it")
            .display()
            .to_string();
        client
            .goto(&format!("{root}{path}"))
            .await
            .expect("it loads");
        at(client, &path).await;
        let foreign = format!(
            "return performance.getEntriesByType('resource').map((it) => it.name).filter((it) => !it.startsWith('{root}') && !it.startsWith('data:'))"
        );
        assert_eq!(run(client, &foreign).await, json!([]), "{path}");
        let twice = "return [...document.querySelectorAll('[id]')].map((it) => it.id).filter((id, at, all) => all.indexOf(id) !== at)";
        assert_eq!(run(client, twice).await, json!([]), "{path}");
        looked_at += 1;
    }
    assert!(looked_at >= 5, "{looked_at}");
}

#[tokio::test]
async fn it_is_read_from_disk() {
    let site = written();
    let (_driver, client) = Driver::start().await;
    let root = format!("file://{}/", site.path("out").display());
    go_through(&client, &root).await;
    look_at_all(&client, &site, &root).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn it_is_read_from_any_server() {
    let site = written();
    let files = FileServer::start(site.path("out"));
    let (_driver, client) = Driver::start().await;
    let root = format!("http://{}/", files.host);
    go_through(&client, &root).await;
    look_at_all(&client, &site, &root).await;
    let missing: Vec<String> = files
        .asked
        .lock()
        .iter()
        .filter(|it| it.bytes.is_empty() && it.path != "/favicon.ico")
        .map(|it| it.path.clone())
        .collect();
    assert_eq!(missing, [""; 0], "all that it names is there");
    assert_eq!(
        value(&client, "document.title")
            .await
            .as_str()
            .map(str::is_empty),
        Some(false)
    );
    client.close().await.expect("it closes");
}
