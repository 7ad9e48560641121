//! The live channel: a WebSocket a tab.
//!
//! A WebSocket and not Server-Sent Events: those take one of the browser's
//! six connections to a host, so a seventh tab would stall.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;

use super::Server;
use super::tabs::Hello;

/// How long a tab may take to say what it shows.
const HELLO: Duration = Duration::from_secs(10);
/// How often a quiet tab is asked whether it is still there.
const PING: Duration = Duration::from_secs(30);
/// How long a tab may take to read an event.
const SEND: Duration = Duration::from_secs(10);

/// Takes a tab's connection.
pub(super) async fn live(State(server): State<Arc<Server>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .max_message_size(64 * 1024)
        .on_upgrade(move |socket| converse(server, socket))
}

async fn converse(server: Arc<Server>, mut socket: WebSocket) {
    let Ok(Some(Ok(Message::Text(hello)))) = tokio::time::timeout(HELLO, socket.recv()).await
    else {
        return;
    };
    let Ok(hello) = serde_json::from_str::<Hello>(&hello) else {
        return;
    };
    let subscribed = {
        let server = server.clone();
        tokio::task::spawn_blocking(move || server.subscribe(hello)).await
    };
    let Ok((id, mut events)) = subscribed else {
        return;
    };
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) if send(&mut socket, event.clone()).await => {}
                _ => break,
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
            () = tokio::time::sleep(PING) => {
                if socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    break;
                }
            }
        }
    }
    server.unsubscribe(id);
}

async fn send(socket: &mut WebSocket, event: Utf8Bytes) -> bool {
    let sent = tokio::time::timeout(SEND, socket.send(Message::Text(event))).await;
    matches!(sent, Ok(Ok(())))
}
