//! What a first query loads in a browser, and what its index costs to make.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use fantoccini::{Client, Locator};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::programs::{Program, build_without_search};
use super::sites::Synthetic;
use super::table::{Table, kilobytes, megabytes, number};
use crate::harness::PATIENCE;
use crate::harness::browser::{Driver, holds, value};
use crate::harness::file_server::{Asked, FileServer};
use crate::harness::measure::{self, Cost, cost, milliseconds, percentile};

/// No program gets more time for a build.
const LIMIT: Duration = Duration::from_secs(300);
/// How often each build is run, by turns.
const ROUNDS: usize = 3;
/// Where the search box of the built-in theme and of Material is.
const BOX: &str = "[data-md-component='search-query']";
/// Their hits.
const HITS: &str = ".md-search-result__list > li a[href]";

/// The table of one site.
pub fn print(synthetic: &Synthetic) {
    let columns = [
        "program",
        "requests",
        "KB",
        "KB with gzip",
        "to the hits, ms",
        "page is hit",
        "index, MB",
        "to make it: wall, s",
        "processor, s",
        "peak, MB",
    ];
    let mut table = Table::new(&columns);
    for program in Program::found() {
        if !(program.is_proofroom() || program == Program::MkDocs) {
            continue;
        }
        let (mut command, out) = program.build(synthetic);
        let made = match program {
            Program::Proofroom => price(synthetic),
            _ => [f64::NAN; 3],
        };
        if let Err(error) = cost(&mut command, LIMIT) {
            eprintln!("{}: {error}", program.name());
            continue;
        }
        let index: u64 = measure::files(&out.join("search"))
            .iter()
            .map(|it| it.1)
            .sum();
        let query = measure::program("chromedriver").map(|_| first_query(synthetic, &out));
        let query = query.unwrap_or_default();
        table.row(vec![
            program.name().to_owned(),
            query.loaded.len().to_string(),
            kilobytes(query.loaded.iter().map(|it| it.bytes).sum()),
            kilobytes(query.loaded.iter().map(|it| it.compressed).sum()),
            number(query.milliseconds, 0),
            query.place.map_or("–".to_owned(), |at| at.to_string()),
            megabytes(index),
            number(made[0], 2),
            number(made[1], 2),
            number(made[2], 0),
        ]);
        for loaded in &query.loaded {
            eprintln!("    {} {} {}", loaded.path, loaded.bytes, loaded.compressed);
        }
        fs::remove_dir_all(&out).expect("removed");
    }
    table.print(&format!("First query, {}", synthetic.name()));
}

/// What a build with search takes longer than one without: seconds, seconds of
/// processor, megabytes at its peak.
fn price(synthetic: &Synthetic) -> [f64; 3] {
    let mut differences = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        let run = |(mut command, out): (Command, PathBuf)| -> Option<Cost> {
            let cost = cost(&mut command, LIMIT).ok()?;
            fs::remove_dir_all(out).ok()?;
            Some(cost)
        };
        let with = run(Program::Proofroom.build(synthetic));
        let without = run(build_without_search(synthetic));
        if let (Some(with), Some(without)) = (with, without) {
            let memory = with.memory as f64 - without.memory as f64;
            differences[0].push(with.wall - without.wall);
            differences[1].push(with.processor - without.processor);
            differences[2].push(memory / f64::from(1 << 20));
        }
    }
    differences.map(|it| percentile(&it, 0.5))
}

/// A file that was asked for.
struct Loaded {
    path: String,
    bytes: u64,
    compressed: u64,
}

/// What a query in a page that was just opened does.
#[derive(Default)]
struct Query {
    loaded: Vec<Loaded>,
    milliseconds: f64,
    /// The place of the page among the hits, from 1.
    place: Option<u64>,
}

/// A page with a title that is good to search for, and its words.
fn wanted(synthetic: &Synthetic) -> (String, String) {
    let half = synthetic.all().skip(synthetic.pages / 2);
    let long = |title: &str| {
        let words: Vec<&str> = title.split(' ').take(2).collect();
        words
            .iter()
            .all(|word| word.len() > 4)
            .then(|| words.join(" ").to_lowercase())
    };
    half.filter_map(|page| Some((page.path, long(&page.title)?)))
        .next()
        .unwrap_or_else(|| (synthetic.path_of(1), "page".to_owned()))
}

fn first_query(synthetic: &Synthetic, built: &Path) -> Query {
    let files = FileServer::start(built.to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let (path, words) = wanted(synthetic);
    runtime.block_on(async {
        let (_driver, client) = Driver::start().await;
        client.set_window_size(1400, 900).await.expect("a window");
        let home = format!("http://{}/", files.host);
        client.goto(&home).await.expect("it loads");
        holds(&client, "document.readyState === 'complete'").await;
        // Scripts may load parts of the search ahead: they belong to the query.
        let page: Vec<String> = files
            .asked
            .lock()
            .iter()
            .map(|it| it.path.clone())
            .collect();
        let query = ask(&client, &words, &path).await;
        let _ = client.close().await;
        let loaded = std::mem::take(&mut *files.asked.lock());
        let mut loaded: Vec<Loaded> = loaded.into_iter().map(Loaded::from).collect();
        // Nothing is counted twice, nor what the page itself needs.
        let mut seen: Vec<String> = page
            .into_iter()
            .filter(|it| !it.contains("search"))
            .collect();
        loaded.retain(|it| {
            let first = !seen.contains(&it.path);
            seen.push(it.path.clone());
            first
        });
        let (milliseconds, place) = query;
        Query {
            loaded,
            milliseconds,
            place,
        }
    })
}

/// Types a query; returns the milliseconds to its hits and the place of a page.
async fn ask(client: &Client, words: &str, path: &str) -> (f64, Option<u64>) {
    let field = client.find(Locator::Css(BOX)).await.expect("a search box");
    let begun = Instant::now();
    field.send_keys(words).await.expect("typed");
    let last = words.rsplit(' ').next().unwrap_or(words);
    let there = format!(
        "document.querySelector(\"{HITS}\") && document.querySelector(\"{BOX}\").value.includes('{last}')"
    );
    let hits = tokio::time::timeout(4 * PATIENCE, holds(client, &there)).await;
    let taken = milliseconds(begun.elapsed());
    if hits.is_err() {
        return (f64::NAN, None);
    }
    // The hits of the first word may still be shown.
    measure::pause(Duration::from_millis(700));
    let place = format!(
        "1 + [...document.querySelectorAll(\"{HITS}\")].findIndex((it) => it.href.includes('{path}/'))"
    );
    let place = value(client, &place).await.as_u64();
    (taken, place.filter(|at| *at > 0))
}

impl From<Asked> for Loaded {
    fn from(Asked { path, bytes }: Asked) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let written = encoder.write_all(&bytes).and_then(|()| encoder.finish());
        Self {
            path,
            bytes: bytes.len() as u64,
            compressed: written.map_or(0, |it| it.len() as u64),
        }
    }
}
