//! The blocks of a page: what is compared with what.

use std::collections::HashMap;
use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;

use rustc_hash::FxHasher;

use super::derived::{self, has_class};
use super::elements::{Element, Node, elements, is_block};
use super::items::{Atom, Item, ItemReader, Names, What};
use super::{Block, Side};
use crate::html;

/// Blocks that may be compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Group {
    /// The page.
    Root,
    /// A run of text: a paragraph, or text directly inside of another block.
    Run,
    /// A line of code.
    Line,
    /// What is not looked into, by what it is: a diagram, a rule.
    Whole(Block),
    Heading,
    Item,
    Term,
    Definition,
    Cell,
    Row,
    /// The head, body or foot of a table.
    Rows(u8),
    Table,
    List,
    Code,
    Summary,
    Caption,
    Label,
    /// Any other block with blocks in it.
    Box,
}

/// A part of a side that is compared as one.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) group: Group,
    /// What it is to a reader.
    pub(super) block: Block,
    pub(super) tag: &'a str,
    /// The number of its start tag as it is compared.
    pub(super) markup: u32,
    /// All of its bytes. Those of the parts in another one have no gaps.
    pub(super) range: Range<usize>,
    /// The bytes between its tags.
    pub(super) inner: Range<usize>,
    pub(super) children: Vec<usize>,
    /// Its items, where it has no children; else those of all its children.
    pub(super) items: Range<usize>,
    /// The first of its lines in the page's source.
    pub(super) line: Option<u32>,
    /// Fingerprint of what readers see of it, without markup.
    pub(super) text: u64,
    /// The same with markup.
    pub(super) all: u64,
}

/// One of the two sides of a comparison.
pub(super) struct Parsed<'a> {
    pub(super) html: &'a str,
    /// The parts, each after those in it; the last one is the whole side.
    pub(super) parts: Vec<Part<'a>>,
    pub(super) items: Vec<Item>,
}

impl Parsed<'_> {
    /// The part that is the whole side.
    pub(super) fn root(&self) -> usize {
        self.parts.len() - 1
    }

    /// The items of a part.
    pub(super) fn items_of(&self, part: usize) -> &[Item] {
        &self.items[self.parts[part].items.clone()]
    }

    /// Whether a part shows pictures and nothing else.
    pub(super) fn is_picture(&self, part: usize) -> bool {
        let mut seen = self.items_of(part).iter();
        let is_picture = |item: &Item| item.what == What::Atom(Atom::Image);
        self.parts[part].group == Group::Run
            && seen.clone().any(is_picture)
            && seen.all(|item| is_picture(item) || matches!(item.what, What::Space | What::Hidden))
    }
}

/// Reads a side. `footnotes` gives the numbers of footnotes by their labels.
pub(super) fn parse<'a>(
    side: &Side<'a>,
    footnotes: &HashMap<String, u32>,
    names: &mut Names,
) -> Parsed<'a> {
    let Side {
        html,
        meaning,
        content,
    } = *side;
    let tree = elements(html);
    let mut has_block = vec![false; tree.len()];
    for (at, element) in tree.iter().enumerate().rev() {
        has_block[at] = element.children.iter().any(|child| {
            has_block[*child]
                || matches!(tree[*child].node, Node::Tag { name, .. } if is_block(name))
        });
    }
    let mut reader = Reader {
        has_block,
        parts: Vec::new(),
        items: ItemReader {
            html,
            tree: &tree,
            items: Vec::new(),
            names,
            meaning,
            content,
            footnotes,
        },
        meaning,
    };
    let inside = Inside {
        block: Block::Other,
        line: None,
        is_label: false,
    };
    reader.part(0, &inside);
    let Reader { parts, items, .. } = reader;
    Parsed {
        html,
        parts,
        items: items.items,
    }
}

/// What is compared of a piece of code besides its text: the elements around it, and
/// what it is itself.
type Around = (u32, u32, Option<u64>);

/// What the blocks around a block say about it.
#[derive(Debug, Clone)]
struct Inside {
    /// What text directly in it is to a reader.
    block: Block,
    line: Option<u32>,
    /// Whether the elements in it are labels of tabs.
    is_label: bool,
}

struct Reader<'a, 't> {
    has_block: Vec<bool>,
    parts: Vec<Part<'a>>,
    items: ItemReader<'a, 't>,
    meaning: &'t dyn Fn(&str) -> Option<String>,
}

