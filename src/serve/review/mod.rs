//! The review desk: pages with what changed since a base, and the list of them.
//!
//! Below `/__proofroom/difference/` is the site as it is now with its changes
//! marked, below `/__proofroom/base/` the site of the base. Their other addresses are
//! those of the site, so that links and scripts of a page work in both.

mod chooser;
mod list_page;
mod page_data;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parking_lot::Mutex;

use super::loads::{Loads, Stamp};
use super::routing::{Route, Routes};
use super::stamps;
use super::translation_desk::TranslationDesk;
use super::view::{View, fingerprint};
use crate::diagnostic::Diagnostic;
use crate::diff::Level;
use crate::files::SourcePath;
use crate::git::Forge;
use crate::languages::Addresses;
use crate::session::review::{MarkedPage, Review};
use crate::session::{Revision, Sites};
use crate::url;
use crate::watch::ChangeBatch;

pub(super) use chooser::{bases, choose};
pub(super) use list_page::json;
pub(super) use page_data::changes;
pub(super) use worker::Progress;

/// An open review, with what is known about its base.
pub struct OpenReview {
    /// The comparison.
    pub review: Review,
    /// What the base is: "merge base of `HEAD` and `origin/main`".
    pub title: String,
    /// Its commit.
    pub commit: String,
    /// The commit that is checked out.
    pub head: String,
    /// What limits the comparison, each as a sentence.
    pub notes: Vec<String>,
    /// Where the repository is on the web.
    pub forge: Option<Forge>,
}

/// Opens a review of these sites since a base, or since the usual one. Fails with a
/// sentence that says why.
pub type ReviewOpener =
    Arc<dyn Fn(&Arc<Sites>, Option<&str>) -> Result<OpenReview, String> + Send + Sync>;

/// The style sheet of the list.
pub(super) const LIST_CSS: &str = include_str!("list.css");

/// The path of the list.
pub(super) const LIST: &str = "/__proofroom/review";
const DIFFERENCE: &str = "/__proofroom/difference";
const BASE: &str = "/__proofroom/base";

/// What is shown of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The page as it is now.
    Now,
    /// The same with its changes.
    Difference,
    /// The page as it was.
    Base,
    /// The list of all pages that changed.
    List,
}

impl Mode {
    /// Its name in the browser.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Difference => "difference",
            Self::Base => "base",
            Self::List => "list",
        }
    }

    /// What all of its paths begin with.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Now => "",
            Self::Difference => DIFFERENCE,
            Self::Base => BASE,
            Self::List => LIST,
        }
    }
}

/// Splits a path of this server into what is shown, and the path of the page.
pub(super) fn split(path: &str) -> (Mode, &str) {
    for mode in [Mode::Difference, Mode::Base] {
        if let Some(below) = path.strip_prefix(mode.prefix())
            && below.starts_with('/')
        {
            return (mode, below);
        }
    }
    if path == LIST {
        (Mode::List, "")
    } else {
        (Mode::Now, path)
    }
}

/// A review that is shown.
pub(super) struct Desk {
    sites: Arc<Sites>,
    translating: Arc<TranslationDesk>,
    pub(super) open: OpenReview,
    /// What each path of the base shows.
    pub(super) base: Routes,
    pub(super) progress: Progress,
}

impl Desk {
    /// What limits the comparison, as far as it is known by now.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = self.open.notes.clone();
        let more = self.open.review.notes();
        notes.extend(more.into_iter().filter(|it| !self.open.notes.contains(it)));
        notes
    }

    /// The page at a path, with its changes marked.
    pub(super) fn marked(&self, places: &Routes, path: &str) -> MarkedPage {
        let now = places.addresses();
        let marked = self.marked_at(&now, path);
        if marked.html.is_some() {
            return marked;
        }
        // Its language may be gone.
        self.marked_at(&self.base.addresses(), path)
    }

    fn marked_at(&self, addresses: &Addresses, path: &str) -> MarkedPage {
        let (edition, spot) = addresses.find(path);
        let output = url::index_of(spot.address());
        let root = addresses.root.trim_end_matches('/');
        let base_root = format!("{root}{BASE}{}", addresses.path_of(edition, ""));
        let base_path = |address: &str| format!("{base_root}{address}");
        let language = edition.language.as_deref();
        let levels = [Level::Text, Level::Markup];
        self.open
            .review
            .marked(language, &output, &base_path, &levels)
    }

    /// The language of a page, its output now (or at the base if it is gone), and the
    /// path that it had at the base unless it is new.
    fn page(&self, places: &Routes, path: &str) -> (Option<String>, String, Option<String>) {
        let find = |addresses: &Addresses| {
            let (edition, spot) = addresses.find(path);
            let (language, output) = (edition.language.clone(), url::index_of(spot.address()));
            let review = &self.open.review;
            let old = review.path_at_base(language.as_deref(), &output);
            (language, output, old)
        };
        let found = find(&places.addresses());
        if found.2.is_none() {
            // Its language may be gone.
            let there = find(&self.base.addresses());
            if there.2.is_some() {
                return there;
            }
        }
        found
    }

    /// Where the page at a path was at the base, unless it is new.
    pub(in crate::serve) fn place_at_base(&self, places: &Routes, path: &str) -> Option<Route> {
        Some(self.base.place(&self.page(places, path).2?))
    }

    /// The problems of a page that it did not have at the base.
    pub(super) fn new_problems(&self, places: &Routes, path: &str) -> Vec<Diagnostic> {
        let (language, output, old) = self.page(places, path);
        let old = old.map(|path| self.base.view(&path).1.problems);
        let new = places.view(path).1.problems;
        let review = &self.open.review;
        review.new_problems_of(language.as_deref(), &output, &old.unwrap_or_default(), new)
    }

    /// What a path shows with its changes.
    fn difference(&self, places: &Routes, path: &str) -> (Revision, View) {
        let (revision, mut view) = places.view(path);
        if view.found && view.html.is_none() {
            return (revision, view);
        }
        let marked = self.marked(places, path);
        if let Some(html) = marked.html {
            view.fingerprint = fingerprint(&html);
            view.html = Some(html.into());
            view.found = true;
        }
        (revision, view)
    }
}

