//! How old text is: for the strip beside a page, line by line, and for the whole
//! site. None of it is part of a page's HTML, so that it does not slow down
//! saves.

mod page;
mod site;
mod source;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value, json};

use super::blocking_pool::AddressPool;
use super::own_page::quoted;
use super::{Announce, Notice, Server, error_page, own_addresses};
use crate::ages::{CLASSES, LineAges as _, Scale, Unknown};
use crate::files::SourcePath;
use crate::git::Ages;
use crate::session::Sites;
use crate::site::{Files, queries};

/// Answers the requests; git may take its time.
static DESK: AddressPool = AddressPool::of(32);

/// A colour for each class of ages, from the newest to the oldest, on light pages and
/// on dark ones. The older text is, the more its colour differs from the page, in even
/// steps of brightness: they are in order for every kind of eyes, and in grey.
const COLOURS: [&str; CLASSES] = [
    "light-dark(#0aa0bc, #655fae)",
    "light-dark(#0d81b8, #3f85c3)",
    "light-dark(#3563a5, #21aabf)",
    "light-dark(#404489, #5fcbaf)",
    "light-dark(#3f2665, #b1e19e)",
    "light-dark(#350a3e, #fef1a1)",
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
    DESK.answer(&about, move || match &asked.page {
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
    DESK.answer(&about, answer).await
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

/// The style sheet of these pages.
pub(super) static STYLE: LazyLock<String> = LazyLock::new(|| {
    let colours = COLOURS.iter().enumerate();
    let colours = colours.map(|(nth, colour)| format!("--c{nth}: {colour};"));
    let colours: String = colours.collect();
    let rest = include_str!("../browser/ages.css");
    format!(":root {{ {colours} }}\n{rest}")
});

/// Why ages are unknown, as HTML.
fn sentence(unknown: &Unknown) -> String {
    error_page::escape(&unknown.to_string())
}

#[cfg(test)]
mod tests {
    use super::COLOURS;

    /// How a colour looks to those who see red, green or neither of them less well, as
    /// matrices on linear colours (Machado, Oliveira and Fernandes, 2009).
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    fn linear(colour: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let part = u8::from_str_radix(&colour[at..at + 2], 16).expect("hexadecimal");
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    fn luminance(colour: [f64; 3], eyes: &[[f64; 3]; 3]) -> f64 {
        let weights = [0.2126, 0.7152, 0.0722];
        let seen = eyes.map(|row| row.iter().zip(colour).map(|(a, b)| a * b).sum::<f64>());
        seen.iter().zip(weights).map(|(a, b)| a.max(0.0) * b).sum()
    }

    #[test]
    fn colours_of_ages_are_one_ramp_for_every_kind_of_eyes() {
        let pair = |colours: &str| {
            let inner = colours.strip_prefix("light-dark(")?.strip_suffix(')')?;
            let (light, dark) = inner.split_once(", ")?;
            Some((linear(light), linear(dark)))
        };
        let pairs = COLOURS.map(|colours| pair(colours).expect("a pair"));
        let contrast = |one: f64, other: f64| (one.max(other) + 0.05) / (one.min(other) + 0.05);
        for eyes in &EYES {
            for (page, ramp) in [
                ("#ffffff", pairs.map(|(light, _)| light)),
                ("#1e2129", pairs.map(|(_, dark)| dark)),
            ] {
                let page = luminance(linear(page), eyes);
                let found = ramp.map(|colour| contrast(luminance(colour, eyes), page));
                let is_seen = found.iter().all(|it| *it >= 2.5);
                let is_ordered = found.windows(2).all(|two| two[1] >= 1.2 * two[0]);
                assert!(is_seen && is_ordered, "{found:?}");
            }
        }
    }
}
