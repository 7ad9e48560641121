//! Problems that are known and should not be reported again, as a file that is kept with
//! the sources.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Severity};

/// The version of the format.
const VERSION: u32 = 1;

/// Known problems. Lines are known by their text, so that an edit elsewhere in the file
/// makes none of them new.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Baseline {
    version: u32,
    problems: Vec<Known>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Problem {
    path: String,
    rule: String,
    message: String,
    /// The text of its line.
    excerpt: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Known {
    #[serde(flatten)]
    problem: Problem,
    /// How often it is there.
    count: usize,
}

impl Problem {
    fn of(diagnostic: &Diagnostic) -> Self {
        let span = diagnostic.span.as_ref();
        Self {
            path: span.map_or_else(String::new, |span| span.path.to_string()),
            rule: diagnostic.rule.name().to_owned(),
            message: diagnostic.message.clone(),
            excerpt: span.map_or_else(String::new, |span| span.excerpt.clone()),
        }
    }
}

impl Baseline {
    /// The baseline with these problems. What keeps a site from being built is not in it.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut counts: BTreeMap<Problem, usize> = BTreeMap::new();
        for diagnostic in diagnostics {
            if diagnostic.severity < Severity::Error {
                *counts.entry(Problem::of(diagnostic)).or_default() += 1;
            }
        }
        let known = counts.into_iter();
        Self {
            version: VERSION,
            problems: known
                .map(|(problem, count)| Known { problem, count })
                .collect(),
        }
    }

    /// Reads one.
    ///
    /// # Errors
    /// If the text is not one of this version.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if read.version == VERSION {
            Ok(read)
        } else {
            Err(format!("its version is {}, not {VERSION}", read.version))
        }
    }

    /// As text, with a line for each problem.
    pub fn to_text(&self) -> String {
        let line = |known: &Known| serde_json::to_string(known).unwrap_or_default();
        let lines: Vec<String> = self.problems.iter().map(line).collect();
        let lines = lines.join(",\n    ");
        let break_ = if lines.is_empty() { "" } else { "\n    " };
        let end = if lines.is_empty() { "" } else { "\n  " };
        format!("{{\n  \"version\": {VERSION},\n  \"problems\": [{break_}{lines}{end}]\n}}\n")
    }

    /// Removes what is known, as often as it is. Returns how many were removed, and how many
    /// known ones are not there any more.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) -> (usize, usize) {
        let known = self.problems.iter();
        let mut left: BTreeMap<Problem, usize> =
            known.map(|it| (it.problem.clone(), it.count)).collect();
        let before = diagnostics.len();
        diagnostics.retain(|it| {
            if it.severity == Severity::Error {
                return true;
            }
            match left.get_mut(&Problem::of(it)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        });
        (before - diagnostics.len(), left.values().sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Rule, Span};

    #[test]
    fn what_is_known_is_left_out_as_often_as_it_is() {
        let text = "a\n[x](b.md)\n[x](b.md)\n";
        let at = |line| {
            let span = Span::line(&"docs/a.md".into(), text, line);
            Diagnostic::warning(Rule::MissingPage, "gone").at(span)
        };
        let error = Diagnostic::error(Rule::BadYaml, "bad");
        let written = Baseline::of(&[at(2), error.clone()]).to_text();
        let baseline = Baseline::parse(&written).expect("a baseline");
        assert_eq!(baseline.to_text(), written);
        let mut found = vec![at(2), at(3), error.clone()];
        assert_eq!(baseline.apply(&mut found), (1, 0));
        assert_eq!(found, [at(3), error]);
        assert_eq!(baseline.apply(&mut Vec::new()), (0, 1));
        let empty = Baseline::of(&[]).to_text();
        assert!(Baseline::parse(&empty).is_ok(), "{empty}");
        assert!(Baseline::parse("{\"version\": 2, \"problems\": []}").is_err());
    }
}