/// The review that is open, if one is.
pub(super) struct ReviewDesk {
    sites: Arc<Sites>,
    translating: Arc<TranslationDesk>,
    opener: ReviewOpener,
    strict: bool,
    current: Mutex<Option<Arc<Desk>>>,
    /// Called when the list has changed.
    publish: Mutex<Option<Arc<dyn Fn() + Send + Sync>>>,
}

impl ReviewDesk {
    pub(super) fn new(
        sites: Arc<Sites>,
        translating: Arc<TranslationDesk>,
        opener: ReviewOpener,
        strict: bool,
    ) -> Self {
        Self {
            sites,
            translating,
            opener,
            strict,
            current: Mutex::default(),
            publish: Mutex::default(),
        }
    }

    /// Has `publish` called whenever the list has changed.
    pub(super) fn on_change(&self, publish: Arc<dyn Fn() + Send + Sync>) {
        *self.publish.lock() = Some(publish);
    }

    /// The open review.
    pub(super) fn current(&self) -> Option<Arc<Desk>> {
        self.current.lock().clone()
    }

    /// Opens a review, instead of the one that may be open. Returns what limits it.
    pub(super) fn open(&self, base: Option<&str>) -> Result<Vec<String>, String> {
        let open = (self.opener)(&self.sites, base)?;
        let notes = open.notes.clone();
        let base = Routes::new(open.review.base().clone(), self.strict);
        let desk = Arc::new(Desk {
            sites: self.sites.clone(),
            translating: self.translating.clone(),
            open,
            base,
            progress: Progress::default(),
        });
        let publish = self.publish.lock().clone();
        // Before the work begins, which tells others to look.
        self.show(Some(desk.clone()));
        if let Err(error) = worker::begin(&desk, publish) {
            self.close();
            return Err(format!("cannot compare in the background: {error}"));
        }
        Ok(notes)
    }

    /// Closes the open review.
    pub(super) fn close(&self) {
        self.show(None);
    }

    fn show(&self, desk: Option<Arc<Desk>>) {
        let before = std::mem::replace(&mut *self.current.lock(), desk);
        if let Some(before) = before {
            before.progress.close();
        }
    }

    /// Passes on changes on disk to the base, as far as they are changes of it.
    pub(super) fn apply(&self, batch: &ChangeBatch) {
        if let Some(desk) = self.current() {
            desk.open.review.apply_to_base(batch);
        }
    }

    /// The files on disk that the base was made from, to be watched.
    pub(super) fn watched(&self) -> BTreeSet<SourcePath> {
        self.current()
            .map(|desk| desk.open.review.watched())
            .unwrap_or_default()
    }

    /// Has the list made again.
    pub(super) fn changed(&self) {
        if let Some(desk) = self.current() {
            desk.progress.changed();
        }
    }

    /// The stamps of paths of this server, whichever side they are of.
    pub(super) fn stamps(&self, places: &Routes, paths: &Loads) -> BTreeMap<String, Stamp> {
        let mut of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in paths {
            let (mode, below) = split(path);
            of.entry(mode.prefix()).or_default().push(below);
        }
        let desk = self.current();
        let mut all = BTreeMap::new();
        for (prefix, paths) in of {
            let places = match &desk {
                Some(desk) if prefix == BASE => &desk.base,
                _ => places,
            };
            all.extend(stamps::stamps(places, prefix, paths.into_iter()));
        }
        all
    }

    /// What the server shows at a path, whichever side it is of.
    pub(super) fn view(&self, places: &Routes, path: &str) -> (Revision, View) {
        let (mode, below) = split(path);
        match (mode, self.current()) {
            (Mode::Now, _) | (_, None) => places.view(below),
            (Mode::Difference, Some(desk)) => {
                let (revision, view) = desk.difference(places, below);
                (revision, view.placed(DIFFERENCE))
            }
            (Mode::Base, Some(desk)) => {
                let (revision, view) = desk.base.view(below);
                (revision, view.placed(BASE))
            }
            (Mode::List, Some(desk)) => {
                let html = list_page::page(&desk);
                let revision = places.sites.main().ask(|_| ()).0;
                let view = View {
                    fingerprint: fingerprint(&html),
                    html: Some(html.into()),
                    found: true,
                    ..View::default()
                };
                (revision, view)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, split};

    #[test]
    fn paths_say_what_is_shown() {
        for (path, expected) in [
            ("/a/", (Mode::Now, "/a/")),
            ("/__proofroom/difference/a/", (Mode::Difference, "/a/")),
            ("/__proofroom/difference/", (Mode::Difference, "/")),
            (
                "/__proofroom/differences/",
                (Mode::Now, "/__proofroom/differences/"),
            ),
            ("/__proofroom/base/a/b.png", (Mode::Base, "/a/b.png")),
            ("/__proofroom/review", (Mode::List, "")),
            ("/__proofroom/review/", (Mode::Now, "/__proofroom/review/")),
        ] {
            assert_eq!(split(path), expected, "{path}");
        }
    }
}
