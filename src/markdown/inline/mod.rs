//! Inline markup: all texts of a page go through Comrak in one document, a
//! paragraph each, and come back as nodes.

mod angle;
mod code;
mod emphasis;
mod keys;
mod link;
mod magic;
mod runs;
mod scan;
mod symbols;

use std::borrow::Cow;

use comrak::nodes::{AstNode, NodeValue};

use super::Surroundings;
use super::accidents::missing_footnote;
use super::blocks::{Definitions, Reference};
use super::lines::{Block, join, marks};
use super::options::{Delimiter, Options};
use super::page::Page;
use super::render::escape_text;
use super::tree::{Id, Kind, Tree};
use crate::diagnostic::Diagnostic;
pub use scan::code_end;
use scan::{Aside, AsideKind, BREAK, Scanner, reference_label};

/// What the inline stage found beside the nodes.
#[derive(Debug, Default)]
pub struct Found {
    /// How often each footnote was referred to.
    pub footnote_uses: Vec<usize>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Replaces every text of `tree` by what it means.
pub fn read<'a>(
    page: &Page<'a>,
    tree: &mut Tree<'a>,
    definitions: &Definitions<'a>,
    options: &Options,
    site: &dyn Surroundings,
) -> Found {
    let leaves: Vec<(Id, Id)> = tree
        .walk(Tree::ROOT)
        .into_iter()
        .flat_map(|parent| {
            tree.children(parent)
                .iter()
                .map(move |child| (parent, *child))
                .collect::<Vec<_>>()
        })
        .filter(|(_, child)| matches!(tree.nodes[*child].kind, Kind::Leaf(_)))
        .collect();
    let mut scanner = Scanner::new(options, definitions);
    let mut document = String::new();
    for (_, leaf) in &leaves {
        let text = join(tree.lines(*leaf));
        document.push(marks::GUARD);
        scanner.line = tree.nodes[*leaf].line;
        scanner.scan(&text, &mut document);
        document.push_str("\n\n");
    }
    let missing = scanner.missing.iter();
    let missing = missing.map(|(line, written)| missing_footnote(page, *line, written));
    let missing: Vec<Diagnostic> = missing.collect();
    let asides = scanner.asides;
    let references = &definitions.references;
    let resolve = |reference: comrak::options::BrokenLinkReference| {
        let written: String = reference.original.chars().map(marks::shown).collect();
        let Reference { url, title } = references.get(&reference_label(&written))?;
        Some(comrak::ResolvedReference {
            url: url.clone(),
            title: title.clone().unwrap_or_default(),
        })
    };
    let mut settings = comrak::Options::default();
    settings.render.escaped_char_spans = true;
    settings.parse.escaped_char_spans = true;
    if !references.is_empty() {
        settings.parse.broken_link_callback = Some(std::sync::Arc::new(resolve));
    }
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, &document, &settings);
    let mut passes: Vec<Vec<Delimiter>> = vec![options.emphasis.clone()];
    match options
        .emphasis
        .iter()
        .any(|delimiter| delimiter.punctuation)
    {
        true => passes[0].extend(options.delimiters.iter().cloned()),
        false => passes.push(options.delimiters.clone()),
    }
    let mut builder = Builder {
        page,
        tree,
        options,
        site,
        asides: &asides,
        footnotes: &definitions.footnotes,
        atoms: Vec::new(),
        passes: &passes,
        found: Found {
            footnote_uses: vec![0; definitions.footnotes.len()],
            diagnostics: missing,
        },
        line: 0,
        in_link: 0,
    };
    for ((parent, leaf), paragraph) in leaves.into_iter().zip(root.children()) {
        builder.line = builder.tree.nodes[leaf].line;
        let nodes = builder.paragraph(paragraph);
        let children = &mut builder.tree.nodes[parent].children;
        if let Some(at) = children.iter().position(|child| *child == leaf) {
            children.splice(at..=at, nodes);
        }
    }
    builder.found
}

