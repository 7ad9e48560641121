//! A running server and its answers.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use serde_json::Value;

use super::{PATIENCE, Tab, proofroom};

/// What only a server of its own has.
const OWN: &str = "a process";

/// A running server, ended by its own process id.
pub struct Server {
    /// `None` if the test itself runs it.
    process: Option<Child>,
    /// What it printed before it listened.
    pub said: String,
    /// All that it has printed by now.
    heard: Arc<(Mutex<String>, Condvar)>,
    /// `http://127.0.0.1:port/..`.
    pub home: String,
}

impl Server {
    /// Starts `proofroom serve` and waits until it listens.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = proofroom(folder);
        command.arg("serve").args(arguments).stderr(Stdio::null());
        Self::spawn(command)
    }

    /// Starts a command that runs `proofroom serve` in some way, and waits until it
    /// listens.
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
        let heard = Arc::new((Mutex::new(said.clone()), Condvar::new()));
        let hears = heard.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut said = hears.0.lock();
                said.push_str(&line);
                said.push('\n');
                hears.1.notify_all();
            }
        });
        Self {
            process: Some(process),
            said,
            heard,
            home,
        }
    }

    /// A server that the test itself runs, at `http://127.0.0.1:port/..`.
    pub fn within(home: String) -> Self {
        Self {
            process: None,
            said: String::new(),
            heard: Arc::default(),
            home,
        }
    }

    /// Waits until it has printed this text.
    pub fn says(&self, text: &str) {
        let (said, changed) = &*self.heard;
        let mut said = said.lock();
        let waits = |said: &mut String| !said.contains(text);
        let waited = changed.wait_while_for(&mut said, waits, PATIENCE);
        assert!(!waited.timed_out(), "`{text}` is not said: {said}");
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

    /// The answer to a GET request with these headers and no others.
    pub fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, "")
    }

    /// A request of any method.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
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
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        let bytes = answer.split_off(end.expect("a head") + 4);
        let head = String::from_utf8_lossy(&answer).trim_end().to_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .expect("a status");
        Answer {
            status,
            head,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
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
        let path = format!("{}{address}", self.base());
        let mut tab = Tab::new(self, self.connect(), &path, fingerprint);
        assert_eq!(tab.next()["kind"], "connected");
        tab
    }

    /// A connection to it, on which nothing waits for ever.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.host()).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
        stream
    }

    /// What the process holds in memory, in bytes; 0 where the system does not say.
    pub fn memory(&self) -> u64 {
        if !cfg!(target_os = "linux") {
            return 0;
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()));
        let status = status.expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.expect("a size") * 1024
    }

    /// Stops the process, and waits until all its threads have stopped: the one
    /// that gets the signal may have to wait for a processor, and the others go on
    /// until then.
    #[cfg(unix)]
    pub fn stop(&self) {
        use rustix::process::{Signal, WaitOptions, kill_process, waitpid};
        let id = self.unix_id();
        kill_process(id, Signal::STOP).expect("it runs");
        let (_, status) = waitpid(Some(id), WaitOptions::UNTRACED)
            .expect("it is our child")
            .expect("it was waited for");
        assert!(status.stopped(), "it has ended: {status:?}");
    }

    /// Lets the process go on that was stopped.
    #[cfg(unix)]
    pub fn go_on(&self) {
        use rustix::process::{Signal, kill_process};
        kill_process(self.unix_id(), Signal::CONT).expect("it runs");
    }

    #[cfg(unix)]
    fn unix_id(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(self.process.as_ref().expect(OWN))
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.as_ref().expect(OWN).id()
    }

    /// Its process.
    pub fn process(&mut self) -> &mut Child {
        self.process.as_mut().expect(OWN)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
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
    let client = built.find("__proofroom/client.js\"");
    let client = client.and_then(|at| built[..at].rfind("<script"));
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
    /// The body, byte for byte.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// How many answers were sent before this page.
    pub fn sent_before(&self) -> u64 {
        let behind = self
            .body
            .split_once("data-proofroom-sent=\"")
            .expect("a page")
            .1;
        let number = behind.split('"').next().expect("a value");
        number.parse().expect("a number")
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(": ")?;
            own.eq_ignore_ascii_case(name).then_some(value)
        })
    }

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

/// Lets this process, and the servers that it starts, open as many files as the
/// system allows.
#[cfg(target_os = "linux")]
pub fn raise_limits() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).expect("a limit below the maximum");
}
