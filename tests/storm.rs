//! A storm of mixed edits, with tabs open all the while: the server lives,
//! and in the end shows what a clean build writes, byte for byte.
//!
//! `cargo test --release --test storm -- --ignored --nocapture` runs the long
//! form and prints its figures.

#![cfg(unix)]

mod common;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use common::{PATIENCE, Served, Site, as_built};
use tungstenite::Message;

/// How many tabs are open.
const TABS: usize = 5;

const CONFIG: &str = "site_name: Storm
site_url: https://example.org/
theme:
  name: material
  custom_dir: overrides
extra_css: [style.css]
plugins: [search, tags, meta]
markdown_extensions:
  - admonition
  - abbr
  - attr_list
  - footnotes
  - pymdownx.snippets:
      auto_append: [includes/abbreviations.txt]
";
const CONFIGS: [&str; 5] = [
    "site_name: Another\n",
    "site_name: Flat\nuse_directory_urls: false\n",
    "site_name: Listed\nnav:\n  - index.md\n  - Part: one/a.md\n  - Gone: gone.md\n",
    "site_name: [broken\n",
    "site_name: Less\ntheme:\n  custom_dir: nowhere\nplugins: []\n",
];
const TEMPLATES: [&str; 4] = [
    "{% extends \"base.html\" %}\n",
    "{% extends \"base.html\" %}{% block htmltitle %}<title>{{ page.title }}</title>{% endblock %}\n",
    "<body>{{ page.content }}{% for item in nav %}<a href=\"{{ item.url }}\">{{ item.title }}</a>{% endfor %}\n",
    "one\n{% if %}\n",
];
const PARTS: [&str; 12] = [
    "Some *words* and HTML.\n\n",
    "## Heading\n\n",
    "# Another title\n\n",
    "[home](index.md) and [there](one/a.md#heading) and [gone](gone.md)\n\n",
    "--8<-- \"includes/part.txt\"\n\n",
    "--8<-- \"includes/missing.txt\"\n\n",
    "!!! note\n\n    Inside.\n\n",
    "![image](img.svg)\n\n",
    "A note[^1].\n\n[^1]: Its text.\n\n",
    "```rust\nfn main() {}\n```\n\n",
    ":material-account: and :material-none:\n\n",
    "- one\n    - two\n\n",
];
const FRONTS: [&str; 6] = [
    "",
    "",
    "---\ntitle: Titled\n---\n",
    "---\ntags: [one, two]\n---\n",
    "---\ntitle: [broken\n---\n",
    "---\nsearch:\n  exclude: true\n---\n",
];
const FOLDERS: [&str; 6] = ["", "one/", "two/", "two/deep/", "one/x/y/", "three/"];
const NAMES: [&str; 8] = ["index", "a", "b", "c", "README", "d-e", "f g", "字"];

/// A generator of numbers that only depend on its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("small")
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    fn page(&mut self) -> String {
        format!("docs/{}{}.md", self.pick(&FOLDERS), self.pick(&NAMES))
    }

    fn text(&mut self) -> String {
        let mut text = self.pick(&FRONTS).to_owned();
        for _ in 0..self.roll(6) {
            text.push_str(self.pick(&PARTS));
        }
        text.push_str(&format!("Number {}.\n", self.roll(1000)));
        text
    }
}

fn site() -> Site {
    let site = Site::new(&[
        ("mkdocs.yml", CONFIG),
        ("docs/index.md", "# Home\n\nThe HTML page.\n"),
        (
            "docs/one/a.md",
            "# Alpha\n\n## Heading\n\n--8<-- \"includes/part.txt\"\n",
        ),
        ("docs/style.css", "p { color: black }\n"),
        (
            "docs/img.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
        ),
        ("includes/part.txt", "Part of it.\n"),
        ("includes/abbreviations.txt", "*[HTML]: HyperText\n"),
        ("overrides/main.html", TEMPLATES[0]),
        ("overrides/partials/copyright.html", "<p>Made by hand</p>\n"),
    ]);
    for folder in FOLDERS {
        site.write(&format!("docs/{folder}b.md"), "# Beta\n\nSecond words.\n");
    }
    site
}

