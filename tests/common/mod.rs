//! A site on disk and a server that runs on it.

#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod chromium;
pub mod everything;
pub mod history;
pub mod mounted;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tungstenite::{Message, WebSocket};

/// How long anything may take before a test gives up. Nothing waits for it
/// that goes well.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A site in a folder of its own, removed at the end.
pub struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// A site of these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let site = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// A site that lies in `folder` already.
    pub fn of(folder: tempfile::TempDir) -> Self {
        Self { folder }
    }

    /// Where a file of the site lies.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file in place, and the folders above it.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// Writes a file beside and renames it into place, as editors do.
    pub fn save(&self, path: &str, text: &str) {
        let path = self.path(path);
        let beside = path.with_extension("tmp~");
        fs::write(&beside, text).expect("written");
        fs::rename(beside, path).expect("renamed");
    }

    /// Runs proofroom in the site's folder.
    pub fn run(&self, arguments: &[&str]) -> Output {
        command(self.folder.path())
            .args(arguments)
            .output()
            .expect("it runs")
    }

    /// Serves the site on a free port.
    pub fn serve(&self) -> Served {
        Served::start(self.folder.path(), &["--dev-addr", "127.0.0.1:0"])
    }
}

/// A command that may do no more than the owner of what is written here, even
/// where that is an administrator; `None`, and said, where that cannot be had.
pub fn unprivileged(program: &str) -> Option<Command> {
    if !rustix::process::geteuid().is_root() {
        return Some(Command::new(program));
    }
    let setpriv = || {
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-all", "--inh-caps=-all"]);
        command
    };
    let works = setpriv().arg("true").status();
    if !works.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: an administrator without `setpriv` may read and write everything");
        return None;
    }
    let mut command = setpriv();
    command.arg(program);
    Some(command)
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofroom"));
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// A running server, ended by its own process id.
pub struct Served {
    process: Child,
    /// What it printed before it listened.
    pub said: String,
    /// `http://127.0.0.1:port/..`.
    pub home: String,
}

impl Served {
    /// Starts `proofroom serve` and waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = command(folder);
        command.arg("serve").args(arguments).stderr(Stdio::null());
        Self::spawn(command)
    }

    /// The same by a command of one's own.
    pub fn spawn(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let mut said = String::new();
        let home = loop {
            let line = lines
                .next()
                .expect("it listens before it ends")
                .expect("UTF-8");
            said.push_str(&line);
            said.push('\n');
            if let Some(home) = line.strip_prefix("Serving on ") {
                break home.to_owned();
            }
        };
        // Read on, or the server would block once the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            process,
            said,
            home,
        }
    }

    /// The host and port it listens on.
    pub fn host(&self) -> &str {
        let behind = self.home.strip_prefix("http://").expect("an address");
        &behind[..behind.find('/').expect("a path")]
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.host()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .expect("a port")
    }

    /// The answer to a GET request: status, head and body.
    pub fn get(&self, path: &str) -> Answer {
        self.ask(path, &[("Host", self.host())])
    }

    /// The same with headers of one's own.
    pub fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, "")
    }

    /// A request of any method.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.host()).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        let length = body.len();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if length > 0 {
            request.push_str(&format!("Content-Length: {length}\r\n"));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status");
        Answer {
            status,
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// Waits until a page shows `text`, an event of the tab at a time.
    pub fn wait_for(&self, tab: &mut Tab, path: &str, text: &str) -> Value {
        let mut last = Value::Null;
        while !self.get(path).body.contains(text) {
            last = tab.next();
        }
        last
    }

    /// A tab that shows `address`: loads the page, then subscribes.
    pub fn tab(&self, address: &str) -> Tab {
        let page = self.get(&format!("{}{address}", self.base()));
        self.subscribe(address, &page.fingerprint())
    }

    /// The path of its home page.
    pub fn base(&self) -> &str {
        self.home.split_once(self.host()).expect("own home").1
    }

    /// Subscribes with a fingerprint, loaded before or made up.
    pub fn subscribe(&self, address: &str, fingerprint: &str) -> Tab {
        let stream = TcpStream::connect(self.host()).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        let url = format!("ws://{}/__proofroom/live", self.host());
        let (mut socket, _) = tungstenite::client(url, stream).expect("a live channel");
        let path = format!("{}{address}", self.base());
        let hello = serde_json::json!({"address": path, "fingerprint": fingerprint});
        socket.send(Message::text(hello.to_string())).expect("sent");
        let mut tab = Tab { socket };
        assert_eq!(tab.next()["kind"], "connected");
        tab
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Its process.
    pub fn process(&mut self) -> &mut Child {
        &mut self.process
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A served page as a build would write it: without the live client and the
/// source lines.
pub fn as_built(html: &str) -> String {
    let mut built = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(" data-src=\"") {
        built.push_str(&rest[..at]);
        let value = &rest[at + " data-src=\"".len()..];
        rest = value.find('"').map_or("", |end| &value[end + 1..]);
    }
    built.push_str(rest);
    let client = built.find("<script src=\"/__proofroom/client.js\"");
    if let Some(start) = client {
        let end = built[start..].find("</script>").map(|end| start + end);
        let end = end.map_or(built.len(), |end| end + "</script>".len());
        built.replace_range(start..end, "");
    }
    built
}

/// An HTTP answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The fingerprint that the live client of the page would send.
    pub fn fingerprint(&self) -> String {
        let mark = "data-proofroom-fingerprint=\"";
        let Some(at) = self.body.find(mark) else {
            return String::new();
        };
        self.body[at + mark.len()..]
            .split('"')
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}

/// Lets this process, and the servers that it starts, have as many open files
/// as the system gives it at most.
#[cfg(target_os = "linux")]
pub fn raise_limits() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("a limit below the maximum");
}

/// An open tab's live channel.
pub struct Tab {
    socket: WebSocket<TcpStream>,
}

impl Tab {
    /// Waits for the next event.
    pub fn next(&mut self) -> Value {
        let began = Instant::now();
        loop {
            // What asks whether this tab is still there is no event.
            assert!(began.elapsed() < PATIENCE, "an event before patience ends");
            match self.socket.read().expect("an event before patience ends") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// Says something.
    pub fn say(&mut self, message: Message) {
        self.socket.send(message).expect("said");
    }

    /// The next event; `None` where the server has ended the channel.
    pub fn try_next(&mut self, patience: Duration) -> Option<Value> {
        let stream = self.socket.get_ref();
        stream.set_read_timeout(Some(patience)).expect("a socket");
        let began = Instant::now();
        loop {
            // Asked again and again whether it is there, it would wait for ever.
            assert!(began.elapsed() < 2 * patience, "the channel stays open");
            match self.socket.read() {
                Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Ok(_) => return None,
                Err(tungstenite::Error::Io(error)) => {
                    let patient = error.kind() == std::io::ErrorKind::ConnectionReset;
                    assert!(patient, "the channel stays open: {error}");
                    return None;
                }
                Err(_) => return None,
            }
        }
    }

    /// Waits for an event of this kind, others passed over.
    pub fn wait_for(&mut self, kind: &str) -> Value {
        loop {
            let event = self.next();
            if event["kind"] == kind {
                return event;
            }
        }
    }
}
