//! Inline markup: all texts of a page go through Comrak in one document, a
//! paragraph each, and come back as nodes.

mod angle_brackets;
mod autorefs;
mod bracket_spans;
mod brackets;
mod code;
mod emphasis;
mod ends;
mod escapes;
mod footnote_order;
mod hidden;
mod keys;
mod link;
mod lookahead;
mod magiclink;
mod nodes;
mod placeholders;
mod plain_links;
mod progress;
mod runs;
mod scan;
mod script_math;
mod stack;
mod symbols;
mod tasks;
mod texts;

use std::borrow::Cow;

use comrak::nodes::{AstNode, NodeLink, NodeValue};
use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::html::Escape;
use crate::markdown::blocks::Definitions;
use crate::markdown::code::math;
use crate::markdown::options::{Delimiter, MarkdownOptions};
use crate::markdown::source::lines::{TextArena, marks};
use crate::markdown::source::missing_footnote::missing_footnote;
use crate::markdown::source::page::Page;
use crate::markdown::source::site_access::SiteAccess;
use crate::markdown::source::written::Written;
use crate::markdown::tree::{Id, Kind, Tree};
pub use autorefs::CrossReference;
use ends::Backticks;
pub use footnote_order::Reference as FootnoteReference;
use hidden::{Hidden, HiddenKind};
pub use magiclink::shorten;
pub use progress::bars;
use scan::Scanner;
pub use tasks::tasks;
use texts::{Scanned, scan_texts};

/// The results of the inline stage besides the nodes.
#[derive(Debug, Default)]
pub struct InlineResult<'a> {
    /// References to footnotes.
    pub footnotes: Vec<FootnoteReference>,
    /// Cross references, in document order.
    pub cross_references: Vec<CrossReference>,
    /// The problems found.
    pub diagnostics: Vec<Diagnostic>,
    /// Where the addresses of links and images stand, sorted by these.
    pub places: Vec<(Id, Written<'a>)>,
}

/// Replaces every text of `tree` by the nodes it means.
pub fn read<'a>(
    page: &Page<'a>,
    tree: &mut Tree<'a>,
    definitions: &Definitions<'a>,
    options: &'a MarkdownOptions,
    site: &dyn SiteAccess,
    texts: &'a TextArena,
) -> InlineResult<'a> {
    let order = tree.walk(Tree::ROOT);
    let mut scanner = Scanner::new(page, options, definitions);
    let scanned = scan_texts(tree, &order, &mut scanner, texts);
    let missing = scanner.missing.iter();
    let missing = missing.map(|(line, written)| missing_footnote(page, *line, written));
    let missing: Vec<Diagnostic> = missing.collect();
    let asides = scanner.asides;
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, &scanned.document, &comrak_options());
    let mut passes: Vec<Vec<Delimiter>> = vec![options.emphasis.clone()];
    if options
        .emphasis
        .iter()
        .any(|delimiter| delimiter.punctuation)
    {
        passes[0].extend(options.delimiters.iter().cloned())
    } else {
        passes.push(options.delimiters.clone())
    }
    let mut builder = Builder {
        page,
        tree,
        texts,
        options,
        site,
        asides: &asides,
        atoms: Vec::new(),
        passes: &passes,
        found: InlineResult {
            footnotes: Vec::new(),
            cross_references: Vec::new(),
            diagnostics: missing,
            places: Vec::new(),
        },
        line: 0,
        unknown_icons: 0,
        in_link: 0,
        rank: 0,
        buffers: Vec::new(),
        lists: Vec::new(),
        icons: FxHashMap::default(),
    };
    // Ranks matter to footnotes alone.
    let ranks = if definitions.footnotes.is_empty() {
        Vec::new()
    } else {
        footnote_order::order(builder.tree)
    };
    builder.replace_texts(&order, scanned, root, &ranks);
    let mut found = builder.found;
    found.places.sort_unstable_by_key(|place| place.0);
    found
}

/// How Comrak parses. It knows no link references: the scanner has resolved them.
fn comrak_options() -> comrak::Options<'static> {
    let mut options = comrak::Options::default();
    options.render.escaped_char_spans = true;
    options.parse.escaped_char_spans = true;
    options
}

