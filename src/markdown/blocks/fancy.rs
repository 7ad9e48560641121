//! `pymdownx.fancylists`: lists numbered `a.`, `IV)` or `#.`.
//!
//! Until all blocks are parsed, a list has its kind, such as `dot-roman`, as an
//! attribute. A kind that begins with `force` was set by a block before the
//! list.

use finl_unicode::categories::CharacterCategories as _;

use super::{Parser, Queue, put_back, unindented};
use crate::markdown::options::FancyLists;
use crate::markdown::source::lines::{Block, Line, TAB, indent, is_indented};
use crate::markdown::tree::{Id, Tree};

/// The attribute with a list's kind.
const KIND: &str = "__fancylist";

/// An item's marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marker<'t> {
    /// Its number as written; empty for `*`, `+` and `-`.
    value: &'t str,
    /// `.` or `)`, or the bullet.
    mark: char,
    /// The text after it.
    rest: &'t str,
}

impl FancyLists {
    /// Parses the marker at the start of a line.
    fn marker<'t>(&self, line: &'t str) -> Option<Marker<'t>> {
        let bare = unindented(line)?;
        let end = bare.find(['.', ')', '*', '+', '-'])?;
        let (value, from_mark) = bare.split_at(end);
        let mark = from_mark.chars().next()?;
        let after = &from_mark[1..];
        let rest = after.trim_start_matches(' ');
        let is_numbered = matches!(mark, '.' | ')');
        let fits = if is_numbered {
            self.is_number(value, mark == ')' || after.starts_with("  "))
        } else {
            value.is_empty()
        };
        (fits && rest.len() < after.len()).then_some(Marker { value, mark, rest })
    }

    /// Whether `value` numbers an item. A single capital needs more room after
    /// it, since it may be the initial of a name.
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
        if !first.is_ascii_uppercase() {
            value.bytes().all(|byte| byte.is_ascii_lowercase())
                && is_roman(&value.to_ascii_uppercase())
        } else if is_single {
            has_room && !self.alphabetic && "IVXLCDM".contains(first)
        } else {
            is_roman(value)
        }
    }

    /// The kind of the list that an item belongs to. `current` is the kind of
    /// the list so far; it is returned in the form in which the two are to be
    /// compared.
    fn kind(&self, marker: Marker, is_first: bool, current: &str) -> (String, String) {
        let mark = match marker.mark {
            '.' => "dot-",
            ')' => "paren-",
            _ => return (String::new(), current.to_owned()),
        };
        let mut current = current.to_owned();
        if let Some(forced) = current.strip_prefix("force-") {
            if self.fits(marker.value, forced) {
                let kind = format!("{mark}{forced}");
                return (kind.clone(), kind);
            }
            current.clear();
        }
        let numbers = match marker.value {
            "#" => current.split_once('-').map_or("decimal", |(_, kind)| kind),
            value if value.chars().all(|it| it.is_number_decimal()) => "decimal",
            value => self.letters(value, mark, is_first, &current),
        };
        (format!("{mark}{numbers}"), current)
    }

    /// Whether `value` may be a number of a kind that was set by a block.
    fn fits(&self, value: &str, forced: &str) -> bool {
        let is_letters = || value.chars().all(char::is_alphabetic);
        value == "#"
            || match forced.to_lowercase().as_str() {
                "decimal" => value.chars().all(|it| it.is_number_decimal()),
                "roman" => self.roman && is_letters() && (value.len() > 2 || is_in_roman(value)),
                _ => self.alphabetic && is_letters() && value.len() == 1,
            }
    }

    /// Whether letters are alphabetic or Roman numbers, and in which case.
    fn letters(&self, value: &str, mark: &str, is_first: bool, current: &str) -> &'static str {
        let is_upper = value.starts_with(|first: char| first.is_ascii_uppercase());
        let (alphabetic, roman) = if is_upper {
            ("ALPHA", "ROMAN")
        } else {
            ("alpha", "roman")
        };
        let continues = |numbers: &str| current == format!("{mark}{numbers}");
        let may_begin_alphabetic = || !continues(roman) && !value.eq_ignore_ascii_case("i");
        let is_alphabetic = !self.roman
            || !is_in_roman(value)
            || continues(alphabetic)
            || (is_first && may_begin_alphabetic());
        if self.alphabetic && value.len() == 1 && is_alphabetic {
            alphabetic
        } else {
            roman
        }
    }
}

/// Whether `value`, a letter or two, may be a Roman number.
fn is_in_roman(value: &str) -> bool {
    "ivxlcdm".contains(&value.to_lowercase())
}

/// Whether `value`, in capitals, is a Roman number. Up to nine or ten of one
/// letter may follow each other, as the reference allows it.
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

