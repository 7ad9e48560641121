//! References to footnotes, and the order in which the reference implementation
//! parses texts.

use std::collections::VecDeque;

use crate::markdown::tree::{Id, Kind, Tree};

/// A reference to a footnote.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// When the reference implementation would have parsed the text around it.
    pub rank: usize,
    /// Its element.
    pub id: Id,
    /// The footnote's index among the definitions.
    pub note: usize,
}

/// When each text of a page is parsed, by its node: all texts of one depth before
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

/// The text before an element's first element. The checkbox of a task is not an
/// element yet when texts are parsed.
fn first_text(tree: &Tree, id: Id) -> Option<Id> {
    let mut children = tree.children(id).iter().copied();
    let first = children.find(|child| !matches!(tree.nodes[*child].kind, Kind::Raw(_)))?;
    matches!(tree.nodes[first].kind, Kind::Leaf(_)).then_some(first)
}
