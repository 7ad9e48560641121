//! The site as a database: the only importer of salsa.
//!
//! Inputs are the [`Launch`] (how proofroom was called) and one [`Entry`] per
//! path that anybody asked about, missing ones included. Everything else is a
//! query: thin functions in [`queries`] that gather what they need and call
//! one pure function of the floor below. Salsa remembers their answers and
//! what they read; nothing here keeps track of changes by hand.

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

pub use elsewhere::{Elsewhere, NoOtherSites, OtherSites};
pub use inputs::{Entry, Launch};
pub use output::{Content, Maker, Output, OutputKind, Outputs, Part, Produced};
pub use page::{Files, Meta, PageFile};
pub use salsa::Cancelled;

/// How proofroom was called: an input like any file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// `--config-file`, relative to the root.
    pub config_file: Option<SourcePath>,
    /// `--theme-path`, relative to the root.
    pub theme_path: Option<SourcePath>,
    /// The language whose site is wanted; the default one where none is named.
    pub language: Option<String>,
    /// When the call was made, in seconds since 1970: what templates see as
    /// `build_date_utc`.
    pub moment: i64,
    /// The variables that `!ENV` may read.
    pub environment: Environment,
    /// The name of the root folder, for sites that name themselves nowhere.
    pub folder_name: String,
    /// Whether drafts belong to the site (`serve` shows them).
    pub drafts: bool,
    /// `--use-directory-urls` and `--no-directory-urls`, before the setting.
    pub use_directory_urls: Option<bool>,
    /// `--theme`, before the setting.
    pub theme: Option<String>,
    /// Whether pages say which source lines their blocks come from.
    pub sources: bool,
}

/// What queries can reach.
#[salsa::db]
pub trait Db: salsa::Database {
    /// The sources.
    fn system(&self) -> &dyn System;
    /// The sources, for what outlives a query. Whoever reads through it says
    /// by an entry what the answer depends on.
    fn shared_system(&self) -> Arc<dyn System>;
    /// What version control knows. Whoever asks it reads the checked out
    /// commit first, so that the answer is asked for again.
    fn history(&self) -> &dyn History;
    /// The other sites that questions may look into. Whoever asks them reads
    /// an import first, so that the answer is asked for again.
    fn other_sites(&self) -> &dyn OtherSites;
    /// The import of a page of another site, made on first use.
    fn import(&self, site: Elsewhere, plain: &str) -> Import;
    /// Raised while a newer revision waits.
    fn interrupt(&self) -> &Interrupt;
    /// The entry of a path, made on first use.
    fn entry(&self, path: &SourcePath) -> Entry;
}

/// Called with the name of each query that is really run.
pub type Observer = Box<dyn Fn(&str) + Send + Sync>;

/// Pages of other sites that somebody looked at, by their plain paths there.
type Imports = BTreeMap<(Elsewhere, Arc<str>), Import>;

/// All that is known of one site. Clones are cheap snapshots that share
/// their memory; while one lives, [`Database::bump`] waits for it.
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

    fn import(&self, site: Elsewhere, plain: &str) -> Import {
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
    /// A database that knows nothing yet. `observer` hears of every query
    /// that runs; tests use it to show what did not.
    pub fn new(system: Arc<dyn System>, call: Call, observer: Option<Observer>) -> Self {
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
        Launch::new(&database, Arc::new(call));
        database
    }

    /// The same with a history; before anything is asked.
    #[must_use]
    pub fn with_history(mut self, history: Arc<dyn History>) -> Self {
        self.history = history;
        self
    }

    /// The same with other sites to look into; before anything is asked.
    #[must_use]
    pub fn with_other_sites(mut self, other_sites: Arc<dyn OtherSites>) -> Self {
        self.other_sites = other_sites;
        self
    }

    /// Asks a question of this database, in the middle of one of another or
    /// not: a thread looks at one database at a time.
    pub fn alone<T>(&self, question: impl FnOnce(&Self) -> T) -> T {
        salsa::attach_allow_change(self, || question(self))
    }

    /// Makes every query that looked into another site look again.
    pub fn bump_imports(&mut self) {
        // The lock is not kept: work that is under way may want it to end.
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

    /// Forgets answers that are remembered for some hundred pages only, where
    /// there are more.
    pub fn forget(&mut self) {
        let _raised = self.interrupt.raise();
        salsa::Database::trigger_lru_eviction(self);
    }

    /// Makes every query that read one of `paths`, or anything below one,
    /// ask again, and every folder above them.
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
                    .skip_while(|(found, _)| **found == path)
                    .take_while(|(found, _)| found.as_str().starts_with(path.as_str()))
                    .filter(|(found, _)| found.below(&path).is_some());
                stale.extend(below.map(|(found, entry)| (found.clone(), *entry)));
                // The folders above may list it differently now, and where it
                // is the first file below them, may be new themselves.
                let above = std::iter::successors(path.parent(), SourcePath::parent);
                stale.extend(above.filter_map(|folder| {
                    let entry = *entries.get(&folder)?;
                    Some((folder, entry))
                }));
            }
        }
        self.renew(stale);
    }

    /// Waits until nobody asks any more, for what work is under way has
    /// nothing to say of the next revision.
    fn renew(&mut self, stale: BTreeMap<SourcePath, Entry>) {
        if stale.is_empty() {
            return;
        }
        let _raised = self.interrupt.raise();
        for entry in stale.into_values() {
            let version = entry.version(self) + 1;
            entry.set_version(self).to(version);
        }
    }

    /// Makes every query that read the disk ask again.
    pub fn bump_all(&mut self) {
        let entries = self.entries.lock().clone();
        self.renew(entries);
    }

    /// How many paths queries have read or looked for.
    pub fn read_count(&self) -> usize {
        let entries = self.entries.lock();
        entries.len()
    }

    /// Every path that a query has read or looked for.
    pub fn read_paths(&self) -> Vec<SourcePath> {
        let entries = self.entries.lock();
        entries.keys().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
