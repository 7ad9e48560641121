//! Accepts connections, and closes those that make no progress.

use std::convert::Infallible;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

/// How long a request's head may take to arrive, and how long a connection may
/// be idle between requests.
const HEAD: Duration = Duration::from_secs(10);
/// The maximum length of a request's head, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// How long a client may read nothing of what it is sent.
const STALL: Duration = Duration::from_secs(60);
/// How long to wait when the system cannot accept a connection, for example
/// because too many files are open.
const PAUSE: Duration = Duration::from_millis(100);
/// The maximum number of connections; further ones wait until one ends.
const MOST: usize = 4096;

/// Serves connections forever.
pub(super) async fn accept(listener: TcpListener, app: Router) -> Infallible {
    accept_some(&listener, app, Arc::new(Semaphore::new(most()))).await
}

/// Half of the files that may be open, because the files that are sent count
/// too.
fn most() -> usize {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, getrlimit};
        let files = getrlimit(Resource::Nofile).current;
        let half = files.and_then(|files| usize::try_from(files / 2).ok());
        half.map_or(MOST, |half| half.clamp(16, MOST))
    }
    #[cfg(not(target_os = "linux"))]
    MOST
}

async fn accept_some(listener: &TcpListener, app: Router, places: Arc<Semaphore>) -> Infallible {
    loop {
        let place = places.clone().acquire_owned().await;
        let place = place.expect("the semaphore is never closed");
        match listener.accept().await {
            Ok((stream, from)) => {
                // Events are small packets that must not wait for others. If the
                // system refuses, they are merely a little later.
                let _ = stream.set_nodelay(true);
                let app = app.clone().layer(Extension(ConnectInfo(from)));
                tokio::spawn(converse(Connection::new(stream, place), app));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn converse(connection: Connection<TcpStream>, app: Router) {
    // There is nobody to tell that a client closed its connection.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(connection), TowerToHyperService::new(app))
        .with_upgrades()
        .await;
}

/// A connection that fails once the client has read nothing for [`STALL`].
struct Connection<S> {
    stream: S,
    /// Runs while data waits to be read by the client.
    stall: Option<Pin<Box<Sleep>>>,
    /// Held as long as the connection, even once it is a WebSocket.
    _place: OwnedSemaphorePermit,
}

impl<S> Connection<S> {
    fn new(stream: S, place: OwnedSemaphorePermit) -> Self {
        Self {
            stream,
            stall: None,
            _place: place,
        }
    }

    fn fail_if_stalled<T>(
        &mut self,
        context: &mut Context<'_>,
        progress: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if progress.is_ready() {
            self.stall = None;
            return progress;
        }
        let stall = self.stall.get_or_insert_with(|| Box::pin(sleep(STALL)));
        let ended = stall.as_mut().poll(context);
        ended.map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.fail_if_stalled(context, progress)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let progress = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.fail_if_stalled(context, progress)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let progress = Pin::new(&mut self.stream).poll_shutdown(context);
        self.fail_if_stalled(context, progress)
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::sync::Arc;

    use axum::Router;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::Semaphore;
    use tokio::time::{Instant, sleep};

    use super::{Connection, STALL, accept_some};

    #[tokio::test(start_paused = true)]
    async fn a_client_that_reads_nothing_is_ended_and_a_slow_one_is_not() {
        let places = Arc::new(Semaphore::new(1));
        let place = places.clone().acquire_owned().await.expect("a place");
        let (near, mut far) = duplex(10);
        let mut near = Connection::new(near, place);
        let began = Instant::now();
        let slow = async {
            let mut byte = [0];
            for _ in 0..20 {
                sleep(STALL - STALL / 10).await;
                far.read_exact(&mut byte).await.expect("more comes");
            }
        };
        let (written, ()) = tokio::join!(near.write_all(&[0; 30]), slow);
        written.expect("all of it is read in the end");
        assert!(began.elapsed() > 10 * STALL);
        let began = Instant::now();
        let error = near.write_all(&[0; 30]).await.expect_err("nobody reads");
        assert_eq!(
            (error.kind(), began.elapsed()),
            (ErrorKind::TimedOut, STALL)
        );
        assert_eq!(places.available_permits(), 0);
        drop(near);
        assert_eq!(places.available_permits(), 1);
    }

    #[tokio::test]
    async fn there_are_no_more_connections_than_places() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let places = Arc::new(Semaphore::new(2));
        let app = Router::new().route("/", get(|| async { "here" }));
        let accepts = {
            let places = places.clone();
            tokio::spawn(async move { accept_some(&listener, app, places).await })
        };
        let ask = async || {
            let mut stream = TcpStream::connect(address).await.expect("it listens");
            let request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
            stream.write_all(request).await.expect("sent");
            stream
        };
        let answered = async |stream: &mut TcpStream| {
            let mut answer = String::new();
            while !answer.ends_with("here") {
                let byte = stream.read_u8().await.expect("an answer");
                answer.push(char::from(byte));
            }
        };
        let (mut first, mut second) = (ask().await, ask().await);
        answered(&mut first).await;
        answered(&mut second).await;
        assert_eq!(places.available_permits(), 0);
        let mut third = ask().await;
        let early = third.try_read(&mut [0]).expect_err("no answer");
        assert_eq!(early.kind(), ErrorKind::WouldBlock);
        drop(first);
        answered(&mut third).await;
        accepts.abort();
    }
}
