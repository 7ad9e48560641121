//! How the words of a language are found: by which stems and forms.

use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use super::fold::{fold, respelled};
use super::stems::Stems;
use super::words::{Found, Unit, without_prefix, words_of};

/// How many units are remembered at most; beyond that they are found out each time.
const MOST_KNOWN: usize = 1 << 16;
/// The most bytes of a form.
pub(super) const LONGEST_FORM: usize = u8::MAX as usize;

/// A word that a unit of text is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// What the forms of the word have in common.
    pub(super) stem: Arc<str>,
    /// The word as it is searched for.
    pub(super) form: Arc<str>,
    /// The same where a keyboard lacks its letters.
    pub(super) respelled: Option<Arc<str>>,
    /// Whether it is only part of a word, so that it counts less.
    pub(super) is_weak: bool,
}

/// The words of a language. Pages have most of them in common, so what one of them has
/// found out is remembered for the others.
pub struct Vocabulary {
    language: String,
    stems: Stems,
    known: Mutex<FxHashMap<Box<str>, Arc<[Word]>>>,
}

impl Vocabulary {
    /// That of a language, such as `pt-BR`.
    pub fn of(language: &str) -> Self {
        Self {
            language: language.to_owned(),
            stems: Stems::of(language),
            known: Mutex::default(),
        }
    }

    /// The words that a unit of text is found by.
    pub(super) fn words(&self, unit: Unit<'_>) -> Arc<[Word]> {
        if let Some(known) = self.known.lock().get(unit.written()) {
            return known.clone();
        }
        let words: Arc<[Word]> = self.find(unit).into();
        let mut known = self.known.lock();
        if known.len() < MOST_KNOWN {
            known.insert(unit.written().into(), words.clone());
        }
        words
    }

    fn find(&self, unit: Unit<'_>) -> Vec<Word> {
        let mut words = Vec::new();
        words_of(unit, |found| {
            words.extend(self.word(found));
            let is_hebrew = |it: char| ('\u{590}'..='\u{5ff}').contains(&it);
            let bare = (found.is_inflected && found.spelling.contains(is_hebrew))
                .then(|| without_prefix(&fold(found.spelling)))
                .flatten();
            words.extend(bare.and_then(|bare| {
                self.word(Found {
                    spelling: &bare,
                    is_inflected: false,
                    is_weak: true,
                })
            }));
        });
        words
    }

    /// A word; `None` if it is not one that people type.
    pub(super) fn word(&self, found: Found<'_>) -> Option<Word> {
        let spelling = found.spelling;
        let form: Arc<str> = fold(spelling).into();
        let stem = if found.is_inflected {
            let stem = self.stems.stem(spelling);
            if *stem == *form {
                form.clone()
            } else {
                stem.into()
            }
        } else {
            form.clone()
        };
        let is_word = !stem.is_empty() && !form.is_empty() && form.len() <= LONGEST_FORM;
        is_word.then(|| Word {
            respelled: respelled(spelling, &self.language).map(Arc::from),
            stem,
            form,
            is_weak: found.is_weak,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Vocabulary;
    use crate::search::words::units;

    #[test]
    fn what_is_remembered_is_what_would_be_found() {
        for (language, text) in [
            (
                "en",
                "Messengers don't use site_name, real-time VPNs -> don't",
            ),
            ("de", "Müller müller Häuser"),
            ("he", "והמסר והמסר ארה\"ב"),
            ("zh-Hant", "即時通訊 VPN服務 即時通訊"),
        ] {
            let words = Vocabulary::of(language);
            let mut written = BTreeSet::new();
            units(text, |unit| {
                let first = words.words(unit);
                assert!(!first.is_empty(), "{unit:?}");
                assert_eq!(*first, *Vocabulary::of(language).words(unit));
                assert_eq!(first, words.words(unit));
                written.insert(unit.written());
            });
            assert_eq!(words.known.lock().len(), written.len(), "{text}");
        }
    }
}
