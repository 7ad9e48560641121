//! Entries of a `.pages` file.

use regex::Regex;
use serde_json::Value;

use super::File;
use crate::diagnostic::Diagnostic;
use crate::plugins::globs::glob;
use crate::plugins::regular_expressions::compile;

/// An entry of `nav` in a `.pages` file.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    Named(String, Option<String>),
    Group(String, Vec<Entry>),
    Rest(Rest),
}

/// An entry that starts with `...` and stands for all items that are not listed.
#[derive(Debug, Clone)]
pub(super) struct Rest {
    /// The pattern that they must match, if any.
    pub(super) pattern: Option<Regex>,
    pub(super) flat: bool,
    /// The pattern as written, with its problem, if it cannot be used.
    pub(super) fault: Option<Box<(String, Diagnostic)>>,
}

impl Rest {
    /// Parses `... | flat | glob=pattern`.
    pub(super) fn read(entry: &str) -> Option<Self> {
        let mut parts: Vec<&str> = entry
            .strip_prefix("...")?
            .split('|')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        let flat = parts.first() == Some(&"flat");
        if flat {
            parts.remove(0);
        }
        // The pattern itself may contain bars.
        let pattern = parts.join("|");
        if pattern.is_empty() {
            return Some(Self {
                pattern: None,
                flat,
                fault: None,
            });
        }
        let mut fault = None;
        let regex = match pattern.strip_prefix("regex=") {
            Some(written) => compile(written)
                .map_err(|diagnostic| fault = Some(Box::new((written.to_owned(), *diagnostic))))
                .ok(),
            None => glob(pattern.strip_prefix("glob=").unwrap_or(&pattern)),
        };
        let nothing = || Regex::new("[^\\s\\S]").expect("a pattern of this file");
        Some(Self {
            // An invalid pattern matches nothing.
            pattern: Some(regex.unwrap_or_else(nothing)),
            flat,
            fault,
        })
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
pub(super) fn read_entries(
    items: &[Value],
    file: &File,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    for item in items {
        let entry = match item {
            Value::String(text) => Some(match Rest::read(text) {
                Some(rest) => {
                    if let Some((written, diagnostic)) = rest.fault.as_deref() {
                        diagnostics.push(diagnostic.clone().at(file.span(written)));
                    }
                    Entry::Rest(rest)
                }
                None => Entry::Named(text.clone(), None),
            }),
            Value::Object(pair) if pair.len() == 1 => {
                pair.iter().next().and_then(|(title, value)| match value {
                    Value::String(path) => Some(Entry::Named(path.clone(), Some(title.clone()))),
                    Value::Array(items) => Some(Entry::Group(
                        title.clone(),
                        read_entries(items, file, diagnostics),
                    )),
                    _ => None,
                })
            }
            _ => None,
        };
        match entry {
            Some(entry) => entries.push(entry),
            None => {
                let expected = "names, and titles with a name or a list";
                diagnostics.push(file.wrong("nav", expected));
            }
        }
    }
    entries
}
