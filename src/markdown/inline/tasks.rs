//! The checkboxes of tasks (`[x]`), which are taken out of texts before those
//! are parsed.

use crate::markdown::options::Tasklist;
use crate::markdown::tree::{Id, Kind, Tree};

/// Marks list items that begin with `[ ]` or `[x]`.
pub fn tasks(tree: &mut Tree, options: Tasklist) {
    for list in 0..tree.nodes.len() {
        let items = tree.elements(list);
        let items: Vec<Id> = items.filter(|item| tree.tag(*item) == "li").collect();
        let mut has_task = false;
        for item in items {
            let within = match tree.leading_leaf(item) {
                Some(_) => Some(item),
                None => tree
                    .elements(item)
                    .next()
                    .filter(|first| tree.tag(*first) == "p"),
            };
            let Some(within) = within else {
                continue;
            };
            let Some(leaf) = tree.leading_leaf(within) else {
                continue;
            };
            let Kind::Leaf(lines) = &mut tree.nodes[leaf].kind else {
                continue;
            };
            let Some((is_done, rest)) = checkbox(lines[0].text) else {
                continue;
            };
            lines[0].text = rest;
            let html = checkbox_html(is_done, options);
            let line = tree.nodes[leaf].line;
            let checkbox = tree.node(Kind::Raw(html.into()), line);
            tree.nodes[within].children.insert(0, checkbox);
            tree.add_class(item, "task-list-item");
            has_task = true;
        }
        if has_task && !tree.has_class(list, "task-list") {
            tree.add_class(list, "task-list");
        }
    }
}

fn checkbox(text: &str) -> Option<(bool, &str)> {
    let inner = text.trim_start_matches(' ').strip_prefix('[')?;
    let mark = inner
        .chars()
        .next()
        .filter(|mark| matches!(mark, 'x' | 'X' | ' '))?;
    let rest = inner[1..].strip_prefix(']')?;
    rest.starts_with(' ')
        .then(|| (mark != ' ', rest.trim_start_matches(' ')))
}

fn checkbox_html(is_done: bool, options: Tasklist) -> String {
    let disabled = if options.clickable { "" } else { " disabled" };
    let checked = if is_done { " checked" } else { "" };
    let input = format!("<input type=\"checkbox\"{disabled}{checked}/>");
    if options.custom {
        format!(
            "<label class=\"task-list-control\">{input}<span class=\"task-list-indicator\"></span></label> "
        )
    } else {
        format!("{input} ")
    }
}
