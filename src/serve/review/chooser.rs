//! Opening a review from the browser.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::super::Server;
use super::super::blocking_pool::BlockingPool;
use crate::git::Base;

/// The maximum length of a request, in bytes.
const LONGEST: usize = 8 * 1024;

/// Asks git.
static ASKERS: BlockingPool = BlockingPool::of(4);

/// The base that is wished for: the usual one if empty, none to close the review.
#[derive(Debug, Deserialize)]
struct Wish {
    base: Option<String>,
}

/// Answers with the branches and tags that a review may begin from.
pub(in crate::serve) async fn bases(State(server): State<Arc<Server>>) -> Response {
    let asked = ASKERS.run(move || {
        let current = server.desk.current().map(|desk| desk.open.title.clone());
        match Base::candidates(server.editing.disk.root()) {
            Ok(found) => Json(json!({
                "branches": found.branches,
                "remote_branches": found.remote_branches,
                "tags": found.tags,
                "has_more": found.has_more,
                "current": current,
            }))
            .into_response(),
            Err(why) => (StatusCode::CONFLICT, why.to_string()).into_response(),
        }
    });
    let asked = asked.await;
    asked.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Opens or closes a review.
pub(in crate::serve) async fn choose(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    // The gate has rejected foreign origins; a page always sends its own.
    let from_page = request.headers().contains_key(header::ORIGIN);
    if !from_page || !server.entrance.is_at_home(peer, request.headers()) {
        let why = "only a page on this machine may open a review";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let body = to_bytes(request.into_body(), LONGEST).await.ok();
    let wish = body.and_then(|body| serde_json::from_slice::<Wish>(&body).ok());
    let Some(wish) = wish else {
        return (StatusCode::BAD_REQUEST, "the request does not name a base").into_response();
    };
    let asked = ASKERS.run(move || match wish.base {
        None => {
            server.desk.close();
            StatusCode::NO_CONTENT.into_response()
        }
        Some(base) => match server
            .desk
            .open(Some(base.as_str()).filter(|it| !it.is_empty()))
        {
            Ok(_) => StatusCode::NO_CONTENT.into_response(),
            Err(why) => (StatusCode::CONFLICT, why).into_response(),
        },
    });
    let asked = asked.await;
    asked.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
