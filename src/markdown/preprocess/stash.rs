//! The things taken out of the text before the block rules see it, and the
//! placeholders that stand for them.

use std::borrow::Cow;

use crate::html::Escape;
use crate::markdown::source::lines::{Line, STASH_CLOSE, STASH_OPEN, join};
use crate::markdown::tree::Attribute;
use crate::markdown::tree::names::is_block_level;
use crate::work::step;

/// How the content of an element with a `markdown` attribute is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parse {
    /// As blocks.
    Block,
    /// As one text.
    Span,
    /// Not at all: it is HTML.
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
    /// Its lines as written, in case they turn out to be in indented code.
    pub lines: Vec<Line<'a>>,
    /// How far it was indented, quote marks included.
    pub indent: usize,
}

/// Something taken out.
#[derive(Debug, Clone)]
pub enum Stashed<'a> {
    /// Raw HTML.
    Html(String),
    /// An element with Markdown inside.
    Element(HtmlElement<'a>),
    /// Code.
    Fence(Fence<'a>),
    /// The HTML of a critic mark, which is part of a text.
    Critic(String),
    /// Something that has been moved to the tree.
    Placed,
}

/// Everything taken out of one page.
#[derive(Debug, Default)]
pub struct Stash<'a> {
    /// Each item with the source line where it begins, or 0.
    items: Vec<(Stashed<'a>, u32)>,
}

/// A text that is being expanded.
struct Expansion<'t> {
    text: Cow<'t, str>,
    /// How much of it has been written.
    at: usize,
    /// The limit of the numbers in its placeholders. An item contains
    /// placeholders of earlier items only, so its limit is its own number, and
    /// every expansion ends.
    below: usize,
    /// The element whose content it is.
    closes: Option<&'t str>,
}

impl<'t> Expansion<'t> {
    fn of(text: Cow<'t, str>, below: usize) -> Self {
        Self {
            text,
            at: 0,
            below,
            closes: None,
        }
    }

    /// Writes the text up to the next placeholder and returns its number;
    /// `None` at the end of the text.
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
                Some((number, after)) => {
                    self.at = self.text.len() - after.len();
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
    /// Adds `item` and returns its placeholder.
    pub fn push(&mut self, item: Stashed<'a>) -> String {
        let number = self.push_at(item, 0);
        Self::placeholder(number)
    }

    /// Adds `item`, which begins on source line `line`, and returns its number.
    pub fn push_at(&mut self, item: Stashed<'a>, line: u32) -> usize {
        self.items.push((item, line));
        self.items.len() - 1
    }

    /// The placeholder of item `number`.
    pub fn placeholder(number: usize) -> String {
        format!("{STASH_OPEN}{number}{STASH_CLOSE}")
    }

    /// The source line where item `number` begins, if that is known.
    pub fn line_of(&self, number: usize) -> Option<u32> {
        let (_, line) = self.items.get(number)?;
        (*line > 0).then_some(*line)
    }

    /// Item `number`.
    pub fn get(&self, number: usize) -> Option<&Stashed<'a>> {
        self.items.get(number).map(|(item, _)| item)
    }

    /// Takes the element `number` out to move it to the tree.
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

    /// The number of the placeholder at the start of `text`, and the text after
    /// it.
    pub fn split(text: &str) -> Option<(usize, &str)> {
        let (number, rest) = text.strip_prefix(STASH_OPEN)?.split_once(STASH_CLOSE)?;
        Some((number.parse().ok()?, rest))
    }

    /// Appends `text` with each placeholder replaced by what it stands for.
    pub fn expand(&self, text: &str, to: &mut String) {
        // Elements may be nested to any depth, so a list is used rather than
        // recursion, which could overflow the thread's stack.
        let mut outer: Vec<Expansion> = Vec::new();
        let mut current = Expansion::of(Cow::Borrowed(text), self.items.len());
        loop {
            if let Some(number) = current.write_up_to_placeholder(to) {
                if let Some(inner) = self.begin(number, to) {
                    outer.push(std::mem::replace(&mut current, inner));
                }
                continue;
            }
            if let Some(tag) = current.closes {
                to.push_str("</");
                to.push_str(tag);
                to.push('>');
            }
            match outer.pop() {
                Some(expansion) => current = expansion,
                None => return,
            }
        }
    }

    /// Appends the start of item `number`; returns its content, which is yet to
    /// be expanded.
    fn begin<'t>(&'t self, number: usize, to: &mut String) -> Option<Expansion<'t>> {
        match self.get(number)? {
            Stashed::Html(html) => Some(Expansion::of(Cow::Borrowed(html), number)),
            Stashed::Fence(fence) => Some(Expansion::of(Cow::Borrowed(&fence.html), number)),
            Stashed::Critic(html) => {
                to.push_str(html);
                None
            }
            Stashed::Element(element) => {
                // Python-Markdown does not parse elements on indented lines.
                to.push_str(&opening(element.tag, &element.attributes));
                to.push_str(match element.parse {
                    Parse::Block => " markdown=\"block\">",
                    Parse::Span => " markdown=\"span\">",
                    Parse::Verbatim => ">",
                });
                let text = join(&element.lines);
                let inner = if element.parse == Parse::Verbatim {
                    text
                } else {
                    Escape::TEXT_WITH_ENTITIES.apply(&text)
                };
                Some(Expansion {
                    closes: Some(element.tag),
                    ..Expansion::of(Cow::Owned(inner), number)
                })
            }
            Stashed::Placed => None,
        }
    }

    /// The critic marks that `text` consists of, as they are written around
    /// whole blocks; `None` if it contains anything else.
    pub fn critic_blocks(&self, text: &str) -> Option<String> {
        let mut html = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (number, after) = Self::split(rest)?;
            let Some(Stashed::Critic(mark)) = self.get(number) else {
                return None;
            };
            match mark.strip_suffix("class=\"critic\">") {
                Some(open) if !mark.starts_with("<span") => {
                    html.push_str(&format!("{open}class=\"critic block\">"));
                }
                _ => html.push_str(mark),
            }
            rest = after;
        }
        (!html.is_empty()).then_some(html)
    }

    /// Whether item `number`, alone in a paragraph, replaces that paragraph.
    pub fn is_block(&self, number: usize) -> bool {
        match self.get(number) {
            Some(Stashed::Html(html)) => html_is_block(html),
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
    name.starts_with(['!', '?', '@', '%']) || is_block_level(name.trim_end_matches('/'))
}

/// The start tag of an element as HTML, without its `>`.
pub fn opening(tag: &str, attributes: &[Attribute]) -> String {
    let mut html = format!("<{tag}");
    for (name, value) in attributes {
        html.push_str(&format!(" {name}=\""));
        Escape::QUOTES.append(value.as_deref().unwrap_or(""), &mut html);
        html.push('"');
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_items_are_expanded_to_any_depth() {
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
    fn an_item_cannot_contain_itself() {
        let mut stash = Stash::default();
        let own = Stash::placeholder(0);
        stash.push(Stashed::Html(format!("a{own}b")));
        let mut html = String::new();
        stash.expand(&own, &mut html);
        assert_eq!(html, "ab");
    }
}