impl<'a> Reader<'a, '_> {
    /// Adds the part of an element, after those in it. Returns its number.
    fn part(&mut self, at: usize, around: &Inside) -> usize {
        let tree = self.items.tree;
        let element: &Element<'a> = &tree[at];
        let Node::Tag { name, attributes } = element.node else {
            unreachable!("only elements are parts");
        };
        let (group, block) = kind(name, attributes, around);
        let inside = Inside {
            block: text_in(block, around.block),
            line: line(attributes).or(around.line),
            is_label: has_class(attributes, &["tabbed-labels"]),
        };
        let first_item = self.items.items.len();
        let inner = element.open.end..element.close.start;
        let mut part = Part {
            group,
            block,
            tag: name,
            markup: 0,
            range: element.open.start..element.close.end,
            inner: inner.clone(),
            children: Vec::new(),
            items: first_item..first_item,
            line: inside.line,
            text: 0,
            all: 0,
        };
        match group {
            Group::Whole(_) => self.items.whole(at, block),
            Group::Code => part.children = self.lines(at, &inside),
            Group::Run => self.items.inline(&element.children, "", false),
            _ => part.children = self.children(at, &inside),
        }
        part.items.end = self.items.items.len();
        part.markup = if at == 0 {
            0
        } else {
            let tag = derived::comparable_tag(name, attributes, self.meaning);
            self.items.names.number(&tag)
        };
        self.tile(&mut part);
        self.finish(part)
    }

    /// The parts of an element's children: its blocks, and the runs of text between
    /// them.
    fn children(&mut self, at: usize, inside: &Inside) -> Vec<usize> {
        let tree = self.items.tree;
        let mut parts = Vec::new();
        let mut run: Vec<usize> = Vec::new();
        for child in &tree[at].children {
            let is_part = match tree[*child].node {
                Node::Tag { name, attributes } => {
                    is_block(name)
                        || self.has_block[*child]
                        || (inside.is_label && name.eq_ignore_ascii_case("label"))
                        || has_class(attributes, &["mermaid"])
                }
                Node::Text(_) | Node::Unseen => false,
            };
            if is_part {
                parts.extend(self.run(&std::mem::take(&mut run), inside));
                parts.push(self.part(*child, inside));
            } else {
                run.push(*child);
            }
        }
        parts.extend(self.run(&run, inside));
        parts
    }

    /// The part of elements that are text together, unless there is nothing to see.
    fn run(&mut self, elements: &[usize], inside: &Inside) -> Option<usize> {
        let (first, last) = (elements.first()?, elements.last()?);
        let tree = self.items.tree;
        let range = tree[*first].open.start..tree[*last].close.end;
        let first_item = self.items.items.len();
        self.items.inline(elements, "", false);
        let is_seen = |item: &Item| !matches!(item.what, What::Space | What::Hidden);
        if !self.items.items[first_item..].iter().any(is_seen) {
            self.items.items.truncate(first_item);
            return None;
        }
        let part = Part {
            group: Group::Run,
            block: inside.block,
            tag: "",
            markup: 0,
            inner: range.clone(),
            range,
            children: Vec::new(),
            items: first_item..self.items.items.len(),
            line: inside.line,
            text: 0,
            all: 0,
        };
        Some(self.finish(part))
    }

    /// The parts of the lines of preformatted text.
    fn lines(&mut self, at: usize, inside: &Inside) -> Vec<usize> {
        let tree = self.items.tree;
        let element = &tree[at];
        let mut first = self.items.items.len();
        self.items.inline(&element.children, "", true);
        let mut parts = Vec::new();
        let mut line = inside.line;
        while first < self.items.items.len() {
            let rest = &self.items.items[first..];
            let length = rest.iter().position(|it| it.what == What::Newline);
            let mut end = first + length.map_or(rest.len(), |at| at + 1);
            let is_seen = |item: &Item| item.what != What::Hidden;
            if !self.items.items[end..].iter().any(is_seen) {
                end = self.items.items.len();
            }
            let range = self.items.items[first].range.start..self.items.items[end - 1].range.end;
            let part = Part {
                group: Group::Line,
                block: Block::Line,
                tag: "",
                markup: 0,
                inner: range.clone(),
                range,
                children: Vec::new(),
                items: first..end,
                line,
                text: 0,
                all: 0,
            };
            line = line.map(|line| line + 1);
            parts.push(self.finish(part));
            first = end;
        }
        parts
    }

    /// The texts of a line of code, each with what else is compared of it. Highlighting
    /// splits texts in many ways, so those with nothing between them are one.
    fn line_text(&self, items: Range<usize>) -> Vec<(Around, String)> {
        let mut line: Vec<(Around, String)> = Vec::new();
        for item in trimmed(&self.items.items[items], Group::Line) {
            let around = (item.context, item.markup, item.content);
            let written = &self.items.html[item.range.clone()];
            let written = match item.what {
                What::Atom(_) => format!("\0{}", item.key),
                _ => html::unescape(written).into_owned(),
            };
            match line.last_mut() {
                Some((last, text)) if *last == around => text.push_str(&written),
                _ => line.push((around, written)),
            }
        }
        line
    }

    /// Lets the children of a part share its inside without gaps: what lies between
    /// two of them belongs to the first.
    fn tile(&mut self, part: &mut Part<'a>) {
        let mut end = part.inner.end;
        for child in part.children.iter().rev() {
            let child = &mut self.parts[*child];
            child.range.end = end;
            if child.tag.is_empty() {
                // A run of text has no tags.
                child.inner = child.range.clone();
            }
            end = child.range.start;
        }
        if !matches!(part.group, Group::Run | Group::Whole(_)) {
            part.inner.start = end;
        }
    }

    /// Adds a part, with its fingerprints.
    fn finish(&mut self, mut part: Part<'a>) -> usize {
        let (mut text, mut all) = (FxHasher::default(), FxHasher::default());
        (part.group, part.group).hash(&mut text);
        (part.group, part.markup).hash(&mut all);
        for child in &part.children {
            self.parts[*child].text.hash(&mut text);
            self.parts[*child].all.hash(&mut all);
        }
        if part.group == Group::Line {
            let line = self.line_text(part.items.clone());
            line.iter().for_each(|(_, written)| written.hash(&mut text));
            line.hash(&mut all);
        } else if part.children.is_empty() {
            let items = trimmed(&self.items.items[part.items.clone()], part.group);
            for item in items {
                item.key.hash(&mut text);
                (item.key, item.context, item.markup, item.content).hash(&mut all);
            }
        }
        (part.text, part.all) = (text.finish(), all.finish());
        self.parts.push(part);
        self.parts.len() - 1
    }
}

