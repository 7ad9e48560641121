//! From the page to the editor, from the editor to the page, and what is wrong
//! in between.

use fantoccini::key::Key;
use fantoccini::{Client, Locator};

use crate::harness::browser::{Driver, all_true, connected, holds, run, shows};
use crate::harness::{Server, Site};

const LONG: &str = "\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n\nA line to scroll by.\n";

/// What the server says on the page, without the style.
const SAID: &str =
    "document.querySelector('proofroom-overlay').shadowRoot.querySelector('div').innerText";

/// Keeps the addresses that the page would hand to another program.
const CATCH: &str = "window.opened = []; HTMLAnchorElement.prototype.click = function () { window.opened.push(this.href); }";

fn site() -> Site {
    Site::new(&[
        ("mkdocs.yml", "site_name: Example\n"),
        ("docs/index.md", "# Home\n\nAt home.\n"),
        ("docs/a part.md", "# Part\n"),
        (
            "docs/a.md",
            "# Alpha\n\nFirst words.\n\n- An *item* here.\n",
        ),
        ("docs/b.md", &format!("# Beta{LONG}\nSecond words.\n")),
    ])
}

async fn goto(client: &Client, server: &Server, page: &str) {
    let address = format!("{}{page}", server.home);
    client.goto(&address).await.expect("it loads");
    connected(client).await;
}

/// The count of the warnings on the page.
const BADGE: &str =
    "document.querySelector('proofroom-overlay').shadowRoot.querySelector('.badge')";

/// A server whose pages hand addresses to an editor, and a browser at one of them
/// that keeps these addresses.
async fn with_editor(site: &Site) -> (Server, Driver, Client) {
    let arguments = [
        "--dev-addr",
        "127.0.0.1:0",
        "--editor",
        "x-editor://open?{relative}&{line}&{column}",
    ];
    let server = Server::start(&site.path(""), &arguments);
    let (driver, client) = Driver::start().await;
    goto(&client, &server, "a/").await;
    run(&client, CATCH).await;
    (server, driver, client)
}

