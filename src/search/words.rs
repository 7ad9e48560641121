//! Text as words to search for.
//!
//! `units` in `themes/default/js/search.js` splits queries in the same way.

use std::borrow::Cow;
use std::sync::LazyLock;

use finl_unicode::categories::CharacterCategories as _;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed, options::WordBreakInvariantOptions};

use super::fold::fold;

/// The most characters of a word. What is longer is no word that people type.
const LONGEST: usize = 40;
/// The most parts of a word that are also found as one, such as `real-time`.
const MOST_PARTS: usize = 6;
/// The most signs of a sequence such as `->`.
const MOST_SIGNS: usize = 3;

/// Finds the ends of words in scripts that do not separate them by spaces.
static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_auto(WordBreakInvariantOptions::default()));

/// What a character means for where words begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word that ends where letters end.
    Letter,
    /// Of a script whose words are not separated, or carry endings that are not.
    Unspaced,
    /// Belongs to the character before it, whichever that is.
    Mark,
    /// Is left out.
    Ignored,
    /// Joins the parts of a word, if it stands alone between letters.
    Joiner,
    /// A sign that is searched for where a query has no words.
    Sign,
    /// Anything else.
    Space,
}

fn class(character: char) -> Class {
    if character.is_ascii() {
        return match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Letter,
            '-' | '_' | '.' | '\'' | ':' => Class::Joiner,
            '#' | '$' | '%' | '&' | '*' | '+' | '/' | '<' | '=' | '>' | '@' | '\\' | '^' | '|'
            | '~' => Class::Sign,
            _ => Class::Space,
        };
    }
    match character {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => Class::Ignored,
        '\u{2010}' | '\u{2011}' | '\u{2019}' | '\u{2bc}' | '\u{5be}' | '\u{5f3}' | '\u{5f4}' => {
            Class::Joiner
        }
        '\u{30fb}' => Class::Space,
        _ if is_unspaced(character) => Class::Unspaced,
        _ if character.is_mark() => Class::Mark,
        _ if character.is_alphanumeric() => Class::Letter,
        _ => Class::Space,
    }
}

/// Whether words of this character's script are found by pairs of characters: Chinese,
/// Japanese, Thai, Lao, Khmer and Burmese have no spaces, and Korean words carry
/// particles.
fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{3130}'..='\u{318f}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A piece of text that can be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit<'t> {
    /// A word as it is written, of one part or of several such as those of `site_name`,
    /// `siteName` and `don't`.
    Word(&'t str),
    /// Characters of a script whose words are not separated by spaces.
    Run(&'t str),
    /// Signs such as `->`.
    Signs(&'t str),
}

impl<'t> Unit<'t> {
    /// The unit as it is written.
    pub fn written(self) -> &'t str {
        match self {
            Self::Word(text) | Self::Run(text) | Self::Signs(text) => text,
        }
    }
}

/// Calls `each` for each unit of a text in compatibility form.
pub fn units<'t>(text: &'t str, mut each: impl FnMut(Unit<'t>)) {
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match class(first) {
            Class::Letter => {
                let length = word(rest);
                each(Unit::Word(&rest[..length]));
                length
            }
            Class::Unspaced => {
                let length = run(rest, |it| {
                    matches!(class(it), Class::Unspaced | Class::Mark | Class::Ignored)
                });
                each(Unit::Run(&rest[..length]));
                length
            }
            Class::Sign | Class::Joiner => {
                let length = run(rest, |it| matches!(class(it), Class::Sign | Class::Joiner));
                let signs = &rest[..length];
                if signs.chars().count() <= MOST_SIGNS {
                    each(Unit::Signs(signs));
                }
                length
            }
            Class::Mark | Class::Ignored | Class::Space => first.len_utf8(),
        };
        at += length;
    }
}

/// The length of the characters at the start of `text` for which `holds`.
fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|it| !holds(it)).unwrap_or(text.len())
}

/// The length of letters, and of what belongs to them, at the start of a text.
fn letters(text: &str) -> usize {
    run(text, |it| {
        matches!(class(it), Class::Letter | Class::Mark | Class::Ignored)
    })
}

