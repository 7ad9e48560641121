//! The site as a database: the only importer of salsa.
//!
//! The inputs are the [`InvocationInput`] (how proofroom was called) and one [`Entry`]
//! for each path that a query has asked about, whether it exists or not.
//! Everything else is a query: the thin functions in [`queries`] gather what they
//! need and call one pure function of the floor below. Salsa remembers their
//! results and what they read; nothing here tracks changes by hand.

mod elsewhere;
mod inputs;
mod output;
mod page;
pub mod queries;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use salsa::Setter as _;

use crate::config::Environment;
use crate::files::{History, NoHistory, SourcePath, System};
use crate::work::Interrupt;
use inputs::Import;

pub use elsewhere::{NoOtherSites, OtherSite, OtherSites};
pub use inputs::{Entry, InvocationInput};
pub use output::{
    ArticlePrint, Content, Output, OutputKind, OutputOrigin, Outputs, Part, Produced,
};
pub use page::{Files, Meta, PageFile};
pub use salsa::Cancelled;

/// How proofroom was called. An input, like the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invocation {
    /// `--config-file`, relative to the root.
    pub config_file: Option<SourcePath>,
    /// `--theme-path`, relative to the root.
    pub theme_path: Option<SourcePath>,
    /// The language of the site; `None` for the default language.
    pub language: Option<String>,
    /// The time of the call in seconds since 1970; templates see it as
    /// `build_date_utc`.
    pub moment: i64,
    /// The environment variables for `!ENV`.
    pub environment: Environment,
    /// The name of the root folder, for sites without a `site_name`.
    pub folder_name: String,
    /// Whether drafts are part of the site, as they are in `serve`.
    pub drafts: bool,
    /// `--publish-withheld`: publish pages although a plugin that proofroom does
    /// not have would protect them.
    pub publish_withheld: bool,
    /// `--use-directory-urls` or `--no-directory-urls`; overrides the setting.
    pub use_directory_urls: Option<bool>,
    /// `--theme`; overrides the setting.
    pub theme: Option<String>,
    /// Whether pages contain the source lines of their blocks (`data-src`).
    pub sources: bool,
}

/// What queries have access to.
#[salsa::db]
pub trait Db: salsa::Database {
    /// The sources.
    fn system(&self) -> &dyn System;
    /// The sources, for values that outlive a query. A query that reads
    /// through it must also read an entry that the result depends on.
    fn shared_system(&self) -> Arc<dyn System>;
    /// The history in version control. A query must read the checked out commit
    /// before it asks, so that it runs again after a commit.
    fn history(&self) -> &dyn History;
    /// The other sites of the project. A query must read an import before it
    /// asks, so that it runs again when the other site changes.
    fn other_sites(&self) -> &dyn OtherSites;
    /// The import of a page of another site, created on first use.
    fn import(&self, site: OtherSite, plain: &str) -> Import;
    /// Raised while a newer revision waits.
    fn interrupt(&self) -> &Interrupt;
    /// The entry of a path, created on first use.
    fn entry(&self, path: &SourcePath) -> Entry;
}

/// Called with the name of each query that is actually run.
pub type Observer = Box<dyn Fn(&str) + Send + Sync>;

/// The pages of other sites that queries have read, by their plain paths there.
type Imports = BTreeMap<(OtherSite, Arc<str>), Import>;

/// Everything known about one site. Clones are cheap snapshots that share
/// memory; [`Database::bump`] waits until all of them are dropped.
#[salsa::db]
#[derive(Clone)]
pub struct Database {
    storage: salsa::Storage<Self>,
    system: Arc<dyn System>,
    history: Arc<dyn History>,
    other_sites: Arc<dyn OtherSites>,
    entries: Arc<Mutex<BTreeMap<SourcePath, Entry>>>,
    imports: Arc<Mutex<Imports>>,
    interrupt: Interrupt,
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl Db for Database {
    fn system(&self) -> &dyn System {
        &*self.system
    }

    fn shared_system(&self) -> Arc<dyn System> {
        self.system.clone()
    }

    fn history(&self) -> &dyn History {
        &*self.history
    }

    fn other_sites(&self) -> &dyn OtherSites {
        &*self.other_sites
    }

    fn import(&self, site: OtherSite, plain: &str) -> Import {
        let mut imports = self.imports.lock();
        let plain: Arc<str> = plain.into();
        let begin = || Import::new(self, site, plain.clone(), 0);
        *imports.entry((site, plain.clone())).or_insert_with(begin)
    }

    fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    fn entry(&self, path: &SourcePath) -> Entry {
        let mut entries = self.entries.lock();
        if let Some(entry) = entries.get(path) {
            return *entry;
        }
        let entry = Entry::new(self, path.clone(), 0);
        entries.insert(path.clone(), entry);
        entry
    }
}

impl Database {
    /// An empty database. `observer` is told of every query that runs; tests
    /// use it to show which did not.
    pub fn new(system: Arc<dyn System>, call: Invocation, observer: Option<Observer>) -> Self {
        let listener = observer.map(|observer| {
            let listener = move |event: salsa::Event| {
                if let salsa::EventKind::WillExecute { database_key } = event.kind {
                    observer(&format!("{database_key:?}"));
                }
            };
            Box::new(listener) as Box<dyn Fn(salsa::Event) + Send + Sync>
        });
        let database = Self {
            storage: salsa::Storage::new(listener),
            system,
            history: Arc::new(NoHistory),
            other_sites: Arc::new(NoOtherSites),
            entries: Arc::default(),
            imports: Arc::default(),
            interrupt: Interrupt::default(),
        };
        InvocationInput::new(&database, Arc::new(call));
        database
    }

