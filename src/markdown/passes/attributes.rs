//! Attribute lists: their attributes go to the elements they follow.

use std::borrow::Cow;

use crate::html::{entity_length, heading_level};
use crate::markdown::source::lines::TextArena;
use crate::markdown::tree::attributes::{assign, leading, parse, trailing};
use crate::markdown::tree::{Id, Kind, Tree};
use crate::work::step;

/// Moves the attributes of all lists to the elements they follow.
pub fn assign_lists<'a>(tree: &mut Tree<'a>, texts: &'a TextArena) {
    for id in 0..tree.nodes.len() {
        let may_hold_list = |child: &Id| match &tree.nodes[*child].kind {
            Kind::Text(text) => memchr::memchr(b'{', text.as_bytes()).is_some(),
            _ => false,
        };
        if !tree.is_element(id) || !tree.children(id).iter().any(may_hold_list) {
            continue;
        }
        let joined = join_lists(tree, id);
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
        for (text, tags) in joined {
            divide(tree, id, text, &tags);
        }
    }
}

/// Makes one text of what entities, escaped characters and tags in quotes divide, where an
/// attribute list would be in parts. Returns these texts, each with the tags in it.
fn join_lists(tree: &mut Tree, id: Id) -> Vec<(Id, Vec<String>)> {
    let mut texts = Vec::new();
    let mut at = 0;
    while at + 1 < tree.children(id).len() {
        let children = &tree.children(id)[at..];
        at += 1;
        let is_open = |child: Id| match &tree.nodes[child].kind {
            Kind::Text(text) => text.rfind('{') > text.rfind('}'),
            _ => false,
        };
        if !is_open(children[0]) {
            continue;
        }
        let mut joined = String::new();
        let mut tags = Vec::new();
        let mut quotes = Quotes::default();
        let mut is_closed = false;
        let mut parts = 0;
        let mut is_behind_text = false;
        let mut last = "";
        for child in children {
            let text = match &tree.nodes[*child].kind {
                // Of two texts beside each other, one is an escaped character.
                Kind::Text(text) if is_behind_text && !is_plain(text) && !is_plain(last) => break,
                Kind::Text(text) => text,
                Kind::Raw(html) if parts > 0 && html.starts_with('<') && quotes.open.is_some() => {
                    tags.push(html.clone().into_owned());
                    html
                }
                Kind::Raw(html) if parts > 0 => {
                    if !is_plain(html) && entity_length(html) != Some(html.len()) {
                        break;
                    }
                    html
                }
                _ => break,
            };
            is_behind_text = matches!(tree.nodes[*child].kind, Kind::Text(_));
            last = text;
            joined.push_str(text);
            quotes.pass(text);
            step(text.len());
            parts += 1;
            is_closed = parts > 1 && text.contains('}');
            if is_closed {
                break;
            }
        }
        if !is_closed {
            // Lists that begin in these parts end no sooner.
            at += parts - 1;
            continue;
        }
        if joined.rfind('}') > joined.rfind('{') {
            let first = children[0];
            tree.nodes[id].children.drain(at..at + parts - 1);
            tree.nodes[first].kind = Kind::Text(joined.into());
            texts.push((first, tags));
        }
    }
    texts
}

/// Where in the values of an attribute list a text ends that is read in parts.
#[derive(Default)]
struct Quotes {
    is_in_list: bool,
    /// The quotes of the value that has no end yet.
    open: Option<char>,
}

impl Quotes {
    fn pass(&mut self, text: &str) {
        for character in text.chars() {
            match (character, self.open) {
                ('{', _) => (self.is_in_list, self.open) = (true, None),
                ('"' | '\'', None) if self.is_in_list => self.open = Some(character),
                (_, Some(open)) if open == character => self.open = None,
                _ => {}
            }
        }
    }
}

/// Whether a text is one character that means nothing in an attribute list, so that it does
/// not matter whether it was escaped.
fn is_plain(text: &str) -> bool {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => !matches!(only, '{' | '}' | '"' | '\'' | '=' | '\\' | ' ' | '\n'),
        _ => false,
    }
}

/// Makes nodes of their own of the entities and `tags` that are left in a joined text.
fn divide(tree: &mut Tree, parent: Id, id: Id, tags: &[String]) {
    let Kind::Text(text) = &tree.nodes[id].kind else {
        return;
    };
    let (text, line) = (text.clone().into_owned(), tree.nodes[id].line);
    let entities = text.match_indices('&');
    let mut found: Vec<(usize, usize)> = entities
        .filter_map(|(at, _)| Some((at, entity_length(&text[at..])?)))
        .collect();
    let mut from = 0;
    for tag in tags {
        if let Some(at) = text[from..].find(tag) {
            found.push((from + at, tag.len()));
            from += at + tag.len();
        }
    }
    found.sort_unstable();
    let mut nodes = Vec::new();
    let mut from = 0;
    for (at, length) in found {
        // An entity may be in a tag.
        if at < from {
            continue;
        }
        let before = Kind::Text(text[from..at].to_owned().into());
        let html = Kind::Raw(text[at..at + length].to_owned().into());
        nodes.extend([before, html].map(|kind| tree.node(kind, line)));
        from = at + length;
    }
    if from == 0 {
        return;
    }
    tree.nodes[id].kind = Kind::Text(text[from..].to_owned().into());
    let children = &mut tree.nodes[parent].children;
    if let Some(at) = children.iter().position(|child| *child == id) {
        children.insert_many(at, nodes);
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
