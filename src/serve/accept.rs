//! Takes connections, and ends those that never come to the point.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

/// How long a request's head may take to arrive, and how long a connection
/// may wait for the next one.
const HEAD: Duration = Duration::from_secs(10);
/// How long a request's head may be, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// How long to wait where the system has no connection to give, such as when
/// too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers all connections, without end.
pub(super) async fn accept(listener: TcpListener, app: Router) -> Infallible {
    loop {
        match listener.accept().await {
            Ok((stream, from)) => {
                // Whoever answers may want to know who asks.
                let app = app.clone().layer(Extension(ConnectInfo(from)));
                tokio::spawn(converse(stream, app));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn converse(stream: TcpStream, app: Router) {
    // An event is one small packet; it must not wait for another. Where the
    // system refuses, it does.
    let _ = stream.set_nodelay(true);
    // A connection that breaks off is the other side's business.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app))
        .with_upgrades()
        .await;
}
