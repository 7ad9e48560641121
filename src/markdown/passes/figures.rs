//! Numbers of figures.

use std::collections::BTreeMap;

use crate::markdown::blocks::{FIXED, KIND, LEVEL, NUMBER};
use crate::markdown::options::{Options, SlashKind};
use crate::markdown::tree::{Id, Kind, Tree};

/// How far the figures of a kind are counted.
#[derive(Debug)]
struct Counter {
    numbers: Vec<u64>,
    last: usize,
}

/// Numbers the figures of a page.
pub fn number(tree: &mut Tree, options: &Options) {
    let prefixes: BTreeMap<&str, &str> = options
        .slashes
        .iter()
        .filter_map(|(name, kind)| match kind {
            SlashKind::Caption { prefix, .. } => Some((name.as_str(), prefix.as_str())),
            _ => None,
        })
        .collect();
    if prefixes.is_empty() {
        return;
    }
    let deepest = options.captions.deepest;
    let mut counters: BTreeMap<String, Counter> = BTreeMap::new();
    // The figures round a node, outermost first, with where they end.
    let mut figures = Vec::new();
    around(tree, Tree::ROOT, &mut Vec::new(), &mut figures);
    for (figure, parents) in &figures {
        let kind = tree.attribute(*figure, KIND).unwrap_or_default().to_owned();
        let Some(prefix) = prefixes
            .get(kind.as_str())
            .filter(|prefix| !prefix.is_empty())
        else {
            continue;
        };
        if let Some(number) = tree.unset(*figure, FIXED) {
            show(tree, *figure, &kind, &number, prefix);
            continue;
        }
        let level = |tree: &Tree, id: Id| {
            let level = tree.attribute(id, LEVEL)?;
            level.parse::<i64>().ok()
        };
        let mut depth = level(tree, *figure).unwrap_or_default();
        let is_too_deep = |depth: i64| deepest > 0 && depth >= deepest;
        if level(tree, *figure).is_some() && is_too_deep(depth) {
            continue;
        }
        let mut is_shown = true;
        for parent in parents.iter().rev() {
            if tree.attribute(*parent, KIND) != Some(kind.as_str()) {
                continue;
            }
            let above = level(tree, *parent);
            depth += above.unwrap_or_default() + 1;
            if above.is_some() {
                tree.set(*figure, LEVEL, (depth + 1).to_string());
            }
            if is_too_deep(depth) {
                is_shown = false;
                break;
            }
        }
        if !is_shown {
            continue;
        }
        let wished: Option<Vec<u64>> = tree.unset(*figure, NUMBER).map(|number| {
            number
                .split('.')
                .map(|part| part.parse().unwrap_or(u64::MAX))
                .collect()
        });
        let mut depth = usize::try_from(depth).unwrap_or_default().min(1000);
        if let Some(wished) = &wished {
            let at = wished.len() - 1;
            let difference =
                i64::try_from(at).unwrap_or_default() - i64::try_from(depth).unwrap_or_default();
            tree.set(*figure, LEVEL, difference.to_string());
            depth = at;
        }
        let counter = counters.entry(kind.clone()).or_insert(Counter {
            numbers: vec![0],
            last: 0,
        });
        counter.count(depth, wished);
        let number: Vec<String> = counter
            .numbers
            .iter()
            .take(depth + 1)
            .map(u64::to_string)
            .collect();
        show(tree, *figure, &kind, &number.join("."), prefix);
    }
    for (figure, _) in figures {
        for name in [KIND, LEVEL, NUMBER, FIXED] {
            tree.unset(figure, name);
        }
    }
}

impl Counter {
    fn count(&mut self, depth: usize, wished: Option<Vec<u64>>) {
        if depth > self.last {
            self.numbers
                .extend(std::iter::repeat_n(1, depth - self.last));
        } else {
            self.numbers.truncate(depth + 1);
            if let Some(last) = self.numbers.last_mut() {
                *last = last.saturating_add(1);
            }
        }
        self.last = depth;
        if let Some(wished) = wished.filter(|wished| *wished > self.numbers) {
            self.numbers = wished;
        }
    }
}

/// All figures of captions, with those they lie in.
fn around(tree: &Tree, id: Id, open: &mut Vec<Id>, found: &mut Vec<(Id, Vec<Id>)>) {
    let is_figure = tree.attribute(id, KIND).is_some();
    if is_figure {
        found.push((id, open.clone()));
        open.push(id);
    }
    for child in tree.children(id) {
        around(tree, *child, open, found);
    }
    if is_figure {
        open.pop();
    }
}

/// Gives a figure its id, and its caption its number.
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
        match first.filter(|first| tree.tag(*first) == "p") {
            None => {
                let paragraph = tree.element("p", 0);
                tree.nodes[paragraph].children.push(span);
                tree.nodes[caption].children.insert(0, paragraph);
            }
            Some(paragraph) => {
                let is_filled = tree
                    .children(paragraph)
                    .first()
                    .is_some_and(|first| !tree.is_element(*first));
                let mut added = vec![span];
                if is_filled {
                    added.push(tree.node(Kind::Text(" ".into()), 0));
                }
                tree.nodes[paragraph].children.splice(0..0, added);
            }
        }
    }
}
