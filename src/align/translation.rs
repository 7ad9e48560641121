//! Which passages of a translation belong to which of its source.
//!
//! Passages are compared by what does not depend on the language: what they are, in what
//! they are, their links, code, numbers, pictures and names, and how long they are beside
//! the others of their page. Pairs of which there is no doubt come first; the best sequence
//! of pairs is found for what is between them; then what is left is looked for in other
//! places.

use std::cell::OnceCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::features::{Features, Weights};
use super::{Kind, Passage, SplitText};
use crate::diff::{alike, common, gaps};

/// How many pairs of passages are compared with each other in one gap.
const MOST_PAIRS: usize = 100_000;
/// The least likeness of a pair, in thousandths.
const LEAST: u32 = 450;
/// What it adds to the likeness of a pair that the history has it.
const HINT: f64 = 1.0;
/// The least likeness of a pair in another place.
const LEAST_MOVED: u32 = 1400;

/// A passage of the source and that of the translation which says the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The index of the passage of the source.
    pub source: usize,
    /// The index of the passage of the translation.
    pub translation: usize,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
}

/// Which passages of two texts belong together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Alignment {
    /// The pairs, in the order of the translation. A passage is in several where one of
    /// the texts divides what the other has in one.
    pub pairs: Vec<Pair>,
}

impl Alignment {
    /// The passages of the source for one of the translation.
    pub fn sources(&self, translation: usize) -> impl Iterator<Item = &Pair> {
        self.pairs
            .iter()
            .filter(move |it| it.translation == translation)
    }
}

/// A text and its translation.
#[derive(Debug, Clone, Default)]
pub struct Aligned {
    /// The passages of the source.
    pub source: Arc<SplitText>,
    /// The passages of the translation.
    pub translation: SplitText,
    alignment: OnceCell<Alignment>,
}

impl Aligned {
    /// The passages of two texts.
    pub fn of(source: &str, translation: &str) -> Self {
        Self::to(Arc::new(SplitText::of(source)), translation)
    }

    /// Those of a source and of a text that is one of its translations.
    pub fn to(source: Arc<SplitText>, translation: &str) -> Self {
        Self {
            source,
            translation: SplitText::of(translation),
            alignment: OnceCell::new(),
        }
    }

    /// Which of them belong together. It is found when it is asked for.
    pub fn alignment(&self) -> &Alignment {
        let find = || align(&self.source, &self.translation);
        self.alignment.get_or_init(find)
    }
}

/// Finds the passages of a translation that belong to those of its source.
pub fn align(source: &SplitText, translation: &SplitText) -> Alignment {
    align_with(source, translation, &[])
}

/// The same where the history says of some which belong together: what stands between other
/// passages today may have belonged to one that is gone. It is no more than a hint.
pub fn align_with(
    source: &SplitText,
    translation: &SplitText,
    hints: &[(usize, usize)],
) -> Alignment {
    let mut weights = Weights::default();
    let sides = (
        weights.features(source.traits()),
        weights.features(translation.traits()),
    );
    let ratio = ratio(&sides.0, &sides.1);
    let comparison = Comparison {
        source,
        translation,
        sides,
        weights,
        ratio,
        hints: hints.iter().copied().collect(),
    };
    comparison.align()
}

/// How much longer a translation is than its source, from what is not the same in both.
fn ratio(source: &[Features], translation: &[Features]) -> f64 {
    let texts = |features: &[Features]| -> FxHashSet<Option<u64>> {
        features.iter().map(|it| it.text).collect()
    };
    let total = |features: &[Features], others: &FxHashSet<Option<u64>>| -> f64 {
        let own = features.iter().filter(|it| !others.contains(&it.text));
        own.map(|it| f64::from(it.length)).sum()
    };
    let (mine, theirs) = (texts(source), texts(translation));
    let totals = (total(source, &theirs), total(translation, &mine));
    // A few words say nothing about the language.
    let ratio = (totals.1 + 40.0) / (totals.0 + 40.0);
    ratio.clamp(0.1, 10.0)
}

struct Comparison<'p> {
    source: &'p [Passage],
    translation: &'p [Passage],
    sides: (Vec<Features>, Vec<Features>),
    weights: Weights,
    /// How much longer the translation is than its source.
    ratio: f64,
    /// Which belonged together before.
    hints: FxHashSet<(usize, usize)>,
}

