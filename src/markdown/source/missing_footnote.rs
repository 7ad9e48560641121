use super::page::Page;
use crate::diagnostic::{Diagnostic, Rule};

/// Reports a reference to a footnote that is not defined.
pub fn missing_footnote(page: &Page, line: u32, written: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingFootnote,
        format!("the footnote `{written}` is not defined"),
    )
    .at(page.span(line, written))
    .help(format!("define it on a line of its own: `{written}: text`"))
}
