//! What a `.pages` file may list.

use regex::Regex;
use serde_json::Value;

use super::File;
use crate::diagnostic::Diagnostic;
use crate::plugins::globs::glob;

/// An entry of `nav` in a `.pages` file.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    Named(String, Option<String>),
    Group(String, Vec<Entry>),
    Rest(Rest),
}

/// `...`, and what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    /// `None` for all that is left.
    pub(super) pattern: Option<Regex>,
    pub(super) flat: bool,
}

impl Rest {
    /// Reads `... | flat | glob=pattern`.
    pub(super) fn read(written: &str) -> Option<Self> {
        let rest = written.strip_prefix("...")?.trim();
        let mut parts = rest
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let mut found = Self {
            pattern: None,
            flat: false,
        };
        let mut pattern = parts.next();
        if pattern == Some("flat") {
            found.flat = true;
            pattern = parts.next();
        }
        // A pattern may hold bars itself.
        let pattern =
            pattern.map(|first| parts.fold(first.to_owned(), |all, part| all + "|" + part));
        if let Some(pattern) = pattern {
            let regex = match pattern.strip_prefix("regex=") {
                Some(regex) => Regex::new(regex).ok(),
                None => glob(pattern.strip_prefix("glob=").unwrap_or(&pattern)),
            };
            // One that cannot be read matches nothing.
            found.pattern = regex.or_else(|| Regex::new("[^\\s\\S]").ok());
        }
        Some(found)
    }

    pub(super) fn matches(&self, path: Option<&str>) -> bool {
        match (&self.pattern, path) {
            (None, _) => true,
            (Some(pattern), Some(path)) => pattern.is_match(path),
            (Some(_), None) => false,
        }
    }
}

/// Reads a `nav` list.
pub(super) fn entries(items: &[Value], file: &File, wrong: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let mut found = Vec::new();
    for item in items {
        let entry = match item {
            Value::String(text) => Some(match Rest::read(text) {
                Some(rest) => Entry::Rest(rest),
                None => Entry::Named(text.clone(), None),
            }),
            Value::Object(pair) if pair.len() == 1 => {
                pair.iter().next().and_then(|(title, value)| match value {
                    Value::String(path) => Some(Entry::Named(path.clone(), Some(title.clone()))),
                    Value::Array(below) => {
                        Some(Entry::Group(title.clone(), entries(below, file, wrong)))
                    }
                    _ => None,
                })
            }
            _ => None,
        };
        match entry {
            Some(entry) => found.push(entry),
            None => wrong.push(file.wrong("nav", "names, and titles with a name or a list")),
        }
    }
    found
}