/// The length of the word at the start of a text.
fn word(text: &str) -> usize {
    let mut end = 0;
    loop {
        end += letters(&text[end..]);
        let mut after = text[end..].chars();
        let (Some(joiner), Some(next)) = (after.next(), after.next()) else {
            break;
        };
        // In Hebrew, a quotation mark before the last letter makes an acronym.
        let joins = class(joiner) == Class::Joiner
            || (joiner == '"' && ('\u{5d0}'..='\u{5ea}').contains(&next));
        if !joins || class(next) != Class::Letter {
            break;
        }
        end += joiner.len_utf8();
    }
    end
}

/// The parts of a word.
pub fn parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::with_capacity(1);
    let mut rest = word;
    loop {
        let length = letters(rest);
        humps(&rest[..length], &mut parts);
        let mut after = rest[length..].chars();
        if after.next().is_none() {
            return parts;
        }
        // One joiner.
        rest = after.as_str();
    }
}

/// Splits `siteName` and `HTMLParser` before each capital that begins a word.
fn humps<'t>(part: &'t str, parts: &mut Vec<&'t str>) {
    let mut start = 0;
    let mut characters = part.char_indices().peekable();
    let (mut before, mut before_that) = (' ', ' ');
    while let Some((at, character)) = characters.next() {
        let ends_lower = before.is_lowercase() && before_that != ' ';
        let next_is_lower = characters
            .peek()
            .is_some_and(|(_, next)| next.is_lowercase());
        // Two letters before and after, so that `iPhone` and `IPv` stay whole.
        if character.is_uppercase() && ends_lower && next_is_lower {
            parts.push(&part[start..at]);
            start = at;
        }
        (before_that, before) = (before, character);
    }
    parts.push(&part[start..]);
}

/// A word to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'w> {
    /// Its spelling, in compatibility form and without what is left out.
    pub spelling: &'w str,
    /// Whether it is only part of a word, so that it counts less.
    pub is_weak: bool,
    /// Whether it may have endings, which is so for words of letters.
    pub is_inflected: bool,
}

/// All words by which a unit is found.
pub fn words_of(unit: Unit<'_>, mut each: impl FnMut(Found<'_>)) {
    match unit {
        Unit::Word(word) => {
            let parts = parts(word);
            let whole = joined(&parts);
            let length = whole.chars().count();
            let mut add = |spelling: &str| {
                each(Found {
                    spelling,
                    is_weak: false,
                    is_inflected: true,
                });
            };
            if length <= LONGEST && parts.len() <= MOST_PARTS {
                add(&whole);
            }
            if parts.len() > 1 {
                for part in &parts {
                    let part = clean(part);
                    let count = part.chars().count();
                    if count <= LONGEST && !(is_contraction(&parts) && count < 3) {
                        add(&part);
                    }
                }
            }
        }
        Unit::Run(run) => pairs_of_run(run, each),
        Unit::Signs(spelling) => each(Found {
            spelling,
            is_weak: true,
            is_inflected: false,
        }),
    }
}

/// The parts of a word as one.
pub fn joined(parts: &[&str]) -> String {
    clean(&parts.concat()).into_owned()
}

/// Whether the parts of a word may be those of `don't` or `l'eau`, the shorter of which
/// are no words.
pub(super) fn is_contraction(parts: &[&str]) -> bool {
    parts.len() == 2 && parts.iter().any(|part| part.chars().count() < 3)
}

/// A part without what is left out.
fn clean(part: &str) -> Cow<'_, str> {
    let is_ignored = |it: char| class(it) == Class::Ignored;
    if part.is_ascii() || !part.contains(is_ignored) {
        return part.into();
    }
    part.replace(is_ignored, "").into()
}

/// The characters of a run, each with the marks on it.
pub fn clusters(run: &str) -> Vec<String> {
    let whole = clean(run);
    let starts = starts_of_clusters(&whole);
    let ends = starts.iter().skip(1);
    let ranges = starts.iter().zip(ends);
    ranges
        .map(|(start, end)| whole[*start..*end].to_owned())
        .collect()
}

