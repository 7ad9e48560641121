//! The numbers of figures with captions.

use std::collections::BTreeMap;

use crate::markdown::blocks::{FIXED, KIND, LEVEL, NUMBER};
use crate::markdown::options::{GenericBlockKind, MarkdownOptions};
use crate::markdown::tree::{Id, Kind, Tree};

/// The last number of a kind of figures.
#[derive(Debug)]
struct Counter {
    /// The number, such as 1.2.
    numbers: Vec<u64>,
    /// The depth at which a figure was last counted.
    depth: usize,
}

/// Numbers the figures of a page.
pub fn number(tree: &mut Tree, options: &MarkdownOptions) {
    let prefixes: BTreeMap<&str, &str> = options
        .generic_blocks
        .iter()
        .filter_map(|(name, kind)| match kind {
            GenericBlockKind::Caption { prefix, .. } => Some((name.as_str(), prefix.as_str())),
            _ => None,
        })
        .collect();
    if prefixes.is_empty() {
        return;
    }
    let mut counters: BTreeMap<String, Counter> = BTreeMap::new();
    let mut figures = Vec::new();
    collect_figures(tree, Tree::ROOT, &mut Vec::new(), &mut figures);
    for (figure, parents) in &figures {
        let figure = *figure;
        let Some(kind) = tree.attribute(figure, KIND).map(str::to_owned) else {
            continue;
        };
        let Some(prefix) = prefixes
            .get(kind.as_str())
            .filter(|prefix| !prefix.is_empty())
        else {
            continue;
        };
        if let Some(number) = tree.unset(figure, FIXED) {
            show(tree, figure, &kind, &number, prefix);
            continue;
        }
        let Some(depth) = depth_of(tree, figure, &kind, parents, options.captions.deepest) else {
            continue;
        };
        let requested = requested_number(tree, figure, depth);
        let depth = requested.as_ref().map_or(depth, |number| number.len() - 1);
        let counter = counters.entry(kind.clone()).or_insert(Counter {
            numbers: vec![0],
            depth: 0,
        });
        counter.count(depth, requested);
        let numbers = counter.numbers.iter().take(depth + 1).map(u64::to_string);
        let number = numbers.collect::<Vec<_>>().join(".");
        show(tree, figure, &kind, &number, prefix);
    }
    for (figure, _) in figures {
        for name in [KIND, LEVEL, NUMBER, FIXED] {
            tree.unset(figure, name);
        }
    }
}

/// The level that a figure was given.
fn level_of(tree: &Tree, figure: Id) -> Option<i64> {
    tree.attribute(figure, LEVEL)?.parse().ok()
}

/// The depth at which a figure counts; `None` if it is too deep for a number.
fn depth_of(
    tree: &mut Tree,
    figure: Id,
    kind: &str,
    parents: &[Id],
    deepest: i64,
) -> Option<usize> {
    let is_too_deep = |depth: i64| deepest > 0 && depth >= deepest;
    let level = level_of(tree, figure);
    if level.is_some_and(is_too_deep) {
        return None;
    }
    let mut depth = level.unwrap_or(0);
    for parent in parents.iter().rev() {
        if tree.attribute(*parent, KIND) != Some(kind) {
            continue;
        }
        let level = level_of(tree, *parent);
        depth += level.unwrap_or(0) + 1;
        if level.is_some() {
            tree.set(figure, LEVEL, (depth + 1).to_string());
        }
        if is_too_deep(depth) {
            return None;
        }
    }
    // Nobody nests as deep as that, and each level is a number.
    Some(usize::try_from(depth).map_or(0, |depth| depth.min(1000)))
}

/// The number that was requested for a figure at `depth`. Figures inside of it
/// then count from the depth of that number.
fn requested_number(tree: &mut Tree, figure: Id, depth: usize) -> Option<Vec<u64>> {
    let number = tree.unset(figure, NUMBER)?;
    let parts = number.split('.');
    let numbers: Vec<u64> = parts.map(|part| part.parse().unwrap_or(u64::MAX)).collect();
    let difference = (numbers.len() - 1) as i64 - depth as i64;
    tree.set(figure, LEVEL, difference.to_string());
    Some(numbers)
}

impl Counter {
    /// Counts a figure, for which a larger number may have been requested.
    fn count(&mut self, depth: usize, requested: Option<Vec<u64>>) {
        if depth > self.depth {
            self.numbers
                .extend(std::iter::repeat_n(1, depth - self.depth));
        } else {
            self.numbers.truncate(depth + 1);
            if let Some(last) = self.numbers.last_mut() {
                *last = last.saturating_add(1);
            }
        }
        self.depth = depth;
        if let Some(requested) = requested
            && requested > self.numbers
        {
            self.numbers = requested;
        }
    }
}

/// Collects all figures with captions, each with the figures around it,
/// outermost first.
fn collect_figures(tree: &Tree, id: Id, open: &mut Vec<Id>, figures: &mut Vec<(Id, Vec<Id>)>) {
    let is_figure = tree.attribute(id, KIND).is_some();
    if is_figure {
        figures.push((id, open.clone()));
        open.push(id);
    }
    for child in tree.children(id) {
        collect_figures(tree, *child, open, figures);
    }
    if is_figure {
        open.pop();
    }
}

/// Gives a figure its id and its caption its number.
fn show(tree: &mut Tree, figure: Id, kind: &str, number: &str, prefix: &str) {
    if tree.attribute(figure, "id").is_none() {
        let id = format!("__{kind}_{}", number.replace('.', "_"));
        tree.set(figure, "id", id);
    }
    let captions: Vec<Id> = tree
        .elements(figure)
        .filter(|child| tree.tag(*child) == "figcaption")
        .collect();
    for caption in captions {
        let span = tree.element("span", 0);
        tree.set(span, "class", "caption-prefix");
        tree.append_raw(span, prefix.replace("{}", number));
        let first = tree.elements(caption).next();
        match first {
            Some(paragraph) if tree.tag(paragraph) == "p" => {
                let begins_with_text = tree
                    .children(paragraph)
                    .first()
                    .is_some_and(|first| !tree.is_element(*first));
                let mut added = vec![span];
                if begins_with_text {
                    added.push(tree.node(Kind::Text(" ".into()), 0));
                }
                tree.nodes[paragraph].children.insert_many(0, added);
            }
            _ => {
                let paragraph = tree.element("p", 0);
                tree.nodes[paragraph].children.push(span);
                tree.nodes[caption].children.insert(0, paragraph);
            }
        }
    }
}
