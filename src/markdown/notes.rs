//! Footnotes: their list, the order they are read in, and the ways back.

use std::collections::VecDeque;

use super::blocks::Parser;
use super::options::{Footnotes, Options};
use super::tree::{Id, Kind, Tree};

/// A reference to a footnote.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// When the reference would have read the text that it stands in.
    pub rank: usize,
    /// Its element.
    pub id: Id,
    /// The footnote's place among the definitions.
    pub note: usize,
}

impl Footnotes {
    /// What stands behind `fn` in a footnote's id.
    pub fn name(&self, label: &str) -> String {
        match self.unique {
            true => format!("{}2-{label}", self.separator),
            false => format!("{}{label}", self.separator),
        }
    }
}

/// Reads the footnotes into a list at the page's end, or where the page wants
/// them.
pub fn list<'a>(parser: &mut Parser<'a, '_>, options: &'a Options) -> Option<Id> {
    let options = options
        .footnotes
        .as_ref()
        .filter(|_| !parser.definitions.footnotes.is_empty())?;
    let block = parser.tree.element("div", 0);
    parser.tree.set(block, "class", "footnote");
    parser.tree.append(block, "hr", 0);
    let list = parser.tree.append(block, "ol", 0);
    // A footnote may define more of them.
    let mut at = 0;
    while let Some((label, lines)) = parser.definitions.footnotes.get(at).cloned() {
        at += 1;
        let line = lines.first().map_or(0, |line| line.source);
        let item = parser.tree.append(list, "li", line);
        parser
            .tree
            .set(item, "id", format!("fn{}", options.name(label)));
        // Lists have rules of their own for their items: the text is read
        // as if it stood alone.
        let alone = parser.tree.element("div", line);
        parser.parse(alone, &lines);
        let tree = &mut parser.tree;
        tree.nodes[item].children = std::mem::take(&mut tree.nodes[alone].children);
        let back = tree.element("a", line);
        tree.set(back, "class", "footnote-backref");
        tree.set(back, "href", format!("#fnref{}", options.name(label)));
        tree.set(
            back,
            "title",
            options.backlink_title.replace("{}", &at.to_string()),
        );
        tree.append_text(back, options.backlink_text.as_str());
        match tree.last_element(item) {
            Some(last) if tree.tag(last) == "p" => {
                tree.append_text(last, "\u{a0}");
                tree.nodes[last].children.push(back);
            }
            Some(_) => {
                let paragraph = tree.append(item, "p", line);
                tree.nodes[paragraph].children.push(back);
            }
            None => {}
        }
    }
    let marker = parser.tree.walk(Tree::ROOT).into_iter().find_map(|parent| {
        let children = parser.tree.children(parent);
        let is_marker = |child: &Id| {
            let leaf = parser.tree.children(*child).first().copied();
            leaf.is_some_and(|leaf| {
                parser
                    .tree
                    .lines(leaf)
                    .iter()
                    .any(|line| line.text.contains(&options.place_marker))
            })
        };
        Some((parent, children.iter().position(is_marker)?))
    });
    match marker {
        Some((parent, at)) => parser.tree.nodes[parent].children[at] = block,
        None => parser.tree.nodes[Tree::ROOT].children.push(block),
    }
    Some(list)
}

/// When each text of a page is read, by its node: those of one depth before
/// any deeper one.
pub fn order(tree: &Tree) -> Vec<usize> {
    let mut ranks = vec![0; tree.nodes.len()];
    let mut next = 0;
    let mut left = VecDeque::from([Tree::ROOT]);
    while let Some(id) = left.pop_front() {
        for child in tree.children(id) {
            let text = match tree.is_element(*child) {
                true => first_text(tree, *child),
                false => Some(*child),
            };
            if let Some(text) = text {
                next += 1;
                ranks[text] = next;
            }
            if tree.elements(*child).next().is_some() {
                left.push_back(*child);
            }
        }
    }
    ranks
}

/// The text before an element's first element. The box of a task is no element
/// yet when texts are read.
fn first_text(tree: &Tree, id: Id) -> Option<Id> {
    let mut children = tree.children(id).iter().copied();
    let first = children.find(|child| !matches!(tree.nodes[*child].kind, Kind::Raw(_)))?;
    matches!(tree.nodes[first].kind, Kind::Leaf(_)).then_some(first)
}

/// Gives references their numbers and footnotes their ways back.
pub fn number(
    tree: &mut Tree,
    list: Id,
    labels: &[&str],
    mut references: Vec<Reference>,
    options: &Footnotes,
) {
    references.sort_by_key(|reference| reference.rank);
    let mut uses = vec![0_usize; labels.len()];
    let mut numbers: Vec<Option<usize>> = vec![None; labels.len()];
    let mut known = 0;
    for Reference { id, note, .. } in references {
        uses[note] += 1;
        let number = *numbers[note].get_or_insert_with(|| {
            known += 1;
            known
        });
        let shown = match options.definition_order {
            true => note + 1,
            false => number,
        };
        let nth = match uses[note] {
            1 => String::new(),
            nth => nth.to_string(),
        };
        let name = options.name(labels[note]);
        tree.set(id, "id", format!("fnref{nth}{name}"));
        let link = tree.append(id, "a", tree.nodes[id].line);
        tree.set(link, "class", "footnote-ref");
        tree.set(link, "href", format!("#fn{name}"));
        let text = options.superscript_text.replace("{}", &shown.to_string());
        tree.append_text(link, text);
    }
    let items: Vec<Id> = tree.elements(list).collect();
    for ((item, label), uses) in items.iter().zip(labels).zip(&uses) {
        ways_back(tree, *item, &options.name(label), *uses);
    }
    if !options.definition_order {
        let mut sorted: Vec<usize> = (0..items.len()).collect();
        sorted.sort_by_key(|at| numbers.get(*at).copied().flatten().unwrap_or(usize::MAX));
        for (number, at) in sorted.iter().enumerate() {
            for back in backlinks(tree, items[*at]) {
                let title = options
                    .backlink_title
                    .replace("{}", &(number + 1).to_string());
                tree.set(back, "title", title);
            }
        }
        tree.nodes[list].children = sorted.into_iter().map(|at| items[at]).collect();
    }
}

/// All ways back that a footnote holds.
fn backlinks(tree: &Tree, item: Id) -> Vec<Id> {
    let nodes = tree.walk(item).into_iter();
    nodes
        .filter(|id| tree.has_class(*id, "footnote-backref"))
        .collect()
}

/// Adds a way back for every further use of a footnote.
fn ways_back(tree: &mut Tree, item: Id, name: &str, uses: usize) {
    let Some(last) = tree.last_element(item).filter(|_| uses > 1) else {
        return;
    };
    let Some(backlink) = backlinks(tree, item).first().copied() else {
        return;
    };
    for nth in 2..=uses {
        let copy = tree.nodes[backlink].clone();
        let id = tree.node(copy.kind, copy.line);
        tree.nodes[id].children = copy.children;
        tree.set(id, "href", format!("#fnref{nth}{name}"));
        tree.nodes[last].children.push(id);
    }
}
