//! Runs of marks, and whether they may open or close.

use finl_unicode::categories::CharacterCategories as _;

use crate::markdown::options::Delimiter;
use crate::markdown::source::lines::marks;
use crate::markdown::source::lines::marks::{shown, stand_in};
use crate::text::is_word;

/// A run of the same mark.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Its kind.
    pub delimiter: usize,
    /// Where it begins, in bytes.
    pub start: usize,
    /// How many marks it has.
    pub count: usize,
    /// The character before it.
    pub before: Option<char>,
    /// The character behind it.
    pub after: Option<char>,
}

/// What a run, or the rest of one, may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// It may open.
    pub opens: bool,
    /// It may close.
    pub closes: bool,
    /// How many marks it has.
    pub count: usize,
}

impl Run {
    /// What the run may do after its first `offset` marks. `before` is the
    /// character before it, unless that is one of those marks.
    pub fn token(
        &self,
        delimiter: &Delimiter,
        offset: usize,
        before: Option<Option<char>>,
    ) -> Option<Token> {
        let count = self.count - offset;
        let before = match before {
            None if offset == 0 => Some(self.before),
            before => before,
        };
        // With single marks that enclose no space, only pairs are smart.
        let is_mixed = delimiter.smart && delimiter.no_space;
        let smart = delimiter.smart && (!is_mixed || count == 2);
        let (opens, closes) = match before {
            Some(before) => sides(delimiter, smart, before, self.after),
            // After marks of the same run it can only open.
            None => (!smart && is_plain(delimiter, self.after), false),
        };
        if opens || closes {
            return Some(Token {
                opens,
                closes,
                count,
            });
        }
        let single =
            is_mixed && count == 2 && before.is_some_and(|before| is_plain(delimiter, before));
        single.then_some(Token {
            opens: false,
            closes: true,
            count: 1,
        })
    }
}

fn is_punctuation(character: char) -> bool {
    character.is_punctuation() || character.is_symbol()
}

fn is_space(side: Option<char>) -> bool {
    side.is_some_and(char::is_whitespace)
}

/// Whether a mark beside it may enclose text on that side.
fn is_plain(delimiter: &Delimiter, side: Option<char>) -> bool {
    let is_punct = delimiter.punctuation && side.is_some_and(is_punctuation);
    side.is_some() && !is_space(side) && !is_punct
}

/// The sides of a run as (opens, closes).
fn sides(
    delimiter: &Delimiter,
    smart: bool,
    before: Option<char>,
    after: Option<char>,
) -> (bool, bool) {
    let is_punct = |side: Option<char>| side.is_some_and(is_punctuation);
    let is_inside_word = |side: Option<char>| {
        side.is_some_and(|side| is_word(side) && (side != '_' || delimiter.mark == '_'))
    };
    let (plain_before, plain_after) = (is_plain(delimiter, before), is_plain(delimiter, after));
    let outside_left = !smart || !is_inside_word(before);
    let outside_right = !smart || !is_inside_word(after);
    // The reference's own `*` and `_` know nothing of punctuation.
    let knows_punctuation = delimiter.punctuation || !matches!(delimiter.mark, '*' | '_');
    let is_atom_before = before == Some(marks::CLOSE);
    let is_atom_after = after == Some(marks::OPEN);
    let between = knows_punctuation && before.is_some() && after.is_some();
    if plain_before && plain_after && outside_left && outside_right {
        return (true, true);
    }
    if between && (is_punct(before) || is_atom_before) && (is_punct(after) || is_atom_after) {
        return (true, true);
    }
    if plain_before && outside_right {
        return (false, true);
    }
    if knows_punctuation
        && is_punct(before)
        && (after.is_none() || is_space(after) || is_punct(after) || is_atom_after)
    {
        return (false, true);
    }
    if plain_after && outside_left {
        return (true, false);
    }
    let may_open = before.is_none() || is_space(before) || is_punct(before) || is_atom_before;
    (knows_punctuation && may_open && is_punct(after), false)
}

/// Where stand-ins for marks begin in a text.
fn stand_ins(text: &str) -> impl Iterator<Item = usize> + '_ {
    let is_mark = |at: &usize| {
        let mark = text[*at..].chars().next();
        mark.is_some_and(|mark| (marks::STAR..=marks::EQUALS).contains(&mark))
    };
    let next = |at: &usize| super::placeholders::lead(text, at + marks::STAR.len_utf8());
    std::iter::successors(super::placeholders::lead(text, 0), next).filter(is_mark)
}

/// Whether there are any marks in a text.
pub fn has_marks(text: &str) -> bool {
    stand_ins(text).next().is_some()
}

/// All runs of a text.
pub fn runs(text: &str, delimiters: &[Delimiter]) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut end = 0;
    for start in stand_ins(text) {
        if start < end {
            continue;
        }
        let Some(mark) = text[start..].chars().next() else {
            continue;
        };
        let kind = delimiters
            .iter()
            .position(|kind| stand_in(kind.mark) == mark);
        let Some(delimiter) = kind else {
            continue;
        };
        end = start + (text[start..].len() - text[start..].trim_start_matches(mark).len());
        found.push(Run {
            delimiter,
            start,
            count: (end - start) / mark.len_utf8(),
            before: text[..start].chars().next_back().map(shown),
            after: text[end..].chars().next().map(shown),
        });
    }
    found
}
