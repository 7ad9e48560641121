//! The numbers of footnotes, and the links from them back to their references.

use crate::markdown::inline::FootnoteReference;
use crate::markdown::options::Footnotes;
use crate::markdown::tree::{Id, Tree};

/// Gives references their numbers and footnotes their backlinks. `list` is the
/// list of footnotes, in the order of `labels`.
pub fn number(
    tree: &mut Tree,
    list: Id,
    labels: &[&str],
    mut references: Vec<FootnoteReference>,
    options: &Footnotes,
) {
    references.sort_by_key(|reference| reference.rank);
    let mut uses = vec![0_usize; labels.len()];
    // The numbers of footnotes in the order of their references.
    let mut numbers: Vec<Option<usize>> = vec![None; labels.len()];
    let mut last_number = 0;
    for FootnoteReference { id, note, .. } in references {
        uses[note] += 1;
        let number = *numbers[note].get_or_insert_with(|| {
            last_number += 1;
            last_number
        });
        let shown = if options.definition_order {
            note + 1
        } else {
            number
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
        add_backlinks(tree, *item, &options.name(label), *uses);
    }
    if !options.definition_order {
        let mut sorted: Vec<usize> = (0..items.len()).collect();
        // Footnotes that are never referred to come last.
        sorted.sort_by_key(|at| numbers[*at].unwrap_or(usize::MAX));
        for (number, at) in sorted.iter().enumerate() {
            for backlink in backlinks(tree, items[*at]) {
                let title = options
                    .backlink_title
                    .replace("{}", &(number + 1).to_string());
                tree.set(backlink, "title", title);
            }
        }
        tree.nodes[list].children = sorted.into_iter().map(|at| items[at]).collect();
    }
}

/// The backlinks in a footnote.
fn backlinks(tree: &Tree, item: Id) -> Vec<Id> {
    let nodes = tree.walk(item).into_iter();
    nodes
        .filter(|id| tree.has_class(*id, "footnote-backref"))
        .collect()
}

/// Adds a backlink for each use of a footnote but the first.
fn add_backlinks(tree: &mut Tree, item: Id, name: &str, uses: usize) {
    if uses < 2 {
        return;
    }
    // An empty footnote has no backlink at all.
    let (Some(last), Some(backlink)) = (
        tree.last_element(item),
        backlinks(tree, item).first().copied(),
    ) else {
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
