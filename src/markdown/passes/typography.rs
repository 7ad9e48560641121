//! Typographic replacements: `smarty` and `pymdownx.smartsymbols`.

use crate::markdown::options::{Smarty, Symbols};
use crate::markdown::tree::{Id, Kind, Tree};
use crate::text::is_word;

/// Applies the replacements that are on to every text of the page.
pub fn apply(tree: &mut Tree, symbols: Option<&Symbols>, smarty: Option<&Smarty>) {
    // Not in document order: no text depends on those elsewhere.
    if let Some(symbols) = symbols {
        for parent in 0..tree.nodes.len() {
            symbolise(tree, parent, symbols);
        }
    }
    if let Some(smarty) = smarty {
        for parent in 0..tree.nodes.len() {
            educate(tree, parent, smarty);
        }
    }
}

/// Replaces symbols in the texts of `parent`.
fn symbolise(tree: &mut Tree, parent: Id, symbols: &Symbols) {
    let mut replaced = Vec::new();
    let mut is_changed = false;
    for child in tree.children(parent).to_vec() {
        let parts = match &tree.nodes[child].kind {
            Kind::Text(text) => split_symbols(text, symbols),
            _ => Vec::new(),
        };
        if parts.iter().all(|part| matches!(part, Part::Text(_))) {
            replaced.push(child);
            continue;
        }
        is_changed = true;
        let line = tree.nodes[child].line;
        for part in parts {
            let kind = match part {
                Part::Text(text) => Kind::Text(text.into()),
                Part::Html(html) => Kind::Raw(html.into()),
            };
            replaced.push(tree.node(kind, line));
        }
    }
    if is_changed {
        tree.nodes[parent].children = replaced.into();
    }
}

/// Stands for a piece of HTML between texts that are read together.
const PIECE: char = '\u{FDEF}';

/// Replaces quotes, dashes and dots in the texts of `parent`. To these rules,
/// all texts between two elements are one, whatever HTML is between them.
fn educate(tree: &mut Tree, parent: Id, smarty: &Smarty) {
    let mut at = 0;
    while at < tree.children(parent).len() {
        let rest = &tree.children(parent)[at..];
        let is_run = |id: &&Id| matches!(tree.nodes[**id].kind, Kind::Text(_) | Kind::Raw(_));
        let run: Vec<Id> = rest.iter().take_while(is_run).copied().collect();
        at += run.len() + 1;
        let mut text = String::new();
        for id in &run {
            match &tree.nodes[*id].kind {
                Kind::Text(part) => text.push_str(part),
                _ => text.push(PIECE),
            }
            // The result is split into nodes again at these.
            text.push(NODE);
        }
        let Some(educated) = educated(&text, smarty) else {
            continue;
        };
        for (id, part) in run.into_iter().zip(educated.split(NODE)) {
            if let Kind::Text(text) = &mut tree.nodes[id].kind {
                *text = part.to_owned().into();
            }
        }
    }
}

enum Part {
    Text(String),
    Html(String),
}

const FRACTIONS: [(&str, &str); 15] = [
    ("1/4", "\u{bc}"),
    ("1/2", "\u{bd}"),
    ("3/4", "\u{be}"),
    ("1/3", "\u{2153}"),
    ("2/3", "\u{2154}"),
    ("1/5", "\u{2155}"),
    ("2/5", "\u{2156}"),
    ("3/5", "\u{2157}"),
    ("4/5", "\u{2158}"),
    ("1/6", "\u{2159}"),
    ("5/6", "\u{215a}"),
    ("1/8", "\u{215b}"),
    ("3/8", "\u{215c}"),
    ("5/8", "\u{215d}"),
    ("7/8", "\u{215e}"),
];

/// Splits `text` at its symbols, which become HTML so that no later rule reads
/// them.
fn split_symbols(text: &str, on: &Symbols) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut before: Option<char> = None;
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        match symbol(rest, before, on) {
            Some((html, length)) => {
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Html(html));
                before = text[..at + length].chars().next_back();
                at += length;
            }
            None => {
                plain.push(character);
                before = Some(character);
                at += character.len_utf8();
            }
        }
    }
    if !plain.is_empty() || parts.is_empty() {
        parts.push(Part::Text(plain));
    }
    parts
}

