use std::fmt::Display;
use std::io::{BufWriter, ErrorKind, IsTerminal as _, Write as _};

use anyhow::{Context as _, Result};

use crate::diagnostic::{Diagnostic, Severity, bounded, terminal};

/// How many lines about things that are left out are printed.
const MOST_LOSSES: usize = 20;

/// Writes the result of a command to standard output. It is not an error if the
/// reader, such as `head`, has read enough and closed it.
///
/// # Errors
/// If standard output cannot be written to, for example because the disk is full.
pub(super) fn write(text: &str) -> Result<()> {
    write_with(|out| out.write_all(text.as_bytes()))
}

/// The same, of a long result that is written in parts.
///
/// # Errors
/// Same as [`write`].
pub(super) fn write_with(
    parts: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>,
) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    match parts(&mut out).and_then(|()| out.flush()) {
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

/// A line for each note about something that the site asks for and does not get,
/// for commands that do not print notes: nothing is left out silently.
pub(super) fn losses(diagnostics: &[Diagnostic]) -> Vec<String> {
    let losses = diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Note && it.rule.is_loss());
    let line = |note: &Diagnostic| {
        let help = note.help.iter().map(|help| format!("; help: {help}"));
        let span = note.span.iter();
        let place = span.map(|span| format!(" ({}:{}:{})", span.path, span.line, span.column));
        let rest: String = help.chain(place).collect();
        let line = format!("note[{}]: {}{rest}", note.rule, note.message);
        terminal::harmless(&line)
    };
    let mut lines: Vec<String> = Vec::new();
    for line in losses.map(line) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let more = lines.len().saturating_sub(MOST_LOSSES);
    if more > 0 {
        lines.truncate(MOST_LOSSES);
        lines.push(format!(
            "note: {more} more of them; run `proofroom check` to see all"
        ));
    }
    lines
}

/// Counts problems: `3 warnings`, `1 error, 2 warnings and 5 notes`, or nothing.
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
        count(Severity::Note, "note"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Rule;

    fn of(severities: &[Severity]) -> Vec<Diagnostic> {
        let diagnostic = |severity: &Severity| {
            let mut diagnostic = Diagnostic::new(Rule::UnsupportedPlugin, "the plugin `b` is not");
            diagnostic.severity = *severity;
            diagnostic
        };
        severities.iter().map(diagnostic).collect()
    }

    #[test]
    fn problems_are_counted_by_severity() {
        use Severity::{Error, Note, Warning};
        for (severities, expected) in [
            (&[][..], ""),
            (&[Note], "1 note"),
            (&[Warning], "1 warning"),
            (&[Error, Error], "2 errors"),
            (
                &[Error, Note, Warning, Warning],
                "1 error, 2 warnings and 1 note",
            ),
            (&[Error, Warning], "1 error and 1 warning"),
        ] {
            assert_eq!(count(&of(severities)), expected);
        }
    }

    #[test]
    fn what_is_left_out_is_named_once_and_bounded() {
        let mut diagnostics = of(&[Severity::Note, Severity::Note, Severity::Warning]);
        let lines = losses(&diagnostics);
        assert_eq!(lines, ["note[unsupported-plugin]: the plugin `b` is not"]);
        diagnostics[1] = Diagnostic::note(Rule::UnknownIcon, "there is no icon");
        assert_eq!(losses(&diagnostics).len(), 1);
        // What is printed by itself needs no line.
        assert_eq!(losses(&of(&[Severity::Warning])), [""; 0]);
        let many = (0..100).map(|nth| Diagnostic::note(Rule::UnsupportedPlugin, nth.to_string()));
        let lines = losses(&many.collect::<Vec<_>>());
        assert_eq!(lines.len(), MOST_LOSSES + 1);
        assert!(lines[MOST_LOSSES].contains("80 more"), "{lines:?}");
    }
}
