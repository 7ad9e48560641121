//! What is in the text of a passage, besides words.

use std::borrow::Cow;
use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

use crate::text::{collapsed, is_unspaced};

/// The parts of a passage's text, each in the order in which it has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading<'t> {
    /// Words outside of code, as written. Characters of scripts that do not separate
    /// words are words of their own.
    pub words: Vec<Cow<'t, str>>,
    /// Where links lead.
    pub links: Vec<&'t str>,
    /// Addresses of pictures.
    pub images: Vec<&'t str>,
    /// Code.
    pub code: Vec<&'t str>,
    /// Names of icons.
    pub icons: Vec<&'t str>,
    /// Labels of footnotes.
    pub footnotes: Vec<&'t str>,
}

/// Reads the text of a passage.
pub fn read(text: &str) -> Reading<'_> {
    let mut reading = Reading::default();
    let mut at = 0;
    // Most bytes are letters and blanks of ASCII, so that characters are not decoded
    // before it is known that they are needed.
    while let Some(first) = text.as_bytes().get(at) {
        let rest = &text[at..];
        at += match first {
            b'`' => code(rest, &mut reading),
            b'!' if rest.starts_with("![") => {
                if let Some(address) = after_brackets(&rest[1..]) {
                    reading.images.push(address);
                }
                2
            }
            b']' => link(rest, &mut reading),
            b'[' if rest.starts_with("[^") => match rest.find(']') {
                Some(end) => {
                    reading.footnotes.push(rest[2..end].trim());
                    end + 1
                }
                None => 1,
            },
            b':' => icon(rest, &mut reading),
            b'{' => braces(rest, &mut reading),
            b'<' => tag(rest, &mut reading),
            b'&' => crate::html::entity_length(rest).unwrap_or(1),
            b'h' | b'H' if is_address(rest) => {
                let end = rest.find(|it: char| it.is_whitespace() || "<>\"')]".contains(it));
                let end = end.unwrap_or(rest.len());
                reading.links.push(rest[..end].trim_end_matches(['.', ',']));
                end
            }
            first if first.is_ascii_alphanumeric() => word(rest, &mut reading),
            first if first.is_ascii() => 1,
            _ => match rest.chars().next() {
                Some(first) if is_unspaced(first) => {
                    let length = first.len_utf8();
                    reading.words.push(Cow::Borrowed(&rest[..length]));
                    length
                }
                Some(first) if first.is_alphanumeric() => word(rest, &mut reading),
                first => first.map_or(1, char::len_utf8),
            },
        };
    }
    reading
}

/// Reads the word at the start of the text.
fn word<'t>(text: &'t str, reading: &mut Reading<'t>) -> usize {
    let end = word_end(text);
    let word = &text[..end];
    // The mark is not ASCII, and most words have nothing else.
    reading
        .words
        .push(if !word.is_ascii() && word.contains('’') {
            Cow::Owned(word.replace('’', "'"))
        } else {
            Cow::Borrowed(word)
        });
    end
}

fn is_address(text: &str) -> bool {
    let begins = |scheme: &str| {
        let start = text.as_bytes().get(..scheme.len());
        start.is_some_and(|it| it.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    begins("http://") || begins("https://")
}

fn word_end(text: &str) -> usize {
    let is_number = text.starts_with(|it: char| it.is_ascii_digit());
    let joins = |it: char| {
        matches!(it, '\'' | '’' | '\u{ad}' | '\u{200c}' | '\u{200d}')
            || (is_number && matches!(it, '.' | ',' | ':'))
    };
    // Most words are letters and digits of ASCII, with something else of it after them.
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let after = text.as_bytes().get(plain);
    if plain > 0 && after.is_none_or(|it| it.is_ascii() && !joins(char::from(*it))) {
        return plain;
    }
    let mut end = plain;
    let mut characters = text[plain..].char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_part = |it: char| it.is_alphanumeric() && !is_unspaced(it);
        let is_in = is_part(character) || (!character.is_ascii() && is_combining(character));
        let mut goes_on = || characters.peek().is_some_and(|(_, next)| is_part(*next));
        let mut is_joint = || plain + at > 0 && joins(character) && goes_on();
        if !is_in && !is_joint() {
            break;
        }
        end = plain + at + character.len_utf8();
    }
    end.max(1)
}

fn is_combining(character: char) -> bool {
    use finl_unicode::categories::CharacterCategories as _;
    character.is_mark()
}

fn code<'t>(text: &'t str, reading: &mut Reading<'t>) -> usize {
    let marks = text.len() - text.trim_start_matches('`').len();
    let fence = &text[..marks];
    match text[marks..].find(fence) {
        Some(end) => {
            reading.code.push(text[marks..marks + end].trim());
            marks + end + marks
        }
        None => marks,
    }
}

/// What follows the brackets with which the text begins: the address in parentheses.
fn after_brackets(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return address(&text[at + 1..]).map(|(address, _)| address);
                }
            }
            _ => {}
        }
    }
    None
}

