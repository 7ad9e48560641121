//! The page shown in place of one that cannot be rendered.

use std::cmp::Reverse;

use crate::diagnostic::{Diagnostic, Severity};
use crate::html::Escape;

/// Escapes text for HTML and its attributes.
pub(super) fn escape(text: &str) -> String {
    Escape::ANYWHERE.apply(text)
}

/// A page that lists the problems; readable without scripts. `own` is the address of the
/// server's own folder, relative to the page.
pub(super) fn page(problems: &[Diagnostic], own: &str) -> String {
    let own = escape(own);
    let mut items = String::new();
    // What keeps the page from being shown comes first.
    let mut problems: Vec<&Diagnostic> = problems.iter().collect();
    problems.sort_by_key(|problem| Reverse(problem.severity));
    for problem in problems {
        let place = problem.span.as_ref().map_or_else(String::new, |span| {
            let excerpt = escape(&span.excerpt);
            format!(
                "<p><code>{}:{}:{}</code></p><pre>{excerpt}</pre>",
                escape(span.path.as_str()),
                span.line,
                span.column
            )
        });
        let help = problem
            .help
            .as_ref()
            .map_or_else(String::new, |help| format!("<p>help: {}</p>", escape(help)));
        let word = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        items.push_str(&format!(
            "<li><strong>{word}[{}]</strong> {}{place}{help}</li>",
            problem.rule,
            escape(&problem.message),
        ));
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>This page cannot be shown</title>\
         <link rel=\"stylesheet\" href=\"{own}problems.css\"></head><body><main><h1>This page cannot be shown yet</h1>\
         <p>It will appear here as soon as this is fixed:</p><ul data-proofroom-problems>{items}</ul></main></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::diagnostic::{Diagnostic, Rule};

    #[test]
    fn shows_what_is_wrong_as_text() {
        let problem = Diagnostic::error(Rule::MissingPage, "<script>alert(1)</script>");
        let html = page(&[problem], "../__proofroom/");
        assert!(html.contains("&lt;script&gt;alert(1)") && !html.contains("<script>"));
        assert!(html.contains("href=\"../__proofroom/problems.css\""));
    }
}
