use finl_unicode::categories::CharacterCategories as _;

use super::{Parser, Queue, State, trim_start};
use crate::markdown::source::lines::{Block, Line, TAB, indent, is_indented, loose_detab};
use crate::markdown::tree::{Id, Kind};

/// How many bytes of digits, of any script, `text` begins with.
fn digits(text: &str) -> usize {
    text.len()
        - text
            .trim_start_matches(|it: char| it.is_number_decimal())
            .len()
}

/// What stands behind an item's marker; `None` where the line begins none.
fn marked<'t>(text: &'t str, tag: Option<&str>) -> Option<&'t str> {
    let bare = text.trim_start_matches(' ');
    if text.len() - bare.len() >= TAB {
        return None;
    }
    let digits = digits(bare);
    let behind = match digits {
        0 if tag != Some("ol") => bare.strip_prefix(['*', '+', '-']),
        0 => None,
        _ if tag != Some("ul") => bare[digits..].strip_prefix('.'),
        _ => None,
    }?;
    behind
        .starts_with(' ')
        .then(|| behind.trim_start_matches(' '))
}

/// Whether an item one level deeper begins here.
fn is_marked_deeper(text: &str) -> bool {
    is_indented(text, TAB) && indent(text) < 2 * TAB && marked(&text[TAB..], None).is_some()
}

impl<'a> Parser<'a, '_> {
    pub(super) fn list(&mut self, parent: Id, queue: &mut Queue<'a>, tag: &'static str) -> bool {
        if let Some(fancy) = self.options.fancy_lists {
            return self.fancy_list(parent, queue, tag, fancy);
        }
        let is_item = |block: &[Line]| marked(block[0].text, Some(tag)).is_some();
        let Some(block) = queue.pop_front_if(|block| is_item(block)) else {
            return false;
        };
        let is_sane = self.options.sane_lists;
        let source = block[0].source;
        let (mut items, start) = items(&block, is_sane.then_some(tag));
        let is_sibling = |found: &str| {
            if is_sane {
                found == tag
            } else {
                matches!(found, "ol" | "ul")
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
            if is_sane && tag == "ol" && start != "1" {
                self.tree.set(list, "start", start);
            }
            list
        };
        self.fill_list(list, items);
        true
    }

    /// Goes on with a list behind a blank line, which makes its items loose.
    pub(super) fn continue_list(&mut self, list: Id, first: Block<'a>) {
        if let Some(last) = self.tree.last_element(list) {
            self.tree.wrap_leading_leaf(last);
            self.wrap_tail(last);
        }
        let item = self.tree.append(list, "li", first[0].source);
        let first = self.stretch(&first);
        self.within(State::LooseList, |parser| parser.parse_block(item, first));
    }

    /// Reads items into a list; one that is indented goes on with the last.
    pub(super) fn fill_list(&mut self, list: Id, items: Vec<Block<'a>>) {
        self.within(State::List, |parser| {
            for item in items {
                let last = parser
                    .tree
                    .last_element(list)
                    .filter(|_| item[0].is_indented(TAB));
                let into = last.unwrap_or_else(|| parser.tree.append(list, "li", item[0].source));
                let item = parser.stretch(&item);
                parser.parse_block(into, item);
            }
        });
    }

    /// Makes a paragraph of the text behind the last element.
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

    /// Text that is indented below a list. Definition lists come second, as
    /// in the reference, and `definitions` says which of the two this is.
    pub(super) fn list_indent(
        &mut self,
        parent: Id,
        queue: &mut Queue<'a>,
        definitions: bool,
    ) -> bool {
        if definitions && !self.options.def_list {
            return false;
        }
        let is_item = |tag: &str| tag == "li" || (definitions && tag == "dd");
        let is_list = |tag: &str| matches!(tag, "ul" | "ol") || (definitions && tag == "dl");
        let Some(block) = queue.front() else {
            return false;
        };
        let last = self.tree.last_element(parent);
        let parent_is_item = is_item(self.tree.tag(parent));
        let follows = parent_is_item || last.is_some_and(|last| is_list(self.tree.tag(last)));
        if !block[0].is_indented(TAB) || self.is(State::Detabbed) || !follows {
            return false;
        }
        let Some(block) = queue.pop_front() else {
            return false;
        };
        let levels = indent(block[0].text) / TAB;
        let mut level = usize::from(self.is(State::List));
        let mut sibling = parent;
        while levels > level {
            let child = self.tree.last_element(sibling);
            let Some(child) = child
                .filter(|child| is_list(self.tree.tag(*child)) || is_item(self.tree.tag(*child)))
            else {
                break;
            };
            level += usize::from(is_list(self.tree.tag(child)));
            sibling = child;
        }
        let block = loose_detab(&block, level * TAB);
        let block = self.with_open_slashes(block, level * TAB, queue);
        self.within(State::Detabbed, |parser| {
            let tree = &mut parser.tree;
            let into = if parent_is_item {
                tree.last_element(parent)
                    .filter(|last| is_list(tree.tag(*last)))
                    .unwrap_or(parent)
            } else if is_item(tree.tag(sibling)) {
                sibling
            } else if let Some(item) = tree
                .last_element(sibling)
                .filter(|last| is_item(tree.tag(*last)))
            {
                tree.wrap_leading_leaf(item);
                item
            } else {
                tree.append(
                    sibling,
                    if definitions { "dd" } else { "li" },
                    block[0].source,
                )
            };
            parser.parse(into, &block);
        });
        true
    }
}

/// Breaks a block into items; also the first number, as written.
fn items<'a>(block: &[Line<'a>], tag: Option<&str>) -> (Vec<Block<'a>>, &'a str) {
    let first = block[0].text.trim_start_matches(' ');
    let digits = digits(first);
    let mut items: Vec<Block<'a>> = Vec::new();
    for line in block {
        if let Some(text) = marked(line.text, tag) {
            items.push(vec![line.with(text)]);
            continue;
        }
        let starts = is_marked_deeper(line.text);
        match items.last_mut() {
            Some(item) if !starts || item[0].is_indented(TAB) => item.push(*line),
            _ => items.push(vec![*line]),
        }
    }
    (items, &first[..digits])
}
