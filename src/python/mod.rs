//! Plain values as Python sees and writes them, for files that Python programs
//! read.

mod format;

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

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
    in_ascii(&value.to_string())
}

/// JSON as Python's `json.dumps` writes it: ASCII only, on one line or indented by four
/// blanks.
pub fn json(value: &Value, is_indented: bool) -> String {
    let mut written = Vec::new();
    let result = if is_indented {
        let formatter = PrettyFormatter::with_indent(b"    ");
        value.serialize(&mut Serializer::with_formatter(&mut written, formatter))
    } else {
        value.serialize(&mut Serializer::with_formatter(&mut written, Spaced))
    };
    result.expect("a value can be written to memory");
    in_ascii(&String::from_utf8_lossy(&written))
}

/// Writes JSON with a blank after each comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        to.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.begin_array_value(to, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }
}

/// JSON with escapes for what is not ASCII.
fn in_ascii(json: &str) -> String {
    let mut to = String::with_capacity(json.len());
    for character in json.chars() {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    /// As `json.dumps(value)` and `json.dumps(value, indent=4)`.
    #[test]
    fn json_is_that_of_python() {
        let value = json!({"a": [1, "\u{e9}\u{1f600}\n\u{7f}<"], "b": {}, "c": [], "d": null});
        assert_eq!(
            super::json(&value, false),
            r#"{"a": [1, "\u00e9\ud83d\ude00\n\u007f<"], "b": {}, "c": [], "d": null}"#
        );
        assert_eq!(
            super::json(&json!({"a": [1, {}], "b": true}), true),
            "{\n    \"a\": [\n        1,\n        {}\n    ],\n    \"b\": true\n}"
        );
    }
}
