//! Abbreviations and their meanings.

use std::collections::BTreeMap;

use crate::markdown::source::Bound;
use crate::markdown::source::page::Page;
use crate::markdown::tree::{Id, Kind, Tree};
use crate::text::is_word;
use crate::work::step;

/// The longest abbreviation that is looked for, in bytes.
const LONGEST: usize = 200;

/// Abbreviations and their meanings, in the order of their bytes.
type Known<'t> = Vec<(&'t str, &'t str)>;

/// Marks abbreviations wherever text is shown.
pub fn mark(page: &Page, tree: &mut Tree, known: &BTreeMap<String, String>) {
    if known.is_empty() {
        return;
    }
    let pairs = known.iter().map(|(name, meaning)| (&**name, &**meaning));
    let (known, long): (Known, Known) = pairs.partition(|(name, _)| name.len() <= LONGEST);
    if !long.is_empty() {
        page.passed(Bound::Abbreviation, 0);
    }
    // In no order: where a text stands does not matter.
    for id in 0..tree.nodes.len() {
        let mut replaced: Vec<Id> = Vec::new();
        let mut is_changed = false;
        for nth in 0..tree.children(id).len() {
            let child = tree.children(id)[nth];
            let parts = match &tree.nodes[child].kind {
                Kind::Text(text) => abbreviated(text, &known, &|meaning| {
                    page.may_add(meaning.len(), Bound::Meanings, tree.nodes[child].line)
                }),
                _ => Vec::new(),
            };
            if parts.is_empty() {
                if is_changed {
                    replaced.push(child);
                }
                continue;
            }
            if !is_changed {
                replaced.extend(&tree.children(id)[..nth]);
                is_changed = true;
            }
            let line = tree.nodes[child].line;
            for (text, meaning) in parts {
                let node = tree.node(Kind::Text(text.into()), line);
                match meaning {
                    None => replaced.push(node),
                    Some(meaning) => {
                        let abbr = tree.element("abbr", line);
                        tree.set(abbr, "title", meaning);
                        tree.nodes[abbr].children.push(node);
                        replaced.push(abbr);
                    }
                }
            }
        }
        if is_changed {
            tree.nodes[id].children = replaced;
        }
    }
}

/// The longest abbreviation that `text` begins with and that ends where a word
/// does.
fn longest<'k>(text: &str, known: &'k [(&'k str, &'k str)]) -> Option<(&'k str, &'k str)> {
    let mut found = None;
    let mut fitting = known;
    for (at, byte) in text.bytes().enumerate() {
        step(1);
        let of = |name: &str| name.as_bytes().get(at).copied();
        let start = fitting.partition_point(|(name, _)| of(name) < Some(byte));
        let end = fitting.partition_point(|(name, _)| of(name) <= Some(byte));
        fitting = fitting.get(start..end)?;
        let Some((name, meaning)) = fitting.first() else {
            break;
        };
        if name.len() != at + 1 {
            continue;
        }
        let last = text[..=at].chars().next_back().is_some_and(is_word);
        let next = text[at + 1..].chars().next().is_some_and(is_word);
        if last != next {
            found = Some((*name, *meaning));
        }
    }
    found
}

/// A text in parts, those that are abbreviated with their meaning; empty
/// where there is none.
fn abbreviated(
    text: &str,
    known: &[(&str, &str)],
    may_mean: &dyn Fn(&str) -> bool,
) -> Vec<(String, Option<String>)> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut before = false;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        let is_in_word = is_word(character);
        let is_boundary = before != is_in_word;
        before = is_in_word;
        if !is_boundary {
            continue;
        }
        let found = longest(&text[at..], known).filter(|(_, meaning)| may_mean(meaning));
        let Some((name, meaning)) = found else {
            continue;
        };
        if at > from {
            parts.push((text[from..at].to_owned(), None));
        }
        parts.push(((*name).to_owned(), Some((*meaning).to_owned())));
        from = at + name.len();
        before = text[..from].chars().next_back().is_some_and(is_word);
        while characters
            .clone()
            .next()
            .is_some_and(|(next, _)| next < from)
        {
            characters.next();
        }
    }
    if !parts.is_empty() && from < text.len() {
        parts.push((text[from..].to_owned(), None));
    }
    parts
}
