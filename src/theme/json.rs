use minijinja::value::{Kwargs, Value};
use minijinja::{Error, ErrorKind, State};
use serde_json::Value as Json;

use super::limits::{charge_text, indented_length};

/// `tojson` as Jinja2 writes it: keys sorted, a blank after commas and colons,
/// and everything but ASCII and all of HTML's special characters as `\u`
/// escapes.
pub(super) fn tojson(
    state: &State<'_, '_>,
    value: Value,
    indent: Option<usize>,
    options: Kwargs,
) -> Result<Value, Error> {
    let indent = options.get::<Option<usize>>("indent")?.or(indent);
    options.assert_all_used()?;
    let indent = indent.map(|indent| indent.min(64));
    charge_text(state, indented_length(&value, indent.unwrap_or(0)))?;
    let json = serde_json::to_value(&value).map_err(|error| {
        let message = "tojson: the value cannot be written as JSON";
        Error::new(ErrorKind::BadSerialization, message).with_source(error)
    })?;
    let mut out = String::new();
    let layout = Layout { indent };
    layout.write(&json, 0, &mut out);
    Ok(Value::from_safe_string(out))
}

/// Lays JSON out like Python's `json.dumps`.
struct Layout {
    indent: Option<usize>,
}

impl Layout {
    fn write(&self, value: &Json, depth: usize, out: &mut String) {
        match value {
            Json::Array(items) => {
                self.write_list(items.len(), depth, ['[', ']'], out, &mut |at, out| {
                    self.write(&items[at], depth + 1, out);
                });
            }
            Json::Object(entries) => {
                let mut entries: Vec<(&String, &Json)> = entries.iter().collect();
                entries.sort_by_key(|(key, _)| *key);
                self.write_list(entries.len(), depth, ['{', '}'], out, &mut |at, out| {
                    write_string(entries[at].0, out);
                    out.push_str(": ");
                    self.write(entries[at].1, depth + 1, out);
                });
            }
            Json::String(text) => write_string(text, out),
            other => out.push_str(&other.to_string()),
        }
    }

    fn write_list(
        &self,
        length: usize,
        depth: usize,
        brackets: [char; 2],
        out: &mut String,
        write_item: &mut dyn FnMut(usize, &mut String),
    ) {
        let break_line = |depth: usize, out: &mut String| {
            if let Some(indent) = self.indent {
                out.push('\n');
                out.push_str(&" ".repeat(indent * depth));
            }
        };
        out.push(brackets[0]);
        for at in 0..length {
            if at > 0 {
                out.push_str(if self.indent.is_some() { "," } else { ", " });
            }
            break_line(depth + 1, out);
            write_item(at, out);
        }
        if length > 0 {
            break_line(depth, out);
        }
        out.push(brackets[1]);
    }
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\'' => write_escape(c, out),
            ' '..='~' => out.push(c),
            c => write_escape(c, out),
        }
    }
    out.push('"');
}

fn write_escape(c: char, out: &mut String) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}
