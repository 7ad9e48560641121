//! Abbreviations: `<abbr>` around each occurrence.

use std::collections::BTreeMap;

use crate::markdown::source::Limit;
use crate::markdown::source::page::Page;
use crate::markdown::tree::{Id, Kind, Tree};
use crate::text::{Bytes, is_word};
use crate::work::step;

/// The longest abbreviation that is looked for, in bytes.
const LONGEST: usize = 200;

/// Abbreviations with their meanings, sorted by bytes.
type Abbreviations<'t> = Vec<(&'t str, &'t str)>;

/// What is looked for in texts.
struct Wanted<'t> {
    /// The first bytes of all abbreviations. Most words begin with none of them.
    first: Bytes,
    all: Abbreviations<'t>,
}

/// Marks abbreviations wherever text is shown.
pub fn mark(page: &Page, tree: &mut Tree, definitions: &BTreeMap<String, String>) {
    if definitions.is_empty() {
        return;
    }
    let pairs = definitions
        .iter()
        .map(|(name, meaning)| (&**name, &**meaning));
    let (all, too_long): (Abbreviations, Abbreviations) =
        pairs.partition(|(name, _)| name.len() <= LONGEST);
    let first: Vec<u8> = all.iter().filter_map(|it| it.0.bytes().next()).collect();
    let wanted = Wanted {
        first: Bytes::of(&first),
        all,
    };
    if !too_long.is_empty() {
        page.passed(Limit::Abbreviation, 0);
    }
    // Not in document order, which does not matter here.
    for id in 0..tree.nodes.len() {
        let mut replaced: Vec<Id> = Vec::new();
        let mut is_changed = false;
        for nth in 0..tree.children(id).len() {
            let child = tree.children(id)[nth];
            let parts = match &tree.nodes[child].kind {
                Kind::Text(text) => split(text, &wanted, &|meaning| {
                    page.may_add(meaning.len(), Limit::Meanings, tree.nodes[child].line)
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
            tree.nodes[id].children = replaced.into();
        }
    }
}

/// The longest abbreviation at the start of `text` that ends at a word
/// boundary, with its meaning.
fn find_longest<'k>(
    text: &str,
    abbreviations: &'k [(&'k str, &'k str)],
) -> Option<(&'k str, &'k str)> {
    let mut longest = None;
    // Those that begin with the bytes read so far.
    let mut candidates = abbreviations;
    for (at, byte) in text.bytes().enumerate() {
        step(1);
        let byte_of = |name: &str| name.as_bytes().get(at).copied();
        let start = candidates.partition_point(|(name, _)| byte_of(name) < Some(byte));
        let end = candidates.partition_point(|(name, _)| byte_of(name) <= Some(byte));
        candidates = &candidates[start..end];
        let Some((name, meaning)) = candidates.first() else {
            break;
        };
        if name.len() != at + 1 {
            continue;
        }
        let ends_in_word = text[..=at].chars().next_back().is_some_and(is_word);
        let word_follows = text[at + 1..].chars().next().is_some_and(is_word);
        if ends_in_word != word_follows {
            longest = Some((*name, *meaning));
        }
    }
    longest
}

/// Splits a text at its abbreviations. Each part that is one comes with its
/// meaning. Empty if there are none.
fn split(
    text: &str,
    wanted: &Wanted<'_>,
    may_add: &dyn Fn(&str) -> bool,
) -> Vec<(String, Option<String>)> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(next) = wanted.first.find(&text.as_bytes()[at..]) {
        let begin = at + next;
        at = begin + 1;
        let before = text[..begin].chars().next_back().is_some_and(is_word);
        let is_boundary = before != text[begin..].chars().next().is_some_and(is_word);
        if !is_boundary {
            continue;
        }
        let Some((name, meaning)) = find_longest(&text[begin..], &wanted.all) else {
            continue;
        };
        if !may_add(meaning) {
            continue;
        }
        if begin > from {
            parts.push((text[from..begin].to_owned(), None));
        }
        parts.push((name.to_owned(), Some(meaning.to_owned())));
        from = begin + name.len();
        at = from;
    }
    if !parts.is_empty() && from < text.len() {
        parts.push((text[from..].to_owned(), None));
    }
    parts
}
