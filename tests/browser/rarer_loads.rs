//! What sites load in rarer ways is followed too.

use fantoccini::Client;

use crate::harness::browser::{Driver, connected, holds, run, value};
use crate::harness::{Server, Site};

/// A page, a file of the docs that is edited, and what holds before and after.
struct Case {
    /// The name of the page.
    name: &'static str,
    /// What it consists of.
    page: &'static str,
    /// What it loads.
    files: &'static [(&'static str, &'static str)],
    before: &'static str,
    edit: (&'static str, &'static str),
    after: &'static str,
    /// Whether the page stays, and is not loaded anew.
    stays: bool,
}

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>\n";
const OTHER_SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>\n";

const CASES: &[Case] = &[
    Case {
        name: "import-map",
        page: "<p id=\"out\"></p>
<script type=\"importmap\">{\"imports\": {\"value\": \"../js/map.mjs\"}}</script>
<script type=\"module\">import { value } from \"value\"; document.querySelector(\"#out\").textContent = value;</script>",
        files: &[("js/map.mjs", "export const value = \"one\";\n")],
        before: "document.querySelector('#out').textContent === 'one'",
        edit: ("js/map.mjs", "export const value = \"two\";\n"),
        after: "document.querySelector('#out').textContent === 'two'",
        stays: false,
    },
    Case {
        name: "json-module",
        page: "<p id=\"out\"></p>
<script type=\"module\">import data from \"../data/module.json\" with { type: \"json\" }; document.querySelector(\"#out\").textContent = data.value;</script>",
        files: &[("data/module.json", "{\"value\": \"one\"}\n")],
        before: "document.querySelector('#out').textContent === 'one'",
        edit: ("data/module.json", "{\"value\": \"two\"}\n"),
        after: "document.querySelector('#out').textContent === 'two'",
        stays: false,
    },
    Case {
        name: "layers",
        page: "<link rel=\"stylesheet\" href=\"../css/layers.css\">\n\n<p id=\"out\">Words.</p>",
        files: &[
            (
                "css/layers.css",
                "@layer base, more;\n@import \"base.css\" layer(base);\n@import url(more.css) layer(more) supports(display: grid) screen;\n",
            ),
            ("css/base.css", "#out { color: rgb(1, 1, 1) }\n"),
            ("css/more.css", "#out { margin: 1px }\n"),
        ],
        before: "getComputedStyle(document.querySelector('#out')).color === 'rgb(1, 1, 1)'",
        edit: ("css/more.css", "#out { color: rgb(2, 2, 2) }\n"),
        after: "getComputedStyle(document.querySelector('#out')).color === 'rgb(2, 2, 2)'",
        stays: true,
    },
    Case {
        name: "style-element",
        page: "<style>@import \"../css/inline.css\";</style>\n\n<p id=\"out\">Words.</p>",
        files: &[("css/inline.css", "#out { color: rgb(1, 1, 1) }\n")],
        before: "getComputedStyle(document.querySelector('#out')).color === 'rgb(1, 1, 1)'",
        edit: ("css/inline.css", "#out { color: rgb(2, 2, 2) }\n"),
        after: "getComputedStyle(document.querySelector('#out')).color === 'rgb(2, 2, 2)'",
        stays: true,
    },
    Case {
        name: "styled-svg",
        page: "<object id=\"out\" data=\"../img/styled.svg\"></object>",
        files: &[
            (
                "img/styled.svg",
                "<?xml-stylesheet href=\"styled.css\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"><style>@import \"deep.css\";</style><rect/></svg>\n",
            ),
            ("img/styled.css", "rect { fill: rgb(1, 1, 1) }\n"),
            ("img/deep.css", "rect { stroke: rgb(3, 3, 3) }\n"),
        ],
        before: "(it => it.fill === 'rgb(1, 1, 1)' && it.stroke === 'rgb(3, 3, 3)')(getComputedStyle(document.querySelector('#out').contentDocument.querySelector('rect')))",
        edit: ("img/styled.css", "rect { fill: rgb(2, 2, 2) }\n"),
        after: "getComputedStyle(document.querySelector('#out').contentDocument.querySelector('rect')).fill === 'rgb(2, 2, 2)'",
        stays: true,
    },
    Case {
        name: "preload",
        page: "<link rel=\"preload\" as=\"fetch\" href=\"../data/early.json\" crossorigin>\n\n<p id=\"out\"></p>
<script>fetch(\"../data/early.json\").then((it) => it.json()).then((it) => { document.querySelector(\"#out\").textContent = it.value });</script>",
        files: &[("data/early.json", "{\"value\": \"one\"}\n")],
        before: "document.querySelector('#out').textContent === 'one'",
        edit: ("data/early.json", "{\"value\": \"two\"}\n"),
        after: "document.querySelector('#out').textContent === 'two'",
        stays: false,
    },
    Case {
        name: "preloaded-picture",
        page: "<link rel=\"preload\" as=\"image\" href=\"../img/early.svg\">\n\n<img id=\"out\" src=\"../img/early.svg\">",
        files: &[("img/early.svg", SVG)],
        before: "document.querySelector('#out').naturalWidth === 9",
        edit: ("img/early.svg", OTHER_SVG),
        after: "document.querySelector('#out').naturalWidth === 10",
        stays: true,
    },
    Case {
        name: "font",
        page: "<style>@font-face { font-family: Own; src: url(../fonts/own.woff2) }</style>\n\n<p style=\"font-family: Own\">Words.</p>",
        files: &[("fonts/own.woff2", "first")],
        before: "LOADED('fonts/own.woff2')",
        edit: ("fonts/own.woff2", "second"),
        after: "LOADED('fonts/own.woff2?proofroom=')",
        stays: true,
    },
    Case {
        name: "font-of-a-script",
        page: "<p style=\"font-family: Made\">Words.</p>
<script>new FontFace(\"Made\", \"url(../fonts/made.woff2)\").load().catch(() => {});</script>",
        files: &[("fonts/made.woff2", "first")],
        before: "LOADED('fonts/made.woff2')",
        edit: ("fonts/made.woff2", "second"),
        after: "window.mark !== 'kept'",
        stays: false,
    },
    Case {
        name: "image-set",
        page: "<link rel=\"stylesheet\" href=\"../css/set.css\">\n\n<div id=\"out\">Words.</div>",
        files: &[
            (
                "css/set.css",
                "#out { background: image-set(\"../img/set.svg\" 1x, \"../img/set.svg\" type(\"image/svg+xml\") 2x) }\n",
            ),
            ("img/set.svg", SVG),
        ],
        before: "LOADED('img/set.svg')",
        edit: ("img/set.svg", OTHER_SVG),
        after: "LOADED('img/set.svg?proofroom=')",
        stays: true,
    },
    Case {
        name: "image-set-in-a-style",
        page: "<div style=\"background: image-set('../img/inset.svg' 1x)\">Words.</div>",
        files: &[("img/inset.svg", SVG)],
        before: "LOADED('img/inset.svg')",
        edit: ("img/inset.svg", OTHER_SVG),
        after: "LOADED('img/inset.svg?proofroom=')",
        stays: true,
    },
    Case {
        name: "made-style-sheet",
        page: "<div id=\"made\">Words.</div>
<script>const sheet = new CSSStyleSheet(); sheet.replaceSync(\"#made { background: url(../img/made.svg) }\"); document.adoptedStyleSheets.push(sheet);</script>",
        files: &[("img/made.svg", SVG)],
        before: "LOADED('img/made.svg')",
        edit: ("img/made.svg", OTHER_SVG),
        after: "LOADED('img/made.svg?proofroom=')",
        stays: true,
    },
    Case {
        name: "frame-of-a-module",
        page: "<iframe id=\"out\" src=\"../frames/module.html\"></iframe>",
        files: &[
            (
                "frames/module.html",
                "<!doctype html><p></p><script type=\"module\">import { show } from \"./show.mjs\"; show();</script>\n",
            ),
            (
                "frames/show.mjs",
                "export const show = async () => { document.querySelector(\"p\").textContent = (await (await fetch(\"value.json\")).json()).value; };\n",
            ),
            ("frames/value.json", "{\"value\": \"one\"}\n"),
        ],
        before: "(page => page.querySelector('p').textContent === 'one' && page.documentElement.dataset.proofroomLoads > 1)(document.querySelector('#out').contentDocument)",
        edit: ("frames/value.json", "{\"value\": \"two\"}\n"),
        after: "document.querySelector('#out').contentDocument.querySelector('p').textContent === 'two'",
        stays: true,
    },
    Case {
        name: "disabled-style-sheet",
        page: "<link id=\"dark\" rel=\"stylesheet\" href=\"../css/dark.css\" disabled>\n\n<p id=\"out\">Words.</p>
<script>window.dark = document.querySelector(\"#dark\");</script>",
        files: &[("css/dark.css", "#out { color: rgb(1, 1, 1) }\n")],
        before: "window.dark",
        edit: ("css/dark.css", "#out { color: rgb(2, 2, 2) }\n"),
        after: "(dark.disabled = false, document.querySelectorAll('#dark').length === 1 && getComputedStyle(document.querySelector('#out')).color === 'rgb(2, 2, 2)')",
        stays: true,
    },
    Case {
        name: "style-sheet-of-a-script",
        page: "<link id=\"own\" rel=\"stylesheet\" href=\"../css/own.css\">\n\n<p id=\"out\">Words.</p>
<script>window.own = document.querySelector(\"#own\");</script>",
        files: &[("css/own.css", "#out { color: rgb(1, 1, 1) }\n")],
        before: "getComputedStyle(document.querySelector('#out')).color === 'rgb(1, 1, 1)'",
        edit: ("css/own.css", "#out { color: rgb(2, 2, 2) }\n"),
        after: "getComputedStyle(document.querySelector('#out')).color === 'rgb(2, 2, 2)' && own.isConnected && document.querySelectorAll('#own, [href*=\"own.css\"]').length === 1",
        stays: true,
    },
    Case {
        name: "worklet",
        page: "<p>Words.</p>\n<script>new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(\"../js/worklet.js\").then(() => { window.added = true });</script>",
        files: &[("js/worklet.js", "const first = 1;\n")],
        before: "window.added",
        edit: ("js/worklet.js", "const second = 2;\n"),
        after: "window.mark !== 'kept' && window.added",
        stays: false,
    },
    Case {
        name: "sprite",
        page: "<svg width=\"9\" height=\"9\"><use href=\"../img/sprite.svg#a\"></use></svg>",
        files: &[(
            "img/sprite.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><symbol id=\"a\"><rect width=\"9\" height=\"9\"/></symbol></svg>\n",
        )],
        before: "LOADED('img/sprite.svg')",
        edit: (
            "img/sprite.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><symbol id=\"a\"><circle r=\"9\"/></symbol></svg>\n",
        ),
        after: "LOADED('img/sprite.svg?proofroom=')",
        stays: true,
    },
    Case {
        name: "source-set",
        page: "<img id=\"out\" srcset=\"data:image/svg+xml;base64,PHN2Zy8+ 0.1x, ../img/source.svg 1x\">",
        files: &[("img/source.svg", SVG)],
        before: "document.querySelector('#out').naturalWidth === 9",
        edit: ("img/source.svg", OTHER_SVG),
        after: "document.querySelector('#out').naturalWidth === 10 && document.querySelector('#out').srcset.includes('data:image/svg+xml;base64,PHN2Zy8+ 0.1x')",
        stays: true,
    },
    Case {
        name: "late-data",
        page: "<p id=\"out\"></p>
<script>fetch(\"../data/late.json\").then((it) => it.ok ? it.json() : { value: \"none\" }).then((it) => { document.querySelector(\"#out\").textContent = it.value });</script>",
        files: &[],
        before: "document.querySelector('#out').textContent === 'none'",
        edit: ("data/late.json", "{\"value\": \"one\"}\n"),
        after: "document.querySelector('#out').textContent === 'one'",
        stays: false,
    },
];

/// Whether the server knows of all that the page has loaded.
pub(crate) const REPORTED: &str = "new Set(performance.getEntriesByType('resource').map(({ name }) => new URL(name)).filter(({ origin, pathname }) => origin === location.origin && pathname !== location.pathname && !pathname.includes('/__proofroom/')).map(({ pathname }) => pathname)).size <= Number(document.documentElement.dataset.proofroomLoads)";

/// Whether the page has loaded an address that contains a text.
fn with_helpers(expression: &str) -> String {
    let loaded = "(text => performance.getEntriesByType('resource').some(({ name }) => name.includes(text)))";
    expression.replace("LOADED", loaded)
}

fn site() -> Site {
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: Example\n"),
        ("docs/index.md", "# Home\n"),
    ]);
    for case in CASES {
        let page = format!("# Page\n\n{}\n\nThe end.\n", case.page);
        site.write(&format!("docs/{}.md", case.name), page);
        for (path, text) in case.files {
            site.write(&format!("docs/{path}"), text);
        }
    }
    site
}

async fn ready(client: &Client) {
    connected(client).await;
    holds(client, "document.readyState === 'complete'").await;
    let reported = "document.documentElement.dataset.proofroomLoads > 0";
    holds(client, reported).await;
}

async fn open(server: &Server, page: &str) -> (Driver, Client) {
    let (driver, client) = Driver::start().await;
    let address = format!("{}{page}/", server.home);
    client.goto(&address).await.expect("it loads");
    ready(&client).await;
    (driver, client)
}

#[tokio::test]
async fn whatever_a_page_is_made_of_is_followed() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    for case in CASES {
        let address = format!("{}{}/", server.home, case.name);
        client.goto(&address).await.expect("it loads");
        ready(&client).await;
        holds(&client, &with_helpers(case.before)).await;
        holds(&client, REPORTED).await;
        run(&client, "window.mark = 'kept'").await;
        let (path, text) = case.edit;
        site.save(&format!("docs/{path}"), text);
        holds(&client, &with_helpers(case.after)).await;
        let stays = value(&client, "window.mark").await == "kept";
        assert_eq!(stays, case.stays, "{}", case.name);
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn what_a_script_writes_while_the_page_is_read_stays_and_follows() {
    let page =
        "# Page\n\n<script>document.write('<p id=\"written\">one</p>')</script>\n\nFirst words.\n";
    let site = Site::new(&[
        ("mkdocs.yml", "site_name: Example\n"),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", page),
    ]);
    let server = site.serve();
    let (_driver, client) = open(&server, "a").await;
    run(&client, "window.mark = 'kept'").await;
    let page = page.replace("First words.", "Second words.");
    site.save("docs/a.md", &page);
    let shown = |written: &str, words: &str| {
        format!(
            "document.querySelectorAll('article #written').length === 1 && document.querySelector('#written').textContent === '{written}' && document.querySelector('article').textContent.includes('{words}')"
        )
    };
    holds(&client, &shown("one", "Second words.")).await;
    assert_eq!(value(&client, "window.mark").await, "kept");
    site.save("docs/a.md", &page.replace("one", "two"));
    holds(&client, &shown("two", "Second words.")).await;
    client.close().await.expect("it closes");
}