/// The items that are compared: without tags, and without spaces around text.
fn trimmed(items: &[Item], group: Group) -> impl Iterator<Item = &Item> {
    let is_code = group == Group::Line;
    let is_text = move |item: &&Item| match item.what {
        What::Hidden => false,
        What::Space | What::Newline => is_code,
        What::Word | What::Sign | What::Atom(_) => true,
    };
    let first = items.iter().position(|item| is_text(&item)).unwrap_or(0);
    let end = items
        .iter()
        .rposition(|item| is_text(&item))
        .map_or(0, |it| it + 1);
    let items = if first < end { &items[first..end] } else { &[] };
    items.iter().filter(|item| item.what != What::Hidden)
}

/// The first line of a source position.
fn line(attributes: &str) -> Option<u32> {
    if !attributes.contains("data-src") {
        return None;
    }
    let written = html::attribute(attributes, "data-src")?;
    let digits = written
        .find(|it: char| !it.is_ascii_digit())
        .unwrap_or(written.len());
    written[..digits].parse().ok()
}

/// What text directly inside of a block is to a reader.
fn text_in(block: Block, around: Block) -> Block {
    match block {
        Block::Other | Block::Paragraph | Block::List | Block::Quote => match around {
            Block::Other | Block::Admonition | Block::Details | Block::Tabs => Block::Paragraph,
            around => around,
        },
        Block::Admonition | Block::Details | Block::Tabs => Block::Paragraph,
        Block::Row => Block::Cell,
        block => block,
    }
}

/// What an element can be compared with, and what it is to a reader.
fn kind(name: &str, attributes: &str, around: &Inside) -> (Group, Block) {
    let class = |classes: &[&str]| has_class(attributes, classes);
    if derived::is_derived(name, attributes) {
        return (Group::Whole(Block::Other), Block::Other);
    }
    if class(&["mermaid"]) {
        return (Group::Whole(Block::Diagram), Block::Diagram);
    }
    if class(&["arithmatex"]) && is_block(name) {
        return (Group::Whole(Block::Formula), Block::Formula);
    }
    match name.to_ascii_lowercase().as_str() {
        "" => (Group::Root, Block::Other),
        "p" if class(&["admonition-title"]) => (Group::Run, Block::Title),
        "p" => (Group::Run, text_in(Block::Paragraph, around.block)),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (Group::Heading, Block::Heading),
        "li" => {
            let id = html::attribute(attributes, "id");
            let is_footnote = id.is_some_and(|id| derived::footnote_label(&id).is_some());
            let block = if is_footnote {
                Block::Footnote
            } else {
                Block::Item
            };
            (Group::Item, block)
        }
        "dt" => (Group::Term, Block::Term),
        "dd" => (Group::Definition, Block::Definition),
        "td" | "th" => (Group::Cell, Block::Cell),
        "tr" => (Group::Row, Block::Row),
        "thead" => (Group::Rows(0), Block::Table),
        "tbody" => (Group::Rows(1), Block::Table),
        "tfoot" => (Group::Rows(2), Block::Table),
        "colgroup" | "col" => (Group::Whole(Block::Table), Block::Table),
        "table" if class(&["highlighttable"]) => (Group::Box, Block::Code),
        "table" => (Group::Table, Block::Table),
        "ul" | "ol" | "dl" | "menu" => (Group::List, Block::List),
        "pre" => (Group::Code, Block::Code),
        "hr" => (Group::Whole(Block::Rule), Block::Rule),
        "summary" => (Group::Summary, Block::Summary),
        "caption" | "legend" => (Group::Caption, Block::Caption),
        "figcaption" => (Group::Caption, Block::Figure),
        "label" => (Group::Label, Block::Label),
        "figure" => (Group::Box, Block::Figure),
        "blockquote" => (Group::Box, Block::Quote),
        "details" => (Group::Box, Block::Details),
        "div" if class(&["admonition"]) => (Group::Box, Block::Admonition),
        "div" if class(&["tabbed-set"]) => (Group::Box, Block::Tabs),
        "div" if class(&["highlight"]) => (Group::Box, Block::Code),
        _ => (Group::Box, Block::Other),
    }
}
