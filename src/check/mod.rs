//! Every diagnostic of a site, without writing it.

mod keys;

use crate::diagnostic::{Diagnostic, Severity};
use crate::session::Sites;
use crate::site::queries;

pub use keys::{key_as_json, keys, table};

/// What a check found.
#[derive(Debug)]
pub struct Findings {
    /// All of it, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether a build would fail.
    pub failed: bool,
}

/// Looks at the whole site, in all its languages. With `strict`, or where the configuration says
/// so, warnings count as failures.
pub fn check(sites: &Sites, strict: bool) -> Findings {
    let (mut all, mut strict) = (Vec::new(), strict);
    for edition in &sites.addresses().editions {
        let (_, (found, configured)) = sites.once(edition).ask(|db| {
            let configured = queries::config(db).is_some_and(|config| config.strict);
            (queries::all_diagnostics(db), configured)
        });
        all.extend(found);
        strict |= configured;
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
