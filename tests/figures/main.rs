//! The figures that users feel, printed: `cargo bench --bench figures`.
//!
//! Takes the real site of the conformance suite where that is at hand, else a
//! made-up one of as many pages; then one of 4,000 pages in 31 languages.
//! `figures -- review` measures reviews only.

#[path = "../harness/mod.rs"]
mod harness;

mod ages;
mod review;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::browser::{self, Driver};
use crate::harness::measure::{milliseconds, pause, percentile, processor_time, wait_until_idle};
use crate::harness::{Server, Site};

const ROUNDS: usize = 5;
/// Saves are many, for their worst count.
const SAVES: usize = 100;

/// A site to measure: where its pages lie, and one to edit.
struct Subject {
    site: Site,
    docs: &'static str,
    page: &'static str,
    address: &'static str,
    name: &'static str,
}

fn main() {
    if std::env::args().any(|argument| argument == "review") {
        #[cfg(target_os = "linux")]
        crate::harness::server::raise_limits();
        return review::print();
    }
    let suite =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/corpus/privacyguides");
    let subject = if suite.is_dir() {
        real(&suite)
    } else {
        made_up()
    };
    #[cfg(target_os = "linux")]
    crate::harness::server::raise_limits();
    println!("{}", subject.name);
    print("build", "ms", &builds(&subject));
    serving(&subject);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match (
        runtime,
        Command::new("chromedriver").arg("--version").output(),
    ) {
        (Ok(runtime), Ok(_)) => {
            let taken = runtime.block_on(paints(&subject));
            print("save to the new text in Chromium's DOM", "ms", &taken);
        }
        _ => println!("SKIPPED: chromedriver is not installed"),
    }
    ages::print(&subject);
    print("1,000 tabs, save to the event", "ms", &tabs(&subject));
    let large = many_languages();
    println!("{}", large.name);
    serving(&large);
    review::print();
}

fn print(what: &str, unit: &str, taken: &[f64]) {
    let (middle, high) = (percentile(taken, 0.5), percentile(taken, 0.95));
    let rounds = taken.len();
    println!("{what:<44}{middle:>9.1} {unit}, p95 {high:.1} of {rounds}");
}

/// What a person at work meets.
fn serving(subject: &Subject) {
    print(
        "process start to the first page",
        "ms",
        &first_pages(subject),
    );
    let server = subject.site.serve();
    print(
        "save to the new bytes over HTTP",
        "ms",
        &saves(subject, &server),
    );
    println!("{:<44}{:>9.0} MB", "memory after that", memory(&server));
    println!("{:<44}{:>9.2} %", "processor while idle", idle(&server));
}

/// What the process holds in memory, in megabytes.
fn memory(server: &Server) -> f64 {
    server.memory() as f64 / f64::from(1 << 20)
}

/// How much of one processor is used while nothing happens.
fn idle(server: &Server) -> f64 {
    // What the last save set off has an end.
    let before = wait_until_idle(server.id());
    let watched = Duration::from_secs(10);
    pause(watched);
    (processor_time(server.id()) - before) / watched.as_secs_f64() * 100.0
}

/// A copy of the real site, set up by a `mkdocs.yml` that inherits from it.
fn real(suite: &Path) -> Subject {
    Subject {
        site: Site::copy_of(suite),
        docs: "docs",
        page: "real-time-communication.md",
        address: "real-time-communication/",
        name: "the Privacy Guides site, 123 pages",
    }
}

fn made_up() -> Subject {
    let site = Site::new(&[("mkdocs.yml", "site_name: Example\n")]);
    for number in 0..123 {
        let text = format!(
            "# Page {number}\n\n{}\n",
            "Some *words* and a [link](page-1.md).\n\n".repeat(60)
        );
        site.write(&format!("docs/page-{number}.md"), text);
    }
    Subject {
        site,
        docs: "docs",
        page: "page-1.md",
        address: "page-1/",
        name: "a made-up site, 123 pages",
    }
}

