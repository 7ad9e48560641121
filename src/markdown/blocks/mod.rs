//! Blocks, by Python-Markdown's rules.
//!
//! A block is a run of lines between blank ones. Each rule looks at the first
//! block that is left and at what the parent holds already; the first that
//! takes it may put a rest back. The order of the rules is the reference's.

mod containers;
mod definitions;
mod fancy;
mod footnotes;
mod headings;
mod lists;
mod quotes;
mod slashes;
mod stretch;
mod tables;
mod tabs;

use std::collections::{BTreeMap, VecDeque};

pub use footnotes::list as list_footnotes;
pub use slashes::{FIXED, KIND, LEVEL, NUMBER};

use crate::markdown::code::math;
use crate::markdown::options::Options;
use crate::markdown::preprocess::fences::restore;
use crate::markdown::preprocess::stash::{HtmlElement, Parse, Stash};
use crate::markdown::source::Bound;
use crate::markdown::source::lines::{Block, Line, TAB, Texts, blocks, detab, is_blank, join};
use crate::markdown::source::page::Page;
use crate::markdown::tree::{Id, Kind, Tree};
use stretch::Stretch;

/// Containers within containers, at most; deeper text stays text.
const DEPTH: usize = 100;

/// What the rules remember of the containers they are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    List,
    LooseList,
    Detabbed,
    Quote,
    Slashes,
}

/// A link reference definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where it leads.
    pub url: String,
    /// Its title.
    pub title: Option<String>,
}

/// What pages define for use elsewhere in them.
#[derive(Debug, Default)]
pub struct Definitions<'a> {
    /// Footnotes in order, with their labels.
    pub footnotes: Vec<(&'a str, Block<'a>)>,
    /// Where in that order a label stands.
    pub labels: BTreeMap<&'a str, usize>,
    /// Abbreviations and what they stand for.
    pub abbreviations: BTreeMap<String, String>,
    /// Link references by lower-case label.
    pub references: BTreeMap<String, Reference>,
}

impl<'a> Definitions<'a> {
    fn set_footnote(&mut self, label: &'a str, lines: Block<'a>) {
        match self.labels.get(label) {
            Some(at) => self.footnotes[*at].1 = lines,
            None => {
                self.labels.insert(label, self.footnotes.len());
                self.footnotes.push((label, lines));
            }
        }
    }
}

/// Blocks that are still to be read.
type Queue<'a> = VecDeque<Stretch<'a>>;

/// Reads blocks into a tree.
pub struct Parser<'a, 'o> {
    /// What was read.
    pub tree: Tree<'a>,
    /// What was defined.
    pub definitions: Definitions<'a>,
    page: &'o Page<'a>,
    options: &'a Options,
    stash: &'o mut Stash<'a>,
    texts: &'a Texts,
    states: Vec<State>,
    depth: usize,
    tab_groups: usize,
    /// Of sets of tabs, which is selected.
    selected: BTreeMap<Id, Id>,
}

impl<'a, 'o> Parser<'a, 'o> {
    /// With an empty tree that has room for `size` nodes.
    pub fn new(
        page: &'o Page<'a>,
        options: &'a Options,
        stash: &'o mut Stash<'a>,
        texts: &'a Texts,
        size: usize,
    ) -> Self {
        Self {
            tree: Tree::new(size),
            definitions: Definitions::default(),
            page,
            options,
            stash,
            texts,
            states: Vec::new(),
            depth: 0,
            tab_groups: 0,
            selected: BTreeMap::new(),
        }
    }

