//! The list of footnotes, built once all blocks of a page are parsed.

use super::Parser;
use crate::markdown::options::{Footnotes, MarkdownOptions};
use crate::markdown::tree::{Id, Tree};

/// Parses the footnotes into a list at the end of the page, or in place of the
/// page's marker for it. Returns the list, if there are footnotes.
pub fn list<'a>(parser: &mut Parser<'a, '_>, options: &'a MarkdownOptions) -> Option<Id> {
    let options = options.footnotes.as_ref()?;
    if parser.definitions.footnotes.is_empty() {
        return None;
    }
    let block = parser.tree.element("div", 0);
    parser.tree.set(block, "class", "footnote");
    parser.tree.append(block, "hr", 0);
    let list = parser.tree.append(block, "ol", 0);
    // Parsing a footnote may define more of them.
    let mut number = 0;
    while let Some((label, lines)) = parser.definitions.footnotes.get(number).cloned() {
        number += 1;
        let line = lines.first().map_or(0, |line| line.source);
        let item = parser.tree.append(list, "li", line);
        parser
            .tree
            .set(item, "id", format!("fn{}", options.name(label)));
        // Items of lists have rules of their own, so the text is parsed in an
        // element that is not one.
        let alone = parser.tree.element("div", line);
        parser.parse(alone, &lines);
        let tree = &mut parser.tree;
        tree.nodes[item].children = std::mem::take(&mut tree.nodes[alone].children);
        add_backlink(tree, item, label, number, options);
    }
    match find_marker(&parser.tree, &options.place_marker) {
        Some((parent, at)) => parser.tree.nodes[parent].children[at] = block,
        None => parser.tree.nodes[Tree::ROOT].children.push(block),
    }
    Some(list)
}

/// Adds the link from a footnote back to its reference.
fn add_backlink<'a>(
    tree: &mut Tree<'a>,
    item: Id,
    label: &str,
    number: usize,
    options: &'a Footnotes,
) {
    let line = tree.nodes[item].line;
    let backlink = tree.element("a", line);
    tree.set(backlink, "class", "footnote-backref");
    tree.set(backlink, "href", format!("#fnref{}", options.name(label)));
    let title = options.backlink_title.replace("{}", &number.to_string());
    tree.set(backlink, "title", title);
    tree.append_text(backlink, options.backlink_text.as_str());
    match tree.last_element(item) {
        Some(last) if tree.tag(last) == "p" => {
            tree.append_text(last, "\u{a0}");
            tree.nodes[last].children.push(backlink);
        }
        Some(_) => {
            let paragraph = tree.append(item, "p", line);
            tree.nodes[paragraph].children.push(backlink);
        }
        None => {}
    }
}

/// The block that begins with `marker`: its parent, and its index in that.
fn find_marker(tree: &Tree, marker: &str) -> Option<(Id, usize)> {
    let has_marker = |child: &Id| {
        let leaf = tree.children(*child).first();
        leaf.is_some_and(|leaf| {
            let mut lines = tree.lines(*leaf).iter();
            lines.any(|line| line.text.contains(marker))
        })
    };
    tree.walk(Tree::ROOT).into_iter().find_map(|parent| {
        let at = tree.children(parent).iter().position(has_marker)?;
        Some((parent, at))
    })
}
