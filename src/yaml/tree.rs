use std::collections::BTreeMap;
use std::slice;

use saphyr::{MarkedYaml, YamlData};

use super::load::{Loader, MOST_ALIASED, Properties, Result};
use super::{DEEPEST, Node, Place, Value};
use crate::diagnostic::{Diagnostic, Rule};

/// A list or mapping whose children are being read.
struct Open<'r> {
    properties: Properties,
    /// Where it starts, and where its content does.
    start: usize,
    content: usize,
    children: Children<'r>,
}

/// What is read of it, and what is still to come.
enum Children<'r> {
    Items {
        read: Vec<Node>,
        rest: slice::Iter<'r, MarkedYaml<'r>>,
    },
    Entries {
        read: Vec<(Node, Node)>,
        /// A key whose value is being read.
        key: Option<Node>,
        /// Keys and values in turn, the last one first.
        rest: Vec<&'r MarkedYaml<'r>>,
    },
}

impl<'r> Open<'r> {
    fn next(&mut self) -> Option<&'r MarkedYaml<'r>> {
        match &mut self.children {
            Children::Items { rest, .. } => rest.next(),
            Children::Entries { rest, .. } => rest.pop(),
        }
    }

    fn push(&mut self, child: Node) {
        match &mut self.children {
            Children::Items { read, .. } => read.push(child),
            Children::Entries { read, key, .. } => match key.take() {
                Some(key) => read.push((key, child)),
                None => *key = Some(child),
            },
        }
    }
}

enum Begun<'r> {
    Whole(Node),
    Open(Open<'r>),
}

