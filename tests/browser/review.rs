//! A review in the browser: the changes of a page, and getting from one to the next.

use fantoccini::Client;
use serde_json::json;

use crate::harness::browser::{Driver, all_true, connected, holds, run, shows, value};
use crate::harness::reviewed_site::reviewed_site as site;
use crate::harness::{Server, Site};

/// The shadow tree of the bar.
const BAR: &str = "document.querySelector('proofroom-review').shadowRoot";

async fn goto(client: &Client, server: &Server, path: &str) {
    let address = format!("{}{path}", server.home);
    client.goto(&address).await.expect("it loads");
    connected(client).await;
    holds(
        client,
        "document.documentElement.dataset.proofroomChanges !== undefined",
    )
    .await;
}

/// A browser at the difference of a page.
async fn at_difference(site: &Site, page: &str) -> (Server, Driver, Client) {
    let arguments = ["--dev-addr", "127.0.0.1:0", "--review=main"];
    let server = Server::start(&site.path(""), &arguments);
    let (driver, client) = Driver::start().await;
    goto(&client, &server, &format!("__proofroom/difference/{page}")).await;
    (server, driver, client)
}

async fn press(client: &Client, key: &str) {
    holds(client, "document.body").await;
    run(
        client,
        &format!("document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, cancelable: true}}))"),
    )
    .await;
}

/// What the bar says of the current change.
async fn count(client: &Client) -> String {
    let count = value(
        client,
        &format!("{BAR}.querySelector('.count').textContent"),
    )
    .await;
    count.as_str().expect("text").to_owned()
}