/// The attribute `start` of a list whose first item is numbered `value`.
fn start(kind: &str, value: &str) -> String {
    match kind.split_once('-').map(|(_, numbers)| numbers) {
        _ if value == "#" => "1".to_owned(),
        Some("roman" | "ROMAN") => parse_roman(&value.to_ascii_uppercase()).to_string(),
        Some("alpha" | "ALPHA") => {
            let letter = value.as_bytes()[0].to_ascii_uppercase();
            letter.saturating_sub(b'@').to_string()
        }
        _ => value.to_owned(),
    }
}

/// The value of a Roman number in capitals.
fn parse_roman(value: &str) -> u64 {
    let value_of = |letter: u8| match letter {
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
        let own = value_of(*letter);
        let next = letters.get(at + 1).map_or(0, |next| value_of(*next));
        if own < next {
            total += next - own;
            at += 2;
        } else {
            total += own;
            at += 1;
        }
    }
    total
}

/// The attribute `type` of a list, and its `list-style-type`.
fn shape(kind: &str) -> (&'static str, &'static str) {
    match kind.split_once('-').map_or("", |(_, numbers)| numbers) {
        "alpha" => ("a", "lower-alpha"),
        "ALPHA" => ("A", "upper-alpha"),
        "roman" => ("i", "lower-roman"),
        "ROMAN" => ("I", "upper-roman"),
        _ => ("1", "decimal"),
    }
}

/// Parses the argument of `/// fancylists`: the kind of the list and its first
/// number.
pub(super) fn parse_argument(
    argument: &str,
    options: &FancyLists,
) -> Option<(&'static str, Option<u64>)> {
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

/// A block split into items.
struct Items<'a> {
    items: Vec<Block<'a>>,
    /// The kind of the list.
    kind: String,
    /// The attribute `start`, if the list is numbered.
    start: Option<String>,
    /// The index of the line with the first item of another kind.
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
        // A list with bullets has no kind.
        let current = sibling
            .and_then(|list| self.tree.attribute(list, KIND))
            .unwrap_or("")
            .to_owned();
        let Items {
            mut items,
            kind,
            start,
            rest,
        } = split_items(&block, &options, tag, &current);
        put_back(queue, block.from(rest));
        let list = match sibling {
            Some(list) if current == kind => {
                self.continue_list(list, items.remove(0));
                list
            }
            _ if matches!(self.tree.tag(parent), "ol" | "ul") => parent,
            _ => {
                let list = match sibling {
                    Some(list) if current.starts_with("force") => {
                        self.tree.set(list, KIND, kind);
                        list
                    }
                    _ => {
                        let list = self.tree.append(parent, tag, block[0].source);
                        if tag == "ol" {
                            self.shape_list(list, kind, &options);
                        }
                        list
                    }
                };
                if let Some(start) = start
                    && start != "1"
                    && self.tree.attribute(list, "start").is_none()
                {
                    self.tree.set(list, "start", start);
                }
                list
            }
        };
        self.fill_list(list, items);
        true
    }

    /// Gives a numbered list the attributes for its kind.
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

/// Splits a block into the items of one list. `current` is the kind of the list
/// that it continues.
fn split_items<'a>(
    block: &[Line<'a>],
    options: &FancyLists,
    tag: &str,
    current: &str,
) -> Items<'a> {
    let mut items: Vec<Block<'a>> = Vec::new();
    let mut kind = current.to_owned();
    let mut first_number = None;
    for (at, line) in block.iter().enumerate() {
        if let Some(marker) = options.marker(line.text) {
            let (item_kind, list_kind) = options.kind(marker, items.is_empty(), &kind);
            if !items.is_empty() && item_kind != list_kind {
                return Items {
                    items,
                    kind: list_kind,
                    start: first_number,
                    rest: at,
                };
            }
            if items.is_empty() && tag == "ol" {
                first_number = Some(start(&item_kind, marker.value));
            }
            kind = item_kind;
            items.push(vec![line.with(marker.rest)]);
            continue;
        }
        let is_nested_item = is_indented(line.text, TAB)
            && indent(line.text) < 2 * TAB
            && options.marker(&line.text[TAB..]).is_some();
        match items.last_mut() {
            Some(item) if !is_nested_item || item[0].is_indented(TAB) => item.push(*line),
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

/// Removes the kinds of all lists.
pub fn finish(tree: &mut Tree) {
    for id in tree.walk(Tree::ROOT) {
        tree.unset(id, KIND);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::options::ExtensionOptions;

    #[test]
    fn numbers_of_items() {
        let all = FancyLists::new(&ExtensionOptions::new(&serde_json::Map::new()));
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
