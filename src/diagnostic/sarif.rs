//! Diagnostics as SARIF 2.1.0, which code hosts and editors read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Diagnostic, Rule, Severity, Span};
use crate::url;

/// Renders all diagnostics of a run as one document, with a line break at the end.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let rules: BTreeSet<Rule> = diagnostics.iter().map(|it| it.rule).collect();
    let rules: Vec<Value> = rules.iter().map(|rule| described(*rule)).collect();
    let results: Vec<Value> = diagnostics.iter().map(result).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "proofroom",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document}\n")
}

fn described(rule: Rule) -> Value {
    json!({
        "id": rule.name(),
        "shortDescription": {"text": rule.summary()},
        "defaultConfiguration": {"level": level(rule.severity())},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn result(diagnostic: &Diagnostic) -> Value {
    let help = diagnostic.help.iter().map(|help| format!("\n{help}"));
    let text: String = std::iter::once(diagnostic.message.clone())
        .chain(help)
        .collect();
    let mut result = json!({
        "ruleId": diagnostic.rule.name(),
        "level": level(diagnostic.severity),
        "message": {"text": text},
    });
    if let Some(span) = &diagnostic.span {
        result["locations"] = json!([{"physicalLocation": {
            "artifactLocation": artifact(span),
            "region": region(span),
        }}]);
    }
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([{
            "description": {"text": diagnostic.help.as_deref().unwrap_or("replace it")},
            "artifactChanges": [{
                "artifactLocation": artifact(&fix.span),
                "replacements": [{
                    "deletedRegion": region(&fix.span),
                    "insertedContent": {"text": fix.text},
                }],
            }],
        }]);
    }
    result
}

fn artifact(span: &Span) -> Value {
    json!({"uri": url::quote(span.path.as_str())})
}

fn region(span: &Span) -> Value {
    let mut region = json!({"startLine": span.line, "startColumn": span.column});
    if let Some(end) = span.end {
        region["endLine"] = json!(end.line);
        region["endColumn"] = json!(end.column);
    }
    region
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Near;

    #[test]
    fn a_run_has_its_rules_results_and_fixes() {
        let span = Span::bytes(&"docs/a b.md".into(), "[\u{e9}](b.md)\n", 5, 4);
        let near = Near {
            name: "c.md".to_owned(),
            is_only: true,
        };
        let one = Diagnostic::new(Rule::MissingPage, "`b.md` does not exist").at(span);
        let one = one.did_you_mean("b.md", &near);
        let text = render(&[one, Diagnostic::note(Rule::NoHistory, "m")]);
        let document: Value = serde_json::from_str(&text).expect("JSON");
        let run = &document["runs"][0];
        let ids = |rules: &Value| rules.as_array().map_or(0, Vec::len);
        assert_eq!(ids(&run["tool"]["driver"]["rules"]), 2);
        let first = &run["results"][0];
        assert_eq!(first["level"], "warning");
        let place = &first["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "docs/a%20b.md");
        let region = json!({"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 9});
        assert_eq!(place["region"], region);
        let change = &first["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(change["insertedContent"]["text"], "c.md");
        assert_eq!(run["results"][1].get("locations"), None);
    }
}
