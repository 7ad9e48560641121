//! Abbreviations: `<abbr>` around each occurrence.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::markdown::source::Limit;
use crate::markdown::source::page::Page;
use crate::markdown::tree::{Id, Kind, Tree};
use crate::text::is_word;
use crate::work::step;

/// The longest abbreviation that is looked for, in bytes.
const LONGEST: usize = 200;

/// Abbreviations with their meanings, sorted by bytes.
type Abbreviations<'t> = Vec<(&'t str, &'t str)>;

/// What is looked for in texts.
struct Wanted<'t> {
    all: Abbreviations<'t>,
    /// Which of them begin with a byte.
    by_first: Vec<Range<usize>>,
    /// For each first byte, which bytes come second: one bit for each.
    seconds: Vec<[u64; 4]>,
}

impl<'t> Wanted<'t> {
    fn of(all: Abbreviations<'t>) -> Self {
        let mut by_first = vec![0..0; 256];
        let mut seconds = vec![[0; 4]; 256];
        for (nth, (name, _)) in all.iter().enumerate() {
            let mut bytes = name.bytes();
            let Some(byte) = bytes.next() else {
                continue;
            };
            let range: &mut Range<usize> = &mut by_first[usize::from(byte)];
            if range.end == 0 {
                range.start = nth;
            }
            range.end = nth + 1;
            let seconds: &mut [u64; 4] = &mut seconds[usize::from(byte)];
            match bytes.next() {
                Some(second) => seconds[usize::from(second >> 6)] |= 1 << (second & 63),
                // Anything may follow it.
                None => *seconds = [u64::MAX; 4],
            }
        }
        Self {
            all,
            by_first,
            seconds,
        }
    }

    /// Whether an abbreviation may begin with the first two of these bytes.
    fn may_begin(&self, bytes: &[u8]) -> bool {
        match bytes {
            [first, second, ..] => {
                let seconds = &self.seconds[usize::from(*first)];
                seconds[usize::from(second >> 6)] & (1 << (second & 63)) != 0
            }
            [first] => self.by_first[usize::from(*first)].end > 0,
            [] => false,
        }
    }

    /// The abbreviations that begin as a text does with its first byte.
    fn candidates(&self, text: &str) -> &[(&'t str, &'t str)] {
        let first = text.bytes().next().map(usize::from);
        first.map_or(&[], |first| &self.all[self.by_first[first].clone()])
    }
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
    let wanted = Wanted::of(all);
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

/// The first word boundary from `at` on after which an abbreviation may begin.
fn next_beginning(text: &str, at: usize, wanted: &Wanted<'_>) -> Option<usize> {
    let mut is_in_word = text[..at].chars().next_back().is_some_and(is_word);
    let mut at = at;
    // Bytes, since most texts are ASCII, and each is looked at.
    while let Some(byte) = text.as_bytes().get(at) {
        let character = if byte.is_ascii() {
            char::from(*byte)
        } else {
            text[at..].chars().next()?
        };
        let is_of_word = is_word(character);
        if is_of_word != is_in_word && wanted.may_begin(&text.as_bytes()[at..]) {
            return Some(at);
        }
        is_in_word = is_of_word;
        at += character.len_utf8();
    }
    None
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
    while let Some(begin) = next_beginning(text, at, wanted) {
        let text_from = &text[begin..];
        at = begin + text_from.chars().next().map_or(1, char::len_utf8);
        let Some((name, meaning)) = find_longest(text_from, wanted.candidates(text_from)) else {
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
