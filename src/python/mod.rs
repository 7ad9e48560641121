//! Plain values as Python sees and writes them, for files that Python programs
//! read.

mod format;

use std::fmt::Write as _;

use serde_json::Value;

pub use format::format;

/// A scalar as Python's `str` writes it; `None` for null, lists and mappings.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether Python treats a value as true.
pub fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}

/// JSON as Python's `json.dumps` writes it with compact separators: ASCII only.
pub fn ascii_json(value: &Value) -> String {
    let mut to = String::new();
    for character in value.to_string().chars() {
        if character.is_ascii() && character != '\u{7f}' {
            to.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            write!(to, "\\u{unit:04x}").expect("a string can be written to");
        }
    }
    to
}
