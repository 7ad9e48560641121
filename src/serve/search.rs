//! Answers the search of the built-in theme from memory, so that an edit is found at
//! once.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::Server;
use super::blocking_pool::AddressPool;
use super::review::{self, Mode};
use crate::site::queries;

/// Answers the queries.
static DESK: AddressPool = AddressPool::of(64);

/// The most pages that are shown at once.
const MOST_SHOWN: usize = 100;

/// A query, and which of the pages that it finds are to be shown.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// What the reader has typed.
    q: String,
    /// The path of the folder of the search, which says which site is searched.
    at: String,
    /// The number of the first page to show.
    #[serde(default)]
    from: usize,
    /// The number of the first page that is not shown.
    to: usize,
}

/// Answers a query as a browser would with the index that a build writes.
pub(super) async fn search(
    State(server): State<Arc<Server>>,
    Query(asked): Query<Asked>,
) -> Response {
    let address = format!("search {} {} {}", asked.at, asked.from, asked.q);
    DESK.answer(&address, move || answer(&server, &asked)).await
}

fn answer(server: &Server, asked: &Asked) -> Response {
    let (mode, below) = review::split(&asked.at);
    let desk = server.desk.current();
    let places = match (mode, &desk) {
        (Mode::Now | Mode::Difference, _) => &*server.places,
        (Mode::Base, Some(desk)) => &desk.base,
        (Mode::Base | Mode::List, _) => return StatusCode::NOT_FOUND.into_response(),
    };
    let to = asked.to.min(asked.from.saturating_add(MOST_SHOWN));
    let session = places.place(below).session;
    let (_, found) = session.ask(|db| queries::search(db, &asked.q, asked.from, to));
    server.workspace.has_read();
    match found {
        Some(found) => Json(found).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
