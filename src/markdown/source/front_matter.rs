//! What a page says of itself at its top.
//!
//! As in MkDocs: YAML between lines of `---`, or else lines of `Key: value`
//! at the very start (MultiMarkdown's).

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::files::SourcePath;
use crate::work::step;
use crate::yaml;

/// A page's front matter and where its text begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// Its keys and values, in order.
    pub meta: Map<String, Value>,
    /// The byte where the text behind it begins.
    pub body_start: usize,
    /// The line of the file where that is, from 1.
    pub body_first_line: u32,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Splits a page's text.
pub fn split(path: &SourcePath, text: &str) -> FrontMatter {
    let start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let mut found = FrontMatter {
        meta: Map::new(),
        body_start: start,
        body_first_line: 1,
        diagnostics: Vec::new(),
    };
    match delimited(&text[start..]) {
        Some((inner, end)) => {
            match yaml::parse_at(path, text, start + inner.start..start + inner.end) {
                Ok(parsed) => {
                    found.meta = parsed.node.to_map();
                    found.diagnostics = parsed.diagnostics;
                    let is_map = parsed.node.entries().is_some();
                    if !is_map && !matches!(parsed.node.value, yaml::Value::Null) {
                        found.diagnostics.push(
                            Diagnostic::new(
                                Rule::BadFrontMatter,
                                "the front matter is no list of keys and values",
                            )
                            .at(parsed.node.span())
                            .help("write `key: value` lines between the lines of `---`"),
                        );
                    }
                }
                Err(mut diagnostic) => {
                    diagnostic.rule = Rule::BadFrontMatter;
                    diagnostic.severity = Severity::Error;
                    found.diagnostics.push(*diagnostic);
                }
            }
            found.body_start = start + end;
        }
        None => {
            let (meta, end) = plain(&text[start..]);
            found.meta = meta;
            found.body_start = start + end;
        }
    }
    let before = &text.as_bytes()[..found.body_start];
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    found.body_first_line = u32::try_from(lines + 1).unwrap_or(u32::MAX);
    found
}

/// The YAML between `---` lines, and where the text behind it begins.
fn delimited(text: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let is_mark =
        |line: &str, marks: &[&str]| marks.contains(&line.trim_end_matches(['\r', '\t', ' ']));
    let first = text
        .split_inclusive('\n')
        .next()
        .filter(|line| line.ends_with('\n') && is_mark(line.trim_end_matches('\n'), &["---"]))?;
    let start = first.len();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let end = at + line.len();
        if at > start && is_mark(line.trim_end_matches('\n'), &["---", "..."]) {
            return Some((start..at, end));
        }
        at = end;
    }
    None
}

fn plain(text: &str) -> (Map<String, Value>, usize) {
    let mut meta: Map<String, Value> = Map::new();
    let mut last: Option<String> = None;
    let mut at = 0;
    let mut add = |key: &str, value: &str| {
        step(value.len());
        match meta.get_mut(key) {
            Some(Value::String(known)) => {
                known.push(' ');
                known.push_str(value);
            }
            _ => {
                meta.insert(key.to_owned(), Value::String(value.to_owned()));
            }
        }
    };
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        if content.trim().is_empty() {
            at += line.len();
            break;
        }
        let bare = content.trim_start_matches(' ');
        let is_key = |key: &&str| {
            !key.is_empty()
                && key
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let pair = bare
            .split_once(':')
            .filter(|(key, _)| content.len() - bare.len() < 4 && is_key(key));
        if let Some((key, value)) = pair {
            let key = key.to_lowercase();
            add(&key, value.trim());
            last = Some(key);
        } else if let Some(key) = last
            .as_deref()
            .filter(|_| content.starts_with("    ") || content.starts_with('\t'))
        {
            add(key, content.trim());
        } else {
            break;
        }
        at += line.len();
    }
    (meta, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> FrontMatter {
        split(&SourcePath::new("docs/a.md"), text)
    }

    #[test]
    fn yaml_between_lines() {
        for text in [
            "---\ntitle: A\n---\n\n# B\n",
            "\u{feff}---\r\ntitle: A\r\n...\r\n\r\n# B\r\n",
        ] {
            let found = read(text);
            assert_eq!(found.meta["title"], "A");
            assert!(
                text[found.body_start..].trim_start().starts_with("# B"),
                "{text:?}"
            );
            assert_eq!((found.body_first_line, found.diagnostics), (4, vec![]));
        }
        assert_eq!(read("---\n# A\n").body_start, 0);
        assert_eq!(read("---\n\n---\ntext\n").diagnostics, []);
    }

    #[test]
    fn keys_at_the_start() {
        let found = read("Title: A\n  b\ntext\n");
        assert_eq!(
            (found.meta["title"].clone(), found.body_first_line),
            (Value::from("A"), 2)
        );
        let found = read("Title: A\n    b\n\ntext\n");
        assert_eq!(
            (found.meta["title"].clone(), found.body_first_line),
            (Value::from("A b"), 4)
        );
        assert_eq!(read("# A\n").body_start, 0);
    }

    #[test]
    fn faults_have_their_place() {
        let found = read("---\na: 1\ntitle: [x\n---\n# A\n");
        let diagnostic = &found.diagnostics[0];
        assert_eq!(diagnostic.rule.name(), "bad-front-matter");
        assert_eq!(found.body_first_line, 5);
        assert_eq!(
            read("---\n- a\n---\n").diagnostics[0].rule.name(),
            "bad-front-matter"
        );
    }
}
