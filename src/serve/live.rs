//! The live channel: one WebSocket per tab.
//!
//! Server-Sent Events would not do: each takes one of the six connections that
//! a browser opens to a host, so a seventh tab would stall.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, timeout};

use super::Server;
use super::tabs::{ClientMessage, Subscribe};

/// How long a tab may take to subscribe.
const HELLO: Duration = Duration::from_secs(10);
/// How often to ping a tab.
const PING: Duration = Duration::from_secs(30);
/// How long a tab may be silent; browsers answer pings by themselves.
const SILENCE: Duration = Duration::from_secs(90);
/// How long a tab may take to read what it is sent.
const SEND: Duration = Duration::from_secs(10);
/// The maximum length of a message from a tab, in bytes: an address, or some of those
/// that it has loaded.
const LONGEST: usize = 16 << 10;
/// The size of the read buffer in bytes. Messages are short, and there may be
/// thousands of tabs.
const READ: usize = 4 << 10;
/// The maximum size of the write buffer in bytes; events are far shorter.
const UNWRITTEN: usize = 1 << 20;

/// Upgrades a tab's connection.
pub(super) async fn live(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let at_home = server.entrance.is_at_home(peer, &headers);
    upgrade
        .max_frame_size(LONGEST)
        .max_message_size(LONGEST)
        .read_buffer_size(READ)
        .write_buffer_size(0)
        .max_write_buffer_size(UNWRITTEN)
        .on_upgrade(move |socket| converse(server, socket, at_home))
}

/// A connection to a tab. Tests use one without a socket.
trait Channel {
    /// The next message; `None` if the tab is gone or breaks the protocol.
    async fn receive(&mut self) -> Option<Message>;
    /// False if the tab is gone.
    async fn send(&mut self, message: Message) -> bool;
}

impl Channel for WebSocket {
    async fn receive(&mut self) -> Option<Message> {
        self.recv().await?.ok()
    }

    async fn send(&mut self, message: Message) -> bool {
        WebSocket::send(self, message).await.is_ok()
    }
}

async fn converse(server: Arc<Server>, mut socket: WebSocket, at_home: bool) {
    let Some(hello) = greet(&mut socket).await else {
        return;
    };
    let (seat, mut events) = server.audience.subscribe(hello, at_home);
    let seat = Arc::new(seat);
    let hear = |message| match message {
        ClientMessage::Follow { follow } => server.audience.tabs.set_follow(&seat, follow),
        ClientMessage::Loaded { loaded, after } => server.audience.loaded(&seat, loaded, after),
    };
    talk(&mut socket, &mut events, hear).await;
    server.audience.leave(&seat);
}

/// Reads a tab's first message; `None` if it is not a [`Subscribe`].
async fn greet(channel: &mut impl Channel) -> Option<Subscribe> {
    match timeout(HELLO, channel.receive()).await {
        Ok(Some(Message::Text(hello))) => serde_json::from_str(&hello).ok(),
        _ => None,
    }
}

