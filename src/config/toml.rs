use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;
use crate::yaml::{DEEPEST, Node, Place, Source, Value};

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Reads TOML into the tree that YAML is read into, so that there is one
/// checker for both. Dates become text.
pub fn from_toml(path: &SourcePath, text: &str) -> std::result::Result<Node, Box<Diagnostic>> {
    let source = Source::new(path, text);
    let root = Place {
        source: source.clone(),
        start: 0,
        length: 0,
    };
    match DeTable::parse(text) {
        Ok(table) => Ok(Node::new(entries(&source, table.get_ref(), 0)?, root)),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let place = Place {
                start: range.start,
                length: range.len().max(1),
                ..root
            };
            let message = format!("this is no valid TOML: {}", error.message());
            let diagnostic = Diagnostic::new(Rule::BadToml, message).at(place.span());
            Err(Box::new(diagnostic))
        }
    }
}

/// The parser bounds inline tables and dotted keys each, but not the two
/// together; `depth` does.
fn entries(source: &Arc<Source>, table: &DeTable<'_>, depth: usize) -> Result<Value> {
    let mut entries: Vec<_> = table.iter().collect();
    // The parser sorts tables by name; a nav wants the order of the file.
    entries.sort_by_key(|(key, _)| key.span().start);
    let nodes = entries.into_iter().map(|(key, value)| {
        let name = Value::String(key.get_ref().to_string());
        let key = Node::new(name, place(source, key.span()));
        Ok((key, node(source, value, depth + 1)?))
    });
    Ok(Value::Mapping(nodes.collect::<Result<_>>()?))
}

fn node(source: &Arc<Source>, value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node> {
    let place = place(source, value.span());
    if depth > DEEPEST {
        let message = format!("this is nested more than {DEEPEST} levels deep");
        let error = Diagnostic::new(Rule::BadToml, message).at(place.span());
        return Err(Box::new(error));
    }
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
            let items = items.iter().map(|item| node(source, item, depth + 1));
            Value::Sequence(items.collect::<Result<_>>()?)
        }
        DeValue::Table(table) => entries(source, table, depth)?,
    };
    Ok(Node::new(read, place))
}

fn place(source: &Arc<Source>, range: std::ops::Range<usize>) -> Place {
    Place {
        source: source.clone(),
        start: range.start,
        length: range.len(),
    }
}
