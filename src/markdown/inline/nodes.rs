//! Turns texts with atoms into nodes.

use std::borrow::Cow;
use std::ops::Range;

use comrak::nodes::{AstNode, NodeLink};

use super::hidden::{Hidden, HiddenKind};
use super::{Builder, emphasis, placeholders, runs};
use crate::markdown::options::Delimiter;
use crate::markdown::source::Limit;
use crate::markdown::tree::{Id, Kind};

/// How deep emphasis may be nested.
const DEPTH: usize = 100;

/// The kinds of characters in a text, found in one pass over it.
#[derive(Clone, Copy)]
struct Seen(u8);

impl Seen {
    /// A line break.
    const BREAK: u8 = 1;
    /// `:`, which may enclose an icon's name.
    const COLON: u8 = 1 << 1;
    /// `+`, which may enclose keys.
    const PLUS: u8 = 1 << 2;
    /// `[`, which may begin a wiki link.
    const BRACKET: u8 = 1 << 3;
    /// The first byte of stand-ins.
    const LEAD: u8 = 1 << 4;

    fn of(text: &str) -> Self {
        let bit = |byte| match byte {
            0x0C => Self::BREAK,
            b':' => Self::COLON,
            b'+' => Self::PLUS,
            b'[' => Self::BRACKET,
            0xEF => Self::LEAD,
            _ => 0,
        };
        Self(text.bytes().fold(0, |seen, byte| seen | bit(byte)))
    }

    fn any(self, kinds: u8) -> bool {
        self.0 & kinds != 0
    }
}

