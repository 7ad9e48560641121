//! What of a passage is the same in all languages.

use std::borrow::Cow;
use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use super::{Kind, Passage, Reading, read, text_key};

/// The features of a passage: the number of each, how often the passage has it, and
/// what it weighs.
#[derive(Debug, Clone, Default)]
pub(super) struct Features {
    /// Sorted by number.
    counts: Vec<(u32, u32)>,
    /// Characters of its words.
    pub(super) length: u32,
    /// The same number for the same text; `None` for no text.
    pub(super) text: Option<u64>,
    /// How many words it has.
    pub(super) words: usize,
}

/// Numbers features, and knows what each weighs.
#[derive(Debug, Default)]
pub(super) struct Weights<'p> {
    numbers: FxHashMap<(u8, Cow<'p, str>), u32>,
    /// What each weighs by its class, and in how many passages it is.
    weights: Vec<(f32, u32)>,
}

/// The classes of features, and what one of each weighs.
const NAME: (u8, f32) = (0, 4.0);
const LINK: (u8, f32) = (1, 3.0);
const IMAGE: (u8, f32) = (2, 4.0);
const CODE: (u8, f32) = (3, 3.0);
const ICON: (u8, f32) = (4, 1.6);
const FOOTNOTE: (u8, f32) = (5, 3.0);
const NUMBER: (u8, f32) = (6, 2.0);
const WORD: (u8, f32) = (7, 1.5);

impl<'p> Weights<'p> {
    /// The features of these passages.
    pub(super) fn features(&mut self, passages: &'p [Passage]) -> Vec<Features> {
        passages.iter().map(|passage| self.of(passage)).collect()
    }

    fn of(&mut self, passage: &'p Passage) -> Features {
        let reading = read(&passage.text);
        let mut numbers: Vec<u32> = Vec::new();
        each(passage, &reading, |class, text| {
            numbers.push(self.number(class, text));
        });
        numbers.sort_unstable();
        let same = numbers.chunk_by(|one, other| one == other);
        let counts: Vec<(u32, u32)> = same
            .map(|it| (it[0], u32::try_from(it.len()).unwrap_or(u32::MAX)))
            .collect();
        for (number, _) in &counts {
            self.weights[*number as usize].1 += 1;
        }
        let length: usize = reading.words.iter().map(|it| it.chars().count()).sum();
        let has_text = passage.text.contains(|it: char| !it.is_whitespace());
        Features {
            counts,
            length: u32::try_from(length).unwrap_or(u32::MAX),
            text: has_text.then(|| text_key(&passage.text)),
            words: reading.words.len(),
        }
    }

    fn number(&mut self, (class, weight): (u8, f32), text: Cow<'p, str>) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry((class, text)).or_insert(next);
        if number == next {
            self.weights.push((weight, 0));
        }
        number
    }

    /// What a feature weighs: the less, the more passages have it.
    fn weight(&self, number: u32) -> f32 {
        let (weight, passages) = self.weights[number as usize];
        #[expect(clippy::cast_precision_loss, reason = "a weight")]
        let passages = passages.max(2) as f32 / 2.0;
        weight / passages.sqrt()
    }

    /// A hash of what stays the same in all languages; of the text where there is nothing of
    /// that. `None` for short texts, which may be the same by chance.
    pub(super) fn signature(&self, features: &Features) -> Option<u64> {
        let mut hasher = FxHasher::default();
        let lasting = features.counts.iter().filter(|it| self.lasts(it.0));
        let mut has_any = false;
        for count in lasting {
            has_any = true;
            count.hash(&mut hasher);
        }
        if !has_any {
            features.text.hash(&mut hasher);
        }
        (has_any || features.words > 3).then(|| hasher.finish())
    }

    /// Whether a feature stays the same in all languages.
    fn lasts(&self, number: u32) -> bool {
        (self.weights[number as usize].0 - WORD.1).abs() > f32::EPSILON
    }

    /// Whether both passages have features that stay the same in all languages, but none
    /// in common.
    pub(super) fn contradict(&self, one: &Features, other: &Features) -> bool {
        let lasting = |features: &Features| features.counts.iter().any(|it| self.lasts(it.0));
        lasting(one) && lasting(other) && self.shared(one, other).0 <= 0.0
    }

    /// The weight of what both passages have, and of what either has. A word that only one
    /// of them has is probably translated: it says nothing.
    pub(super) fn shared(&self, source: &Features, other: &Features) -> (f32, f32) {
        let (mut both, mut either) = (0.0, 0.0);
        let (mut one, mut two) = (
            source.counts.iter().peekable(),
            other.counts.iter().peekable(),
        );
        #[expect(clippy::cast_precision_loss, reason = "a weight")]
        let times = |count: u32| count.min(4) as f32;
        loop {
            let number = match (one.peek(), two.peek()) {
                (Some(a), Some(b)) => a.0.min(b.0),
                (Some(a), None) => a.0,
                (None, Some(b)) => b.0,
                (None, None) => break,
            };
            let mine = one.next_if(|it| it.0 == number).map_or(0, |it| it.1);
            let theirs = two.next_if(|it| it.0 == number).map_or(0, |it| it.1);
            let weight = self.weight(number);
            let common = times(mine.min(theirs)) * weight;
            let rest = times(mine.max(theirs)) * weight - common;
            let class = self.weights[number as usize].0;
            let is_word = (class - WORD.1).abs() < f32::EPSILON;
            both += common;
            either += common + if is_word { 0.0 } else { rest };
        }
        (both, either)
    }
}

/// The features of a passage, one after the other.
fn each<'p>(
    passage: &'p Passage,
    reading: &Reading<'p>,
    mut add: impl FnMut((u8, f32), Cow<'p, str>),
) {
    if let Some(name) = &passage.name {
        add(NAME, Cow::Borrowed(name));
    }
    for link in &reading.links {
        // Identifiers of headings differ by language.
        let bare = link.split('#').next().unwrap_or_default();
        add(
            LINK,
            Cow::Borrowed(if bare.is_empty() { "#" } else { bare }),
        );
    }
    let lists = [
        (IMAGE, &reading.images),
        (CODE, &reading.code),
        (ICON, &reading.icons),
        (FOOTNOTE, &reading.footnotes),
    ];
    for (class, list) in lists {
        for text in list {
            add(class, Cow::Borrowed(*text));
        }
    }
    if passage.kind == Kind::Code {
        for line in passage.text.lines() {
            add(CODE, Cow::Borrowed(line.trim()));
        }
        return;
    }
    for word in &reading.words {
        let is_number = word.bytes().any(|it| it.is_ascii_digit());
        if is_number {
            add(NUMBER, word.clone());
        } else if word.len() > 1 && word.is_ascii() {
            // Names, and words that are left as they are.
            let is_lower = word.bytes().all(|it| it.is_ascii_lowercase());
            add(
                WORD,
                if is_lower {
                    word.clone()
                } else {
                    Cow::Owned(word.to_ascii_lowercase())
                },
            );
        }
    }
}
