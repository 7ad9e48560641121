//! What the browser is told about the changes of a page.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::Server;
use super::super::blocking_pool::AddressPool;
use super::Desk;
use crate::files::SourcePath;
use crate::session::review::change_data;

/// Answers the requests.
static ANSWERS: AddressPool = AddressPool::of(32);

/// The page that is asked about, by its path on this server.
#[derive(Debug, Deserialize)]
pub(in crate::serve) struct Of {
    page: String,
}

/// Answers with the changes of a page.
pub(in crate::serve) async fn changes(
    State(server): State<Arc<Server>>,
    Query(of): Query<Of>,
) -> Response {
    let path = of.page.clone();
    let answer = move || match server.desk.current() {
        Some(desk) => Json(of_page(&server, &desk, &of.page)).into_response(),
        None => (StatusCode::NOT_FOUND, "no review is open").into_response(),
    };
    ANSWERS.answer(&path, answer).await
}

fn of_page(server: &Server, desk: &Desk, path: &str) -> Value {
    let marked = desk.marked(&server.places, path);
    let known = desk.progress.known();
    let pages = &known.list.pages;
    let place = pages.iter().position(|page| page.address == path);
    let at = |nth: Option<usize>| nth.and_then(|nth| pages.get(nth)).map(|page| &page.address);
    let (previous, next) = match place {
        Some(place) => (at(place.checked_sub(1)), at(Some(place + 1))),
        None => (None, at(Some(0))),
    };
    let review = marked.review.as_deref();
    let changes = review.map(|review| {
        let changes = review.changes.iter().zip(&marked.keys);
        let link =
            |at_base: bool, source: &SourcePath, line| line_link(desk, at_base, source, line);
        let changes = changes.map(|(change, key)| change_data(review, change, key, &link));
        changes.collect::<Vec<_>>()
    });
    json!({
        "base": base(desk),
        "status": review.map_or(json!("same"), |review| json!(review.status)),
        "from": review.and_then(|review| review.from.as_ref()),
        "reasons": review.map(|review| &review.reasons),
        "changes": changes.unwrap_or_default(),
        "problems": desk.new_problems(&server.places, path),
        "previous": previous,
        "next": next,
    })
}

/// What the base is.
pub(super) fn base(desk: &Desk) -> Value {
    json!({"title": desk.open.title, "commit": desk.open.commit, "notes": desk.notes()})
}

/// Where a line is on the web.
fn line_link(desk: &Desk, at_base: bool, source: &SourcePath, line: usize) -> Option<String> {
    let revision = if at_base {
        &desk.open.commit
    } else {
        &desk.open.head
    };
    let forge = desk.open.forge.as_ref()?;
    forge.lines(revision, source, line, line)
}
