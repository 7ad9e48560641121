//! Blocks, by Python-Markdown's rules.
//!
//! A block is a run of lines between blank ones. Each rule looks at the next
//! block and at the elements its parent has so far. The first rule that takes
//! the block may put a part of it back. The order of the rules is the
//! reference's.

mod api_objects;
mod block_lines;
mod callouts;
mod containers;
mod definitions;
mod fancy;
mod footnotes;
mod generic_blocks;
mod headings;
mod lists;
mod quotes;
mod tables;
mod tabs;

use std::collections::{BTreeMap, VecDeque};

pub use callouts::set_titles as set_callout_titles;
pub use footnotes::list as list_footnotes;
pub use generic_blocks::{FIXED, KIND, LEVEL, NUMBER};

use crate::diagnostic::Diagnostic;
use crate::markdown::code::math;
use crate::markdown::options::MarkdownOptions;
use crate::markdown::preprocess::fences::restore;
use crate::markdown::preprocess::stash::{HtmlElement, Parse, Stash};
use crate::markdown::source::Limit;
use crate::markdown::source::lines::{
    Block, Line, STASH_OPEN, TAB, TextArena, blocks, detab, is_blank, join,
};
use crate::markdown::source::page::Page;
use crate::markdown::tree::{Id, Kind, Tree};
use block_lines::BlockLines;

/// How deep containers may be nested. Deeper text stays text.
const DEPTH: usize = 100;

/// The kind of container that is being parsed, as far as rules depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    List,
    LooseList,
    /// Text that was indented below a list.
    Detabbed,
    Quote,
    Slashes,
}

/// A link reference definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The address.
    pub url: String,
    /// The title.
    pub title: Option<String>,
    /// The source line that the address is on.
    pub line: u32,
}

/// The definitions on a page, for use elsewhere on it.
#[derive(Debug, Default)]
pub struct Definitions<'a> {
    /// Footnotes in order, with their labels.
    pub footnotes: Vec<(&'a str, Block<'a>)>,
    /// The index of each label in that order.
    pub labels: BTreeMap<&'a str, usize>,
    /// Abbreviations and their meanings.
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

/// The blocks that are still to be parsed.
type Queue<'a> = VecDeque<BlockLines<'a>>;

/// Parses blocks into a tree.
pub struct Parser<'a, 'o> {
    /// The tree so far.
    pub tree: Tree<'a>,
    /// The definitions so far.
    pub definitions: Definitions<'a>,
    /// The problems found so far.
    pub diagnostics: Vec<Diagnostic>,
    page: &'o Page<'a>,
    options: &'a MarkdownOptions,
    stash: &'o mut Stash<'a>,
    texts: &'a TextArena,
    states: Vec<State>,
    /// Empty queues to use again.
    queues: Vec<Queue<'a>>,
    /// How many containers are being parsed.
    depth: usize,
    /// How many sets of tabs there are so far.
    tab_groups: usize,
    /// The input of the selected tab of each set.
    selected: BTreeMap<Id, Id>,
}

impl<'a, 'o> Parser<'a, 'o> {
    /// A parser with an empty tree that has capacity for `size` nodes.
    pub fn new(
        page: &'o Page<'a>,
        options: &'a MarkdownOptions,
        stash: &'o mut Stash<'a>,
        texts: &'a TextArena,
        size: usize,
    ) -> Self {
        Self {
            tree: Tree::new(size),
            definitions: Definitions {
                abbreviations: options.glossary.clone(),
                ..Definitions::default()
            },
            diagnostics: Vec::new(),
            page,
            options,
            stash,
            texts,
            states: Vec::new(),
            queues: Vec::new(),
            depth: 0,
            tab_groups: 0,
            selected: BTreeMap::new(),
        }
    }