impl Comparison<'_> {
    fn align(&self) -> Alignment {
        let (count, other) = (self.source.len(), self.translation.len());
        let certain = self.certain();
        let mut found = certain.clone();
        for (sources, others) in gaps(&certain, count, other) {
            let (from, to) = (sources.start, others.start);
            let mut likeness = |one: usize, two: usize| self.likeness(from + one, to + two);
            let within = alike(sources.len(), others.len(), MOST_PAIRS, &mut likeness);
            found.extend(within.into_iter().map(|(one, two)| (from + one, to + two)));
        }
        let pair = |(one, two): &(usize, usize)| self.pair(*one, *two);
        let mut pairs: Vec<Pair> = found.iter().map(pair).collect();
        self.find_moved(&mut pairs);
        self.find_divided(&mut pairs);
        self.find_between(&mut pairs);
        pairs.sort_by_key(|it| (it.translation, it.source));
        Alignment { pairs }
    }

    /// A longest sequence of pairs that have the same links, code and numbers, or the same
    /// text, where nothing else on either page has them.
    fn certain(&self) -> Vec<(usize, usize)> {
        let signatures = |features: &[Features]| -> Vec<Option<u64>> {
            let all = features.iter();
            all.map(|it| self.weights.signature(it)).collect()
        };
        let (mine, theirs) = (signatures(&self.sides.0), signatures(&self.sides.1));
        let counts = |signatures: &[Option<u64>]| {
            let mut counts: FxHashMap<u64, usize> = FxHashMap::default();
            for signature in signatures.iter().flatten() {
                *counts.entry(*signature).or_default() += 1;
            }
            counts
        };
        let (in_mine, in_theirs) = (counts(&mine), counts(&theirs));
        let is_unique = |it: &u64| in_mine.get(it) == Some(&1) && in_theirs.get(it) == Some(&1);
        let unique = |signatures: &[Option<u64>]| -> (Vec<usize>, Vec<u64>) {
            let all = signatures.iter().enumerate();
            let unique = all.filter_map(|(nth, it)| Some((nth, it.filter(is_unique)?)));
            unique.unzip()
        };
        let (mine, theirs) = (unique(&mine), unique(&theirs));
        let pairs = common(&mine.1, &theirs.1).into_iter();
        let pairs = pairs.map(|(one, two)| (mine.0[one], theirs.0[two]));
        let is_kin = |(one, two): &(usize, usize)| {
            of_kinds(self.source[*one].kind, self.translation[*two].kind).is_some()
        };
        pairs.filter(is_kin).collect()
    }

    fn pair(&self, source: usize, translation: usize) -> Pair {
        let likeness = f64::from(self.likeness(source, translation)) / 2000.0;
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
        let confidence = likeness.clamp(0.05, 1.0) as f32;
        Pair {
            source,
            translation,
            confidence,
        }
    }

    /// How much speaks for a pair, in thousandths; 0 where it is none.
    fn likeness(&self, source: usize, translation: usize) -> u32 {
        let (one, other) = (&self.source[source], &self.translation[translation]);
        let Some(kinds) = of_kinds(one.kind, other.kind) else {
            return 0;
        };
        let (mine, theirs) = (&self.sides.0[source], &self.sides.1[translation]);
        let mut likeness = kinds;
        if self.hints.contains(&(source, translation)) {
            likeness += HINT;
        }
        if one.depth != other.depth {
            likeness -= if one.kind == other.kind { 0.3 } else { 0.1 };
        }
        if mine.text.is_some() && mine.text == theirs.text {
            // Short ones may be the same by chance.
            likeness += if mine.words > 3 { 1.6 } else { 0.8 };
        }
        let (both, either) = self.weights.shared(mine, theirs);
        if either > 0.0 {
            let share = f64::from(both / either);
            // The more there is, the more it says.
            let trust = f64::from(either / (either + 2.0));
            likeness += (1.6 * share - 0.6) * trust;
        }
        likeness += 0.5 * self.of_lengths(mine.length, theirs.length);
        let thousandths = (likeness * 1000.0).clamp(0.0, 4000.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "bounded"
        )]
        let thousandths = thousandths as u32;
        if thousandths < LEAST { 0 } else { thousandths }
    }

    /// From 1 where lengths are as far apart as those of the whole texts to -1.
    fn of_lengths(&self, source: u32, translation: u32) -> f64 {
        // A few characters more or less say nothing about a short passage.
        let expected = f64::from(source) * self.ratio + 8.0;
        let distance = ((f64::from(translation) + 8.0) / expected).ln().abs();
        (1.0 - distance * 1.4).max(-0.6)
    }

    /// Pairs what is left with what is alike in another place.
    fn find_moved(&self, pairs: &mut Vec<Pair>) {
        let mut is_free = self.free(pairs);
        let mut found: Vec<(u32, usize, usize)> = Vec::new();
        for one in (0..self.source.len()).filter(|it| is_free.0[*it]) {
            for two in (0..self.translation.len()).filter(|it| is_free.1[*it]) {
                let (mine, theirs) = (&self.sides.0[one], &self.sides.1[two]);
                let (both, _) = self.weights.shared(mine, theirs);
                let likeness = self.likeness(one, two);
                let is_known = both > 2.0 || self.hints.contains(&(one, two));
                if is_known && likeness >= LEAST_MOVED {
                    found.push((likeness, one, two));
                }
            }
        }
        found.sort_by_key(|(likeness, one, two)| (std::cmp::Reverse(*likeness), *one, *two));
        for (_, one, two) in found {
            if is_free.0[one] && is_free.1[two] {
                (is_free.0[one], is_free.1[two]) = (false, false);
                let mut pair = self.pair(one, two);
                pair.confidence *= 0.8;
                pairs.push(pair);
            }
        }
    }

    /// Which passages of the source and of the translation are in no pair.
    fn free(&self, pairs: &[Pair]) -> (Vec<bool>, Vec<bool>) {
        let mut free = (
            vec![true; self.source.len()],
            vec![true; self.translation.len()],
        );
        for pair in pairs {
            free.0[pair.source] = false;
            free.1[pair.translation] = false;
        }
        free
    }

    /// Pairs what is left between two pairs where both sides have as much of it there:
    /// passages that were written in another way.
    fn find_between(&self, pairs: &mut Vec<Pair>) {
        let mut in_order = pairs.clone();
        in_order.sort_by_key(|it| (it.source, it.translation));
        let left = self.free(pairs);
        let end = (self.source.len(), self.translation.len());
        let ends = in_order
            .iter()
            .map(|it| (it.source, it.translation))
            .chain([end]);
        let (mut from, mut found) = ((0, 0), Vec::new());
        for to in ends {
            // What was moved is not between others.
            if to.0 >= from.0 && to.1 >= from.1 {
                let text = |at: &usize| left.0[*at] && self.source[*at].is_text();
                let sources: Vec<usize> = (from.0..to.0).filter(text).collect();
                let text = |at: &usize| left.1[*at] && self.translation[*at].is_text();
                let others: Vec<usize> = (from.1..to.1).filter(text).collect();
                let is_near = |(one, two): (&usize, &usize)| {
                    let lengths = (self.sides.0[*one].length, self.sides.1[*two].length);
                    let kinds = (self.source[*one].kind, self.translation[*two].kind);
                    !self
                        .weights
                        .contradict(&self.sides.0[*one], &self.sides.1[*two])
                        && of_kinds(kinds.0, kinds.1).is_some()
                        && self.of_lengths(lengths.0, lengths.1) > 0.0
                };
                if sources.len() == others.len() && sources.iter().zip(&others).all(is_near) {
                    found.extend(sources.into_iter().zip(others));
                }
                from = (to.0 + 1, to.1 + 1);
            }
        }
        pairs.extend(found.into_iter().map(|(source, translation)| Pair {
            source,
            translation,
            confidence: 0.3,
        }));
    }

    /// Pairs a passage that is left with the pair of its neighbour, where both together
    /// are as long as what that is paired with. Items, rows and headings are not divided.
    fn find_divided(&self, pairs: &mut Vec<Pair>) {
        let mut partner = (
            vec![None; self.source.len()],
            vec![None; self.translation.len()],
        );
        for pair in &*pairs {
            partner.0[pair.source] = Some(pair.translation);
            partner.1[pair.translation] = Some(pair.source);
        }
        let (mine, theirs) = (&self.sides.0, &self.sides.1);
        let of_source = divided(self.source, mine, &partner.0, |length, two| {
            self.of_lengths(length, theirs[two].length)
        });
        let of_translation = divided(self.translation, theirs, &partner.1, |length, one| {
            self.of_lengths(mine[one].length, length)
        });
        let of_translation = of_translation.into_iter().map(|(two, one)| (one, two));
        let found = of_source.into_iter().chain(of_translation);
        pairs.extend(found.map(|(source, translation)| Pair {
            source,
            translation,
            confidence: 0.5,
        }));
    }
}

