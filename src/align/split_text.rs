use std::ops::Deref;
use std::sync::OnceLock;

use super::features::{Traits, traits};
use super::{Passage, passages, text_key};

/// The passages of a text. What they are compared by is found out when it is asked for, and
/// once: so a text that has many translations is read once for all of them.
#[derive(Debug, Clone, Default)]
pub struct SplitText {
    all: Vec<Passage>,
    keys: OnceLock<Vec<u64>>,
    traits: OnceLock<Vec<Traits>>,
}

impl SplitText {
    /// The passages of a text.
    pub fn of(text: &str) -> Self {
        Self {
            all: passages(text),
            ..Self::default()
        }
    }

    /// The [keys](text_key) of their texts.
    pub fn keys(&self) -> &[u64] {
        let find = || self.all.iter().map(|it| text_key(&it.text)).collect();
        self.keys.get_or_init(find)
    }

    /// What each of them is compared by.
    pub(super) fn traits(&self) -> &[Traits] {
        self.traits.get_or_init(|| traits(&self.all, self.keys()))
    }
}

impl Deref for SplitText {
    type Target = [Passage];

    fn deref(&self) -> &[Passage] {
        &self.all
    }
}