impl Loader<'_> {
    /// The tree below `root`. What is open waits in a list: threads whose
    /// stack is small read a text too.
    pub(super) fn tree<'r>(&mut self, root: &'r MarkedYaml<'r>) -> Result<Node> {
        let mut open: Vec<Open<'r>> = Vec::new();
        let mut next = root;
        loop {
            let mut node = match self.begin(next, open.len())? {
                Begun::Whole(node) => node,
                Begun::Open(mut it) => match it.next() {
                    Some(child) => {
                        open.push(it);
                        next = child;
                        continue;
                    }
                    None => self.close(it, open.len())?,
                },
            };
            next = loop {
                let Some(mut outer) = open.pop() else {
                    return Ok(node);
                };
                outer.push(node);
                if let Some(child) = outer.next() {
                    open.push(outer);
                    break child;
                }
                node = self.close(outer, open.len())?;
            };
        }
    }

    fn begin<'r>(&mut self, read: &'r MarkedYaml<'r>, depth: usize) -> Result<Begun<'r>> {
        let start = self.byte(read.span.start.index());
        if depth > DEEPEST {
            return Err(self.too_deep(start));
        }
        let mut marked = read;
        while let YamlData::Tagged(_, inner) = &marked.data {
            marked = inner;
        }
        let ((properties, content), children) = match &marked.data {
            YamlData::Sequence(items) => {
                let children = Children::Items {
                    read: Vec::with_capacity(items.len()),
                    rest: items.iter(),
                };
                (self.properties(start), children)
            }
            YamlData::Mapping(entries) => {
                // A tag or anchor where the first key starts is the key's.
                let first_key = entries.iter().next().map(|(key, _)| key.span.start.index());
                let properties = match first_key {
                    Some(key) if key == read.span.start.index() => (Properties::default(), start),
                    _ => self.properties(start),
                };
                let mut rest = Vec::with_capacity(2 * entries.len());
                rest.extend(entries.iter().flat_map(|(key, value)| [key, value]));
                rest.reverse();
                let children = Children::Entries {
                    read: Vec::with_capacity(entries.len()),
                    key: None,
                    rest,
                };
                (properties, children)
            }
            data => {
                let end = self.byte(read.span.end.index()).max(start);
                return Ok(Begun::Whole(self.scalar(data, start..end, depth)?));
            }
        };
        Ok(Begun::Open(Open {
            properties,
            start,
            content,
            children,
        }))
    }

    fn close(&mut self, whole: Open<'_>, depth: usize) -> Result<Node> {
        let value = match whole.children {
            Children::Items { read, .. } => Value::Sequence(read),
            Children::Entries { read, .. } => Value::Mapping(self.mapping(read, depth)?),
        };
        let place = self.first_line(whole.start, whole.content);
        Ok(self.finish(value, whole.properties, place))
    }

    /// Takes the nodes of `node` from the budget for copies.
    pub(super) fn spend(&mut self, node: &Node, depth: usize, place: &Place) -> Result<()> {
        let mut waiting = vec![(node, depth)];
        while let Some((node, depth)) = waiting.pop() {
            if depth > DEEPEST {
                let message = format!("with its aliases this is more than {DEEPEST} levels deep");
                return Err(self.error(place, message));
            }
            let Some(left) = self.budget.checked_sub(1) else {
                let message =
                    format!("the aliases of this file stand for more than {MOST_ALIASED} values");
                return Err(self.error(place, message));
            };
            self.budget = left;
            let items = node.items().unwrap_or_default();
            waiting.extend(items.iter().rev().map(|item| (item, depth + 1)));
            for (key, value) in node.entries().unwrap_or_default().iter().rev() {
                waiting.extend([(value, depth + 1), (key, depth + 1)]);
            }
        }
        Ok(())
    }

    /// Each key once, what `<<` brings in before the mapping's own keys, as
    /// `flatten_mapping` of PyYAML does it.
    fn mapping(&mut self, entries: Vec<(Node, Node)>, depth: usize) -> Result<Vec<(Node, Node)>> {
        let mut merged = Vec::new();
        let mut own = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            if key.tag.is_none() && matches!(key.value, Value::Sequence(_) | Value::Mapping(_)) {
                // As PyYAML, which calls it unhashable.
                let message = format!("{} cannot be a key", key.kind());
                let error = self.error(&key.place, message);
                return Err(Box::new(
                    error.help("put text that starts with `[` or `{` in quotes"),
                ));
            }
            let quoted = self.source.text[key.place.start..].starts_with(['"', '\'']);
            if key.as_str() == Some("<<") && key.tag.is_none() && !quoted {
                self.spend(&value, depth + 1, &value.place)?;
                self.merge(&value, &mut merged)?;
            } else {
                own.push((key, value));
            }
        }
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        let mut unique: Vec<(Node, Node)> = Vec::with_capacity(merged.len() + own.len());
        let name = |key: &Node| {
            let quote = if key.as_str().is_some() { "text " } else { "" };
            format!(
                "{quote}{} {}",
                key.tag.as_deref().unwrap_or_default(),
                key.key_text()
            )
        };
        let merged_count = merged.len();
        let mut from_merge = Vec::new();
        for (nth, (key, value)) in merged.into_iter().chain(own).enumerate() {
            let Some(&known) = places.get(&name(&key)) else {
                places.insert(name(&key), unique.len());
                unique.push((key, value));
                from_merge.push(nth < merged_count);
                continue;
            };
            // Only keys that stand here themselves are there twice by mistake.
            let taken_over = from_merge[known];
            if nth >= merged_count && !taken_over {
                let first = unique[known].0.span().line;
                let message = format!(
                    "`{}` is there twice; the first, in line {first}, is not used",
                    key.key_text()
                );
                let found = Diagnostic::new(Rule::DuplicateKey, message).at(key.span());
                self.diagnostics.push(found.help("take one of the two out"));
            }
            from_merge[known] = nth < merged_count;
            unique[known] = (key, value);
        }
        Ok(unique)
    }

    fn merge(&self, value: &Node, into: &mut Vec<(Node, Node)>) -> Result<()> {
        match &value.value {
            Value::Mapping(entries) => into.extend(entries.iter().cloned()),
            // The first mapping of a list goes before the others.
            Value::Sequence(items) if items.iter().all(|item| item.entries().is_some()) => {
                for item in items.iter().rev() {
                    self.merge(item, into)?;
                }
            }
            _ => {
                let message = format!("`<<` takes in a mapping, and this is {}", value.kind());
                return Err(self.error(&value.place, message));
            }
        }
        Ok(())
    }
}
