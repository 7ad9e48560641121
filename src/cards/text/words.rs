//! Text in words, and words in lines.

use std::sync::LazyLock;

use harfrust::Script;
use harfrust::unicode::script;
use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

/// A part of a text between two places where a line may end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Whether there is a blank before it, unless it begins a line.
    pub(super) is_spaced: bool,
}

/// The words of a text. As in Material's plugin, they end at white space only; but in
/// scripts that are written without it, at each place where a line may end.
pub(super) fn words(text: &str) -> Vec<Word> {
    static LINES: LazyLock<LineSegmenterBorrowed<'static>> =
        LazyLock::new(|| LineSegmenter::new_auto(LineBreakOptions::default()));
    let mut words = Vec::new();
    for (nth, written) in split(text).into_iter().enumerate() {
        let mut is_spaced = nth > 0;
        if !written.chars().any(is_unspaced) {
            words.push(Word {
                text: written.to_owned(),
                is_spaced,
            });
            continue;
        }
        let mut start = 0;
        for end in LINES.segment_str(written).skip(1) {
            let (before, after) = written.split_at(end);
            let last = before.chars().next_back();
            let is_break = after.is_empty()
                || last.is_some_and(is_unspaced_or_mark)
                || after.chars().next().is_some_and(is_unspaced);
            if !is_break {
                continue;
            }
            words.push(Word {
                text: written[start..end].to_owned(),
                is_spaced,
            });
            is_spaced = false;
            start = end;
        }
    }
    words
}

/// The parts of a text between white space: like those of Python's `re.split`, they are
/// empty where it begins or ends with some.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut blanks = text.char_indices().peekable();
    while let Some((at, character)) = blanks.next() {
        if !character.is_whitespace() {
            continue;
        }
        parts.push(&text[start..at]);
        while blanks.next_if(|(_, next)| next.is_whitespace()).is_some() {}
        start = blanks.peek().map_or(text.len(), |(next, _)| *next);
    }
    parts.push(&text[start..]);
    parts
}

/// Whether a character belongs to a script that is written without blanks.
fn is_unspaced(character: char) -> bool {
    const UNSPACED: [Script; 9] = [
        Script::HAN,
        Script::HIRAGANA,
        Script::KATAKANA,
        Script::BOPOMOFO,
        Script::YI,
        Script::THAI,
        Script::LAO,
        Script::KHMER,
        Script::MYANMAR,
    ];
    UNSPACED.contains(&script(character.into()))
}

/// The same for what may end a line there, such as a full stop of Chinese.
fn is_unspaced_or_mark(character: char) -> bool {
    is_unspaced(character)
        || matches!(character, '\u{3000}'..='\u{303f}' | '\u{30fb}'..='\u{30fc}' | '\u{ff00}'..='\u{ff65}')
}

/// What text needs to be put into lines.
pub(super) struct Measures<'m> {
    /// The length of a word, in pixels.
    pub(super) length: &'m dyn Fn(&str) -> f32,
    /// The length of a line.
    pub(super) width: f32,
}

/// The end of a text that is too long.
const ELLIPSIS: &str = "...";

/// Where lines begin, as numbers of words; the last one is that of all words.
pub(super) fn breaks(words: &[Word], measures: &Measures<'_>) -> (Vec<usize>, Vec<f32>) {
    let space = (measures.length)(" ");
    let mut lengths = Vec::with_capacity(words.len());
    let mut breaks = vec![0];
    let mut current = 0.0;
    for (at, word) in words.iter().enumerate() {
        let length = (measures.length)(&word.text);
        lengths.push(length);
        let blank = if current > 0.0 && word.is_spaced {
            space
        } else {
            0.0
        };
        // Material's plugin leaves a line empty before a first word that is too long.
        let begins = breaks.last() == Some(&at);
        if current + blank + length > measures.width && !begins {
            breaks.push(at);
            current = length;
        } else {
            current += blank + length;
        }
    }
    breaks.push(words.len());
    (breaks, lengths)
}

