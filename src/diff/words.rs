//! Text as words.

use std::ops::Range;
use std::sync::LazyLock;

use finl_unicode::categories::CharacterCategories as _;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed, options::WordBreakInvariantOptions};

use crate::html;
use crate::text::is_unspaced;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A word or a number.
    Word,
    /// A character that is not part of a word: punctuation, a symbol.
    Sign,
    /// White space, except for ends of lines.
    Space,
    /// The end of a line.
    Newline,
}

/// Finds the ends of words in scripts that do not separate them by spaces.
static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_auto(WordBreakInvariantOptions::default()));

/// Whether a character continues a word: letters, digits, marks on letters, and
/// what joins the parts of a word.
fn is_in_word(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(character, '_' | '\u{200c}' | '\u{200d}' | '\u{ad}')
        || (!character.is_ascii() && is_mark(character))
}

/// Whether a character is drawn onto the one before it.
fn is_mark(character: char) -> bool {
    character.is_mark()
}

/// The pieces of text in HTML, with their byte ranges, which have no gaps.
/// Entities are pieces of their own.
pub(super) fn pieces(text: &str, mut each: impl FnMut(Piece, Range<usize>)) {
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (piece, length) = if first == '&'
            && let Some(length) = html::entity_length(rest)
        {
            let is_space = html::unescape(&rest[..length]).trim().is_empty();
            (if is_space { Piece::Space } else { Piece::Sign }, length)
        } else if first == '\n' {
            (Piece::Newline, 1)
        } else if first.is_whitespace() {
            (
                Piece::Space,
                run(rest, |it| it.is_whitespace() && it != '\n'),
            )
        } else if is_unspaced(first) {
            let length = run(rest, is_unspaced);
            for (start, end) in segments(&rest[..length]) {
                each(Piece::Word, at + start..at + end);
            }
            at += length;
            continue;
        } else if is_in_word(first) {
            (
                Piece::Word,
                run(rest, |it| is_in_word(it) && !is_unspaced(it)),
            )
        } else {
            // What is drawn onto a sign belongs to it, as in emojis.
            let own = first.len_utf8();
            let onto =
                |it: char| is_mark(it) || matches!(it, '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}');
            (Piece::Sign, own + run(&rest[own..], onto))
        };
        each(piece, at..at + length);
        at += length;
    }
}

/// The length of the characters at the start of `text` for which `holds`.
fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|it| !holds(it)).unwrap_or(text.len())
}

/// The words of text without spaces.
fn segments(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let ends: Vec<usize> = SEGMENTER.segment_str(text).collect();
    let starts = ends.clone();
    starts.into_iter().zip(ends.into_iter().skip(1))
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn words(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut end = 0;
        pieces(text, |piece, range| {
            assert_eq!(range.start, end, "{text}");
            end = range.end;
            if !matches!(piece, Piece::Space | Piece::Newline) {
                found.push(&text[range]);
            }
        });
        assert_eq!(end, text.len(), "{text}");
        found
    }

    #[test]
    fn splits_text_into_words() {
        assert_eq!(
            words("It's a_b, 1.5 &amp; x"),
            ["It", "'", "s", "a_b", ",", "1", ".", "5", "&amp;", "x"]
        );
        assert_eq!(words("שָׁלוֹם cafe\u{301}"), ["שָׁלוֹם", "cafe\u{301}"]);
        assert_eq!(words("👩🏽\u{200d}x"), ["👩🏽\u{200d}", "x"]);
        assert_eq!(
            words("即時通訊軟體 Signal。"),
            ["即時", "通訊", "軟體", "Signal", "。"]
        );
        assert_eq!(words("ภาษาไทย"), ["ภาษา", "ไทย"]);
    }
}
