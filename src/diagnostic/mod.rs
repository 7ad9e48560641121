//! The problems of a site: one plain [`Diagnostic`], shown by several renderers
//! (terminal, JSON, browser overlay).
//!
//! Diagnostics are values in results, never side effects: the problems found by a
//! query are remembered and compared like the rest of its result.

mod causes;
pub mod fixing;
pub mod github;
mod ignored;
pub mod json;
mod levels;
mod limit;
mod rules;
pub mod sarif;
mod suggest;
pub mod terminal;

use serde::Serialize;

use crate::files::SourcePath;
use causes::Cause;
pub use causes::{by_cause, missing_extension, missing_plugin, sort_and_dedup};
pub use ignored::Ignored;
pub use levels::Levels;
pub use limit::bounded;
pub use rules::{Rule, RuleOrigin};
pub use suggest::{Near, Suggestions};

/// How severe a problem is. `build --strict` fails on [`Severity::Warning`] too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails a build.
    Note,
    /// The site can be built, but not as its author meant it.
    Warning,
    /// The site cannot be built.
    Error,
}

/// A place in a source: a line, or a range of characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The file.
    #[serde(serialize_with = "path_as_text")]
    pub path: SourcePath,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Its end, exclusive. `None` if only the line or the first character is
    /// known.
    pub end: Option<Position>,
    /// The text of its first line, so that a renderer needs no file.
    pub excerpt: String,
}

/// A position between two characters of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// The column of the character after it, in characters from 1.
    pub column: u32,
}

impl Span {
    /// The whole line `line` (from 1) of `text`.
    pub fn line(path: &SourcePath, text: &str, line: u32) -> Self {
        let line = line.max(1);
        // The line after the last line break is not counted as one.
        let excerpt = text.lines().nth(line as usize - 1).unwrap_or("");
        Self {
            path: path.clone(),
            line,
            column: 1,
            end: None,
            excerpt: excerpt.to_owned(),
        }
    }

    /// The `length` bytes of `text` that begin at byte `start`; they may span
    /// several lines. Offsets inside of a character are moved to its start.
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
        let end = floor(start.saturating_add(length)).max(start);
        let newlines = |part: &str| count_of(part.bytes().filter(|byte| *byte == b'\n'));
        let line = newlines(&text[..line_start]).saturating_add(1);
        let last_start = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let end = (end > start).then(|| Position {
            line: line.saturating_add(newlines(&text[line_start..last_start.max(line_start)])),
            column: count_of(text[last_start..end].chars()).saturating_add(1),
        });
        Self {
            path: path.clone(),
            line,
            column: count_of(text[line_start..start].chars()).saturating_add(1),
            end,
            excerpt: text[line_start..line_end].trim_end_matches('\r').to_owned(),
        }
    }

    /// Sets the length, in characters of the same line.
    #[must_use]
    pub fn long(mut self, length: u32) -> Self {
        self.end = (length > 0).then(|| Position {
            line: self.line,
            column: self.column.saturating_add(length),
        });
        self
    }

    /// How many characters of its first line it covers; 0 if its end is
    /// unknown.
    pub fn length(&self) -> u32 {
        let Some(end) = self.end else {
            return 0;
        };
        let end_column = if end.line == self.line {
            end.column
        } else {
            count_of(self.excerpt.chars()).saturating_add(1)
        };
        end_column.saturating_sub(self.column)
    }

    /// The part of it that contains `written`, if that occurs exactly once on
    /// its first line.
    pub fn part(&self, written: &str) -> Option<Self> {
        if written.is_empty() {
            return None;
        }
        let covered = self.covered()?;
        let mut matches = covered.match_indices(written);
        let (Some((at, _)), None) = (matches.next(), matches.next()) else {
            return None;
        };
        let mut part = self.clone();
        part.column = part.column.saturating_add(count_of(covered[..at].chars()));
        Some(part.long(count_of(written.chars())))
    }

    /// The part of its first line that it covers; `None` if its end is unknown.
    fn covered(&self) -> Option<&str> {
        let byte = |characters: u32| {
            let mut starts = self.excerpt.char_indices().map(|(at, _)| at);
            starts
                .nth(characters as usize)
                .unwrap_or(self.excerpt.len())
        };
        self.end?;
        let first = self.column.saturating_sub(1);
        self.excerpt
            .get(byte(first)..byte(first.saturating_add(self.length())))
    }
}

/// The number of items, saturating.
fn count_of(items: impl Iterator) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn path_as_text<S: serde::Serializer>(path: &SourcePath, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(path.as_str())
}

/// A replacement in a source that certainly fixes a problem.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Fix {
    /// The place to replace; its end is known.
    pub span: Span,
    /// The replacement.
    pub text: String,
}

/// A problem to report to the author of a site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// The rule that is violated.
    pub rule: Rule,
    /// How severe it is.
    pub severity: Severity,
    /// One sentence without a full stop; names in back quotes.
    pub message: String,
    /// Where it is, if it has a place.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
    /// How to fix it, if there is only one way and its place is known.
    pub fix: Option<Box<Fix>>,
    /// The fix of a diagnostic without a place so far: the text to replace,
    /// and its replacement.
    #[serde(skip)]
    replacement: Option<Box<(String, String)>>,
    /// What causes it, if many places may share that.
    #[serde(skip)]
    cause: Option<Box<Cause>>,
}

