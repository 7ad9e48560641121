//! A server of the files of a folder, as any web server does it.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

/// A file that was asked for.
pub struct Asked {
    /// The path of the request.
    pub path: String,
    /// What was sent; empty if there is no such file.
    pub bytes: Vec<u8>,
}

/// Serves a folder until the process ends, and notes what it is asked for.
pub struct FileServer {
    /// The host and port it listens on.
    pub host: String,
    /// All requests so far.
    pub asked: Arc<Mutex<Vec<Asked>>>,
}

impl FileServer {
    /// Serves a folder on a free port.
    pub fn start(folder: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let host = listener.local_addr().expect("an address").to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, noted) = (folder.clone(), Arc::clone(&noted));
                std::thread::spawn(move || answer(&stream, &folder, &noted));
            }
        });
        Self { host, asked }
    }
}

fn answer(mut stream: &TcpStream, folder: &Path, noted: &Mutex<Vec<Asked>>) -> Option<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let request = lines.next()?;
    lines.find(String::is_empty)?;
    let path = request.split(' ').nth(1)?.split(['?', '#']).next()?;
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .ok()?;
    let mut file = folder.join(path.trim_start_matches('/'));
    if path.ends_with('/') {
        file.push("index.html");
    }
    let kind = mime_guess::from_path(&file).first_or_octet_stream();
    let (status, bytes) = match fs::read(&file) {
        Ok(bytes) => ("200 OK", bytes),
        Err(_) => ("404 Not Found", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&bytes).ok()?;
    let path = path.into_owned();
    noted.lock().push(Asked { path, bytes });
    Some(())
}
