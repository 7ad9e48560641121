//! The names by which cross references of the plugin autorefs find places of a page:
//! ids of headings, and anchors such as `[](){#name}`.

use crate::html::{heading_level, strip_tags, unescape};
use crate::markdown::tree::{Id, Kind, Tree};

/// How deep elements are looked for.
const DEEPEST: usize = 500;

/// A name of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The name.
    pub identifier: String,
    /// The id of the place.
    pub fragment: String,
    /// The text of its heading as far as its first element; empty if there is none.
    pub title: String,
}

/// All names of a page, in the order in which the reference finds them. Anchors count
/// `with_anchors` only.
pub fn collect(tree: &Tree, with_anchors: bool) -> Vec<Anchor> {
    let mut anchors = Vec::new();
    add_headings(tree, Tree::ROOT, 0, &mut anchors);
    if with_anchors {
        Scan {
            tree,
            found: &mut anchors,
        }
        .element(Tree::ROOT, 0);
    }
    anchors
}

fn add_headings(tree: &Tree, parent: Id, depth: usize, anchors: &mut Vec<Anchor>) {
    if depth > DEEPEST {
        return;
    }
    for &id in tree.children(parent) {
        if heading_level(tree.tag(id)).is_none() {
            add_headings(tree, id, depth + 1, anchors);
        } else if let Some(name) = tree.attribute(id, "id").filter(|name| !name.is_empty()) {
            anchors.push(Anchor {
                identifier: name.to_owned(),
                fragment: name.to_owned(),
                title: leading_text(tree, id),
            });
        }
    }
}

/// The text before the first element in another.
fn leading_text(tree: &Tree, id: Id) -> String {
    let mut text = String::new();
    for &child in tree.children(id) {
        match &tree.nodes[child].kind {
            Kind::Text(part) => text.push_str(part),
            Kind::Raw(html) if html.starts_with('<') => text.push_str(&strip_tags(html)),
            Kind::Raw(html) => text.push_str(&unescape(html)),
            _ => break,
        }
    }
    text
}

/// Looks for anchors. Those before a heading are other names of it, unless something
/// is between.
struct Scan<'t, 'a> {
    tree: &'t Tree<'a>,
    found: &'t mut Vec<Anchor>,
}

impl Scan<'_, '_> {
    fn element(&mut self, id: Id, depth: usize) {
        let mut pending = Vec::new();
        self.children(id, depth, None, &mut pending);
        self.flush(&mut pending, None, None);
    }

    fn children(
        &mut self,
        parent: Id,
        depth: usize,
        title: Option<&str>,
        pending: &mut Vec<String>,
    ) {
        if depth > DEEPEST {
            return;
        }
        let mut title = title.map(str::to_owned);
        let children = self.tree.children(parent);
        for (at, &id) in children.iter().enumerate() {
            if !self.tree.is_element(id) {
                continue;
            }
            let tag = self.tree.tag(id);
            if tag == "a" {
                let attribute = |name| self.tree.attribute(id, name).filter(|it| !it.is_empty());
                pending.extend(attribute("id").map(str::to_owned));
                let has_text = !leading_text(self.tree, id).is_empty();
                if has_text || attribute("href").is_some() || self.has_tail(&children[at + 1..]) {
                    self.flush(pending, None, title.as_deref());
                }
            } else if tag == "p" {
                self.children(id, depth + 1, title.as_deref(), pending);
                if self.has_tail(&children[at + 1..]) {
                    self.flush(pending, None, None);
                }
            } else if heading_level(tag).is_some() {
                title = Some(leading_text(self.tree, id));
                let fragment = self.tree.attribute(id, "id");
                self.flush(pending, fragment, title.as_deref());
            } else {
                self.flush(pending, None, title.as_deref());
                self.element(id, depth + 1);
            }
        }
    }

    /// Whether there is text before the next element.
    fn has_tail(&self, siblings: &[Id]) -> bool {
        let tail = siblings.iter().take_while(|id| !self.tree.is_element(**id));
        tail.into_iter().any(|id| match &self.tree.nodes[*id].kind {
            Kind::Text(text) | Kind::Raw(text) => !text.trim().is_empty(),
            _ => false,
        })
    }

    fn flush(&mut self, pending: &mut Vec<String>, fragment: Option<&str>, title: Option<&str>) {
        for identifier in pending.drain(..) {
            let fragment = fragment.filter(|it| !it.is_empty());
            self.found.push(Anchor {
                fragment: fragment.map_or_else(|| identifier.clone(), str::to_owned),
                identifier,
                title: title.unwrap_or_default().to_owned(),
            });
        }
    }
}
