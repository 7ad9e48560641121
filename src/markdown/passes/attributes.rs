//! Attribute lists: their attributes go to the elements they follow.

use std::borrow::Cow;

use crate::html::heading_level;
use crate::markdown::source::lines::TextArena;
use crate::markdown::tree::attributes::{assign, leading, parse, trailing};
use crate::markdown::tree::{Id, Kind, Tree};

/// Moves the attributes of all lists to the elements they follow.
pub fn assign_lists<'a>(tree: &mut Tree<'a>, texts: &'a TextArena) {
    for id in 0..tree.nodes.len() {
        if !tree.is_element(id) {
            continue;
        }
        if tree.nodes[id].is_block {
            assign_to_block(tree, id, texts);
        }
        // The list of an inline element is in the text that follows it.
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
            let rest = if remainder.is_empty() {
                Cow::Borrowed(rest)
            } else {
                Cow::Owned(format!("{rest}{remainder}"))
            };
            assign(tree, element, list);
            tree.nodes[text].kind = Kind::Text(rest);
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
    // After a block, the reference has already put a line break; after an inline
    // element at the end, it uses the text before the first element.
    if tree.nodes[last].is_block {
        return None;
    }
    let first = children.iter().position(|child| tree.is_element(*child))?;
    let before = *children[..first].last()?;
    is_text(before).then_some(before)
}

fn assign_to_block<'a>(tree: &mut Tree<'a>, id: Id, texts: &'a TextArena) {
    let tag = tree.tag(id);
    let is_heading = heading_level(tag).is_some();
    let own_line = !is_heading && !matches!(tag, "dt" | "td" | "th");
    let Some(text) = last_text(tree, id) else {
        return;
    };
    let content = tree.text(text, texts);
    let Some((list, mut before)) = content.and_then(|content| trailing(content, own_line)) else {
        return;
    };
    let (list, remainder) = parse(list);
    if !remainder.is_empty() {
        return;
    }
    if is_heading {
        before = before.trim_end_matches('#').trim_end();
    }
    tree.nodes[text].kind = Kind::Text(before.into());
    assign(tree, id, list);
}
