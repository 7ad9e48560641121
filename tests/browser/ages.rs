//! The strip of ages beside a page.

use std::fs;

use fantoccini::Client;
use serde_json::{Value, json};

use crate::harness::aged_site::{PAGE, aged_site};
use crate::harness::browser::{Driver, connected, holds, value};
use crate::harness::git::{commit, git, real_history};
use crate::harness::skip::conformance_suite;
use crate::harness::{Server, Site};

const BARS: &str =
    "[...document.querySelector('proofroom-ages').shadowRoot.querySelectorAll('.bar')]";

/// Presses the key of the strip, once the page listens to keys.
async fn press(client: &Client) {
    connected(client).await;
    client
        .execute(
            "dispatchEvent(new KeyboardEvent('keydown', {key: 'a'}))",
            Vec::new(),
        )
        .await
        .expect("it runs");
}

/// The date of the bar beside a block.
async fn date_of(client: &Client, lines: &str) -> Value {
    value(
        client,
        &format!("{BARS}.find((bar) => bar.dataset.src === '{lines}')?.dataset.date"),
    )
    .await
}

/// A browser at the page with its strip shown.
async fn with_strip() -> (Site, Server, Driver, Client) {
    let site = aged_site();
    let server = site.serve();
    let (driver, client) = Driver::start().await;
    let address = format!("{}sub/a/", server.home);
    client.goto(&address).await.expect("it loads");
    press(&client).await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomAges === 'shown'",
    )
    .await;
    (site, server, driver, client)
}