#[tokio::test]
async fn a_block_of_the_page_opens_in_the_editor() {
    let site = site();
    let (_server, _driver, client) = with_editor(&site).await;
    // Alt-click opens the innermost block, another click nothing.
    run(&client, "document.querySelector('article em').dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))").await;
    run(&client, "document.querySelector('article em').dispatchEvent(new MouseEvent('click', {altKey: true, bubbles: true, cancelable: true}))").await;
    holds(&client, "window.opened.length === 1").await;
    assert_eq!(
        run(&client, "return window.opened[0]").await,
        "x-editor://open?docs/a.md&5&1"
    );
    holds(&client, &format!("{SAID}.includes('docs/a.md:5')")).await;
    // The key opens the block of the selection.
    run(
        &client,
        "getSelection().selectAllChildren(document.querySelector('article p'))",
    )
    .await;
    let body = client.find(Locator::Css("body")).await.expect("one");
    body.send_keys(&format!("{}e", char::from(Key::Alt)))
        .await
        .expect("it can be typed");
    holds(
        &client,
        "window.opened[1] === 'x-editor://open?docs/a.md&3&1'",
    )
    .await;

    // What a page includes is opened in its own file.
    run(&client, "const one = document.querySelector('h1'); one.dataset.src = '1 docs/a%20part.md:7-9'; one.dispatchEvent(new MouseEvent('click', {altKey: true, bubbles: true, cancelable: true}))").await;
    holds(
        &client,
        "window.opened[2] === 'x-editor://open?docs/a%20part.md&7&1'",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_problem_is_fixed_by_its_button() {
    let site = site();
    site.write("docs/install.md", "# Install\n");
    let (_server, _driver, client) = with_editor(&site).await;
    site.save("docs/a.md", "# Alpha\n\n[dead](instal.md) words.\n");
    holds(&client, &format!("{BADGE}.textContent === '1 warning'")).await;
    run(&client, &format!("{BADGE}.click()")).await;
    let fix = "document.querySelector('proofroom-overlay').shadowRoot.querySelector('button.fix')";
    holds(&client, &format!("{fix} && {fix}.textContent === 'Fix'")).await;
    run(&client, &format!("{fix}.click()")).await;
    holds(&client, &format!("!{fix} && {BADGE}.hidden")).await;
    let fixed = site.read("docs/a.md");
    assert_eq!(fixed, "# Alpha\n\n[dead](install.md) words.\n");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn warnings_of_the_page_are_counted_and_lead_to_the_editor() {
    let site = site();
    let (_server, _driver, client) = with_editor(&site).await;
    site.save(
        "docs/a.md",
        "# Alpha\n\nOther words, [dead](gone.md), ![x](<b>.png) and [gone](#nowhere).\n",
    );
    holds(
        &client,
        &format!("{BADGE}.textContent === '2 warnings, 1 note' && !{BADGE}.hidden"),
    )
    .await;
    assert!(
        !run(&client, &format!("return {SAID}"))
            .await
            .to_string()
            .contains("gone.md")
    );
    run(&client, &format!("{BADGE}.click()")).await;
    all_true(&client, &format!("return {{
        names: {SAID}.includes('docs/a.md:3:'),
        excerpt: {SAID}.includes('[dead](gone.md)'),
        escaped: {SAID}.includes('<b>.png') && !document.querySelector('proofroom-overlay').shadowRoot.querySelector('section b b'),
    }}")).await;
    // A place in the list leads to the editor; the list stays open while one mends.
    run(
        &client,
        "document.querySelector('proofroom-overlay').shadowRoot.querySelector('.place').click()",
    )
    .await;
    holds(
        &client,
        "window.opened[0]?.startsWith('x-editor://open?docs/a.md&3&')",
    )
    .await;
    site.save("docs/a.md", "# Alpha\n\nOther words, [dead](gone.md).\n");
    holds(
        &client,
        &format!("!{SAID}.includes('.png') && {SAID}.includes('gone.md')"),
    )
    .await;
    site.save("docs/a.md", "# Alpha\n\nMended words.\n");
    shows(&client, "Mended words.").await;
    holds(
        &client,
        &format!("{BADGE}.hidden && !{SAID}.includes('gone.md')"),
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn other_pages_keep_their_warnings_for_themselves() {
    let site = site();
    let (_server, _driver, client) = with_editor(&site).await;
    site.save("docs/b.md", "# Beta\n\n[dead](gone.md)\n");
    site.save("docs/a.md", "# Alpha\n\nMended again.\n");
    shows(&client, "Mended again.").await;
    holds(&client, &format!("{BADGE}.hidden")).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_tab_follows_what_is_saved() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    goto(&client, &server, "a/").await;
    let toggle =
        "document.querySelector('proofroom-overlay').shadowRoot.querySelector('[aria-pressed]')";
    // Off by default: another page is saved, and nothing happens.
    holds(
        &client,
        &format!("{toggle}.getAttribute('aria-pressed') === 'false'"),
    )
    .await;
    site.save("docs/b.md", &format!("# Beta{LONG}\nChanged words.\n"));
    site.save("docs/a.md", "# Alpha\n\nStill here.\n");
    shows(&client, "Still here.").await;

    run(&client, &format!("{toggle}.click()")).await;
    // The server hears of the switch over the same channel, and answers nothing:
    // what is saved before it has heard leads nowhere.
    let mut turn = 0;
    while run(&client, "return location.pathname").await != "/b/" {
        turn += 1;
        assert!(turn < 500, "the tab does not follow");
        site.save(
            "docs/b.md",
            &format!(
                "# Beta{LONG}
Words, turn {turn}.
"
            ),
        );
    }
    connected(&client).await;
    shows(&client, &format!("turn {turn}.")).await;
    let last = "[...document.querySelectorAll('article p')].at(-1)";
    let in_view = format!(
        "(({{top, bottom}}) => top > 0 && bottom <= innerHeight)({last}.getBoundingClientRect())"
    );
    holds(&client, &in_view).await;
    // On the page itself it goes to the block.
    run(&client, "window.scrollTo({top: 0, behavior: 'instant'})").await;
    site.save("docs/b.md", &format!("# Beta{LONG}\nFinal words.\n"));
    shows(&client, "Final words.").await;
    holds(&client, &in_view).await;
    run(&client, &format!("{toggle}.click()")).await;
    holds(
        &client,
        &format!("{toggle}.getAttribute('aria-pressed') === 'false'"),
    )
    .await;
    client.close().await.expect("it closes");
}

#[test]
fn tabs_are_told_where_to_go() {
    let site = site();
    let server = Server::start(&site.path(""), &["--dev-addr", "127.0.0.1:0", "--follow"]);
    let mut tab = server.tab("a/");
    site.save("docs/b.md", "# Beta\n\nOne.\n\nTwo.\n");
    let event = tab.wait_for("follow");
    assert_eq!(
        (&event["path"], &event["source"], &event["line"]),
        (&"/b/".into(), &"docs/b.md".into(), &3.into())
    );
    site.save("docs/b.md", "# Beta\n\nOne.\n\nTwo.\n");
    site.save("docs/b.md", "# Beta\n\nOne.\n\nThree.\n");
    assert_eq!(tab.wait_for("follow")["line"], 5);
}
