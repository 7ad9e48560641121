//! What changed since a base, as readers will see it: two sites of the same
//! project, one of the sources as they are now, one of those of a commit. Both are
//! asked the same questions.

mod assets;
mod base_sources;
mod compare;
mod data;
mod list;
mod list_html;
mod losses;
mod lost_problems;
mod matching;
mod new_problems;
mod reasons;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{Session, Sites};
use crate::diff::{Change, Level};
use crate::files::SourcePath;
use crate::languages::{Addresses, LanguageSite};
use crate::site::Output;

pub use base_sources::BaseSources;
pub use data::{LineLink, change_data};
pub use list::{Cause, Found, ReviewList};
pub use list_html::{code_html, list_html, reasons_html};
pub use losses::{Losses, LostAnchors, LostPage, is_linkable};
pub use new_problems::new_since;
pub use words::{
    change_counts, groups, joined, number, reason_path, reason_word, shown_title, status_word,
};

/// What happened to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its source has another path now. Its text may have changed too.
    Renamed,
    /// Readers see something else.
    Changed,
}

/// What a change comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReasonKind {
    /// The page's own text.
    Text,
    /// A file that the page includes.
    Snippet,
    /// A template of the theme.
    Template,
    /// The nav.
    Nav,
    /// The configuration.
    Config,
    /// A plugin, which read other files.
    Plugin,
    /// A picture.
    Image,
}

/// A reason why a page differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reason {
    /// What kind of reason it is.
    pub kind: ReasonKind,
    /// The file that changed; empty where it is not a single one.
    pub path: String,
}

/// A page that readers see differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageReview {
    /// Its source; for a page that is gone, as it was.
    pub source: String,
    /// Its path on the server; for a page that is gone, as it was.
    pub address: String,
    /// Its language; `None` for a project without languages.
    pub language: Option<String>,
    /// Its title as text.
    pub title: String,
    /// What happened to it.
    pub status: Status,
    /// Its source at the base, if it had another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What the changes come from.
    pub reasons: Vec<Reason>,
    /// The changes, in the order in which they are on the page.
    pub changes: Vec<Change>,
}

impl PageReview {
    /// How many of its changes are of a level.
    pub fn count(&self, level: Level) -> usize {
        self.changes
            .iter()
            .filter(|change| change.level == level)
            .count()
    }
}

/// A page as it is now, with its changes marked.
#[derive(Debug, Clone, Default)]
pub struct MarkedPage {
    /// The whole page in its theme. `None` if there is no such page on either side.
    pub html: Option<String>,
    /// What is said about it; `None` if readers see the same.
    pub review: Option<Arc<PageReview>>,
    /// The names of its changes, as they are in the HTML.
    pub keys: Vec<String>,
}

/// A page on one side or on both.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Pair {
    base: Option<Page>,
    now: Option<Page>,
}

impl Pair {
    /// Its sources at the base and now.
    fn sources(&self) -> (Option<&SourcePath>, Option<&SourcePath>) {
        fn source(page: &Option<Page>) -> Option<&SourcePath> {
            page.as_ref().and_then(|(_, it)| it.page())
        }
        (source(&self.base), source(&self.now))
    }

    /// Whether both sides have the same source.
    fn is_same_source(&self) -> bool {
        let source = |page: &Option<Page>| page.as_ref().map(|it| it.1.source.clone());
        source(&self.base) == source(&self.now)
    }
}

/// The output of a page, with its path.
type Page = (String, Output);

/// The changes of a page that was compared, and what they depend on.
struct Compared {
    /// The fingerprints of both sides.
    prints: [Option<u64>; 2],
    /// The pictures that are not the same.
    exchanged: Vec<String>,
    changes: Arc<Vec<Change>>,
}

/// The two sessions of one language.
struct Editions {
    now: LanguageSite,
    session: Arc<Session>,
    /// `None` if the language is new.
    base: Option<(LanguageSite, Arc<Session>)>,
    /// Whether the language is gone. Then all its pages are.
    is_gone: bool,
    /// Where all languages are, at the base and now. Within a question, the sites
    /// cannot be asked for it.
    addresses: (Arc<Addresses>, Arc<Addresses>),
}

/// A project compared with its base.
pub struct Review {
    now: Arc<Sites>,
    base: Arc<Sites>,
    /// Where files that git knows to be renamed are now.
    renames: BTreeMap<SourcePath, SourcePath>,
    /// Pictures that were compared.
    pictures: assets::Pictures,
    /// The pages that belong together, by language.
    matched: Mutex<BTreeMap<Option<String>, matching::Matched>>,
    /// Pages that were compared.
    known: Mutex<FxHashMap<Pair, Compared>>,
    /// What the base was made from besides its commit.
    sources: Option<Arc<dyn BaseSources>>,
}

impl Review {
    /// Compares the sites of a project with those of its base. `renames` says where
    /// files are now that had other paths at the base.
    pub fn new(
        now: Arc<Sites>,
        base: Arc<Sites>,
        renames: BTreeMap<SourcePath, SourcePath>,
    ) -> Self {
        Self {
            now,
            base,
            renames,
            pictures: assets::Pictures::default(),
            matched: Mutex::default(),
            known: Mutex::default(),
            sources: None,
        }
    }

    /// The sites of the base.
    pub fn base(&self) -> &Arc<Sites> {
        &self.base
    }

    /// The sites as they are now.
    pub fn now(&self) -> &Arc<Sites> {
        &self.now
    }

    /// The languages, each with its sessions on both sides.
    fn editions(&self) -> Vec<Editions> {
        let base = self.base.addresses();
        let addresses = self.now.addresses();
        let mut editions: Vec<Editions> = Vec::new();
        for now in &addresses.editions {
            editions.push(Editions {
                session: self.now.session(now),
                base: self.edition_at_base(&base, now),
                is_gone: false,
                now: now.clone(),
                addresses: (base.clone(), addresses.clone()),
            });
        }
        for gone in &base.editions {
            let is_it = |it: &Editions| it.base.as_ref().is_some_and(|(base, _)| base == gone);
            if !editions.iter().any(is_it) {
                editions.push(Editions {
                    session: self.now.main().clone(),
                    base: Some((gone.clone(), self.base.session(gone))),
                    is_gone: true,
                    now: gone.clone(),
                    addresses: (base.clone(), addresses.clone()),
                });
            }
        }
        editions
    }

    fn edition_at_base(
        &self,
        addresses: &Addresses,
        now: &LanguageSite,
    ) -> Option<(LanguageSite, Arc<Session>)> {
        let same = |it: &&LanguageSite| it.language == now.language;
        let base = addresses.editions.iter().find(same);
        // A project may have got its languages since.
        let base = base.or_else(|| (now.is_main).then(|| addresses.main()))?;
        Some((base.clone(), self.base.session(base)))
    }
}
