//! What can be said about a site: one plain [`Diagnostic`], shown by several
//! renderers (terminal, JSON, browser overlay).
//!
//! Diagnostics are values inside results, never side effects: what a query
//! found wrong is remembered and compared like everything else it made.

mod bounded;
pub mod json;
mod rules;
mod suggest;
pub mod terminal;

use serde::Serialize;

use crate::files::SourcePath;
pub use bounded::bounded;
pub use rules::Rule;
pub use suggest::{Near, Suggestions};

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

/// A place in a source: a line, or what stands between two of its characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The file.
    #[serde(serialize_with = "path_as_text")]
    pub path: SourcePath,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Where it ends: behind its last character. `None` where only the line is
    /// known, or the character that it begins with.
    pub end: Option<Position>,
    /// The text of its first line, so that a renderer needs no file.
    pub excerpt: String,
}

/// A place between two characters of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters of the character behind it, from 1.
    pub column: u32,
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
            end: None,
            excerpt,
        }
    }

    /// `length` bytes of `text` from byte `start` on, which may be several
    /// lines. Offsets inside a character are moved to its start.
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

    /// As many characters of the same line.
    #[must_use]
    pub fn long(mut self, length: u32) -> Self {
        self.end = (length > 0).then(|| Position {
            line: self.line,
            column: self.column.saturating_add(length),
        });
        self
    }

    /// How many characters of its first line it covers; 0 where its end is not
    /// known.
    pub fn length(&self) -> u32 {
        let Some(end) = self.end else {
            return 0;
        };
        let behind = if end.line == self.line {
            end.column
        } else {
            count_of(self.excerpt.chars()).saturating_add(1)
        };
        behind.saturating_sub(self.column)
    }

    /// The place of `written` within it, where it stands there once and on its
    /// first line.
    pub fn part(&self, written: &str) -> Option<Self> {
        let covered = self.covered()?;
        let mut found = covered.match_indices(written);
        let (at, _) = found.next().filter(|_| !written.is_empty())?;
        if found.next().is_some() {
            return None;
        }
        let mut part = self.clone();
        part.column = part.column.saturating_add(count_of(covered[..at].chars()));
        Some(part.long(count_of(written.chars())))
    }

    /// What it covers of its first line; `None` where its end is not known.
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

/// How many there are, as places count.
fn count_of(items: impl Iterator) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn path_as_text<S: serde::Serializer>(path: &SourcePath, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(path.as_str())
}

/// What mends a source for certain: to write something in the place of what is
/// written there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Fix {
    /// What is replaced; its end is known.
    pub span: Span,
    /// What is written in its place.
    pub text: String,
}

/// One thing to say to the person at the keyboard.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// What it is about.
    pub rule: Rule,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence without a full stop; names in back quotes.
    pub message: String,
    /// Where, if anywhere.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
    /// What mends it, where there is one answer and its place is known.
    pub fix: Option<Box<Fix>>,
    /// The fix of one that has no place yet: what is written there, and what is
    /// to be.
    #[serde(skip)]
    replacement: Option<Box<(String, String)>>,
}

impl Diagnostic {
    /// Of a rule, as much as that matters, and without a place; chain
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
        }
    }

    /// An error, whatever its rule says.
    pub fn error(rule: Rule, message: impl Into<String>) -> Self {
        Self::new(rule, message).of_severity(Severity::Error)
    }

    /// A warning, whatever its rule says.
    pub fn warning(rule: Rule, message: impl Into<String>) -> Self {
        Self::new(rule, message).of_severity(Severity::Warning)
    }

    /// A note, whatever its rule says.
    pub fn note(rule: Rule, message: impl Into<String>) -> Self {
        Self::new(rule, message).of_severity(Severity::Note)
    }

    fn of_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With its place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self.settled()
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the question whether `near` was meant, and a fix where that is the
    /// only answer and `written` stands at its place, which may come later.
    #[must_use]
    pub fn did_you_mean(self, written: &str, near: &Near) -> Self {
        let asking = self.did_you_mean_as(written, near, &near.name, &near.name);
        if is_plain(&near.name) {
            asking
        } else {
            asking.without_fix()
        }
    }

    /// The same, where people are shown `shown` and `text` is what is to be
    /// written.
    #[must_use]
    pub fn did_you_mean_as(self, written: &str, near: &Near, shown: &str, text: &str) -> Self {
        let mut asking = self.help(format!("did you mean `{shown}`?"));
        if near.is_only {
            asking.replacement = Some(Box::new((written.to_owned(), text.to_owned())));
        }
        asking.settled()
    }

    /// Without a fix, for one whose place is not certain.
    #[must_use]
    pub fn without_fix(mut self) -> Self {
        (self.fix, self.replacement) = (None, None);
        self
    }

    /// With its fix, as soon as its place is known.
    fn settled(mut self) -> Self {
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

/// Whether a name means itself wherever it is written: in YAML, in Markdown, in
/// quotes and without.
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
    fn spans_end_behind_their_last_character() {
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
    fn a_fix_needs_one_answer_and_its_place() {
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
