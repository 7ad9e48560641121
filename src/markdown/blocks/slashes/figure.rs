//! Captions and the numbers of figures.

use std::collections::BTreeMap;

use super::super::super::lines::Line;
use super::super::super::options::{Options, SlashKind};
use super::super::super::tree::{Id, Kind, Tree};
use super::super::Parser;
use super::settings::Settings;
use super::{Header, add_class};

/// What a figure remembers until it is numbered: its kind.
const KIND: &str = "__figure_type";
/// How deep it counts.
const LEVEL: &str = "__figure_level";
/// The number that was asked for.
const NUMBER: &str = "__figure_num";
/// The number that it has in any case.
const FIXED: &str = "__figure_fixed";

impl<'a> Parser<'a, '_> {
    pub(super) fn caption(
        &mut self,
        parent: Id,
        line: Line<'a>,
        header: &Header<'a>,
        settings: &Settings,
        (prefix, classes): (&str, &str),
        inner: &[Line<'a>],
    ) {
        let captions = self.options.captions;
        let figure = self.figure(parent, line);
        for class in classes.split_whitespace() {
            if !self.tree.has_class(figure, class) {
                add_class(&mut self.tree, figure, class);
            }
        }
        let place = &settings.caption;
        if captions.automatic {
            self.tree.set(figure, KIND, header.name.clone());
            for (name, value) in [(LEVEL, &place.level), (NUMBER, &place.number)] {
                if let Some(value) = value {
                    self.tree.set(figure, name, value.clone());
                }
            }
        } else if !prefix.is_empty() {
            let depth = place
                .level
                .as_ref()
                .and_then(|level| level.parse::<usize>().ok());
            let by_level = depth.map(|depth| vec!["1"; depth.min(100) + 1].join("."));
            if let Some(number) = by_level.or_else(|| place.number.clone()) {
                self.tree.set(figure, KIND, header.name.clone());
                self.tree.set(figure, FIXED, number);
            }
        }
        let caption = self.tree.element("figcaption", line.source);
        let at = match place.prepend.unwrap_or(captions.prepend) {
            true => 0,
            false => self.tree.children(figure).len(),
        };
        self.tree.nodes[figure].children.insert(at, caption);
        self.parse(caption, inner);
        // Of the argument's attributes those of the options win.
        let mut asked: Vec<&str> = Vec::new();
        for (name, value) in &settings.selector.1 {
            let own = settings.attributes.iter().find(|(own, _)| own == name);
            match (name.as_str(), own) {
                ("class", own) => {
                    asked.extend(value.split(' '));
                    asked.extend(own.iter().flat_map(|(_, own)| own.split(' ')));
                    asked.sort_unstable();
                    asked.dedup();
                }
                (_, Some(_)) => {}
                (name, None) => self.tree.set(figure, name.to_owned(), value.clone()),
            }
        }
        for (name, value) in &settings.attributes {
            match name.as_str() {
                "class" if asked.is_empty() => add_class(&mut self.tree, figure, value),
                "class" => {}
                name => self.tree.set(figure, name.to_owned(), value.clone()),
            }
        }
        add_class(&mut self.tree, figure, &asked.join(" "));
    }

    /// The figure that a caption belongs to.
    fn figure(&mut self, parent: Id, line: Line<'a>) -> Id {
        let last = self.tree.last_element(parent);
        let is_bare = |figure: Id| {
            self.tree.tag(figure) == "figure"
                && !self
                    .tree
                    .elements(figure)
                    .any(|child| self.tree.tag(child) == "figcaption")
        };
        if let Some(figure) = last.filter(|last| is_bare(*last)) {
            return figure;
        }
        if let Some(last) = last {
            self.tree.remove_last(parent, last);
        }
        let figure = self.tree.append(parent, "figure", line.source);
        self.tree.nodes[figure].children.extend(last);
        figure
    }
}

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
