use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

use anyhow::{Context as _, Result};

use crate::diagnostic::{Diagnostic, Rule, Severity, bounded, terminal};

/// Writes the result of a command to standard output. It is not an error if the
/// reader, such as `head`, has read enough and closed it.
///
/// # Errors
/// If standard output cannot be written to, for example because the disk is full.
pub(super) fn write(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result.context("cannot write to standard output"),
    }
}

/// Prints a line of progress on standard output. Unlike `println!`, it does not
/// panic if nobody reads it any more.
pub(super) fn out(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line on standard error, likewise.
pub(super) fn err(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints diagnostics on standard error, with notes only if `notes`. If there are
/// many in a file, the rest is only counted.
pub(super) fn print(diagnostics: &[Diagnostic], notes: bool) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let shown = diagnostics
        .iter()
        .filter(|it| notes || it.severity > Severity::Note);
    for diagnostic in bounded(shown) {
        err(format_args!("{}\n", terminal::render(&diagnostic, colour)));
    }
}

/// Names the configured plugins that are missing in the site but only reported as
/// notes, for commands that do not print notes: nothing is left out silently.
pub(super) fn left_out(diagnostics: &[Diagnostic]) -> Option<String> {
    let notes = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Note && it.rule == Rule::UnsupportedPlugin);
    let plugins = notes.filter_map(|note| note.message.split('`').nth(1));
    let mut names: Vec<String> = plugins.map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return None;
    }
    names.sort_unstable();
    names.dedup();
    let names = names.join(", ");
    Some(format!(
        "note: not part of proofroom: {names}; run `proofroom check --config` for details"
    ))
}

/// Counts problems: `3 warnings`, `1 error and 2 warnings`, or nothing.
pub(super) fn count(diagnostics: &[Diagnostic]) -> String {
    let count = |severity, word: &str| {
        let count = diagnostics
            .iter()
            .filter(|it| it.severity == severity)
            .count();
        match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            many => Some(format!("{many} {word}s")),
        }
    };
    let parts = [
        count(Severity::Error, "error"),
        count(Severity::Warning, "warning"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(severities: &[Severity]) -> Vec<Diagnostic> {
        let diagnostic = |severity: &Severity| {
            let mut diagnostic = Diagnostic::new(Rule::UnsupportedPlugin, "the plugin `b` is not");
            diagnostic.severity = *severity;
            diagnostic
        };
        severities.iter().map(diagnostic).collect()
    }

    #[test]
    fn errors_and_warnings_are_counted_and_notes_are_not() {
        use Severity::{Error, Note, Warning};
        for (severities, expected) in [
            (&[][..], ""),
            (&[Note], ""),
            (&[Warning], "1 warning"),
            (&[Error, Error], "2 errors"),
            (&[Error, Note, Warning, Warning], "1 error and 2 warnings"),
        ] {
            assert_eq!(count(&of(severities)), expected);
        }
    }

    #[test]
    fn what_is_left_out_is_named_once_and_in_order() {
        let mut diagnostics = of(&[Severity::Note, Severity::Note, Severity::Warning]);
        assert!(left_out(&diagnostics).is_some_and(|text| text.matches("`b`").count() == 1));
        diagnostics[1].message = "the plugin `a` is not".to_owned();
        assert!(left_out(&diagnostics).is_some_and(|text| text.contains("`a`, `b`")));
        // What is printed by itself needs no summary.
        assert_eq!(left_out(&of(&[Severity::Warning])), None);
    }
}