/// Where the characters of a run begin, with the marks on them, and where it ends.
fn starts_of_clusters(run: &str) -> Vec<usize> {
    let is_start = |(at, it): &(usize, char)| *at == 0 || !it.is_mark();
    let starts = run.char_indices().filter(is_start).map(|(at, _)| at);
    starts.chain([run.len()]).collect()
}

/// The pairs of characters of a run. Those across the ends of words are weak. A
/// character that is a word is found alone too.
fn pairs_of_run(run: &str, mut each: impl FnMut(Found<'_>)) {
    let whole = clean(run);
    let starts = starts_of_clusters(&whole);
    let ends: Vec<usize> = SEGMENTER.segment_str(&whole).collect();
    let starts_word = |at: usize| ends.binary_search(&at).is_ok();
    let mut found = |from: usize, to: usize, is_weak| {
        each(Found {
            spelling: &whole[from..to],
            is_weak,
            is_inflected: false,
        });
    };
    for (nth, bounds) in starts.windows(2).enumerate() {
        let (at, end) = (bounds[0], bounds[1]);
        if starts_word(at) && starts_word(end) {
            found(at, end, false);
        }
        if let Some(next) = starts.get(nth + 2) {
            found(at, *next, starts_word(end));
        }
    }
}

/// Words without a prefix that is written onto them, which Hebrew articles,
/// conjunctions and prepositions are, each as it is searched for.
pub(super) fn without_prefix(word: &str) -> Option<String> {
    let mut characters = word.chars();
    let first = characters.next()?;
    let rest = characters.as_str();
    let is_prefix = matches!(first, 'ה' | 'ו' | 'ב' | 'ל' | 'מ' | 'ש' | 'כ');
    (is_prefix && rest.chars().count() >= 3).then(|| fold(rest))
}

#[cfg(test)]
mod tests {
    use super::{units, words_of};
    use crate::search::fold::{compatible, fold};

    fn found(text: &str) -> Vec<String> {
        let text = compatible(text);
        let mut found = Vec::new();
        units(&text, |unit| {
            words_of(unit, |word| {
                let mark = if word.is_weak { "~" } else { "" };
                found.push(format!("{}{mark}", fold(word.spelling)));
            });
        });
        found
    }

    #[test]
    fn words_are_found_however_they_are_written() {
        for (text, words) in [
            ("site_name", &["sitename", "site", "name"][..]),
            ("siteName", &["sitename", "site", "name"]),
            (
                "real-time realtime",
                &["realtime", "real", "time", "realtime"],
            ),
            ("don't Don\u{2019}t", &["dont", "don", "dont", "don"]),
            ("user's", &["users", "user"]),
            ("l\u{2019}eau", &["leau", "eau"]),
            ("DNS-over-HTTPS", &["dnsoverhttps", "dns", "over", "https"]),
            ("VPN服務", &["vpn", "服務"]),
            (
                "mkdocs.yml, end. Next",
                &["mkdocsyml", "mkdocs", "yml", "end", ".~", "next"],
            ),
            (
                "GitHub iPhone IPv6",
                &["github", "git", "hub", "iphone", "ipv6"],
            ),
            ("C++ a -> b", &["c", "++~", "a", "->~", "b"]),
            ("co\u{ad}operate", &["cooperate"]),
            ("ארה\"ב", &["ארהב", "ארה"]),
            ("即時通訊", &["即時", "時通~", "通訊"]),
            ("ガ", &["ガ"]),
            ("메신저를", &["메신", "신저", "저를"]),
        ] {
            assert_eq!(found(text), words, "{text}");
        }
    }

    #[test]
    fn marks_stay_with_their_characters() {
        let pairs = found("ที่นี่");
        assert!(
            pairs.iter().all(|pair| !pair.starts_with('\u{e35}')),
            "{pairs:?}"
        );
        assert!(pairs.contains(&"ที่นี่~".to_owned()), "{pairs:?}");
    }
}
