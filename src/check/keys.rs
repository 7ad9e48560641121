use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use super::{Findings, findings};
use crate::config::{Fate, Key};
use crate::diagnostic::{Diagnostic, Rule};
use crate::session::Session;
use crate::site::queries;
use crate::work::step;

/// Every key of the configuration with what becomes of it, and what is wrong
/// with the site as a whole. A key that a diagnostic is about has its words.
pub fn keys(session: &Session, strict: bool) -> (Vec<Key>, Findings) {
    let (_, (mut keys, diagnostics, strict)) = session.ask(|db| {
        let configured = queries::config(db).is_some_and(|config| config.strict);
        let keys = queries::configuration(db).keys.clone();
        let found = queries::site_diagnostics(db).to_vec();
        (keys, queries::tidy(found), strict || configured)
    });
    judge(&mut keys, &diagnostics);
    (keys, findings(diagnostics, strict))
}

/// Gives each key the words of the first diagnostic that is about it.
fn judge(keys: &mut [Key], diagnostics: &[Diagnostic]) {
    let mut by_line: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        if let Some(span) = &diagnostic.span {
            let of_line = by_line.entry((&span.path, span.line)).or_default();
            of_line.push(diagnostic);
        }
    }
    for key in keys {
        let of_line = by_line.get(&(&key.span.path, key.span.line));
        let mut of_line = of_line.into_iter().flatten();
        let verdict = of_line.find_map(|it| {
            step(1);
            judged(key, it)
        });
        if let Some((fate, what)) = verdict {
            key.fate = fate;
            if key.what.is_empty() {
                key.what = what;
            }
        }
    }
}

/// What a diagnostic on the line of a key says of it, if it is about it.
fn judged(key: &Key, diagnostic: &Diagnostic) -> Option<(Fate, String)> {
    let span = diagnostic.span.as_ref()?;
    let (fate, of_value) = match diagnostic.rule {
        Rule::UnknownKey => (Fate::Ignored, false),
        Rule::BadValue | Rule::MissingDocsDir | Rule::MissingCustomDir => (Fate::Ignored, true),
        Rule::UnsupportedValue => (Fate::Unsupported, true),
        Rule::UnsupportedOption
        | Rule::UnsupportedPlugin
        | Rule::UnsupportedExtension
        | Rule::UnknownExtension => (Fate::Unsupported, false),
        _ => return None,
    };
    let same = span.column == key.span.column || of_value;
    same.then(|| (fate, diagnostic.message.clone()))
}

/// The keys in columns.
pub fn table(keys: &[Key]) -> String {
    let place = |key: &Key| format!("{}:{}", key.span.path, key.span.line);
    let width = |text: &dyn Fn(&Key) -> usize| keys.iter().map(text).max().unwrap_or(0);
    let places = width(&|key| place(key).chars().count());
    let names = width(&|key| key.name.chars().count()).min(48);
    let mut table = String::new();
    for key in keys {
        let line = format!(
            "{:places$}  {:names$}  {:11}  {}",
            place(key),
            key.name,
            name(key.fate),
            key.what
        );
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{}", line.trim_end());
    }
    table
}

fn name(fate: Fate) -> &'static str {
    match fate {
        Fate::Used => "used",
        Fate::Ignored => "ignored",
        Fate::Unsupported => "unsupported",
    }
}

/// One key as one line of JSON.
pub fn key_as_json(key: &Key) -> String {
    json!({
        "key": key.name,
        "path": key.span.path.as_str(),
        "line": key.span.line,
        "fate": name(key.fate),
        "what": key.what,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Span;
    use crate::work::steps_of;

    #[test]
    fn each_key_is_held_against_what_is_said_of_its_line() {
        let work = |count: u32| {
            let span = |line| {
                let mut span = Span::line(&"mkdocs.yml".into(), "", 1);
                span.line = line;
                span
            };
            let key = |line| Key {
                name: format!("key{line}"),
                span: span(line),
                fate: Fate::Used,
                what: String::new(),
            };
            let unknown = |line| Diagnostic::new(Rule::UnknownKey, "unknown").at(span(line));
            let mut keys: Vec<Key> = (1..=count).map(key).collect();
            let diagnostics: Vec<Diagnostic> = (1..=count).map(unknown).collect();
            let steps = steps_of(|| judge(&mut keys, &diagnostics));
            assert!(keys.iter().all(|key| key.fate == Fate::Ignored));
            steps
        };
        assert_eq!(work(4_000), 4_000);
    }
}