/// The lines of words, of which there may be at most `most`.
pub(super) fn truncated(
    mut words: Vec<Word>,
    (mut breaks, lengths): (Vec<usize>, Vec<f32>),
    most: usize,
    measures: &Measures<'_>,
) -> Vec<String> {
    let count = breaks.len() - 1;
    if most < count && most > 0 {
        breaks.truncate(most + 1);
        let (start, end) = (breaks[most - 1], breaks[most]);
        let spaces = words[start..end]
            .iter()
            .filter(|word| word.is_spaced)
            .count();
        #[expect(clippy::cast_precision_loss, reason = "no line has so many words")]
        let spaces = spaces as f32 * (measures.length)(" ");
        let length: f32 = lengths[start..end].iter().sum::<f32>() + spaces;
        // The dots stand for the next word if there is room, and else for the last one.
        let fits = length + (measures.length)(ELLIPSIS) < measures.width;
        let last = if fits { end } else { end - 1 };
        words[last].text = ELLIPSIS.to_owned();
        breaks[most] = last + 1;
    } else if count == 2 {
        let gap = |at: usize| {
            let first = characters(&words[..at]);
            first.abs_diff(characters(&words[at..]))
        };
        // Two lines are more alike if the last word of the first one moves.
        let at = breaks[1];
        if at > 1 && gap(at - 1) < gap(at) {
            breaks[1] = at - 1;
        }
    }
    let lines = breaks.windows(2);
    lines.map(|line| joined(&words[line[0]..line[1]])).collect()
}

/// The number of characters of a line.
fn characters(words: &[Word]) -> usize {
    joined(words).chars().count()
}

fn joined(words: &[Word]) -> String {
    let mut line = String::new();
    for (nth, word) in words.iter().enumerate() {
        if nth > 0 && word.is_spaced {
            line.push(' ');
        }
        line.push_str(&word.text);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of text whose characters are all one wide.
    fn lines(text: &str, width: f32, most: usize) -> Vec<String> {
        #[expect(clippy::cast_precision_loss, reason = "texts are short")]
        let length = |text: &str| text.chars().count() as f32;
        let measures = Measures {
            length: &length,
            width,
        };
        let words = words(text);
        let breaks = breaks(&words, &measures);
        truncated(words, breaks, most, &measures)
    }

    /// What is expected was printed by Material's plugin, with such a font.
    #[test]
    fn lines_end_where_those_of_the_plugin_do() {
        for (text, width, most, expected) in [
            ("one", 10.0, 3, &["one"][..]),
            ("one two three four", 10.0, 3, &["one two", "three four"]),
            ("one two three four", 8.0, 3, &["one two", "three", "four"]),
            ("one two three four", 8.0, 2, &["one two", "..."]),
            (
                "one two three four five",
                10.0,
                2,
                &["one two", "three ..."],
            ),
            ("aa bb cc dd", 14.0, 1, &["aa bb cc dd"]),
            ("aa bb cc dd e", 11.0, 3, &["aa bb cc", "dd e"]),
        ] {
            assert_eq!(lines(text, width, most), expected, "{text}");
        }
    }

    #[test]
    fn a_word_that_is_too_long_has_its_own_line() {
        assert_eq!(lines("abcdefgh ij", 4.0, 3), ["abcdefgh", "ij"]);
    }

    #[test]
    fn scripts_without_blanks_are_broken_too() {
        assert_eq!(
            lines("隱私與安全的指南", 3.0, 5),
            ["隱私與", "安全的", "指南"]
        );
        assert_eq!(lines("用 Tor 上網", 5.0, 5), ["用 Tor", "上網"]);
        // Punctuation does not begin a line.
        assert_eq!(lines("安全。隱私", 2.0, 5), ["安", "全。", "隱私"]);
        let thai = lines("ความเป็นส่วนตัว", 9.0, 5);
        assert!(
            thai.len() > 1 && thai.concat() == "ความเป็นส่วนตัว",
            "{thai:?}"
        );
        // Korean has blanks.
        assert_eq!(words("개인정보 보호").len(), 2);
    }
}
