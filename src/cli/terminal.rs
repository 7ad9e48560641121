use std::io::IsTerminal as _;

use crate::diagnostic::{Diagnostic, Severity, terminal};

/// Prints diagnostics on standard error; notes only where wanted.
pub(super) fn print(diagnostics: &[Diagnostic], notes: bool) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    for diagnostic in diagnostics {
        if notes || diagnostic.severity > Severity::Note {
            eprintln!("{}\n", terminal::render(diagnostic, colour));
        }
    }
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
