//! Pages of the built-in theme that are exchanged without a load (`navigation.instant`), and
//! its keys.

use fantoccini::Client;
use fantoccini::key::Key;
use serde_json::json;

use crate::harness::browser::{Driver, all_true, connected, holds, press, run, value};
use crate::harness::{Server, Site};

const CONFIG: &str = "site_name: Example
theme:
  features: [FEATURES]
markdown_extensions:
  - attr_list
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
";

async fn open(features: &str) -> (Site, Server, Driver, Client) {
    let long = "Words.\n\n".repeat(80);
    let one = format!(
        "# One\n\n[Two](part/two.md) [its end](part/two.md#end) [gone](gone.md) ![a](a.svg)\n\n{long}"
    );
    let two = format!(
        "# Two\n\nText (1).\n{{ .annotate }}\n\n1.  A note.\n\n```text\ncode\n```\n\n[Deep](deep/three.md)\n\n{long}\n## End\n\n<script>window.ran = (window.ran ?? 0) + 1</script>\n"
    );
    let site = Site::new(&[
        ("mkdocs.yml", &CONFIG.replace("FEATURES", features)),
        ("docs/index.md", &one),
        ("docs/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("docs/part/two.md", &two),
        ("docs/part/deep/three.md", "# Three\n\n![a](../../a.svg)\n"),
        ("docs/z/last.md", "# Last\n\nWords.\n"),
    ]);
    let server = site.serve();
    let (driver, client) = Driver::start().await;
    client.set_window_size(1300, 800).await.expect("set");
    client.goto(&server.home).await.expect("it loads");
    connected(&client).await;
    run(&client, "window.mark = 'kept'").await;
    (site, server, driver, client)
}

/// Whether the page with this title is shown, and was not loaded.
fn at(title: &str) -> String {
    // The front page is called as the site.
    let name = if title == "One" { "Example" } else { title };
    format!(
        "window.mark === 'kept' && document.querySelector('article h1').textContent.startsWith('{title}') && document.title.startsWith('{name}')"
    )
}

const INSTANT: &str = "navigation.instant, navigation.instant.prefetch, navigation.instant.progress, navigation.footer, content.code.copy";

async fn follow(client: &Client, text: &str) {
    run(client, &format!("[...document.querySelectorAll('article a')].find((it) => it.textContent === '{text}').click()")).await;
}

/// Elements name what they load relative to the page that they were sent with.
#[tokio::test]
async fn what_was_loaded_is_known_in_other_folders() {
    let (site, _server, _driver, client) = open(INSTANT).await;
    let config = CONFIG.replace("FEATURES", INSTANT);
    site.write("docs/runs.js", "window.runs = (window.runs ?? 0) + 1;\n");
    site.write("docs/own.css", "article { color: rgb(1, 2, 3) }\n");
    site.save(
        "mkdocs.yml",
        &format!("{config}extra_javascript: [runs.js]\nextra_css: [own.css]\n"),
    );
    let colour = "getComputedStyle(document.querySelector('article')).color";
    holds(
        &client,
        &format!("{colour} === 'rgb(1, 2, 3)' && window.runs === 1"),
    )
    .await;
    connected(&client).await;
    run(&client, "window.mark = 'kept'").await;
    // Only one of the pages has notes.
    let loaded = "[...document.querySelectorAll('link[rel=stylesheet], script[src*=theme]')].map((it) => (it.href ?? it.src).split('/').pop()).filter((it) => !it.startsWith('notes')).sort().join()";
    let before = value(&client, loaded).await;
    follow(&client, "Two").await;
    holds(&client, &at("Two")).await;
    follow(&client, "Deep").await;
    holds(&client, &at("Three")).await;
    run(&client, "history.back()").await;
    holds(&client, &at("Two")).await;
    assert_eq!(value(&client, "window.runs").await, json!(1));
    assert_eq!(value(&client, loaded).await, before);
    site.save("docs/own.css", "article { color: rgb(4, 5, 6) }\n");
    holds(&client, &format!("{colour} === 'rgb(4, 5, 6)'")).await;
    client.close().await.expect("it closes");
}

/// Also by a script that was written for Material.
#[tokio::test]
async fn a_notice_that_was_hidden_stays_hidden() {
    let other = "<script>{const it = document.querySelector('[data-md-component=announce]'); if (__md_hash(it.querySelector('.md-typeset').innerHTML) === __md_get('__announce')) it.hidden = true}</script>\n";
    for script in [None, Some(other)] {
        let features = "navigation.instant, announce.dismiss";
        let config = CONFIG.replace("FEATURES", features);
        let config = config.replace("theme:\n", "theme:\n  custom_dir: own\n");
        let main = "{% extends \"base.html\" %}\n{% block announce %}News{% endblock %}\n";
        let site = Site::new(&[
            ("mkdocs.yml", &config),
            ("docs/index.md", "# One\n\n[Two](part/two.md)\n"),
            ("docs/part/two.md", "# Two\n"),
            ("own/main.html", main),
        ]);
        if let Some(script) = script {
            site.write("own/partials/javascripts/announce.html", script);
        }
        let server = site.serve();
        let (_driver, client) = Driver::start().await;
        client.goto(&server.home).await.expect("it loads");
        connected(&client).await;
        let hidden = "document.querySelector('.md-banner').hidden";
        assert_eq!(value(&client, hidden).await, json!(false));
        run(
            &client,
            "window.mark = 'kept'; document.querySelector('.md-banner__button').click()",
        )
        .await;
        holds(&client, hidden).await;
        follow(&client, "Two").await;
        holds(&client, &at("Two")).await;
        assert_eq!(value(&client, hidden).await, json!(true), "{script:?}");
        client.refresh().await.expect("it loads");
        holds(&client, hidden).await;
        client.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn pages_are_exchanged_and_stay_alive() {
    let (site, server, _driver, client) = open(INSTANT).await;
    run(&client, "scrollTo({ top: 300, behavior: 'instant' })").await;
    holds(&client, "history.state?.mdY === 300").await;
    run(
        &client,
        "document.querySelectorAll('.md-sidebar--primary details')[1].open = true",
    )
    .await;
    follow(&client, "Two").await;
    holds(&client, &at("Two")).await;
    let path = format!("{}part/two/", server.home);
    assert_eq!(value(&client, "location.href").await, json!(path));
    holds(
        &client,
        "document.querySelector('article .md-annotation') && window.ran === 1",
    )
    .await;
    all_true(
        &client,
        "return {
           'at its top': scrollY === 0,
           'in the nav': document.querySelector('.md-sidebar--primary [aria-current=page]').textContent.trim() === 'Two',
           'open sections stay open': [...document.querySelectorAll('.md-sidebar--primary details')].map((it) => it.open).join() === 'true,true,false',
           'a button to copy': document.querySelectorAll('article .md-clipboard').length === 1,
           'the focus': document.activeElement.id === '__content',
           'one of each': document.querySelectorAll('header.md-header, #__config, main').length === 3,
         };",
    )
    .await;
    // What is saved comes to the page that is shown.
    site.save(
        "docs/part/two.md",
        "# Two\n\nNew words (1). [Deep](deep/three.md)\n{ .annotate }\n\n1.  A note.\n",
    );
    holds(
        &client,
        "document.querySelector('article').textContent.includes('New words')",
    )
    .await;
    holds(&client, &at("Two")).await;
    // Addresses are relative to the new page.
    follow(&client, "Deep").await;
    holds(&client, &at("Three")).await;
    holds(&client, "document.querySelector('article img').complete").await;
    let picture = format!("{}a.svg", server.home);
    assert_eq!(
        value(&client, "document.querySelector('article img').src").await,
        json!(picture)
    );
    // The browser's buttons.
    run(&client, "history.back()").await;
    holds(&client, &at("Two")).await;
    run(&client, "history.back()").await;
    holds(&client, &format!("{} && scrollY === 300", at("One"))).await;
    run(&client, "history.forward()").await;
    holds(&client, &at("Two")).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn links_to_headings_lead_there_and_missing_pages_are_loaded() {
    let (_site, _server, _driver, client) = open(INSTANT).await;
    follow(&client, "its end").await;
    holds(&client, &at("Two")).await;
    holds(
        &client,
        "location.hash === '#end' && scrollY > 500 && document.querySelector('#end').getBoundingClientRect().top < innerHeight",
    )
    .await;
    run(&client, "history.back()").await;
    holds(&client, &at("One")).await;
    follow(&client, "gone").await;
    holds(
        &client,
        "document.querySelector('h1')?.textContent === 'Page not found' && window.mark === undefined",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn keys_lead_on_and_are_listed() {
    let (_site, _server, _driver, client) = open(INSTANT).await;
    press(&client, &['n']).await;
    holds(&client, &at("Two")).await;
    press(&client, &['p']).await;
    holds(&client, &at("One")).await;
    press(&client, &['?']).await;
    holds(&client, "document.querySelector('dialog[open] kbd')").await;
    let listed = value(&client, "document.querySelector('dialog').innerText").await;
    let listed = listed.as_str().expect("a text");
    for text in ["Ctrl K", "Search", "Next", "Previous", "Esc"] {
        assert!(listed.contains(text), "{listed}");
    }
    press(&client, &[Key::Escape.into()]).await;
    holds(&client, "!document.querySelector('dialog')").await;
    // The focus comes back to where it was.
    run(&client, "document.querySelector('article a').focus()").await;
    let is_field = "document.activeElement.matches('[data-md-component=search-query]')";
    for keys in [&['s'][..], &['/'], &[Key::Control.into(), 'k']] {
        press(&client, keys).await;
        holds(&client, is_field).await;
        assert_eq!(value(&client, "document.activeElement.value").await, "");
        press(&client, &['n']).await;
        holds(&client, "document.activeElement.value === 'n'").await;
        run(&client, "document.activeElement.value = ''").await;
        press(&client, &[Key::Escape.into()]).await;
        holds(
            &client,
            "document.activeElement === document.querySelector('article a')",
        )
        .await;
    }
    assert_eq!(value(&client, &at("One")).await, json!(true));
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_header_leaves_and_the_contents_are_in_the_nav() {
    let (_site, server, _driver, client) = open("header.autohide, toc.integrate").await;
    let address = format!("{}part/two/", server.home);
    client.goto(&address).await.expect("it loads");
    let bottom = "document.querySelector('.md-header').getBoundingClientRect().bottom";
    all_true(
        &client,
        "return {
           once: document.querySelectorAll('.md-nav--secondary').length === 1,
           below: document.querySelector('.md-sidebar--primary [aria-current=page] + .md-nav--secondary a[href=\"#end\"]').checkVisibility(),
         };",
    )
    .await;
    run(&client, "scrollTo({ top: 900, behavior: 'instant' })").await;
    holds(&client, &format!("{bottom} <= 0")).await;
    run(&client, "scrollTo({ top: 700, behavior: 'instant' })").await;
    holds(&client, &format!("{bottom} > 30")).await;
    client.close().await.expect("it closes");
}
