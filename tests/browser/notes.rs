//! Notes beside the text of the built-in theme: annotations, tooltips, footnotes, lines of code.

use fantoccini::Client;
use fantoccini::key::Key;
use serde_json::json;

use crate::harness::browser::{
    Driver, all_true, as_printed, connected, holds, is_firefox, press, run, value,
};
use crate::harness::{Server, Site};

const CONFIG: &str = "site_name: Example
theme:
  features: [FEATURES]
extra:
  annotate: {json: [.s2]}
markdown_extensions:
  - abbr
  - attr_list
  - footnotes
  - md_in_html
  - tables
  - pymdownx.superfences
  - pymdownx.highlight: {anchor_linenums: true, line_spans: __span, pygments_lang_class: true}
";

const PAGE: &str = "# The page

Words (1) and more (2) and none (9).
{ .annotate }

1.  First, with `code`. (1)
    { .annotate }

    1.  Within the first.

2.  Second.

<div class=\"annotate\" markdown>

| a | b |
| - | - |
| in a table (1) | - in a list |

</div>

1.  Of the table.

``` { .yaml .annotate }
a: 1 # (1)!
b: 2 # see (1) there
```

1.  Of the code.

``` json
{\"key\": \"value (1)\"}
```

1.  Of a string.

A [link](#here \"Its title\") and an HTML. Text[^1].

## Here

*[HTML]: Hyper Text Markup Language

[^1]: A footnote with [a link](#here).
";

async fn open(features: &str, below: &str) -> (Site, Server, Driver, Client) {
    let site = Site::new(&[
        ("mkdocs.yml", &CONFIG.replace("FEATURES", features)),
        ("docs/index.md", PAGE),
        ("docs/plain.md", "# Plain\n\nWords.\n"),
    ]);
    let server = site.serve();
    let (driver, client) = Driver::start().await;
    client.set_window_size(1300, 900).await.expect("set");
    let address = format!("{}{below}", server.home);
    client.goto(&address).await.expect("it loads");
    connected(&client).await;
    (site, server, driver, client)
}

/// The texts of what is open above the page.
const OPEN: &str = "[...document.querySelectorAll(':popover-open')].map((it) => it.innerText.replace(/\\s+/g, ' ').trim()).join('|')";

/// Puts the focus on a marker, by its number on the page from 0.
async fn come_to(client: &Client, nth: usize) {
    let script = format!("document.querySelectorAll('.md-annotation')[{nth}].focus()");
    run(client, &script).await;
}

#[tokio::test]
async fn annotations_open_where_their_markers_are() {
    let (_site, _server, _driver, client) = open("content.code.annotate", "").await;
    let markers = "[...document.querySelectorAll('.md-annotation')].map((it) => it.innerText)";
    assert_eq!(
        value(&client, markers).await,
        json!(["1", "2", "1", "1", "1", "1", "1"])
    );
    all_true(
        &client,
        "const items = [...document.querySelectorAll('.md-annotation-list > li')];
         const code = document.querySelector('.language-yaml code, .highlight code');
         return {
           'their items are closed': items.length === 6 && items.every((it) => !it.checkVisibility()),
           'what stands for nothing stays': document.querySelector('article p').innerText.includes('(9)'),
           'a comment is replaced or stays': code.innerText.includes('# see') && !code.innerText.includes('# 1'),
           'they have names': [...document.querySelectorAll('.md-annotation')].every((it) => it.ariaLabel === 'Note 1' || it.ariaLabel === 'Note 2'),
           'no text is left of markers': !/\\(1\\)/.test(document.querySelector('article').innerText),
         };",
    )
    .await;
    // With the keyboard, and one within another.
    come_to(&client, 0).await;
    press(&client, &[Key::Enter.into()]).await;
    holds(&client, &format!("{OPEN} === 'First, with code. 1'")).await;
    holds(
        &client,
        "(([a, b]) => b.top >= a.bottom && b.top < a.bottom + 30 && b.left < a.right)([document.querySelector('.md-annotation'), document.querySelector(':popover-open')].map((it) => it.getBoundingClientRect()))",
    )
    .await;
    press(&client, &[Key::Tab.into()]).await;
    holds(
        &client,
        "document.activeElement.matches(':popover-open .md-annotation')",
    )
    .await;
    press(&client, &[Key::Enter.into()]).await;
    holds(
        &client,
        &format!("{OPEN} === 'First, with code. 1 Within the first.|Within the first.'"),
    )
    .await;
    press(&client, &[Key::Escape.into()]).await;
    holds(&client, &format!("{OPEN} === 'First, with code. 1'")).await;
    press(&client, &[Key::Escape.into()]).await;
    holds(&client, &format!("{OPEN} === ''")).await;
    for (nth, text) in [
        (3, "Of the table."),
        (4, "Of the code."),
        (5, "Of the code."),
        (6, "Of a string."),
    ] {
        come_to(&client, nth).await;
        press(&client, &[' ']).await;
        holds(&client, &format!("{OPEN} === '{text}'")).await;
        press(&client, &[Key::Escape.into()]).await;
        holds(&client, &format!("{OPEN} === ''")).await;
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn annotations_are_a_list_on_paper_and_without_their_feature() {
    let (_site, server, _driver, client) = open("content.code.copy", "").await;
    let lists = "[...document.querySelectorAll('article > ol > li')].filter((it) => it.checkVisibility()).map((it) => it.innerText.trim())";
    // Only blocks that ask for it have markers.
    assert_eq!(value(&client, lists).await, json!(["Of a string."]));
    if !is_firefox() {
        as_printed(&client).await;
        let all = value(&client, lists).await;
        assert_eq!(all.as_array().expect("a list").len(), 5, "{all}");
    }
    // A page without any of it loads nothing for it.
    let address = format!("{}plain/", server.home);
    client.goto(&address).await.expect("it loads");
    let loaded = "document.querySelectorAll('[src*=\"js/notes.\"], [href*=\"css/notes.\"]').length";
    assert_eq!(value(&client, loaded).await, json!(0));
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn an_edit_brings_the_first_annotation_and_changes_it() {
    let (site, _server, _driver, client) = open("content.code.copy", "plain/").await;
    site.save(
        "docs/plain.md",
        "# Plain\n\nWords (1).\n{ .annotate }\n\n1.  A note.\n",
    );
    holds(
        &client,
        "document.querySelectorAll('.md-annotation').length === 1",
    )
    .await;
    site.save(
        "docs/plain.md",
        "# Plain\n\nOther words (1).\n{ .annotate }\n\n1.  Another note.\n",
    );
    holds(&client, "document.querySelector('.md-annotation-list > li').textContent.includes('Another') && document.querySelector('article p').innerText.includes('Other')").await;
    holds(
        &client,
        "document.querySelectorAll('.md-annotation').length === 1 && !document.querySelector('article p').innerText.includes('(1)')",
    )
    .await;
    run(&client, "document.querySelector('.md-annotation').click()").await;
    holds(&client, &format!("{OPEN} === 'Another note.'")).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn titles_and_footnotes_are_shown_to_who_comes_to_them() {
    let features = "content.tooltips, content.footnote.tooltips";
    let (_site, _server, _driver, client) = open(features, "").await;
    let link = "document.querySelector('article p a[href=\"#here\"]')";
    let point = |css: &str| {
        format!(
            "document.querySelector('{css}').dispatchEvent(new PointerEvent('pointerover', {{ bubbles: true, pointerType: 'mouse' }}))"
        )
    };
    run(&client, &point("article abbr")).await;
    holds(&client, &format!("{OPEN} === 'Hyper Text Markup Language'")).await;
    // The browser does not show it too, and the page is as it was afterwards.
    holds(&client, "!document.querySelector('article abbr').title").await;
    press(&client, &[Key::Escape.into()]).await;
    holds(
        &client,
        &format!(
            "{OPEN} === '' && document.querySelector('article abbr').title === 'Hyper Text Markup Language'"
        ),
    )
    .await;
    run(
        &client,
        "document.querySelector('article .headerlink, article .md-annotation, article a').focus()",
    )
    .await;
    // By keyboard.
    run(
        &client,
        &format!("{link}.closest('p').tabIndex = -1; {link}.closest('p').focus()"),
    )
    .await;
    press(&client, &[Key::Tab.into()]).await;
    holds(
        &client,
        &format!(
            "{OPEN} === 'Its title' && {link}.getAttribute('aria-describedby') === '__tooltip'"
        ),
    )
    .await;
    press(&client, &[Key::Tab.into()]).await;
    holds(&client, &format!("{OPEN} === 'A footnote with a link.'")).await;
    run(&client, &point("h1")).await;
    holds(
        &client,
        &format!("{OPEN} === '' && {link}.title === 'Its title'"),
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn lines_of_code_are_chosen_and_linked() {
    let (_site, server, _driver, client) = open("content.code.select", "").await;
    let chosen =
        "[...document.querySelectorAll('.md-code__line--selected')].map((it) => it.id).join()";
    run(
        &client,
        "document.querySelector('.md-code__select').focus()",
    )
    .await;
    press(&client, &[Key::Enter.into()]).await;
    run(
        &client,
        "document.querySelector('article code > span[id]').click()",
    )
    .await;
    holds(
        &client,
        &format!("{chosen} === '__span-0-1' && location.hash === '#__codelineno-0-1'"),
    )
    .await;
    press(&client, &[Key::Shift.into(), Key::Down.into()]).await;
    holds(
        &client,
        &format!("{chosen} === '__span-0-1,__span-0-2' && location.hash === '#__codelineno-0-1:2'"),
    )
    .await;
    let address = format!("{}#__codelineno-0-2:2", server.home);
    client.goto("about:blank").await.expect("it loads");
    client.goto(&address).await.expect("it loads");
    holds(&client, &format!("{chosen} === '__span-0-2'")).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn links_show_what_they_lead_to() {
    let features = "navigation.instant, navigation.instant.preview";
    let (site, _server, _driver, client) = open(features, "plain/").await;
    site.save(
        "docs/plain.md",
        "# Plain\n\n[The page](index.md), [a part](index.md#here), [below](#below), [away](https://example.org/).\n\n## Below\n\nLast words.\n\n![a](a.svg)\n\n## Then\n",
    );
    let point = |text: &str| {
        format!(
            "[...document.querySelectorAll('article a')].find((it) => it.textContent === '{text}').dispatchEvent(new PointerEvent('pointerover', {{ bubbles: true, pointerType: 'mouse' }}))"
        )
    };
    holds(
        &client,
        "[...document.querySelectorAll('article a')].length > 3",
    )
    .await;
    for (text, shown) in [
        ("below", "Below Last words."),
        ("a part", "Here"),
        ("The page", "The page Words 1 and more 2 and none (9)."),
    ] {
        // The page that is pointed to is as the server sent it, without its buttons.
        let shown = shown.replace(" 1 and more 2 ", " (1) and more (2) ");
        run(&client, &point(text)).await;
        holds(&client, &format!("{OPEN}.startsWith('{shown}')")).await;
        holds(&client, &format!("!{OPEN}.includes('Then')")).await;
    }
    // Addresses in it lead to where they led, and names are there once.
    all_true(
        &client,
        "const tip = document.querySelector(':popover-open');
         return {
           links: tip.querySelector('a') && [...tip.querySelectorAll('a')].every((it) => it.href.startsWith(location.origin + '/#')),
           names: !tip.querySelector('[id], [name]'),
         };",
    )
    .await;
    run(&client, &point("away")).await;
    holds(&client, &format!("{OPEN} === ''")).await;
    client.close().await.expect("it closes");
}
