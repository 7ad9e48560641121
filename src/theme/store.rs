//! What is kept from page to page: outputs of macros that are used again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use minijinja::value::Value;
use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;

use super::context::SiteContext;
use super::listed::Listed;
use super::reads::Reads;
use crate::files::SourcePath;
use crate::nav::{LabelledList, ShownNav};

/// How many bytes of outputs are kept for a whole nav, apart from those of the pages that
/// are being rendered.
const MOST: usize = 32 << 20;

/// The same for pages that show the same lists of a nav.
const MOST_FOR_LISTS: usize = 1 << 20;

/// For how many different lists outputs are kept: each thread of a build renders the pages
/// of one folder after the other.
const LISTS: usize = 32;

/// What is kept for the latest nav, and for the lists that were shown last.
#[derive(Debug, Default)]
pub(super) struct Store {
    latest: Mutex<Option<Latest>>,
    /// Those that were shown last come last.
    by_lists: Mutex<Vec<OfLists>>,
}

#[derive(Debug)]
struct Latest {
    nav: Arc<ShownNav>,
    pages: Option<Arc<Vec<Listed>>>,
    cache: Arc<NavCache>,
}

#[derive(Debug)]
struct OfLists {
    lists: Arc<[LabelledList]>,
    cache: Arc<NavCache>,
}

/// What is kept for one nav.
#[derive(Debug)]
pub(super) struct NavCache {
    /// How many bytes are kept.
    most: usize,
    /// All places of pages that the nav has more than once.
    repeated: FxHashMap<SourcePath, Vec<usize>>,
    scopes: Mutex<FxHashMap<Box<[u8]>, Arc<ScopeOutputs>>>,
    /// How many scopes have been asked for.
    asked: AtomicU64,
}

/// The outputs of the macros of one template, for pages that can share them.
#[derive(Debug, Default)]
pub(super) struct ScopeOutputs {
    by_call: RwLock<FxHashMap<Box<[u8]>, Arc<CallOutput>>>,
    bytes: AtomicUsize,
    /// When it was last asked for.
    asked: AtomicU64,
}

/// The output of one call.
#[derive(Debug)]
pub(super) struct CallOutput {
    pub(super) text: Value,
    /// The fuel that the call took, at most.
    pub(super) fuel: u64,
    pub(super) reads: Reads,
}

/// An output that is kept once the page allows it.
#[derive(Debug)]
pub(super) struct NewOutput {
    pub(super) scope: Arc<ScopeOutputs>,
    pub(super) call: Box<[u8]>,
    pub(super) output: Arc<CallOutput>,
}

/// What one page takes from the cache, and adds to it.
#[derive(Debug)]
pub(super) struct PageReuse {
    pub(super) cache: Arc<NavCache>,
    /// Outputs that are kept when the outermost part that is recorded ends.
    pub(super) added: Mutex<Vec<NewOutput>>,
    has_reused: AtomicBool,
}

impl PageReuse {
    pub(super) fn new(cache: Arc<NavCache>) -> Self {
        Self {
            cache,
            added: Mutex::default(),
            has_reused: AtomicBool::new(false),
        }
    }

    /// Whether an output was used again.
    pub(super) fn has_reused(&self) -> bool {
        self.has_reused.load(Ordering::Relaxed)
    }

    /// Notes that an output was used again.
    pub(super) fn note_reused(&self) {
        self.has_reused.store(true, Ordering::Relaxed);
    }
}

impl Store {
    /// What is kept for the nav that a page shows.
    pub(super) fn of(&self, site: &SiteContext) -> Arc<NavCache> {
        match &site.shared_lists {
            Some(lists) => self.of_lists(lists, &site.nav),
            None => self.of_whole(site),
        }
    }

