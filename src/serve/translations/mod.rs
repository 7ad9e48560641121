//! The translators' desk in the browser: all pages and languages at once, and a page beside
//! its translation.

mod badge;
mod looks;
mod matrix;
mod recover;
mod sides;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::Server;
use super::blocking_pool::AddressPool;
use super::own_page::quoted;
use crate::files::SourcePath;
use crate::translations::State as Passage;

pub(super) use looks::Looks;
pub(super) use recover::{held, put_back};

/// Answers the requests.
static DESK: AddressPool = AddressPool::of(8);

/// The style sheet of these pages.
pub(super) const STYLE: &str = include_str!("../browser/translations.css");

/// The code of these pages.
pub(super) const SCRIPT: &str = include_str!("../browser/translations.js");

/// The parameters of the table of all languages.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MatrixQuery {
    /// Only this language.
    language: String,
}

/// Answers with the table of pages and languages: at once, with what is known so far.
pub(super) async fn all(
    State(server): State<Arc<Server>>,
    Query(asked): Query<MatrixQuery>,
) -> Response {
    let Some(seen) = server.looks.see(&server).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    DESK.answer("", move || {
        let language = Some(asked.language.as_str()).filter(|it| !it.is_empty());
        Html(matrix::page(&server, &seen, language)).into_response()
    })
    .await
}

/// Answers with a page beside its translation.
pub(super) async fn one(
    State(server): State<Arc<Server>>,
    Path((language, of)): Path<(String, String)>,
) -> Response {
    let about = format!("{language}/{of}");
    DESK.answer(&about, move || {
        match sides::page(&server, &language, &SourcePath::new(&*of)) {
            Some(html) => Html(html).into_response(),
            None => {
                let why = "no page of this site is made from that file, in that language";
                (StatusCode::NOT_FOUND, why).into_response()
            }
        }
    })
    .await
}

/// The page that is asked about, by its path on this server.
#[derive(Debug, Deserialize)]
pub(super) struct Of {
    page: String,
}

/// Answers with how old the translation at a page is, or those of a page of the source.
pub(super) async fn badge(State(server): State<Arc<Server>>, Query(of): Query<Of>) -> Response {
    let about = of.page.clone();
    DESK.answer(&about, move || {
        Json(badge::of_page(&server, &of.page)).into_response()
    })
    .await
}

/// The address of a page of the source beside its translation, as the server knows it.
fn beside_address(own: &str, language: &str, of: &SourcePath) -> String {
    let of: Vec<String> = of.as_str().split('/').map(quoted).collect();
    format!("{own}translations/{}/{}", quoted(language), of.join("/"))
}

/// A state in words that say what there is to do.
fn label(state: Passage) -> &'static str {
    match state {
        Passage::Current => "current",
        Passage::Stale => "out of date",
        Passage::Typo => "only typos or marks changed",
        Passage::Untranslated => "not translated",
        Passage::Missing => "missing",
        Passage::Extra => "not in the source",
        Passage::Unknown => "no history",
    }
}