/// The symbol at the start of `text` as HTML, and its length as written.
fn symbol(text: &str, before: Option<char>, on: &Symbols) -> Option<(String, usize)> {
    let fixed = [
        (on.trademark, "(tm)", "\u{2122}"),
        (on.copyright, "(c)", "\u{a9}"),
        (on.registered, "(r)", "\u{ae}"),
        (on.plusminus, "+/-", "\u{b1}"),
        (on.notequal, "=/=", "\u{2260}"),
        (on.arrows, "<-->", "\u{2194}"),
    ];
    let found = fixed
        .iter()
        .find(|(is_on, written, _)| *is_on && text.starts_with(written));
    if let Some((_, written, symbol)) = found {
        return Some(((*symbol).to_owned(), written.len()));
    }
    if on.arrows && text.starts_with("-->") && before != Some('-') {
        return Some(("\u{2192}".to_owned(), 3));
    }
    if on.arrows && text.starts_with("<--") && !text.starts_with("<---") {
        return Some(("\u{2190}".to_owned(), 3));
    }
    let first = text.chars().next()?;
    let starts_word = is_word(first) && !before.is_some_and(is_word);
    if on.care_of && starts_word && text.starts_with("c/o") && !text[3..].starts_with(is_word) {
        return Some(("\u{2105}".to_owned(), 3));
    }
    if !first.is_ascii_digit() {
        return None;
    }
    if on.fractions && !before.is_some_and(|before| before.is_ascii_digit()) {
        let fits = |written: &str| {
            text.strip_prefix(written)
                .is_some_and(|rest| !rest.starts_with(|it: char| it.is_ascii_digit()))
        };
        if let Some((written, symbol)) = FRACTIONS.iter().find(|(written, _)| fits(written)) {
            return Some(((*symbol).to_owned(), written.len()));
        }
    }
    if on.ordinal_numbers && starts_word {
        ordinal_number(text)
    } else {
        None
    }
}

/// The ordinal number at the start of `text`, which begins with a digit.
fn ordinal_number(text: &str) -> Option<(String, usize)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let suffix = rest.get(..2)?;
    let expected = match number.as_bytes() {
        [.., b'1', _] => "th",
        [.., b'1'] => "st",
        [.., b'2'] => "nd",
        [.., b'3'] => "rd",
        _ => "th",
    };
    let is_number = digits == 1 || !number.starts_with('0');
    if suffix != expected || !is_number || rest[2..].starts_with(is_word) {
        return None;
    }
    Some((format!("{number}<sup>{suffix}</sup>"), digits + 2))
}

/// Stands for the `s` after an apostrophe.
const TAKEN: char = '\u{FDE9}';

/// Stands for the space before an opening quote.
const TAKEN_SPACE: char = '\u{FDEA}';

/// Stands between two nodes that are read together.
const NODE: char = '\u{FDEE}';

/// The stand-ins for replacements, which no later rule reads, with the names
/// and the texts of these.
const REPLACEMENTS: [(char, &str, &str); 9] = [
    ('\u{FDE0}', "left-single-quote", "\u{2018}"),
    ('\u{FDE1}', "right-single-quote", "\u{2019}"),
    ('\u{FDE2}', "left-double-quote", "\u{201c}"),
    ('\u{FDE3}', "right-double-quote", "\u{201d}"),
    ('\u{FDE4}', "ndash", "\u{2013}"),
    ('\u{FDE5}', "mdash", "\u{2014}"),
    ('\u{FDE6}', "ellipsis", "\u{2026}"),
    ('\u{FDE7}', "left-angle-quote", "\u{ab}"),
    ('\u{FDE8}', "right-angle-quote", "\u{bb}"),
];
const LEFT: char = REPLACEMENTS[0].0;
const RIGHT: char = REPLACEMENTS[1].0;
const LEFT_DOUBLE: char = REPLACEMENTS[2].0;
const RIGHT_DOUBLE: char = REPLACEMENTS[3].0;
const EN_DASH: char = REPLACEMENTS[4].0;
const EM_DASH: char = REPLACEMENTS[5].0;
const ELLIPSIS: char = REPLACEMENTS[6].0;
const LEFT_ANGLE: char = REPLACEMENTS[7].0;
const RIGHT_ANGLE: char = REPLACEMENTS[8].0;

fn is_stand_in(character: char) -> bool {
    matches!(character, PIECE | TAKEN | TAKEN_SPACE)
        || REPLACEMENTS
            .iter()
            .any(|(stand_in, ..)| *stand_in == character)
}

