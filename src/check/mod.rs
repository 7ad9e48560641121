//! Collects every diagnostic of a site without building it.

mod keys;

use crate::diagnostic::{Diagnostic, Severity};
use crate::session::Sites;
use crate::site::queries;

pub use keys::{key_as_json, keys, table};

/// The result of a check.
#[derive(Debug)]
pub struct Findings {
    /// All diagnostics, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether a build would fail.
    pub failed: bool,
}

/// Checks the whole site in all its languages. With `strict`, or if the
/// configuration is strict, warnings count as failures.
pub fn check(sites: &Sites, strict: bool) -> Findings {
    let (mut all, mut strict) = (Vec::new(), strict);
    for edition in &sites.addresses().editions {
        let (_, (diagnostics, is_strict)) = sites.once(edition).ask(|db| {
            let is_strict = queries::config(db).is_some_and(|config| config.strict);
            (queries::all_diagnostics(db), is_strict)
        });
        all.extend(diagnostics);
        strict |= is_strict;
    }
    findings(queries::tidy(all), strict)
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
        diagnostics,
    }
}
