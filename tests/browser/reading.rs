//! Reading a page of the built-in theme: with the keyboard, from a link, on paper.

use fantoccini::Client;
use fantoccini::key::Key;
use serde_json::json;

use crate::harness::browser::{Driver, all_true, as_printed, holds, is_firefox, press, run, value};
use crate::harness::{Server, Site};

const CONFIG: &str = "site_name: Example
theme:
  features: [navigation.indexes, navigation.tracking]
markdown_extensions:
  - admonition
  - attr_list
  - tables
  - pymdownx.critic
  - pymdownx.caret
  - pymdownx.tilde
  - pymdownx.superfences
  - pymdownx.highlight: {anchor_linenums: true, line_spans: __span}
  - pymdownx.tabbed: {alternate_style: true}
";

fn home() -> String {
    let long = "word, ".repeat(60);
    let name = "a_name_that_is_longer_than_the_column_of_its_table";
    let mut page = format!(
        "# Home

~~a~~ ^^b^^ {{--c--}} {{++d++}} ![light](a.svg#only-light) ![dark](a.svg#only-dark)

``` {{ .text linenums=\"1\" }}
{long}
second
```

```text
short
```

| code | text |
| ---- | ---- |
| `redirects` | {long} |
| `{name}` | `{name}` `{name}` `{name}` |

!!! failure
    Text

!!! danger
    Text

!!! bug
    Text

=== \"One\"

    First.

=== \"Two\"

    Second.
"
    );
    for number in 1..40 {
        page.push_str(&format!("\n## Heading {number}\n\nWords.\n\nWords.\n"));
    }
    page
}

async fn open(config: &str, below: &str, size: (u32, u32)) -> (Site, Server, Driver, Client) {
    let site = Site::new(&[
        ("mkdocs.yml", config),
        ("docs/index.md", &home()),
        ("docs/part/index.md", "# Part\n\nWords.\n"),
        ("docs/part/one.md", "# One\n\nWords.\n\n## Below\n"),
        (
            "docs/a.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        ),
    ]);
    let server = site.serve();
    let (driver, client) = Driver::start().await;
    client.set_window_size(size.0, size.1).await.expect("set");
    let address = format!("{}{below}", server.home);
    client.goto(&address).await.expect("it loads");
    (site, server, driver, client)
}

const WIDE: (u32, u32) = (1400, 800);
const NARROW: (u32, u32) = (500, 800);

#[tokio::test]
async fn what_scrolls_is_a_tab_stop_and_lines_of_code_are_not() {
    let (_site, _server, _driver, client) = open(CONFIG, "", WIDE).await;
    holds(
        &client,
        "document.querySelector('.linenodiv a').tabIndex === -1",
    )
    .await;
    all_true(
        &client,
        "const code = [...document.querySelectorAll('article pre > code')];
         const lines = [...document.querySelectorAll('article pre a[href]')];
         const table = document.querySelector('article .md-typeset__table, article table:not(.highlighttable)');
         return {
           long: code[0].tabIndex === 0,
           short: code[1].tabIndex === -1,
           lines: lines.length >= 3 && lines.every((line) => line.tabIndex === -1),
           table: table.scrollWidth > table.clientWidth && table.tabIndex === 0,
           words: [...table.querySelectorAll('td code')].every((code) => code.getClientRects().length === 1),
         };",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_link_to_a_heading_leads_there_at_once_and_the_address_stays() {
    let (_site, server, _driver, client) = open(CONFIG, "part/one/", WIDE).await;
    // Asked within the event, before anything could be animated.
    let address = format!("{}#heading-20", server.home);
    client.goto(&address).await.expect("it loads");
    let top = "document.querySelector('#heading-20').getBoundingClientRect().top";
    holds(&client, &format!("{top} > 0 && {top} < 200")).await;
    // The page has looked where its reader is.
    let active = "document.querySelector('.md-nav--secondary .md-nav__link--active')?.hash";
    holds(&client, &format!("{active} === '#heading-20'")).await;
    assert_eq!(value(&client, "location.hash").await, "#heading-20");
    holds(
        &client,
        "document.documentElement.classList.contains('md-smooth')",
    )
    .await;
    // What scripts scroll leaves the address alone, too.
    run(&client, "scrollTo({ top: 0, behavior: 'instant' })").await;
    holds(&client, &format!("{active} !== '#heading-20'")).await;
    assert_eq!(value(&client, "location.hash").await, "#heading-20");
    // A reader who scrolls takes it along.
    run(&client, "document.activeElement.blur()").await;
    press(&client, &[Key::End.into()]).await;
    holds(&client, "/heading-3\\d/.test(location.hash)").await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_skip_link_leads_to_the_text() {
    let (_site, _server, _driver, client) = open(CONFIG, "", WIDE).await;
    run(&client, "document.querySelector('.md-skip').focus()").await;
    press(&client, &[Key::Enter.into()]).await;
    holds(&client, "location.hash === '#__content'").await;
    press(&client, &[Key::Tab.into()]).await;
    holds(&client, "document.activeElement.closest('.md-content')").await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_section_with_a_page_has_a_link_and_beside_it_a_button() {
    for language in ["en", "ar"] {
        let config = CONFIG.replace("theme:\n", &format!("theme:\n  language: {language}\n"));
        let (_site, _server, _driver, client) = open(&config, "", WIDE).await;
        all_true(
            &client,
            "const side = document.querySelector('.md-sidebar--primary');
             const fold = side.querySelector('summary'), link = side.querySelector('a[href$=\"part/\"]');
             const turn = () => getComputedStyle(fold.querySelector('.md-icon'), '::before').transform;
             const isRtl = document.documentElement.dir === 'rtl';
             const [a, b] = [link, fold].map((it) => it.getBoundingClientRect());
             fold.querySelector('.md-icon').style.setProperty('transition', 'none');
             const closed = turn();
             return {
               beside: !fold.contains(link) && !link.contains(fold),
               'nothing in it is a control': !fold.querySelector('a, button, input'),
               'on one line': b.top >= a.top - 1 && b.bottom <= a.bottom + 1,
               'at its end': isRtl ? b.left <= a.left + 1 : b.right >= a.right - 1,
               'has its name': document.getElementById(fold.getAttribute('aria-labelledby')) === link,
               'points into the list': closed.startsWith(isRtl ? 'matrix(0, 1, -1, 0' : 'matrix(0, -1, 1, 0') || closed.includes(isRtl ? ', 1, -1,' : ', -1, 1,'),
               direction: isRtl === (document.documentElement.lang === 'ar'),
             };",
        )
        .await;
        client.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn the_drawer_opens_by_enter_and_what_is_behind_it_is_out_of_reach() {
    let (_site, _server, _driver, client) = open(CONFIG, "", NARROW).await;
    let opener = "document.querySelector('.md-header [for=__drawer] > [role=button]')";
    run(&client, &format!("{opener}.focus()")).await;
    press(&client, &[Key::Enter.into()]).await;
    holds(&client, "document.querySelector('#__drawer').checked && getComputedStyle(document.querySelector('.md-sidebar--primary')).visibility === 'visible'").await;
    for _ in 0..3 {
        press(&client, &[Key::Tab.into()]).await;
        holds(
            &client,
            "document.activeElement.closest('.md-sidebar--primary')",
        )
        .await;
    }
    all_true(
        &client,
        "return Object.fromEntries(['.md-header', '.md-content', '.md-footer', '.md-skip'].map((css) => [css, document.querySelector(css).inert]))",
    )
    .await;
    press(&client, &[Key::Escape.into()]).await;
    holds(
        &client,
        &format!("!document.querySelector('[inert]') && !document.querySelector('#__drawer').checked && document.activeElement === {opener}"),
    )
    .await;
    // In a window that has room for the contents, nothing is behind them.
    press(&client, &[Key::Enter.into()]).await;
    holds(&client, "document.querySelector('.md-header').inert").await;
    client.set_window_size(WIDE.0, WIDE.1).await.expect("set");
    holds(&client, "!document.querySelector('[inert]')").await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn marks_and_pictures_look_as_they_are_meant() {
    let (_site, _server, _driver, client) = open(CONFIG, "", WIDE).await;
    for (scheme, shown) in [("default", "light"), ("slate", "dark")] {
        run(
            &client,
            &format!("document.body.dataset.mdColorScheme = '{scheme}'"),
        )
        .await;
        let pictures = "[...document.querySelectorAll('article img')].filter((it) => it.checkVisibility()).map((it) => it.alt).join()";
        assert_eq!(value(&client, pictures).await, json!(shown), "{scheme}");
        all_true(
            &client,
            "const paper = (css) => getComputedStyle(document.querySelector(css)).backgroundColor;
             const none = 'rgba(0, 0, 0, 0)';
             const edge = (css) => { const it = getComputedStyle(document.querySelector(css)); return it.borderInlineStartStyle + it.borderInlineStartWidth; };
             return {
               deleted: paper('del:not(.critic)') === none, inserted: paper('ins:not(.critic)') === none,
               'to delete': paper('del.critic') !== none, 'to insert': paper('ins.critic') !== none,
               edges: new Set(['.failure', '.danger', '.bug'].map(edge)).size === 3,
             };",
        )
        .await;
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn printed_tabs_stand_below_their_labels() {
    // Firefox cannot be told to.
    if is_firefox() {
        return;
    }
    let (_site, _server, _driver, client) = open(CONFIG, "", WIDE).await;
    run(&client, "document.body.dataset.mdColorScheme = 'slate'").await;
    as_printed(&client).await;
    all_true(
        &client,
        "const tops = ['.tabbed-labels > :nth-child(1)', '.tabbed-block:nth-child(1)', '.tabbed-labels > :nth-child(2)', '.tabbed-block:nth-child(2)'].map((css) => document.querySelector(css)).map((it) => it.checkVisibility() && it.getBoundingClientRect().top);
         const dark = getComputedStyle(document.querySelector('article pre > code')).color.match(/\\d+/g).map(Number);
         return {
           'all are shown': tops.every((top) => top !== false),
           'in this order': tops.every((top, at) => at === 0 || top > tops[at - 1]),
           'code is dark on paper': Math.max(...dark) < 100,
         };",
    )
    .await;
    client.close().await.expect("it closes");
}
