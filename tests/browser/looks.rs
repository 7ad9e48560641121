//! How pages look, compared with what is stored below `looks/`. `UPDATE=1` writes it anew.
//!
//! Of each picture two things are stored: where parts of the page stand, with their colours,
//! edges and sizes, which must be the same (places within [`NEAR`] pixels); and how light each
//! of 16 times 24 cells is. The second depends on the fonts of the machine, as lines break
//! elsewhere and what is below them moves. Measured with `PROOFROOM_LOOKS_FONT`: in place of Noto
//! Sans and Noto Serif, 22 cells of a picture differ by more than [`LEVELS`] at most with DejaVu
//! Sans, and 26 with Liberation Serif; on the same machine none does, and none by more than 1.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use fantoccini::Client;
use serde_json::json;

use crate::harness::browser::{Driver, devtools, holds, is_firefox, run};
use crate::harness::expected::{rewrite, updates};
use crate::harness::{Server, Site, copy_folder, in_repository};

/// By how many pixels a part may stand elsewhere.
const NEAR: i64 = 2;

/// By how much the light of a cell may differ, of 255.
const LEVELS: i64 = 40;

/// How many cells of the 384 of a picture may differ by more.
const CELLS: usize = 36;

/// The pages, and where on them: the specimen is looked at in parts, so that other fonts move
/// what is further down by a few lines only.
const PAGES: [(&str, &str); 7] = [
    ("front", ""),
    ("search", "guide/"),
    ("specimen", "specimen/"),
    ("code", "specimen/#code"),
    ("notes", "specimen/#admonitions"),
    ("cards", "specimen/#cards-and-buttons"),
    ("missing", "nowhere/"),
];

/// Pages of our own documentation in a nav that does not change.
fn site(direction: &str) -> Site {
    let site = Site::new(&[("docs/guide.md", GUIDE), ("docs/part/one.md", "# One\n")]);
    copy_folder(&in_repository("docs/assets"), &site.path("docs/assets"));
    let read = |path: &str| fs::read_to_string(in_repository(path)).expect("a page");
    let front = read("docs/index.md").replace("link: guide/", "link: https://example.org/");
    site.write("docs/index.md", front);
    let specimen = read("docs/reference/specimen.md").replace("../assets", "assets");
    site.write("docs/specimen.md", specimen);
    let language = if direction == "rtl" { "ar" } else { "en" };
    let config = format!(
        "site_name = \"Looks\"\ntheme.language = \"{language}\"\nnav = [\"index.md\", \"guide.md\", \"specimen.md\", {{ \"Part\" = [\"part/one.md\"] }}]\n"
    );
    site.write("proofroom.toml", config);
    site
}

const GUIDE: &str = "# Guide\n\nA short text with a [link](index.md).\n\n## First\n\n!!! note\n\n    Words.\n\n## Second\n\nMore words.\n";

/// The two parts of what is stored of a picture.
struct Look {
    parts: Vec<String>,
    grid: Vec<String>,
}

async fn look(client: &Client) -> Look {
    // What is animated stands still, and what only the server adds is gone.
    run(client, "document.querySelector('proofroom-overlay')?.remove(); document.getAnimations().forEach((it) => it.finish()); if (!document.querySelector('.md-search-result__link')) document.activeElement.blur?.()").await;
    if let Some(font) = std::env::var_os("PROOFROOM_LOOKS_FONT") {
        let font = font.to_string_lossy();
        let script = format!(
            "const style = document.createElement('style'); style.textContent = ':root {{ --pr-latin: \"{font}\" !important; --pr-latin-serif: \"{font}\" !important; }}'; document.head.append(style); document.getElementById(location.hash.slice(1))?.scrollIntoView({{ behavior: 'instant' }})"
        );
        run(client, &script).await;
    }
    let picture = devtools(client, "Page.captureScreenshot", json!({})).await;
    let script = include_str!("looks/measure.js");
    let found = client.execute_async(script, vec![picture["data"].clone()]);
    let found = found.await.expect("it is measured");
    let lines = |name: &str| -> Vec<String> {
        serde_json::from_value(found[name].clone()).expect("lines of text")
    };
    let (parts, grid) = (lines("parts"), lines("grid"));
    Look { parts, grid }
}

/// Shows a page at a width, in a scheme.
async fn show(
    client: &Client,
    server: &Server,
    (name, page): (&str, &str),
    (width, scheme): (u32, &str),
) {
    let height = if width < 800 { 844 } else { 1000 };
    let metrics =
        json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800});
    devtools(client, "Emulation.setDeviceMetricsOverride", metrics).await;
    let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
    devtools(client, "Emulation.setEmulatedMedia", media).await;
    // A page that differs by its fragment only would not be loaded.
    client.goto("about:blank").await.expect("it loads");
    let address = format!("{}{page}", server.home);
    client.goto(&address).await.expect("it loads");
    let fragment = page.split_once('#').map_or("", |(_, fragment)| fragment);
    let there = format!(
        "document.readyState === 'complete' && (!'{fragment}' || document.getElementById('{fragment}').getBoundingClientRect().top < innerHeight)"
    );
    holds(client, &there).await;
    if name == "search" {
        run(client, "document.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true })); const field = document.querySelector('[data-md-component=search-query]'); field.value = 'words'; field.dispatchEvent(new Event('input', { bubbles: true }))").await;
        holds(
            client,
            "document.querySelector('.md-search-result__link').checkVisibility()",
        )
        .await;
    }
}

