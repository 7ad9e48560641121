//! The figures that users feel, printed: `cargo bench --bench figures`.
//!
//! Takes the real site of the conformance suite where that is at hand, else a
//! made-up one of as many pages. Each figure is the median of five.

#[path = "figures/ages.rs"]
mod ages;
mod common;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use common::chromium::Driver;
use common::{Served, Site};

const ROUNDS: usize = 5;

/// A site to measure: where its pages lie, and one to edit.
struct Subject {
    site: Site,
    docs: &'static str,
    page: &'static str,
    address: &'static str,
    name: &'static str,
}

fn main() {
    let suite =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/corpus/privacyguides");
    let subject = if suite.is_dir() {
        real(&suite)
    } else {
        made_up()
    };
    println!("{}, medians of {ROUNDS}", subject.name);
    let print =
        |what: &str, unit: &str, taken: &[f64]| println!("{what:<44}{:>9.1} {unit}", median(taken));
    print("build", "ms", &builds(&subject));
    print(
        "process start to the first page",
        "ms",
        &first_pages(&subject),
    );
    print("save to the new bytes over HTTP", "ms", &saves(&subject));
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
}

fn median(taken: &[f64]) -> f64 {
    let mut sorted = taken.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

fn milliseconds(taken: Duration) -> f64 {
    taken.as_secs_f64() * 1000.0
}

/// A copy of the real site, set up by a `mkdocs.yml` that inherits from it.
fn real(suite: &Path) -> Subject {
    let folder = tempfile::tempdir().expect("a folder");
    copy(suite, folder.path());
    let site = Site::of(folder);
    Subject {
        site,
        docs: "docs",
        page: "real-time-communication.md",
        address: "real-time-communication/",
        name: "the Privacy Guides site, 123 pages",
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            // Written anew: the suite's files may be read-only.
            fs::write(&target, fs::read(entry.path()).expect("a file")).expect("written");
        }
    }
}

fn made_up() -> Subject {
    let site = Site::new(&[(
        "mkdocs.yml",
        "site_name: Example\nsite_url: https://example.org/en\n",
    )]);
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

fn address(server: &Served, subject: &Subject) -> String {
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
    let added = format!("Added in round {round}.");
    subject.site.save(&path, &format!("{text}\n\n{added}\n"));
    added
}

fn saves(subject: &Subject) -> Vec<f64> {
    let server = subject.site.serve();
    let address = address(&server, subject);
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
    // The first save is not counted: the site is still being looked over.
    (0..=ROUNDS).map(one).collect::<Vec<_>>().split_off(1)
}

async fn paints(subject: &Subject) -> Vec<f64> {
    let server = subject.site.serve();
    let (_driver, client) = Driver::start().await;
    client
        .goto(&format!("{}{}", server.home, subject.address))
        .await
        .expect("it loads");
    let mut taken = Vec::new();
    for round in 100..=100 + ROUNDS {
        let wait = format!(
            "const done = arguments[0]; const look = () => {{ if (document.body.textContent.includes('Added in round {round}.')) done(true); else setTimeout(look, 0); }}; look();"
        );
        let page = client.clone();
        let seen = tokio::spawn(async move { page.execute_async(&wait, Vec::new()).await });
        // Lets the script start before the save.
        while client.title().await.is_err() {}
        let start = Instant::now();
        save(subject, round);
        seen.await.expect("it runs").expect("the new text");
        taken.push(milliseconds(start.elapsed()));
    }
    taken.split_off(1)
}
