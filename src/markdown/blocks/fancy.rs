//! `pymdownx.fancylists`: lists numbered `a.`, `IV)` or `#.`.
//!
//! A list keeps its kind, such as `dot-roman`, as an attribute until the page
//! is read; a kind that begins with `force` was asked for by a block before
//! the list.

use finl_unicode::categories::CharacterCategories as _;

use super::{Parser, Queue, put_back};
use crate::markdown::options::FancyLists;
use crate::markdown::source::lines::{Block, Line, TAB, indent, is_indented};
use crate::markdown::tree::{Id, Tree};

/// Keeps a list's kind.
const KIND: &str = "__fancylist";

/// An item's marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marker<'t> {
    /// Its number as written; empty for `*`, `+` and `-`.
    value: &'t str,
    /// `.` or `)`, or the bullet.
    mark: char,
    /// What stands behind it.
    rest: &'t str,
}

impl FancyLists {
    /// Reads the marker that a line begins with.
    fn marker<'t>(&self, line: &'t str) -> Option<Marker<'t>> {
        let bare = line.trim_start_matches(' ');
        if line.len() - bare.len() >= TAB {
            return None;
        }
        let end = bare.find(['.', ')', '*', '+', '-'])?;
        let (value, behind) = bare.split_at(end);
        let mark = behind.chars().next()?;
        let behind = &behind[1..];
        let rest = behind.trim_start_matches(' ');
        let is_numbered = matches!(mark, '.' | ')');
        let fits = if is_numbered {
            self.is_number(value, mark == ')' || behind.starts_with("  "))
        } else {
            value.is_empty()
        };
        (fits && rest.len() < behind.len()).then_some(Marker { value, mark, rest })
    }

    /// Whether `value` numbers an item; a single capital needs more room
    /// behind it, for it may begin a name.
    fn is_number(&self, value: &str, has_room: bool) -> bool {
        let mut letters = value.chars();
        let (Some(first), second) = (letters.next(), letters.next()) else {
            return false;
        };
        let is_single = second.is_none();
        if value.chars().all(|it| it.is_number_decimal()) || (self.generic && value == "#") {
            return true;
        }
        if self.alphabetic && is_single {
            let is_capital = first.is_ascii_uppercase() && has_room;
            if first.is_ascii_lowercase() || is_capital {
                return true;
            }
        }
        if !self.roman {
            return false;
        }
        match first.is_ascii_uppercase() {
            true if is_single => has_room && !self.alphabetic && "IVXLCDM".contains(first),
            true => is_roman(value),
            false => {
                value.bytes().all(|byte| byte.is_ascii_lowercase())
                    && is_roman(&value.to_ascii_uppercase())
            }
        }
    }

    /// The kind of the list that an item belongs to: `known` is the kind of
    /// the list so far, and comes back as it must be compared.
    fn kind(&self, marker: Marker, is_first: bool, known: &str) -> (String, String) {
        let mark = match marker.mark {
            '.' => "dot-",
            ')' => "paren-",
            _ => return (String::new(), known.to_owned()),
        };
        let value = marker.value;
        let is_digits = value.chars().all(|it| it.is_number_decimal());
        let is_letters = value.chars().all(char::is_alphabetic);
        let mut known = known.to_owned();
        if let Some(forced) = known.strip_prefix("force-") {
            let is_roman = value.len() > 2 || "ivxlcdm".contains(&value.to_lowercase());
            let fits = value == "#"
                || match forced.to_lowercase().as_str() {
                    "decimal" => is_digits,
                    "roman" => self.roman && is_letters && is_roman,
                    _ => self.alphabetic && is_letters && value.len() == 1,
                };
            if fits {
                let kind = format!("{mark}{forced}");
                return (kind.clone(), kind);
            }
            known.clear();
        }
        let numbers = match value {
            "#" => known.split_once('-').map_or("decimal", |(_, kind)| kind),
            _ if is_digits => "decimal",
            _ => {
                let is_upper = value.starts_with(|first: char| first.is_ascii_uppercase());
                let (alphabetic, roman) = if is_upper {
                    ("ALPHA", "ROMAN")
                } else {
                    ("alpha", "roman")
                };
                let is = |numbers: &str| known == format!("{mark}{numbers}");
                let may_be_roman = "ivxlcdm".contains(&value.to_lowercase());
                let is_alphabetic = match (self.roman, is_first) {
                    (false, _) => true,
                    (true, true) => {
                        !may_be_roman
                            || is(alphabetic)
                            || (!is(roman) && !value.eq_ignore_ascii_case("i"))
                    }
                    (true, false) => is(alphabetic) || !may_be_roman,
                };
                if self.alphabetic && value.len() == 1 && is_alphabetic {
                    alphabetic
                } else {
                    roman
                }
            }
        };
        (format!("{mark}{numbers}"), known)
    }
}