    /// What is kept for pages that show these lists. Apart from them, such pages know only
    /// the pages before and after them and the home page, which have no place in a list.
    fn of_lists(&self, lists: &Arc<[LabelledList]>, nav: &ShownNav) -> Arc<NavCache> {
        let mut known = self.by_lists.lock();
        let is_same = |it: &OfLists| Arc::ptr_eq(&it.lists, lists) || it.lists == *lists;
        let found = match known.iter().rposition(is_same) {
            Some(at) => known.remove(at),
            None => OfLists {
                lists: lists.clone(),
                cache: Arc::new(NavCache::new(nav, MOST_FOR_LISTS)),
            },
        };
        let cache = found.cache.clone();
        if known.len() >= LISTS {
            known.remove(0);
        }
        known.push(found);
        cache
    }

    /// What is kept for a whole nav. What was kept for another one is forgotten.
    fn of_whole(&self, site: &SiteContext) -> Arc<NavCache> {
        let mut latest = self.latest.lock();
        if let Some(known) = &mut *latest {
            let is_same = Arc::ptr_eq(&known.nav, &site.nav)
                && match (&known.pages, &site.pages) {
                    (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                    (a, b) => a.is_none() && b.is_none(),
                };
            if is_same || (known.nav == site.nav && known.pages == site.pages) {
                known.nav = site.nav.clone();
                known.pages = site.pages.clone();
                return known.cache.clone();
            }
        }
        let cache = Arc::new(NavCache::new(&site.nav, MOST));
        *latest = Some(Latest {
            nav: site.nav.clone(),
            pages: site.pages.clone(),
            cache: cache.clone(),
        });
        cache
    }
}

impl NavCache {
    fn new(nav: &ShownNav, most: usize) -> Self {
        let mut first: FxHashMap<&SourcePath, usize> = FxHashMap::default();
        let mut repeated: FxHashMap<SourcePath, Vec<usize>> = FxHashMap::default();
        for place in 0..nav.items.len() {
            let Some(page) = nav.page(place) else {
                continue;
            };
            let first = *first.entry(&page.source).or_insert(place);
            if first != place {
                let places = repeated.entry(page.source.clone());
                places.or_insert_with(|| vec![first]).push(place);
            }
        }
        Self {
            most,
            repeated,
            scopes: Mutex::default(),
            asked: AtomicU64::default(),
        }
    }

    /// The places of a page in the nav, if it has several.
    pub(super) fn repeated(&self, page: &SourcePath) -> &[usize] {
        self.repeated.get(page).map_or(&[], Vec::as_slice)
    }

    /// The outputs in a scope.
    pub(super) fn scope(&self, key: Vec<u8>) -> Arc<ScopeOutputs> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let mut scopes = self.scopes.lock();
        let scope = scopes.entry(key.into()).or_default().clone();
        scope.asked.store(asked, Ordering::Relaxed);
        scope
    }

    /// Keeps outputs, and forgets those in scopes that were not asked for lately if
    /// there are too many.
    pub(super) fn keep(&self, added: Vec<NewOutput>) {
        let Some(latest) = added.last().map(|added| added.scope.clone()) else {
            return;
        };
        for NewOutput {
            scope,
            call,
            output,
        } in added
        {
            let bytes = call.len() + output.text.as_str().map_or(0, str::len);
            if scope.by_call.write().insert(call, output).is_none() {
                scope.bytes.fetch_add(bytes, Ordering::Relaxed);
            }
        }
        let mut scopes = self.scopes.lock();
        let bytes = |scope: &ScopeOutputs| scope.bytes.load(Ordering::Relaxed);
        let mut total: usize = scopes.values().map(|scope| bytes(scope)).sum();
        while total > self.most {
            let others = scopes.iter().filter(|(_, it)| !Arc::ptr_eq(it, &latest));
            let oldest = others.min_by_key(|(_, it)| it.asked.load(Ordering::Relaxed));
            let Some((key, oldest)) = oldest.map(|(key, it)| (key.clone(), it.clone())) else {
                break;
            };
            total -= bytes(&oldest);
            scopes.remove(&key);
        }
    }
}

impl ScopeOutputs {
    /// The output of a call.
    pub(super) fn get(&self, call: &[u8]) -> Option<Arc<CallOutput>> {
        self.by_call.read().get(call).cloned()
    }
}