/// The passages of one side that are in no pair and belong to the pair of a neighbour,
/// each with what that is paired with. `fits` says how well a length fits to that of a
/// passage of the other side.
fn divided(
    passages: &[Passage],
    features: &[Features],
    partners: &[Option<usize>],
    fits: impl Fn(u32, usize) -> f64,
) -> Vec<(usize, usize)> {
    let is_divisible = |kind| !matches!(kind, Kind::Item | Kind::Row | Kind::Heading(_));
    let partner_of = |at: usize| {
        let passage = &passages[at];
        let near = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let mut fitting = near.filter_map(|near| {
            let partner = partners.get(near).copied().flatten()?;
            let other = &passages[near];
            let is_kin = other.kind == passage.kind && other.depth == passage.depth;
            let alone = fits(features[near].length, partner);
            let together = fits(features[near].length + features[at].length, partner);
            (is_kin && together > 0.6 && together > alone + 0.4).then_some(partner)
        });
        fitting.next()
    };
    let free = (0..passages.len()).filter(|at| {
        partners[*at].is_none() && passages[*at].is_text() && is_divisible(passages[*at].kind)
    });
    free.filter_map(|at| Some((at, partner_of(at)?))).collect()
}

/// What speaks for a pair of these kinds; `None` where there is none.
fn of_kinds(source: Kind, translation: Kind) -> Option<f64> {
    use Kind::{Definition, Footnote, Heading, Html, Item, Paragraph};
    let is_flowing = |kind: Kind| matches!(kind, Paragraph | Item | Definition | Html | Footnote);
    match (source, translation) {
        (Heading(one), Heading(other)) if one == other => Some(1.0),
        (Heading(one), Heading(other)) if one.abs_diff(other) == 1 => Some(0.4),
        (one, other) if one == other => Some(0.6),
        (Paragraph, Heading(_)) | (Heading(_), Paragraph) => Some(0.1),
        (one, other) if is_flowing(one) && is_flowing(other) => Some(0.2),
        _ => None,
    }
}
