//! References to footnotes, and the order in which the reference reads texts.

use std::collections::VecDeque;

use crate::markdown::tree::{Id, Kind, Tree};

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

/// When each text of a page is read, by its node: those of one depth before
/// any deeper one.
pub fn order(tree: &Tree) -> Vec<usize> {
    let mut ranks = vec![0; tree.nodes.len()];
    let mut next = 0;
    let mut left = VecDeque::from([Tree::ROOT]);
    while let Some(id) = left.pop_front() {
        for child in tree.children(id) {
            let text = if tree.is_element(*child) {
                first_text(tree, *child)
            } else {
                Some(*child)
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
