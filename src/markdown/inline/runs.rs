//! Runs of marks, and whether they may open or close.

use finl_unicode::categories::CharacterCategories as _;

use super::super::lines::marks;
use super::super::options::Delimiter;
use super::super::slug::is_word;

/// A run of the same mark.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Its kind.
    pub delimiter: usize,
    /// Where it begins, in bytes.
    pub start: usize,
    /// How many marks it has.
    pub count: usize,
    /// Whether it may open.
    pub opens: bool,
    /// Whether it may close.
    pub closes: bool,
}

/// The stand-in for a mark.
pub fn stand_in(mark: char) -> char {
    match mark {
        '*' => marks::STAR,
        '_' => marks::UNDERSCORE,
        '~' => marks::TILDE,
        '^' => marks::CARET,
        _ => marks::EQUALS,
    }
}

fn is_punctuation(character: char) -> bool {
    character.is_punctuation() || character.is_symbol()
}

/// The sides of a run as (opens, closes).
fn sides(delimiter: &Delimiter, before: Option<char>, after: Option<char>) -> (bool, bool) {
    let plain = |character: char| match character {
        marks::STAR => '*',
        marks::UNDERSCORE => '_',
        marks::TILDE => '~',
        marks::CARET => '^',
        marks::EQUALS => '=',
        other => other,
    };
    let (before, after) = (before.map(plain), after.map(plain));
    let is_punct = |side: Option<char>| side.is_some_and(is_punctuation);
    let is_space = |side: Option<char>| side.is_some_and(char::is_whitespace);
    let is_plain = |side: Option<char>| {
        side.is_some() && !is_space(side) && !(delimiter.punctuation && is_punct(side))
    };
    let is_inside_word = |side: Option<char>| match (delimiter.mark, side) {
        (_, None) => false,
        ('_', Some(side)) => is_word(side),
        (_, Some('_')) => false,
        (_, Some(side)) => is_word(side),
    };
    let outside_left = !delimiter.smart || !is_inside_word(before);
    let outside_right = !delimiter.smart || !is_inside_word(after);
    let (mut opens, mut closes) = (
        is_plain(after) && outside_left,
        is_plain(before) && outside_right,
    );
    if is_plain(before) && is_plain(after) && !(outside_left && outside_right) {
        // Inside a word: neither side may be taken for both.
        return (opens && !closes, closes);
    }
    if delimiter.punctuation
        || !delimiter.double.is_empty() && delimiter.mark != '*' && delimiter.mark != '_'
    {
        let is_atom_before = before == Some(marks::CLOSE);
        let is_atom_after = after == Some(marks::OPEN);
        if (is_punct(before) || is_atom_before) && (is_punct(after) || is_atom_after) {
            return (true, true);
        }
        closes |= is_punct(before)
            && (after.is_none() || is_space(after) || is_punct(after) || is_atom_after);
        if !closes {
            opens |= (before.is_none() || is_space(before) || is_punct(before) || is_atom_before)
                && is_punct(after);
        }
    }
    (opens, closes)
}

/// All runs of a text.
pub fn runs(text: &str, delimiters: &[Delimiter]) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let Some(delimiter) = delimiters
            .iter()
            .position(|delimiter| stand_in(delimiter.mark) == character)
        else {
            before = Some(character);
            continue;
        };
        let mut count = 1;
        while characters.next_if(|(_, next)| *next == character).is_some() {
            count += 1;
        }
        let after = characters.peek().map(|(_, after)| *after);
        let (opens, closes) = sides(&delimiters[delimiter], before, after);
        found.push(Run {
            delimiter,
            start,
            count,
            opens,
            closes,
        });
        before = Some(character);
    }
    found
}
