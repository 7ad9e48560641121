//! A save reaches the open tabs, and none but those that show it.

use crate::harness::browser::{Driver, all_true, connected, holds, run, shows};
use crate::harness::{Server, Site};
use fantoccini::Client;
use serde_json::json;

fn site() -> Site {
    Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme:\n  name: material\n  custom_dir: overrides\nextra_css: [style.css]\n",
        ),
        ("docs/index.md", "# Home\n\nAt home.\n"),
        ("docs/a.md", "# Alpha\n\nFirst words.\n"),
        ("docs/b.md", "# Beta\n\nSecond words.\n"),
        ("docs/style.css", "p { color: rgb(1, 2, 3) }\n"),
        ("overrides/main.html", "{% extends \"base.html\" %}\n"),
    ])
}

async fn mark(client: &Client) {
    client.execute("window.mark = 'kept'; document.documentElement.style.minHeight = '4000px'; window.scrollTo({top: 500, behavior: 'instant'})", Vec::new()).await.expect("a script runs");
}

async fn is_marked(client: &Client) -> bool {
    let kept = client
        .execute(
            "return window.mark === 'kept' && window.scrollY === 500",
            Vec::new(),
        )
        .await;
    kept.expect("a script runs") == json!(true)
}

#[tokio::test]
async fn a_save_changes_the_page_in_place_and_leaves_other_tabs_alone() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let alpha = client.window().await.expect("a window");
    client
        .goto(&format!("{}a/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    mark(&client).await;
    let beta = client.new_window(true).await.expect("a tab").handle;
    client.switch_to_window(beta.clone()).await.expect("a tab");
    client
        .goto(&format!("{}b/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    mark(&client).await;
    let watch = "window.changes = 0; new MutationObserver((seen) => { window.changes += seen.length }).observe(document.body, {subtree: true, childList: true, characterData: true})";
    client
        .execute(watch, Vec::new())
        .await
        .expect("a script runs");

    client.switch_to_window(alpha).await.expect("a tab");
    site.save("docs/a.md", "# Alpha\n\nEdited words.\n\nAnd more.\n");
    shows(&client, "Edited words.").await;
    assert!(is_marked(&client).await, "the page was loaded anew");
    holds(
        &client,
        "[...document.querySelectorAll('article p')].at(-1).dataset.src === '5'",
    )
    .await;

    client.switch_to_window(beta).await.expect("a tab");
    assert!(is_marked(&client).await, "the other tab was loaded anew");
    let changes = client
        .execute("return window.changes", Vec::new())
        .await
        .expect("a script runs");
    assert_eq!(changes, json!(0), "the other tab was changed");
    site.write("docs/b.md", "# Beta\n\nTheir own words.\n");
    shows(&client, "Their own words.").await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_style_sheet_is_exchanged_without_a_load() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    mark(&client).await;
    site.save("docs/style.css", "p { color: rgb(4, 5, 6) }\n");
    holds(
        &client,
        "getComputedStyle(document.querySelector('article p')).color === 'rgb(4, 5, 6)'",
    )
    .await;
    assert!(is_marked(&client).await, "the page was loaded anew");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_broken_template_is_reported_until_it_is_fixed() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    mark(&client).await;
    site.save(
        "overrides/main.html",
        "{% extends \"base.html\" %}\n{% if %}\n",
    );
    let overlay = "document.querySelector('proofroom-overlay')?.shadowRoot.textContent";
    holds(
        &client,
        &format!("{overlay}?.includes('overrides/main.html:2')"),
    )
    .await;
    shows(&client, "At home.").await;
    site.save("overrides/main.html", "{% extends \"base.html\" %}\n");
    holds(&client, &format!("!{overlay}.includes('main.html')")).await;
    assert!(is_marked(&client).await, "the page was loaded anew");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_tab_comes_back_after_a_restart() {
    let site = site();
    let server = site.serve();
    let address = format!("127.0.0.1:{}", server.port());
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}a/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    mark(&client).await;
    drop(server);
    site.save("docs/a.md", "# Alpha\n\nWritten while nobody served.\n");
    let again = Server::start(&site.path(""), &["--dev-addr", &address]);
    assert_eq!(format!("127.0.0.1:{}", again.port()), address);
    shows(&client, "Written while nobody served.").await;
    assert!(is_marked(&client).await, "the page was loaded anew");
    site.save("docs/a.md", "# Alpha\n\nFollowed again.\n");
    shows(&client, "Followed again.").await;
    client.close().await.expect("it closes");
}

/// The page in place of one that was never rendered, and what scripts add to it.
#[tokio::test]
async fn what_keeps_a_page_from_being_shown_is_listed_once() {
    let site = site();
    site.write("docs/a.md", "# Alpha\n\nA [link](nowhere.md).\n");
    let template =
        "{% extends \"base.html\" %}{% block content %}{{ page.title | wrong }}{% endblock %}\n";
    site.write("overrides/main.html", template);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let address = format!("{}a/", server.home);
    client.goto(&address).await.expect("it loads");
    connected(&client).await;
    let place = "document.querySelector('proofroom-overlay').shadowRoot";
    // The words that are at fault are marked by a script.
    holds(
        &client,
        "document.querySelector('main li:first-child mark')?.textContent.includes('wrong')",
    )
    .await;
    all_true(
        &client,
        &format!(
            "const items = [...document.querySelectorAll('main li')].map((it) => it.textContent);
             const panel = {place}.querySelector('.panel');
             return {{
               'in the page': items.length === 2 && items[0].includes('error[template-error]') && items[1].includes('missing-page'),
               'not beside it': !panel.checkVisibility() && !panel.textContent.includes('template-error'),
               counted: {place}.querySelector('.opener').textContent.includes('1 error, 1 warning'),
             }};"
        ),
    )
    .await;
    // The panel has its switches all the same.
    run(
        &client,
        &format!("{place}.querySelector('.opener').click()"),
    )
    .await;
    holds(
        &client,
        &format!("{place}.querySelector('.switches').checkVisibility() && !{place}.querySelector('.problems').checkVisibility()"),
    )
    .await;
    site.save("overrides/main.html", &template.replace(" | wrong", ""));
    holds(
        &client,
        "document.querySelector('article')?.textContent.includes('Alpha')",
    )
    .await;
    // On a page that is there, it is the panel that has them.
    site.save("overrides/main.html", template);
    holds(
        &client,
        &format!("{place}.querySelector('.problems').checkVisibility() && {place}.querySelector('.problems h2').textContent.includes('template-error')"),
    )
    .await;
    client.close().await.expect("it closes");
}
