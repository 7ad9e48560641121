use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Memo, PageState, PageTexts, TextHistory, page_state};

/// States that were found before, by what they depend on.
#[derive(Debug, Default)]
pub struct KnownStates {
    states: Mutex<BTreeMap<u64, Known>>,
}

#[derive(Debug)]
struct Known {
    state: Arc<PageState>,
    /// Whether somebody asked for it.
    is_used: bool,
}

impl KnownStates {
    /// States that were kept, as [`KnownStates::used`] returned them.
    pub fn new(kept: BTreeMap<u64, PageState>) -> Self {
        let known = |state| Known {
            state: Arc::new(state),
            is_used: false,
        };
        let states = kept.into_iter().map(|(key, state)| (key, known(state)));
        Self {
            states: Mutex::new(states.collect()),
        }
    }

    /// The states of a page, as [`page_state`] finds them.
    pub fn state(
        &self,
        page: &PageTexts<'_>,
        history: &dyn TextHistory,
        memo: &Memo,
    ) -> Arc<PageState> {
        let mut hasher = DefaultHasher::new();
        // Another version may find something else.
        env!("CARGO_PKG_VERSION").hash(&mut hasher);
        let files = (page.source.as_str(), page.translation.as_str());
        let texts = (page.source_text, page.text, page.is_variant);
        (files, texts, history.mark(page.source, page.translation)).hash(&mut hasher);
        let key = hasher.finish();
        if let Some(known) = self.states.lock().get_mut(&key) {
            known.is_used = true;
            return known.state.clone();
        }
        let state = Arc::new(page_state(page, history, memo));
        let known = Known {
            state: state.clone(),
            is_used: true,
        };
        self.states.lock().insert(key, known);
        state
    }

    /// How many states are known, and how many of them somebody asked for.
    pub fn count(&self) -> (usize, usize) {
        let states = self.states.lock();
        let used = states.values().filter(|it| it.is_used).count();
        (states.len(), used)
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
}
