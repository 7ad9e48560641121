//! The links of a post (`links`), which are written like a nav.

use serde_json::Value;

use crate::python::plain;

/// A link as written, or a section of links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawLink {
    /// Links with a title.
    Section(String, Vec<RawLink>),
    /// A title, if there is one, and a target.
    Link(Option<String>, String),
}

/// How deeply sections may be nested. Templates render each level by a recursive call.
const DEEPEST: usize = 50;

/// The links of a post.
pub fn written(links: &Value) -> Vec<RawLink> {
    read(links, 0)
}

fn read(links: &Value, depth: usize) -> Vec<RawLink> {
    if depth > DEEPEST {
        return Vec::new();
    }
    match links {
        Value::Array(items) => items.iter().flat_map(|item| read(item, depth)).collect(),
        Value::Object(entries) => entries
            .iter()
            .map(|(title, target)| match plain(target) {
                Some(target) => RawLink::Link(Some(title.clone()), target),
                None => RawLink::Section(title.clone(), read(target, depth + 1)),
            })
            .collect(),
        value => plain(value)
            .map(|target| RawLink::Link(None, target))
            .into_iter()
            .collect(),
    }
}