/// `text` with typographic quotes, dashes and ellipses; `None` if there is
/// nothing to replace.
fn educated(text: &str, on: &Smarty) -> Option<String> {
    if !text.contains(['\'', '"', '-', '.', '<', '>']) {
        return None;
    }
    let mut educator = Educator::new(text);
    if on.dashes {
        educator.replace_runs('-', 3, EM_DASH);
        educator.replace_runs('-', 2, EN_DASH);
    }
    if on.angled_quotes {
        educator.replace_pairs('<', LEFT_ANGLE);
        educator.replace_pairs('>', RIGHT_ANGLE);
    }
    if on.quotes {
        replace_quotes(&mut educator.characters);
    }
    if on.ellipses {
        educator.replace_runs('.', 3, ELLIPSIS);
    }
    Some(educator.finish(on))
}

/// A text whose characters are being replaced.
struct Educator {
    characters: Vec<char>,
    /// Where its nodes end, which does not matter to any rule.
    ends: Vec<usize>,
}

impl Educator {
    fn new(text: &str) -> Self {
        let mut ends = Vec::new();
        let mut characters: Vec<char> = Vec::with_capacity(text.len());
        for character in text.chars() {
            match character {
                NODE => ends.push(characters.len()),
                character => characters.push(character),
            }
        }
        Self { characters, ends }
    }

    /// The text with the replacements for all stand-ins.
    fn finish(self, on: &Smarty) -> String {
        let mut text = String::with_capacity(self.characters.len());
        let mut ends = self.ends.into_iter().peekable();
        for at in 0..=self.characters.len() {
            while ends.next_if_eq(&at).is_some() {
                text.push(NODE);
            }
            let Some(character) = self.characters.get(at) else {
                break;
            };
            match REPLACEMENTS.iter().find(|(it, ..)| it == character) {
                Some((_, name, default)) => {
                    text.push_str(on.substitutions.get(*name).map_or(*default, String::as_str))
                }
                None if *character == TAKEN => text.push('s'),
                None if *character == TAKEN_SPACE => text.push(' '),
                None => text.push(*character),
            }
        }
        text
    }

    /// Replaces parts by one character. `part` is given all characters and a
    /// position, and returns the length of the part there and whether it is to
    /// be replaced.
    fn replace(&mut self, by: char, part: impl Fn(&[char], usize) -> (usize, bool)) {
        let mut to = Vec::with_capacity(self.characters.len());
        let mut ends = Vec::with_capacity(self.ends.len());
        let mut next = 0;
        let mut at = 0;
        while at < self.characters.len() {
            let (length, is_replaced) = part(&self.characters, at);
            while self.ends.get(next).is_some_and(|end| *end <= at) {
                ends.push(to.len());
                next += 1;
            }
            if is_replaced {
                to.push(by)
            } else {
                for offset in 0..length {
                    while self.ends.get(next).is_some_and(|end| *end <= at + offset) {
                        ends.push(to.len());
                        next += 1;
                    }
                    to.push(self.characters[at + offset]);
                }
            }
            at += length;
        }
        ends.resize(self.ends.len(), to.len());
        self.characters = to;
        self.ends = ends;
    }

    /// Replaces runs of exactly `length`.
    fn replace_runs(&mut self, mark: char, length: usize, by: char) {
        self.replace(by, |characters, at| {
            let run = characters[at..].iter().take_while(|it| **it == mark);
            let run = run.count();
            (run.max(1), run == length)
        });
    }

    fn replace_pairs(&mut self, mark: char, by: char) {
        self.replace(by, |characters, at| {
            let is_pair = characters[at] == mark && characters.get(at + 1) == Some(&mark);
            (if is_pair { 2 } else { 1 }, is_pair)
        });
    }
}

