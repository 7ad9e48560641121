//! The ages of passages over HTTP.

mod without_git;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::harness::aged_site::{CONFIG, PAGE, aged_site};
use crate::harness::git::{commit, git, repository};
use crate::harness::{PATIENCE, Server, Site};
use serde_json::{Value, json};

/// What the strip of a page is told.
fn ages(server: &Server, page: &str) -> Value {
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
    let site = aged_site();
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
    let site = aged_site();
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
    let site = aged_site();
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
fn languages_may_be_in_repositories_of_their_own() {
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