    /// Reads `lines` into `parent`.
    pub fn parse(&mut self, parent: Id, lines: &[Line<'a>]) {
        let blocks = blocks(self.texts.lines(lines));
        self.parse_blocks(parent, blocks.map(Stretch::new).collect());
    }

    fn parse_blocks(&mut self, parent: Id, mut queue: Queue<'a>) {
        self.depth += 1;
        while let Some(block) = queue.front() {
            if block.is_empty() {
                queue.pop_front();
                continue;
            }
            if self.depth > DEPTH {
                self.page.passed(Bound::Containers, block[0].source);
                self.paragraph(parent, &mut queue);
                continue;
            }
            let _taken = self.empty(parent, &mut queue)
                || self.admonition(parent, &mut queue)
                || self.details(parent, &mut queue)
                || self.tabs(parent, &mut queue)
                || self.html_element(parent, &mut queue)
                || self.list_indent(parent, &mut queue, false)
                || self.slashes(parent, &mut queue)
                || self.list_indent(parent, &mut queue, true)
                || self.code(parent, &mut queue)
                || self.math(parent, &mut queue)
                || self.table(parent, &mut queue)
                || self.hash_heading(parent, &mut queue)
                || self.underlined_heading(parent, &mut queue)
                || self.rule(parent, &mut queue)
                || self.list(parent, &mut queue, "ol")
                || self.list(parent, &mut queue, "ul")
                || self.definition_list(parent, &mut queue)
                || self.quote(parent, &mut queue)
                || self.footnote(&mut queue)
                || self.abbreviation(&mut queue)
                || self.reference(&mut queue)
                || self.paragraph(parent, &mut queue);
        }
        self.depth -= 1;
    }

    fn parse_block(&mut self, parent: Id, block: Stretch<'a>) {
        self.parse_blocks(parent, VecDeque::from([block]));
    }

    fn stretch(&self, lines: &[Line<'a>]) -> Stretch<'a> {
        Stretch::made(lines, self.texts)
    }

    fn is(&self, state: State) -> bool {
        self.states.last() == Some(&state)
    }

    fn within(&mut self, state: State, read: impl FnOnce(&mut Self)) {
        self.states.push(state);
        read(self);
        self.states.pop();
    }

    fn empty(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let is_empty = queue.front().is_some_and(|block| block[0].text.is_empty());
        let Some(block) = queue.pop_front_if(|_| is_empty) else {
            return false;
        };
        let filler = if block.len() == 1 { "\n\n" } else { "\n" };
        put_back(queue, block.from(1));
        if let Some(last) = self.tree.last_element(parent)
            && let Kind::Code(text) = &mut self.tree.nodes[last].kind
        {
            text.push_str(filler);
        }
        true
    }

    fn code(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if self.options.no_indented_code {
            return false;
        }
        let Some(block) = queue.pop_front_if(|block| block[0].is_indented(TAB)) else {
            return false;
        };
        // What is left is restored too, once.
        let block = if block.is_restored {
            block
        } else {
            self.stretch(&restore(&block, self.stash)).restored()
        };
        let (inner, rest) = detab(&block, TAB);
        let text = join(&inner);
        let text = text.trim_end();
        match self.tree.last_element(parent) {
            Some(last) if matches!(self.tree.nodes[last].kind, Kind::Code(_)) => {
                if let Kind::Code(code) = &mut self.tree.nodes[last].kind {
                    code.push('\n');
                    code.push_str(text);
                    code.push('\n');
                }
            }
            _ => {
                let id = self
                    .tree
                    .node(Kind::Code(format!("{text}\n")), block[0].source);
                self.tree.nodes[parent].children.push(id);
            }
        }
        put_back(queue, block.from(rest));
        true
    }

    fn math(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let Some(first) = queue
            .front()
            .map(|block| block[0].text)
            .filter(|_| self.options.arithmatex.is_some())
        else {
            return false;
        };
        if !first.starts_with(['$', '\\']) {
            return false;
        }
        let text = queue.front().and_then(|block| math::text(block));
        let Some(html) = text.and_then(|text| math::block(&text, self.options)) else {
            return false;
        };
        let line = queue.pop_front().map_or(0, |block| block[0].source);
        let id = self.tree.append(parent, "div", line);
        self.tree.set(id, "class", "arithmatex");
        self.tree.append_raw(id, html);
        true
    }

    fn html_element(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let Some((number, rest)) = queue.front().and_then(|block| Stash::split(block[0].text))
        else {
            return false;
        };
        let Some(element) = self.stash.place(number) else {
            return false;
        };
        let Some(block) = queue.pop_front() else {
            return false;
        };
        let id = self.place(element);
        self.tree.nodes[parent].children.push(id);
        let block = if rest.is_empty() {
            block.from(1)
        } else {
            let mut lines = block.to_block();
            lines[0].text = rest;
            self.stretch(&lines)
        };
        put_back(queue, block);
        true
    }

    fn place(&mut self, element: HtmlElement<'a>) -> Id {
        let HtmlElement {
            tag,
            attributes,
            parse,
            lines,
            source,
        } = element;
        let id = self.tree.node(Kind::Element { tag, attributes }, source);
        if self.depth > DEPTH {
            self.page.passed(Bound::Containers, source);
            self.tree.append_leaf(id, lines);
            return id;
        }
        match parse {
            Parse::Block => {
                let end = lines
                    .iter()
                    .rposition(|line| !line.text.is_empty())
                    .map_or(0, |at| at + 1);
                self.parse(id, &lines[..end]);
            }
            Parse::Span => self.place_span(id, lines),
            Parse::Verbatim => self.tree.append_raw(id, join(&lines)),
        }
        id
    }

    /// A text between whose lines elements may stand.
    fn place_span(&mut self, id: Id, lines: Block<'a>) {
        let mut text: Block<'a> = Vec::new();
        for line in lines {
            let mut rest = line;
            while let Some(at) = rest.text.find(crate::markdown::source::lines::STASH_OPEN) {
                let Some((number, behind)) = Stash::split(&rest.text[at..]) else {
                    break;
                };
                let Some(element) = self.stash.place(number) else {
                    // Not an element: it stays in the text.
                    let end = rest.text.len() - behind.len();
                    text.push(rest.with(&rest.text[..end]));
                    rest = rest.with(behind);
                    continue;
                };
                text.push(rest.with(&rest.text[..at]));
                self.tree.append_leaf(id, std::mem::take(&mut text));
                self.depth += 1;
                let child = self.place(element);
                self.depth -= 1;
                self.tree.nodes[id].children.push(child);
                rest = rest.with(behind);
            }
            text.push(rest);
        }
        if !is_blank(&text) {
            self.tree.append_leaf(id, text);
        }
    }

    fn paragraph(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let Some(block) = queue.pop_front() else {
            return true;
        };
        if is_blank(&block) {
            return true;
        }
        if !self.is(State::List) {
            let text = trim_start(&block);
            let paragraph = self.tree.append(parent, "p", text[0].source);
            self.tree.append_leaf(paragraph, text);
            return true;
        }
        let last = self.tree.children(parent).last().copied();
        match last {
            Some(last) if matches!(self.tree.nodes[last].kind, Kind::Leaf(_)) => {
                if let Kind::Leaf(lines) = &mut self.tree.nodes[last].kind {
                    lines.extend(block.iter());
                }
            }
            Some(_) => {
                let mut text = vec![block[0].with("")];
                text.extend(block.iter());
                self.tree.append_leaf(parent, text);
            }
            None => self.tree.append_leaf(parent, trim_start(&block)),
        }
        true
    }
}

/// Puts a rest back as the next block, unless it is empty text.
fn put_back<'a>(queue: &mut Queue<'a>, block: Stretch<'a>) {
    let is_empty = block.is_empty() || (block.len() == 1 && block[0].text.is_empty());
    if !is_empty {
        queue.push_front(block);
    }
}

/// Without white space at the start, as Python's `lstrip()`.
fn trim_start<'a>(block: &[Line<'a>]) -> Block<'a> {
    let filled = block
        .iter()
        .position(|line| !line.is_blank())
        .unwrap_or(block.len().saturating_sub(1));
    let mut text = block[filled..].to_vec();
    if let Some(first) = text.first_mut() {
        first.text = first.text.trim_start();
    }
    text
}

/// Settles what blocks left open: lists that kept their kind, callouts.
pub fn settle(tree: &mut Tree, options: &Options) {
    if options.fancy_lists.is_some() {
        fancy::finish(tree);
    }
    if options.quotes.is_some_and(|quotes| quotes.callouts) {
        quotes::callouts(tree);
    }
}

/// The level of the heading that `line` is.
pub fn hash_level(line: &str) -> Option<usize> {
    headings::hash_heading(line).map(|(level, _)| level)
}
