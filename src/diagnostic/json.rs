//! Diagnostics for programs: editors, continuous integration, scripts.

use serde::Serialize;

use super::Diagnostic;

/// The version of the schema that `docs/reference/diagnostics.md` documents. It changes if a
/// key is removed or means something else, not if one is added.
const VERSION: u32 = 1;

/// One line of a report: what it is about, and its own keys.
#[derive(Serialize)]
struct Line<'l, T> {
    version: u32,
    #[serde(rename = "type")]
    kind: &'l str,
    #[serde(flatten)]
    content: &'l T,
}

/// Renders a diagnostic as one line of JSON, without a line break at the end. The
/// keys are the names of the fields of [`Diagnostic`]; absent values are `null`.
pub fn render(diagnostic: &Diagnostic) -> String {
    line("problem", diagnostic)
}

/// Renders an object of a report that is about something of a `kind`, likewise.
pub fn line(kind: &str, content: &impl Serialize) -> String {
    let version = VERSION;
    let line = Line {
        version,
        kind,
        content,
    };
    serde_json::to_string(&line).expect("text and numbers always have a JSON form")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Near, Rule, Span};
    use crate::files::SourcePath;

    #[test]
    fn is_one_line_with_every_field() {
        let text = "a\nsee [b](gone.md)\u{1b}\n";
        let span = Span::bytes(&SourcePath::new("docs/a.md"), text, 10, 7);
        let diagnostic =
            Diagnostic::new(Rule::MissingPage, "`gone.md`\ndoes not \"exist\"").at(span);
        assert_eq!(
            render(&diagnostic),
            concat!(
                r#"{"version":1,"type":"problem","rule":"missing-page","severity":"warning","#,
                r#""message":"`gone.md`\ndoes not \"exist\"","#,
                r#""span":{"path":"docs/a.md","line":2,"column":9,"#,
                r#""end":{"line":2,"column":16},"#,
                r#""excerpt":"see [b](gone.md)\u001b"},"help":null,"fix":null}"#
            )
        );
        let bare = Diagnostic::note(Rule::MissingPage, "y").help("z");
        assert_eq!(
            render(&bare),
            concat!(
                r#"{"version":1,"type":"problem","rule":"missing-page","severity":"note","message":"y","#,
                r#""span":null,"help":"z","fix":null}"#
            )
        );
        let near = Near {
            name: "one.md".to_owned(),
            is_only: true,
        };
        let asking = diagnostic.did_you_mean("gone.md", &near);
        assert!(
            render(&asking).ends_with(concat!(
                r#""help":"did you mean `one.md`?","fix":{"span":{"path":"docs/a.md","#,
                r#""line":2,"column":9,"end":{"line":2,"column":16},"#,
                r#""excerpt":"see [b](gone.md)\u001b"},"text":"one.md"}}"#
            )),
            "{}",
            render(&asking)
        );
    }
}
