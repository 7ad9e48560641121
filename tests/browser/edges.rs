//! Pages at the edges of what a theme can show: long words, deep navs, many tabs, narrow
//! windows, colours that the reader forces.

use crate::harness::Site;
use crate::harness::browser::{Driver, all_true, force_colours, holds, is_firefox, narrow, value};

const LONG: &str =
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft";

/// A page with a long word wherever one may stand.
fn page() -> String {
    format!(
        "# {LONG}

{LONG} `{LONG}` [{LONG}](other.md) <https://example.org/{LONG}>

- {LONG}

> {LONG}

!!! note \"{LONG}\"

    {LONG}

{LONG}
:   {LONG}

=== \"{LONG}\"

    {LONG}

``` text title=\"{LONG}\"
{LONG}{LONG}
```

[{LONG}](other.md){{ .md-button }}

++ctrl+alt+shift+enter+page-up+page-down+home+end+insert+delete+backspace+arrow-left+arrow-right++

| {LONG} | `{LONG}` |
| --- | --- |
| a | b |

<div class=\"grid cards linked\" markdown>

- [{LONG}](other.md)

</div>

<div class=\"file-tree\" markdown>

- {LONG}/
    - {LONG}

</div>

A note.[^1]

[^1]: {LONG}

## {LONG}
"
    )
}

#[tokio::test]
async fn nothing_is_wider_than_a_narrow_window() {
    if is_firefox() {
        return;
    }
    for language in ["en", "ar"] {
        let site = Site::new(&[
            (
                "proofroom.toml",
                &format!("site_name = \"{LONG}\"\ntheme.language = \"{language}\"\n"),
            ),
            ("docs/index.md", "# Home\n"),
            ("docs/part/index.md", &format!("# {LONG}\n")),
            ("docs/part/one.md", &page()),
            ("docs/part/other.md", &format!("# {LONG}\n")),
        ]);
        let server = site.serve();
        let (_driver, client) = Driver::start().await;
        for width in [320, 390] {
            narrow(&client, width).await;
            let address = format!("{}part/one/", server.home);
            client.goto(&address).await.expect("it loads");
            holds(&client, "document.readyState === 'complete'").await;
            all_true(
                &client,
                &format!("const root = document.documentElement; return {{ '{language} {width}': root.scrollWidth <= root.clientWidth && root.clientWidth === {width} }};"),
            )
            .await;
        }
        client.close().await.expect("it closes");
    }
}

#[tokio::test]
async fn deep_navs_are_read_and_the_tab_of_the_page_is_in_view() {
    let site = Site::new(&[
        (
            "mkdocs.yml",
            "site_name: Example\ntheme:\n  name: material\n  features: [navigation.tabs]\n",
        ),
        ("docs/index.md", "# Home\n"),
    ]);
    for tab in 0..40 {
        let page = format!("# The tab number {tab}\n");
        site.write(&format!("docs/tab-{tab:02}/index.md"), page);
    }
    let mut folder = "docs/tab-30".to_owned();
    for level in 0..12 {
        folder.push_str(&format!("/level-{level}"));
        let page = format!("# A page with a title at level {level}\n");
        site.write(&format!("{folder}/page.md"), page);
    }
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.set_window_size(1400, 800).await.expect("set");
    let address = folder.replace("docs/", &server.home);
    client
        .goto(&format!("{address}/page/"))
        .await
        .expect("it loads");
    holds(
        &client,
        "document.querySelector('.md-nav--primary a[aria-current=page]')",
    )
    .await;
    all_true(
        &client,
        "const box = (css) => document.querySelector(css).getBoundingClientRect();
         const tab = box('.md-tabs__item--active'), tabs = box('.md-tabs__list');
         return {
           'the tab': tab.left >= tabs.left && tab.right <= tabs.right,
           'the entry': box('.md-nav--primary a[aria-current=page]').width > 100,
         };",
    )
    .await;
    client.close().await.expect("it closes");
}

const SIGNS: &str = "# Signs

A ==marked== word.

!!! note

    Words.

??? tip

    Words.

- [x] done

=== \"One\"

    One.

=== \"Two\"

    Two.

``` text
code
```
";

/// Backgrounds are taken away there, and so would be all that is cut out of one.
#[tokio::test]
async fn signs_are_seen_in_colours_that_the_reader_forces() {
    if is_firefox() {
        return;
    }
    let site = Site::new(&[
        ("docs/index.md", "# Home\n"),
        ("docs/signs.md", SIGNS),
        ("docs/part/one.md", "# One\n"),
        ("proofroom.toml", "site_name = \"Example\"\n"),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.set_window_size(1400, 900).await.expect("set");
    force_colours(&client).await;
    let address = format!("{}signs/", server.home);
    client.goto(&address).await.expect("it loads");
    holds(
        &client,
        "document.querySelector('.md-clipboard') && matchMedia('(forced-colors: active)').matches",
    )
    .await;
    let page = value(&client, "getComputedStyle(document.body).backgroundColor").await;
    all_true(
        &client,
        &format!(
            "const page = {page};
             const sign = (css, part) => getComputedStyle(document.querySelector(css), part).backgroundColor;
             const mark = getComputedStyle(document.querySelector('mark'));
             const edge = (nth) => getComputedStyle(document.querySelector(`.tabbed-labels > label:nth-child(${{nth}})`)).borderBottomColor;
             return {{
               'a note': sign('.admonition-title', '::before') !== page,
               'what folds': sign('summary', '::after') !== page,
               'the nav': sign('.md-nav__icon', '::before') !== page,
               'the button that copies': sign('.md-clipboard', '::before') !== page,
               'a task': sign('.task-list-indicator') !== page,
               'a mark': mark.color !== mark.backgroundColor && mark.backgroundColor !== page,
               'the edge of code': getComputedStyle(document.querySelector('pre > code')).outlineStyle === 'solid',
               'the chosen tab': edge(1) !== edge(2),
             }};"
        ),
    )
    .await;
    client.close().await.expect("it closes");
}

/// Some kinds have wider edges, for whoever sees no colours.
#[tokio::test]
async fn notes_of_all_kinds_have_their_text_at_the_same_place() {
    let kinds = ["note", "failure", "danger", "bug"];
    let notes = kinds.map(|kind| format!("!!! {kind}\n\n    Words.\n\n??? {kind}\n\n    Words.\n"));
    let page = format!("# Notes\n\n{}", notes.join("\n"));
    let site = Site::new(&[
        ("docs/index.md", &page),
        ("proofroom.toml", "site_name = \"Example\"\n"),
    ]);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.goto(&server.home).await.expect("it loads");
    holds(&client, "document.querySelectorAll('details').length === 4").await;
    all_true(
        &client,
        "for (const one of document.querySelectorAll('details')) one.open = true;
         const text = (it) => { const range = new Range(); range.selectNodeContents(it); return range.getBoundingClientRect().left; };
         const even = (css) => { const lefts = [...document.querySelectorAll(css)].map(text); return lefts.length === 4 && Math.max(...lefts) - Math.min(...lefts) < 1; };
         const box = (it) => it.getBoundingClientRect();
         return {
           titles: even('.admonition-title'),
           summaries: even('summary'),
           texts: even('.admonition > p:last-child'),
           'within their edges': [...document.querySelectorAll('.admonition-title, summary')].every((it) => Math.abs(box(it).left - box(it.parentElement).left - it.parentElement.clientLeft) < 1),
         };",
    )
    .await;
    client.close().await.expect("it closes");
}
