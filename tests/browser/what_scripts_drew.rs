//! What scripts without the theme's announcement have drawn is drawn again after an edit,
//! and what is nothing to them is patched.

use fantoccini::Client;

use crate::harness::browser::{Driver, all_true, connected, holds, run, value};
use crate::harness::skip::material;
use crate::harness::{Server, Site};

/// Draws charts from their texts and from attributes, makes tables sortable, and counts.
const SCRIPT: &str = r#"
document.addEventListener("DOMContentLoaded", () => {
  for (const chart of document.querySelectorAll(".chart")) {
    chart.replaceChildren(...chart.textContent.trim().split(",").map((it) => Object.assign(document.createElement("b"), { title: it })));
  }
  for (const plot of document.querySelectorAll("[data-values]")) {
    plot.append(Object.assign(document.createElement("canvas"), { title: plot.dataset.values }));
  }
  for (const head of document.querySelectorAll("th")) {
    head.setAttribute("role", "button");
    head.addEventListener("click", () => {
      const rows = head.closest("table").tBodies[0];
      rows.append(...[...rows.children].reverse());
    });
  }
  for (const counter of document.querySelectorAll(".counter")) {
    const button = Object.assign(document.createElement("button"), { textContent: "0" });
    button.addEventListener("click", () => { button.textContent = String(Number(button.textContent) + 1); });
    counter.append(button);
  }
});
"#;

const PAGE: &str = "# Page

First words.

=== \"One\"

    first

=== \"Two\"

    second

??? note \"More\"

    Folded.

<input id=\"field\">

<div class=\"counter\"></div>

<div class=\"chart\">1,2,3</div>

<div data-values=\"4,5\"></div>

| a | b |
| - | - |
| 1 | x |
| 2 | y |

FILLER

## Heading

Last words.
";

struct Drawn {
    site: Site,
    client: Client,
    text: String,
    _server: Server,
    _driver: Driver,
}

impl Drawn {
    async fn new(theme: &str, arguments: &[&str], page: &str) -> Self {
        let config = format!(
            "site_name: Example\ntheme: {{name: {theme}, font: false}}\nextra_javascript: [draw.js]\n\
             markdown_extensions: [tables, md_in_html, pymdownx.details, pymdownx.superfences, {{pymdownx.tabbed: {{alternate_style: true}}}}]\n"
        );
        let text = page.replace("FILLER", &"Words to scroll past.\n\n".repeat(40));
        let site = Site::new(&[
            ("mkdocs.yml", &config),
            ("docs/index.md", "# Home\n"),
            ("docs/draw.js", SCRIPT),
            ("docs/a.md", &text),
        ]);
        let arguments = [&["--dev-addr", "127.0.0.1:0"], arguments].concat();
        let server = Server::start(&site.path(""), &arguments);
        let (driver, client) = Driver::start().await;
        let address = format!("{}a/", server.home);
        client.goto(&address).await.expect("it loads");
        connected(&client).await;
        Self {
            site,
            client,
            text,
            _server: server,
            _driver: driver,
        }
    }

    /// Edits the page, and waits until this is true of it. Returns whether the page was
    /// loaded anew.
    async fn edit(&mut self, from: &str, to: &str, shown: &str) -> bool {
        connected(&self.client).await;
        run(&self.client, "window.mark = 'kept'").await;
        assert!(self.text.contains(from), "{from}");
        self.text = self.text.replace(from, to);
        self.site.save("docs/a.md", &self.text);
        holds(&self.client, shown).await;
        value(&self.client, "window.mark").await != "kept"
    }
}

/// Whether the article has a text.
fn shows(text: &str) -> String {
    format!("document.querySelector('article').textContent.includes('{text}')")
}

const READ: &str = "
    for (const _ of [1, 2]) document.querySelector('.counter button').click();
    const field = document.querySelector('#field');
    field.value = 'typed'; field.focus(); field.setSelectionRange(1, 3);
    document.querySelectorAll('.tabbed-set > input')[1].checked = true;
    document.querySelector('article details').open = true;
    document.querySelector('h2').scrollIntoView({ behavior: 'instant' });
    window.said = []; const info = console.info; console.info = (text) => window.said.push(text);
";

/// What the page itself is about stays with it over a load.
const STAYS: &str = "
    const field = document.querySelector('#field');
    return {
      typed: field.value === 'typed',
      focus: document.activeElement === field && field.selectionStart === 1 && field.selectionEnd === 3,
      tab: document.querySelectorAll('.tabbed-set > input')[1].checked,
      details: document.querySelector('article details').open,
    };
