//! Typographic replacements in texts that are read: `smarty` and
//! `pymdownx.smartsymbols`.

use crate::markdown::options::{Smarty, Symbols};
use crate::markdown::tree::{Id, Kind, Tree};
use crate::text::is_word;

/// Applies what is on to every text of the page.
pub fn apply(tree: &mut Tree, symbols: Option<&Symbols>, smarty: Option<&Smarty>) {
    // In no order: what a text becomes depends on none elsewhere.
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

fn symbolise(tree: &mut Tree, parent: Id, symbols: &Symbols) {
    let mut replaced = Vec::new();
    let mut is_changed = false;
    for child in tree.children(parent).to_vec() {
        let parts = match &tree.nodes[child].kind {
            Kind::Text(text) => symbolised(text, symbols),
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
        tree.nodes[parent].children = replaced;
    }
}

/// Stands for a piece of HTML among the texts that are read together.
const PIECE: char = '\u{FDEF}';

/// Texts between two elements are one to these rules, whatever HTML is among
/// them.
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
            // Each node is found again by what ends it.
            text.push(NODE);
        }
        let Some(changed) = educated(&text, smarty) else {
            continue;
        };
        for (id, part) in run.into_iter().zip(changed.split(NODE)) {
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

/// `text` with its symbols. What a symbol replaced is HTML, so that nothing
/// else reads it.
fn symbolised(text: &str, on: &Symbols) -> Vec<Part> {
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

/// The symbol that `text` begins with, and how long it is as written.
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
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let number = &text[..digits];
        let suffix = ["st", "nd", "rd", "th"]
            .into_iter()
            .find(|suffix| text[digits..].starts_with(suffix))?;
        let is_teen = digits > 1 && number.as_bytes()[digits - 2] == b'1';
        let fits = match (number.as_bytes()[digits - 1], is_teen) {
            (b'1' | b'2' | b'3', true) => suffix == "th",
            (b'1', false) => suffix == "st",
            (b'2', false) => suffix == "nd",
            (b'3', false) => suffix == "rd",
            _ => suffix == "th",
        };
        let is_alone = !text[digits + 2..].starts_with(is_word);
        let is_number = digits == 1 || !number.starts_with('0');
        if fits && is_alone && is_number {
            return Some((format!("{number}<sup>{suffix}</sup>"), digits + 2));
        }
    }
    None
}

/// Stands for the `s` behind an apostrophe.
const TAKEN: char = '\u{FDE9}';

/// Stands for the space before an opening quote, which is taken with it too.
const TAKEN_SPACE: char = '\u{FDEA}';

/// Stands between two nodes that are read together.
const NODE: char = '\u{FDEE}';

/// Stand-ins for what is put in, which no later rule reads, and its names.
const PUT_IN: [(char, &str, &str); 9] = [
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
const LEFT: char = PUT_IN[0].0;
const RIGHT: char = PUT_IN[1].0;
const LEFT_DOUBLE: char = PUT_IN[2].0;
const RIGHT_DOUBLE: char = PUT_IN[3].0;

fn is_put_in(character: char) -> bool {
    matches!(character, PIECE | TAKEN | TAKEN_SPACE)
        || PUT_IN.iter().any(|(stand_in, ..)| *stand_in == character)
}

/// Straight quotes, dashes and dots as typographers write them; `None` where
/// there are none.
fn educated(text: &str, on: &Smarty) -> Option<String> {
    if !text.contains(['\'', '"', '-', '.', '<', '>']) {
        return None;
    }
    // Where nodes end does not matter to any rule.
    let mut ends = Vec::new();
    let mut characters: Vec<char> = Vec::with_capacity(text.len());
    for character in text.chars() {
        match character {
            NODE => ends.push(characters.len()),
            character => characters.push(character),
        }
    }
    let mut read = Read {
        characters,
        ends: &mut ends,
    };
    if on.dashes {
        read.runs('-', 3, PUT_IN[5].0);
        read.runs('-', 2, PUT_IN[4].0);
    }
    if on.angled_quotes {
        read.pairs('<', PUT_IN[7].0);
        read.pairs('>', PUT_IN[8].0);
    }
    if on.quotes {
        quotes(&mut read.characters);
    }
    if on.ellipses {
        read.runs('.', 3, PUT_IN[6].0);
    }
    let characters = read.characters;
    let mut to = String::with_capacity(text.len());
    let mut ends = ends.into_iter().peekable();
    for at in 0..=characters.len() {
        while ends.next_if_eq(&at).is_some() {
            to.push(NODE);
        }
        let Some(character) = characters.get(at) else {
            break;
        };
        match PUT_IN.iter().find(|(it, ..)| it == character) {
            Some((_, name, shown)) => {
                to.push_str(on.substitutions.get(*name).map_or(*shown, String::as_str))
            }
            None if *character == TAKEN => to.push('s'),
            None if *character == TAKEN_SPACE => to.push(' '),
            None => to.push(*character),
        }
    }
    Some(to)
}

/// A text being changed, and where its nodes end.
struct Read<'e> {
    characters: Vec<char>,
    ends: &'e mut Vec<usize>,
}

impl Read<'_> {
    /// Replaces what `found` takes, from a place on, by one character.
    fn replace(&mut self, by: char, found: impl Fn(&[char], usize) -> (usize, bool)) {
        let mut to = Vec::with_capacity(self.characters.len());
        let mut ends = Vec::with_capacity(self.ends.len());
        let mut next = 0;
        let mut at = 0;
        while at < self.characters.len() {
            let (length, is_found) = found(&self.characters, at);
            while self.ends.get(next).is_some_and(|end| *end <= at) {
                ends.push(to.len());
                next += 1;
            }
            if is_found {
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
        *self.ends = ends;
    }

    /// Replaces runs of exactly `length`.
    fn runs(&mut self, mark: char, length: usize, by: char) {
        self.replace(by, |characters, at| {
            let run = characters[at..].iter().take_while(|it| **it == mark);
            let run = run.count();
            (run.max(1), run == length)
        });
    }

    fn pairs(&mut self, mark: char, by: char) {
        self.replace(by, |characters, at| {
            let is_pair = characters[at] == mark && characters.get(at + 1) == Some(&mark);
            (if is_pair { 2 } else { 1 }, is_pair)
        });
    }
}

/// Whether a quote behind `character` closes.
fn closes_after(character: char) -> bool {
    !matches!(character, ' ' | '\t' | '\r' | '\n' | '[' | '{' | '(' | '-') && !is_put_in(character)
}

fn opens_after(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{a0}' | '\u{2013}' | '\u{2014}')
}

/// The reference's rules for quotes, one after the other, each over the
/// whole text.
fn quotes(it: &mut [char]) {
    let word = |it: &[char], at: usize| it.get(at).copied().is_some_and(is_word);
    if let [quote @ ('\'' | '"'), punctuation, ..] = *it
        && punctuation.is_ascii_punctuation()
        && !word(it, 2)
    {
        it[0] = if quote == '\'' { RIGHT } else { RIGHT_DOUBLE };
    }
    for (first, second, left) in [
        ('"', '\'', [LEFT_DOUBLE, LEFT]),
        ('\'', '"', [LEFT, LEFT_DOUBLE]),
    ] {
        for at in 0..it.len().saturating_sub(2) {
            if it[at] == first && it[at + 1] == second && word(it, at + 2) {
                it[at..at + 2].copy_from_slice(&left);
            }
        }
    }
    for (first, second, right) in [
        ('\'', '"', [RIGHT, RIGHT_DOUBLE]),
        ('"', '\'', [RIGHT_DOUBLE, RIGHT]),
    ] {
        for at in 1..it.len().saturating_sub(1) {
            if it[at] == first && it[at + 1] == second && closes_after(it[at - 1]) {
                it[at..at + 2].copy_from_slice(&right);
            }
        }
    }
    for at in 0..it.len() {
        let digits = it[at + 1..]
            .iter()
            .take(2)
            .filter(|it| it.is_ascii_digit())
            .count()
            == 2;
        if it[at] == '\''
            && digits
            && it.get(at + 3) == Some(&'s')
            && (at == 0 || !is_word(it[at - 1]))
        {
            it[at] = RIGHT;
        }
    }
    for at in 1..it.len() {
        if it[at] == '\'' && word(it, at + 1) && opens_after(it[at - 1]) {
            it[at] = LEFT;
            if it[at - 1] == ' ' {
                it[at - 1] = TAKEN_SPACE;
            }
        }
    }
    for at in 1..it.len() {
        let next = it.get(at + 1).copied();
        let is_possessive = next == Some('s') && !word(it, at + 2);
        let stays =
            next.is_some_and(|next| next.is_whitespace() || next.is_numeric()) || is_possessive;
        if it[at] == '\'' && closes_after(it[at - 1]) && !stays {
            it[at] = RIGHT;
        }
    }
    for at in 0..it.len() {
        let next = it.get(at + 1).copied();
        let is_possessive = next == Some('s') && !word(it, at + 2);
        if it[at] != '\'' {
            continue;
        }
        it[at] = if next.is_some_and(char::is_whitespace) || is_possessive {
            RIGHT
        } else {
            LEFT
        };
        // The reference takes it away with the quote: no rule sees it any more.
        if is_possessive {
            it[at + 1] = TAKEN;
        }
    }
    for at in 1..it.len() {
        if it[at] == '"' && word(it, at + 1) && opens_after(it[at - 1]) {
            it[at] = LEFT_DOUBLE;
            if it[at - 1] == ' ' {
                it[at - 1] = TAKEN_SPACE;
            }
        }
    }
    for at in 0..it.len() {
        if it[at] == '"' && it.get(at + 1).is_some_and(|next| next.is_whitespace()) {
            it[at] = RIGHT_DOUBLE;
        }
    }
    for at in 1..it.len() {
        if it[at] == '"' && closes_after(it[at - 1]) {
            it[at] = RIGHT_DOUBLE;
        }
    }
    for it in it.iter_mut().filter(|it| **it == '"') {
        *it = LEFT_DOUBLE;
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