/// Compares the lines of the parts: places nearly, all else exactly.
fn differing_parts(stored: &[&str], found: &[String]) -> Vec<String> {
    let split = |line: &str| -> (Vec<String>, Vec<i64>) {
        let (name, rest) = line.split_once(": ").unwrap_or((line, ""));
        let (place, rest) = rest.split_once(" | ").unwrap_or(("", rest));
        let numbers = place.split(' ').map(|it| it.parse().unwrap_or(0));
        (vec![name.to_owned(), rest.to_owned()], numbers.collect())
    };
    let mut differing = Vec::new();
    for line in stored {
        let (what, place) = split(line);
        let same = found
            .iter()
            .map(|it| split(it))
            .find(|it| it.0[0] == what[0]);
        let is_same = same.as_ref().is_some_and(|(here, at)| {
            *here == what
                && place.len() == at.len()
                && place.iter().zip(at).all(|(a, b)| (a - b).abs() <= NEAR)
        });
        if !is_same {
            let here = found.iter().find(|it| split(it).0[0] == what[0]);
            let here = here.map_or("it is not there", String::as_str);
            differing.push(format!("  stored {line}\n  found  {here}"));
        }
    }
    let is_stored = |it: &&String| stored.iter().any(|line| split(line).0[0] == split(it).0[0]);
    differing.extend(
        found
            .iter()
            .filter(|it| !is_stored(it))
            .map(|it| format!("  new    {it}")),
    );
    differing
}

/// The cells that differ by more than fonts make them differ, as `row:column stored found`.
fn differing_cells(stored: &[&str], found: &[String]) -> Vec<(i64, String)> {
    let level = |cell: &str| i64::from_str_radix(cell, 16).unwrap_or(-1000);
    let mut differing = Vec::new();
    for (row, (old, new)) in stored.iter().zip(found).enumerate() {
        for (column, (old, new)) in old.split(' ').zip(new.split(' ')).enumerate() {
            let by = (level(old) - level(new)).abs();
            differing.push((by, format!("{row}:{column} {old} {new}")));
        }
    }
    differing
}

#[tokio::test]
async fn pages_look_as_they_did() {
    if is_firefox() {
        return;
    }
    let mut wrong = String::new();
    let mut most = (0, 0);
    for direction in ["ltr", "rtl"] {
        let site = site(direction);
        let server = site.serve();
        let (_driver, client) = Driver::start().await;
        devtools(
            &client,
            "Emulation.setScrollbarsHidden",
            json!({"hidden": true}),
        )
        .await;
        for (name, page) in PAGES {
            let path = in_repository(&format!("tests/browser/looks/{name}-{direction}.txt"));
            let stored = fs::read_to_string(&path).unwrap_or_default();
            let mut text = String::new();
            for width in [390, 820, 1440] {
                for scheme in ["light", "dark"] {
                    show(&client, &server, (name, page), (width, scheme)).await;
                    let mut look = look(&client).await;
                    // The parts of the specimen are the same wherever it is looked at.
                    if page.contains('#') {
                        look.parts.clear();
                    }
                    let title = format!("== {width} {scheme}\n");
                    let (parts, grid) = (look.parts.join("\n"), look.grid.join("\n"));
                    write!(text, "{title}{parts}\n-- light\n{grid}\n").expect("a text");
                    let old = stored
                        .split("== ")
                        .find(|it| title[3..] == it[..it.find('\n').map_or(0, |end| end + 1)]);
                    let (old_parts, old_grid) = old
                        .and_then(|it| it.split_once("-- light\n"))
                        .unwrap_or_default();
                    let old_parts = old_parts.lines().skip(1);
                    let old_parts: Vec<&str> = old_parts.filter(|it| !it.is_empty()).collect();
                    let old_grid: Vec<&str> = old_grid.lines().collect();
                    let mut differs = differing_parts(&old_parts, &look.parts);
                    let cells = differing_cells(&old_grid, &look.grid);
                    let beyond: Vec<&str> = cells
                        .iter()
                        .filter(|it| it.0 > LEVELS)
                        .map(|it| &*it.1)
                        .collect();
                    most.0 = most.0.max(beyond.len());
                    most.1 = most.1.max(cells.iter().map(|it| it.0).max().unwrap_or(256));
                    if beyond.len() > CELLS || old_grid.len() != look.grid.len() {
                        differs.push(format!(
                            "  {} cells are lighter or darker (row:column stored found): {}",
                            beyond.len(),
                            beyond.join(", ")
                        ));
                    }
                    if differs.is_empty() || updates() {
                        continue;
                    }
                    let picture = client.screenshot().await.expect("a picture");
                    let file = written(
                        &format!("{name}-{direction}-{width}-{scheme}.png"),
                        &picture,
                    );
                    writeln!(
                        wrong,
                        "{name} {direction} {width} {scheme}, see {}\n{}",
                        file.display(),
                        differs.join("\n")
                    )
                    .expect("a text");
                }
            }
            if updates() {
                rewrite(&path, &text);
            }
        }
        client.close().await.expect("it closes");
    }
    println!("at most {} cells beyond, at most by {}", most.0, most.1);
    assert!(wrong.is_empty(), "{wrong}");
}

/// Writes the picture of what differs.
fn written(name: &str, picture: &[u8]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("looks");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, picture).expect("written");
    path
}
