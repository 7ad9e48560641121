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
    /// Other marks that may change the sense: signs of money, of numbers (`-5`, `5%`) and of
    /// what is struck out, emoji, icons that do not begin a link, and titles of links.
    pub signs: Vec<&'t str>,
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
            b':' => {
                let length = icon(rest, &mut reading);
                // A link is the same with another picture before its words.
                if length > 1 && !text[..at].ends_with('[') {
                    reading.signs.push(&rest[..length]);
                }
                length
            }
            b'{' => braces(rest, &mut reading),
            b'<' => {
                let length = tag(rest, &mut reading);
                if length == 1 {
                    reading.signs.push("<");
                }
                length
            }
            b'&' => {
                let length = crate::html::entity_length(rest).unwrap_or(1);
                match &rest[..length] {
                    "&lt;" => reading.signs.push("<"),
                    "&gt;" => reading.signs.push(">"),
                    _ => {}
                }
                length
            }
            b'h' | b'H' if is_address(rest) => {
                let end = rest.find(|it: char| it.is_whitespace() || "<>\"')]".contains(it));
                let end = end.unwrap_or(rest.len());
                reading.links.push(rest[..end].trim_end_matches(['.', ',']));
                end
            }
            first if first.is_ascii_alphanumeric() => word(rest, &mut reading),
            first if first.is_ascii() && !b"-+/%>~$".contains(first) => 1,
            _ => match rest.chars().next() {
                Some(first) if is_unspaced(first) => {
                    let length = first.len_utf8();
                    reading.words.push(Cow::Borrowed(&rest[..length]));
                    length
                }
                Some(first) if first.is_alphanumeric() => word(rest, &mut reading),
                Some(first) => {
                    reading.signs.extend(sign(&text[..at], first, rest));
                    first.len_utf8()
                }
                None => 1,
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

/// The sign that a text begins with, if it may change the sense; dashes are all the same.
fn sign<'t>(before: &str, first: char, text: &'t str) -> Option<&'t str> {
    use finl_unicode::categories::CharacterCategories as _;
    let length = first.len_utf8();
    let is_digit = |it: Option<char>| it.is_some_and(|it| it.is_numeric());
    let (last, next) = (before.chars().next_back(), text[length..].chars().next());
    let is_of_number = || is_digit(next) || (is_digit(last) && is_digit(next));
    match first {
        '-' | '−' | '–' => is_of_number().then_some("-"),
        '+' | '/' => is_of_number().then_some(&text[..length]),
        '%' | '‰' => Some(&text[..length]),
        // In `Settings > Privacy` it is an arrow.
        '>' => {
            let near = |it: Option<char>| is_digit(it);
            let last = before.trim_end().chars().next_back();
            let next = text[1..].trim_start_matches(['=', ' ']).chars().next();
            (near(last) || near(next)).then_some(">")
        }
        '~' if next == Some('~') && last != Some('~') => Some("~~"),
        '©' | '®' | '™' | '→' | '←' => None,
        '$' => is_of_number().then_some("$"),
        _ if first.is_ascii() => None,
        _ => {
            let is_sign =
                first.is_symbol_currency() || first.is_symbol_math() || first.is_symbol_other();
            is_sign.then_some(&text[..length])
        }
    }
}

/// A text without asterisks between letters, which emphasise a part of a word.
fn without_inner_emphasis(text: &str) -> Cow<'_, str> {
    let mut left = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('*') {
        let after = rest[at..].trim_start_matches('*');
        let is_letter = |it: Option<char>| it.is_some_and(char::is_alphabetic);
        let is_inside =
            is_letter(rest[..at].chars().next_back()) && is_letter(after.chars().next());
        let kept = if is_inside {
            at
        } else {
            rest.len() - after.len()
        };
        left.push_str(&rest[..kept]);
        rest = after;
    }
    if left.is_empty() {
        return Cow::Borrowed(text);
    }
    left.push_str(rest);
    Cow::Owned(left)
}

/// A text as it is compared: letters that are written as entities or in parts are whole, and
/// what nobody sees, such as soft hyphens, is gone.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};
    let is_unseen = |it: char| matches!(it, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}');
    let is_plain = |it: &str| {
        it.is_ascii() || (is_nfc_quick(it.chars()) == IsNormalized::Yes && !it.contains(is_unseen))
    };
    let text = without_inner_emphasis(text);
    if !text.contains('&') && is_plain(&text) {
        return text;
    }
    let mut whole = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('&') {
        whole.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = crate::html::entity_length(rest).unwrap_or(1);
        let said = crate::html::unescape(&rest[..length]);
        let is_letter = |it: char| it.is_alphanumeric() || it.is_whitespace() || is_unseen(it);
        whole.push_str(if said.chars().all(is_letter) {
            &said
        } else {
            &rest[..length]
        });
        rest = &rest[length..];
    }
    whole.push_str(rest);
    if is_plain(&whole) {
        return Cow::Owned(whole);
    }
    Cow::Owned(whole.chars().filter(|it| !is_unseen(*it)).nfc().collect())
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

/// The title that stands after an address in parentheses, with its quotation marks.
fn title(parentheses: &str) -> Option<&str> {
    let (_, title) = parentheses.split_once([' ', '\n'])?;
    let title = title.trim_end_matches(')').trim();
    title.starts_with(['"', '\'']).then_some(title)
}

fn link<'t>(text: &'t str, reading: &mut Reading<'t>) -> usize {
    let after = &text[1..];
    if let Some((address, length)) = address(after) {
        if reading.images.last() != Some(&address) {
            reading.links.push(address);
        }
        reading.signs.extend(title(&after[..length]));
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
