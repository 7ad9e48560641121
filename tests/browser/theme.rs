//! The scripts and style sheets of the built-in theme.

use std::path::Path;

use fantoccini::Client;
use serde_json::json;

use crate::harness::Site;
use crate::harness::browser::{Driver, all_true, holds, is_firefox, run, touch};

/// Words with every kind of character that a regular expression might treat in a
/// special way.
const PAGE: &str = r#"# Words

A well-known snake_case word, it's key:value, wow!, a#b, a&b, ~tilde, `x\y`, 1/2, C++, a.b*c, (one) [two]
{three}, x|y, ^start$, what?, 50%, "quoted", <b>bold</b>, a=b, `@name`, a;b, a,b, été, 漢字検索.

Some more words far away from the others.
"#;

const SOUGHT: &[&str] = &[
    "well-known",
    "snake_case",
    "it's",
    "key:value",
    "wow!",
    "a#b",
    "a&b",
    "~tilde",
    "x\\y",
    "1/2",
    "C++",
    "a.b*c",
    "(one)",
    "[two]",
    "{three}",
    "x|y",
    "^start$",
    "what?",
    "50%",
    "\"quoted\"",
    "a=b",
    "@name",
    "a;b",
    "a,b",
    "été",
    "漢字検索",
    "(one) well-known C++",
];

async fn open(client: &Client, address: &str) {
    client.goto(address).await.expect("it loads");
}

