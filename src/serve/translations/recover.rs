//! Puts translations back that the history still has, for the buttons beside passages.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::Server;
use super::super::blocking_pool::{AddressPool, BlockingPool};
use super::super::host_check::own_request;
use super::sides::text;
use crate::ages::day;
use crate::align::Degree;
use crate::files::SourcePath;
use crate::session::Lost;
use crate::translations::with_recovered;

/// Reads what the history has; git may take its time.
static READERS: AddressPool = AddressPool::of(4);

/// Writes translations, one after the other.
static WRITERS: BlockingPool = BlockingPool::of(1);

/// The passage that a button is beside, and what it offers.
#[derive(Debug, Deserialize)]
struct Wish {
    language: String,
    /// The source of the page.
    of: String,
    /// The first line of the passage.
    line: u32,
    /// What is written there, as the page shows it.
    written: String,
    /// The commit that has its translation.
    commit: String,
}

/// Answers with what the history has for the passages of a page that are not translated, by
/// their first lines.
pub(in crate::serve) async fn held(
    State(server): State<Arc<Server>>,
    Path((language, of)): Path<(String, String)>,
) -> Response {
    let about = format!("{language}/{of}");
    READERS
        .answer(&about, move || {
            match find(&server, &language, &SourcePath::new(&*of)) {
                Some(found) => Json(as_json(&found)).into_response(),
                None => (StatusCode::NOT_FOUND, "this page is not translated").into_response(),
            }
        })
        .await
}

fn find(server: &Server, language: &str, of: &SourcePath) -> Option<Lost> {
    let desk = &server.translating;
    let history = desk.history();
    desk.questions(&server.places.sites, &history)
        .lost(language, of)
}

fn as_json(found: &Lost) -> Value {
    let lines: Vec<&str> = found.text.lines().collect();
    let entries = found.lost.iter().map(|(line, lost)| {
        let entry = json!({
            "text": lost.text,
            "date": day(lost.commit.committed),
            "author": lost.commit.author,
            "commit": lost.commit.id,
            "written": text(Some(lost.lines), &lines),
            // What its source said then, where that is something else.
            "said": (lost.degree >= Degree::Changed).then_some(&lost.said),
        });
        (line.to_string(), entry)
    });
    Value::Object(entries.collect::<Map<_, _>>())
}

/// Writes one of them. A request names what the history has and brings no text of its own.
pub(in crate::serve) async fn put_back(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let refused = "only a page on this machine may change files";
    let malformed = "the request does not name a translation";
    let wish: Wish = match own_request(&server.entrance, peer, request, refused, malformed).await {
        Ok(wish) => wish,
        Err(answer) => return answer.into_response(),
    };
    match WRITERS.run(move || write(&server, &wish)).await {
        Ok(Ok(())) => "put back".into_response(),
        Ok(Err(why)) => (StatusCode::CONFLICT, format!("not put back: {why}")).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn write(server: &Server, wish: &Wish) -> Result<(), String> {
    let changed = || "the page has changed; look at it anew".to_owned();
    let found = find(server, &wish.language, &SourcePath::new(&*wish.of)).ok_or_else(changed)?;
    let lost = found.lost.get(&wish.line).ok_or_else(changed)?;
    let lines: Vec<&str> = found.text.lines().collect();
    if lost.commit.id != wish.commit || text(Some(lost.lines), &lines) != wish.written {
        return Err(changed());
    }
    let after = with_recovered(&found.text, [lost]);
    let disk = &server.editing.disk;
    let written = disk.replace(&found.file, found.text.as_bytes(), after.as_bytes());
    written.map_err(|why| why.to_string())
}