#[tokio::test]
async fn the_strip_comes_and_goes_by_key() {
    let (_site, _server, _driver, client) = with_strip().await;
    assert_eq!(date_of(&client, "3").await, "2023-11-14T22:13:20Z");
    assert_eq!(
        date_of(&client, "5 parts/part.md:3").await,
        "2023-11-24T22:13:20Z"
    );
    assert_eq!(date_of(&client, "7-8").await, "2023-12-04T22:13:20Z");
    assert_eq!(date_of(&client, "7").await, "2023-11-14T22:13:20Z");
    press(&client).await;
    assert_eq!(value(&client, &format!("{BARS}.length")).await, json!(0));
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn each_bar_stands_beside_its_block() {
    let (_site, _server, _driver, client) = with_strip().await;
    let beside = format!(
        "{BARS}.every((bar) => {{ const own = bar.getBoundingClientRect(); const block = document.querySelector(`[data-src=\"${{bar.dataset.src}}\"]`).getBoundingClientRect(); return own.right <= block.left && Math.abs(own.top - block.top) < 3 }})"
    );
    assert_eq!(value(&client, &beside).await, json!(true));
    // In a right-to-left page the strip stands on the other side.
    value(
        &client,
        "(document.documentElement.dir = 'rtl', dispatchEvent(new Event('resize')), 1)",
    )
    .await;
    let beside = beside.replace("own.right <= block.left", "own.left >= block.right");
    holds(&client, &beside).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_bar_tells_of_its_commit() {
    let (_site, _server, _driver, client) = with_strip().await;
    let tip = "document.querySelector('proofroom-ages').shadowRoot.querySelector('.tip')";
    let hover = format!(
        "{BARS}.find((bar) => bar.dataset.src === '5 parts/part.md:3').dispatchEvent(new PointerEvent('pointerenter'))"
    );
    client.execute(&hover, Vec::new()).await.expect("it runs");
    let text = value(&client, &format!("{tip}.textContent")).await;
    let text = text.as_str().expect("text");
    assert!(
        text.contains("2023-11-24") && text.contains("Ann") && text.contains("Part <script>"),
        "{text}"
    );
    let href = value(&client, &format!("{tip}.querySelector('a').href")).await;
    assert!(
        href.as_str()
            .is_some_and(|it| it.contains("/blame/parts/part%2Emd?page=") && it.ends_with("#L3")),
        "{href}"
    );
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_strip_follows_each_save() {
    let (site, _server, _driver, client) = with_strip().await;
    site.save("docs/sub/a.md", &format!("New.\n\n{PAGE}"));
    holds(
        &client,
        &format!("{BARS}.some((bar) => bar.dataset.src === '1' && bar.classList.contains('new'))"),
    )
    .await;
    assert_eq!(date_of(&client, "5").await, "2023-11-14T22:13:20Z");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn what_is_folded_away_has_no_bar() {
    let site = aged_site();
    let page = "# A\n\n<details markdown><summary>More</summary>\n\nFolded away.\n\n</details>\n";
    site.write("docs/fold.md", page);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let address = format!("{}fold/", server.home);
    client.goto(&address).await.expect("it loads");
    press(&client).await;
    let height =
        format!("{BARS}.find((bar) => bar.dataset.src === '5')?.getBoundingClientRect().height");
    holds(&client, &format!("{height} === 0")).await;
    value(
        &client,
        "(document.querySelector('details[data-src]').open = true, 1)",
    )
    .await;
    holds(&client, &format!("{height} > 0")).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_run_of_lines_links_to_its_block() {
    let site = aged_site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let view = format!("{}__proofroom/blame/docs/sub/a.md", server.home);
    client.goto(&view).await.expect("it loads");
    connected(&client).await;
    // It follows each save, too.
    site.save("docs/sub/a.md", &PAGE.replace("First", "Other"));
    holds(
        &client,
        "document.querySelector('#L3.new')?.textContent.includes('Other words.')",
    )
    .await;
    value(&client, "document.querySelector('#L3 a.to').click()").await;
    holds(
        &client,
        "location.pathname === '/sub/a/' && document.readyState === 'complete'",
    )
    .await;
    assert_eq!(value(&client, "location.hash").await, "#proofroom-L3");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_real_page_shows_its_dates() {
    let Some(suite) = conformance_suite() else {
        return;
    };
    let site = Site::copy_of(&suite.join("corpus/origin"));
    fs::remove_dir_all(site.path("i18n/zh-Hant")).expect("removed");
    real_history(&suite, &site.path(""));
    // The page alone has a history; the site round it need not.
    site.write(
        "proofroom.toml",
        "docs_dir = \"i18n/zh-Hant\"\nbase = \"mkdocs.yml\"\n",
    );
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}real-time-communication/", server.home))
        .await
        .expect("it loads");
    press(&client).await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomAges === 'shown'",
    )
    .await;
    for (what, block, lines, date) in [
        (
            "the card of Signal",
            "document.querySelector('#signal').nextElementSibling",
            "26-46",
            "2024-11-07T00:47:04Z",
        ),
        (
            "the warning",
            "document.querySelector('.admonition.warning')",
            "181-184",
            "2024-11-10T08:34:19Z",
        ),
        (
            "the second criterion",
            "document.querySelectorAll('[data-src=\"271-275\"] > li')[1]",
            "272",
            "2024-02-27T01:44:58Z",
        ),
    ] {
        let found = value(&client, &format!("{block}?.dataset.src")).await;
        assert_eq!(found, lines, "{what}");
        assert_eq!(date_of(&client, lines).await, date, "{what}");
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn what_a_review_shows_as_gone_has_the_age_that_it_had() {
    let site = aged_site();
    let folder = site.path("");
    git(&folder, &["checkout", "--quiet", "-b", "topic"]);
    site.write(
        "docs/sub/a.md",
        site.read("docs/sub/a.md").replace("First words.\n\n", ""),
    );
    site.write("parts/part.md", "Of a part.\n");
    commit(&folder, 40, "Remove");
    // The commit that is checked out says nothing of them.
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=main"];
    let server = Server::start(&folder, &arguments);
    let (_driver, client) = Driver::start().await;
    let address = format!("{}__proofroom/difference/sub/a/", server.home);
    client.goto(&address).await.expect("it loads");
    press(&client).await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomAges === 'shown'",
    )
    .await;
    let gone = "[...document.querySelectorAll('[data-proofroom-base-src]')].map((it) => it.dataset.proofroomBaseSrc).join()";
    assert_eq!(value(&client, gone).await, json!("3,5 parts/part.md:3"));
    assert_eq!(date_of(&client, "3").await, "2023-11-14T22:13:20Z");
    assert_eq!(
        date_of(&client, "5 parts/part.md:3").await,
        "2023-11-24T22:13:20Z"
    );
    // So does the card of each change.
    let card =
        "document.querySelector('proofroom-review').shadowRoot.querySelector('.card').textContent";
    for day in ["2023-11-14", "2023-11-24"] {
        client
            .execute(
                "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', bubbles: true}))",
                Vec::new(),
            )
            .await
            .expect("it runs");
        holds(&client, &format!("{card}.includes('{day} · Ann')")).await;
    }
    client.close().await.expect("it closes");
}
