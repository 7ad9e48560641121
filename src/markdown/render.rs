//! Writes the tree as HTML, in the shapes of Python-Markdown's serializer.

use crate::html::{Escape, strip_tags};
use crate::markdown::code::listing::render_indented;
use crate::markdown::options::MarkdownOptions;
use crate::markdown::preprocess::stash::{Stash, html_is_block};
use crate::markdown::source::data_src::{source_attribute, with_source};
use crate::markdown::source::lines::STASH_OPEN;
use crate::markdown::source::lines::join;
use crate::markdown::tree::{Attribute, Id, Kind, Tree};
use crate::text::Bytes;

/// Attributes that Python-Markdown's HTML output writes without a value.
const BOOLEAN: [&str; 10] = [
    "checked",
    "disabled",
    "hidden",
    "multiple",
    "open",
    "readonly",
    "required",
    "reversed",
    "selected",
    "autofocus",
];

/// Writes trees.
pub struct Renderer<'a, 't> {
    /// The tree.
    pub tree: &'t Tree<'a>,
    /// What its placeholders stand for.
    pub stash: &'t Stash<'a>,
    /// What is on.
    pub options: &'t MarkdownOptions,
}

impl Renderer<'_, '_> {
    /// The children of `id` as HTML.
    pub fn inner(&self, id: Id) -> String {
        self.inner_of_size(id, 0)
    }

    /// The children of `id` as HTML, which is probably `size` bytes long.
    pub fn inner_of_size(&self, id: Id, size: usize) -> String {
        let mut html = String::with_capacity(size);
        let has_blocks = self.holds_blocks(id);
        self.children(id, has_blocks, &mut html);
        html
    }

    fn holds_blocks(&self, id: Id) -> bool {
        self.tree
            .children(id)
            .iter()
            .any(|child| self.is_block(*child))
    }

    fn is_block(&self, id: Id) -> bool {
        self.tree.nodes[id].is_block
    }

    fn children(&self, id: Id, has_blocks: bool, to: &mut String) {
        for child in self.tree.children(id) {
            let breaks = has_blocks && self.is_block(*child);
            if breaks && !to.is_empty() && !to.ends_with('\n') {
                to.push('\n');
            }
            self.node(*child, to);
            if breaks {
                to.push('\n');
            }
        }
    }

    /// Appends node `id`.
    pub fn node(&self, id: Id, to: &mut String) {
        match &self.tree.nodes[id].kind {
            Kind::Text(text) => self.text(text, to),
            Kind::Leaf(lines) => self.text(&join(lines), to),
            Kind::Raw(html) => self.stash.expand(html, to),
            Kind::Code(text) => {
                let text = format!("{}\n", text.trim_end());
                let mut html = String::new();
                render_indented(&text, self.options, &mut html);
                let node = &self.tree.nodes[id];
                if self.options.sources && node.line > 0 {
                    html = with_source(html, node.line, node.end);
                }
                self.stash.expand(&html, to);
            }
            Kind::Element { tag, attributes } => self.element(id, tag, attributes, to),
        }
    }

    fn element(&self, id: Id, tag: &str, attributes: &[Attribute], to: &mut String) {
        if let Some(html) = self.critic_blocks(id) {
            to.push_str(&html);
            return;
        }
        if let Some(html) = self.lone_block(id) {
            self.stash.expand(html, to);
            return;
        }
        to.push('<');
        to.push_str(tag);
        for attribute in attributes {
            self.attribute(attribute, to);
        }
        self.source(id, to);
        to.push('>');
        if crate::html::VOID.contains(&tag) {
            return;
        }
        let has_blocks = self.holds_blocks(id);
        if has_blocks && !matches!(tag, "li" | "dd" | "p" | "summary") {
            to.push('\n');
        }
        self.children(id, has_blocks, to);
        to.push_str("</");
        to.push_str(tag);
        to.push('>');
    }

    fn attribute(&self, (name, value): &Attribute, to: &mut String) {
        const SPECIAL: Bytes = Bytes::of(b"&<>\"\x02");
        to.push(' ');
        to.push_str(name);
        let Some(value) = value else {
            return;
        };
        if name == value && BOOLEAN.contains(&&**name) {
            return;
        }
        to.push_str("=\"");
        if SPECIAL.find(value.as_bytes()).is_none() {
            to.push_str(value);
        } else if memchr::memchr(STASH_OPEN as u8, value.as_bytes()).is_some() {
            let mut html = String::new();
            self.stash.expand(value, &mut html);
            Escape::QUOTED_WITH_ENTITIES.append(&strip_tags(&html), to);
        } else {
            Escape::QUOTED_WITH_ENTITIES.append(value, to);
        }
        to.push('"');
    }

    /// Appends text, with what its placeholders stand for.
    fn text(&self, text: &str, to: &mut String) {
        // Without an early exit, so that the loop is vectorized.
        let is_special = |byte| matches!(byte, b'&' | b'<' | b'>' | b'\x02');
        if !text.bytes().fold(false, |any, byte| any | is_special(byte)) {
            return to.push_str(text);
        }
        let mut escaped = String::with_capacity(text.len());
        Escape::TEXT.append(text, &mut escaped);
        self.stash.expand(&escaped, to);
    }

    /// Appends `data-src` with the lines a block comes from, if that is on.
    fn source(&self, id: Id, to: &mut String) {
        let node = &self.tree.nodes[id];
        if self.options.sources && node.line > 0 && node.is_block {
            to.push_str(&source_attribute(node.line, node.end));
        }
    }

    /// The critic marks that a paragraph consists of, as they are written
    /// around whole blocks.
    fn critic_blocks(&self, id: Id) -> Option<String> {
        self.options.critic?;
        let ("p", [], [only]) = (
            self.tree.tag(id),
            self.tree.attributes(id),
            self.tree.children(id),
        ) else {
            return None;
        };
        match &self.tree.nodes[*only].kind {
            Kind::Text(text) => self.stash.critic_blocks(text),
            _ => None,
        }
    }

    /// The block that is alone in a paragraph, in place of which it is
    /// written.
    fn lone_block(&self, id: Id) -> Option<&str> {
        let Kind::Element {
            tag: "p",
            attributes,
        } = &self.tree.nodes[id].kind
        else {
            return None;
        };
        let [only] = self.tree.children(id) else {
            return None;
        };
        let is_block = match &self.tree.nodes[*only].kind {
            Kind::Raw(html) => html_is_block(html),
            Kind::Text(text) => Stash::split(text)
                .is_some_and(|(number, rest)| rest.is_empty() && self.stash.is_block(number)),
            _ => false,
        };
        match &self.tree.nodes[*only].kind {
            Kind::Raw(text) | Kind::Text(text) if is_block && attributes.is_empty() => Some(text),
            _ => None,
        }
    }
}