    /// Parses `lines` into `parent`.
    pub fn parse(&mut self, parent: Id, lines: &[Line<'a>]) {
        let blocks = blocks(self.texts.lines(lines));
        self.parse_blocks(parent, blocks.map(BlockLines::new));
    }

    fn parse_blocks(&mut self, parent: Id, blocks: impl IntoIterator<Item = BlockLines<'a>>) {
        let mut queue = self.queues.pop().unwrap_or_default();
        queue.extend(blocks);
        self.parse_queue(parent, &mut queue);
        self.queues.push(queue);
    }

    /// Parses blocks until there are none left.
    fn parse_queue(&mut self, parent: Id, queue: &mut Queue<'a>) {
        self.depth += 1;
        while let Some(block) = queue.front() {
            if block.is_empty() {
                queue.pop_front();
                continue;
            }
            if self.depth > DEPTH {
                self.page.passed(Limit::Containers, block[0].source);
                self.paragraph(parent, queue);
                continue;
            }
            if self.is_plain(block) {
                self.paragraph(parent, queue);
                continue;
            }
            // The last of them takes any block.
            let _is_taken = self.empty(parent, queue)
                || self.admonition(parent, queue)
                || self.details(parent, queue)
                || self.tabs(parent, queue)
                || self.html_element(parent, queue)
                || self.list_indent(parent, queue, false)
                || self.generic_blocks(parent, queue)
                || self.list_indent(parent, queue, true)
                || self.code(parent, queue)
                || self.math(parent, queue)
                || self.table(parent, queue)
                || self.api_object(parent, queue)
                || self.hash_heading(parent, queue)
                || self.underlined_heading(parent, queue)
                || self.rule(parent, queue)
                || self.list(parent, queue, "ol")
                || self.list(parent, queue, "ul")
                || self.definition_list(parent, queue)
                || self.alert(parent, queue)
                || self.callout(parent, queue)
                || self.quote(parent, queue)
                || self.footnote(queue)
                || self.abbreviation(queue)
                || self.reference(queue)
                || self.paragraph(parent, queue);
        }
        self.depth -= 1;
    }

    /// Whether no rule but the last can take a block, as all of its lines begin with
    /// letters.
    fn is_plain(&self, block: &[Line]) -> bool {
        let begins_with_letter = |line: &Line| {
            line.text
                .bytes()
                .next()
                .is_some_and(|it| it.is_ascii_alphabetic())
        };
        // Items of fancy lists and callouts may begin with letters too.
        self.options.fancy_lists.is_none()
            && self.options.callouts.is_none()
            && block.iter().all(begins_with_letter)
    }

    fn parse_block(&mut self, parent: Id, block: BlockLines<'a>) {
        self.parse_blocks(parent, [block]);
    }

    fn stretch(&self, lines: &[Line<'a>]) -> BlockLines<'a> {
        BlockLines::new(self.texts.lines(lines))
    }

    fn is(&self, state: State) -> bool {
        self.states.last() == Some(&state)
    }

    fn within(&mut self, state: State, parse: impl FnOnce(&mut Self)) {
        self.states.push(state);
        parse(self);
        self.states.pop();
    }

    fn empty(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let Some(block) = queue.pop_front_if(|block| block[0].text.is_empty()) else {
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
        // Restored once, together with what is put back below.
        let block = if block.is_restored {
            block
        } else {
            self.stretch(&restore(&block, self.stash)).restored()
        };
        let (inner, rest) = detab(&block, TAB);
        let text = join(&inner);
        let text = text.trim_end();
        if let Some(last) = self.tree.last_element(parent)
            && let Kind::Code(code) = &mut self.tree.nodes[last].kind
        {
            code.push('\n');
            code.push_str(text);
            code.push('\n');
        } else {
            let code = Kind::Code(format!("{text}\n"));
            let id = self.tree.node(code, block[0].source);
            self.tree.nodes[parent].children.push(id);
        }
        put_back(queue, block.from(rest));
        true
    }

    fn math(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        let options = self.options;
        let Some(arithmatex) = &options.arithmatex else {
            return false;
        };
        let Some(block) = queue.front() else {
            return false;
        };
        if !block[0].text.starts_with(['$', '\\']) {
            return false;
        }
        let Some(html) =
            math::text(block, arithmatex.block_syntax).and_then(|text| math::block(&text, options))
        else {
            return false;
        };
        let line = block[0].source;
        queue.pop_front();
        let id = self.tree.append(parent, &arithmatex.block_tag, line);
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
        let id = self.place_element(element);
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

    /// Adds an element from the stash to the tree.
    fn place_element(&mut self, element: HtmlElement<'a>) -> Id {
        let HtmlElement {
            tag,
            attributes,
            parse,
            lines,
            source,
        } = element;
        let id = self.tree.node(Kind::Element { tag, attributes }, source);
        if self.depth > DEPTH {
            self.page.passed(Limit::Containers, source);
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
            Parse::Span => self.parse_span(id, lines),
            Parse::Verbatim => self.tree.append_raw(id, join(&lines)),
        }
        id
    }

    /// Parses a text that may contain elements.
    fn parse_span(&mut self, id: Id, lines: Block<'a>) {
        let mut text: Block<'a> = Vec::new();
        for line in lines {
            let mut rest = line;
            while let Some(at) = rest.text.find(STASH_OPEN) {
                let Some((number, after)) = Stash::split(&rest.text[at..]) else {
                    break;
                };
                let Some(element) = self.stash.place(number) else {
                    // Not an element: it stays in the text.
                    let end = rest.text.len() - after.len();
                    text.push(rest.with(&rest.text[..end]));
                    rest = rest.with(after);
                    continue;
                };
                text.push(rest.with(&rest.text[..at]));
                self.tree.append_leaf(id, std::mem::take(&mut text));
                self.depth += 1;
                let child = self.place_element(element);
                self.depth -= 1;
                self.tree.nodes[id].children.push(child);
                rest = rest.with(after);
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
        let Some(last) = self.tree.children(parent).last().copied() else {
            self.tree.append_leaf(parent, trim_start(&block));
            return true;
        };
        if let Kind::Leaf(lines) = &mut self.tree.nodes[last].kind {
            lines.extend(block.iter());
        } else {
            let mut text = vec![block[0].with("")];
            text.extend(block.iter());
            self.tree.append_leaf(parent, text);
        }
        true
    }
}

/// Puts the rest of a block back as the next one, unless it is empty.
fn put_back<'a>(queue: &mut Queue<'a>, block: BlockLines<'a>) {
    let is_empty = block.is_empty() || (block.len() == 1 && block[0].text.is_empty());
    if !is_empty {
        queue.push_front(block);
    }
}

/// A line without its indentation; `None` if that makes it code.
fn unindented(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(' ');
    (line.len() - bare.len() < TAB).then_some(bare)
}

/// Removes white space at the start, as Python's `lstrip()` does.
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

/// Finishes the tree once all blocks are parsed: removes the kinds of lists and
/// renders callouts.
pub fn settle(tree: &mut Tree, options: &MarkdownOptions) {
    if options.fancy_lists.is_some() {
        fancy::finish(tree);
    }
    if options.quotes.is_some_and(|quotes| quotes.callouts) {
        quotes::render_callouts(tree);
    }
}

/// The level of a line such as `## Title`.
pub fn hash_level(line: &str) -> Option<usize> {
    headings::hash_heading(line).map(|(level, _)| level)
}
