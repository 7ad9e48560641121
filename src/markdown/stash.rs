//! What is taken out of the text before its blocks are read, and the
//! placeholders that stand for it.

use super::lines::{Line, STASH_CLOSE, STASH_OPEN};
use super::tree::Attribute;

/// How the content of an element with a `markdown` attribute is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parse {
    /// As blocks.
    Block,
    /// As one text.
    Span,
    /// Not at all: its content is HTML.
    Verbatim,
}

/// An element with a `markdown` attribute.
#[derive(Debug, Clone)]
pub struct HtmlElement<'a> {
    /// Its name.
    pub tag: &'a str,
    /// Its other attributes.
    pub attributes: Vec<Attribute<'a>>,
    /// How its content is read.
    pub parse: Parse,
    /// Its content.
    pub lines: Vec<Line<'a>>,
    /// The line of its start tag.
    pub source: u32,
}

/// A fenced code block.
#[derive(Debug, Clone)]
pub struct Fence<'a> {
    /// The block as HTML.
    pub html: String,
    /// Its lines as written, for text that turns out to be indented code.
    pub lines: Vec<Line<'a>>,
    /// How far it was indented, quote marks included.
    pub indent: usize,
}

/// One thing taken out.
#[derive(Debug, Clone)]
pub enum Stashed<'a> {
    /// Raw HTML.
    Html(String),
    /// An element with Markdown inside.
    Element(HtmlElement<'a>),
    /// Code.
    Fence(Fence<'a>),
    /// A critic mark, part of a text.
    Critic(String),
    /// It has found its place in the tree.
    Placed,
}

/// All that was taken out of one page.
#[derive(Debug, Default)]
pub struct Stash<'a> {
    items: Vec<(Stashed<'a>, u32)>,
}

impl<'a> Stash<'a> {
    /// Keeps `item`; returns its placeholder.
    pub fn push(&mut self, item: Stashed<'a>) -> String {
        let number = self.push_at(item, 0);
        Self::placeholder(number)
    }

    /// Keeps `item`, which begins on source line `line`; returns its number.
    pub fn push_at(&mut self, item: Stashed<'a>, line: u32) -> usize {
        self.items.push((item, line));
        self.items.len() - 1
    }

    /// The placeholder of item `number`.
    pub fn placeholder(number: usize) -> String {
        format!("{STASH_OPEN}{number}{STASH_CLOSE}")
    }

    /// Where item `number` begins, if that is known.
    pub fn line_of(&self, number: usize) -> Option<u32> {
        self.items
            .get(number)
            .map(|(_, line)| *line)
            .filter(|line| *line > 0)
    }

    /// Item `number`.
    pub fn get(&self, number: usize) -> Option<&Stashed<'a>> {
        self.items.get(number).map(|(item, _)| item)
    }

    /// Takes the element `number` out for its place in the tree.
    pub fn place(&mut self, number: usize) -> Option<HtmlElement<'a>> {
        let (item, _) = self.items.get_mut(number)?;
        match std::mem::replace(item, Stashed::Placed) {
            Stashed::Element(element) => Some(element),
            other => {
                *item = other;
                None
            }
        }
    }

    /// The number of the placeholder that `text` begins with, and what
    /// follows it.
    pub fn split(text: &str) -> Option<(usize, &str)> {
        let (number, rest) = text.strip_prefix(STASH_OPEN)?.split_once(STASH_CLOSE)?;
        Some((number.parse().ok()?, rest))
    }

    /// Writes `text` with each placeholder replaced by what it stands for.
    pub fn expand(&self, text: &str, to: &mut String) {
        self.expand_within(text, to, 0);
    }

    fn expand_within(&self, text: &str, to: &mut String, depth: usize) {
        let mut rest = text;
        while let Some(at) = memchr::memchr(STASH_OPEN as u8, rest.as_bytes()) {
            to.push_str(&rest[..at]);
            rest = &rest[at..];
            match Self::split(rest) {
                Some((number, behind)) => {
                    self.write(number, to, depth);
                    rest = behind;
                }
                None => rest = &rest[STASH_OPEN.len_utf8()..],
            }
        }
        to.push_str(rest);
    }

    fn write(&self, number: usize, to: &mut String, depth: usize) {
        // Items only hold placeholders of earlier ones; the bound is a belt.
        if depth > 1000 {
            return;
        }
        match self.get(number) {
            Some(Stashed::Html(html)) => self.expand_within(html, to, depth + 1),
            Some(Stashed::Fence(fence)) => self.expand_within(&fence.html, to, depth + 1),
            Some(Stashed::Critic(html)) => to.push_str(html),
            Some(Stashed::Element(element)) => {
                // Where its line is indented Python-Markdown leaves it unread.
                to.push_str(&super::html::opening(element.tag, &element.attributes));
                let mut inner = String::new();
                let text = super::lines::join(&element.lines);
                match element.parse {
                    Parse::Block => to.push_str(" markdown=\"block\">"),
                    Parse::Span => to.push_str(" markdown=\"span\">"),
                    Parse::Verbatim => to.push('>'),
                }
                match element.parse {
                    Parse::Verbatim => inner = text,
                    _ => super::render::escape_around_entities(&text, &mut inner),
                }
                self.expand_within(&inner, to, depth + 1);
                to.push_str(&format!("</{}>", element.tag));
            }
            Some(Stashed::Placed) | None => {}
        }
    }

    /// The critic marks that `text` consists of, as they stand round whole
    /// blocks; `None` where it holds anything else.
    pub fn critic_blocks(&self, text: &str) -> Option<String> {
        let mut html = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (number, behind) = Self::split(rest)?;
            let Some(Stashed::Critic(mark)) = self.get(number) else {
                return None;
            };
            let is_mark = !mark.starts_with("<span");
            match mark.strip_suffix("class=\"critic\">").filter(|_| is_mark) {
                Some(open) => html.push_str(&format!("{open}class=\"critic block\">")),
                None => html.push_str(mark),
            }
            rest = behind;
        }
        (!html.is_empty()).then_some(html)
    }

    /// Whether item `number` is shown as a block.
    pub fn is_block(&self, number: usize) -> bool {
        match self.get(number) {
            Some(Stashed::Html(html)) => html_is_block(html),
            // Alone in a paragraph it is none, as in the reference.
            Some(_) => true,
            None => false,
        }
    }
}

/// Whether `html` begins with a block element, a comment or the like.
pub fn html_is_block(html: &str) -> bool {
    let Some(rest) = html.strip_prefix('<') else {
        return false;
    };
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let name = rest[..rest.find([' ', '>']).unwrap_or(rest.len())].to_ascii_lowercase();
    name.starts_with(['!', '?', '@', '%'])
        || super::html::is_block_level(name.trim_end_matches(['\n', '/']))
}