/// Whether a quote after `character` closes.
fn closes_after(character: char) -> bool {
    !matches!(character, ' ' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-')
        && !is_stand_in(character)
}

/// Whether a quote after `character` opens.
fn opens_after(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{a0}' | '\u{2013}' | '\u{2014}')
}

fn is_word_at(text: &[char], at: usize) -> bool {
    text.get(at).copied().is_some_and(is_word)
}

/// Whether `'s` ends a word there, with the `s` at `at`.
fn is_possessive_at(text: &[char], at: usize) -> bool {
    text.get(at) == Some(&'s') && !is_word_at(text, at + 1)
}

/// Applies the reference's rules for quotes, one after the other, each to the
/// whole text.
fn replace_quotes(text: &mut [char]) {
    if let [quote @ ('\'' | '"'), punctuation, ..] = *text
        && punctuation.is_ascii_punctuation()
        && !is_word_at(text, 2)
    {
        text[0] = if quote == '\'' { RIGHT } else { RIGHT_DOUBLE };
    }
    replace_double_sets(text);
    replace_decades(text);
    open_before_words(text, '\'', LEFT);
    for at in 1..text.len() {
        let next = text.get(at + 1);
        let stays = next.is_some_and(|next| next.is_whitespace() || next.is_numeric())
            || is_possessive_at(text, at + 1);
        if text[at] == '\'' && closes_after(text[at - 1]) && !stays {
            text[at] = RIGHT;
        }
    }
    for at in 0..text.len() {
        if text[at] != '\'' {
            continue;
        }
        if is_possessive_at(text, at + 1) {
            text[at] = RIGHT;
            // The reference replaces it with the quote: no later rule sees it.
            text[at + 1] = TAKEN;
        } else if text.get(at + 1).is_some_and(|next| next.is_whitespace()) {
            text[at] = RIGHT;
        } else {
            text[at] = LEFT;
        }
    }
    open_before_words(text, '"', LEFT_DOUBLE);
    for at in 0..text.len() {
        if text[at] == '"' && text.get(at + 1).is_some_and(|next| next.is_whitespace()) {
            text[at] = RIGHT_DOUBLE;
        }
    }
    for at in 1..text.len() {
        if text[at] == '"' && closes_after(text[at - 1]) {
            text[at] = RIGHT_DOUBLE;
        }
    }
    for character in text.iter_mut().filter(|character| **character == '"') {
        *character = LEFT_DOUBLE;
    }
}

/// Replaces single quotes next to double ones: those before a word open, those
/// after one close.
fn replace_double_sets(text: &mut [char]) {
    for (first, second, left) in [
        ('"', '\'', [LEFT_DOUBLE, LEFT]),
        ('\'', '"', [LEFT, LEFT_DOUBLE]),
    ] {
        for at in 0..text.len().saturating_sub(2) {
            if text[at] == first && text[at + 1] == second && is_word_at(text, at + 2) {
                text[at..at + 2].copy_from_slice(&left);
            }
        }
    }
    for (first, second, right) in [
        ('\'', '"', [RIGHT, RIGHT_DOUBLE]),
        ('"', '\'', [RIGHT_DOUBLE, RIGHT]),
    ] {
        for at in 1..text.len().saturating_sub(1) {
            if text[at] == first && text[at + 1] == second && closes_after(text[at - 1]) {
                text[at..at + 2].copy_from_slice(&right);
            }
        }
    }
}

/// Replaces the apostrophe in `'80s`.
fn replace_decades(text: &mut [char]) {
    for at in 0..text.len() {
        let is_decade = matches!(
            text[at..],
            ['\'', first, second, 's', ..] if first.is_ascii_digit() && second.is_ascii_digit()
        );
        if is_decade && (at == 0 || !is_word(text[at - 1])) {
            text[at] = RIGHT;
        }
    }
}

/// Replaces `quote` by `left` between white space or a dash and a word.
fn open_before_words(text: &mut [char], quote: char, left: char) {
    for at in 1..text.len() {
        if text[at] == quote && is_word_at(text, at + 1) && opens_after(text[at - 1]) {
            text[at] = left;
            // The reference replaces a space with the quote.
            if text[at - 1] == ' ' {
                text[at - 1] = TAKEN_SPACE;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_dashes_and_dots() {
        let on = Smarty {
            quotes: true,
            angled_quotes: false,
            dashes: true,
            ellipses: true,
            substitutions: Default::default(),
        };
        for (text, wanted) in [
            ("\"a\" 'b'", "\u{201c}a\u{201d} \u{2018}b\u{2019}"),
            ("it's the '80s", "it\u{2019}s the \u{2019}80s"),
            ("a -- b --- c ... d", "a \u{2013} b \u{2014} c \u{2026} d"),
            ("a ---- b", "a ---- b"),
        ] {
            let found = educated(text, &on);
            assert_eq!(found.as_deref().unwrap_or(text), wanted);
        }
    }
}
