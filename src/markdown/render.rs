//! The tree as HTML, in the shapes of Python-Markdown's serializer.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lines::{Bytes, STASH_OPEN};
use super::listing::render_indented;
use super::options::Options;
use super::stash::{Stash, html_is_block};
use super::tree::{Id, Kind, Tree};
use crate::work::step;

/// Attributes without a value, as in Python-Markdown's HTML output.
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

/// Whether an entity begins at the `&` that `text` begins with.
pub fn is_entity(text: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'#';
    let length = text.bytes().skip(1).take_while(is_part).count();
    step(length);
    let (name, behind) = text[1..].split_at(length);
    if !behind.starts_with(';') {
        return false;
    }
    let is_all = |text: &str, fits: fn(&u8) -> bool| {
        !text.is_empty() && text.bytes().all(|byte| fits(&byte))
    };
    match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => is_all(hex, u8::is_ascii_hexdigit),
            None => is_all(number, u8::is_ascii_digit),
        },
        None => is_all(name, u8::is_ascii_alphanumeric),
    }
}

/// Bytes that mean something in HTML.
const ESCAPED: Bytes = Bytes::of(b"&<>\"");

fn escape(text: &str, quotes: bool, keeps_entities: bool, to: &mut String) {
    let mut rest = text;
    while let Some(at) = ESCAPED.find(rest.as_bytes()) {
        let replacement = match rest.as_bytes()[at] {
            b'&' if !(keeps_entities && is_entity(&rest[at..])) => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' if quotes => "&quot;",
            _ => &rest[at..=at],
        };
        to.push_str(&rest[..at]);
        to.push_str(replacement);
        rest = &rest[at + 1..];
    }
    to.push_str(rest);
}

/// Appends `text` as HTML text.
pub fn escape_text(text: &str, to: &mut String) {
    escape(text, false, false, to);
}

/// Appends `text` as HTML text; entities stay.
pub fn escape_around_entities(text: &str, to: &mut String) {
    escape(text, false, true, to);
}

/// Appends `text` as an attribute's value; entities stay.
pub fn escape_attribute(text: &str, to: &mut String) {
    escape(text, true, true, to);
}

/// `data-src`, which says what lines of its file a block comes from.
pub fn source_attribute(first: u32, last: u32) -> String {
    match first < last {
        true => format!(" data-src=\"{first}-{last}\""),
        false => format!(" data-src=\"{first}\""),
    }
}

/// `html` with the lines it comes from on its first tag, if it begins with
/// one.
pub fn with_source(html: String, first: u32, last: u32) -> String {
    let name = html
        .strip_prefix('<')
        .map(|rest| rest.bytes().take_while(u8::is_ascii_alphanumeric).count());
    match name {
        Some(length) if length > 0 => format!(
            "{}{}{}",
            &html[..=length],
            source_attribute(first, last),
            &html[length + 1..]
        ),
        _ => html,
    }
}

/// Writes trees.
pub struct Renderer<'a, 't> {
    /// The tree.
    pub tree: &'t Tree<'a>,
    /// What its placeholders stand for.
    pub stash: &'t Stash<'a>,
    /// What is on.
    pub options: &'t Options,
}

impl Renderer<'_, '_> {
    /// The children of `id` as HTML.
    pub fn inner(&self, id: Id) -> String {
        self.inner_of_size(id, 0)
    }

    /// The same, which is probably `size` bytes long.
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
            Kind::Leaf(lines) => self.text(&super::lines::join(lines), to),
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
            Kind::Element { tag, attributes } => {
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
                for (name, value) in attributes {
                    to.push(' ');
                    to.push_str(name);
                    let Some(value) = value else {
                        continue;
                    };
                    if name == value && BOOLEAN.contains(&&**name) {
                        continue;
                    }
                    to.push_str("=\"");
                    const SPECIAL: Bytes = Bytes::of(b"&<>\"\x02");
                    if SPECIAL.find(value.as_bytes()).is_none() {
                        to.push_str(value);
                        to.push('"');
                        continue;
                    }
                    match memchr::memchr(STASH_OPEN as u8, value.as_bytes()).is_some() {
                        // No markup in an attribute: what was taken out of
                        // the text leaves its own text.
                        true => {
                            let mut html = String::new();
                            self.stash.expand(value, &mut html);
                            escape_attribute(&strip_tags(&html), to);
                        }
                        false => escape_attribute(value, to),
                    }
                    to.push('"');
                }
                self.source(id, to);
                to.push('>');
                if super::html::VOID.contains(tag) {
                    return;
                }
                let has_blocks = self.holds_blocks(id);
                if has_blocks && !matches!(*tag, "li" | "dd" | "p" | "summary") {
                    to.push('\n');
                }
                self.children(id, has_blocks, to);
                to.push_str("</");
                to.push_str(tag);
                to.push('>');
            }
        }
    }

    /// Appends text; placeholders in it become what they stand for.
    fn text(&self, text: &str, to: &mut String) {
        const SPECIAL: Bytes = Bytes::of(b"&<>\x02");
        if SPECIAL.find(text.as_bytes()).is_none() {
            return to.push_str(text);
        }
        let mut escaped = String::with_capacity(text.len());
        escape_text(text, &mut escaped);
        self.stash.expand(&escaped, to);
    }

    /// The lines a block comes from, where they are wanted.
    fn source(&self, id: Id, to: &mut String) {
        let node = &self.tree.nodes[id];
        if self.options.sources && node.line > 0 && node.is_block {
            to.push_str(&source_attribute(node.line, node.end));
        }
    }

    /// The critic marks round whole blocks, where a paragraph is nothing
    /// else.
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

    /// The block that stands alone in a paragraph, which then is none.
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

/// The text of an HTML fragment without its tags and comments, white space
/// collapsed; entities stay.
pub fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut tags = super::html::Tags::of(html);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = tags.length(rest);
        let length = length.unwrap_or_else(|| {
            text.push('<');
            1
        });
        rest = &rest[length..];
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text that an HTML text shows.
pub fn unescape(text: &str) -> String {
    let mut to = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        to.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = is_entity(rest).then(|| rest.find(';')).flatten();
        let shown = end.and_then(|end| entity(&rest[..=end]));
        match end.zip(shown) {
            Some((end, shown)) => {
                to.push_str(&shown);
                rest = &rest[end + 1..];
            }
            None => {
                to.push('&');
                rest = &rest[1..];
            }
        }
    }
    to.push_str(rest);
    to
}

/// What an entity, `&` and `;` included, stands for.
fn entity(entity: &str) -> Option<String> {
    static NAMED: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        // Of equal names the first, as they are listed.
        let known = entities::ENTITIES.iter().rev();
        known.map(|it| (it.entity, it.characters)).collect()
    });
    let name = &entity[1..entity.len() - 1];
    let Some(number) = name.strip_prefix('#') else {
        return NAMED.get(entity).map(|known| (*known).to_owned());
    };
    let point = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(point).map(String::from)
}
