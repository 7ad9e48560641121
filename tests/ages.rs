//! The ages of passages as readers meet them: over HTTP and in Chromium.

mod common;
#[path = "ages/without_git.rs"]
mod without_git;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use common::chromium::{Driver, connected, holds};
use common::history::{commit, git, real_history, repository};
use common::{PATIENCE, Served, Site};
use fantoccini::Client;
use serde_json::{Value, json};

const CONFIG: &str = "site_name: Example
markdown_extensions:
  - attr_list
  - md_in_html
  - pymdownx.snippets
";

const PAGE: &str = "# Alpha

First words.

--8<-- \"parts/part.md\"

- one
- two
";

fn site() -> Site {
    let site = repository(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n"),
        ("docs/sub/a.md", PAGE),
        ("parts/part.md", "Of a part.\n\nIts second.\n"),
    ]);
    let folder = site.path("");
    site.write("parts/part.md", "Of a part.\n\nIts other.\n");
    commit(&folder, 10, "Part <script>alert(1)</script>");
    site.write("docs/sub/a.md", PAGE.replace("- two", "- zwei"));
    commit(&folder, 20, "Zwei");
    site
}

/// What the strip of a page is told.
fn ages(server: &Served, page: &str) -> Value {
    let answer = server.get(&format!("/__proofroom/ages?page={page}"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

/// The days of a file's runs, by their first line.
fn days(ages: &Value, file: &str) -> Vec<(u64, String)> {
    let runs = ages["files"][file]["runs"].as_array().expect("a list");
    let day = |run: &Value| match run[2].as_u64() {
        Some(nth) => ages["commits"][usize::try_from(nth).expect("small")]["day"]
            .as_str()
            .expect("a day")
            .to_owned(),
        None => "-".to_owned(),
    };
    runs.iter()
        .map(|run| (run[0].as_u64().expect("a line"), day(run)))
        .collect()
}

fn line(first: u64, day: &str) -> (u64, String) {
    (first, day.to_owned())
}

#[test]
fn a_page_has_the_ages_of_its_own_lines_and_of_its_snippets() {
    let site = site();
    let server = site.serve();
    let page = server.get("/sub/a/");
    for place in [
        "\"3\"",
        "\"5 parts/part.md:1\"",
        "\"5 parts/part.md:3\"",
        "\"8\"",
    ] {
        let attribute = format!("data-src={place}");
        assert!(page.body.contains(&attribute), "{attribute}: {}", page.body);
    }
    assert!(
        !page.body.contains("2023-11"),
        "no age is in the page's own HTML"
    );
    let before = ages(&server, "/sub/a/");
    let begin = "2023-11-14";
    let own = [
        (1, begin),
        (3, begin),
        (5, begin),
        (7, begin),
        (8, "2023-12-04"),
    ];
    assert_eq!(days(&before, ""), own.map(|(first, day)| line(first, day)));
    let part = [line(1, begin), line(3, "2023-11-24")];
    assert_eq!(days(&before, "parts/part.md"), part);
    // A save is followed, and so is a commit.
    let mut tab = server.tab("sub/a/");
    site.save("docs/sub/a.md", &format!("{PAGE}- three\n"));
    tab.wait_for("page");
    let edited = days(&ages(&server, "/sub/a/"), "");
    assert_eq!(edited[4..], [line(8, "-")]);
    commit(&site.path(""), 30, "Three");
    let after = days(&ages(&server, "/sub/a/"), "");
    assert_eq!(after[4..], [line(8, "2023-12-14")]);
}

#[test]
fn nothing_but_sources_of_pages_is_shown_line_by_line() {
    let site = site();
    site.write("docs/evil.md", "# <img src=x onerror=alert(1)>\n\"'&\n");
    let server = site.serve();
    let view = server.get("/__proofroom/blame/docs/sub/a.md");
    assert!(
        view.body.contains("id=\"L8\"") && view.body.contains("2023-12-04"),
        "{}",
        view.body
    );
    assert!(
        view.body.contains("href=\"/sub/a/#proofroom-L8\""),
        "{}",
        view.body
    );
    let part = server.get("/__proofroom/blame/parts/part.md?page=%2Fsub%2Fa%2F");
    assert!(part.body.contains("Its other."), "{}", part.body);
    assert!(!part.body.contains("<script>alert"), "{}", part.body);
    let evil = server.get("/__proofroom/blame/docs/evil.md");
    assert!(
        evil.body.contains("&lt;img src=x onerror=alert(1)&gt;"),
        "{}",
        evil.body
    );
    assert!(!evil.body.contains("<img src=x"), "{}", evil.body);
    for path in [
        "mkdocs.yml",
        "mkdocs.yml?page=/sub/a/",
        "parts/part.md",
        "parts/part.md?page=/",
        ".git/config",
        "../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd?page=/sub/a/",
        "/etc/passwd",
        "docs/none.md",
    ] {
        let answer = server.get(&format!("/__proofroom/blame/{path}"));
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
    }
    for page in ["/none/", "/../x", "/%00"] {
        let answer = ages(&server, page);
        assert!(answer["unknown"].is_string(), "{page}: {answer}");
    }
    let foreign = server.ask("/__proofroom/ages", &[("Host", "evil.example")]);
    assert_eq!(foreign.status, 403);
}

#[test]
fn the_site_is_listed_with_what_is_oldest_first() {
    let site = site();
    let server = site.serve();
    let list = server.get("/__proofroom/ages").body;
    let at = |text: &str| list.find(text).unwrap_or_else(|| panic!("{text}: {list}"));
    assert!(at("docs/index.md</a>") < at("docs/sub/a.md</a>"));
    assert!(list.contains("<title>2023-12: 1 lines</title>"), "{list}");
    let below = server.get("/__proofroom/ages?folder=docs%2Fsub").body;
    assert!(!below.contains("docs/index.md</a>"), "{below}");
    let blocks = server.get("/__proofroom/ages?show=blocks").body;
    let at = |text: &str| {
        blocks
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {blocks}"))
    };
    assert!(at("First words.") < at("Its other.") && at("Its other.") < at("- zwei"));
    assert!(blocks.contains("parts/part.md:3</a>"), "{blocks}");
    let odd = server
        .get("/__proofroom/ages?show=x&folder=%3Cscript%3E&language=%22&from=99")
        .body;
    assert!(!odd.contains("<script>"), "{odd}");
    let output = site.run(&["blame", "--site", "--json"]);
    let list: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(list[0]["source"], "docs/index.md");
    assert_eq!(list[1]["newest"]["date"], "2023-12-04T22:13:20Z");
    let block = &list[1]["blocks"][0];
    assert_eq!(
        (&block["first_line"], &block["text"]),
        (&json!(1), &json!("# Alpha"))
    );
    let output = site.run(&["blame", "--site", "--folder", "docs/sub"]);
    let table = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        table.contains("2023-12-04  docs/sub/a.md  Alpha"),
        "{table}"
    );
    assert!(!table.contains("docs/index.md"), "{table}");
}

#[test]
fn languages_in_repositories_of_their_own() {
    let site = repository(&[
        (
            "mkdocs.yml",
            "site_name: Example\nsite_url: https://example.org/docs/\n",
        ),
        (
            "proofroom.toml",
            "base = \"mkdocs.yml\"\n\n[languages]\ndefault = \"en\"\n\
             each = { docs = \"i18n/{lang}\" }\nen = { docs = \"docs\" }\nes = { name = \"Español\" }\n",
        ),
        ("docs/index.md", "# Home\n"),
        ("docs/only.md", "# Only\n"),
        (".gitignore", "i18n\n"),
    ]);
    site.write("i18n/es/index.md", "# Inicio\n");
    let nested = site.path("i18n/es");
    git(&nested, &["init", "--quiet"]);
    commit(&nested, 40, "Español");
    let server = site.serve();
    let of = |page: &str| days(&ages(&server, page), "");
    assert_eq!(of("/docs/"), [line(1, "2023-11-14")]);
    assert_eq!(of("/docs/es/"), [line(1, "2023-12-24")]);
    let list = server.get("/__proofroom/ages?language=es").body;
    assert!(list.contains("href=\"/docs/es/\""), "{list}");
    assert!(!list.contains("docs/only.md</a>"), "{list}");
    assert_eq!(
        server.get("/__proofroom/blame/i18n/es/index.md").status,
        200
    );
}

async fn value(client: &Client, expression: &str) -> Value {
    let script = format!("return {expression}");
    client.execute(&script, Vec::new()).await.expect("it runs")
}

const BARS: &str =
    "[...document.querySelector('proofroom-ages').shadowRoot.querySelectorAll('.bar')]";

/// Presses the key of the strip, once the page listens to keys.
async fn press(client: &Client) {
    connected(client).await;
    client
        .execute(
            "dispatchEvent(new KeyboardEvent('keydown', {key: 'a'}))",
            Vec::new(),
        )
        .await
        .expect("it runs");
}

/// The date of the bar beside a block.
async fn date_of(client: &Client, lines: &str) -> Value {
    value(
        client,
        &format!("{BARS}.find((bar) => bar.dataset.src === '{lines}')?.dataset.date"),
    )
    .await
}

#[tokio::test]
async fn the_strip_comes_by_key_and_follows_each_save() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}sub/a/", server.home))
        .await
        .expect("it loads");
    connected(&client).await;
    assert_eq!(value(&client, &format!("{BARS}.length")).await, json!(0));
    press(&client).await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomAges === 'shown'",
    )
    .await;
    assert_eq!(date_of(&client, "3").await, "2023-11-14T22:13:20Z");
    assert_eq!(
        date_of(&client, "5 parts/part.md:3").await,
        "2023-11-24T22:13:20Z"
    );
    assert_eq!(date_of(&client, "7-8").await, "2023-12-04T22:13:20Z");
    assert_eq!(date_of(&client, "7").await, "2023-11-14T22:13:20Z");
    // Each bar stands beside its block, before the text.
    let beside = format!(
        "{BARS}.every((bar) => {{ const own = bar.getBoundingClientRect(); const block = document.querySelector(`[data-src=\"${{bar.dataset.src}}\"]`).getBoundingClientRect(); return own.right <= block.left && Math.abs(own.top - block.top) < 3 }})"
    );
    assert_eq!(value(&client, &beside).await, json!(true));
    let tip = "document.querySelector('proofroom-ages').shadowRoot.querySelector('.tip')";
    let hover = format!(
        "{BARS}.find((bar) => bar.dataset.src === '5 parts/part.md:3').dispatchEvent(new PointerEvent('pointerenter'))"
    );
    client.execute(&hover, Vec::new()).await.expect("it runs");
    let text = value(&client, &format!("{tip}.textContent")).await;
    let text = text.as_str().expect("text");
    assert!(
        text.contains("2023-11-24") && text.contains("Ann") && text.contains("Part <script>"),
        "{text}"
    );
    let href = value(&client, &format!("{tip}.querySelector('a').href")).await;
    assert!(
        href.as_str()
            .is_some_and(|it| it.contains("/blame/parts/part%2Emd?page=") && it.ends_with("#L3")),
        "{href}"
    );

    site.save("docs/sub/a.md", &format!("New.\n\n{PAGE}"));
    holds(
        &client,
        &format!("{BARS}.some((bar) => bar.dataset.src === '1' && bar.classList.contains('new'))"),
    )
    .await;
    assert_eq!(date_of(&client, "5").await, "2023-11-14T22:13:20Z");
    // In a right-to-left page the strip stands on the other side.
    value(
        &client,
        "(document.documentElement.dir = 'rtl', dispatchEvent(new Event('resize')), 1)",
    )
    .await;
    let beside = beside.replace("own.right <= block.left", "own.left >= block.right");
    holds(&client, &beside).await;
    press(&client).await;
    assert_eq!(value(&client, &format!("{BARS}.length")).await, json!(0));
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn what_is_folded_away_has_no_bar() {
    let site = site();
    let page = "# A\n\n<details markdown><summary>More</summary>\n\nFolded away.\n\n</details>\n";
    site.write("docs/fold.md", page);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let address = format!("{}fold/", server.home);
    client.goto(&address).await.expect("it loads");
    press(&client).await;
    let height =
        format!("{BARS}.find((bar) => bar.dataset.src === '5')?.getBoundingClientRect().height");
    holds(&client, &format!("{height} === 0")).await;
    value(
        &client,
        "(document.querySelector('details[data-src]').open = true, 1)",
    )
    .await;
    holds(&client, &format!("{height} > 0")).await;
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn from_a_run_to_its_block_and_back() {
    let site = site();
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    let view = format!("{}__proofroom/blame/docs/sub/a.md", server.home);
    client.goto(&view).await.expect("it loads");
    connected(&client).await;
    // It follows each save, too.
    site.save("docs/sub/a.md", &PAGE.replace("First", "Other"));
    holds(
        &client,
        "document.querySelector('#L3.new')?.textContent.includes('Other words.')",
    )
    .await;
    value(&client, "document.querySelector('#L3 a.to').click()").await;
    holds(
        &client,
        "location.pathname === '/sub/a/' && document.readyState === 'complete'",
    )
    .await;
    assert_eq!(value(&client, "location.hash").await, "#proofroom-L3");
    client.close().await.expect("it closes");
}

#[tokio::test]
async fn the_real_page_shows_its_dates() {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    if !suite.is_dir() {
        eprintln!("SKIPPED: the conformance suite is not at hand");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let copied = Command::new("cp")
        .args(["-r", "--no-preserve=mode"])
        .arg(suite.join("corpus/origin/."))
        .arg(folder.path())
        .status();
    assert!(copied.is_ok_and(|it| it.success()));
    fs::remove_dir_all(folder.path().join("i18n/zh-Hant")).expect("removed");
    real_history(&suite, folder.path());
    // The page alone has a history; the site round it need not.
    fs::write(
        folder.path().join("proofroom.toml"),
        "docs_dir = \"i18n/zh-Hant\"\nbase = \"mkdocs.yml\"\n",
    )
    .expect("written");
    let site = Site::of(folder);
    let server = site.serve();
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}real-time-communication/", server.home))
        .await
        .expect("it loads");
    press(&client).await;
    holds(
        &client,
        "document.documentElement.dataset.proofroomAges === 'shown'",
    )
    .await;
    for (what, block, lines, date) in [
        (
            "the card of Signal",
            "document.querySelector('#signal').nextElementSibling",
            "26-46",
            "2024-11-07T00:47:04Z",
        ),
        (
            "the warning",
            "document.querySelector('.admonition.warning')",
            "181-184",
            "2024-11-10T08:34:19Z",
        ),
        (
            "the second criterion",
            "document.querySelectorAll('[data-src=\"271-275\"] > li')[1]",
            "272",
            "2024-02-27T01:44:58Z",
        ),
    ] {
        let found = value(&client, &format!("{block}?.dataset.src")).await;
        assert_eq!(found, lines, "{what}");
        assert_eq!(date_of(&client, lines).await, date, "{what}");
    }
    client.close().await.expect("it closes");
}
