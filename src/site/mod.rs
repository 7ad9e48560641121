//! The site as a database: the only importer of salsa.
//!
//! The inputs are the [`InvocationInput`] (how proofroom was called) and one [`Entry`]
//! for each path that a query has asked about, whether it exists or not.
//! Everything else is a query: the thin functions in [`queries`] gather what they
//! need and call one pure function of the floor below. Salsa remembers their
//! results and what they read; nothing here tracks changes by hand.

mod call_time;
mod elsewhere;
mod inputs;
mod output;
mod page;
pub mod queries;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use parking_lot::Mutex;
use salsa::{Durability, Setter as _};

use crate::config::Environment;
use crate::files::{History, Keeper, NoHistory, SourcePath, System};
use crate::work::Interrupt;
use inputs::{Import, TimeInput, Tree};

pub use call_time::SharedMoment;
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
    /// The time that the site is made for; templates see it as `build_date_utc`.
    /// Queries ask for it with `now`.
    pub moment: SharedMoment,
    /// The environment variables for `!ENV`.
    pub environment: Environment,
    /// The name of the root folder, for sites without a `site_name`.
    pub folder_name: String,
    /// Whether drafts are part of the site, as they are in `serve`.
    pub drafts: bool,
    /// `--publish-withheld`: publish pages although a plugin that proofroom does
    /// not have would protect them.
    pub publish_withheld: bool,
    /// `--fetch-assets`: treat files of other sites as the plugin `privacy` does, whether it
    /// is enabled or not.
    pub fetch_assets: bool,
    /// `--use-directory-urls` or `--no-directory-urls`; overrides the setting.
    pub use_directory_urls: Option<bool>,
    /// `--theme`; overrides the setting.
    pub theme: Option<String>,
    /// Whether pages contain the source lines of their blocks (`data-src`).
    pub sources: bool,
    /// The folders with the fonts of this machine, for social cards.
    pub font_folders: Vec<SourcePath>,
    /// Where social cards are kept from one run to the next.
    pub kept: Keeper,
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
    /// Everything below a folder as one input, created on first use.
    fn tree(&self, folder: &SourcePath) -> Tree;
    /// Notes that something was read through a symbolic link to a path.
    fn note_link_target(&self, path: &SourcePath);
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
    trees: Arc<Mutex<BTreeMap<SourcePath, Tree>>>,
    /// Paths that symbolic links on the way to something that was read lead to.
    link_targets: Arc<Mutex<BTreeSet<SourcePath>>>,
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
        let entry = Entry::first(self, path);
        entries.insert(path.clone(), entry);
        entry
    }

    fn tree(&self, folder: &SourcePath) -> Tree {
        let mut trees = self.trees.lock();
        let begin = || Tree::first(self, folder);
        *trees.entry(folder.clone()).or_insert_with(begin)
    }

    fn note_link_target(&self, path: &SourcePath) {
        self.link_targets.lock().insert(path.clone());
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
            trees: Arc::default(),
            link_targets: Arc::default(),
            imports: Arc::default(),
            interrupt: Interrupt::default(),
        };
        // Queries find it by its type.
        let _ = InvocationInput::builder(Arc::new(call))
            .durability(Durability::NEVER_CHANGE)
            .new(&database);
        let _ = TimeInput::builder(0)
            .version_durability(Durability::HIGH)
            .new(&database);
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

    /// Invalidates every query that read the time.
    pub fn bump_time(&mut self) {
        let _raised = self.interrupt.raise();
        let time = TimeInput::get(self);
        let version = time.version(self) + 1;
        time.set_version(self).to(version);
    }

    /// Evicts the results of queries that are kept for a limited number of
    /// pages, down to their limits.
    pub fn forget(&mut self) {
        let _raised = self.interrupt.raise();
        salsa::Database::trigger_lru_eviction(self);
    }

    /// Invalidates every query that read one of `paths`, anything below them or
    /// a folder above them. Where only the content of a file can have changed, what
    /// depends on its presence stays valid.
    pub fn bump(&mut self, paths: impl IntoIterator<Item = SourcePath>) {
        let mut stale = Stale::default();
        for path in paths {
            self.trees_with(&path, &mut stale);
            if self.is_rewritten(&path) {
                let entry = self.entries.lock().get(&path).copied();
                stale.content.extend(entry.map(|entry| (path, entry)));
            } else {
                self.around(&path, &mut stale);
            }
        }
        self.invalidate(stale);
    }

    /// Whether a path was a file and still is one, so that it can only have other
    /// content now: everything that was read of its presence is still true.
    fn is_rewritten(&self, path: &SourcePath) -> bool {
        let ways = || std::iter::successors(Some(path.clone()), SourcePath::parent);
        // What was read through a link depends on its presence too.
        if path.leads_out() || ways().any(|above| self.link_targets.lock().contains(&above)) {
            return false;
        }
        let known: Vec<(SourcePath, Entry)> = {
            let entries = self.entries.lock();
            if below(&entries, path).next().is_some() {
                return false;
            }
            let known = ways().filter_map(|above| {
                let entry = *entries.get(&above)?;
                Some((above, entry))
            });
            known.collect()
        };
        let is_rewritten = || self.alone(|db| queries::is_rewritten(db, path, &known));
        // Where something is changing that was not looked at before, that is not known.
        Cancelled::catch(AssertUnwindSafe(is_rewritten)).unwrap_or(false)
    }

    /// Adds all entries whose presence depends on a path.
    fn around(&self, path: &SourcePath, stale: &mut Stale) {
        let entries = self.entries.lock();
        let own = entries.get(path).map(|entry| (path.clone(), *entry));
        let below = below(&entries, path).map(|(path, entry)| (path.clone(), *entry));
        // The listings of the folders above may have changed, and they may be new
        // themselves if this is their first file.
        let above = std::iter::successors(path.parent(), SourcePath::parent);
        let above = above.filter_map(|folder| {
            let entry = *entries.get(&folder)?;
            Some((folder, entry))
        });
        stale
            .presence
            .extend(own.into_iter().chain(below).chain(above));
    }

    /// Adds the trees that a path belongs to, and those below it.
    fn trees_with(&self, path: &SourcePath, stale: &mut Stale) {
        let trees = self.trees.lock();
        let touched = trees
            .iter()
            .filter(|(folder, _)| path.below(folder).is_some() || folder.below(path).is_some());
        stale
            .trees
            .extend(touched.map(|(folder, tree)| (folder.clone(), *tree)));
    }

    /// Increments the versions of entries. Running queries are cancelled and
    /// waited for, because their results would be of an old revision.
    fn invalidate(&mut self, stale: Stale) {
        if stale.is_empty() {
            return;
        }
        let _raised = self.interrupt.raise();
        let Stale {
            mut content,
            presence,
            trees,
        } = stale;
        for entry in presence.values() {
            let presence = entry.presence(self) + 1;
            entry.set_presence(self).to(presence);
        }
        content.extend(presence);
        for entry in content.into_values() {
            let version = entry.version(self) + 1;
            entry.set_version(self).to(version);
        }
        for tree in trees.into_values() {
            let version = tree.version(self) + 1;
            tree.set_version(self).to(version);
        }
    }

    /// Invalidates every query that read a source.
    pub fn bump_all(&mut self) {
        let stale = Stale {
            content: BTreeMap::new(),
            presence: self.entries.lock().clone(),
            trees: self.trees.lock().clone(),
        };
        self.invalidate(stale);
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

/// The known paths below a path.
fn below<'e>(
    entries: &'e BTreeMap<SourcePath, Entry>,
    path: &'e SourcePath,
) -> impl Iterator<Item = (&'e SourcePath, &'e Entry)> {
    entries
        .range(path.clone()..)
        .skip_while(move |(below, _)| *below == path)
        .take_while(move |(below, _)| below.as_str().starts_with(path.as_str()))
        .filter(move |(below, _)| below.below(path).is_some())
}

/// What may have changed.
#[derive(Default)]
struct Stale {
    /// Files of which only the content may have changed.
    content: BTreeMap<SourcePath, Entry>,
    /// Paths of which everything may have changed.
    presence: BTreeMap<SourcePath, Entry>,
    trees: BTreeMap<SourcePath, Tree>,
}

impl Stale {
    fn is_empty(&self) -> bool {
        self.content.is_empty() && self.presence.is_empty() && self.trees.is_empty()
    }
}

#[cfg(test)]
mod tests;
