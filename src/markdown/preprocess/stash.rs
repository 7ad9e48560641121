//! What is taken out of the text before its blocks are read, and the
//! placeholders that stand for it.

use crate::html::Escape;
use crate::markdown::source::lines::join;
use crate::markdown::tree::names::is_block_level;
use std::borrow::Cow;

use crate::markdown::source::lines::{Line, STASH_CLOSE, STASH_OPEN};
use crate::markdown::tree::Attribute;
use crate::work::step;

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

/// A text that is being expanded.
struct Waiting<'t> {
    text: Cow<'t, str>,
    /// How much of it is written.
    at: usize,
    /// Items only hold placeholders of earlier ones, so this text's are below
    /// its own number; that is why an expansion ends.
    below: usize,
    /// The element that ends with it.
    closes: Option<&'t str>,
}

impl<'t> Waiting<'t> {
    fn of(text: Cow<'t, str>, below: usize) -> Self {
        Self {
            text,
            at: 0,
            below,
            closes: None,
        }
    }

    /// Writes on up to the next placeholder and returns its number; `None` at
    /// the text's end.
    fn write_up_to_placeholder(&mut self, to: &mut String) -> Option<usize> {
        loop {
            let rest = &self.text[self.at..];
            step(1);
            let Some(length) = memchr::memchr(STASH_OPEN as u8, rest.as_bytes()) else {
                to.push_str(rest);
                self.at = self.text.len();
                return None;
            };
            to.push_str(&rest[..length]);
            let rest = &rest[length..];
            match Stash::split(rest) {
                Some((number, behind)) => {
                    self.at = self.text.len() - behind.len();
                    if number < self.below {
                        return Some(number);
                    }
                }
                None => self.at += length + STASH_OPEN.len_utf8(),
            }
        }
    }
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
        // Elements stand within each other as deep as the page likes: what is
        // being written waits in a list, not on the thread's stack.
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut current = Waiting::of(Cow::Borrowed(text), self.items.len());
        loop {
            match current.write_up_to_placeholder(to) {
                Some(number) => {
                    if let Some(inner) = self.begin(number, to) {
                        waiting.push(std::mem::replace(&mut current, inner));
                    }
                }
                None => {
                    if let Some(tag) = current.closes {
                        to.push_str("</");
                        to.push_str(tag);
                        to.push('>');
                    }
                    match waiting.pop() {
                        Some(outer) => current = outer,
                        None => return,
                    }
                }
            }
        }
    }

    /// Writes what item `number` begins with; returns what is to be expanded
    /// behind that.
    fn begin<'t>(&'t self, number: usize, to: &mut String) -> Option<Waiting<'t>> {
        match self.get(number)? {
            Stashed::Html(html) => Some(Waiting::of(Cow::Borrowed(html), number)),
            Stashed::Fence(fence) => Some(Waiting::of(Cow::Borrowed(&fence.html), number)),
            Stashed::Critic(html) => {
                to.push_str(html);
                None
            }
            Stashed::Element(element) => {
                // Where its line is indented Python-Markdown leaves it unread.
                to.push_str(&self::opening(element.tag, &element.attributes));
                to.push_str(match element.parse {
                    Parse::Block => " markdown=\"block\">",
                    Parse::Span => " markdown=\"span\">",
                    Parse::Verbatim => ">",
                });
                let mut inner = join(&element.lines);
                if element.parse != Parse::Verbatim {
                    let text = std::mem::take(&mut inner);
                    Escape::TEXT_WITH_ENTITIES.append(&text, &mut inner);
                }
                Some(Waiting {
                    closes: Some(element.tag),
                    ..Waiting::of(Cow::Owned(inner), number)
                })
            }
            Stashed::Placed => None,
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
    name.starts_with(['!', '?', '@', '%']) || is_block_level(name.trim_end_matches(['\n', '/']))
}

/// The start tag of an element as HTML, less its `>`.
pub fn opening(tag: &str, attributes: &[Attribute]) -> String {
    let mut html = format!("<{tag}");
    for (name, value) in attributes {
        html.push_str(&format!(" {name}=\""));
        Escape::QUOTES.append(value.as_deref().unwrap_or_default(), &mut html);
        html.push('"');
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_in_items_are_written_however_deep() {
        let mut stash = Stash::default();
        let mut text = "a".to_owned();
        for _ in 0..100_000 {
            text = stash.push(Stashed::Html(format!("<{text}>")));
        }
        let mut html = String::new();
        stash.expand(&text, &mut html);
        let (open, close) = ("<".repeat(100_000), ">".repeat(100_000));
        assert!(html == format!("{open}a{close}"));
    }

    #[test]
    fn an_item_cannot_stand_within_itself() {
        let mut stash = Stash::default();
        let own = Stash::placeholder(0);
        stash.push(Stashed::Html(format!("a{own}b")));
        let mut html = String::new();
        stash.expand(&own, &mut html);
        assert_eq!(html, "ab");
    }
}
