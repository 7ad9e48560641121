//! The file that says who the authors of a blog are.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::SourcePath;
use crate::yaml;

/// What is known of each author, by the names that posts use.
pub type Authors = BTreeMap<String, Map<String, Value>>;

/// What has to be said of an author.
const REQUIRED: [&str; 3] = ["name", "description", "avatar"];

/// Reads the file, and returns its problems too.
pub fn read(path: &SourcePath, text: &str) -> (Authors, Vec<Diagnostic>) {
    let parsed = match yaml::parse(path, text) {
        Ok(parsed) => parsed,
        Err(error) => return (Authors::new(), vec![*error]),
    };
    let mut faults = parsed.diagnostics;
    let mut authors = Authors::new();
    let entries = parsed.node.get("authors").and_then(yaml::Node::entries);
    for (id, author) in entries.unwrap_or(&[]) {
        let name = id.key_text();
        if author.entries().is_none() {
            let message = format!("the author `{name}` is not a mapping");
            let error = Diagnostic::new(Rule::BadValue, message).at(id.span());
            faults.push(error.help("write `name`, `description` and `avatar` below it"));
            continue;
        }
        let facts = author.to_map();
        for key in REQUIRED {
            let message = match facts.get(key) {
                Some(Value::String(_)) => continue,
                Some(value) if !value.is_null() => {
                    format!("`{key}` of the author `{name}` is not a text")
                }
                _ => format!("the author `{name}` has no `{key}`"),
            };
            let error = Diagnostic::new(Rule::BadValue, message).at(id.span());
            faults.push(error.help("the plugin `blog` requires it"));
        }
        authors.insert(name, facts);
    }
    let is_other = !parsed.node.is_null() && parsed.node.get("authors").is_none();
    if is_other {
        let message = format!("`{path}` has no `authors`");
        let error = Diagnostic::new(Rule::BadValue, message).at(Span::line(path, text, 1));
        faults.push(error.help("write `authors:`, and the authors below it"));
    }
    (authors, faults)
}
