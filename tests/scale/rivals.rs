//! Servers of any program, all measured in the same way.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::measure::{milliseconds, pause};

/// How long any may take to its first page.
const START: Duration = Duration::from_secs(300);
/// How long any may take to show a save.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is asked whether a page is new.
const ASK: Duration = Duration::from_millis(5);
/// How many saves are timed, and after how many seconds no other is.
const ROUNDS: usize = 15;
const ENOUGH: Duration = Duration::from_secs(60);

/// Ended when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server, and returns the milliseconds to its first page and from each
/// save of a page's body to its bytes. `title` is shown by the page.
///
/// # Errors
///
/// Why it did not answer.
pub fn measure(
    command: &mut Command,
    host: &str,
    address: &str,
    source: &Path,
    title: &str,
) -> Result<(f64, Vec<f64>), String> {
    let text = fs::read_to_string(source).map_err(|error| error.to_string())?;
    let log = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let start = Instant::now();
    let process = command
        .stdout(Stdio::null())
        .stderr(log.reopen().map_or_else(|_| Stdio::null(), Stdio::from))
        .spawn();
    let _running = Running(process.map_err(|error| error.to_string())?);
    let said = || fs::read_to_string(log.path()).unwrap_or_default();
    wait(host, address, title, START).ok_or_else(said)?;
    let first = milliseconds(start.elapsed());
    let mut taken = Vec::new();
    let begun = Instant::now();
    // What a start leaves to be done has an end.
    pause(Duration::from_secs(2));
    for round in 0..ROUNDS {
        if begun.elapsed() > ENOUGH {
            break;
        }
        pause(Duration::from_millis(200));
        let added = format!("Added in round {round}.");
        let beside = source.with_extension("tmp~");
        let start = Instant::now();
        let written = fs::write(&beside, format!("{text}\n{added}\n"));
        let written = written.and_then(|()| fs::rename(&beside, source));
        written.map_err(|error| error.to_string())?;
        wait(host, address, &added, PATIENCE).ok_or_else(said)?;
        taken.push(milliseconds(start.elapsed()));
    }
    fs::write(source, text).map_err(|error| error.to_string())?;
    Ok((first, taken))
}

/// Asks until the page shows `text`.
fn wait(host: &str, path: &str, text: &str, patience: Duration) -> Option<()> {
    let start = Instant::now();
    while start.elapsed() < patience {
        if fetch(host, path).is_some_and(|page| page.contains(text)) {
            return Some(());
        }
        pause(ASK);
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