    /// Sets the history. Must be called before the first query.
    #[must_use]
    pub fn with_history(mut self, history: Arc<dyn History>) -> Self {
        self.history = history;
        self
    }

    /// Sets the other sites of the project. Must be called before the first
    /// query.
    #[must_use]
    pub fn with_other_sites(mut self, other_sites: Arc<dyn OtherSites>) -> Self {
        self.other_sites = other_sites;
        self
    }

    /// Runs a query of this database, possibly in the middle of a query of
    /// another one. Salsa attaches only one database to a thread at a time.
    pub fn alone<T>(&self, question: impl FnOnce(&Self) -> T) -> T {
        salsa::attach_allow_change(self, || question(self))
    }

    /// Invalidates every query that read a page of another site.
    pub fn bump_imports(&mut self) {
        // The lock is released first: running queries may need it to finish.
        let imports: Vec<Import> = {
            let imports = self.imports.lock();
            imports.values().copied().collect()
        };
        if imports.is_empty() {
            return;
        }
        let _raised = self.interrupt.raise();
        for import in imports {
            let version = import.version(self) + 1;
            import.set_version(self).to(version);
        }
    }

    /// Evicts the results of queries that are kept for a limited number of
    /// pages, down to their limits.
    pub fn forget(&mut self) {
        let _raised = self.interrupt.raise();
        salsa::Database::trigger_lru_eviction(self);
    }

    /// Invalidates every query that read one of `paths`, anything below them or
    /// a folder above them.
    pub fn bump(&mut self, paths: impl IntoIterator<Item = SourcePath>) {
        let mut stale = BTreeMap::new();
        {
            let entries = self.entries.lock();
            for path in paths {
                if let Some(entry) = entries.get(&path) {
                    stale.insert(path.clone(), *entry);
                }
                let below = entries
                    .range(path.clone()..)
                    .skip_while(|(path_below, _)| **path_below == path)
                    .take_while(|(path_below, _)| path_below.as_str().starts_with(path.as_str()))
                    .filter(|(path_below, _)| path_below.below(&path).is_some());
                stale.extend(below.map(|(path_below, entry)| (path_below.clone(), *entry)));
                // The listings of the folders above may have changed, and they
                // may be new themselves if this is their first file.
                let above = std::iter::successors(path.parent(), SourcePath::parent);
                stale.extend(above.filter_map(|folder| {
                    let entry = *entries.get(&folder)?;
                    Some((folder, entry))
                }));
            }
        }
        self.invalidate(stale);
    }

    /// Increments the versions of entries. Running queries are cancelled and
    /// waited for, because their results would be of an old revision.
    fn invalidate(&mut self, stale: BTreeMap<SourcePath, Entry>) {
        if stale.is_empty() {
            return;
        }
        let _raised = self.interrupt.raise();
        for entry in stale.into_values() {
            let version = entry.version(self) + 1;
            entry.set_version(self).to(version);
        }
    }

    /// Invalidates every query that read a source.
    pub fn bump_all(&mut self) {
        let entries = self.entries.lock().clone();
        self.invalidate(entries);
    }

    /// How many paths queries have read or looked for.
    pub fn read_count(&self) -> usize {
        let entries = self.entries.lock();
        entries.len()
    }

    /// All paths that queries have read or looked for.
    pub fn read_paths(&self) -> Vec<SourcePath> {
        let entries = self.entries.lock();
        entries.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