/// Passes messages in both directions until either side closes the connection,
/// or the tab does not read, is silent for too long or breaks the protocol.
async fn talk(
    channel: &mut impl Channel,
    events: &mut mpsc::Receiver<Utf8Bytes>,
    hear: impl Fn(ClientMessage),
) {
    let mut heard = Instant::now();
    let mut ping = interval_at(heard + PING, PING);
    loop {
        let outgoing = tokio::select! {
            event = events.recv() => event.map(Message::Text),
            incoming = channel.receive() => {
                heard = Instant::now();
                match incoming {
                    Some(Message::Text(incoming)) => {
                        let Ok(message) = serde_json::from_str(&incoming) else {
                            return;
                        };
                        hear(message);
                    }
                    // The socket answers pings by itself.
                    Some(Message::Ping(_) | Message::Pong(_)) => {}
                    Some(Message::Binary(_) | Message::Close(_)) | None => return,
                }
                continue;
            }
            _ = ping.tick() => {
                (heard.elapsed() < SILENCE).then(|| Message::Ping(Vec::new().into()))
            }
        };
        let Some(outgoing) = outgoing else {
            return;
        };
        if timeout(SEND, channel.send(outgoing)).await != Ok(true) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::VecDeque;
    use std::time::Duration;

    use axum::extract::ws::Message;
    use tokio::sync::mpsc::channel;
    use tokio::time::Instant;

    use super::{Channel, ClientMessage, HELLO, PING, SEND, SILENCE, greet, talk};

    const HOUR: Duration = Duration::from_secs(3600);

    /// A tab that sends these messages, each after a while, and then no more.
    #[derive(Default)]
    struct Tab {
        says: RefCell<VecDeque<(Instant, Message)>>,
        /// Whether it answers pings.
        answers: bool,
        reads: bool,
        asked: usize,
    }

    impl Channel for Tab {
        async fn receive(&mut self) -> Option<Message> {
            let next = self.says.borrow().front().map(|(at, _)| *at);
            let Some(at) = next else {
                return std::future::pending().await;
            };
            tokio::time::sleep_until(at).await;
            self.says.borrow_mut().pop_front().map(|(_, said)| said)
        }

        async fn send(&mut self, message: Message) -> bool {
            if !self.reads {
                return std::future::pending().await;
            }
            if let Message::Ping(asked) = message {
                self.asked += 1;
                if self.answers {
                    let now = Instant::now();
                    let mut says = self.says.borrow_mut();
                    says.push_back((now, Message::Pong(asked)));
                }
            }
            true
        }
    }

    /// Runs without waiting for timers; returns how long it would have taken.
    fn run<T>(test: impl Future<Output = T>) -> (Duration, T) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let began = Instant::now();
            let result = test.await;
            (began.elapsed(), result)
        })
    }

    #[test]
    fn a_silent_tab_is_ended_and_one_that_answers_is_not() {
        let (took, asked) = run(async {
            let mut tab = Tab {
                reads: true,
                ..Tab::default()
            };
            let (_sender, mut events) = channel(1);
            talk(&mut tab, &mut events, |_| ()).await;
            tab.asked
        });
        assert_eq!(took, SILENCE);
        assert_eq!(
            asked as u32,
            SILENCE.as_secs() as u32 / PING.as_secs() as u32 - 1
        );

        // It closes after an hour.
        let (took, asked) = run(async {
            let mut tab = Tab {
                reads: true,
                answers: true,
                ..Tab::default()
            };
            let (sender, mut events) = channel(1);
            let closes = async {
                tokio::time::sleep(HOUR).await;
                drop(sender);
            };
            let talk = talk(&mut tab, &mut events, |_| ());
            tokio::join!(talk, closes);
            tab.asked
        });
        assert_eq!(took, HOUR);
        assert!(asked > 100, "{asked}");
    }

    #[test]
    fn a_tab_that_does_not_read_is_ended() {
        // This holds for pings and for events.
        let (took, ()) = run(async {
            let (_sender, mut events) = channel(1);
            talk(&mut Tab::default(), &mut events, |_| ()).await;
        });
        assert_eq!(took, PING + SEND);
        let (took, ()) = run(async {
            let (sender, mut events) = channel(1);
            sender.send("x".into()).await.expect("there is room");
            talk(&mut Tab::default(), &mut events, |_| ()).await;
        });
        assert_eq!(took, SEND);
    }

    #[test]
    fn a_message_that_breaks_the_protocol_ends_it() {
        for said in [
            Message::Text("nonsense".into()),
            Message::Text("{\"follow\": 1}".into()),
            Message::Binary(vec![0].into()),
        ] {
            let (took, follows) = run(async {
                let now = Instant::now();
                let soon = now + Duration::from_secs(1);
                let says = [
                    (now, Message::Text("{\"follow\": true}".into())),
                    (soon, said),
                ];
                let mut tab = Tab {
                    says: RefCell::new(says.into()),
                    ..Tab::default()
                };
                let follows = Cell::new(false);
                let (_sender, mut events) = channel(1);
                talk(&mut tab, &mut events, |message| {
                    follows.set(matches!(message, ClientMessage::Follow { follow: true }));
                })
                .await;
                follows.get()
            });
            assert_eq!(took, Duration::from_secs(1));
            assert!(follows, "the message before it was heard");
        }
    }

    #[test]
    fn a_tab_that_sends_nothing_is_not_subscribed() {
        let (took, hello) = run(async { greet(&mut Tab::default()).await });
        assert_eq!(took, HELLO);
        assert!(hello.is_none());
    }
}
