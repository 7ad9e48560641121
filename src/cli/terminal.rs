use std::io::IsTerminal as _;

use crate::diagnostic::{Diagnostic, Rule, Severity, bounded, terminal};

/// Prints diagnostics on standard error; notes only where wanted, and
/// of many in one file the first.
pub(super) fn print(diagnostics: &[Diagnostic], notes: bool) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let wanted = diagnostics.iter();
    let wanted = wanted.filter(|it| notes || it.severity > Severity::Note);
    for diagnostic in bounded(wanted) {
        eprintln!("{}\n", terminal::render(&diagnostic, colour));
    }
}

/// Names what the configuration asks for and the site lacks, where that is no
/// more than a note and notes are not printed: nothing is left out silently.
pub(super) fn left_out(diagnostics: &[Diagnostic]) -> Option<String> {
    let notes = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Note);
    let notes = notes.filter(|it| it.rule == Rule::UnsupportedPlugin);
    let named = notes.filter_map(|note| note.message.split('`').nth(1));
    let mut names: Vec<String> = named.map(|name| format!("`{name}`")).collect();
    names.sort_unstable();
    names.dedup();
    let names = names.join(", ");
    (!names.is_empty()).then(|| {
        format!(
            "note: not part of proofroom: {names}; `proofroom check --config` says what is missing"
        )
    })
}

/// `3 warnings`, `1 error and 2 warnings`, or nothing.
pub(super) fn counted(diagnostics: &[Diagnostic]) -> String {
    let count = |severity, one: &str| {
        let count = diagnostics
            .iter()
            .filter(|it| it.severity == severity)
            .count();
        match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            many => Some(format!("{many} {one}s")),
        }
    };
    let parts = [
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" and ")
}