impl Diagnostic {
    /// A diagnostic with the severity of its rule and without a place; chain
    /// [`Diagnostic::at`] and [`Diagnostic::help`].
    pub fn new(rule: Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            message: message.into(),
            span: None,
            help: None,
            fix: None,
            replacement: None,
            cause: None,
        }
    }

    /// An error, regardless of its rule.
    pub fn error(rule: Rule, message: impl Into<String>) -> Self {
        Self::new(rule, message).with_severity(Severity::Error)
    }

    /// A warning, regardless of its rule.
    pub fn warning(rule: Rule, message: impl Into<String>) -> Self {
        Self::new(rule, message).with_severity(Severity::Warning)
    }

    /// A note, regardless of its rule.
    pub fn note(rule: Rule, message: impl Into<String>) -> Self {
        Self::new(rule, message).with_severity(Severity::Note)
    }

    fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Makes it one place of many with the same cause, which [`by_cause`] counts
    /// instead of showing each.
    #[must_use]
    pub fn caused_by(mut self, name: impl Into<String>) -> Self {
        let (name, is_place) = (name.into(), true);
        self.cause = Some(Box::new(Cause { name, is_place }));
        self
    }

    /// Makes it the diagnostic that stands for all places with this cause.
    #[must_use]
    pub fn as_cause(mut self, name: impl Into<String>) -> Self {
        let (name, is_place) = (name.into(), false);
        self.cause = Some(Box::new(Cause { name, is_place }));
        self
    }

    /// Whether it is about one place: it shares its cause with no other, and suggests
    /// nothing that is only right there.
    pub fn is_alone(&self) -> bool {
        self.cause.is_none() && self.fix.is_none() && self.replacement.is_none()
    }

    /// Sets its place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self.with_located_fix()
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Suggests `near` in place of `written`. If there is no other suggestion
    /// and `written` occurs at its place, which may be set later, this adds a
    /// fix.
    #[must_use]
    pub fn did_you_mean(self, written: &str, near: &Near) -> Self {
        let diagnostic = self.did_you_mean_as(written, near, &near.name, &near.name);
        if is_plain(&near.name) {
            diagnostic
        } else {
            diagnostic.without_fix()
        }
    }

    /// The same, but shows the suggestion as `shown` and replaces `written` by
    /// `text`.
    #[must_use]
    pub fn did_you_mean_as(self, written: &str, near: &Near, shown: &str, text: &str) -> Self {
        let mut diagnostic = self.help(format!("did you mean `{shown}`?"));
        if near.is_only {
            diagnostic.replacement = Some(Box::new((written.to_owned(), text.to_owned())));
        }
        diagnostic.with_located_fix()
    }

    /// Removes the fix, because its place is not certain.
    #[must_use]
    pub fn without_fix(mut self) -> Self {
        (self.fix, self.replacement) = (None, None);
        self
    }

    /// Adds the fix once its place is known.
    fn with_located_fix(mut self) -> Self {
        if let Some(span) = &self.span
            && let Some(replacement) = self.replacement.take()
        {
            let (written, text) = *replacement;
            let fix = |span| Box::new(Fix { span, text });
            self.fix = span.part(&written).map(fix);
        }
        self
    }
}

/// Whether a name needs no quoting or escaping anywhere: in YAML, in Markdown,
/// with and without quotes.
pub fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, what: &str) -> Span {
        let start = text.find(what).expect("it is there");
        Span::bytes(&SourcePath::new("a.yml"), text, start, what.len())
    }

    #[test]
    fn the_end_of_a_span_is_exclusive() {
        let text = "a: \n  é: |\n    b\n    c\nd\n";
        let end = |what: &str| at(text, what).end.map(|end| (end.line, end.column));
        assert_eq!(end("é"), Some((2, 4)));
        assert_eq!(end("é: |\n    b\n    c"), Some((4, 6)));
        assert_eq!(end("b\n"), Some((4, 1)));
        assert_eq!(end(""), None);
        assert_eq!(at(text, "é: |\n    b").length(), 4);
        assert_eq!(
            at(text, "é").part("é").expect("it covers it"),
            at(text, "é")
        );
    }

    #[test]
    fn a_fix_needs_a_single_suggestion_and_its_place() {
        let text = "plugins:\n  - 'material/serch': {}\n  - serch-serch\n";
        let near = |is_only| Near {
            name: "search".to_owned(),
            is_only,
        };
        let fixed = |diagnostic: Diagnostic| {
            assert_eq!(diagnostic.help.as_deref(), Some("did you mean `search`?"));
            let fix = diagnostic.fix?;
            let end = fix.span.end.expect("fixes end");
            Some((fix.span.line, fix.span.column, end.column, fix.text))
        };
        let unknown = || Diagnostic::new(Rule::UnsupportedPlugin, "it is not known");
        let expected = Some((2, 15, 20, "search".to_owned()));
        let place = || at(text, "'material/serch'");
        let before = unknown().at(place()).did_you_mean("serch", &near(true));
        assert_eq!(fixed(before), expected);
        let after = unknown().did_you_mean("serch", &near(true)).at(place());
        assert_eq!(fixed(after), expected);
        let one_of_many = unknown().at(place()).did_you_mean("serch", &near(false));
        assert_eq!(fixed(one_of_many), None);
        let twice = unknown().at(at(text, "serch-serch"));
        assert_eq!(fixed(twice.did_you_mean("serch", &near(true))), None);
        let line = unknown().at(Span::line(&"a.yml".into(), text, 2));
        assert_eq!(fixed(line.did_you_mean("serch", &near(true))), None);
    }
}
