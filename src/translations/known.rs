use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;

use super::{Memo, PageState, PageTexts, TextHistory, page_state};
use crate::files::SourcePath;

/// States that were found before, by what they depend on.
#[derive(Debug, Default)]
pub struct KnownStates {
    states: Mutex<BTreeMap<u64, Known>>,
    /// What was found last of each translation, by the files of its source and its own.
    last: Mutex<HashMap<(SourcePath, SourcePath), Last>>,
    found: AtomicUsize,
}

#[derive(Debug)]
struct Known {
    state: Arc<PageState>,
    /// Whether somebody asked for it.
    is_used: bool,
}

#[derive(Debug)]
struct Last {
    /// The texts of source and translation, kept so that the same one is not compared.
    texts: (Arc<str>, Arc<str>),
    is_variant: bool,
    /// The number of the history.
    history: u64,
    key: u64,
    state: Arc<PageState>,
}

impl KnownStates {
    /// States that were kept, as [`KnownStates::used`] returned them.
    pub fn new(kept: BTreeMap<u64, PageState>) -> Self {
        let known = Self::default();
        known.add(kept);
        known
    }

    /// Adds states that were kept; those that were found since stay.
    pub fn add(&self, kept: BTreeMap<u64, PageState>) {
        let mut states = self.states.lock();
        for (key, state) in kept {
            states.entry(key).or_insert_with(|| Known {
                state: Arc::new(state),
                is_used: false,
            });
        }
    }

    /// The states of a page, as [`page_state`] finds them. What was found of the same
    /// translation before, when its texts were others, is forgotten.
    pub fn state(
        &self,
        page: &PageTexts<'_>,
        history: &dyn TextHistory,
        memo: &Memo,
    ) -> Arc<PageState> {
        let files = (page.source.clone(), page.translation.clone());
        if let Some(last) = self.last.lock().get(&files)
            && last.history == history.number()
            && last.is_variant == page.is_variant
            && Arc::ptr_eq(&last.texts.0, page.source_text)
            && Arc::ptr_eq(&last.texts.1, page.text)
        {
            return last.state.clone();
        }
        let key = key(page, history);
        let known = self.states.lock().get_mut(&key).map(|known| {
            known.is_used = true;
            known.state.clone()
        });
        let state = known.unwrap_or_else(|| {
            self.found.fetch_add(1, Ordering::Relaxed);
            Arc::new(page_state(page, history, memo))
        });
        let last = Last {
            texts: (page.source_text.clone(), page.text.clone()),
            is_variant: page.is_variant,
            history: history.number(),
            key,
            state: state.clone(),
        };
        let before = self.last.lock().insert(files, last);
        let mut states = self.states.lock();
        if let Some(before) = before.filter(|before| before.key != key) {
            states.remove(&before.key);
        }
        let known = Known {
            state: state.clone(),
            is_used: true,
        };
        states.insert(key, known);
        state
    }

    /// How many states were found here, rather than known before.
    pub fn found(&self) -> usize {
        self.found.load(Ordering::Relaxed)
    }

    /// All states.
    pub fn all(&self) -> BTreeMap<u64, Arc<PageState>> {
        let states = self.states.lock();
        states
            .iter()
            .map(|(key, it)| (*key, it.state.clone()))
            .collect()
    }

    /// The states that somebody asked for.
    pub fn used(&self) -> BTreeMap<u64, Arc<PageState>> {
        let states = self.states.lock();
        let used = states.iter().filter(|(_, it)| it.is_used);
        used.map(|(key, it)| (*key, it.state.clone())).collect()
    }

    /// Forgets the states that nobody asked for.
    pub fn forget_unused(&self) {
        self.states.lock().retain(|_, it| it.is_used);
    }
}

/// To be counted up where the same texts with the same history get other states.
const RULES: u32 = 4;

/// A value that changes with everything that the states of a page depend on.
fn key(page: &PageTexts<'_>, history: &dyn TextHistory) -> u64 {
    let mut hasher = DefaultHasher::new();
    // Another version may find something else.
    (env!("CARGO_PKG_VERSION"), RULES).hash(&mut hasher);
    let files = (page.source.as_str(), page.translation.as_str());
    let texts = (page.source_text, page.text, page.is_variant);
    (files, texts, history.mark(page.source, page.translation)).hash(&mut hasher);
    hasher.finish()
}