/// Types into the search and waits for an answer. Returns its first line, and for
/// each result its address, and its marked words.
async fn found(client: &Client, sought: &str) -> (String, Vec<(String, Vec<String>)>) {
    let field = "document.querySelector('[data-md-component=search-query]')";
    let meta = "document.querySelector('.md-search-result__meta')";
    let script = format!(
        "{meta}.textContent = ''; const field = {field}; field.focus(); field.value = arguments[0]; field.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    );
    let typed = client.execute(&script, vec![json!(sought)]).await;
    typed.expect("it is typed");
    holds(client, &format!("{meta}.textContent !== ''")).await;
    let script = format!(
        "return [{meta}.textContent, [...document.querySelectorAll('.md-search-result__link')].map((link) => [link.href, [...link.querySelectorAll('mark')].map((mark) => mark.textContent)])]"
    );
    let answer = run(client, &script).await;
    serde_json::from_value(answer).expect("a line and results")
}

fn site(config: &str) -> Site {
    Site::new(&[
        ("mkdocs.yml", &format!("site_name: Example\n{config}")),
        ("docs/index.md", "# Home\n\nNothing here.\n"),
        ("docs/words.md", PAGE),
    ])
}

#[tokio::test]
async fn the_search_finds_words_with_any_character_and_marks_them() {
    let site = site("");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    open(&client, &server.home).await;
    let words = format!("{}words/", server.home);
    for sought in SOUGHT {
        let (line, results) = found(&client, sought).await;
        assert_eq!(line, "One page found", "{sought}");
        let (address, marked) = &results[0];
        let address = address.split('#').next();
        assert_eq!(address, Some(words.as_str()), "{sought}");
        for word in sought.split(' ') {
            assert!(marked.iter().any(|it| it == word), "{sought}: {marked:?}");
        }
    }
    // Signs that join the parts of a word are none without it.
    for sought in ["no-such-word", "-", "'"] {
        assert_eq!(found(&client, sought).await.0, "No pages found", "{sought}");
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_missing_index_is_asked_for_once_each_time_the_field_is_entered() {
    let site = site("");
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    open(&client, &server.home).await;
    run(
        &client,
        "window.asked = 0; window.real = fetch; window.fetch = (...all) => { if (`${all[0]}`.includes('/__proofroom/search')) { asked++; return Promise.reject('away') } return real(...all) }",
    )
    .await;
    for sought in ["w", "we", "well"] {
        assert_eq!(found(&client, sought).await.0, "Search is not available");
    }
    assert_eq!(run(&client, "return asked").await, json!(1));
    // A window that is not in front sends no event of its focus.
    run(
        &client,
        "window.fetch = real; document.activeElement.blur(); document.querySelector('[data-md-component=search-query]').dispatchEvent(new FocusEvent('focusin', { bubbles: true }))",
    )
    .await;
    assert_eq!(found(&client, "well").await.0, "One page found");
    client.close().await.expect("it closes");
}

/// What a reader does with a page: chooses dark colours, unless that was done on
/// another page, and searches.
async fn use_page(client: &Client) {
    let next = "[...document.querySelectorAll('[data-md-component=palette] label')].find((label) => !label.hidden)";
    holds(client, &format!("{next} !== undefined")).await;
    let is_dark = "document.body.dataset.mdColorScheme === 'slate'";
    run(
        client,
        &format!("for (let tries = 0; tries < 3 && !({is_dark}); tries++) {next}.click()"),
    )
    .await;
    holds(client, is_dark).await;
    assert_eq!(found(client, "well-known").await.0, "One page found");
}

#[tokio::test]
async fn pages_of_missing_addresses_are_as_alive_as_others() {
    for (config, below) in [
        ("", "nowhere"),
        ("", "deep/down/nowhere/"),
        ("site_url: https://example.org/a/\n", "nowhere"),
        ("site_url: https://example.org/a\n", "deep/down/nowhere"),
        ("use_directory_urls: false\n", "deep/nowhere.html"),
    ] {
        let site = site(config);
        let server = site.serve();
        let (_driver, client) = Driver::start().await;
        open(&client, &format!("{}{below}", server.home)).await;
        let title = "return document.querySelector('h1').textContent";
        assert_eq!(run(&client, title).await, json!("Page not found"));
        use_page(&client).await;
        // Other pages know of the choice.
        open(&client, &server.home).await;
        let scheme = "return document.body.dataset.mdColorScheme";
        assert_eq!(
            run(&client, scheme).await,
            json!("slate"),
            "{config}{below}"
        );
        client.close().await.expect("it closes");
    }
}

/// The address of a file.
fn file(path: &Path) -> String {
    format!("file://{}", path.display())
}

#[tokio::test]
async fn a_site_opened_from_disk_is_searched_and_coloured() {
    let site = site("plugins: [search, offline]\n");
    site.run_successfully(&["build"]);
    let (_driver, client) = Driver::start().await;
    for page in ["site/index.html", "site/words.html"] {
        open(&client, &file(&site.path(page))).await;
        use_page(&client).await;
        let (_, results) = found(&client, "it's").await;
        let address = results[0].0.split('#').next();
        assert_eq!(address, Some(&*file(&site.path("site/words.html"))));
    }
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn a_heading_whose_name_cannot_be_decoded_stops_no_script() {
    let site = site("markdown_extensions: [attr_list]\n");
    site.write(
        "docs/percent.md",
        "# Percent\n\n## All {#a%}\n\nText.\n\n## é\n\nText.\n",
    );
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    open(&client, &format!("{}percent/", server.home)).await;
    use_page(&client).await;
    client.close().await.expect("it closes");
}

const LONG: &str = "markdown_extensions:
  - pymdownx.superfences
  - pymdownx.highlight: {anchor_linenums: true}
";

fn code() -> String {
    let long = format!("long = [{}]", "'word', ".repeat(60));
    let mut page = String::from("# Code\n");
    for options in ["linenums=\"1\" hl_lines=\"3\"", "hl_lines=\"3\"", ""] {
        page.push_str(&format!(
            "\n``` {{ .python {options} }}\nfirst = 1\n{long}\nthird = 3\n{long}\nfifth = 5\n```\n"
        ));
    }
    page
}

/// The heights of the lines of each block, by where each begins.
const LINES: &str = r#"
    const tops = (code) => {
        const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        const tops = []; let starts = true;
        for (let node = walker.nextNode(); node; node = walker.nextNode())
            for (let at = 0; at < node.length; at++) {
                if (starts && node.data[at] !== "\n") {
                    const range = new Range(); range.setStart(node, at); range.setEnd(node, at + 1);
                    tops.push(Math.round(range.getBoundingClientRect().top)); starts = false;
                }
                if (node.data[at] === "\n") starts = true;
            }
        return tops;
    };
    const steps = (tops) => tops.slice(1).map((top, i) => top - tops[i]);
    const even = (tops) => tops.length === 5 && Math.max(...steps(tops)) - Math.min(...steps(tops)) <= 1;
    const blocks = [...document.querySelectorAll("article pre > code")].filter((code) => code.textContent.includes("first"));
    const numbers = document.querySelector("article .linenodiv pre");
    const marked = [...document.querySelectorAll("article .hll")];
"#;

#[tokio::test]
async fn long_lines_of_code_do_not_wrap() {
    let site = site(LONG);
    site.write("docs/code.md", code());
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    open(&client, &format!("{}code/", server.home)).await;
    let script = format!(
        "{LINES} return {{
            three: blocks.length === 3,
            even: blocks.every((code) => even(tops(code))),
            scrolls: blocks.every((code) => code.scrollWidth > code.clientWidth),
            numbers: tops(numbers).every((top, i) => Math.abs(top - tops(blocks[0])[i]) <= 1),
            marked: marked.length === 2 && marked.every((line) => line.textContent.includes('third')),
        }}"
    );
    all_true(&client, &script).await;
    client.close().await.expect("it closes");
}

/// Where nothing is pointed at, the button that copies code is always shown.
#[tokio::test]
async fn the_copy_button_covers_no_code_on_phones() {
    if is_firefox() {
        return;
    }
    let site = site(LONG);
    site.write("docs/code.md", code());
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client.set_window_size(500, 800).await.expect("set");
    touch(&client).await;
    open(&client, &format!("{}code/", server.home)).await;
    holds(&client, "matchMedia('(hover: none)').matches").await;
    let script = format!(
        "{LINES}
        const buttons = [...document.querySelectorAll('article .md-clipboard')].map((it) => it.getBoundingClientRect());
        const insides = blocks.map((code) => code.getBoundingClientRect().left + code.clientLeft + code.clientWidth);
        const edges = blocks.map((code) => code.getBoundingClientRect().right);
        return {{
            three: blocks.length === 3 && buttons.length === 3,
            scrolls: blocks.every((code) => code.scrollWidth > code.clientWidth),
            shown: [...document.querySelectorAll('.md-clipboard')].every((it) => it.checkVisibility({{ opacityProperty: true }})),
            beside: buttons.every((button, i) => button.left >= insides[i] - 1 && button.right <= edges[i] + 1),
            'to touch': buttons.every((button) => button.width >= 24 && button.height >= 24),
            'marked up to there': marked.every((line) => line.getBoundingClientRect().left <= line.closest('code').getBoundingClientRect().left + 1),
        }}"
    );
    all_true(&client, &script).await;
    client.close().await.expect("it closes");
}
