//! A page as a tree of elements, the shape that Python-Markdown's rules assume.

pub mod attributes;
pub mod names;

use std::borrow::Cow;
use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::markdown::source::lines::{Line, TextArena};
use crate::work::step;
pub use names::is_block_level;

/// A node's index in its [`Tree`].
pub type Id = usize;

/// The children of a node. Most have one or two.
pub type Children = SmallVec<[Id; 2]>;

/// An attribute's name, and its value unless it is a bare word.
pub type Attribute<'a> = (Cow<'a, str>, Option<Cow<'a, str>>);

/// The kind of a node, with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind<'a> {
    /// An element.
    Element {
        /// Its name.
        tag: &'a str,
        /// Its attributes.
        attributes: Vec<Attribute<'a>>,
    },
    /// Text that the inline stage has yet to parse.
    Leaf(Vec<Line<'a>>),
    /// Plain text.
    Text(Cow<'a, str>),
    /// HTML.
    Raw(Cow<'a, str>),
    /// Indented code, which counts as an element for the block rules.
    Code(String),
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its kind.
    pub kind: Kind<'a>,
    /// Its children.
    pub children: Children,
    /// The source line where it begins; 0 if that is not known.
    pub line: u32,
    /// The source line where it ends: see [`Tree::measure`].
    pub end: u32,
    /// Whether it is an element that Python-Markdown treats as a block.
    pub is_block: bool,
}

/// The tree. Nodes are never freed before the tree itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree<'a> {
    /// All nodes; the first is the root.
    pub nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// A tree of nothing but a root, with capacity for `size` nodes.
    pub fn new(size: usize) -> Self {
        let mut tree = Self {
            nodes: Vec::with_capacity(size),
        };
        tree.element("div", 0);
        tree
    }

    /// The root.
    pub const ROOT: Id = 0;

    /// Creates a node without a parent.
    pub fn node(&mut self, kind: Kind<'a>, line: u32) -> Id {
        let is_block = match &kind {
            Kind::Element { tag, .. } => is_block_level(tag),
            Kind::Code(_) => true,
            Kind::Leaf(_) | Kind::Text(_) | Kind::Raw(_) => false,
        };
        self.nodes.push(Node {
            kind,
            children: Children::new(),
            line,
            end: 0,
            is_block,
        });
        self.nodes.len() - 1
    }

    /// Creates an element without a parent.
    pub fn element(&mut self, tag: &'a str, line: u32) -> Id {
        self.node(
            Kind::Element {
                tag,
                attributes: Vec::new(),
            },
            line,
        )
    }

    /// Appends a new element to `parent`.
    pub fn append(&mut self, parent: Id, tag: &'a str, line: u32) -> Id {
        let id = self.element(tag, line);
        self.nodes[parent].children.push(id);
        id
    }

    /// Appends text for the inline stage, unless it is empty.
    pub fn append_leaf(&mut self, parent: Id, lines: Vec<Line<'a>>) {
        let Some(first) = lines.first() else {
            return;
        };
        if lines.len() == 1 && first.text.is_empty() {
            return;
        }
        let line = first.source;
        let id = self.node(Kind::Leaf(lines), line);
        self.nodes[parent].children.push(id);
    }

    /// Appends plain text.
    pub fn append_text(&mut self, parent: Id, text: impl Into<Cow<'a, str>>) {
        let id = self.node(Kind::Text(text.into()), 0);
        self.nodes[parent].children.push(id);
    }

    /// Appends HTML.
    pub fn append_raw(&mut self, parent: Id, html: impl Into<Cow<'a, str>>) {
        let id = self.node(Kind::Raw(html.into()), 0);
        self.nodes[parent].children.push(id);
    }

    /// An element's name; empty for other nodes.
    pub fn tag(&self, id: Id) -> &'a str {
        match self.nodes[id].kind {
            Kind::Element { tag, .. } => tag,
            Kind::Code(_) => "pre",
            _ => "",
        }
    }

    /// Whether a node is an element.
    pub fn is_element(&self, id: Id) -> bool {
        matches!(self.nodes[id].kind, Kind::Element { .. } | Kind::Code(_))
    }

    /// A node's children.
    pub fn children(&self, id: Id) -> &[Id] {
        &self.nodes[id].children
    }

    /// The elements among a node's children.
    pub fn elements(&self, id: Id) -> impl DoubleEndedIterator<Item = Id> + '_ {
        self.nodes[id]
            .children
            .iter()
            .copied()
            .filter(|child| self.is_element(*child))
    }

    /// The last element among a node's children.
    pub fn last_element(&self, id: Id) -> Option<Id> {
        self.elements(id).next_back()
    }

    /// An element's attributes; none for other nodes.
    pub fn attributes(&self, id: Id) -> &[Attribute<'a>] {
        match &self.nodes[id].kind {
            Kind::Element { attributes, .. } => attributes,
            _ => &[],
        }
    }

    /// An attribute's value; empty for a bare word.
    pub fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let (_, value) = self.attributes(id).iter().find(|(key, _)| key == name)?;
        Some(value.as_deref().unwrap_or(""))
    }

    /// Sets an attribute. If it exists, it keeps its position.
    pub fn set(&mut self, id: Id, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        self.set_attribute(id, name.into(), Some(value.into()));
    }

    /// Like [`Tree::set`]; with `None` the attribute is a bare word.
    pub fn set_attribute(&mut self, id: Id, name: Cow<'a, str>, value: Option<Cow<'a, str>>) {
        let Kind::Element { attributes, .. } = &mut self.nodes[id].kind else {
            return;
        };
        match attributes.iter_mut().find(|(key, _)| *key == name) {
            Some((_, existing)) => *existing = value,
            None => {
                // Few elements have more than two.
                if attributes.is_empty() {
                    attributes.reserve_exact(2);
                }
                attributes.push((name, value));
            }
        }
    }

    /// Sets many attributes, each as [`Tree::set_attribute`] does.
    pub fn set_attributes(&mut self, id: Id, list: Vec<Attribute<'a>>) {
        const FEW: usize = 16;
        let Kind::Element { attributes, .. } = &mut self.nodes[id].kind else {
            return;
        };
        if list.len() <= FEW {
            for (name, value) in list {
                self.set_attribute(id, name, value);
            }
            return;
        }
        // Reversed, so that of equal names the first wins.
        let existing = attributes.iter().enumerate().rev();
        let mut positions: BTreeMap<Cow<'a, str>, usize> =
            existing.map(|(at, (name, _))| (name.clone(), at)).collect();
        for (name, value) in list {
            step(1);
            match positions.get(&name) {
                Some(at) => attributes[*at].1 = value,
                None => {
                    positions.insert(name.clone(), attributes.len());
                    attributes.push((name, value));
                }
            }
        }
    }

    /// Removes an attribute and returns its value.
    pub fn unset(&mut self, id: Id, name: &str) -> Option<Cow<'a, str>> {
        let Kind::Element { attributes, .. } = &mut self.nodes[id].kind else {
            return None;
        };
        let at = attributes.iter().position(|(key, _)| key == name)?;
        attributes.remove(at).1
    }

    /// Adds a class.
    pub fn add_class(&mut self, id: Id, class: impl Into<Cow<'a, str>>) {
        let class = class.into();
        let classes = match self.attribute(id, "class") {
            Some(classes) if !classes.is_empty() => format!("{classes} {class}").into(),
            _ => class,
        };
        self.set(id, "class", classes);
    }

    /// Whether `class` is among an element's classes.
    pub fn has_class(&self, id: Id, class: &str) -> bool {
        self.attribute(id, "class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|it| it == class))
    }

    /// The text before a node's first element, like `Element.text`.
    pub fn leading_leaf(&self, id: Id) -> Option<Id> {
        let first = *self.nodes[id].children.first()?;
        matches!(self.nodes[first].kind, Kind::Leaf(_)).then_some(first)
    }

    /// The text after a node's last element, like that element's `tail`.
    pub fn trailing_leaf(&self, id: Id) -> Option<Id> {
        let children = &self.nodes[id].children;
        let last = *children.last()?;
        (children.len() > 1 && matches!(self.nodes[last].kind, Kind::Leaf(_))).then_some(last)
    }

    /// The lines of a text that is not parsed yet; none for other nodes.
    pub fn lines(&self, id: Id) -> &[Line<'a>] {
        match &self.nodes[id].kind {
            Kind::Leaf(lines) => lines,
            _ => &[],
        }
    }

    /// A node's plain text, if that is what it is.
    pub fn text(&self, id: Id, texts: &'a TextArena) -> Option<&'a str> {
        match &self.nodes[id].kind {
            Kind::Text(Cow::Borrowed(text)) => Some(text),
            Kind::Text(Cow::Owned(text)) => Some(texts.alloc(text)),
            _ => None,
        }
    }

    /// Node `id` and all nodes below it, in document order.
    pub fn walk(&self, id: Id) -> Vec<Id> {
        let size = if id == Self::ROOT {
            self.nodes.len()
        } else {
            0
        };
        let mut nodes = Vec::with_capacity(size);
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            nodes.push(id);
            stack.extend(self.nodes[id].children.iter().rev());
        }
        nodes
    }

    /// Sets where every node ends, from the texts in it.
    pub fn measure(&mut self) {
        for id in self.walk(Self::ROOT).into_iter().rev() {
            let node = &self.nodes[id];
            let own_end = match &node.kind {
                Kind::Leaf(lines) => lines.last().map_or(0, |line| line.source),
                Kind::Code(text) => {
                    let lines = text.trim_end().matches('\n').count();
                    node.line
                        .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))
                }
                _ => node.line,
            };
            let child_ends = node.children.iter().map(|child| self.nodes[*child].end);
            self.nodes[id].end = child_ends.fold(own_end.max(node.line), u32::max);
        }
    }

    /// Removes `child`, one of the last, from the children of `parent`.
    pub fn remove_last(&mut self, parent: Id, child: Id) {
        let children = &mut self.nodes[parent].children;
        if let Some(at) = children.iter().rposition(|it| *it == child) {
            children.remove(at);
        }
    }

    /// Moves the text before the first element into a `<p>` at the end.
    pub fn wrap_leading_leaf_last(&mut self, id: Id) {
        if self.leading_leaf(id).is_some() {
            self.wrap_leading_leaf(id);
            self.nodes[id].children.rotate_left(1);
        }
    }

    /// Turns node `id` into a piece of HTML.
    pub fn replace_by_raw(&mut self, id: Id, html: impl Into<Cow<'a, str>>) {
        let node = &mut self.nodes[id];
        node.kind = Kind::Raw(html.into());
        node.children.clear();
        node.is_block = false;
    }

    /// Wraps the text before the first element in a `<p>`.
    pub fn wrap_leading_leaf(&mut self, id: Id) {
        if let Some(leaf) = self.leading_leaf(id) {
            let line = self.nodes[leaf].line;
            let paragraph = self.element("p", line);
            self.nodes[paragraph].children.push(leaf);
            self.nodes[id].children[0] = paragraph;
        }
    }
}