/// One operation; what it was, for whoever must find out what went wrong.
/// Whatever cannot be done (a file where a folder is wanted) is not.
fn operate(site: &Site, dice: &mut Dice) -> String {
    let write = |path: &str, text: &[u8]| {
        let path = site.path(path);
        let folder = path.parent().expect("a folder");
        let _ = fs::create_dir_all(folder).and_then(|()| fs::write(path, text));
    };
    let save = |path: &str, text: &str| {
        let path = site.path(path);
        let beside = path.with_extension("tmp~");
        let folder = path.parent().expect("a folder");
        let _ = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&beside, text))
            .and_then(|()| fs::rename(beside, path));
    };
    let page = dice.page();
    let kind = dice.roll(100);
    let what = match kind {
        0..25 => {
            save(&page, &dice.text());
            "saves"
        }
        25..40 => {
            write(&page, dice.text().as_bytes());
            "writes"
        }
        40..45 => {
            // In two halves, with whatever comes between them.
            let text = dice.text();
            let file = fs::create_dir_all(site.path(&page).parent().expect("a folder"))
                .and_then(|()| File::create(site.path(&page)));
            if let Ok(mut file) = file {
                let (head, rest) = text.as_bytes().split_at(text.len() / 2);
                let _ = file.write_all(head);
                let _ = file.flush();
                thread::yield_now();
                let _ = file.write_all(rest);
            }
            "writes in halves"
        }
        45..52 => {
            let to = dice.page();
            let folder = site.path(&to);
            let _ = fs::create_dir_all(folder.parent().expect("a folder"));
            let _ = fs::rename(site.path(&page), site.path(&to));
            "renames"
        }
        52..60 => {
            let _ = fs::remove_file(site.path(&page));
            "deletes"
        }
        60..64 => {
            let text = fs::read(site.path(&page)).unwrap_or_default();
            let _ = fs::remove_file(site.path(&page));
            write(&page, &text);
            "deletes and restores"
        }
        64..67 => {
            let folder = format!("docs/{}", FOLDERS[1 + dice.roll(FOLDERS.len() - 1)]);
            let to = format!("docs/moved{}", dice.roll(3));
            let _ = fs::rename(site.path(&folder), site.path(&to));
            "moves the folder of"
        }
        67..69 => {
            let folder = format!("docs/{}", FOLDERS[1 + dice.roll(FOLDERS.len() - 1)]);
            let _ = fs::remove_dir_all(site.path(&folder));
            let _ = fs::remove_dir_all(site.path(&format!("docs/moved{}", dice.roll(3))));
            "deletes the folder of"
        }
        69..72 => {
            for number in 0..20 {
                let path = format!("docs/{}many/{number}.md", dice.pick(&FOLDERS));
                write(&path, dice.text().as_bytes());
            }
            "writes many beside"
        }
        72..77 => {
            save("overrides/main.html", dice.pick(&TEMPLATES));
            "changes the template before"
        }
        77..82 => {
            save("overrides/main.html", TEMPLATES[0]);
            "mends the template before"
        }
        82..84 => {
            save("mkdocs.yml", dice.pick(&CONFIGS));
            "changes the config before"
        }
        84..90 => {
            save("mkdocs.yml", CONFIG);
            "mends the config before"
        }
        90..94 => {
            write("includes/part.txt", dice.text().as_bytes());
            "writes the snippet of"
        }
        94 => {
            let _ = fs::remove_file(site.path("includes/part.txt"));
            "deletes the snippet of"
        }
        95 => {
            save(
                "includes/abbreviations.txt",
                &format!("*[HTML]: {}\n", dice.roll(9)),
            );
            "saves the abbreviations of"
        }
        96 => {
            save(
                "docs/style.css",
                &format!("p {{ margin: {}px }}\n", dice.roll(9)),
            );
            "saves the style of"
        }
        97 => {
            write(&page, b"# Not UTF-8 \xff\xfe\n");
            "breaks the letters of"
        }
        98 => {
            let _ = fs::create_dir_all(site.path(&page));
            "makes a folder of"
        }
        _ => {
            let _ = fs::remove_dir(site.path(&page));
            write(
                "docs/.meta.yml",
                format!("tags: [t{}]\n", dice.roll(4)).as_bytes(),
            );
            "writes what holds for"
        }
    };
    format!("{what} {page}")
}

/// How long to wait before the next operation, in milliseconds.
type Gap = fn(&mut Dice) -> usize;

/// Short gaps, but one in ten so long that tabs hear of what was before.
fn hasty(dice: &mut Dice) -> usize {
    match dice.roll(10) {
        0..9 => dice.roll(6),
        _ => 60 + dice.roll(60),
    }
}

/// Seven in ten below 20 ms, two below 100, one below 500.
fn mixed(dice: &mut Dice) -> usize {
    match dice.roll(10) {
        0..7 => dice.roll(20),
        7..9 => dice.roll(100),
        _ => dice.roll(500),
    }
}

/// What a tab saw.
#[derive(Default)]
struct Seen {
    events: AtomicUsize,
    loads: AtomicUsize,
    over: AtomicBool,
}

/// A tab as a browser has it: loads a page, follows it, sometimes goes on to
/// another.
fn browse(server: &Served, seen: &Seen, mut dice: Dice) {
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
        let stream = TcpStream::connect(server.host()).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_millis(200)))
            .expect("a socket");
        let url = format!("ws://{}/__proofroom/live", server.host());
        let (mut socket, _) = tungstenite::client(url, stream).expect("a live channel");
        let hello = serde_json::json!({"address": path, "fingerprint": fingerprint});
        socket.send(Message::text(hello.to_string())).expect("sent");
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

/// Makes whole what must be whole for a build.
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

/// The answer's body, byte for byte.
fn body(server: &Served, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.host()).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    let host = server.host();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    let head = answer
        .windows(4)
        .position(|it| it == b"\r\n\r\n")
        .expect("a head");
    answer.split_off(head + 4)
}

fn files(folder: &Path, below: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().into_string().expect("UTF-8");
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{below}{name}/"), found);
        } else {
            found.insert(format!("{below}{name}"));
        }
    }
}

/// Addresses at which the server differs from what was built.
fn differences(server: &Served, built: &Path, once: &BTreeSet<String>) -> Vec<String> {
    let mut outputs = BTreeSet::new();
    files(built, "", &mut outputs);
    let mut differ = Vec::new();
    for output in &outputs {
        let bytes = fs::read(built.join(output)).expect("a file");
        let address = output.strip_suffix("index.html").unwrap_or(output);
        let address = address.replace(' ', "%20").replace('字', "%E5%AD%97");
        let served = body(server, &format!("/{address}"));
        let is_same = match output.ends_with(".html") && output != "404.html" {
            true => as_built(&String::from_utf8_lossy(&served)).as_bytes() == bytes,
            false => output == "404.html" || served == bytes,
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
fn memory(server: &Served) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

/// What a server that has lived through nothing holds of the same site.
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
    let server = Served::spawn(command);
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
    // The last changes may be on their way still.
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
