//! How old text is: for the strip beside a page, line by line, and for the whole
//! site. None of it is part of a page's HTML, so that it does not slow down
//! saves.

mod page;
mod site;
mod source;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use parking_lot::Mutex;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::blocking_pool::AddressPool;
use super::{Announce, Notice, Server, error_page, own_addresses};
use crate::ages::{CLASSES, LineAges as _, Scale, Unknown};
use crate::files::SourcePath;
use crate::git::Ages;
use crate::session::Sites;
use crate::site::{Files, queries};

/// Answers the requests; git may take its time.
static DESK: AddressPool = AddressPool::of(32);

/// A colour for each class of ages, from the newest to the oldest. Their
/// brightness suits both light and dark pages.
const COLOURS: [&str; CLASSES] = [
    "#2f7de1", "#1f9a9a", "#5f9f35", "#b08a00", "#df6f1f", "#c93038",
];

/// The ages of the sites, and the scale that they are shown on.
pub(super) struct AgeService {
    pub(super) ages: Arc<Ages>,
    sites: Arc<Sites>,
    /// The scale, with the generation of the ages that it was made from.
    scale: Mutex<(u64, Arc<Scale>)>,
    /// The files of the sites whose ages were asked for last.
    wanted: Mutex<Vec<Arc<Files>>>,
}

impl AgeService {
    pub(super) fn new(ages: Arc<Ages>, sites: Arc<Sites>) -> Self {
        Self {
            ages,
            sites,
            scale: Mutex::default(),
            wanted: Mutex::default(),
        }
    }

    /// The files of all languages whose session has begun.
    fn files(&self) -> Vec<Arc<Files>> {
        let sessions = self.sites.begun().into_iter();
        let files = sessions.map(|session| session.ask(|db| queries::files(db)).1);
        files.collect()
    }

    /// Has the ages of all pages computed in the background, and announces
    /// notes on the history.
    pub(super) fn warm(&self, announce: &Announce) {
        let files = self.files();
        let is_same = {
            let mut wanted = self.wanted.lock();
            let is_same = wanted.len() == files.len()
                && wanted
                    .iter()
                    .zip(&files)
                    .all(|(one, other)| Arc::ptr_eq(one, other));
            wanted.clone_from(&files);
            is_same
        };
        if is_same {
            self.ages.want_again();
        } else {
            self.ages.want(page_files(&files));
        }
        for note in self.ages.notes() {
            announce(Notice::Note(note));
        }
    }

    /// The scale that suits the ages known so far.
    fn scale(&self) -> Arc<Scale> {
        let ages = &self.ages;
        let kept = || self.scale.lock();
        let generation = ages.generation();
        let (then, scale) = kept().clone();
        if then == generation && generation > 0 {
            return scale;
        }
        let mut dates = Vec::new();
        let files = page_files(&self.files());
        for committed in files.iter().filter_map(|file| ages.last_known(file)) {
            let commit = |(nth, _): &(usize, u64)| committed.commits.get(*nth);
            let commits = committed.lines.iter().filter_map(commit);
            dates.extend(commits.map(|commit| (commit.time(ages.dating()), 1)));
        }
        let scale = Arc::new(Scale::new(dates));
        *kept() = (generation, scale.clone());
        scale
    }
}

/// The sources of the pages among these files.
fn page_files(files: &[Arc<Files>]) -> Vec<SourcePath> {
    let pages = files.iter().flat_map(|files| &files.pages);
    let sources: BTreeSet<_> = pages.map(|page| page.source.clone()).collect();
    sources.into_iter().collect()
}

/// The parameters of `/__proofroom/ages`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AgesQuery {
    /// The page whose ages are wanted, by its path on this server; those of the
    /// whole site if missing.
    page: Option<String>,
    /// `base` for the page at the base of the review that is open.
    side: String,
    /// Only pages whose source is below this folder.
    folder: String,
    /// Only pages of this language.
    language: String,
    /// `pages` or `blocks`.
    show: String,
    /// How many entries of the list to skip.
    from: usize,
}

/// Answers for one page as JSON, and for the site as a page.
pub(super) async fn ages(
    State(server): State<Arc<Server>>,
    Query(asked): Query<AgesQuery>,
) -> Response {
    // Requests for the whole site share the queue of the empty path.
    let about = asked.page.clone().unwrap_or_default();
    answered(&about, move || match &asked.page {
        Some(path) if asked.side == "base" => {
            Json(page::ages_at_base(&server, path)).into_response()
        }
        Some(path) => Json(page::ages(&server, path)).into_response(),
        None => Html(site::page(&server, &asked)).into_response(),
    })
    .await
}

/// The page whose source is shown, by its path on this server.
#[derive(Debug, Deserialize)]
pub(super) struct Of {
    page: Option<String>,
}

/// Answers with the lines of a source.
pub(super) async fn blame(
    State(server): State<Arc<Server>>,
    Path(file): Path<String>,
    Query(of): Query<Of>,
) -> Response {
    let about = file.clone();
    let answer = move || match source::page(&server, &file, of.page.as_deref()) {
        Some(html) => Html(html).into_response(),
        None => {
            let why = "no page of this site is made from that file";
            (StatusCode::NOT_FOUND, why).into_response()
        }
    };
    answered(&about, answer).await
}

async fn answered(about: &str, answer: impl FnOnce() -> Response + Send + 'static) -> Response {
    let answered = DESK.run(about, answer).await;
    answered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// The address of the line by line view of a source.
fn view_of(server: &Server, file: &SourcePath, page: &str) -> String {
    let parts: Vec<String> = file.as_str().split('/').map(quoted).collect();
    format!(
        "{}blame/{}?page={}",
        own_addresses::below(&server.places.addresses().root),
        parts.join("/"),
        quoted(page)
    )
}

/// Percent-encodes text for use in any part of an address.
fn quoted(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// The legend: what the colours mean.
fn legend(scale: &Scale) -> Value {
    let limits: Vec<String> = scale
        .limits
        .iter()
        .map(|it| crate::ages::day(*it))
        .collect();
    let range = scale
        .range
        .map(|(oldest, newest)| [crate::ages::day(oldest), crate::ages::day(newest)]);
    json!({"colours": COLOURS, "limits": limits, "range": range})
}

/// A page of the server itself.
fn document(title: &str, body: &str) -> String {
    let colours = COLOURS.iter().enumerate();
    let colours = colours.map(|(nth, colour)| format!("--c{nth}:{colour};"));
    let colours: String = colours.collect();
    format!(
        "<!doctype html><html lang=\"en\" data-proofroom-view><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title>\
         <style>:root{{{colours}}}{}</style></head><body>{body}</body></html>",
        error_page::escape(title),
        include_str!("../browser/ages.css"),
    )
}

/// Why ages are unknown, as HTML.
fn sentence(unknown: &Unknown) -> String {
    error_page::escape(&unknown.to_string())
}
