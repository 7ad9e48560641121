//! Diagnostics as commands of a workflow on GitHub, which shows them beside the lines.

use super::{Diagnostic, Severity};

/// Renders a diagnostic as one line, without a line break at the end.
pub fn render(diagnostic: &Diagnostic) -> String {
    let kind = match diagnostic.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut properties = Vec::new();
    if let Some(span) = &diagnostic.span {
        properties.push(format!("file={}", property(span.path.as_str())));
        properties.push(format!("line={}", span.line));
        if let Some(end) = span.end {
            properties.push(format!("endLine={}", end.line));
            // Columns are only read of ranges in one line.
            if end.line == span.line {
                properties.push(format!("col={},endColumn={}", span.column, end.column));
            }
        }
    }
    properties.push(format!("title={}", property(diagnostic.rule.name())));
    let help = diagnostic.help.iter().map(|help| format!("\n{help}"));
    let text: String = std::iter::once(diagnostic.message.clone())
        .chain(help)
        .collect();
    format!("::{kind} {}::{}", properties.join(","), data(&text))
}

/// A text with the signs that end a command escaped.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// The same for a value, which colons and commas end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Rule, Span};

    #[test]
    fn a_command_names_the_place_and_nothing_in_it_begins_another() {
        let span = Span::bytes(&"docs/a,b:c.md".into(), "x\n[a](b.md)\n", 6, 4);
        let found = Diagnostic::new(Rule::MissingPage, "100%\n::error::x").at(span);
        assert_eq!(
            render(&found.help("look")),
            "::warning file=docs/a%2Cb%3Ac.md,line=2,endLine=2,col=5,endColumn=9,\
             title=missing-page::100%25%0A::error::x%0Alook"
        );
        let bare = Diagnostic::note(Rule::NoHistory, "m");
        assert_eq!(render(&bare), "::notice title=no-history::m");
    }
}