fn builds(subject: &Subject) -> Vec<f64> {
    let build = |_| {
        let start = Instant::now();
        let output = subject.site.run(&["build", "--quiet"]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        milliseconds(start.elapsed())
    };
    (0..ROUNDS).map(build).collect()
}

fn address(server: &Server, subject: &Subject) -> String {
    let base = server.home.split_once(server.host()).expect("own home").1;
    format!("{base}{}", subject.address)
}

fn first_pages(subject: &Subject) -> Vec<f64> {
    let first = |_| {
        let start = Instant::now();
        let server = subject.site.serve();
        let page = server.get(&address(&server, subject));
        assert_eq!(page.status, 200);
        milliseconds(start.elapsed())
    };
    (0..ROUNDS).map(first).collect()
}

/// Saves the page with a new last paragraph; returns its text.
fn save(subject: &Subject, round: usize) -> String {
    let path = format!("{}/{}", subject.docs, subject.page);
    let text = fs::read_to_string(subject.site.path(&path)).expect("a page");
    let plain = text.split("\n\nAdded in round").next().unwrap_or_default();
    let added = format!("Added in round {round}.");
    subject.site.save(&path, &format!("{plain}\n\n{added}\n"));
    added
}

fn saves(subject: &Subject, server: &Server) -> Vec<f64> {
    let address = address(server, subject);
    let mut tab = server.tab(subject.address);
    let one = |round| {
        let start = Instant::now();
        let added = save(subject, round);
        tab.wait_for("page");
        let page = server.get(&address);
        let taken = milliseconds(start.elapsed());
        assert!(page.body.contains(&added), "the new bytes");
        taken
    };
    // The first ones are not counted: the site is still being looked over.
    (0..SAVES + 10).map(one).collect::<Vec<_>>().split_off(10)
}

/// A thousand tabs of one page: when each hears of a save.
fn tabs(subject: &Subject) -> Vec<f64> {
    let server = subject.site.serve();
    let page = server.get(&address(&server, subject));
    let mut tabs: Vec<_> = (0..1000)
        .map(|_| server.subscribe(subject.address, &page.fingerprint()))
        .collect();
    let mut taken = Vec::new();
    for round in 0..ROUNDS {
        let start = Instant::now();
        save(subject, 500 + round);
        // Read one after the other, so each figure is an upper bound.
        taken.extend(tabs.iter_mut().map(|tab| {
            tab.wait_for("page");
            milliseconds(start.elapsed())
        }));
    }
    taken
}

/// 4,000 pages: 129 in each of 31 languages.
fn many_languages() -> Subject {
    let codes = [
        "ar", "bg", "bn", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id",
        "it", "ja", "ko", "nl", "nb", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
    ];
    let mut config = "site_name = \"Many\"\n[languages]\ndefault = \"en\"\n\
                      each = { docs = \"i18n/{lang}\" }\nen = { docs = \"docs\" }\n"
        .to_owned();
    for code in codes {
        config.push_str(&format!("{code} = {{}}\n"));
    }
    let site = Site::new(&[("proofroom.toml", &config)]);
    let folders = codes.iter().map(|code| format!("i18n/{code}"));
    for folder in folders.chain(["docs".to_owned()]) {
        for number in 0..129 {
            let text = format!(
                "# Page {number}\n\n{}\n",
                "Some *words* and a [link](page-1.md).\n\n".repeat(60)
            );
            let path = format!("{folder}/part-{}/page-{number}.md", number % 10);
            site.write(&path, text.replace("page-1.md", "../part-1/page-1.md"));
        }
        site.write(&format!("{folder}/index.md"), "# Home\n");
    }
    Subject {
        site,
        docs: "docs",
        page: "part-1/page-1.md",
        address: "part-1/page-1/",
        name: "a made-up site, 4,000 pages in 31 languages",
    }
}

async fn paints(subject: &Subject) -> Vec<f64> {
    let server = subject.site.serve();
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}{}", server.home, subject.address))
        .await
        .expect("it loads");
    let mut taken = Vec::new();
    for round in 1000..=1000 + SAVES {
        let added = format!("Added in round {round}.");
        let save = || {
            save(subject, round);
        };
        taken.push(browser::until_shown(&client, &added, save).await);
    }
    // What shows nothing keeps nobody waiting.
    let _ = client.close().await;
    taken.split_off(1)
}