";

async fn follows(theme: &str, arguments: &[&str]) {
    let mut page = Drawn::new(theme, arguments, PAGE).await;
    run(&page.client, READ).await;
    let top = "document.querySelector('h2').getBoundingClientRect().top";
    let before = value(&page.client, top).await;
    let counts = "document.querySelector('.counter button').textContent === '2'";

    // What no script has drawn is patched, and the counter goes on.
    for (from, to, shown) in [
        ("Last words.", "The last words.", shows("The last words.")),
        (
            "Last words",
            "A new paragraph.\n\nLast words",
            shows("last words"),
        ),
        (
            "The last words.",
            "The last words.\n\nA new paragraph.",
            shows("A new paragraph."),
        ),
        ("| 1 | x |", "| 1 | z |", shows("z")),
        ("Folded.", "Hidden.", shows("Hidden.")),
    ] {
        if !page.text.contains(from) {
            continue;
        }
        assert!(!page.edit(from, to, &shown).await, "{from}");
        assert_eq!(value(&page.client, counts).await, true, "{from}");
    }
    assert_eq!(value(&page.client, top).await, before);

    // What a script has drawn is drawn again.
    for (from, to, shown) in [
        (
            ">1,2,3<",
            ">1,2,3,4<",
            "document.querySelectorAll('.chart b').length === 4",
        ),
        (
            "\"4,5\"",
            "\"4,5,6\"",
            "document.querySelector('canvas').title === '4,5,6' && document.querySelectorAll('canvas').length === 1",
        ),
        (
            "## Heading",
            "<div class=\"chart\">7,8</div>\n\n## Heading",
            "document.querySelectorAll('.chart b').length === 6",
        ),
        (
            "## Heading",
            "| c |\n| - |\n| 1 |\n\n## Heading",
            "document.querySelectorAll('th[role=button]').length === 3",
        ),
    ] {
        assert!(page.edit(from, to, shown).await, "{from}");
        connected(&page.client).await;
        holds(&page.client, "document.readyState === 'complete'").await;
        all_true(&page.client, STAYS).await;
    }

    // Rows in another order are not mixed up.
    run(&page.client, "document.querySelector('th').click()").await;
    let rows = "[...document.querySelectorAll('tbody')[0].rows].map((row) => [...row.cells].map((it) => it.textContent.trim()).join('')).sort().join() === '1z,2w'";
    page.edit("| 2 | y |", "| 2 | w |", rows).await;
    page.client.clone().close().await.expect("it closes");
}

#[tokio::test]
async fn drawings_are_drawn_again_in_the_built_in_theme() {
    follows("proofroom", &[]).await;
}

#[tokio::test]
async fn drawings_are_drawn_again_under_material() {
    if let Some(material) = material() {
        follows("material", &["--theme-path", &material]).await;
    }
}

#[tokio::test]
async fn the_first_of_its_kind_is_drawn() {
    let mut page = Drawn::new("proofroom", &[], "# Page\n\nFirst words.\n\nEnd.\n").await;
    for (added, shown, is_drawn) in [
        ("More words.\n", shows("More words."), false),
        ("## Heading\n\n- item\n", shows("item"), false),
        (
            "<div class=\"chart\">1,2</div>\n",
            "document.querySelectorAll('.chart b').length === 2".to_owned(),
            true,
        ),
        (
            "| a |\n| - |\n| 1 |\n",
            "document.querySelector('th[role=button]')".to_owned(),
            true,
        ),
    ] {
        let loaded = page.edit("End.", &format!("{added}\nEnd."), &shown).await;
        assert_eq!(loaded, is_drawn, "{added}");
    }
    page.client.clone().close().await.expect("it closes");
}

#[tokio::test]
async fn data_in_the_page_is_read_again() {
    let text = "# Page\n\n<p id=\"sum\"></p>\n\n<script id=\"data\" type=\"application/json\">[1, 2]</script>\n\n\
                <script>document.querySelector('#sum').textContent = JSON.parse(document.querySelector('#data').textContent).length</script>\n";
    let mut page = Drawn::new("proofroom", &[], text).await;
    let shown = "document.querySelector('#sum').textContent === '3'";
    assert!(page.edit("[1, 2]", "[1, 2, 3]", shown).await);
    page.client.clone().close().await.expect("it closes");
}
