//! Typographic replacements in texts that are read: `smarty` and
//! `pymdownx.smartsymbols`.

use super::options::{Smarty, Symbols};
use super::slug::is_word;
use super::tree::{Id, Kind, Tree};

/// Applies what is on to every text of the page.
pub fn apply(tree: &mut Tree, symbols: Option<&Symbols>, smarty: Option<&Smarty>) {
    if symbols.is_none() && smarty.is_none() {
        return;
    }
    // In no order: what a text becomes depends on no other.
    for parent in 0..tree.nodes.len() {
        let children: Vec<Id> = tree.children(parent).to_vec();
        let mut replaced = Vec::with_capacity(children.len());
        let mut is_changed = false;
        for child in children {
            let Kind::Text(text) = &tree.nodes[child].kind else {
                replaced.push(child);
                continue;
            };
            let mut parts = match symbols {
                Some(symbols) => symbolised(text, symbols),
                None => vec![Part::Text(text.clone().into_owned())],
            };
            if let Some(smarty) = smarty {
                for part in &mut parts {
                    if let Part::Text(text) = part {
                        *text = educated(text, smarty);
                    }
                }
            }
            if let [Part::Text(same)] = &parts[..]
                && same == text
            {
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
                let id = tree.node(kind, line);
                replaced.push(id);
            }
        }
        if is_changed {
            tree.nodes[parent].children = replaced;
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

/// Stand-ins for what was put in, which no later rule reads.
const PUT_IN: [(char, char); 9] = [
    ('\u{FDE0}', '\u{2018}'),
    ('\u{FDE1}', '\u{2019}'),
    ('\u{FDE2}', '\u{201c}'),
    ('\u{FDE3}', '\u{201d}'),
    ('\u{FDE4}', '\u{2013}'),
    ('\u{FDE5}', '\u{2014}'),
    ('\u{FDE6}', '\u{2026}'),
    ('\u{FDE7}', '\u{ab}'),
    ('\u{FDE8}', '\u{bb}'),
];
const LEFT: char = PUT_IN[0].0;
const RIGHT: char = PUT_IN[1].0;
const LEFT_DOUBLE: char = PUT_IN[2].0;
const RIGHT_DOUBLE: char = PUT_IN[3].0;

fn is_put_in(character: char) -> bool {
    PUT_IN.iter().any(|(stand_in, _)| *stand_in == character)
}

/// Straight quotes, dashes and dots as typographers write them.
fn educated(text: &str, on: &Smarty) -> String {
    if !text.contains(['\'', '"', '-', '.', '<', '>']) {
        return text.to_owned();
    }
    let mut characters: Vec<char> = text.chars().collect();
    if on.dashes {
        runs(&mut characters, '-', 3, PUT_IN[5].0);
        runs(&mut characters, '-', 2, PUT_IN[4].0);
    }
    if on.angled_quotes {
        pairs(&mut characters, '<', PUT_IN[7].0);
        pairs(&mut characters, '>', PUT_IN[8].0);
    }
    if on.quotes {
        quotes(&mut characters);
    }
    if on.ellipses {
        runs(&mut characters, '.', 3, PUT_IN[6].0);
    }
    let shown = |it: char| {
        PUT_IN
            .iter()
            .find(|(stand_in, _)| *stand_in == it)
            .map_or(it, |(_, shown)| *shown)
    };
    characters.into_iter().map(shown).collect()
}

/// Replaces runs of exactly `length`.
fn runs(characters: &mut Vec<char>, mark: char, length: usize, by: char) {
    let mut to = Vec::with_capacity(characters.len());
    let mut at = 0;
    while at < characters.len() {
        let run = characters[at..]
            .iter()
            .take_while(|it| **it == mark)
            .count();
        match run {
            0 => to.push(characters[at]),
            run if run == length => to.push(by),
            run => to.extend(std::iter::repeat_n(mark, run)),
        }
        at += run.max(1);
    }
    *characters = to;
}

fn pairs(characters: &mut Vec<char>, mark: char, by: char) {
    let mut to = Vec::with_capacity(characters.len());
    let mut at = 0;
    while at < characters.len() {
        let is_pair = characters[at] == mark && characters.get(at + 1) == Some(&mark);
        to.push(if is_pair { by } else { characters[at] });
        at += if is_pair { 2 } else { 1 };
    }
    *characters = to;
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
        if it[at] == '\'' {
            it[at] = if next.is_some_and(char::is_whitespace) || is_possessive {
                RIGHT
            } else {
                LEFT
            };
        }
    }
    for at in 1..it.len() {
        if it[at] == '"' && word(it, at + 1) && opens_after(it[at - 1]) {
            it[at] = LEFT_DOUBLE;
        }
    }
    for at in 0..it.len() {
        if it[at] == '"' {
            let closes = it.get(at + 1).is_some_and(|next| next.is_whitespace())
                || (at > 0 && closes_after(it[at - 1]));
            it[at] = if closes { RIGHT_DOUBLE } else { LEFT_DOUBLE };
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
        };
        for (text, wanted) in [
            ("\"a\" 'b'", "\u{201c}a\u{201d} \u{2018}b\u{2019}"),
            ("it's the '80s", "it\u{2019}s the \u{2019}80s"),
            ("a -- b --- c ... d", "a \u{2013} b \u{2014} c \u{2026} d"),
            ("a ---- b", "a ---- b"),
        ] {
            assert_eq!(educated(text, &on), wanted);
        }
    }
}
