//! What happens to the tree once its texts are read.

use super::attributes::{assign, leading, parse, trailing};
use super::lines::Texts;
use super::options::Tasklist;
use super::page::{Bound, Page};
use super::slug::is_word;
use super::tree::{Id, Kind, Tree};
use crate::work::step;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Marks list items that begin with `[ ]` or `[x]`.
pub fn tasks(tree: &mut Tree, options: Tasklist) {
    for list in 0..tree.nodes.len() {
        let items = tree.elements(list);
        let items: Vec<Id> = items.filter(|item| tree.tag(*item) == "li").collect();
        let mut has_task = false;
        for item in items {
            let within = match tree.leading_leaf(item) {
                Some(_) => Some(item),
                None => tree
                    .elements(item)
                    .next()
                    .filter(|first| tree.tag(*first) == "p"),
            };
            let Some(within) = within else {
                continue;
            };
            let Some(leaf) = tree.leading_leaf(within) else {
                continue;
            };
            let Kind::Leaf(lines) = &mut tree.nodes[leaf].kind else {
                continue;
            };
            let Some((is_done, rest)) = checkbox(lines[0].text) else {
                continue;
            };
            lines[0].text = rest;
            let html = checkbox_html(is_done, options);
            let line = tree.nodes[leaf].line;
            let checkbox = tree.node(Kind::Raw(html.into()), line);
            tree.nodes[within].children.insert(0, checkbox);
            tree.add_class(item, "task-list-item");
            has_task = true;
        }
        if has_task && !tree.has_class(list, "task-list") {
            tree.add_class(list, "task-list");
        }
    }
}

fn checkbox(text: &str) -> Option<(bool, &str)> {
    let inner = text.trim_start_matches(' ').strip_prefix('[')?;
    let mark = inner
        .chars()
        .next()
        .filter(|mark| matches!(mark, 'x' | 'X' | ' '))?;
    let rest = inner[1..].strip_prefix(']')?;
    rest.starts_with(' ')
        .then(|| (mark != ' ', rest.trim_start_matches(' ')))
}

fn checkbox_html(is_done: bool, options: Tasklist) -> String {
    let disabled = if options.clickable { "" } else { " disabled" };
    let checked = if is_done { " checked" } else { "" };
    let input = format!("<input type=\"checkbox\"{disabled}{checked}/>");
    match options.custom {
        true => format!(
            "<label class=\"task-list-control\">{input}<span class=\"task-list-indicator\"></span></label> "
        ),
        false => format!("{input} "),
    }
}

/// Gives attribute lists to what they follow.
pub fn attributes<'a>(tree: &mut Tree<'a>, texts: &'a Texts) {
    for id in 0..tree.nodes.len() {
        if !tree.is_element(id) {
            continue;
        }
        if tree.nodes[id].is_block {
            block_attributes(tree, id, texts);
        }
        // Inline elements are read from their parent: a list follows them.
        let mut at = 0;
        while at + 1 < tree.children(id).len() {
            let (element, text) = (tree.children(id)[at], tree.children(id)[at + 1]);
            at += 1;
            let is_inline = tree.is_element(element) && !tree.nodes[element].is_block;
            if !is_inline {
                continue;
            }
            let Some((list, rest)) = tree.text(text, texts).and_then(leading) else {
                continue;
            };
            let (list, remainder) = parse(list);
            let left = match remainder {
                "" => Cow::Borrowed(rest),
                remainder => Cow::Owned(format!("{rest}{remainder}")),
            };
            assign(tree, element, list);
            tree.nodes[text].kind = Kind::Text(left);
        }
    }
}

/// The text that may end with a block's attribute list.
fn last_text(tree: &Tree, id: Id) -> Option<Id> {
    let mut children = tree.children(id);
    let is_text = |child: Id| matches!(tree.nodes[child].kind, Kind::Text(_));
    if tree.tag(id) == "li" {
        let list = children
            .iter()
            .position(|child| matches!(tree.tag(*child), "ul" | "ol"));
        children = &children[..list.unwrap_or(children.len())];
    }
    let last = *children.last()?;
    if is_text(last) {
        return Some(last);
    }
    // Behind a block the reference has put a line break already; behind an
    // inline element without text it reads the text before the first.
    if tree.nodes[last].is_block {
        return None;
    }
    let first = children.iter().position(|child| tree.is_element(*child))?;
    children
        .get(first.checked_sub(1)?)
        .copied()
        .filter(|child| is_text(*child))
}

fn block_attributes<'a>(tree: &mut Tree<'a>, id: Id, texts: &'a Texts) {
    let tag = tree.tag(id);
    let is_heading = super::headings::level(tag).is_some();
    let own_line = !is_heading && !matches!(tag, "dt" | "td" | "th");
    let Some(text) = last_text(tree, id) else {
        return;
    };
    let content = tree.text(text, texts);
    let Some((list, kept)) = content.and_then(|content| trailing(content, own_line)) else {
        return;
    };
    let (list, remainder) = parse(list);
    if !remainder.is_empty() {
        return;
    }
    let kept = match is_heading {
        true => kept.trim_end_matches('#').trim_end(),
        false => kept,
    };
    tree.nodes[text].kind = Kind::Text(kept.into());
    assign(tree, id, list);
}

/// The longest abbreviation that is looked for, in bytes.
const LONGEST: usize = 200;

/// Abbreviations and their meanings, in the order of their bytes.
type Known<'t> = Vec<(&'t str, &'t str)>;

/// Marks abbreviations wherever text is shown.
pub fn abbreviations(page: &Page, tree: &mut Tree, known: &BTreeMap<String, String>) {
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
