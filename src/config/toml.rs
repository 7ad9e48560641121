use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::yaml::{Node, Place, Source, Value};

/// Reads TOML into the tree that YAML is read into, so that there is one
/// checker for both. Dates become text.
pub fn from_toml(path: &SourcePath, text: &str) -> Result<Node, Box<Diagnostic>> {
    let source = Source::new(path, text);
    let root = Place {
        source: source.clone(),
        start: 0,
        length: 0,
    };
    match DeTable::parse(text) {
        Ok(table) => Ok(Node::new(entries(&source, table.get_ref()), root)),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let place = Place {
                start: range.start,
                length: range.len().max(1),
                ..root
            };
            let message = format!("this is no valid TOML: {}", error.message());
            let diagnostic = Diagnostic::error("bad-toml", message).at(place.span());
            Err(Box::new(diagnostic))
        }
    }
}

fn entries(source: &Arc<Source>, table: &DeTable<'_>) -> Value {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let name = Value::String(key.get_ref().to_string());
            (place(source, key.span()), name, value)
        })
        .collect();
    // The parser sorts tables by name; a nav wants the order of the file.
    entries.sort_by_key(|(place, _, _)| place.start);
    let nodes = entries
        .into_iter()
        .map(|(place, name, value)| (Node::new(name, place), node(source, value)));
    Value::Mapping(nodes.collect())
}

fn node(source: &Arc<Source>, value: &Spanned<DeValue<'_>>) -> Node {
    let read = match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let read = i64::from_str_radix(number.as_str(), number.radix());
            read.map_or_else(|_| Value::String(number.to_string()), Value::Integer)
        }
        DeValue::Float(number) => {
            let read = number.as_str().parse();
            read.map_or_else(|_| Value::String(number.to_string()), Value::Float)
        }
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => {
            Value::Sequence(items.iter().map(|item| node(source, item)).collect())
        }
        DeValue::Table(table) => entries(source, table),
    };
    Node::new(read, place(source, value.span()))
}

fn place(source: &Arc<Source>, range: std::ops::Range<usize>) -> Place {
    Place {
        source: source.clone(),
        start: range.start,
        length: range.len(),
    }
}
