//! Another site, whose answers are listed in `tests/privacy/remote.json`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;

/// The host and port in the files of the fixture.
pub const RECORDED: &str = "127.0.0.1:8765";

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// The status, such as 200.
    pub status: u16,
    /// The header `Content-Type`; none if empty.
    pub media_type: String,
    /// The header `Location`; none if empty.
    pub location: String,
    /// The body.
    pub body: Vec<u8>,
    /// A length that is claimed instead of that of the body.
    pub claimed: Option<u64>,
}

/// A server that runs until the process ends.
pub struct Remote {
    /// Its host and port.
    pub host: String,
    /// The answers by paths with queries; others are 404. They may be changed.
    pub answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    /// The paths that were asked for, in order.
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Remote {
    /// A server on a free port, with the answers of the fixture for itself.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let host = listener.local_addr().expect("an address").to_string();
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/privacy/remote.json");
        let text = std::fs::read_to_string(file).expect("the fixture");
        let listed: Value = serde_json::from_str(&text.replace(RECORDED, &host)).expect("JSON");
        let listed = listed.as_object().expect("answers by paths");
        let read = |answer: &Value| {
            let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
            Answer {
                status: answer["status"]
                    .as_u64()
                    .map_or(200, |it| u16::try_from(it).expect("small")),
                media_type: text("type"),
                location: text("location"),
                body: text("body").into_bytes(),
                claimed: None,
            }
        };
        let answers = listed.iter().map(|(path, it)| (path.clone(), read(it)));
        let answers = Arc::new(Mutex::new(answers.collect::<BTreeMap<_, _>>()));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (known, noted) = (answers.clone(), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (known, noted) = (known.clone(), noted.clone());
                std::thread::spawn(move || serve(&stream, &known, &noted));
            }
        });
        Self {
            host,
            answers,
            asked,
        }
    }

    /// The paths that were asked for since the last call, sorted.
    pub fn take_asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock());
        asked.sort();
        asked
    }
}

fn serve(
    mut stream: &TcpStream,
    known: &Mutex<BTreeMap<String, Answer>>,
    noted: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let request = lines.next()?;
    lines.find(String::is_empty)?;
    let path = request.split(' ').nth(1)?.to_owned();
    let answer = known.lock().get(&path).cloned();
    noted.lock().push(path);
    let answer = answer.unwrap_or(Answer {
        status: 404,
        ..Answer::default()
    });
    let mut head = format!("HTTP/1.1 {} Status\r\nConnection: close\r\n", answer.status);
    for (name, value) in [
        ("Content-Type", &answer.media_type),
        ("Location", &answer.location),
    ] {
        if !value.is_empty() {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    let length = answer.claimed.unwrap_or(answer.body.len() as u64);
    head.push_str(&format!("Content-Length: {length}\r\n\r\n"));
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&answer.body).ok()
}
