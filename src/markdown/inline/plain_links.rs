//! Links and images that the scanner reads itself.
//!
//! It has to find the targets of all links by the reference's rules. Where no bracket is
//! in others and no definition decides what brackets mean, nothing is left to be read.

use super::hidden::HiddenKind;
use super::{Builder, placeholders};
use crate::markdown::tree::Id;

/// A link or an image that nothing else of its text has to do with: its brackets are in no
/// others. Positions are those in the prepared text.
#[derive(Debug, Clone, Copy)]
pub struct PlainLink {
    /// Where it begins.
    pub start: usize,
    /// Where its text is.
    pub text: (usize, usize),
    /// Where it ends.
    pub end: usize,
    /// The number of its target.
    pub target: usize,
    /// Whether it is an image.
    pub is_image: bool,
}

impl PlainLink {
    /// The same in a text that begins `count` bytes later.
    pub fn earlier(self, count: usize) -> Self {
        Self {
            start: self.start - count,
            text: (self.text.0 - count, self.text.1 - count),
            end: self.end - count,
            ..self
        }
    }
}

impl Builder<'_, '_> {
    /// Appends the nodes of a text that Comrak need not see.
    pub(super) fn text_alone(&mut self, text: &str, links: &[PlainLink], nodes: &mut Vec<Id>) {
        if links.is_empty() && placeholders::lead(text, 0).is_none() {
            return self.nodes(text, nodes);
        }
        let mut flat = self.buffer();
        let mut from = 0;
        for link in links {
            self.text(&text[from..link.start], &mut flat);
            let id = self.plain_link(link, &text[link.text.0..link.text.1]);
            self.atom(id, &mut flat);
            from = link.end;
        }
        self.text(&text[from..], &mut flat);
        self.nodes(&flat, nodes);
        self.buffers.push(flat);
    }

    /// A link or an image with this text.
    fn plain_link(&mut self, link: &PlainLink, text: &str) -> Id {
        let id = self.element(if link.is_image { "img" } else { "a" });
        let hidden = self.asides.get(link.target).map(|hidden| &hidden.kind);
        let Some(HiddenKind::Target {
            url, place, title, ..
        }) = hidden
        else {
            return id;
        };
        self.found.places.push((id, *place));
        if link.is_image {
            let alt = self.restored(text);
            self.tree.set(id, "alt", alt);
            self.tree.set(id, "src", url.clone());
        } else {
            self.tree.set(id, "href", url.clone());
        }
        if let Some(title) = title {
            self.tree.set(id, "title", title.clone());
        }
        if !link.is_image {
            let mut inner = self.buffer();
            self.text(text, &mut inner);
            self.in_link += 1;
            self.fill(id, &inner);
            self.in_link -= 1;
            self.buffers.push(inner);
        }
        id
    }
}
