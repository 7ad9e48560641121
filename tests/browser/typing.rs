//! What the reader writes and selects stays while the page changes around it.

use fantoccini::Client;
use fantoccini::key::Key;
use serde_json::json;

use crate::harness::browser::{Driver, compose, connected, holds, is_firefox, run, value};
use crate::harness::{Server, Site};

const PAGE: &str = "# Home

<div id=\"box\"><p>Words around. <input name=\"word\"> <textarea name=\"t\"></textarea> More words.</p></div>

<p>Edit <span contenteditable id=\"note\">this text</span> here.</p>

Some words to choose from, and to choose from again.

End.
";

/// Edits of the block of the fields and of what it is in, each with its name.
fn edits() -> Vec<(&'static str, String)> {
    let with = |pairs: &[(&str, &str)]| {
        let replace = |page: String, (old, new): &(&str, &str)| page.replace(old, new);
        pairs.iter().fold(PAGE.to_owned(), replace)
    };
    let (before, fields) = PAGE.split_once("<div").expect("it is there");
    let (fields, rest) = fields.split_once("\n\n").expect("it is there");
    vec![
        ("words", with(&[("Words around", "Other words around")])),
        (
            "another element",
            with(&[
                ("<div id=\"box\"><p>", "<section><blockquote>"),
                ("</p></div>", "</blockquote></section>"),
            ]),
        ),
        (
            "a parent more",
            with(&[
                ("<div id=\"box\">", "<div class=\"new\"><div id=\"box\">"),
                ("</p></div>", "</p></div></div>"),
            ]),
        ),
        (
            "a field more",
            with(&[("<input", "<input name=\"z\"> <input")]),
        ),
        (
            "another place",
            format!(
                "{before}First.\n\n{}<div{fields}\n\nEnd.\n",
                rest.replace("End.\n", "")
            ),
        ),
    ]
}

async fn open() -> (Site, Server, Driver, Client) {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: Example\n"),
        ("docs/index.md", PAGE),
    ]);
    let server = site.serve();
    let (driver, client) = Driver::start().await;
    (site, server, driver, client)
}

/// Saves a page with other last words, and waits for it.
async fn save(site: &Site, client: &Client, page: &str) {
    site.save("docs/index.md", &page.replace("End.", "The end."));
    holds(client, "document.body.textContent.includes('The end.')").await;
}

/// Loads the page as it was.
async fn begin(site: &Site, server: &Server, client: &Client) {
    site.save("docs/index.md", PAGE);
    client.goto(&server.home).await.expect("it loads");
    while run(
        client,
        "return document.body.textContent.includes('The end.')",
    )
    .await
        == true
    {
        client.refresh().await.expect("it loads");
    }
    connected(client).await;
}

#[tokio::test]
async fn what_is_being_composed_survives_a_patch_of_its_block_and_its_parents() {
    let (site, server, _driver, client) = open().await;
    for (name, page) in edits() {
        begin(&site, &server, &client).await;
        run(
            &client,
            "window.q = document.querySelector('[name=word]'); q.value = 'typed '; q.focus(); q.setSelectionRange(6, 6); document.querySelector('[name=t]').value = 'more'",
        )
        .await;
        // Firefox cannot be told to compose.
        let composed = if is_firefox() {
            "typed "
        } else {
            compose(&client, "にほ").await;
            "typed にほ"
        };
        save(&site, &client, &page).await;
        let state = "[q.isConnected, document.activeElement === q, q === document.querySelector('[name=word]'), q.value, q.selectionStart, document.querySelector('[name=t]').value]";
        let length = composed.chars().count();
        let expected = json!([true, true, true, composed, length, "more"]);
        assert_eq!(value(&client, state).await, expected, "{name}");
        if !is_firefox() {
            compose(&client, "日本").await;
            assert_eq!(value(&client, "q.value").await, "typed 日本", "{name}");
        }
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn what_is_written_into_the_page_itself_stays() {
    let (site, server, _driver, client) = open().await;
    for (name, page) in edits() {
        begin(&site, &server, &client).await;
        run(&client, "const note = document.querySelector('#note'); note.focus(); getSelection().selectAllChildren(note); getSelection().collapseToEnd()").await;
        let note = client.active_element().await.expect("one");
        note.send_keys(&format!("{}!", char::from(Key::End)))
            .await
            .expect("typed");
        let page = page.replace("<p>Edit <span", "<p>Edit it: <span");
        save(&site, &client, &page).await;
        holds(
            &client,
            "document.querySelector('article').textContent.includes('Edit it:')",
        )
        .await;
        let state = "[document.querySelector('#note').textContent, document.activeElement.id]";
        assert_eq!(
            value(&client, state).await,
            json!(["this text!", "note"]),
            "{name}"
        );
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_selection_stays_on_its_words() {
    let (site, server, _driver, client) = open().await;
    for (old, new) in [
        ("Some words", "Some **bold** words"),
        ("Some words", "- Some words"),
        ("Some words", "> Some words"),
        ("Some words", "New.\n\nSome words"),
        ("and to choose from", "*and* to *choose* from"),
        ("to choose from again", "again"),
    ] {
        begin(&site, &server, &client).await;
        // The second of two, backwards.
        run(
            &client,
            "const text = [...document.querySelectorAll('article p')].at(-2).firstChild; const at = text.nodeValue.lastIndexOf('choose from'); getSelection().setBaseAndExtent(text, at + 11, text, at)",
        )
        .await;
        save(&site, &client, &PAGE.replace(old, new)).await;
        let state = "[getSelection().toString(), getSelection().focusNode.nodeValue !== null && getSelection().getRangeAt(0).startContainer === getSelection().focusNode]";
        holds(&client, &format!("{state}[0] === 'choose from'")).await;
        let last = "((range) => { const after = range.cloneRange(); after.collapse(false); after.setEndAfter(range.commonAncestorContainer.closest?.('p, li') ?? range.commonAncestorContainer.parentElement.closest('p, li')); return after.toString().trim(); })(getSelection().getRangeAt(0))";
        let rest = value(&client, last).await;
        let expected = if new == "again" {
            ", and again."
        } else {
            "again."
        };
        assert_eq!(rest, expected, "{new}");
        assert_eq!(
            value(&client, state).await,
            json!(["choose from", true]),
            "{new}"
        );
    }
    client.close().await.expect("it closes");
}
