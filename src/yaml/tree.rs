use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::slice;

use saphyr::{MarkedYaml, YamlData};

use super::load::{Loader, MOST_ALIASED, Properties, Result};
use super::{DEEPEST, Node, SourceRange, Value};
use crate::diagnostic::{Diagnostic, Rule};

/// A list or mapping whose children are being read.
struct Open<'r> {
    properties: Properties,
    /// Where it starts, its tag and anchor included.
    start: usize,
    /// Where its content starts.
    content: usize,
    children: Children<'r>,
}

/// The children that have been read, and those still to come.
enum Children<'r> {
    Items {
        read: Vec<Node>,
        unread: slice::Iter<'r, MarkedYaml<'r>>,
    },
    Entries {
        read: Vec<(Node, Node)>,
        /// A key whose value is being read.
        key: Option<Node>,
        /// Alternating keys and values, the last one first.
        unread: Vec<&'r MarkedYaml<'r>>,
    },
}

impl<'r> Open<'r> {
    fn next(&mut self) -> Option<&'r MarkedYaml<'r>> {
        match &mut self.children {
            Children::Items { unread, .. } => unread.next(),
            Children::Entries { unread, .. } => unread.pop(),
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
    Scalar(Node),
    Open(Open<'r>),
}

impl Loader<'_> {
    /// The tree below `root`. Open lists and mappings are kept on an explicit
    /// stack, because threads with small stacks parse too.
    pub(super) fn tree<'r>(&mut self, root: &'r MarkedYaml<'r>) -> Result<Node> {
        let mut open: Vec<Open<'r>> = Vec::new();
        let mut next = root;
        loop {
            let mut node = match self.begin(next, open.len())? {
                Begun::Scalar(node) => node,
                Begun::Open(mut inner) => match inner.next() {
                    Some(child) => {
                        open.push(inner);
                        next = child;
                        continue;
                    }
                    None => self.close(inner, open.len())?,
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
                    unread: items.iter(),
                };
                (self.properties(start), children)
            }
            YamlData::Mapping(entries) => {
                // A tag or anchor that starts with the first key belongs to it.
                let first_key = entries.iter().next().map(|(key, _)| key.span.start.index());
                let properties = match first_key {
                    Some(key) if key == read.span.start.index() => (Properties::default(), start),
                    _ => self.properties(start),
                };
                let mut unread = Vec::with_capacity(2 * entries.len());
                unread.extend(entries.iter().flat_map(|(key, value)| [key, value]));
                unread.reverse();
                let children = Children::Entries {
                    read: Vec::with_capacity(entries.len()),
                    key: None,
                    unread,
                };
                (properties, children)
            }
            data => {
                let end = self.byte(read.span.end.index()).max(start);
                return Ok(Begun::Scalar(self.scalar(data, start..end, depth)?));
            }
        };
        Ok(Begun::Open(Open {
            properties,
            start,
            content,
            children,
        }))
    }

    fn close(&mut self, open: Open<'_>, depth: usize) -> Result<Node> {
        let value = match open.children {
            Children::Items { read, .. } => Value::Sequence(read),
            Children::Entries { read, .. } => Value::Mapping(self.mapping(read, depth)?),
        };
        let place = self.first_line(open.start, open.content);
        Ok(self.finish(value, open.properties, place))
    }

    /// Charges the nodes of `node` to the budget for copies.
    pub(super) fn spend(&mut self, node: &Node, depth: usize, place: &SourceRange) -> Result<()> {
        let mut waiting = vec![(node, depth)];
        while let Some((node, depth)) = waiting.pop() {
            if depth > DEEPEST {
                let message =
                    format!("with its aliases, this is nested more than {DEEPEST} levels deep");
                return Err(self.error(place, message));
            }
            let Some(left) = self.budget.checked_sub(1) else {
                let message =
                    format!("the aliases in this file expand to more than {MOST_ALIASED} values");
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

    /// The entries with each key once. As in PyYAML's `flatten_mapping`, the
    /// entries that `<<` merges in come before the mapping's own.
    fn mapping(&mut self, entries: Vec<(Node, Node)>, depth: usize) -> Result<Vec<(Node, Node)>> {
        let mut merged = Vec::new();
        let mut own = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            if key.tag.is_none() && matches!(key.value, Value::Sequence(_) | Value::Mapping(_)) {
                // PyYAML refuses it too, as unhashable.
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
        Ok(self.deduplicate(merged, own))
    }

    /// Keeps the last of the entries with the same key, at the position of the
    /// first.
    fn deduplicate(
        &mut self,
        merged: Vec<(Node, Node)>,
        own: Vec<(Node, Node)>,
    ) -> Vec<(Node, Node)> {
        // Keys are the same if their kind, tag and text are.
        let identity = |key: &Node| (key.as_str().is_some(), key.tag.clone(), key.key_text());
        let mut positions = BTreeMap::new();
        let mut unique: Vec<(Node, Node)> = Vec::with_capacity(merged.len() + own.len());
        let merged_count = merged.len();
        let mut is_merged = Vec::new();
        for (nth, (key, value)) in merged.into_iter().chain(own).enumerate() {
            let entry = match positions.entry(identity(&key)) {
                Entry::Occupied(entry) => entry,
                Entry::Vacant(entry) => {
                    entry.insert(unique.len());
                    unique.push((key, value));
                    is_merged.push(nth < merged_count);
                    continue;
                }
            };
            let position = *entry.get();
            // Overriding a merged key is not a mistake.
            if nth >= merged_count && !is_merged[position] {
                let first = unique[position].0.span().line;
                let message = format!(
                    "`{}` appears twice; the first one, on line {first}, is ignored",
                    key.key_text()
                );
                let diagnostic = Diagnostic::new(Rule::DuplicateKey, message).at(key.span());
                self.diagnostics
                    .push(diagnostic.help("remove one of the two"));
            }
            is_merged[position] = nth < merged_count;
            unique[position] = (key, value);
        }
        unique
    }

    fn merge(&self, value: &Node, into: &mut Vec<(Node, Node)>) -> Result<()> {
        match &value.value {
            Value::Mapping(entries) => into.extend(entries.iter().cloned()),
            // The first mapping of a list takes precedence.
            Value::Sequence(items) if items.iter().all(|item| item.entries().is_some()) => {
                for item in items.iter().rev() {
                    self.merge(item, into)?;
                }
            }
            _ => {
                let message = format!("`<<` merges a mapping, not {}", value.kind());
                return Err(self.error(&value.place, message));
            }
        }
        Ok(())
    }
}
