//! Live updates under the scripts of Material for MkDocs, which rewrite much
//! of a page. `PROOFROOM_MATERIAL` names the installed package's folder.

use fantoccini::Client;

use crate::harness::browser::{Driver, all_true, connected, holds, run};
use crate::harness::skip::material;
use crate::harness::{Server, Site};

const CONFIG: &str = "site_name: Example
site_url: http://HOST/
theme:
  name: material
  font: false
  features:
    - navigation.instant
    - content.code.copy
    - content.code.annotate
    - content.tabs.link
    - toc.follow
  palette:
    - scheme: default
      toggle: {icon: material/weather-night, name: Dark}
    - scheme: slate
      toggle: {icon: material/weather-sunny, name: Light}
extra_javascript: [mermaid.js]
plugins: [search]
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables
  - pymdownx.details
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
  - pymdownx.tabbed:
      alternate_style: true
";

/// Stands in for the library that the theme would fetch from the network.
const MERMAID: &str = "window.drawn = [];
window.mermaid = { initialize() {}, async render(id, text) { window.drawn.push(text.trim()); return { svg: `<svg><text>${text}</text></svg>` }; } };
";

const PAGE: &str = "# The page

Some words.

```text
code to copy
```

``` { .py .annotate }
call()  # (1)!
```

1.  A note beside the code.

=== \"One\"

    The first tab.

=== \"Two\"

    The second tab.

??? note \"More\"

    Folded words.

| wide | table |
| ---- | ----- |
| left | right |

```mermaid
graph LR
```

## A heading

Last words.
";

/// Everything that Material adds to the page, each once.
const DRESSED: &str = r##"
    const count = (css) => document.querySelectorAll(css).length;
    return {
      "one button to copy each code": count("article .md-code__nav") === 2 && count("article .md-code__nav button[data-md-type=copy]") === 2,
      "whose target is there": [...document.querySelectorAll(".md-code__nav button")].every((one) => document.querySelector(one.dataset.clipboardTarget)),
      "one note": count("article .md-annotation") === 1 && count("article ol:not([hidden])") === 0,
      "controls of tabs": count("article .tabbed-control") === 2 && count("article .tabbed-labels a a") === 0 && count("article .tabbed-labels a") === 2,
      "one frame round the table": count("article .md-typeset__table") === 1 && count("article .md-typeset__table > table") === 1,
      "the graph": count("article div.mermaid") === 1 && count("article pre.mermaid") === 0,
      "the reader's choice of colours": document.body.dataset.mdColorScheme === "slate",
      "the reader's tab": document.querySelectorAll(".tabbed-set > input")[1].checked,
      "the reader's details": document.querySelector("article details").open,
      "the search": document.querySelector("#__search").checked && document.querySelector(".md-search__input").value === "sought",
      "the page was not loaded": window.mark === "kept",
    };
"##;

const READ: &str = r##"
    window.mark = "kept";
    document.querySelector("label.md-header__button[for=__palette_1]").click();
    document.querySelectorAll(".tabbed-set label")[1].click();
    document.querySelector("article details").open = true;
    document.querySelector("#__search").checked = true;
    document.querySelector(".md-search__input").value = "sought";
    window.graph = document.querySelector("article div.mermaid");
    window.seen = { copy: document.querySelector(".md-code__nav"), table: document.querySelector(".md-typeset__scrollwrap") };
"##;

/// A page under the scripts of Material, as its reader left it.
struct Dressed {
    site: Site,
    config: String,
    client: Client,
    _server: Server,
    _driver: Driver,
}

