use std::collections::BTreeMap;

use super::{Diagnostic, Rule, RuleOrigin, Severity};

/// How severe the problems of each rule are in a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Levels {
    /// Whether the site is one of MkDocs, in which rules that MkDocs does not
    /// have are at most notes.
    pub is_mkdocs: bool,
    /// The levels in `[check] rules`; `None` for rules that are off.
    pub configured: BTreeMap<Rule, Option<Severity>>,
}

impl Levels {
    /// Gives each diagnostic its level, and removes those of rules that are off.
    /// What keeps a site from being built stays an error. Applying it twice is the
    /// same as once.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        diagnostics.retain_mut(|diagnostic| match self.level(diagnostic) {
            Some(severity) => {
                diagnostic.severity = severity;
                true
            }
            None => false,
        });
    }

    fn level(&self, diagnostic: &Diagnostic) -> Option<Severity> {
        if diagnostic.severity == Severity::Error {
            return Some(Severity::Error);
        }
        if let Some(level) = self.configured.get(&diagnostic.rule) {
            return *level;
        }
        if diagnostic.rule.is_asked_for() {
            return Some(diagnostic.rule.severity());
        }
        let is_own = diagnostic.rule.origin() == RuleOrigin::Own;
        Some(if self.is_mkdocs && is_own {
            Severity::Note
        } else {
            diagnostic.severity
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_that_mkdocs_does_not_have_is_a_note_unless_it_is_raised() {
        use Severity::{Error, Note, Warning};
        let own = Rule::MissingFootnote;
        for (is_mkdocs, configured, rule, severity, expected) in [
            (true, None, own, Warning, Some(Note)),
            (false, None, own, Warning, Some(Warning)),
            (true, None, Rule::MissingPage, Warning, Some(Warning)),
            (true, Some(Some(Warning)), own, Warning, Some(Warning)),
            (true, Some(Some(Error)), own, Warning, Some(Error)),
            (false, Some(Some(Note)), own, Warning, Some(Note)),
            (true, Some(None), own, Warning, None),
            (
                true,
                Some(Some(Warning)),
                Rule::UnknownIcon,
                Note,
                Some(Warning),
            ),
            (true, Some(None), Rule::BadYaml, Error, Some(Error)),
            (true, None, Rule::TooMuch, Error, Some(Error)),
            (true, None, Rule::VanishedPassage, Warning, Some(Error)),
            (false, None, Rule::VanishedPassage, Warning, Some(Error)),
            (
                true,
                Some(Some(Warning)),
                Rule::VanishedPassage,
                Warning,
                Some(Warning),
            ),
            (true, Some(None), Rule::VanishedPassage, Warning, None),
        ] {
            let configured = configured.map(|level| (rule, level));
            let levels = Levels {
                is_mkdocs,
                configured: configured.into_iter().collect(),
            };
            let mut diagnostics = vec![Diagnostic::new(rule, "it is wrong")];
            diagnostics[0].severity = severity;
            for _ in 0..2 {
                levels.apply(&mut diagnostics);
                let found = diagnostics.first().map(|it| it.severity);
                assert_eq!(found, expected, "{rule} {is_mkdocs}");
            }
        }
    }
}
