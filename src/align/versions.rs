//! Which passages of two versions of one text are the same.

use std::borrow::Cow;
use std::hash::{Hash, Hasher as _};

use rustc_hash::{FxHashMap, FxHasher};

use super::reading::{plain, read};
use super::{Degree, Kind, Passage, compare_passages};
use crate::diff::{alike, common, gaps};

/// How many pairs of passages are compared with each other in one gap.
const MOST_PAIRS: usize = 20_000;
/// How alike two passages must be for one to be the other with changes, in
/// thousandths.
const ALIKE: u32 = 500;
/// The same where the passage is in another place.
const ALIKE_MOVED: u32 = 800;
/// The fewest words of a passage that is found in another place. Shorter ones are often
/// the same by chance.
const MOVABLE: usize = 6;
/// The same where it is word for word the same, and nothing else is.
const SHORT: usize = 3;

/// What a passage was in an older version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The index of the passage in the older version.
    pub old: usize,
    /// How much it has changed since.
    pub degree: Degree,
    /// Whether its words say something else.
    pub rewords: bool,
}

/// For each passage of `new` what it was in `old`; `None` for what was not there.
pub fn versions(old: &[Passage], new: &[Passage]) -> Vec<Option<Match>> {
    let mut found: Vec<Option<Match>> = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    let keys = |passages: &[Passage]| passages.iter().map(key).collect::<Vec<u64>>();
    let (old_keys, new_keys) = (keys(old), keys(new));
    let same = common(&old_keys, &new_keys);
    let mut take = |was: usize, is: usize, taken: &mut Vec<bool>| {
        found[is] = Some(matched(old, new, was, is));
        taken[was] = true;
    };
    for (was, is) in &same {
        take(*was, *is, &mut taken);
    }
    let mut bags: (Vec<Option<Bag>>, Vec<Option<Bag>>) =
        (vec![None; old.len()], vec![None; new.len()]);
    for (was, is) in gaps(&same, old.len(), new.len()) {
        let mut likeness = |one: usize, other: usize| {
            let (one, other) = (was.start + one, is.start + other);
            if !is_kin(old[one].kind, new[other].kind) {
                return 0;
            }
            let first = bags.0[one].get_or_insert_with(|| Bag::of(&old[one].text));
            let second = bags.1[other].get_or_insert_with(|| Bag::of(&new[other].text));
            let likeness = first.likeness(second);
            if likeness >= ALIKE { likeness } else { 0 }
        };
        for (one, other) in alike(was.len(), is.len(), MOST_PAIRS, &mut likeness) {
            take(was.start + one, is.start + other, &mut taken);
        }
    }
    let is_found: Vec<bool> = found.iter().map(Option::is_some).collect();
    let left: Vec<usize> = (0..old.len()).filter(|it| !taken[*it]).collect();
    let (old_only, new_only) = (only(&old_keys), only(&new_keys));
    for (is, passage) in new.iter().enumerate().filter(|(is, _)| !is_found[*is]) {
        // Where nothing else says the same, it is known again even if it is short.
        if let (Some(was), Some(_)) = (old_only.get(&new_keys[is]), new_only.get(&new_keys[is]))
            && !taken[*was]
            && is_kin(old[*was].kind, passage.kind)
            && read(&passage.text).words.len() >= SHORT
        {
            found[is] = Some(matched(old, new, *was, is));
            taken[*was] = true;
            continue;
        }
        let bag = bags.1[is]
            .get_or_insert_with(|| Bag::of(&passage.text))
            .clone();
        if bag.total < MOVABLE {
            continue;
        }
        let likeness = |was: &usize| {
            let other = Bag::of(&old[*was].text);
            (bag.likeness(&other), std::cmp::Reverse(*was))
        };
        let free = left
            .iter()
            .filter(|was| found[is].is_none() && !taken[**was]);
        let kin = free.filter(|was| is_kin(old[**was].kind, passage.kind));
        let best = kin.map(|was| (likeness(was), *was)).max();
        if let Some(((likeness, _), was)) = best
            && likeness >= ALIKE_MOVED
        {
            found[is] = Some(matched(old, new, was, is));
            taken[was] = true;
        }
    }
    found
}

/// The keys that are there once, with their places.
fn only(keys: &[u64]) -> FxHashMap<u64, usize> {
    let mut counts: FxHashMap<u64, usize> = FxHashMap::default();
    for key in keys {
        *counts.entry(*key).or_default() += 1;
    }
    let all = keys.iter().enumerate();
    let once = all.filter(|(_, key)| counts.get(key) == Some(&1));
    once.map(|(nth, key)| (*key, nth)).collect()
}

fn matched(old: &[Passage], new: &[Passage], was: usize, is: usize) -> Match {
    let change = compare_passages(&old[was], &new[is]);
    Match {
        old: was,
        degree: change.degree,
        rewords: change.rewords,
    }
}

fn key(passage: &Passage) -> u64 {
    let mut hasher = FxHasher::default();
    passage.text.hash(&mut hasher);
    hasher.finish()
}

/// Whether a passage of one kind may become one of the other.
fn is_kin(one: Kind, other: Kind) -> bool {
    let is_rigid = |kind: Kind| matches!(kind, Kind::Code | Kind::Row | Kind::Abbreviation);
    one == other || !(is_rigid(one) || is_rigid(other))
}

/// The words of a passage, each with how often it has it.
#[derive(Debug, Clone, Default)]
struct Bag {
    words: FxHashMap<u64, usize>,
    total: usize,
}

impl Bag {
    fn of(text: &str) -> Self {
        let text = plain(text);
        let reading = read(&text);
        let marks = [&reading.links, &reading.images, &reading.code];
        let words = reading.words.iter().map(|it| Cow::Owned(it.to_lowercase()));
        let words = words.chain(marks.into_iter().flatten().map(|it| Cow::Borrowed(*it)));
        let mut bag = Self::default();
        for word in words {
            let mut hasher = FxHasher::default();
            word.hash(&mut hasher);
            *bag.words.entry(hasher.finish()).or_default() += 1;
            bag.total += 1;
        }
        bag
    }

    /// How many of the words both have, in thousandths.
    fn likeness(&self, other: &Self) -> u32 {
        let of =
            |(word, count): (&u64, &usize)| other.words.get(word).map_or(0, |it| (*it).min(*count));
        let shared: usize = self.words.iter().map(of).sum();
        let total = self.total + other.total;
        let likeness = (2000 * shared).checked_div(total).unwrap_or(0);
        u32::try_from(likeness).unwrap_or(0)
    }
}
