//! What the ages of lines cost.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{Subject, address};
use crate::harness::measure::{milliseconds, percentile};
use crate::harness::{Server, Site};

/// Pages and commits of the history that is asked.
const PAGES: usize = 124;
const COMMITS: usize = 3_000;
/// Saves of each kind.
const SAVES: usize = 100;

/// Prints all figures.
pub fn print(subject: &Subject) {
    known_pages();
    paired_saves(subject);
}

/// How long a long history takes to be known: at the first start and the next.
fn known_pages() {
    let site = long_history();
    let cache = tempfile::tempdir().expect("a folder");
    println!("{PAGES} pages of {COMMITS} commits");
    for start in ["the first start", "the next start"] {
        let begun = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_proofroom"))
            .current_dir(site.path(""))
            .env("XDG_CACHE_HOME", cache.path())
            .args(["blame", "--site", "--json"])
            .output()
            .expect("it runs");
        assert!(output.status.success());
        let taken = milliseconds(begun.elapsed());
        let each = taken / PAGES as f64;
        println!("  blame --site, {start}: {taken:.0} ms, {each:.2} ms a page");
    }
    let cache = tempfile::tempdir().expect("a folder");
    for start in ["the first start", "the next start"] {
        let begun = Instant::now();
        let server = serve(&site, cache.path());
        // Each answer is one page's; the rest comes in the background.
        let all = format!("\"known\":{PAGES},");
        while !server
            .get("/__proofroom/ages?page=/page-1/")
            .body
            .contains(&all)
        {
            // Asking without pause would take its time from what is measured.
            std::thread::park_timeout(Duration::from_millis(20));
        }
        let taken = milliseconds(begun.elapsed());
        println!("  known in the background of serve, {start}: {taken:.0} ms");
    }
}

/// Save to served bytes while a second tab shows the page, with its strip on
/// and off by turns.
fn paired_saves(subject: &Subject) {
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "--all"],
        &[
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "commit",
            "--quiet",
            "-m",
            "All",
        ],
    ] {
        let run = Command::new("git")
            .current_dir(subject.site.path(""))
            .args(arguments)
            .status();
        assert!(run.is_ok_and(|it| it.success()));
    }
    let cache = tempfile::tempdir().expect("a folder");
    let server = serve(&subject.site, cache.path());
    let address = address(&server, subject);
    let path = format!("{}/{}", subject.docs, subject.page);
    let text = fs::read_to_string(subject.site.path(&path)).expect("a page");
    let mut tab = server.tab(subject.address);
    let mut other = server.tab(subject.address);
    let (strip, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut taken = [Vec::new(), Vec::new()];
    let mut strips = Vec::new();
    std::thread::scope(|scope| {
        let shown = scope.spawn(|| {
            let mut strips = Vec::new();
            while !over.load(Ordering::SeqCst) {
                other.wait_for("page");
                server.get(&address);
                if strip.load(Ordering::SeqCst) {
                    let begun = Instant::now();
                    let told = server.get(&format!("/__proofroom/ages?page={address}"));
                    strips.push(milliseconds(begun.elapsed()));
                    assert!(told.body.contains("\"commits\""), "{}", told.body);
                }
            }
            strips
        });
        // The first of each kind are not counted.
        for round in 0..2 * (SAVES + 5) {
            let on = round % 2 == 1;
            strip.store(on, Ordering::SeqCst);
            over.store(round + 1 == 2 * (SAVES + 5), Ordering::SeqCst);
            // Saves without a pause would be taken for a checkout.
            std::thread::park_timeout(Duration::from_millis(100));
            // To the same text each time: the page does not grow.
            let added = format!("Added in round {round}.");
            let begun = Instant::now();
            subject.site.save(&path, &format!("{text}\n\n{added}\n"));
            tab.wait_for("page");
            let page = server.get(&address);
            let time = milliseconds(begun.elapsed());
            assert!(page.body.contains(&added), "the new bytes");
            if round >= 10 {
                taken[usize::from(on)].push(time);
            }
        }
        strips = shown.join().expect("it ends");
    });
    println!("save to the new bytes over HTTP, {SAVES} saves each, by turns");
    let [off, on] = taken;
    for (name, taken) in [
        ("strip off", off),
        ("strip on", on),
        ("the strip's own request", strips),
    ] {
        let (half, most) = (percentile(&taken, 0.5), percentile(&taken, 0.95));
        println!("  {name}: p50 {half:.1} ms, p95 {most:.1} ms");
    }
}

/// Serves with a cache of its own.
fn serve(site: &Site, cache: &Path) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
    command
        .current_dir(site.path(""))
        .env("XDG_CACHE_HOME", cache)
        .args(["serve", "--dev-addr", "127.0.0.1:0"])
        .stderr(Stdio::null());
    Server::spawn(command)
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

/// A site whose pages were edited again and again.
fn long_history() -> Site {
    let mut numbers = Numbers(7);
    let line =
        |numbers: &mut Numbers, commit| format!("Written in {commit}, {}.", numbers.below(1 << 30));
    let mut pages: Vec<Vec<String>> = (0..PAGES)
        .map(|_| (0..200).map(|_| line(&mut numbers, 1)).collect())
        .collect();
    let mut stream = String::new();
    for commit in 1..=COMMITS {
        let touched: Vec<usize> = match commit {
            1 => (0..PAGES).collect(),
            _ => (0..=numbers.below(3))
                .map(|_| numbers.below(PAGES))
                .collect(),
        };
        let when = 1_600_000_000 + commit * 30_000;
        let message = format!("Edit {commit}");
        let person = format!("A{} <a@example.org> {when} +0000", numbers.below(7));
        let _ = write!(
            stream,
            "commit refs/heads/main\nmark :{commit}\nauthor {person}\ncommitter {person}\ndata {}\n{message}\n",
            message.len()
        );
        if commit > 1 {
            let _ = writeln!(stream, "from :{}", commit - 1);
        }
        for page in touched {
            let lines = &mut pages[page];
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(lines.len());
                let new = line(&mut numbers, commit);
                match numbers.below(5) {
                    0 => lines.insert(at, new),
                    1 if lines.len() > 50 => drop(lines.remove(at)),
                    _ => lines[at] = new,
                }
            }
            let text = lines.join("\n\n") + "\n";
            let _ = write!(
                stream,
                "M 100644 inline docs/page-{page}.md\ndata {}\n{text}\n",
                text.len()
            );
        }
    }
    let site = Site::new(&[]);
    let folder = site.path("");
    import(&folder, &stream);
    site
}

fn import(folder: &Path, stream: &str) {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(folder).args(arguments);
        command
    };
    assert!(
        git(&["init", "--quiet", "-b", "main"])
            .status()
            .is_ok_and(|it| it.success())
    );
    let mut load = git(&["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git is installed");
    let mut input = load.stdin.take().expect("piped");
    std::io::Write::write_all(&mut input, stream.as_bytes()).expect("read");
    drop(input);
    assert!(load.wait().is_ok_and(|it| it.success()));
    assert!(
        git(&["checkout", "--quiet", "main"])
            .status()
            .is_ok_and(|it| it.success())
    );
}
