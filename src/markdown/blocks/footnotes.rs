//! The list of footnotes, read once all of a page's blocks are.

use super::Parser;
use crate::markdown::options::Options;
use crate::markdown::tree::{Id, Tree};

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