struct Builder<'a, 't> {
    page: &'t Page<'a>,
    tree: &'t mut Tree<'a>,
    texts: &'a TextArena,
    options: &'a MarkdownOptions,
    site: &'t dyn SiteAccess,
    asides: &'t [Hidden<'a>],
    /// When the reference would parse the current text.
    rank: usize,
    /// Nodes that are numbers in a text.
    atoms: Vec<Id>,
    /// The marks that are paired together, in the order of the passes.
    passes: &'t [Vec<Delimiter>],
    found: InlineResult<'a>,
    /// The source line of the current text.
    line: u32,
    /// How many unknown icons there are so far.
    unknown_icons: usize,
    /// How many links are around the current text.
    in_link: usize,
    /// Buffers to use again.
    buffers: Vec<String>,
    lists: Vec<Vec<Id>>,
    /// The icons on the page so far, by their names.
    icons: FxHashMap<String, &'a str>,
}

impl<'a> Builder<'a, '_> {
    /// Replaces all texts of the tree by their nodes.
    fn replace_texts<'n>(
        &mut self,
        order: &[Id],
        scanned: Scanned,
        root: &'n AstNode<'n>,
        ranks: &[usize],
    ) {
        let mut texts = scanned.texts.into_iter();
        let mut paragraphs = root.children();
        let mut nodes = Vec::new();
        let is_leaf = |tree: &Tree, id: Id| matches!(tree.nodes[id].kind, Kind::Leaf(_));
        for &parent in order {
            let mut children = self.tree.children(parent).iter();
            if !children.any(|child| is_leaf(self.tree, *child)) {
                continue;
            }
            let mut children = std::mem::take(&mut self.tree.nodes[parent].children);
            nodes.clear();
            for child in children.drain(..) {
                if !is_leaf(self.tree, child) {
                    nodes.push(child);
                    continue;
                }
                self.line = self.tree.nodes[child].line;
                self.rank = ranks.get(child).copied().unwrap_or(0);
                if let Some(text) = texts.next().flatten() {
                    let links = &scanned.links[text.links];
                    self.text_alone(&scanned.alone[text.range], links, &mut nodes);
                } else if let Some(paragraph) = paragraphs.next() {
                    self.paragraph(paragraph, &mut nodes);
                }
            }
            children.extend_from_slice(&nodes);
            self.tree.nodes[parent].children = children;
        }
    }

    /// Appends the nodes of one of Comrak's paragraphs.
    fn paragraph<'n>(&mut self, paragraph: &'n AstNode<'n>, nodes: &mut Vec<Id>) {
        let mut flat = self.buffer();
        self.flat(paragraph, 0, &mut flat);
        self.nodes(flat.trim_start_matches(marks::GUARD), nodes);
        self.buffers.push(flat);
    }

    /// An empty buffer, if possible with capacity.
    fn buffer(&mut self) -> String {
        let mut buffer = self.buffers.pop().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// Makes the nodes of a text the children of a node.
    fn fill(&mut self, id: Id, flat: &str) {
        let mut nodes = self.lists.pop().unwrap_or_default();
        self.nodes(flat, &mut nodes);
        self.tree.nodes[id].children = nodes.drain(..).collect();
        self.lists.push(nodes);
    }

    /// The children of a Comrak node as one text with atoms.
    fn flat<'n>(&mut self, parent: &'n AstNode<'n>, depth: usize, flat: &mut String) {
        for node in parent.children() {
            let data = node.data();
            match &data.value {
                NodeValue::Text(text) => self.text(text, flat),
                NodeValue::Code(code) => {
                    let id = self.code(&code.literal);
                    self.atom(id, flat);
                }
                NodeValue::Link(link) => {
                    if self.reference_inside(node, &link.url, depth, flat) {
                        continue;
                    }
                    let id = self.link(node, link, depth);
                    self.atom(id, flat);
                }
                NodeValue::Image(link) => {
                    let reference = self.cross_reference(node, &link.url, depth);
                    let id = reference.unwrap_or_else(|| {
                        if self.holds_links(&link.url) {
                            return self.link(node, link, depth);
                        }
                        self.image(node, link)
                    });
                    self.atom(id, flat);
                }
                NodeValue::Escaped => {
                    let text = self.alt(node);
                    // Quotes and dashes that were escaped stay as they are.
                    let kind = match &self.options.smarty {
                        Some(_) => {
                            let mut html = String::new();
                            Escape::TEXT.append(&text, &mut html);
                            Kind::Raw(html.into())
                        }
                        None => Kind::Text(text.into()),
                    };
                    let id = self.tree.node(kind, self.line);
                    self.atom(id, flat);
                }
                _ => self.flat(node, depth + 1, flat),
            }
        }
    }

    fn element(&mut self, tag: &'a str) -> Id {
        self.tree.element(tag, self.line)
    }

    fn atom(&mut self, id: Id, flat: &mut String) {
        placeholders::push(self.atoms.len(), flat);
        self.atoms.push(id);
    }

    /// Appends text from Comrak, with atoms for its hidden parts.
    fn text(&mut self, text: &str, flat: &mut String) {
        let asides = self.asides;
        let mut from = 0;
        while let Some(atom) = placeholders::next(text, from) {
            flat.push_str(&text[from..atom.start]);
            from = atom.end;
            let Some(Hidden { written, kind }) = asides.get(atom.number) else {
                continue;
            };
            let id = match kind {
                HiddenKind::Footnote(note) => self.footnote_reference(*note),
                HiddenKind::Entity | HiddenKind::Html => {
                    let html = Kind::Raw(Cow::Borrowed(written));
                    self.tree.node(html, self.line)
                }
                HiddenKind::Math(formula) => {
                    let (tag, html) = math::inline(formula, self.options);
                    let id = self.element(tag);
                    self.tree.set(id, "class", "arithmatex");
                    self.tree.append_raw(id, html);
                    id
                }
                HiddenKind::Script(formula) => self.script(*formula, written),
                HiddenKind::Literal(text) => self.tree.node(Kind::Text((*text).into()), self.line),
                HiddenKind::Keys(html) => match &self.options.keys {
                    Some(options) => self.key_group(html.clone(), options),
                    None => continue,
                },
                HiddenKind::Address(address, place) => {
                    let id = self.link_to(address.clone(), address);
                    self.found.places.push((id, *place));
                    id
                }
                HiddenKind::Mail(address) => self.link_to(format!("mailto:{address}"), address),
                HiddenKind::Target { .. } | HiddenKind::CrossReference { .. } => {
                    flat.push_str(written);
                    continue;
                }
            };
            self.atom(id, flat);
        }
        flat.push_str(&text[from..]);
    }

    /// Text in which nothing has a meaning, as written.
    fn restored(&self, text: &str) -> &'a str {
        let Some(first) = placeholders::next(text, 0) else {
            return self.plain(text);
        };
        let mut to = String::with_capacity(text.len());
        let mut from = 0;
        let mut next = Some(first);
        while let Some(atom) = next {
            placeholders::plain(&text[from..atom.start], &mut to);
            to.push_str(
                self.asides
                    .get(atom.number)
                    .map_or("", |aside| aside.written),
            );
            from = atom.end;
            next = placeholders::next(text, from);
        }
        placeholders::plain(&text[from..], &mut to);
        self.texts.alloc(to)
    }

    /// Text without atoms, with the original characters for all stand-ins.
    fn plain(&self, text: &str) -> &'a str {
        if memchr::memchr2(0xEF, 0x0C, text.as_bytes()).is_none() {
            return self.texts.alloc(text);
        }
        let mut to = String::with_capacity(text.len());
        placeholders::plain(text, &mut to);
        self.texts.alloc(to)
    }

    /// A link.
    fn link<'n>(&mut self, node: &'n AstNode<'n>, link: &NodeLink, depth: usize) -> Id {
        let (url, title) = self.target(&link.url, &link.title);
        let id = self.element("a");
        self.place(id, &link.url);
        self.tree.set(id, "href", url);
        if let Some(title) = title {
            self.tree.set(id, "title", title);
        }
        let mut inner = self.buffer();
        if depth < 50 {
            self.flat(node, depth + 1, &mut inner);
        }
        self.in_link += 1;
        self.fill(id, &inner);
        self.in_link -= 1;
        self.buffers.push(inner);
        id
    }

    /// A span whose content is HTML.
    fn span(&mut self, class: &'a str, html: impl Into<Cow<'a, str>>) -> Id {
        let id = self.element("span");
        self.tree.set(id, "class", class);
        self.tree.append_raw(id, html);
        id
    }

    /// A link whose text no other rule parses.
    fn link_to(&mut self, url: impl Into<Cow<'a, str>>, text: &str) -> Id {
        let id = self.element("a");
        self.tree.set(id, "href", url);
        let mut html = String::new();
        Escape::TEXT.append(text, &mut html);
        self.tree.append_raw(id, html);
        id
    }

    /// The text of an image or an escape.
    fn alt<'n>(&self, node: &'n AstNode<'n>) -> String {
        let mut text = String::new();
        for inner in node.descendants().skip(1) {
            match &inner.data().value {
                NodeValue::Text(part) => text.push_str(self.restored(part)),
                NodeValue::Code(code) => text.push_str(self.restored(&code.literal)),
                _ => {}
            }
        }
        text
    }

    fn footnote_reference(&mut self, note: usize) -> Id {
        let id = self.element("sup");
        let rank = self.rank;
        let reference = FootnoteReference { rank, id, note };
        self.found.footnotes.push(reference);
        id
    }
}
