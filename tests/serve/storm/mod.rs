//! A storm of mixed edits while tabs are open: the server survives, and in the end
//! shows what a clean build writes, byte for byte.
//!
//! `cargo test --release --test serve storm -- --ignored --nocapture` runs the long
//! form and prints its figures.

mod edits;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::harness::{Server, Site, Tab, as_built};
use edits::*;
use tungstenite::Message;

/// How many tabs are open.
const TABS: usize = 5;

/// What the tabs saw.
#[derive(Default)]
struct Seen {
    events: AtomicUsize,
    loads: AtomicUsize,
    over: AtomicBool,
}

/// A tab of a browser: loads a page, follows it, and sometimes moves on to another.
fn browse(server: &Server, seen: &Seen, mut dice: Dice) {
    while !seen.over.load(Ordering::Relaxed) {
        let page = dice.page();
        let address = page
            .trim_start_matches("docs/")
            .replace(".md", "/")
            .replace("index/", "");
        let path = format!(
            "/{}",
            address.replace(' ', "%20").replace('字', "%E5%AD%97")
        );
        let load = || {
            seen.loads.fetch_add(1, Ordering::Relaxed);
            let answer = server.get(&path);
            let known = matches!(answer.status, 200 | 404 | 307 | 500);
            assert!(known, "{path}: {} {}", answer.status, answer.body);
            answer.fingerprint()
        };
        let fingerprint = load();
        let stream = server.connect();
        let patience = Duration::from_millis(200);
        stream.set_read_timeout(Some(patience)).expect("a socket");
        let mut tab = Tab::new(server, stream, &path, &fingerprint);
        let socket = tab.socket();
        for _ in 0..1 + dice.roll(20) {
            match socket.read() {
                Ok(Message::Text(text)) => {
                    seen.events.fetch_add(1, Ordering::Relaxed);
                    if text.contains("\"page\"") {
                        load();
                    }
                }
                Ok(Message::Close(_)) => break,
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) => {
                    let quiet = matches!(
                        error.kind(),
                        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                    );
                    assert!(quiet, "the live channel ends: {error}");
                }
                Err(error) => panic!("the live channel ends: {error}"),
            }
            if seen.over.load(Ordering::Relaxed) {
                return;
            }
        }
    }
}

/// Repairs what would fail a build.
fn mend(site: &Site) {
    site.save("mkdocs.yml", CONFIG);
    site.save("overrides/main.html", TEMPLATES[0]);
    site.write("includes/part.txt", "Part of it.\n");
    let mut folders = vec![site.path("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                let text = fs::read(&path).expect("a file");
                if text.starts_with(FRONTS[4].as_bytes()) || str::from_utf8(&text).is_err() {
                    fs::write(path, "# Mended\n").expect("written");
                }
            }
        }
    }
}

fn files(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().into_string().expect("UTF-8");
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{below}{name}/"), found);
        } else if name != ".proofroom-manifest" {
            // The manifest is not an output of the site.
            found.insert(format!("{below}{name}"));
        }
    }
}

/// Addresses at which the server differs from what was built.
fn differences(server: &Server, built: &Path, once: &BTreeSet<String>) -> Vec<String> {
    let mut outputs = BTreeSet::new();
    files(built, "", &mut outputs);
    let mut differ = Vec::new();
    for output in &outputs {
        let bytes = fs::read(built.join(output)).expect("a file");
        let address = output.strip_suffix("index.html").unwrap_or(output);
        let address = address.replace(' ', "%20").replace('字', "%E5%AD%97");
        let served = server.get(&format!("/{address}")).bytes;
        let is_same = if output.ends_with(".html") {
            as_built(&String::from_utf8_lossy(&served)).as_bytes() == bytes
        } else {
            served == bytes
        };
        if !is_same {
            differ.push(output.clone());
        }
    }
    for output in once.difference(&outputs) {
        let address = output.strip_suffix("index.html").unwrap_or(output);
        let address = address.replace(' ', "%20").replace('字', "%E5%AD%97");
        if server.get(&format!("/{address}")).status != 404 {
            differ.push(format!("{output}, which is gone"));
        }
    }
    differ
}

/// What the process holds in memory, in megabytes.
fn memory(server: &Server) -> f64 {
    server.memory() as f64 / f64::from(1 << 20)
}

/// What a new server holds in memory of the same site.
fn memory_anew(site: &Site) -> f64 {
    let server = site.serve();
    // The build wrote all that there is; every file of it is asked for.
    differences(&server, &site.path("built"), &BTreeSet::new());
    memory(&server)
}

fn storm(seed: u64, operations: usize, gap: Gap) {
    let site = site();
    let notes = site.path("notes.txt");
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
    command.args(["serve", "-a", "127.0.0.1:0", "--quiet"]);
    command.current_dir(site.path(""));
    command.stderr(File::create(&notes).expect("a file"));
    let server = Server::spawn(command);
    let seen = Seen::default();
    let mut dice = Dice(seed);
    let mut done: Vec<String> = Vec::new();
    let mut once = BTreeSet::new();
    let (_clock, time) = mpsc::channel::<()>();
    thread::scope(|scope| {
        for tab in 0..TABS {
            let (server, seen) = (&server, &seen);
            let dice = Dice(seed.wrapping_add(tab as u64 + 1));
            scope.spawn(move || browse(server, seen, dice));
        }
        for operation in 0..operations {
            done.push(operate(&site, &mut dice));
            let gap = gap(&mut dice);
            // No event is waited for: the gap is part of the storm.
            let _ = time.recv_timeout(Duration::from_millis(gap as u64));
            if operation % 1000 == 999 {
                println!("{} operations, {:.0} MB", operation + 1, memory(&server));
            }
        }
        seen.over.store(true, Ordering::Relaxed);
    });
    for folder in FOLDERS {
        for name in NAMES
            .iter()
            .filter(|name| !matches!(**name, "index" | "README"))
        {
            once.insert(format!("{folder}{name}/index.html"));
        }
    }
    mend(&site);
    let built = site.run(&["build", "--quiet", "-d", "built"]);
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    // The last changes may still be on their way.
    let mut differ = Vec::new();
    for _ in 0..50 {
        differ = differences(&server, &site.path("built"), &once);
        if differ.is_empty() {
            break;
        }
        let _ = time.recv_timeout(Duration::from_millis(100));
    }
    let last = &done[done.len().saturating_sub(40)..];
    assert!(
        differ.is_empty(),
        "seed {seed}: {differ:?} differ after {last:#?}"
    );
    let events = seen.events.load(Ordering::Relaxed);
    assert!(
        events > operations / 20,
        "tabs heard of {events} events only"
    );
    let said = fs::read_to_string(notes).expect("notes");
    assert!(!said.contains("panicked"), "seed {seed}: {said}");
    println!(
        "seed {seed}: {operations} operations, {events} events and {} loads in {TABS} tabs, \
         memory {:.0} MB, of a new server {:.0} MB",
        seen.loads.load(Ordering::Relaxed),
        memory(&server),
        memory_anew(&site)
    );
}

#[test]
fn survives_a_storm() {
    storm(1, 400, hasty);
}

#[test]
#[ignore = "the long form: 10,000 operations, a quarter of an hour"]
fn survives_a_long_storm() {
    storm(2, 10_000, mixed);
}
