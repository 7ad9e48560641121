//! Rules that a page silences: `proofroom: {ignore: [..]}` in its front matter for all of
//! it, and `<!-- proofroom: ignore .. -->` for a line.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Diagnostic, Rule, Severity, Span, Suggestions};
use crate::files::SourcePath;

/// What begins such a comment.
const OPEN: &str = "<!-- proofroom: ignore";

/// What a page silences.
#[derive(Debug, Default)]
pub struct Ignored {
    in_file: BTreeSet<Rule>,
    in_lines: BTreeMap<u32, BTreeSet<Rule>>,
    /// Names that are not those of rules.
    pub unknown: Vec<Diagnostic>,
}

impl Ignored {
    /// What a page with this text and front matter silences.
    pub fn of(path: &SourcePath, text: &str, front: &Map<String, Value>) -> Self {
        let mut ignored = Self::default();
        let names = front.get("proofroom").and_then(|it| it.get("ignore"));
        let names = match names {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(name)) => vec![name.as_str()],
            _ => Vec::new(),
        };
        for name in names {
            match Rule::named(name) {
                Some(rule) => {
                    ignored.in_file.insert(rule);
                }
                None => ignored.report(path, text, text.find(name).unwrap_or(0), name),
            }
        }
        if text.contains(OPEN) {
            ignored.read_comments(path, text);
        }
        ignored
    }

    fn read_comments(&mut self, path: &SourcePath, text: &str) {
        let mut at = 0;
        let mut pending = BTreeSet::new();
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            let mut rules = BTreeSet::new();
            let mut rest = line;
            while let Some(open) = rest.find(OPEN) {
                rest = &rest[open + OPEN.len()..];
                let names = rest.split("-->").next().unwrap_or_default();
                for name in names.split([',', ' ', '\t']) {
                    let name = name.trim();
                    if name.is_empty() {
                        continue;
                    }
                    match Rule::named(name) {
                        Some(rule) => {
                            rules.insert(rule);
                        }
                        None => {
                            let start = line.len() - rest.len();
                            let place = line[start..].find(name).unwrap_or(0);
                            self.report(path, text, at + start + place, name);
                        }
                    }
                }
            }
            at += line.len();
            let bare = line.trim();
            let is_alone = bare.starts_with(OPEN) && bare.ends_with("-->");
            if is_alone {
                // It is about the next line, as are others that follow it.
                pending.append(&mut rules);
                continue;
            }
            if !bare.is_empty() {
                rules.append(&mut pending);
            }
            if !rules.is_empty() {
                self.in_lines.insert(number, rules);
            }
        }
    }

    fn report(&mut self, path: &SourcePath, text: &str, at: usize, name: &str) {
        let message = format!("there is no rule `{name}`");
        let note = Diagnostic::note(Rule::UnknownKey, message);
        let note = note.at(Span::bytes(path, text, at, name.len()));
        let known = Rule::ALL.iter().map(|rule| rule.name());
        self.unknown
            .push(match Suggestions::default().suggest(name, known) {
                Some(near) => note.did_you_mean(name, &near),
                None => note.help("messages show the names of rules in square brackets"),
            });
    }

    /// Removes what the page at `path` silences. What keeps a site from being built stays.
    pub fn apply(&self, path: &SourcePath, diagnostics: &mut Vec<Diagnostic>) {
        if self.in_file.is_empty() && self.in_lines.is_empty() {
            return;
        }
        diagnostics.retain(|it| {
            let line = it.span.as_ref().filter(|span| span.path == *path);
            let of_line = line.and_then(|span| self.in_lines.get(&span.line));
            let is_silenced = self.in_file.contains(&it.rule)
                || of_line.is_some_and(|rules| rules.contains(&it.rule));
            let may_be_silenced = it.severity < Severity::Error || it.rule.is_asked_for();
            !(is_silenced && may_be_silenced)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_silenced_in_a_file_or_a_line() {
        let path = SourcePath::new("docs/a.md");
        let text = "---\nproofroom: {ignore: [missing-alt]}\n---\n\
                    <!-- proofroom: ignore missing-page -->\n\n[a](b.md)\n\
                    [a](b.md) <!-- proofroom: ignore missing-page, missing-anchr -->\n[a](b.md)\n";
        let front = serde_json::json!({"proofroom": {"ignore": ["missing-alt"]}});
        let Value::Object(front) = front else { return };
        let ignored = Ignored::of(&path, text, &front);
        let at = |rule, line| Diagnostic::warning(rule, "m").at(Span::line(&path, text, line));
        let mut found = vec![
            at(Rule::MissingAlt, 8),
            at(Rule::MissingPage, 6),
            at(Rule::MissingPage, 7),
            at(Rule::MissingPage, 8),
            at(Rule::MissingAnchor, 7),
            Diagnostic::error(Rule::MissingPage, "m").at(Span::line(&path, text, 7)),
        ];
        ignored.apply(&path, &mut found);
        let left: Vec<_> = found.iter().map(|it| (it.rule, it.severity)).collect();
        let warning = Severity::Warning;
        assert_eq!(
            left,
            [
                (Rule::MissingPage, warning),
                (Rule::MissingAnchor, warning),
                (Rule::MissingPage, Severity::Error)
            ]
        );
        let unknown = &ignored.unknown[0];
        let fix = unknown.fix.as_ref().expect("a fix");
        assert_eq!((fix.text.as_str(), fix.span.line), ("missing-anchor", 7));
    }
}
