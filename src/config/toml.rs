use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;
use crate::yaml::{DEEPEST, Node, Source, SourceRange, Value};

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// Parses TOML into the same tree as YAML, so that both are checked by the same
/// code. Dates become text.
pub fn from_toml(path: &SourcePath, text: &str) -> std::result::Result<Node, Box<Diagnostic>> {
    let source = Source::new(path, text);
    let root = SourceRange {
        source: source.clone(),
        start: 0,
        length: 0,
    };
    match DeTable::parse(text) {
        Ok(table) => Ok(Node::new(convert_table(&source, table.get_ref(), 0)?, root)),
        Err(error) => {
            let range = error.span().unwrap_or(0..0);
            let place = SourceRange {
                start: range.start,
                length: range.len().max(1),
                ..root
            };
            let message = format!("this is not valid TOML: {}", error.message());
            let diagnostic = Diagnostic::new(Rule::BadToml, message).at(place.span());
            Err(Box::new(diagnostic))
        }
    }
}

/// The parser limits the depth of inline tables and of dotted keys, but not of
/// both together, so `depth` is counted here.
fn convert_table(source: &Arc<Source>, table: &DeTable<'_>, depth: usize) -> Result<Value> {
    let mut entries: Vec<_> = table.iter().collect();
    // The parser sorts tables by name, but a nav needs the order of the file.
    entries.sort_by_key(|(key, _)| key.span().start);
    let nodes = entries.into_iter().map(|(key, value)| {
        let name = Value::String(key.get_ref().to_string());
        let key = Node::new(name, place(source, key.span()));
        Ok((key, convert_value(source, value, depth + 1)?))
    });
    Ok(Value::Mapping(nodes.collect::<Result<_>>()?))
}

fn convert_value(source: &Arc<Source>, value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node> {
    let place = place(source, value.span());
    if depth > DEEPEST {
        let message = format!("this is nested more than {DEEPEST} levels deep");
        let error = Diagnostic::new(Rule::BadToml, message).at(place.span());
        return Err(Box::new(error));
    }
    let converted = match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(number.as_str(), number.radix());
            parsed.map_or_else(|_| Value::String(number.to_string()), Value::Integer)
        }
        DeValue::Float(number) => {
            let parsed = number.as_str().parse();
            parsed.map_or_else(|_| Value::String(number.to_string()), Value::Float)
        }
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => {
            let items = items
                .iter()
                .map(|item| convert_value(source, item, depth + 1));
            Value::Sequence(items.collect::<Result<_>>()?)
        }
        DeValue::Table(table) => convert_table(source, table, depth)?,
    };
    Ok(Node::new(converted, place))
}

fn place(source: &Arc<Source>, range: std::ops::Range<usize>) -> SourceRange {
    SourceRange {
        source: source.clone(),
        start: range.start,
        length: range.len(),
    }
}
