//! A reverse proxy in front of a server, as people put one there.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use super::Server;

/// What a proxy does with what it passes on.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// The path that it passes on, with `/` at both ends; all others get status 404.
    pub path: &'static str,
    /// Whether it removes that path.
    pub strips: bool,
    /// Whether it names the browser's host as the host, and not in `X-Forwarded-Host`.
    pub keeps_host: bool,
    /// A header with its value that it adds to all answers; none if empty.
    pub adds: &'static str,
}

impl Proxy {
    /// Starts it in front of a server; the address of the path that it passes on. It
    /// runs until the test ends.
    pub fn start(&self, server: &Server) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let address = format!("http://127.0.0.1:{port}{}", self.path);
        let (shared, upstream) = (self.clone(), server.host().to_owned());
        thread::spawn(move || {
            for browser in listener.incoming().flatten() {
                let (proxy, upstream) = (shared.clone(), upstream.clone());
                // A browser may end a connection at any time.
                thread::spawn(move || proxy.pass_on(browser, &upstream));
            }
        });
        address
    }

    fn pass_on(&self, mut browser: TcpStream, upstream: &str) -> Option<()> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            browser.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).ok()?;
        let (first, headers) = head.split_once("\r\n")?;
        let mut words = first.split(' ');
        let (method, path) = (words.next()?, words.next()?);
        let Some(below) = path.strip_prefix(self.path) else {
            let answer =
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            return browser.write_all(answer).ok();
        };
        let is_upgrade = headers.to_lowercase().contains("upgrade: websocket");
        let path = if self.strips {
            format!("/{below}")
        } else {
            path.to_owned()
        };
        let mut sent = format!("{method} {path} HTTP/1.1\r\nX-Forwarded-For: 192.0.2.7\r\n");
        for header in headers.lines().filter(|line| !line.is_empty()) {
            let (name, value) = header.split_once(": ")?;
            match name.to_lowercase().as_str() {
                "host" if self.keeps_host => sent += &format!("Host: {value}\r\n"),
                "host" => {
                    sent += &format!("Host: {upstream}\r\nX-Forwarded-Host: {value}\r\n");
                }
                // One request per connection.
                "connection" if !is_upgrade => {}
                _ => sent += &format!("{name}: {value}\r\n"),
            }
        }
        if !is_upgrade {
            sent += "Connection: close\r\n";
        }
        let mut server = TcpStream::connect(upstream).ok()?;
        server.write_all(format!("{sent}\r\n").as_bytes()).ok()?;
        let (mut from, mut to) = (browser.try_clone().ok()?, server.try_clone().ok()?);
        thread::spawn(move || {
            let copied = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
            copied
        });
        if !self.adds.is_empty() {
            let mut status = Vec::new();
            while !status.ends_with(b"\r\n") {
                server.read_exact(&mut byte).ok()?;
                status.push(byte[0]);
            }
            status.extend(self.adds.bytes().chain(*b"\r\n"));
            browser.write_all(&status).ok()?;
        }
        let _ = std::io::copy(&mut server, &mut browser);
        browser.shutdown(Shutdown::Both).ok()
    }
}
