//! What of a passage is the same in all languages.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use super::{Kind, Passage, Reading, read};

/// What a passage has that may be the same in another language.
#[derive(Debug, Clone, Default)]
pub(super) struct Traits {
    /// The class of each feature, and a hash of it and its text, in order.
    features: Vec<(u8, u64)>,
    /// Characters of its words.
    length: u32,
    /// The key of its text; `None` for no text.
    text: Option<u64>,
    /// How many words it has.
    words: usize,
}

/// What passages have that may be the same in another language. `keys` are those of their
/// texts.
pub(super) fn traits(passages: &[Passage], keys: &[u64]) -> Vec<Traits> {
    let of = |(passage, key): (&Passage, &u64)| {
        let reading = read(&passage.text);
        let mut features = Vec::new();
        each(passage, &reading, |class, text| {
            features.push((class, hash(class, text)));
        });
        let length: usize = reading.words.iter().map(|it| it.chars().count()).sum();
        let has_text = passage.text.contains(|it: char| !it.is_whitespace());
        Traits {
            features,
            length: u32::try_from(length).unwrap_or(u32::MAX),
            text: has_text.then_some(*key),
            words: reading.words.len(),
        }
    };
    passages.iter().zip(keys).map(of).collect()
}

/// Words are compared without regard to case.
fn hash(class: u8, text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    class.hash(&mut hasher);
    if class == WORD && text.bytes().any(|it| it.is_ascii_uppercase()) {
        text.to_ascii_lowercase().hash(&mut hasher);
    } else {
        text.hash(&mut hasher);
    }
    hasher.finish()
}

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
pub(super) struct Weights {
    numbers: FxHashMap<u64, u32>,
    /// What each weighs by its class, and in how many passages it is.
    weights: Vec<(f32, u32)>,
}

const NAME: u8 = 0;
const LINK: u8 = 1;
const IMAGE: u8 = 2;
const CODE: u8 = 3;
const ICON: u8 = 4;
const FOOTNOTE: u8 = 5;
const NUMBER: u8 = 6;
const WORD: u8 = 7;

/// What a feature of each class weighs.
const OF_CLASSES: [f32; 8] = [4.0, 3.0, 4.0, 3.0, 1.6, 3.0, 2.0, OF_WORD];
const OF_WORD: f32 = 1.5;

impl Weights {
    /// The features of passages with these traits.
    pub(super) fn features(&mut self, traits: &[Traits]) -> Vec<Features> {
        traits.iter().map(|traits| self.of(traits)).collect()
    }

    fn of(&mut self, traits: &Traits) -> Features {
        let features = traits.features.iter();
        let mut numbers: Vec<u32> = features.map(|it| self.number(*it)).collect();
        numbers.sort_unstable();
        let same = numbers.chunk_by(|one, other| one == other);
        let counts: Vec<(u32, u32)> = same
            .map(|it| (it[0], u32::try_from(it.len()).unwrap_or(u32::MAX)))
            .collect();
        for (number, _) in &counts {
            self.weights[*number as usize].1 += 1;
        }
        Features {
            counts,
            length: traits.length,
            text: traits.text,
            words: traits.words,
        }
    }

    fn number(&mut self, (class, hash): (u8, u64)) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(hash).or_insert(next);
        if number == next {
            self.weights.push((OF_CLASSES[usize::from(class)], 0));
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
        (self.weights[number as usize].0 - OF_WORD).abs() > f32::EPSILON
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
            let is_word = (class - OF_WORD).abs() < f32::EPSILON;
            both += common;
            either += common + if is_word { 0.0 } else { rest };
        }
        (both, either)
    }
}

/// The features of a passage, one after the other.
fn each(passage: &Passage, reading: &Reading<'_>, mut add: impl FnMut(u8, &str)) {
    if let Some(name) = &passage.name {
        add(NAME, name);
    }
    for link in &reading.links {
        // Identifiers of headings differ by language.
        let bare = link.split('#').next().unwrap_or_default();
        add(LINK, if bare.is_empty() { "#" } else { bare });
    }
    let lists = [
        (IMAGE, &reading.images),
        (CODE, &reading.code),
        (ICON, &reading.icons),
        (FOOTNOTE, &reading.footnotes),
    ];
    for (class, list) in lists {
        for text in list {
            add(class, text);
        }
    }
    if passage.kind == Kind::Code {
        for line in passage.text.lines() {
            add(CODE, line.trim());
        }
        return;
    }
    for word in &reading.words {
        let is_number = word.bytes().any(|it| it.is_ascii_digit());
        if is_number {
            add(NUMBER, word);
        } else if word.len() > 1 && word.is_ascii() {
            // Names, and words that are left as they are.
            add(WORD, word);
        }
    }
}
