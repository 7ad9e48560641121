//! How much the words of a passage have changed.
//!
//! Somebody who relies on a text is harmed by a passage that is called current and is
//! not, and only bothered by one that is called stale and is not. So what may change
//! the sense is never called small: a number, a word that comes or goes, a short word
//! (`now` and `not`), the beginning of a word (`legal` and `illegal`).

use std::borrow::Cow;

use super::reading::{Reading, plain, read};
use super::{Kind, Passage};
use crate::text::is_unspaced;

/// How much a passage has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Degree {
    /// Not at all, but for white space.
    Same,
    /// How it is marked or punctuated, or the case of letters.
    Markup,
    /// Letters of few words: see [`compare`].
    Typo,
    /// Its words, numbers, code, links or pictures.
    Changed,
}

/// The shortest word in which a letter may be a typo.
const SHORTEST: usize = 5;

/// Compares two versions of a passage. At most one word in ten, and three, may have
/// changed for it to be a typo: each by one letter that was put in, left out, exchanged
/// for another or for its neighbour, but not the first one, and in a word of at least
/// five letters; or a word is no longer repeated. Of scripts without spaces, one
/// character of at least ten.
pub fn compare(before: &str, after: &str) -> Degree {
    compare_both(before, after).degree
}

/// How much a passage has changed, and whether its words have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// How much.
    pub degree: Degree,
    /// Whether its words say something else, and not only its links, pictures, code or signs.
    pub rewords: bool,
}

/// Compares two versions of a passage, with what they are: another kind is another mark, and
/// in code each character counts.
pub fn compare_passages(before: &Passage, after: &Passage) -> Change {
    let change = compare_both(&before.text, &after.text);
    let is_code = before.kind == Kind::Code || after.kind == Kind::Code;
    let is_renamed = before.name != after.name;
    let is_abbreviation = after.kind == Kind::Abbreviation;
    match change.degree {
        Degree::Markup | Degree::Typo if is_code => Change {
            degree: Degree::Changed,
            rewords: true,
        },
        Degree::Same if before.kind == after.kind && !is_renamed => change,
        Degree::Same | Degree::Markup | Degree::Typo if is_renamed && is_abbreviation => Change {
            degree: Degree::Changed,
            rewords: true,
        },
        Degree::Same if before.kind != after.kind || after.kind == Kind::Admonition => Change {
            degree: Degree::Markup,
            rewords: false,
        },
        _ => change,
    }
}

/// Whether a translation has what changed in its source, where that is only where links lead,
/// pictures, code and signs.
pub fn follows(translation: &str, before: &str, now: &str) -> bool {
    let (old, new, own) = (read(before), read(now), read(translation));
    let lists = |reading: &Reading<'_>| -> [Vec<String>; 5] {
        let owned = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
        [
            owned(&reading.links),
            owned(&reading.images),
            owned(&reading.code),
            owned(&reading.footnotes),
            owned(&reading.signs),
        ]
    };
    let (old, new, own) = (lists(&old), lists(&new), lists(&own));
    let count = |list: &[String], mark: &String| list.iter().filter(|it| *it == mark).count();
    old.iter().zip(&new).zip(&own).all(|((old, new), own)| {
        old.iter().chain(new).all(|mark| {
            let (was, is) = (count(old, mark), count(new, mark));
            was == is || count(own, mark) == is
        })
    })
}

fn compare_both(before: &str, after: &str) -> Change {
    let same = Change {
        degree: Degree::Same,
        rewords: false,
    };
    if before == after || before.split_whitespace().eq(after.split_whitespace()) {
        return same;
    }
    let (before, after) = (plain(before), plain(after));
    if before.split_whitespace().eq(after.split_whitespace()) {
        return same;
    }
    let (old, new) = (read(&before), read(&after));
    let same_marks = old.links == new.links
        && old.images == new.images
        && old.code == new.code
        && old.footnotes == new.footnotes
        && old.signs == new.signs;
    let words = compare_words(&old, &new);
    Change {
        degree: if same_marks { words } else { Degree::Changed },
        rewords: words == Degree::Changed,
    }
}

fn compare_words(old: &Reading<'_>, new: &Reading<'_>) -> Degree {
    let fold = |words: &[Cow<'_, str>]| -> Vec<String> {
        let mut folded: Vec<String> = words.iter().map(|it| it.to_lowercase()).collect();
        folded.dedup_by(|one, other| one == other && is_plain(one));
        folded
    };
    let (old_words, new_words) = (fold(&old.words), fold(&new.words));
    if old_words == new_words {
        let repeats = |words: usize, folded: usize| words != folded;
        let is_repeat =
            repeats(old.words.len(), old_words.len()) != repeats(new.words.len(), new_words.len());
        return if is_repeat {
            Degree::Typo
        } else {
            Degree::Markup
        };
    }
    if old_words.len() != new_words.len() {
        return Degree::Changed;
    }
    let most = (new_words.len() / 10).clamp(1, 3);
    let differing = || {
        old_words
            .iter()
            .zip(&new_words)
            .filter(|(one, other)| one != other)
    };
    let is_typo = |(one, other): (&String, &String)| {
        let is_character = |it: &str| it.chars().count() == 1 && it.chars().all(is_unspaced);
        if is_character(one) && is_character(other) {
            return new_words.len() >= 10 && ![one, other].iter().any(|it| negates(it));
        }
        is_near(one, other)
    };
    if differing().count() <= most && differing().all(is_typo) {
        Degree::Typo
    } else {
        Degree::Changed
    }
}

/// Whether a word may be repeated by accident.
fn is_plain(word: &str) -> bool {
    word.chars()
        .all(|it| it.is_alphabetic() && !is_unspaced(it))
}

/// Characters that turn a sentence into its opposite.
fn negates(word: &str) -> bool {
    word.chars()
        .any(|it| "不沒没無无非未別别否勿莫".contains(it))
}

/// Whether two long words differ by one letter, which is not the first.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let is_long = |it: &[char]| it.len() >= SHORTEST && it.iter().all(|it| it.is_alphabetic());
    if !is_long(&one) || !is_long(&other) || one[0] != other[0] {
        return false;
    }
    let same = |(one, other): &(&char, &char)| one == other;
    let head = one.iter().zip(&other).take_while(same).count();
    let (one, other) = (&one[head..], &other[head..]);
    let tail = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(same)
        .count();
    let (one, other) = (&one[..one.len() - tail], &other[..other.len() - tail]);
    match (one, other) {
        ([_], [_] | []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}