/// An address in parentheses at the start of the text, and the length of all of it.
fn address(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix('(')?;
    let mut depth = 1_usize;
    let end = inner.find(|it| {
        match it {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let address = inner[..end].trim();
    let address = address
        .split(char::is_whitespace)
        .next()
        .unwrap_or_default();
    Some((address.trim_matches(['<', '>']), end + 2))
}

fn link<'t>(text: &'t str, reading: &mut Reading<'t>) -> usize {
    let after = &text[1..];
    if let Some((address, length)) = address(after) {
        if reading.images.last() != Some(&address) {
            reading.links.push(address);
        }
        return 1 + length;
    }
    match after.strip_prefix('[').and_then(|it| it.find(']')) {
        Some(end) if !after.starts_with("[^") => {
            reading.links.push(&after[..end + 2]);
            end + 3
        }
        _ => 1,
    }
}

fn icon<'t>(text: &'t str, reading: &mut Reading<'t>) -> usize {
    let end = text[1..].find(':').map(|end| end + 1);
    match end {
        Some(end) if end > 2 && text[1..end].bytes().all(is_of_icon) => {
            reading.icons.push(&text[1..end]);
            end + 1
        }
        _ => 1,
    }
}

fn is_of_icon(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_+".contains(&byte)
}

fn braces<'t>(text: &'t str, reading: &mut Reading<'t>) -> usize {
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        if let Some(end) = text.strip_prefix(open).and_then(|it| it.find(close)) {
            reading.code.push(text[2..2 + end].trim());
            return end + 4;
        }
    }
    let inner = text[1..].trim_start_matches([':', ' ']);
    match text.find('}') {
        Some(end) if inner.starts_with(['.', '#', '}']) || text[..end].contains('=') => end + 1,
        _ => 1,
    }
}

fn tag<'t>(text: &'t str, reading: &mut Reading<'t>) -> usize {
    let inner = text[1..].trim_start_matches('/');
    if !inner.starts_with(|it: char| it.is_ascii_alphabetic() || it == '!') {
        return 1;
    }
    let Some(end) = text.find('>') else {
        return 1;
    };
    let inside = &text[1..end];
    if is_address(inside) {
        reading.links.push(inside);
    } else {
        for (name, list) in [("href=", &mut reading.links), ("src=", &mut reading.images)] {
            if let Some((_, value)) = inside.split_once(name) {
                let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
                let value = value.trim_start_matches(['"', '\'']);
                let end = value.find(|it: char| match quote {
                    Some(quote) => it == quote,
                    None => it.is_whitespace(),
                });
                list.push(&value[..end.unwrap_or(value.len())]);
            }
        }
    }
    end + 1
}

/// How many words of prose a text has: outside of code, links and names. Names are words
/// that begin with a capital letter, except for the first word. Two characters of a
/// script without spaces count as a word.
pub fn prose(text: &str) -> usize {
    let bare = without_links(text);
    let words = read(&bare).words;
    let is_prose = |(nth, word): &(usize, &Cow<'_, str>)| {
        let first = word.chars().next().unwrap_or_default();
        let is_number = word.chars().any(|it| it.is_ascii_digit());
        !is_number && !is_unspaced(first) && (*nth == 0 || !first.is_uppercase())
    };
    let unspaced = words
        .iter()
        .filter(|it| it.starts_with(is_unspaced))
        .count();
    words.iter().enumerate().filter(is_prose).count() + unspaced / 2
}

/// A number that is the same for texts with the same words, and hardly for any others.
pub fn words_key(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for word in &read(text).words {
        word.hash(&mut hasher);
    }
    hasher.finish()
}

/// The same for texts that are the same but for white space.
pub fn text_key(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    if is_collapsed(text) {
        text.hash(&mut hasher);
    } else {
        collapsed(text).hash(&mut hasher);
    }
    hasher.finish()
}

/// Whether a text has no white space but single blanks between words.
fn is_collapsed(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return true;
    };
    // All bytes in any case, which takes fewer instructions than to stop at the first.
    let pairs = bytes.iter().zip(&bytes[1..]);
    let (is_double, may_be_other) = pairs.fold((false, false), |(double, other), (one, two)| {
        let is_double = (*one == b' ') & (*two == b' ');
        // These begin all other white space that is not ASCII.
        let begins = matches!((*one, *two), (0xc2, 0x85 | 0xa0) | (0xe1, 0x9a))
            | matches!((*one, *two), (0xe2, 0x80 | 0x81) | (0xe3, 0x80));
        (double | is_double, other | begins)
    });
    let has_line = bytes
        .iter()
        .fold(false, |any, it| any | matches!(*it, b'\t'..=b'\r'));
    let other_blank = |it: char| it != ' ' && it.is_whitespace();
    !is_double
        && !has_line
        && *first != b' '
        && *last != b' '
        && !(may_be_other && text.contains(other_blank))
}

/// A text without its links, words in them included.
fn without_links(text: &str) -> Cow<'_, str> {
    if !text.contains('[') {
        return Cow::Borrowed(text);
    }
    let mut left = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        left.push_str(&rest[..start]);
        let inner = &rest[start..];
        let end = inner.find(']').map(|end| end + 1);
        let after = end.map(|end| &inner[end..]);
        match (end, after) {
            (Some(end), Some(after)) if after.starts_with(['(', '[']) => {
                let close = if after.starts_with('(') { ')' } else { ']' };
                let length = after.find(close).map_or(0, |it| it + 1);
                rest = &inner[end + length..];
            }
            _ => {
                left.push(' ');
                rest = &inner[1..];
            }
        }
    }
    left.push_str(rest);
    Cow::Owned(left)
}