/// Whether `value`, in capitals, is a Roman number. Up to nine or ten of one
/// letter may follow each other, for `iiii` is no name either.
fn is_roman(value: &str) -> bool {
    let mut rest = value.trim_start_matches('M');
    for (one, five, ten) in [('C', 'D', 'M'), ('X', 'L', 'C'), ('I', 'V', 'X')] {
        let mut letters = rest.chars();
        let (first, second) = (letters.next(), letters.next());
        if first == Some(one) && (second == Some(ten) || second == Some(five)) {
            rest = &rest[2..];
            continue;
        }
        let (bare, most) = match rest.strip_prefix(five) {
            Some(bare) => (bare, 4),
            None => (rest, 9),
        };
        let ones = bare.len() - bare.trim_start_matches(one).len();
        let is_end = ones == bare.len();
        if ones > most && !(is_end && ones == most + 1) {
            return false;
        }
        rest = &bare[ones..];
    }
    rest.is_empty() && !value.is_empty()
}

/// The number that an item begins with, as lists are told.
fn start(kind: &str, value: &str) -> String {
    let letter = |value: &str| {
        let first = value.bytes().next().unwrap_or(b'A').to_ascii_uppercase();
        first.saturating_sub(b'@').to_string()
    };
    match kind.split_once('-').map(|(_, numbers)| numbers) {
        _ if value == "#" => "1".to_owned(),
        Some("roman" | "ROMAN") => roman(&value.to_ascii_uppercase()).to_string(),
        Some("alpha" | "ALPHA") => letter(value),
        _ => value.to_owned(),
    }
}

fn roman(value: &str) -> u64 {
    let worth = |letter: u8| match letter {
        b'I' => 1,
        b'V' => 5,
        b'X' => 10,
        b'L' => 50,
        b'C' => 100,
        b'D' => 500,
        _ => 1000,
    };
    let letters = value.as_bytes();
    let mut total = 0;
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let next = letters.get(at + 1).map_or(0, |next| worth(*next));
        let is_less = worth(*letter) < next;
        total += if is_less {
            next - worth(*letter)
        } else {
            worth(*letter)
        };
        at += if is_less { 2 } else { 1 };
    }
    total
}

/// `type` of a list, and what style sheets call it.
fn shape(kind: &str) -> (&'static str, &'static str) {
    match kind.split_once('-').map_or("", |(_, numbers)| numbers) {
        "alpha" => ("a", "lower-alpha"),
        "ALPHA" => ("A", "upper-alpha"),
        "roman" => ("i", "lower-roman"),
        "ROMAN" => ("I", "upper-roman"),
        _ => ("1", "decimal"),
    }
}

/// The argument of `/// fancylists`: the kind asked for and the first
/// number.
pub(super) fn wish(argument: &str, options: &FancyLists) -> Option<(&'static str, Option<u64>)> {
    let mut kind = "force-decimal";
    let mut start = None;
    for part in argument.split_whitespace() {
        match part.split_once('=')? {
            ("type", "1") => kind = "force-decimal",
            ("type", "a") if options.alphabetic => kind = "force-alpha",
            ("type", "A") if options.alphabetic => kind = "force-ALPHA",
            ("type", "i") if options.roman => kind = "force-roman",
            ("type", "I") if options.roman => kind = "force-ROMAN",
            ("start", number) => start = Some(number.parse::<i64>().ok()?.max(0).unsigned_abs()),
            _ => return None,
        }
    }
    Some((kind, start))
}

/// A block broken into items.
struct Items<'a> {
    items: Vec<Block<'a>>,
    kind: String,
    /// The first number, where the list tells it.
    start: Option<String>,
    /// Where the first item of another kind stands.
    rest: usize,
}