#[tokio::test]
async fn keys_lead_from_change_to_change_and_from_page_to_page() {
    let site = site();
    let (_server, _driver, client) = at_difference(&site, "a/").await;
    let all: usize = count(&client)
        .await
        .split(' ')
        .next()
        .and_then(|all| all.parse().ok())
        .expect("a count");
    assert!(all >= 6, "{all}");
    press(&client, "n").await;
    assert_eq!(count(&client).await, format!("1 / {all}"));
    // The keys of the theme wait, those that mean nothing here aside.
    press(&client, "x").await;
    assert_eq!(value(&client, "window.heard").await, "x");
    let in_view = "[...document.querySelectorAll('[data-proofroom-current]')].some((it) => { const { top, bottom } = it.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight && it.textContent.includes('Other'); })";
    holds(&client, in_view).await;
    let first = value(&client, "location.hash").await;
    press(&client, "p").await;
    assert_eq!(
        count(&client).await,
        format!("1 / {all}"),
        "there is none before"
    );
    for nth in 2..=all {
        press(&client, "n").await;
        assert_eq!(count(&client).await, format!("{nth} / {all}"));
    }
    let last = "[...document.querySelectorAll('[data-proofroom-current]')].some((it) => it.textContent.includes('very') && it.getBoundingClientRect().top < innerHeight)";
    holds(&client, last).await;
    assert_ne!(value(&client, "location.hash").await, first);

    // The address leads to the change again, on another day too.
    run(&client, "window.isOld = true; location.reload()").await;
    holds(
        &client,
        &format!("!window.isOld && document.readyState === 'complete' && {last}"),
    )
    .await;
    assert_eq!(count(&client).await, format!("{all} / {all}"));

    press(&client, "N").await;
    holds(
        &client,
        "location.pathname === '/__proofroom/difference/c/' && document.documentElement.dataset.proofroomChanges === '1'",
    )
    .await;
    press(&client, "P").await;
    holds(
        &client,
        "location.pathname === '/__proofroom/difference/a/'",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn modes_change_by_key_at_the_same_place() {
    let site = site();
    let (_server, _driver, client) = at_difference(&site, "a/").await;
    run(
        &client,
        "document.querySelector('#middle').scrollIntoView({block: 'center', behavior: 'instant'})",
    )
    .await;
    let top = value(
        &client,
        "document.querySelector('#middle').getBoundingClientRect().top",
    )
    .await;
    let top = top.as_f64().expect("a number");
    for path in ["/__proofroom/base/a/", "/a/", "/__proofroom/difference/a/"] {
        press(&client, "d").await;
        holds(
            &client,
            &format!("location.pathname === '{path}' && document.readyState === 'complete' && document.documentElement.dataset.proofroomChanges !== undefined"),
        )
        .await;
        holds(
            &client,
            &format!("Math.abs(document.querySelector('#middle').getBoundingClientRect().top - {top}) < 3"),
        )
        .await;
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn what_was_seen_is_asked_for_again_when_it_changes() {
    let site = site();
    let (server, _driver, client) = at_difference(&site, "a/").await;
    press(&client, "n").await;
    press(&client, "s").await;
    let seen = "[...document.querySelectorAll('[data-proofroom-seen]')].some((it) => it.textContent.includes('Other'))";
    holds(&client, seen).await;
    holds(
        &client,
        &format!("{BAR}.querySelector('[name=seen]').checked"),
    )
    .await;
    // An edit elsewhere does not matter.
    let now = site.read("docs/a.md");
    site.save("docs/a.md", &now.replace("A place in", "A new place in"));
    shows(&client, "new place in").await;
    holds(&client, seen).await;
    // This one changes what was seen.
    site.save("docs/a.md", &now.replace("Other words", "Changed words"));
    shows(&client, "Changed words").await;
    holds(&client, "!document.querySelector('[data-proofroom-seen]')").await;

    // The list knows, too.
    site.save("docs/a.md", &now);
    goto(&client, &server, "__proofroom/review").await;
    holds(
        &client,
        "/· \\d+ not seen/.test([...document.querySelectorAll('[data-proofroom-keys]')].find((it) => it.textContent.includes('Gamma')).textContent)",
    )
    .await;
    goto(&client, &server, "__proofroom/difference/c/").await;
    press(&client, "n").await;
    press(&client, "s").await;
    goto(&client, &server, "__proofroom/review").await;
    holds(
        &client,
        "[...document.querySelectorAll('[data-proofroom-keys]')].find((it) => it.textContent.includes('Gamma')).textContent.includes('· all seen')",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn tabs_and_folds_open_for_the_changes_in_them() {
    let site = site();
    let (_server, _driver, client) = at_difference(&site, "a/").await;
    holds(&client, "document.querySelector('details').open").await;
    holds(
        &client,
        "[...document.querySelectorAll('.tabbed-labels > label')].map((it) => it.dataset.proofroomInside ?? '').join() === ',± 1,'",
    )
    .await;
    holds(
        &client,
        "document.querySelectorAll('.tabbed-set > input')[0].checked",
    )
    .await;
    press(&client, "n").await;
    press(&client, "n").await;
    holds(
        &client,
        "document.querySelectorAll('.tabbed-set > input')[1].checked",
    )
    .await;
    holds(
        &client,
        "document.querySelector('[data-proofroom-current]').closest('.tabbed-block').offsetHeight > 0",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_tab_that_is_gone_leaves_the_others_in_order() {
    let site = site();
    let now = site.read("docs/a.md");
    let gone = now.replace("=== \"Two\"\n\n    In the other tab.\n\n", "");
    assert_ne!(gone, now);
    site.write("docs/a.md", gone);
    let (_server, _driver, client) = at_difference(&site, "a/").await;
    let seen = "[...document.querySelectorAll('.tabbed-block')].filter((it) => it.offsetHeight > 0).map((it) => it.textContent.trim()).join('|')";
    holds(
        &client,
        &format!("{seen} === 'In the first tab.|In the second tab.'"),
    )
    .await;
    run(&client, "[...document.querySelectorAll('label[for]')].find((it) => it.textContent === 'Three').click()").await;
    holds(
        &client,
        &format!("{seen} === 'In the second tab.|Words about trains and their drivers.'"),
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn an_exchanged_picture_is_shown_beside_its_former_self() {
    let site = site();
    let (_server, _driver, client) = at_difference(&site, "a/").await;
    let inside = "document.querySelector('proofroom-pictures').shadowRoot";
    holds(
        &client,
        &format!("[...{inside}.querySelectorAll('.both img')].map((it) => new URL(it.src).pathname).join() === '/__proofroom/base/picture.svg,/__proofroom/difference/picture.svg'"),
    )
    .await;
    holds(
        &client,
        &format!(
            "[...{inside}.querySelectorAll('.both img')].every((it) => it.naturalWidth === 80)"
        ),
    )
    .await;
    run(
        &client,
        &format!("{inside}.querySelector('[name=over]').click()"),
    )
    .await;
    run(&client, &format!("const range = {inside}.querySelector('input'); range.value = 25; range.dispatchEvent(new Event('input'))")).await;
    all_true(
        &client,
        &format!(
            "return {{
        moved: {inside}.querySelector('.stack').style.getPropertyValue('--at') === '25%',
        hidden: {inside}.querySelector('.both').hidden,
        once: [...document.querySelectorAll('article img')].every((it) => it.offsetHeight === 0),
    }}"
        ),
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_difference_follows_each_save() {
    let site = site();
    let (_server, _driver, client) = at_difference(&site, "c/").await;
    run(&client, "window.mark = 'kept'").await;
    holds(
        &client,
        "document.querySelector('article ins').textContent.includes('and more')",
    )
    .await;
    site.save(
        "docs/c.md",
        "# Gamma\n\nThird and many words.\n\nNew ones.\n",
    );
    holds(
        &client,
        "document.querySelectorAll('article p[data-proofroom-mark=added]').length === 1",
    )
    .await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomChanges === '2'",
    )
    .await;
    holds(
        &client,
        "document.querySelector('proofroom-map').shadowRoot.querySelectorAll('.tick').length === 2",
    )
    .await;
    // With the text of the base, nothing is left to say.
    site.save("docs/c.md", "# Gamma\n\nThird words.\n");
    holds(
        &client,
        "document.documentElement.dataset.proofroomChanges === '0' && !document.querySelector('[data-proofroom-mark]')",
    )
    .await;
    assert_eq!(value(&client, "window.mark").await, json!("kept"));
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn both_sides_stand_at_the_same_height() {
    let site = site();
    let now = site.read("docs/a.md");
    let long =
        "Many words that are new, so that the paragraph has more lines than it had. ".repeat(9);
    site.write(
        "docs/a.md",
        now.replace("Other words", &format!("{long}Other words")),
    );
    let (_server, _driver, client) = at_difference(&site, "a/").await;
    client.set_window_size(1400, 900).await.expect("a size");
    press(&client, "b").await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomSides === 'aligned'",
    )
    .await;
    let frames = "[...document.querySelector('proofroom-sides').shadowRoot.querySelectorAll('iframe')].map((it) => it.contentDocument)";
    let tops = |block: &str| {
        format!(
            "{frames}.map((it) => [...it.querySelectorAll('article p')].find((p) => p.offsetHeight > 0 && p.textContent.includes('{block}')).getBoundingClientRect().top)"
        )
    };
    for block in ["words of the page", "A place in the middle.", "last words"] {
        holds(
            &client,
            &format!(
                "(([base, now]) => Math.abs(base - now) < 2)({})",
                tops(block)
            ),
        )
        .await;
    }
    all_true(&client, &format!("const [base, now] = {frames}; const seen = (page, css) => [...page.querySelectorAll(css)].some((it) => it.offsetHeight > 0 && getComputedStyle(it).visibility === 'visible'); return {{
        removed: seen(base, 'del') && !seen(now, 'del'),
        added: seen(now, 'ins') && !seen(base, 'ins'),
        no_bar: !now.querySelector('proofroom-review') && !base.querySelector('proofroom-review'),
    }}")).await;
    // They scroll together.
    run(
        &client,
        &format!("{frames}[1].defaultView.scrollTo({{top: 700, behavior: 'instant'}})"),
    )
    .await;
    holds(&client, &format!("{frames}[0].defaultView.scrollY === 700")).await;
    // A narrow window has no room for both.
    client.set_window_size(700, 900).await.expect("a size");
    holds(
        &client,
        "document.documentElement.dataset.proofroomSides === undefined",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_review_is_opened_and_ended_in_the_browser() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let address = format!("{}c/", server.home);
    client.goto(&address).await.expect("it loads");
    connected(&client).await;
    run(&client, "document.querySelector('proofroom-overlay').shadowRoot.querySelector('[name=review]').click()").await;
    holds(
        &client,
        &format!("[...{BAR}.querySelectorAll('option')].some((it) => it.value === 'main')"),
    )
    .await;
    let choose = |base: &str| {
        format!(
            "const field = {BAR}.querySelector('input[name=base]'); field.value = '{base}'; field.form.requestSubmit()"
        )
    };
    run(&client, &choose("no-such-branch")).await;
    holds(
        &client,
        &format!("{BAR}.querySelector('[role=alert]').textContent.includes('no-such-branch')"),
    )
    .await;
    run(&client, &choose("main")).await;
    holds(
        &client,
        "location.pathname === '/__proofroom/difference/c/' && document.querySelector('article ins')",
    )
    .await;
    holds(&client, &format!("{BAR}.querySelector('[name=compare]')")).await;
    run(
        &client,
        &format!("{BAR}.querySelector('[name=compare]').click()"),
    )
    .await;
    run(
        &client,
        &format!("{BAR}.querySelector('[name=close]').click()"),
    )
    .await;
    holds(
        &client,
        &format!("location.pathname === '/c/' && {BAR}.querySelector('.bar').hidden"),
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn levels_can_be_switched_off() {
    let site = site();
    let (_server, _driver, client) = at_difference(&site, "a/").await;
    let before = count(&client).await;
    holds(
        &client,
        "document.querySelector('[data-proofroom-mark=markup]:not([data-proofroom-off])')",
    )
    .await;
    run(
        &client,
        &format!("{BAR}.querySelector('[name=levels]').click()"),
    )
    .await;
    run(
        &client,
        &format!("{BAR}.querySelector('[name=markup]').click()"),
    )
    .await;
    holds(
        &client,
        "!document.querySelector('[data-proofroom-mark=markup]:not([data-proofroom-off])')",
    )
    .await;
    assert_ne!(count(&client).await, before);
    client.close().await.expect("it closes");
}
