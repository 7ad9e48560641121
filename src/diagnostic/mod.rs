//! What can be said about a site: one plain [`Diagnostic`], shown by several
//! renderers (terminal, JSON, browser overlay).
//!
//! Diagnostics are values inside results, never side effects: what a query
//! found wrong is remembered and compared like everything else it made.

mod bounded;
pub mod json;
mod suggest;
pub mod terminal;

use serde::Serialize;

use crate::files::SourcePath;
pub use bounded::bounded;
pub use suggest::Suggestions;

/// How much it matters. `build --strict` fails on [`Severity::Warning`] too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails a build.
    Note,
    /// The site can be made, but not as its author meant it.
    Warning,
    /// What was asked for cannot be made.
    Error,
}

/// A place in a source, one line or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The file.
    #[serde(serialize_with = "path_as_text")]
    pub path: SourcePath,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters; 0 where only the line is known.
    pub length: u32,
    /// The text of that line, so that a renderer needs no file.
    pub excerpt: String,
}

impl Span {
    /// The whole line `line` (from 1) of `text`.
    pub fn line(path: &SourcePath, text: &str, line: u32) -> Self {
        let nth = (line as usize).saturating_sub(1);
        let excerpt = text.lines().nth(nth).unwrap_or_default().to_owned();
        Self {
            path: path.clone(),
            line: line.max(1),
            column: 1,
            length: 0,
            excerpt,
        }
    }

    /// `length` bytes of `text` from byte `start` on, cut at the line's end.
    /// Offsets inside a character are moved to its start.
    pub fn bytes(path: &SourcePath, text: &str, start: usize, length: usize) -> Self {
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor(start.saturating_add(length)).min(line_end).max(start);
        let count = |part: &str| u32::try_from(part.chars().count()).unwrap_or(u32::MAX);
        let newlines = text[..line_start]
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count();
        Self {
            path: path.clone(),
            line: u32::try_from(newlines + 1).unwrap_or(u32::MAX),
            column: count(&text[line_start..start]).saturating_add(1),
            length: count(&text[start..end]),
            excerpt: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
    }
}

fn path_as_text<S: serde::Serializer>(path: &SourcePath, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(path.as_str())
}

/// One thing to say to the person at the keyboard.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// A stable name in kebab-case, such as `missing-page`.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence without a full stop; names in back quotes.
    pub message: String,
    /// Where, if anywhere.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place; chain [`Diagnostic::at`] and [`Diagnostic::help`].
    pub fn error(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Error, message)
    }

    /// A warning.
    pub fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Warning, message)
    }

    /// A note.
    pub fn note(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Note, message)
    }

    fn new(rule: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            span: None,
            help: None,
        }
    }

    /// With its place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
