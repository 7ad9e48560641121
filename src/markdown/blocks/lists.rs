//! Lists with bullets or numbers.

use finl_unicode::categories::CharacterCategories as _;

use super::{Parser, Queue, State, trim_start};
use crate::markdown::source::lines::{Block, Line, TAB, indent, is_indented, loose_detab};
use crate::markdown::tree::{Id, Kind};

/// The length in bytes of the digits, of any script, at the start of `text`.
fn digits(text: &str) -> usize {
    text.len()
        - text
            .trim_start_matches(|it: char| it.is_number_decimal())
            .len()
}

/// The text after an item's marker, of lists of any kind or of the given one.
fn item_text<'t>(line: &'t str, tag: Option<&str>, tab: usize) -> Option<&'t str> {
    let bare = line.trim_start_matches(' ');
    if line.len() - bare.len() >= tab {
        return None;
    }
    let digits = digits(bare);
    let after = match digits {
        0 if tag != Some("ol") => bare.strip_prefix(['*', '+', '-'])?,
        1.. if tag != Some("ul") => bare[digits..].strip_prefix('.')?,
        _ => return None,
    };
    let text = after.trim_start_matches(' ');
    (text.len() < after.len()).then_some(text)
}

/// Whether an item one level deeper begins on a line.
fn is_nested_item(line: &str, tab: usize) -> bool {
    is_indented(line, tab) && indent(line) < 2 * tab && item_text(&line[tab..], None, tab).is_some()
}

