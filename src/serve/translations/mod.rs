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
use parking_lot::Mutex;
use serde::Deserialize;

use super::Server;
use super::blocking_pool::AddressPool;
use super::own_page::quoted;
use crate::files::{Disk, SourcePath};
use crate::git::Texts;
use crate::session::{KeptStates, Progress, Translations};
use crate::translations::{KnownStates, LanguageState, State as Passage, TextHistory as _};

use looks::{Looks, threads};

pub(super) use recover::{held, put_back};

/// Answers the requests.
static DESK: AddressPool = AddressPool::of(8);

/// The style sheet of these pages.
pub(super) const STYLE: &str = include_str!("../browser/translations.css");

/// The code of these pages.
pub(super) const SCRIPT: &str = include_str!("../browser/translations.js");

/// What is known of translations.
pub(super) struct TranslationDesk {
    disk: Disk,
    known: KnownStates,
    /// What other runs found, and find again.
    kept: KeptStates,
    /// What of it is known here; `None` before it was read.
    read: Mutex<Option<Read>>,
    /// The history, with how the repositories were when it was read.
    history: Mutex<Option<Arc<Texts>>>,
    looks: Looks,
}

/// What was read, or written since.
#[derive(Default)]
struct Read {
    /// The number of the history that it was written with; `None` if it was read.
    history: Option<u64>,
    /// How many states had been found here then.
    found: usize,
}

impl TranslationDesk {
    pub(super) fn new(disk: Disk, kept: KeptStates) -> Self {
        Self {
            disk,
            known: KnownStates::default(),
            kept,
            read: Mutex::default(),
            history: Mutex::default(),
            looks: Looks::default(),
        }
    }

    /// The history as it is now.
    fn history(&self) -> Arc<Texts> {
        let mut history = self.history.lock();
        match &*history {
            Some(known) if known.is_current() => known.clone(),
            _ => {
                let read = Arc::new(Texts::new(self.disk.clone()));
                *history = Some(read.clone());
                read
            }
        }
    }

    /// Looks at all translations.
    fn look(&self, server: &Server, progress: &Progress) -> Vec<LanguageState> {
        {
            let mut read = self.read.lock();
            if read.is_none() {
                self.known.add(self.kept.read());
                *read = Some(Read::default());
            }
        }
        let history = self.history();
        let asked = questions(server, &*history);
        let all = || asked.all(None, progress);
        let found = match threads() {
            Some(threads) => threads.install(all),
            None => all(),
        };
        server.workspace.has_read();
        found
    }

    /// Writes what was found, unless it is what other runs found, or only files have changed
    /// since it was written: what an edit does is found again in no time.
    fn keep(&self) {
        let mut read = self.read.lock();
        let history = self.history.lock().as_ref().map(|it| it.number());
        self.known.forget_unused();
        let found = self.known.found();
        let is_new = |before: &Read| before.found < found && before.history != history;
        if read.as_ref().is_some_and(is_new) {
            self.kept.write(&self.known, true);
            *read = Some(Read { history, found });
        }
    }
}

/// What is asked about translations while the site is served.
fn questions<'q>(server: &'q Server, history: &'q Texts) -> Translations<'q> {
    Translations {
        sites: &server.places.sites,
        history,
        known: &server.translating.known,
        stay: true,
    }
}

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
    let Some(seen) = server.translating.looks.see(&server).await else {
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
