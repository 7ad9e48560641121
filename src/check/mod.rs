//! Collects every diagnostic of a site without building it.

mod assets;
mod baseline;
mod external;
mod keys;

use crate::diagnostic::{Diagnostic, Severity, by_cause};
use crate::session::review::Review;
use crate::session::{LANGUAGES_AT_ONCE, Sites, look_at_pages};
use crate::site::{Database, queries};

pub use assets::{AssetUse, asset_as_json, assets, assets_table};
pub use baseline::Baseline;
pub use external::{external_addresses, external_problems};
pub use keys::{key_as_json, keys, table};

/// The result of a check.
#[derive(Debug)]
pub struct Findings {
    /// All diagnostics, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether a build would fail.
    pub failed: bool,
    /// The least severity that fails a build.
    least: Severity,
}

impl Findings {
    /// The findings after a change of what was found.
    #[must_use]
    pub fn changed(mut self, change: impl FnOnce(&mut Vec<Diagnostic>)) -> Self {
        change(&mut self.diagnostics);
        let least = self.least;
        self.failed = self.diagnostics.iter().any(|it| it.severity >= least);
        self
    }
}

/// Checks the whole site in all its languages. `strict` is whether warnings count
/// as failures; if it is `None`, the configuration decides.
pub fn check(sites: &Sites, strict: Option<bool>) -> Findings {
    let editions = &sites.addresses().editions;
    let found = sites.ask_each(editions, LANGUAGES_AT_ONCE, |_, session| {
        session.ask(look_at_pages);
        let found = session.ask(|db| {
            let is_strict = queries::config(db).is_some_and(|config| config.strict);
            (queries::all_diagnostics(db), is_strict)
        });
        found.1
    });
    let strict_by_config = found.iter().any(|(_, is_strict)| *is_strict);
    let all = found.into_iter().flat_map(|(diagnostics, _)| diagnostics);
    let all = all.collect();
    findings(by_cause(all), strict.unwrap_or(strict_by_config))
}

/// Finds what is wrong now and was not at the base of a review, including addresses and
/// anchors that are lost. `strict` is as for [`check`].
pub fn check_since(review: &Review, strict: Option<bool>) -> Findings {
    check_found(review.now(), review.new_problems(), strict)
}

/// The result of a check that found these problems of the sites. `strict` is as for
/// [`check`].
pub fn check_found(sites: &Sites, found: Vec<Diagnostic>, strict: Option<bool>) -> Findings {
    let by_config = || {
        let is_strict = |db: &Database| queries::config(db).is_some_and(|config| config.strict);
        let editions = &sites.addresses().editions;
        let mut sessions = editions.iter().map(|edition| sites.session(edition));
        sessions.any(|session| session.ask(is_strict).1)
    };
    findings(found, strict.unwrap_or_else(by_config))
}

fn findings(diagnostics: Vec<Diagnostic>, strict: bool) -> Findings {
    let least = if strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    Findings {
        failed: diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity >= least),
        least,
        diagnostics,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{check, findings};
    use crate::diagnostic::{Diagnostic, Rule};
    use crate::files::{Memory, NoHistory};
    use crate::session::Sites;
    use crate::site::Invocation;

    #[test]
    fn warnings_fail_where_they_are_meant_to() {
        for (rules, strict, failed) in [
            (&[][..], true, false),
            (&[Rule::UnsupportedOption], true, false),
            (&[Rule::MissingPage], false, false),
            (&[Rule::MissingPage], true, true),
            (&[Rule::BadYaml], false, true),
            (&[Rule::UnsupportedOption, Rule::BadYaml], false, true),
        ] {
            let diagnostics: Vec<Diagnostic> = rules
                .iter()
                .map(|rule| Diagnostic::new(*rule, "a message"))
                .collect();
            assert_eq!(
                findings(diagnostics, strict).failed,
                failed,
                "{rules:?} {strict}"
            );
        }
    }

    /// What is found in a site of these files: rules with their places.
    fn checked(files: &[(&str, &str)]) -> (Vec<String>, bool) {
        let files = Memory::new(files.iter().copied());
        let sites = Sites::new(Arc::new(files), Arc::new(NoHistory), Invocation::default());
        let findings = check(&sites, None);
        let place = |it: &Diagnostic| {
            let span = it.span.as_ref().expect("a place");
            format!("{} {}:{}", it.rule, span.path, span.line)
        };
        (
            findings.diagnostics.iter().map(place).collect(),
            findings.failed,
        )
    }

    #[test]
    fn every_language_is_checked_and_what_they_share_is_said_once() {
        let toml = "site_name = \"S\"\nwombat = 1\n[languages]\n\
                    en = { docs = \"docs\" }\nhe = { docs = \"i18n/he\" }\n";
        let (found, failed) = checked(&[
            ("proofroom.toml", toml),
            ("docs/index.md", "# Home\n\n[gone](gone.md)\n"),
            ("i18n/he/index.md", "# Home\n\n\n[gone](gone.md)\n"),
        ]);
        assert_eq!(
            found,
            [
                "missing-page docs/index.md:3",
                "missing-page i18n/he/index.md:4",
                "unknown-key proofroom.toml:2",
            ]
        );
        assert!(!failed);
    }

    #[test]
    fn a_configuration_may_ask_to_be_strict() {
        let page = ("docs/index.md", "# Home\n\n[gone](gone.md)\n");
        for (config, failed) in [
            ("site_name: S\n", false),
            ("site_name: S\nstrict: true\n", true),
        ] {
            assert_eq!(checked(&[("mkdocs.yml", config), page]).1, failed);
        }
    }
}