impl<'a> Parser<'a, '_> {
    pub(super) fn list(&mut self, parent: Id, queue: &mut Queue<'a>, tag: &'static str) -> bool {
        if let Some(fancy) = self.options.fancy_lists {
            return self.fancy_list(parent, queue, tag, fancy);
        }
        let tab = self.list_tab();
        let is_item = |block: &[Line]| item_text(block[0].text, Some(tag), tab).is_some();
        let Some(block) = queue.pop_front_if(|block| is_item(block)) else {
            return false;
        };
        let truly_sane = self.options.truly_sane_lists;
        let is_sane = self.options.sane_lists;
        let source = block[0].source;
        let own_kind = is_sane || truly_sane.is_some();
        let (mut items, start) = split_items(&block, own_kind.then_some(tag), tab);
        let is_sibling = |other: &str| {
            if let Some(options) = truly_sane {
                other == tag && (tag == "ol" || !options.ends_at_blank)
            } else if is_sane {
                other == tag
            } else {
                matches!(other, "ol" | "ul")
            }
        };
        let sibling = self
            .tree
            .last_element(parent)
            .filter(|last| is_sibling(self.tree.tag(*last)));
        let list = if let Some(list) = sibling {
            self.continue_list(list, items.remove(0));
            list
        } else if matches!(self.tree.tag(parent), "ol" | "ul") {
            parent
        } else {
            let list = self.tree.append(parent, tag, source);
            if is_sane && truly_sane.is_none() && tag == "ol" && start != "1" {
                self.tree.set(list, "start", start);
            }
            list
        };
        self.fill_list(list, items);
        true
    }

    /// Continues a list after a blank line, which makes its items loose.
    pub(super) fn continue_list(&mut self, list: Id, first: Block<'a>) {
        if let Some(last) = self.tree.last_element(list) {
            self.tree.wrap_leading_leaf(last);
            self.wrap_tail(last);
        }
        let item = self.tree.append(list, "li", first[0].source);
        let first = self.stretch(&first);
        self.within(State::LooseList, |parser| parser.parse_block(item, first));
    }

    /// Parses items into a list. One that is indented continues the last.
    pub(super) fn fill_list(&mut self, list: Id, items: Vec<Block<'a>>) {
        let tab = self.list_tab();
        self.within(State::List, |parser| {
            for item in items {
                let element = match parser.tree.last_element(list) {
                    Some(last) if item[0].is_indented(tab) => last,
                    _ => parser.tree.append(list, "li", item[0].source),
                };
                let item = parser.stretch(&item);
                parser.parse_block(element, item);
            }
        });
    }

    /// The spaces that make one level of nesting in lists.
    pub(super) fn list_tab(&self) -> usize {
        self.options.truly_sane_lists.map_or(TAB, |it| it.indent)
    }

    /// The same in definition lists.
    pub(super) fn definition_tab(&self) -> usize {
        let truly_sane = self.options.truly_sane_lists.filter(|it| it.definitions);
        truly_sane.map_or(TAB, |it| it.indent)
    }

    /// Makes the text after the last element a paragraph.
    pub(super) fn wrap_tail(&mut self, id: Id) {
        let Some(tail) = self.tree.trailing_leaf(id) else {
            return;
        };
        let lines = trim_start(self.tree.lines(tail));
        let paragraph = self.tree.element("p", self.tree.nodes[tail].line);
        self.tree.nodes[tail].kind = Kind::Leaf(lines);
        self.tree.nodes[paragraph].children.push(tail);
        if let Some(last) = self.tree.nodes[id].children.last_mut() {
            *last = paragraph;
        }
    }

    /// Parses text that is indented below a list. As in the reference, this is
    /// one rule for lists and, with `definitions`, a later one for definition
    /// lists.
    pub(super) fn list_indent(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
        definitions: bool,
    ) -> bool {
        if definitions && !self.options.def_list {
            return false;
        }
        let tab = if definitions {
            self.definition_tab()
        } else {
            self.list_tab()
        };
        let is_item = |tag: &str| tag == "li" || (definitions && tag == "dd");
        let is_list = |tag: &str| matches!(tag, "ul" | "ol") || (definitions && tag == "dl");
        let Some(block) = queue.front() else {
            return false;
        };
        let last = self.tree.last_element(parent);
        let parent_is_item = is_item(self.tree.tag(parent));
        let follows = parent_is_item || last.is_some_and(|last| is_list(self.tree.tag(last)));
        if !block[0].is_indented(tab) || self.is(State::Detabbed) || !follows {
            return false;
        }
        let Some(block) = queue.pop_front() else {
            return false;
        };
        let levels = indent(block[0].text) / tab;
        let mut level = usize::from(self.is(State::List));
        let mut innermost = parent;
        while levels > level
            && let Some(child) = self.tree.last_element(innermost)
        {
            let tag = self.tree.tag(child);
            if !is_list(tag) && !is_item(tag) {
                break;
            }
            level += usize::from(is_list(tag));
            innermost = child;
        }
        let block = loose_detab(&block, level * tab);
        let block = self.with_open_slashes(block, level * tab, queue);
        let tree = &mut self.tree;
        let last = tree.last_element(if parent_is_item { parent } else { innermost });
        let element = if parent_is_item {
            last.filter(|last| is_list(tree.tag(*last)))
                .unwrap_or(parent)
        } else if is_item(tree.tag(innermost)) {
            innermost
        } else if let Some(item) = last.filter(|last| is_item(tree.tag(*last))) {
            tree.wrap_leading_leaf(item);
            item
        } else {
            let tag = if definitions { "dd" } else { "li" };
            tree.append(innermost, tag, block[0].source)
        };
        self.within(State::Detabbed, |parser| parser.parse(element, &block));
        true
    }
}

/// Splits a block into items. Also returns the first number, as written.
fn split_items<'a>(block: &[Line<'a>], tag: Option<&str>, tab: usize) -> (Vec<Block<'a>>, &'a str) {
    let first = block[0].text.trim_start_matches(' ');
    let digits = digits(first);
    let mut items: Vec<Block<'a>> = Vec::new();
    for line in block {
        if let Some(text) = item_text(line.text, tag, tab) {
            items.push(vec![line.with(text)]);
            continue;
        }
        let is_nested_item = is_nested_item(line.text, tab);
        match items.last_mut() {
            Some(item) if !is_nested_item || item[0].is_indented(tab) => item.push(*line),
            _ => items.push(vec![*line]),
        }
    }
    (items, &first[..digits])
}