struct Builder<'a, 't> {
    page: &'t Page<'a>,
    tree: &'t mut Tree<'a>,
    options: &'t Options,
    site: &'t dyn Surroundings,
    asides: &'t [Aside],
    footnotes: &'t [(&'a str, Block<'a>)],
    /// Nodes that stand in a text as a number.
    atoms: Vec<Id>,
    /// Marks that are paired together, first things first.
    passes: &'t [Vec<Delimiter>],
    found: Found,
    /// The source line of the text being read.
    line: u32,
    /// How many links the text lies in.
    in_link: usize,
}

/// The text with all stand-ins put back.
fn plain(text: &str) -> String {
    let back = |character: char| match character {
        marks::BACKSLASH => Some('\\'),
        marks::LESS => Some('<'),
        marks::SPACE => Some(' '),
        marks::GUARD => None,
        BREAK => Some('\n'),
        character => Some(marks::shown(character)),
    };
    let is_foreign = |byte: &u8| matches!(byte, 0xEF | 0x0C);
    if !text.as_bytes().iter().any(is_foreign) {
        return text.to_owned();
    }
    text.chars().filter_map(back).collect()
}

/// The number between the stand-ins that `text` begins with, and the rest.
fn numbered(text: &str) -> Option<(usize, &str)> {
    let (number, rest) = text.strip_prefix(marks::OPEN)?.split_once(marks::CLOSE)?;
    Some((number.parse().ok()?, rest))
}

