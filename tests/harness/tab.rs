//! A tab: the live channel between a page and the server.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;
use tungstenite::{Message, WebSocket};

use super::{PATIENCE, Server};

/// An open tab's live channel.
pub struct Tab {
    socket: WebSocket<TcpStream>,
}

impl Tab {
    /// Subscribes to a page by its path on the server.
    pub fn new(server: &Server, stream: TcpStream, path: &str, fingerprint: &str) -> Self {
        Self::over(server, stream, "/__proofroom/live", path, fingerprint)
    }

    /// The same over a channel at another path.
    pub fn at(server: &Server, live: &str, path: &str, fingerprint: &str) -> Self {
        Self::over(server, server.connect(), live, path, fingerprint)
    }

    fn over(server: &Server, stream: TcpStream, live: &str, path: &str, fingerprint: &str) -> Self {
        let url = format!("ws://{}{live}", server.host());
        let (mut socket, _) = tungstenite::client(url, stream).expect("a live channel");
        let hello = serde_json::json!({"address": path, "fingerprint": fingerprint});
        socket.send(Message::text(hello.to_string())).expect("sent");
        Self { socket }
    }

    /// The channel itself.
    pub fn socket(&mut self) -> &mut WebSocket<TcpStream> {
        &mut self.socket
    }

    /// Waits for the next event.
    pub fn next(&mut self) -> Value {
        let began = Instant::now();
        loop {
            // A ping is not an event.
            assert!(began.elapsed() < PATIENCE, "an event before patience ends");
            match self.socket.read().expect("an event before patience ends") {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// Sends a message.
    pub fn say(&mut self, message: Message) {
        self.socket.send(message).expect("said");
    }

    /// The next event; `None` once the server has closed the channel.
    pub fn try_next(&mut self, patience: Duration) -> Option<Value> {
        let stream = self.socket.get_ref();
        stream.set_read_timeout(Some(patience)).expect("a socket");
        let began = Instant::now();
        loop {
            // With a ping now and then it would wait for ever.
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

    /// Waits for an event of this kind and skips others.
    pub fn wait_for(&mut self, kind: &str) -> Value {
        loop {
            let event = self.next();
            if event["kind"] == kind {
                return event;
            }
        }
    }
}
