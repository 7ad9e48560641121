//! Opening a review from the browser.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::super::Server;
use super::super::blocking_pool::BlockingPool;
use super::super::host_check::own_request;
use crate::git::Base;

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
    let refused = "only a page on this machine may open a review";
    let malformed = "the request does not name a base";
    let wish = own_request::<Wish>(&server.entrance, peer, request, refused, malformed).await;
    let wish = match wish {
        Ok(wish) => wish,
        Err(answer) => return answer.into_response(),
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
