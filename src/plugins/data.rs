//! Files of values: YAML, TOML and JSON. Every other file is a text.

use serde_json::Value;

use crate::config::from_toml;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::SourcePath;
use crate::yaml;

/// The values of a file, read by the ending of its name. A text loses the line
/// break at its end.
///
/// # Errors
/// If the file is not what its ending says, with the place.
pub fn parse(path: &SourcePath, text: &str) -> Result<Value, Box<Diagnostic>> {
    match path.extension() {
        Some("yml" | "yaml") => {
            if text.len() > yaml::LARGEST {
                return Err(Box::new(yaml::too_large(path)));
            }
            Ok(yaml::parse(path, text)?.node.to_json())
        }
        Some("toml") => Ok(from_toml(path, text)?.to_json()),
        Some("json") => serde_json::from_str(text).map_err(|error| bad_json(path, text, &error)),
        _ => {
            let text = text.strip_suffix('\n').unwrap_or(text);
            Ok(text.strip_suffix('\r').unwrap_or(text).into())
        }
    }
}

fn bad_json(path: &SourcePath, text: &str, error: &serde_json::Error) -> Box<Diagnostic> {
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    let message = format!("`{path}` is not valid JSON: {reason}");
    let line = u32::try_from(error.line()).unwrap_or(u32::MAX).max(1);
    let span = Span::line(path, text, line);
    Box::new(Diagnostic::warning(Rule::BadValue, message).at(span))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;
    use crate::files::SourcePath;

    #[test]
    fn files_are_read_by_their_endings() {
        for (name, text, value) in [
            ("a.yml", "x: [1, 2]\n", json!({"x": [1, 2]})),
            ("a.yaml", "- a\n", json!(["a"])),
            ("a.toml", "x.y = 'z'\n", json!({"x": {"y": "z"}})),
            (
                "a.json",
                "{\"b\": 1, \"a\": null}",
                json!({"b": 1, "a": null}),
            ),
            ("VERSION", "1.2.3\r\n", json!("1.2.3")),
            ("a.txt", "one\n\n", json!("one\n")),
        ] {
            let found = parse(&SourcePath::new(name), text).expect(name);
            assert_eq!(found, value, "{name}");
        }
        let error = parse(&SourcePath::new("a.json"), "{\n  \"a\": 1,\n}").expect_err("a comma");
        let line = error.span.as_ref().map(|span| span.line);
        assert_eq!(line, Some(3), "{error:?}");
        for name in ["a.yml", "a.toml", "a.json"] {
            assert!(parse(&SourcePath::new(name), "[a: {").is_err(), "{name}");
        }
    }
}
