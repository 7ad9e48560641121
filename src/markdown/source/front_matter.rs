//! Front matter: the keys and values at the top of a page.
//!
//! As in MkDocs (`mkdocs/utils/meta.py`), it is either YAML between lines of
//! `---` or, at the very start, lines of `Key: value` (MultiMarkdown's). YAML
//! that cannot be read, or is not a mapping, is part of the page's text.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::SourcePath;
use crate::work::step;
use crate::yaml;

/// A page's front matter, and where the page's text begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter {
    /// Its keys and values, in order.
    pub meta: Arc<Map<String, Value>>,
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
        Some((yaml, length)) => match parse(path, text, start + yaml.start..start + yaml.end) {
            (Some(meta), diagnostics) => (meta, diagnostics, length),
            (None, diagnostics) => (Map::new(), diagnostics, 0),
        },
        None => {
            let (meta, length) = parse_plain(&text[start..]);
            let unfinished = unfinished(path, text, start);
            (meta, unfinished.into_iter().collect(), length)
        }
    };
    let body_start = start + length;
    let before = &text.as_bytes()[..body_start];
    let lines = before.iter().filter(|byte| **byte == b'\n').count();
    FrontMatter {
        meta: Arc::new(meta),
        body_start,
        body_first_line: u32::try_from(lines + 1).unwrap_or(u32::MAX),
        diagnostics,
    }
}

/// The bytes of a page's text that hold the YAML of its front matter; `None` if it has
/// none between lines of `---`.
pub fn yaml_range(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let (range, _) = delimited(&text[start..])?;
    Some(start + range.start..start + range.end)
}

/// Whether a page's text certainly has no front matter, told from its beginning.
pub fn is_absent(text: &str) -> bool {
    text.starts_with(['#', '<', '!'])
}

/// Parses the YAML in the bytes `range` of a page's text: the mapping that it
/// is, or else `None` and, if there is one to give, the reason.
fn parse(
    path: &SourcePath,
    text: &str,
    range: std::ops::Range<usize>,
) -> (Option<Map<String, Value>>, Vec<Diagnostic>) {
    let parsed = match yaml::parse_at(path, text, range) {
        Ok(parsed) => parsed,
        Err(error) => return (None, vec![as_text(*error)]),
    };
    if let Some(refused) = parsed.refused {
        return (None, vec![as_text(refused)]);
    }
    let node = &parsed.node;
    // Most likely two thematic breaks.
    if node.is_null() {
        return (None, Vec::new());
    }
    let reject = |message: &str, node: &yaml::Node, help: &str| {
        let diagnostic = Diagnostic::new(Rule::BadFrontMatter, message);
        (None, vec![as_text(diagnostic.at(node.span()).help(help))])
    };
    if node.entries().is_none() {
        let message = "the block between the lines of `---` is not a mapping";
        return reject(message, node, "write `key: value` lines");
    }
    if let Some((tag, tagged)) = first_tagged(node) {
        let message = format!("the tag `{tag}` has no meaning in front matter");
        let help = "remove the tag, or put the value in quotes";
        return reject(&message, tagged, help);
    }
    (Some(node.to_map()), parsed.diagnostics)
}

/// Describes a problem with YAML that is shown as text because of it.
fn as_text(mut diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.rule = Rule::BadFrontMatter;
    diagnostic.severity = Rule::BadFrontMatter.severity();
    let shown = "until then the block is shown as text, as in MkDocs";
    let help = diagnostic.help.take();
    diagnostic.help(help.map_or(shown.to_owned(), |help| format!("{help}; {shown}")))
}

/// The first value with a tag. MkDocs' loader knows none of them, and gives up
/// on the whole block.
fn first_tagged(node: &yaml::Node) -> Option<(&str, &yaml::Node)> {
    let mut nodes = vec![node];
    while let Some(node) = nodes.pop() {
        if let Some(tag) = &node.tag {
            return Some((tag, node));
        }
        nodes.extend(node.items().into_iter().flatten().rev());
        let entries = node.entries().into_iter().flatten().rev();
        nodes.extend(entries.flat_map(|(key, value)| [value, key]));
    }
    None
}

/// A block whose closing line ends the file without a line break, which MkDocs
/// does not take for closed.
fn unfinished(path: &SourcePath, text: &str, start: usize) -> Option<Diagnostic> {
    if text.ends_with('\n') {
        return None;
    }
    delimited(&format!("{}\n", &text[start..]))?;
    let last = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
    let message = "the closing line of the front matter has no line break";
    let diagnostic = Diagnostic::new(Rule::BadFrontMatter, message);
    let diagnostic = diagnostic.at(Span::line(path, text, last));
    Some(as_text(
        diagnostic.help("add a line break after the last `---`"),
    ))
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
            return line.ends_with('\n').then_some((start..at, end));
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
        let rules = read("---\n\n---\ntext\n");
        assert_eq!((rules.body_start, rules.diagnostics), (0, vec![]));
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
    fn what_is_not_a_mapping_is_text() {
        for (text, line) in [
            ("---\na: 1\ntitle: [x\n---\n# A\n", 3),
            ("---\nreviewers:\n  - @a\n---\n# A\n", 3),
            ("---\ntitle: a: b\n---\n# A\n", 2),
            ("---\ntitle: {{ x }}\n---\n# A\n", 2),
            ("---\n- a\n---\n# A\n", 2),
            ("---\nwords\n---\n# A\n", 2),
            ("---\ntitle: !icon x\n---\n# A\n", 2),
            ("---\ntitle: A\ndate: 2023-13-45\n---\n# A\n", 3),
            ("---\ntitle: =\n---\n# A\n", 2),
            ("---\ntitle: A\n---", 3),
        ] {
            let found = read(text);
            assert_eq!((found.body_start, found.body_first_line), (0, 1), "{text}");
            assert!(found.meta.is_empty(), "{text}");
            let [diagnostic] = &found.diagnostics[..] else {
                panic!("{text}: {:?}", found.diagnostics);
            };
            assert_eq!(diagnostic.rule, Rule::BadFrontMatter, "{text}");
            assert_eq!(
                diagnostic.span.as_ref().map(|it| it.line),
                Some(line),
                "{text}"
            );
        }
    }
}