impl<'a> Builder<'a, '_> {
    /// An image.
    pub(super) fn image<'n>(&mut self, node: &'n AstNode<'n>, link: &NodeLink) -> Id {
        let (url, title) = self.target(&link.url, &link.title);
        let id = self.element("img");
        self.place(id, &link.url);
        let alt = self.alt(node);
        self.tree.set(id, "alt", alt);
        self.tree.set(id, "src", url);
        if let Some(title) = title {
            self.tree.set(id, "title", title);
        }
        id
    }

    /// The address and the title of a link as Comrak has them.
    pub(super) fn target(&self, url: &str, title: &str) -> (Cow<'a, str>, Option<Cow<'a, str>>) {
        if let Some(number) = placeholders::only(url)
            && let Some(Hidden {
                kind: HiddenKind::Target { url, title, .. },
                ..
            }) = self.asides.get(number)
        {
            return (url.clone(), title.clone());
        }
        let title = (!title.is_empty()).then(|| self.restored(title).into());
        (self.restored(url).into(), title)
    }

    /// Records where the address of a link stands.
    pub(super) fn place(&mut self, id: Id, url: &str) {
        let hidden = placeholders::only(url).and_then(|number| self.asides.get(number));
        if let Some(HiddenKind::Target { place, .. }) = hidden.map(|hidden| &hidden.kind) {
            self.found.places.push((id, *place));
        }
    }

    /// Whether what is an image for Comrak is a link with links in it.
    pub(super) fn holds_links(&self, url: &str) -> bool {
        let hidden = placeholders::only(url).and_then(|number| self.asides.get(number));
        let kind = hidden.map(|hidden| &hidden.kind);
        matches!(
            kind,
            Some(HiddenKind::Target {
                holds_links: true,
                ..
            })
        )
    }

    /// Appends the nodes that a text with atoms means.
    pub(super) fn nodes(&mut self, flat: &str, nodes: &mut Vec<Id>) {
        let options = self.options;
        if options.bracket_spans
            && options.attr_list
            && let Some(flat) = self.bracket_spans(flat)
        {
            self.nodes_around_spans(&flat, nodes);
            return self.buffers.push(flat);
        }
        self.nodes_around_spans(flat, nodes);
    }

    /// The same of a text whose spans are atoms.
    fn nodes_around_spans(&mut self, flat: &str, nodes: &mut Vec<Id>) {
        let seen = Seen::of(flat);
        let options = self.options;
        let has_breaks = seen.any(Seen::BREAK) && (options.nl2br || flat.contains("  \u{c}"));
        let flat = if has_breaks {
            Cow::Owned(self.breaks(flat))
        } else {
            Cow::Borrowed(flat)
        };
        let flat = match &options.wikilinks {
            Some(wikilinks) if seen.any(Seen::BRACKET) => {
                Cow::Owned(self.wikilinks(&flat, wikilinks))
            }
            _ => flat,
        };
        let flat = match &options.magiclink {
            Some(magiclink) if self.in_link == 0 => Cow::Owned(self.magic_links(&flat, magiclink)),
            _ => flat,
        };
        let flat = match &options.emoji {
            Some(emoji) if seen.any(Seen::COLON) => {
                self.emoji(&flat, emoji).map_or(flat, Cow::Owned)
            }
            _ => flat,
        };
        let flat = match &options.keys {
            Some(keys) if seen.any(Seen::PLUS) && flat.contains("++") => {
                Cow::Owned(self.keys(&flat, keys))
            }
            _ => flat,
        };
        match &flat {
            // There are no stand-ins: the text is shown as it is.
            Cow::Borrowed(same) if !seen.any(Seen::LEAD | Seen::BREAK) => {
                if !same.is_empty() {
                    let text = Kind::Text(self.texts.alloc(same).into());
                    nodes.push(self.tree.node(text, self.line));
                }
            }
            flat if !runs::has_marks(flat) => self.leaf(flat, nodes),
            flat => {
                let passes = self.passes;
                self.paired(flat, passes, 0, nodes);
            }
        }
        if let Cow::Owned(flat) = flat {
            self.buffers.push(flat);
        }
    }

    /// Pairs the marks of all passes, one pass after the other.
    pub(super) fn paired(
        &mut self,
        flat: &str,
        passes: &[Vec<Delimiter>],
        depth: usize,
        nodes: &mut Vec<Id>,
    ) {
        let Some((first, others)) = passes.split_first() else {
            return self.leaf(flat, nodes);
        };
        let (regions, is_whole) = emphasis::pair(flat, first);
        if !is_whole {
            self.page.passed(Limit::Ahead, self.line);
        }
        if regions.is_empty() {
            return self.paired(flat, others, depth, nodes);
        }
        let outer = self.enclosed(flat, 0..flat.len(), &regions, others, depth);
        self.paired(&outer, others, depth, nodes);
        self.buffers.push(outer);
    }

    /// A part of `flat` with each outermost region as an atom.
    fn enclosed(
        &mut self,
        flat: &str,
        part: Range<usize>,
        regions: &[emphasis::Region],
        others: &[Vec<Delimiter>],
        depth: usize,
    ) -> String {
        let mut to = self.buffer();
        let mut at = part.start;
        let mut nth = 0;
        let regions = if depth < DEPTH || regions.is_empty() {
            regions
        } else {
            self.page.passed(Limit::Emphasis, self.line);
            &[]
        };
        while let Some(region) = regions.get(nth) {
            let inside = regions[nth + 1..].partition_point(|next| next.start < region.end);
            to.push_str(&flat[at..region.start]);
            let inner = self.enclosed(
                flat,
                region.inner..region.close,
                &regions[nth + 1..nth + 1 + inside],
                others,
                depth + 1,
            );
            let id = self.element(region.tag);
            let mut nodes = self.lists.pop().unwrap_or_default();
            self.paired(&inner, others, depth + 1, &mut nodes);
            self.tree.nodes[id].children = nodes.drain(..).collect();
            self.lists.push(nodes);
            self.buffers.push(inner);
            self.atom(id, &mut to);
            at = region.end;
            nth += 1 + inside;
        }
        to.push_str(&flat[at..part.end]);
        to
    }

    /// Appends text and atoms without pairing marks.
    fn leaf(&mut self, flat: &str, nodes: &mut Vec<Id>) {
        let mut from = 0;
        while let Some(atom) = placeholders::next(flat, from) {
            self.push_text(&flat[from..atom.start], nodes);
            nodes.extend(self.atoms.get(atom.number));
            from = atom.end;
        }
        self.push_text(&flat[from..], nodes);
    }

    fn push_text(&mut self, text: &str, nodes: &mut Vec<Id>) {
        if !text.is_empty() {
            let text = Kind::Text(self.plain(text).into());
            nodes.push(self.tree.node(text, self.line));
        }
    }
}
