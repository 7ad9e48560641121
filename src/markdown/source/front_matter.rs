//! Front matter: the keys and values at the top of a page.
//!
//! As in MkDocs, it is either YAML between lines of `---` or, at the very
//! start, lines of `Key: value` (MultiMarkdown's).

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::files::SourcePath;
use crate::work::step;
use crate::yaml;

/// A page's front matter, and where the page's text begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// Its keys and values, in order.
    pub meta: Map<String, Value>,
    /// The byte where the text after it begins.
    pub body_start: usize,
    /// The line of the file where that text begins, from 1.
    pub body_first_line: u32,
    /// The problems found in it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Splits a page's text into front matter and the rest.
pub fn split(path: &SourcePath, text: &str) -> FrontMatter {
    let start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let (meta, diagnostics, length) = match delimited(&text[start..]) {
        Some((yaml, length)) => {
            let (meta, diagnostics) = parse(path, text, start + yaml.start..start + yaml.end);
            (meta, diagnostics, length)
        }
        None => {
            let (meta, length) = parse_plain(&text[start..]);
            (meta, Vec::new(), length)
        }
    };
    let body_start = start + length;
    let before = &text.as_bytes()[..body_start];
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    FrontMatter {
        meta,
        body_start,
        body_first_line: u32::try_from(lines + 1).unwrap_or(u32::MAX),
        diagnostics,
    }
}

/// Parses the YAML in the bytes `range` of a page's text.
fn parse(
    path: &SourcePath,
    text: &str,
    range: std::ops::Range<usize>,
) -> (Map<String, Value>, Vec<Diagnostic>) {
    let parsed = match yaml::parse_at(path, text, range) {
        Ok(parsed) => parsed,
        Err(mut diagnostic) => {
            diagnostic.rule = Rule::BadFrontMatter;
            diagnostic.severity = Severity::Error;
            return (Map::new(), vec![*diagnostic]);
        }
    };
    let mut diagnostics = parsed.diagnostics;
    let is_map = parsed.node.entries().is_some();
    if !is_map && !parsed.node.is_null() {
        let message = "the front matter is not a list of keys and values";
        diagnostics.push(
            Diagnostic::new(Rule::BadFrontMatter, message)
                .at(parsed.node.span())
                .help("write `key: value` lines between the lines of `---`"),
        );
    }
    (parsed.node.to_map(), diagnostics)
}

/// The range of the YAML between `---` lines, and where the text after them
/// begins.
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

/// Parses lines of `Key: value`. Also returns where the text after them begins.
fn parse_plain(text: &str) -> (Map<String, Value>, usize) {
    let mut meta: Map<String, Value> = Map::new();
    let mut last_key: Option<String> = None;
    let mut at = 0;
    let mut add = |key: &str, value: &str| {
        step(value.len());
        match meta.get_mut(key) {
            Some(Value::String(earlier)) => {
                earlier.push(' ');
                earlier.push_str(value);
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
            last_key = Some(key);
        } else if let Some(key) = &last_key
            && (content.starts_with("    ") || content.starts_with('\t'))
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
    fn problems_point_into_the_front_matter() {
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
