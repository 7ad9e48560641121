//! The live channel: a WebSocket a tab.
//!
//! A WebSocket and not Server-Sent Events: those take one of the browser's
//! six connections to a host, so a seventh tab would stall.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::tabs::{Hello, Said};
use super::{Server, editor};

/// How long a tab may take to say what it shows.
const HELLO: Duration = Duration::from_secs(10);
/// How often a quiet tab is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);
/// How long a tab may take to read an event.
const SEND: Duration = Duration::from_secs(10);

/// Takes a tab's connection.
pub(super) async fn live(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let at_home = editor::is_at_home(&server, peer, &headers);
    upgrade
        .max_message_size(64 * 1024)
        .on_upgrade(move |socket| converse(server, socket, at_home))
}

async fn converse(server: Arc<Server>, mut socket: WebSocket, at_home: bool) {
    let Ok(Some(Ok(Message::Text(hello)))) = tokio::time::timeout(HELLO, socket.recv()).await
    else {
        return;
    };
    let Ok(hello) = serde_json::from_str::<Hello>(&hello) else {
        return;
    };
    let (seat, mut events) = server.subscribe(hello, at_home);
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) if send(&mut socket, event.clone()).await => {}
                _ => break,
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(Message::Text(said))) => {
                    if let Ok(Said { follow }) = serde_json::from_str(&said) {
                        server.tabs.set_follow(&seat, follow);
                    }
                }
                Some(Ok(_)) => {}
            },
            () = tokio::time::sleep(PING) => {
                if socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    break;
                }
            }
        }
    }
    server.tabs.leave(&seat);
}

async fn send(socket: &mut WebSocket, event: Utf8Bytes) -> bool {
    let sent = tokio::time::timeout(SEND, socket.send(Message::Text(event))).await;
    matches!(sent, Ok(Ok(())))
}