/// `None`, reported as skipped, where Material is not installed.
async fn dressed() -> Option<Dressed> {
    let material = material()?;
    let site = Site::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n\n[Away](a.md)\n"),
        ("docs/a.md", PAGE),
        ("docs/mermaid.js", MERMAID),
    ]);
    // Pages are exchanged without a load below `site_url` only.
    let host = site.serve().host().to_owned();
    let config = CONFIG.replace("HOST", &host);
    site.write("mkdocs.yml", &config);
    let arguments = ["--dev-addr", &host, "--theme-path", &material];
    let server = Server::start(&site.path(""), &arguments);
    let (driver, client) = Driver::start().await;
    client
        .goto(&format!("{}a/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    let dressed = "document.querySelector('article div.mermaid') && document.querySelector('.md-code__nav') && document.querySelector('.tabbed-labels a') && document.querySelector('.md-annotation')";
    holds(&client, dressed).await;
    run(&client, READ).await;
    holds(&client, "document.body.dataset.mdColorScheme === 'slate'").await;
    all_true(&client, DRESSED).await;
    Some(Dressed {
        site,
        config,
        client,
        _server: server,
        _driver: driver,
    })
}

/// Whether the page shows a text.
fn shows(text: &str) -> String {
    format!("document.querySelector('article').textContent.includes('{text}')")
}

#[tokio::test]
async fn additions_of_material_are_neither_lost_nor_doubled() {
    let Some(Dressed {
        site,
        client,
        _server,
        _driver,
        ..
    }) = dressed().await
    else {
        return;
    };
    // Words: nothing has to be set up again.
    let page = PAGE.replace("Some words.", "Other words.");
    site.save("docs/a.md", &page);
    holds(&client, &shows("Other words.")).await;
    all_true(&client, DRESSED).await;
    let page = page
        .replace("code to copy", "code to fetch")
        .replace("left", "middle")
        .replace("Folded", "Hidden");
    site.save("docs/a.md", &page);
    holds(&client, &shows("code to fetch")).await;
    all_true(&client, DRESSED).await;
    all_true(
        &client,
        "return {
        graph: window.graph.isConnected && window.drawn.length === 1,
        button: window.seen.copy.isConnected,
        table: window.seen.table.isConnected && window.seen.table.textContent.includes('middle'),
    }",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_graph_that_changed_is_drawn_again() {
    let Some(Dressed {
        site,
        client,
        _server,
        _driver,
        ..
    }) = dressed().await
    else {
        return;
    };
    let page = PAGE.replace("graph LR", "graph TD");
    site.save("docs/a.md", &page);
    holds(
        &client,
        "window.drawn.length === 2 && !document.querySelector('article pre.mermaid')",
    )
    .await;
    all_true(&client, DRESSED).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn new_tabs_are_linked_and_new_notes_are_set_up() {
    let Some(Dressed {
        site,
        client,
        _server,
        _driver,
        ..
    }) = dressed().await
    else {
        return;
    };
    let page = PAGE.replace(
        "Some words.",
        "Some words.\n\n=== \"One\"\n\n    Before.\n\n=== \"Two\"\n\n    Before.\n",
    );
    site.save("docs/a.md", &page);
    holds(
        &client,
        "document.querySelectorAll('article .tabbed-labels a').length === 4",
    )
    .await;
    all_true(&client, "return { second: document.querySelectorAll('.tabbed-set')[1].querySelectorAll('input')[1].checked }").await;
    // Linked tabs still move together.
    run(
        &client,
        "document.querySelectorAll('.tabbed-set')[1].querySelectorAll('label')[0].click()",
    )
    .await;
    holds(
        &client,
        "document.querySelectorAll('.tabbed-set')[0].querySelectorAll('input')[0].checked",
    )
    .await;
    site.save("docs/a.md", &page.replace("call()", "recall()"));
    holds(&client, &shows("recall()")).await;
    // A window that is not in front, as on a busy machine, sends no event of
    // its focus.
    holds(
        &client,
        "(note => (note.focus(), note.dispatchEvent(new FocusEvent('focusin', { bubbles: true })), note.textContent.includes('A note beside the code')))(document.querySelector('.md-annotation'))",
    )
    .await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_page_that_the_theme_exchanged_without_a_load_is_followed() {
    let Some(Dressed {
        site,
        client,
        _server,
        _driver,
        ..
    }) = dressed().await
    else {
        return;
    };
    run(&client, "document.querySelector('#__search').checked = false; document.querySelector('.md-header a.md-logo').click()").await;
    holds(&client, &shows("Away")).await;
    assert_eq!(run(&client, "return window.mark").await, "kept");
    site.save("docs/index.md", "# Home\n\nWritten at home.\n");
    holds(&client, &shows("Written at home.")).await;
    assert_eq!(run(&client, "return window.mark").await, "kept");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn another_configuration_reloads_the_page() {
    let Some(Dressed {
        site,
        config,
        client,
        _server,
        _driver,
    }) = dressed().await
    else {
        return;
    };
    // Scripts of the theme read its configuration once.
    site.save("mkdocs.yml", &config.replace("    - toc.follow\n", ""));
    holds(&client, "window.mark === undefined").await;
    client.close().await.expect("it closes");
}
