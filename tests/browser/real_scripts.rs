//! Live updates beside the scripts that real sites load, as npm has them.

use std::fs;
use std::path::Path;

use fantoccini::Client;

use crate::harness::browser::{Driver, connected, holds, run, value};
use crate::harness::npm::package;
use crate::harness::skip::material;
use crate::harness::{Server, Site, copy_folder};

/// Copies a file of a package into the docs folder.
fn copy(site: &Site, package: &Path, file: &str, to: &str) {
    let to = site.path(&format!("docs/{to}"));
    fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
    fs::copy(package.join(file), to).expect("a file of the package");
}

/// A site of one page with these settings.
fn site(config: &str, page: &str) -> Site {
    Site::new(&[
        ("mkdocs.yml", &format!("site_name: Example\n{config}")),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", page),
    ])
}

async fn at(server: &Server) -> (Driver, Client) {
    let (driver, client) = Driver::start().await;
    let address = format!("{}a/", server.home);
    client.goto(&address).await.expect("it loads");
    connected(&client).await;
    (driver, client)
}

const FENCES: &str = "markdown_extensions:
  - tables
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_div_format
";

#[tokio::test]
async fn a_mermaid_of_ones_own_draws_what_changed() {
    let Some(mermaid) = package("mermaid@11.12.0") else {
        return;
    };
    let text = "# Page\n\n```mermaid\ngraph LR\n  one --> two\n```\n\nEnd.\n";
    let site = site(&format!("extra_javascript: [mermaid.js]\n{FENCES}"), text);
    copy(&site, &mermaid, "dist/mermaid.min.js", "mermaid.js");
    let server = site.serve();
    let (_driver, client) = at(&server).await;
    let drawn = |nth: usize, word: &str| {
        format!(
            "document.querySelectorAll('.mermaid')[{nth}].querySelector('svg').textContent.includes('{word}')"
        )
    };
    holds(&client, &drawn(0, "two")).await;
    let text = text.replace("two", "three");
    site.save("docs/a.md", &text);
    holds(&client, &drawn(0, "three")).await;
    let text = text.replace("End.", "```mermaid\ngraph LR\n  four --> five\n```\n\nEnd.");
    site.save("docs/a.md", &text);
    holds(&client, &drawn(1, "five")).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_sorted_table_stays_sorted_and_a_new_one_can_be_sorted() {
    let Some(tablesort) = package("tablesort@5.6.0") else {
        return;
    };
    let text = "# Page\n\n| name |\n| ---- |\n| b |\n| a |\n| c |\n\nEnd.\n";
    let config = format!("extra_javascript: [tablesort.js, begin.js]\n{FENCES}");
    let site = site(&config, text);
    copy(&site, &tablesort, "dist/tablesort.min.js", "tablesort.js");
    site.write(
        "docs/begin.js",
        "for (const table of document.querySelectorAll('article table:not([class])')) new Tablesort(table)\n",
    );
    let server = site.serve();
    let (_driver, client) = at(&server).await;
    let cells = |nth: usize, text: &str| {
        format!(
            "[...document.querySelectorAll('tbody')[{nth}].rows].map((row) => row.textContent.trim()).join('') === '{text}'"
        )
    };
    run(
        &client,
        "document.querySelector('th').click(); window.mark = 'kept'",
    )
    .await;
    holds(&client, &cells(0, "abc")).await;
    let text = text.replace("| c |", "| d |");
    site.save("docs/a.md", &text);
    holds(&client, &cells(0, "abd")).await;
    assert_eq!(value(&client, "window.mark").await, "kept");
    let text = text.replace("End.", "| name |\n| ---- |\n| z |\n| y |\n\nEnd.");
    site.save("docs/a.md", &text);
    holds(&client, &cells(1, "zy")).await;
    holds(
        &client,
        "document.querySelectorAll('th')[1].getAttribute('role')",
    )
    .await;
    run(&client, "document.querySelectorAll('th')[1].click()").await;
    holds(&client, &cells(1, "yz")).await;
    client.close().await.expect("it closes");
}

/// The set-ups of Material's documentation.
const MATHJAX: &str = r#"
window.MathJax = {
  tex: { inlineMath: [["\\(", "\\)"]], displayMath: [["\\[", "\\]"]], processEscapes: true, processEnvironments: true },
  options: { ignoreHtmlClass: ".*|", processHtmlClass: "arithmatex" }
};
document$.subscribe(() => {
  MathJax.startup.output.clearCache()
  MathJax.typesetClear()
  MathJax.texReset()
  MathJax.typesetPromise()
})
"#;
const KATEX: &str = r#"
document$.subscribe(({ body }) => {
  renderMathInElement(body, {
    delimiters: [
      { left: "$$", right: "$$", display: true },
      { left: "$", right: "$", display: false },
      { left: "\\(", right: "\\)", display: false },
      { left: "\\[", right: "\\]", display: true }
    ],
  })
})
"#;

/// Edits of a page of 121 formulas typeset those that changed, and leave no more behind.
async fn typesets(site: &Site, material: &str, drawn: &str, count: &str) {
    let formula = |nth: usize| format!("Formula {nth}: $x_{{{nth}}} = \\frac{{a}}{{b}}$.\n\n");
    let formulas: String = (0..120).map(formula).collect();
    let text = format!("# Page\n\n{formulas}The $y^2$ end.\n\n```text\ncode\n```\n\nEnd.\n");
    site.save("docs/a.md", &text);
    let server = Server::start(
        &site.path(""),
        &["-a", "127.0.0.1:0", "--theme-path", material],
    );
    let (_driver, client) = at(&server).await;
    let all = |number: usize| {
        format!(
            "document.querySelectorAll('.arithmatex').length === {number} && [...document.querySelectorAll('.arithmatex')].every((one) => one.querySelector('{drawn}'))"
        )
    };
    holds(&client, &all(121)).await;
    run(&client, count).await;
    run(&client, "window.mark = 'kept'").await;
    let nodes = "document.querySelectorAll('article *').length";
    let mut text = text;
    let mut before = value(&client, nodes).await.as_u64().expect("a number");
    for (from, to, formulas, typeset, most) in [
        ("End.", "The end.", 121, 0, 0),
        ("y^2", "y^3", 121, 1, 0),
        ("code", "other code", 121, 0, 0),
        ("The end.", "A new $z^4$ one.\n\nThe last.", 122, 1, 40),
        (
            "The last.",
            "```text\nmore code\n```\n\nThe very end.",
            122,
            0,
            40,
        ),
    ] {
        run(&client, "window.typeset = 0").await;
        text = text.replace(from, to);
        site.save("docs/a.md", &text);
        let revision = "document.documentElement.dataset.proofroomRevision";
        let last = to
            .lines()
            .last()
            .expect("a line")
            .split('$')
            .next()
            .expect("a text");
        holds(&client, &format!("{revision} && (document.querySelector('article').textContent.includes('{last}') || {typeset} === 1)")).await;
        holds(&client, &all(formulas)).await;
        holds(&client, &format!("window.typeset >= {typeset}")).await;
        // A late subscriber would typeset the rest within these frames.
        let frames = "let left = 30; const done = arguments[0]; const next = () => (left-- ? requestAnimationFrame(next) : done(true)); next()";
        client
            .execute_async(frames, Vec::new())
            .await
            .expect("frames");
        assert_eq!(value(&client, "window.typeset").await, typeset, "{to}");
        let now = value(&client, nodes).await.as_u64().expect("a number");
        assert!(
            now <= before + most,
            "{to}: {before} elements grow to {now}"
        );
        before = now;
    }
    assert_eq!(value(&client, "window.mark").await, "kept");
    client.close().await.expect("it closes");
}

fn mathematical(scripts: &str) -> Site {
    let config = format!(
        "theme: {{name: material, font: false}}\nextra_javascript: [{scripts}]\n\
         markdown_extensions: [pymdownx.superfences, {{pymdownx.arithmatex: {{generic: true}}}}]\n"
    );
    site(&config, "# Page\n")
}

#[tokio::test]
async fn mathjax_typesets_the_formulas_that_changed() {
    let (Some(material), Some(mathjax)) = (material(), package("mathjax@3.2.2")) else {
        return;
    };
    let site = mathematical("setup.js, mathjax/tex-mml-chtml.js");
    copy_folder(&mathjax.join("es5"), &site.path("docs/mathjax"));
    site.write("docs/setup.js", MATHJAX);
    let count = "const jax = MathJax.startup.document.inputJax[0]; const real = jax.compile; jax.compile = function (...all) { window.typeset += 1; return real.apply(this, all); }";
    typesets(&site, &material, "mjx-container", count).await;
}

#[tokio::test]
async fn katex_typesets_the_formulas_that_changed() {
    let (Some(material), Some(katex)) = (material(), package("katex@0.16.22")) else {
        return;
    };
    let site = mathematical("setup.js, katex.js, auto-render.js");
    copy(&site, &katex, "dist/katex.min.js", "katex.js");
    copy(
        &site,
        &katex,
        "dist/contrib/auto-render.min.js",
        "auto-render.js",
    );
    site.write("docs/setup.js", KATEX);
    let count = "const real = katex.render; katex.render = (...all) => { window.typeset += 1; return real(...all); }";
    typesets(&site, &material, ".katex", count).await;
}

/// An OpenAPI description with this title.
fn api(title: &str) -> String {
    format!(
        "{{\"openapi\": \"3.0.0\", \"info\": {{\"title\": \"{title}\", \"version\": \"1\"}}, \"paths\": {{}}}}\n"
    )
}

#[tokio::test]
async fn swagger_ui_shows_the_description_as_it_is() {
    let Some(swagger) = package("swagger-ui-dist@5.29.0") else {
        return;
    };
    let document = "<!doctype html><html><body><div id=\"ui\"></div><script src=\"swagger.js\"></script>\
                    <script>SwaggerUIBundle({ url: \"openapi.json\", dom_id: \"#ui\" })</script></body></html>\n";
    let site = framed(document);
    copy(&site, &swagger, "swagger-ui-bundle.js", "swagger.js");
    follows_a_description(&site, FRAMED, true).await;
}

#[tokio::test]
async fn redoc_in_a_frame_shows_the_description_as_it_is() {
    let Some(redoc) = package("redoc@2.5.1") else {
        return;
    };
    let document = "<!doctype html><html><body><redoc spec-url=\"openapi.json\"></redoc>\
                    <script src=\"redoc.js\"></script></body></html>\n";
    let site = framed(document);
    copy(&site, &redoc, "bundles/redoc.standalone.js", "redoc.js");
    follows_a_description(&site, FRAMED, true).await;
}

#[tokio::test]
async fn redoc_in_a_page_shows_the_description_as_it_is() {
    let Some(redoc) = package("redoc@2.5.1") else {
        return;
    };
    let page = "# Page\n\n<redoc spec-url=\"../openapi.json\"></redoc>\n\n<script src=\"../redoc.js\"></script>\n";
    let site = site("", page);
    copy(&site, &redoc, "bundles/redoc.standalone.js", "redoc.js");
    follows_a_description(&site, "document", false).await;
}

/// The document in [`framed`] sites.
const FRAMED: &str = "document.querySelector('#frame').contentDocument";

/// A site with a page around a document.
fn framed(document: &str) -> Site {
    let page = "# Page\n\n<iframe id=\"frame\" src=\"../api.html\" width=\"100%\" height=\"600\"></iframe>\n";
    let site = site("", page);
    site.write("docs/api.html", document);
    site
}

/// Changes the description that a document shows; the page around it stays, if there is
/// one.
async fn follows_a_description(site: &Site, document: &str, is_framed: bool) {
    site.write("docs/openapi.json", api("The first"));
    let server = site.serve();
    let (_driver, client) = at(&server).await;
    let shows = |text: &str| format!("{document}.body.innerText.includes('{text}')");
    let reported = format!("{document}.documentElement.dataset.proofroomLoads > 0");
    holds(&client, &shows("The first")).await;
    holds(&client, &reported).await;
    run(&client, "window.mark = 'kept'").await;
    site.save("docs/openapi.json", &api("The second"));
    holds(&client, &shows("The second")).await;
    // And once more, after what it has loaded anew.
    holds(&client, &reported).await;
    site.save("docs/openapi.json", &api("The third"));
    holds(&client, &shows("The third")).await;
    let kept = value(&client, "window.mark").await == "kept";
    assert_eq!(kept, is_framed);
    client.close().await.expect("it closes");
}