impl<'a> Parser<'a, '_> {
    pub(super) fn fancy_list(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
        tag: &'static str,
        options: FancyLists,
    ) -> bool {
        let begins = |block: &[Line]| {
            let marker = options.marker(block[0].text);
            marker.is_some_and(|marker| marker.value.is_empty() == (tag == "ul"))
        };
        let Some(block) = queue.pop_front_if(|block| begins(block)) else {
            return false;
        };
        let sibling = self
            .tree
            .last_element(parent)
            .filter(|last| self.tree.tag(*last) == tag);
        let known = sibling.and_then(|list| self.tree.attribute(list, KIND));
        let known = known.unwrap_or_default().to_owned();
        let Items {
            mut items,
            kind,
            start,
            rest,
        } = items(&block, &options, tag, &known);
        put_back(queue, block.from(rest));
        let known = sibling.and_then(|list| self.tree.attribute(list, KIND));
        let same = sibling.filter(|_| known.unwrap_or_default() == kind);
        let list = if let Some(list) = same {
            self.continue_list(list, items.remove(0));
            list
        } else if matches!(self.tree.tag(parent), "ol" | "ul") {
            parent
        } else {
            let forced = sibling.filter(|_| known.is_some_and(|known| known.starts_with("force")));
            let list = match forced {
                Some(list) => {
                    self.tree.set(list, KIND, kind);
                    list
                }
                None => {
                    let list = self.tree.append(parent, tag, block[0].source);
                    if tag == "ol" {
                        self.shape_list(list, kind, &options);
                    }
                    list
                }
            };
            let start = start.filter(|start| start != "1");
            if let Some(start) = start.filter(|_| self.tree.attribute(list, "start").is_none()) {
                self.tree.set(list, "start", start);
            }
            list
        };
        self.fill_list(list, items);
        true
    }

    /// Gives a numbered list what tells its kind.
    pub(super) fn shape_list(&mut self, list: Id, kind: String, options: &FancyLists) {
        let (letter, style) = shape(&kind);
        self.tree.set(list, "type", letter);
        self.tree.set(list, KIND, kind);
        if options.with_style {
            self.tree
                .set(list, "style", format!("list-style-type: {style};"));
        }
        if options.with_class {
            self.tree.set(list, "class", format!("fancylists-{style}"));
        }
    }
}

fn items<'a>(block: &[Line<'a>], options: &FancyLists, tag: &str, known: &str) -> Items<'a> {
    let mut items: Vec<Block<'a>> = Vec::new();
    let mut kind = known.to_owned();
    let mut first_number = None;
    for (at, line) in block.iter().enumerate() {
        if let Some(marker) = options.marker(line.text) {
            let (found, compared) = options.kind(marker, items.is_empty(), &kind);
            if !items.is_empty() && found != compared {
                return Items {
                    items,
                    kind: compared,
                    start: first_number,
                    rest: at,
                };
            }
            if items.is_empty() && tag == "ol" {
                first_number = Some(start(&found, marker.value));
            }
            kind = found;
            items.push(vec![line.with(marker.rest)]);
            continue;
        }
        let starts = is_indented(line.text, TAB)
            && indent(line.text) < 2 * TAB
            && options.marker(&line.text[TAB..]).is_some();
        match items.last_mut() {
            Some(item) if !starts || item[0].is_indented(TAB) => item.push(*line),
            _ => items.push(vec![*line]),
        }
    }
    Items {
        items,
        kind,
        start: first_number,
        rest: block.len(),
    }
}

/// Takes off what lists kept of their kinds.
pub fn finish(tree: &mut Tree) {
    for id in tree.walk(Tree::ROOT) {
        tree.unset(id, KIND);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::options::With;

    #[test]
    fn numbers_of_items() {
        let all = FancyLists::new(&With::new(&serde_json::Map::new()));
        for line in [
            "1. x", "a. x", "iv) x", "#. x", "A) x", "A.  x", "XII. x", "- x",
        ] {
            assert!(all.marker(line).is_some(), "{line}");
        }
        for line in ["A. x", "ab. x", "ic. x", "a.x", "    a. x", "1- x"] {
            assert!(all.marker(line).is_none(), "{line}");
        }
        assert_eq!(start("dot-roman", "xiv"), "14");
        assert_eq!(start("paren-ALPHA", "C"), "3");
    }
}