impl<'a> Builder<'a, '_> {
    fn paragraph<'n>(&mut self, paragraph: &'n AstNode<'n>) -> Vec<Id> {
        let flat = self.flat(paragraph, 0);
        self.nodes(flat.trim_start_matches(marks::GUARD))
    }

    /// The children of a Comrak node as one text with atoms.
    fn flat<'n>(&mut self, parent: &'n AstNode<'n>, depth: usize) -> String {
        let mut flat = String::new();
        for node in parent.children() {
            let data = node.data();
            match &data.value {
                NodeValue::Text(text) => self.text(text, &mut flat),
                NodeValue::Code(code) => {
                    let id = self.code(&code.literal);
                    self.atom(id, &mut flat);
                }
                NodeValue::Link(link) => {
                    let (url, title) = self.target(&link.url, &link.title);
                    let id = self.element("a");
                    self.tree.set(id, "href", url);
                    if let Some(title) = title {
                        self.tree.set(id, "title", title);
                    }
                    drop(data);
                    let inner = if depth < 50 {
                        self.flat(node, depth + 1)
                    } else {
                        String::new()
                    };
                    self.in_link += 1;
                    self.tree.nodes[id].children = self.nodes(&inner);
                    self.in_link -= 1;
                    self.atom(id, &mut flat);
                }
                NodeValue::Image(link) => {
                    let (url, title) = self.target(&link.url, &link.title);
                    let id = self.element("img");
                    drop(data);
                    let alt = self.alt(node);
                    self.tree.set(id, "alt", alt);
                    self.tree.set(id, "src", url);
                    if let Some(title) = title {
                        self.tree.set(id, "title", title);
                    }
                    self.atom(id, &mut flat);
                }
                NodeValue::Escaped => {
                    drop(data);
                    let text = self.alt(node);
                    let id = self.tree.node(Kind::Text(text), self.line);
                    self.atom(id, &mut flat);
                }
                _ => {
                    drop(data);
                    flat.push_str(&self.flat(node, depth + 1));
                }
            }
        }
        flat
    }

    fn element(&mut self, tag: &'a str) -> Id {
        self.tree.element(tag, self.line)
    }

    fn atom(&mut self, id: Id, flat: &mut String) {
        flat.push_str(&format!(
            "{}{}{}",
            marks::OPEN,
            self.atoms.len(),
            marks::CLOSE
        ));
        self.atoms.push(id);
    }

    /// Text from Comrak: what was kept aside becomes atoms.
    fn text(&mut self, text: &str, flat: &mut String) {
        let mut rest = text;
        while let Some(at) = rest.find(marks::OPEN) {
            flat.push_str(&rest[..at]);
            let Some((number, behind)) = numbered(&rest[at..]) else {
                break;
            };
            rest = behind;
            match self.asides.get(number) {
                Some(Aside {
                    kind: AsideKind::Footnote(note),
                    ..
                }) => {
                    let id = self.footnote_reference(*note);
                    self.atom(id, flat);
                }
                Some(Aside {
                    kind: AsideKind::Entity | AsideKind::Html,
                    written,
                }) => {
                    let id = self.tree.node(Kind::Raw(written.clone()), self.line);
                    self.atom(id, flat);
                }
                Some(Aside {
                    kind: AsideKind::Math(formula),
                    ..
                }) => {
                    let (tag, html) = super::math::inline(formula, self.options);
                    let id = self.element(tag);
                    self.tree.set(id, "class", "arithmatex");
                    self.tree.append_raw(id, html);
                    self.atom(id, flat);
                }
                Some(Aside {
                    kind: AsideKind::Literal(text),
                    ..
                }) => {
                    let id = self.tree.node(Kind::Text(text.clone()), self.line);
                    self.atom(id, flat);
                }
                Some(Aside {
                    kind: AsideKind::Keys(html),
                    ..
                }) => {
                    let id = self.span("keys", html.clone());
                    self.atom(id, flat);
                }
                Some(Aside {
                    kind: AsideKind::Address(address),
                    ..
                }) => {
                    let id = self.link_to(address.clone(), address);
                    self.atom(id, flat);
                }
                Some(Aside {
                    kind: AsideKind::Mail(address),
                    ..
                }) => {
                    let id = self.link_to(format!("mailto:{address}"), address);
                    self.atom(id, flat);
                }
                Some(Aside { written, .. }) => flat.push_str(written),
                None => {}
            }
        }
        flat.push_str(rest);
    }

    /// Text in which nothing has a meaning, as it was written.
    fn restored(&self, text: &str) -> String {
        let mut to = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(marks::OPEN) {
            to.push_str(&plain(&rest[..at]));
            let Some((number, behind)) = numbered(&rest[at..]) else {
                break;
            };
            rest = behind;
            if let Some(aside) = self.asides.get(number) {
                to.push_str(&aside.written);
            }
        }
        to.push_str(&plain(rest));
        to
    }

    fn target(&self, url: &str, title: &str) -> (String, Option<String>) {
        if let Some((number, "")) = numbered(url)
            && let Some(Aside {
                kind: AsideKind::Target { url, title },
                ..
            }) = self.asides.get(number)
        {
            return (url.clone(), title.clone());
        }
        let title = (!title.is_empty()).then(|| self.restored(title));
        (self.restored(url), title)
    }

    /// A span whose content is HTML.
    fn span(&mut self, class: &str, html: String) -> Id {
        let id = self.element("span");
        self.tree.set(id, "class", class);
        self.tree.append_raw(id, html);
        id
    }

    /// A link whose text no rule reads.
    fn link_to(&mut self, url: String, text: &str) -> Id {
        let id = self.element("a");
        self.tree.set(id, "href", url);
        let mut html = String::new();
        escape_text(text, &mut html);
        self.tree.append_raw(id, html);
        id
    }

    /// The text of an image or an escape.
    fn alt<'n>(&self, node: &'n AstNode<'n>) -> String {
        let mut text = String::new();
        for inner in node.descendants() {
            match &inner.data().value {
                NodeValue::Text(part) => text.push_str(&self.restored(part)),
                NodeValue::Code(code) => text.push_str(&self.restored(&code.literal)),
                _ => {}
            }
        }
        text
    }

    fn footnote_reference(&mut self, note: usize) -> Id {
        let Some(options) = &self.options.footnotes else {
            return self.element("sup");
        };
        let (label, _) = self.footnotes[note];
        let separator = &options.separator;
        self.found.footnote_uses[note] += 1;
        let uses = self.found.footnote_uses[note];
        let nth = if uses > 1 {
            uses.to_string()
        } else {
            String::new()
        };
        let sup = self.tree.element("sup", self.line);
        self.tree
            .set(sup, "id", format!("fnref{nth}{separator}{label}"));
        let link = self.tree.append(sup, "a", self.line);
        self.tree.set(link, "class", "footnote-ref");
        self.tree
            .set(link, "href", format!("#fn{separator}{label}"));
        let text = options
            .superscript_text
            .replace("{}", &(note + 1).to_string());
        self.tree.append_text(link, text);
        sup
    }

    /// The nodes that a text with atoms means.
    fn nodes(&mut self, flat: &str) -> Vec<Id> {
        let flat = match flat.contains(BREAK) {
            true => Cow::Owned(self.breaks(flat)),
            false => Cow::Borrowed(flat),
        };
        let options = self.options;
        let flat = match &options.wikilinks {
            Some(wikilinks) if flat.contains("[[") => Cow::Owned(self.wikilinks(&flat, wikilinks)),
            _ => flat,
        };
        let flat = match &options.magiclink {
            Some(magiclink) if self.in_link == 0 => Cow::Owned(self.magic_links(&flat, magiclink)),
            _ => flat,
        };
        let flat = match self.options.emoji && flat.contains(':') {
            true => Cow::Owned(self.emoji(&flat)),
            false => flat,
        };
        let flat = match self.options.keys && flat.contains("++") {
            true => Cow::Owned(self.keys(&flat)),
            false => flat,
        };
        let passes = self.passes;
        self.paired(&flat, passes)
    }

    /// Pairs marks, one kind after the other.
    fn paired(&mut self, flat: &str, passes: &[Vec<Delimiter>]) -> Vec<Id> {
        let Some((first, others)) = passes.split_first() else {
            return self.leaf(flat);
        };
        let regions = emphasis::pair(flat, first);
        if regions.is_empty() {
            return self.paired(flat, others);
        }
        let outer = self.enclosed(flat, 0, flat.len(), &regions, others);
        self.paired(&outer, others)
    }

    /// `flat[start..end]` with each outermost region as an atom.
    fn enclosed(
        &mut self,
        flat: &str,
        start: usize,
        end: usize,
        regions: &[emphasis::Region],
        others: &[Vec<Delimiter>],
    ) -> String {
        let mut to = String::new();
        let mut at = start;
        let mut nth = 0;
        while let Some(region) = regions.get(nth) {
            let inside = regions[nth + 1..]
                .iter()
                .take_while(|next| next.start < region.end)
                .count();
            to.push_str(&flat[at..region.start]);
            let inner = self.enclosed(
                flat,
                region.inner,
                region.close,
                &regions[nth + 1..nth + 1 + inside],
                others,
            );
            let id = self.element(region.tag);
            self.tree.nodes[id].children = self.paired(&inner, others);
            self.atom(id, &mut to);
            at = region.end;
            nth += 1 + inside;
        }
        to.push_str(&flat[at..end]);
        to
    }

    /// Text and atoms, as they are.
    fn leaf(&mut self, flat: &str) -> Vec<Id> {
        let mut nodes = Vec::new();
        let mut rest = flat;
        while let Some(at) = rest.find(marks::OPEN) {
            self.push_text(&rest[..at], &mut nodes);
            let Some((number, behind)) = numbered(&rest[at..]) else {
                rest = &rest[at + marks::OPEN.len_utf8()..];
                continue;
            };
            nodes.extend(self.atoms.get(number));
            rest = behind;
        }
        self.push_text(rest, &mut nodes);
        nodes
    }

    fn push_text(&mut self, text: &str, nodes: &mut Vec<Id>) {
        if !text.is_empty() {
            nodes.push(self.tree.node(Kind::Text(plain(text)), self.line));
        }
    }
}
