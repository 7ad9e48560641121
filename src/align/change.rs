//! How much the words of a passage have changed.
//!
//! Somebody who relies on a text is harmed by a passage that is called current and is
//! not, and only bothered by one that is called stale and is not. So what may change
//! the sense is never called small: a number, a word that comes or goes, a short word
//! (`now` and `not`), the beginning of a word (`legal` and `illegal`).

use std::borrow::Cow;

use super::reading::read;
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
    if before == after || before.split_whitespace().eq(after.split_whitespace()) {
        return Degree::Same;
    }
    let (old, new) = (read(before), read(after));
    let same_marks = old.links == new.links
        && old.images == new.images
        && old.code == new.code
        && old.footnotes == new.footnotes;
    if !same_marks {
        return Degree::Changed;
    }
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
