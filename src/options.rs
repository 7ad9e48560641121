//! Options as a configuration holds them, read leniently: what is of the wrong
//! kind counts as not given. And values as Python writes them.

use serde_json::{Map, Value};

/// Options by name.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a>(pub &'a Map<String, Value>);

impl<'a> Options<'a> {
    /// A text.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str()
    }

    /// A text with a default.
    pub fn text_or(self, name: &str, default: &'a str) -> &'a str {
        self.text(name).unwrap_or(default)
    }

    /// Yes or no; numbers count as Python counts them.
    pub fn flag(self, name: &str, default: bool) -> bool {
        match self.0.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            _ => default,
        }
    }

    /// A whole number.
    pub fn number(self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// A list of texts; one text is a list of one.
    pub fn texts(self, name: &str) -> Vec<String> {
        match self.0.get(name) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(plain).collect(),
            _ => Vec::new(),
        }
    }

    /// A mapping.
    pub fn map(self, name: &str) -> Option<&'a Map<String, Value>> {
        self.0.get(name)?.as_object()
    }
}

/// A scalar as Python's `str` writes it; `None` for what is none.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// JSON as Python's `json.dumps` writes it without blanks: ASCII alone.
pub fn ascii_json(value: &Value) -> String {
    use std::fmt::Write as _;
    let mut to = String::new();
    for character in value.to_string().chars() {
        if character.is_ascii() && character != '\u{7f}' {
            to.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            // Writing to a string cannot fail.
            let _ = write!(to, "\\u{unit:04x}");
        }
    }
    to
}
