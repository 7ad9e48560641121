//! Pages of the built-in theme, examined by axe.

use std::fs;

use fantoccini::Client;
use serde_json::json;

use crate::harness::Site;
use crate::harness::browser::{Driver, holds, run};
use crate::harness::npm;

const CONFIG: &str = "site_name: Example
repo_url: https://github.com/example/example
repo_name: example/example
copyright: Someone
theme:
  language: LANGUAGE
  features: [navigation.tabs, navigation.indexes, navigation.path, navigation.top, navigation.footer, content.code.copy, content.code.select, content.code.annotate, content.tooltips, search.suggest, search.share]
extra:
  alternate:
    - {name: English, link: /, lang: en}
    - {name: Deutsch, link: /de/, lang: de}
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc: {permalink: true}
  - pymdownx.critic
  - pymdownx.caret
  - pymdownx.tilde
  - pymdownx.mark
  - pymdownx.keys
  - pymdownx.details
  - pymdownx.tasklist: {custom_checkbox: true}
  - pymdownx.highlight: {anchor_linenums: true, line_spans: __span}
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
";

const SPECIMEN: &str = "# Specimen

~~a~~ ^^b^^ ==c== {--d--} {++e++} ++ctrl+k++, [a link](part/one.md \"A title\"), `code` and HTML[^1].

*[HTML]: Hyper Text Markup Language

[^1]: A footnote.

``` py linenums=\"1\" hl_lines=\"2\" title=\"a.py\"
import a  # a comment
b = \"LONG\", 1.5, None
def c(d: int) -> str: return f\"{d}\"
```

``` yaml
a: 1 # (1)!
```

1.  An annotation.

| one | two |
| --- | --- |
| `a` | LONG |

- [x] done
- [ ] to do

Term
:   What it is.

> A quotation.

!!! note
    Text.

!!! failure
    Text.

!!! danger
    Text.

!!! bug
    Text.

??? tip \"Folded\"
    Text.

=== \"One\"

    First.

=== \"Two\"

    Second.

[A button](part/one.md){ .md-button } [Another](part/one.md){ .md-button .md-button--primary }

<div class=\"grid cards\" markdown>

- A card
- Another

</div>

## A heading

Words.
";

/// The script of axe; `None` if it cannot be had.
pub fn axe() -> Option<String> {
    let axe = npm::package("axe-core@4.10.3")?;
    Some(fs::read_to_string(axe.join("axe.min.js")).expect("its script"))
}

/// Chooses the light or the dark colours, at once.
pub async fn choose_colours(client: &Client, scheme: &str) {
    let choose = format!(
        "document.head.insertAdjacentHTML('beforeend', '<style>* {{ transition: none !important }}</style>'); const inputs = [...document.querySelectorAll('[data-md-component=palette] input')]; inputs.at('{scheme}' === 'slate' ? -1 : -2)?.click()"
    );
    run(client, &choose).await;
    holds(
        client,
        &format!("document.body.dataset.mdColorScheme === '{scheme}'"),
    )
    .await;
}

/// What axe has to say of the page, and of what the server adds to it if `of_server`.
pub async fn faults(client: &Client, axe: &str, of_server: bool) -> Vec<String> {
    run(
        client,
        &format!(
            "if (!window.axe) {{ const script = document.createElement('script'); script.textContent = {}; document.head.append(script); script.remove(); }}",
            json!(axe)
        ),
    )
    .await;
    let excluded = if of_server {
        ""
    } else {
        "['proofroom-overlay'], ['proofroom-ages'], ['proofroom-review']"
    };
    let script = format!(
        "const done = arguments[0]; axe.run({{ exclude: [{excluded}] }}, {{ resultTypes: ['violations'] }}).then(({{ violations }}) => done(violations.map(({{ id, nodes }}) => `${{id}}: ${{nodes.map(({{ html }}) => html.slice(0, 120)).slice(0, 3).join(' ')}}`)), (error) => done([`${{error}}`]))"
    );
    let found = client.execute_async(&script, Vec::new()).await;
    serde_json::from_value(found.expect("it runs")).expect("a list")
}

#[tokio::test]
async fn axe_finds_no_fault() {
    let Some(axe) = axe() else { return };
    for language in ["en", "ar"] {
        let specimen = SPECIMEN.replace("LONG", &"long, ".repeat(60));
        let site = Site::new(&[
            ("mkdocs.yml", &CONFIG.replace("LANGUAGE", language)),
            ("docs/index.md", &specimen),
            ("docs/part/index.md", "# Part\n\nWords.\n"),
            (
                "docs/part/one.md",
                "# One\n\nWords.\n\n## Below\n\nWords.\n",
            ),
            ("docs/part/deep/index.md", "# Deep\n"),
            ("docs/part/deep/two.md", "# Two\n"),
        ]);
        let server = site.serve();
        let (_driver, client) = Driver::start().await;
        let mut found = Vec::new();
        for width in [1400, 500] {
            client.set_window_size(width, 900).await.expect("set");
            for scheme in ["default", "slate"] {
                for page in ["", "part/", "part/one/", "nowhere"] {
                    let address = format!("{}{page}", server.home);
                    client.goto(&address).await.expect("it loads");
                    choose_colours(&client, scheme).await;
                    let place = format!("{language} {width} {scheme} /{page}");
                    let mut note = |what: &str, faults: Vec<String>| {
                        found.extend(faults.iter().map(|it| format!("{place}{what} {it}")));
                    };
                    note("", faults(&client, &axe, false).await);
                    if page != "part/one/" {
                        continue;
                    }
                    if width < 800 {
                        run(
                            &client,
                            "document.querySelector('.md-header [for=__drawer]').click()",
                        )
                        .await;
                        holds(
                            &client,
                            "document.activeElement.closest('.md-sidebar--primary')",
                        )
                        .await;
                        note(" drawer", faults(&client, &axe, false).await);
                        run(&client, "document.querySelector('#__drawer').click(); document.querySelector('.md-header [for=__search]').click()").await;
                    }
                    run(&client, "const field = document.querySelector('[data-md-component=search-query]'); field.focus(); field.value = 'words'; field.dispatchEvent(new Event('input', { bubbles: true }))").await;
                    holds(
                        &client,
                        "document.querySelector('.md-search-result__link')?.checkVisibility()",
                    )
                    .await;
                    note(" search", faults(&client, &axe, false).await);
                }
            }
        }
        assert!(found.is_empty(), "{found:#?}");
        client.close().await.expect("it closes");
    }
}
