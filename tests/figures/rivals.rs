//! Other servers of the same site, measured in the same way as ours.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::{Subject, milliseconds, print, save};

/// How long any may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is asked whether a page is new.
const ASK: Duration = Duration::from_millis(5);
const ROUNDS: usize = 15;

pub(super) struct Rival {
    name: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
}

pub(super) const ALL: [Rival; 3] = [
    Rival {
        name: "proofroom",
        program: env!("CARGO_BIN_EXE_proofroom"),
        arguments: &["serve", "-a"],
    },
    Rival {
        name: "zensical",
        program: "zensical",
        arguments: &["serve", "-a"],
    },
    Rival {
        name: "mkdocs",
        program: "mkdocs",
        arguments: &["serve", "--livereload", "-a"],
    },
];

/// Ended when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(super) fn measure(rival: &Rival, subject: &Subject) {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let host = free.expect("a free port").to_string();
    let log = fs::File::create(subject.site.path("rival.log")).expect("a file");
    let start = Instant::now();
    let process = Command::new(rival.program)
        .args(rival.arguments)
        .arg(&host)
        .current_dir(subject.site.path(""))
        .stdout(Stdio::null())
        .stderr(log)
        .spawn();
    let Ok(process) = process else {
        println!("SKIPPED: {} is not installed", rival.name);
        return;
    };
    let _running = Running(process);
    let path = format!("/{}", subject.address);
    if wait(&host, &path, "Page 1").is_none() {
        let log = fs::read_to_string(subject.site.path("rival.log"));
        println!(
            "{} does not answer: {}",
            rival.name,
            log.unwrap_or_default()
        );
        return;
    }
    let first = milliseconds(start.elapsed());
    print(
        &format!("{}: start to the first page", rival.name),
        "ms",
        &[first],
    );
    let mut taken = Vec::new();
    for round in 0..ROUNDS {
        let start = Instant::now();
        let added = save(subject, 700 + round);
        if wait(&host, &path, &added).is_none() {
            println!("{} never shows save {round}", rival.name);
            return;
        }
        taken.push(milliseconds(start.elapsed()));
    }
    print(
        &format!("{}: save to the new bytes", rival.name),
        "ms",
        &taken,
    );
}

/// Asks until the page shows `text`.
fn wait(host: &str, path: &str, text: &str) -> Option<()> {
    let (_clock, time) = mpsc::channel::<()>();
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if fetch(host, path).is_some_and(|page| page.contains(text)) {
            return Some(());
        }
        let _ = time.recv_timeout(ASK);
    }
    None
}

fn fetch(host: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(host).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    let mut part = [0; 65_536];
    // Not every server ends the connection when it is asked to.
    while !is_whole(&answer) {
        match stream.read(&mut part).ok()? {
            0 => break,
            length => answer.extend_from_slice(&part[..length]),
        }
    }
    Some(String::from_utf8_lossy(&answer).into_owned())
}

/// Whether as many bytes came as the head promises.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = answer.windows(4).position(|it| it == b"\r\n\r\n") else {
        return false;
    };
    let lines = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
    let length = lines
        .lines()
        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    length.is_some_and(|length: usize| answer.len() >= head + 4 + length)
}
