use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Findings, findings};
use crate::config::{Key, KeyStatus};
use crate::diagnostic::{Diagnostic, Rule, Span, json as report, sort_and_dedup};
use crate::files::SourcePath;
use crate::session::Session;
use crate::site::queries;
use crate::work::step;

/// Every key of the configuration with whether it has an effect, and the problems
/// of the site as a whole. A key with a problem has its message.
pub fn keys(session: &Session, strict: Option<bool>) -> (Vec<Key>, Findings) {
    let (_, (mut keys, diagnostics, strict)) = session.ask(|db| {
        let is_strict = queries::config(db).is_some_and(|config| config.strict);
        let keys = queries::configuration(db).keys.clone();
        let diagnostics = queries::site_diagnostics(db).to_vec();
        (
            keys,
            sort_and_dedup(diagnostics),
            strict.unwrap_or(is_strict),
        )
    });
    apply(&mut keys, &diagnostics);
    (keys, findings(diagnostics, strict))
}

/// A place that can be compared with others.
type Position<'a> = (&'a SourcePath, u32, u32);

fn position(span: &Span) -> Position<'_> {
    (&span.path, span.line, span.column)
}

/// Gives each key the message of the first diagnostic that is about it.
fn apply(keys: &mut [Key], diagnostics: &[Diagnostic]) {
    let spans: Vec<Span> = keys.iter().map(|key| key.span.clone()).collect();
    let positions: BTreeSet<Position<'_>> = spans.iter().map(position).collect();
    let mut by_key: BTreeMap<Position<'_>, (KeyStatus, &str)> = BTreeMap::new();
    for diagnostic in diagnostics {
        step(1);
        if let Some((status, key)) = verdict(diagnostic, &positions) {
            by_key.entry(key).or_insert((status, &diagnostic.message));
        }
    }
    for (key, span) in keys.iter_mut().zip(&spans) {
        if let Some((status, what)) = by_key.get(&position(span)) {
            if key.fate == KeyStatus::Used {
                key.fate = *status;
            }
            if key.what.is_empty() {
                (*what).clone_into(&mut key.what);
            }
        }
    }
}

/// What a diagnostic means for the key that it is about, and which that is.
fn verdict<'a>(
    diagnostic: &'a Diagnostic,
    keys: &BTreeSet<Position<'a>>,
) -> Option<(KeyStatus, Position<'a>)> {
    let (status, is_about_value) = match diagnostic.rule {
        Rule::UnknownKey | Rule::MissingAsset => (KeyStatus::Ignored, false),
        Rule::BadValue | Rule::MissingDocsDir | Rule::MissingCustomDir => {
            (KeyStatus::Ignored, true)
        }
        Rule::UnsupportedValue => (KeyStatus::Unsupported, true),
        Rule::UnsupportedOption
        | Rule::UnsupportedPlugin
        | Rule::UnknownPlugin
        | Rule::UnsupportedExtension
        | Rule::UnknownExtension => (KeyStatus::Unsupported, false),
        _ => return None,
    };
    let place = position(diagnostic.span.as_ref()?);
    let key = if is_about_value {
        // A value, however deep, belongs to the last key before it.
        keys.range(..=place).next_back()?
    } else {
        keys.get(&place)?
    };
    (key.0 == place.0).then_some((status, *key))
}

/// The keys as a table.
pub fn table(keys: &[Key]) -> String {
    let place = |key: &Key| format!("{}:{}", key.span.path, key.span.line);
    let width = |length: &dyn Fn(&Key) -> usize| keys.iter().map(length).max().unwrap_or(0);
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
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

fn name(fate: KeyStatus) -> &'static str {
    match fate {
        KeyStatus::Used => "used",
        KeyStatus::Ignored => "ignored",
        KeyStatus::Unsupported => "unsupported",
    }
}

/// One key as one line of JSON.
pub fn key_as_json(key: &Key) -> String {
    let object = json!({
        "key": key.name,
        "path": key.span.path.as_str(),
        "line": key.span.line,
        "fate": name(key.fate),
        "what": key.what,
    });
    report::line("key", &object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::steps_of;

    /// A key or diagnostic at a line and column of the configuration.
    fn at(line: u32, column: u32) -> Span {
        let mut span = Span::line(&"mkdocs.yml".into(), "", 1);
        span.line = line;
        span.column = column;
        span
    }

    fn key(name: &str, span: Span) -> Key {
        Key {
            name: name.to_owned(),
            span,
            fate: KeyStatus::Used,
            what: String::new(),
        }
    }

    #[test]
    fn a_key_becomes_what_is_said_of_it() {
        for (rule, place, fate) in [
            (Rule::UnknownKey, at(1, 1), KeyStatus::Ignored),
            (Rule::UnsupportedPlugin, at(1, 1), KeyStatus::Unsupported),
            // Of a value that stands behind its key on the same line.
            (Rule::BadValue, at(1, 12), KeyStatus::Ignored),
            (Rule::UnsupportedValue, at(1, 12), KeyStatus::Unsupported),
            // Of a value below its key.
            (Rule::UnsupportedValue, at(3, 9), KeyStatus::Unsupported),
            // Of another key on the line, of another line, or of something else.
            (Rule::UnknownKey, at(1, 12), KeyStatus::Used),
            (Rule::UnknownKey, at(2, 1), KeyStatus::Used),
            (Rule::MissingPage, at(1, 1), KeyStatus::Used),
        ] {
            let mut keys = [key("wombat", at(1, 1))];
            let diagnostic = Diagnostic::new(rule, "said").at(place.clone());
            apply(&mut keys, &[diagnostic]);
            assert_eq!(keys[0].fate, fate, "{rule} {place:?}");
            assert_eq!(keys[0].what.is_empty(), fate == KeyStatus::Used, "{rule}");
        }
    }

    #[test]
    fn a_value_belongs_to_the_last_key_before_it() {
        let mut keys = [
            key("theme", at(1, 1)),
            key("theme.features.a", at(1, 20)),
            key("theme.features.b", at(1, 23)),
            key("nav", at(5, 1)),
        ];
        let about = |place| Diagnostic::new(Rule::UnsupportedValue, "said").at(place);
        apply(&mut keys, &[about(at(1, 23)), about(at(3, 4))]);
        let fates = keys.map(|key| key.fate);
        let used = KeyStatus::Used;
        assert_eq!(fates, [used, used, KeyStatus::Unsupported, used]);
    }

    #[test]
    fn keys_stand_in_columns_and_as_lines_of_json() {
        let mut unknown = key("plugins.wombat", at(12, 5));
        unknown.fate = KeyStatus::Unsupported;
        unknown.what = "not \"known\"".to_owned();
        let keys = [key("nav", at(3, 1)), unknown];
        assert_eq!(
            table(&keys),
            "mkdocs.yml:3   nav             used\n\
             mkdocs.yml:12  plugins.wombat  unsupported  not \"known\"\n"
        );
        assert_eq!(
            key_as_json(&keys[1]),
            r#"{"version":1,"type":"key","key":"plugins.wombat","path":"mkdocs.yml","line":12,"fate":"unsupported","what":"not \"known\""}"#
        );
    }

    #[test]
    fn each_diagnostic_is_looked_at_once() {
        let work = |count: u32| {
            let span = |line| {
                let mut span = Span::line(&"mkdocs.yml".into(), "", 1);
                span.line = line;
                span
            };
            let key = |line| Key {
                name: format!("key{line}"),
                span: span(line),
                fate: KeyStatus::Used,
                what: String::new(),
            };
            let unknown = |line| Diagnostic::new(Rule::UnknownKey, "unknown").at(span(line));
            let mut keys: Vec<Key> = (1..=count).map(key).collect();
            let diagnostics: Vec<Diagnostic> = (1..=count).map(unknown).collect();
            let steps = steps_of(|| apply(&mut keys, &diagnostics));
            assert!(keys.iter().all(|key| key.fate == KeyStatus::Ignored));
            steps
        };
        assert_eq!(work(4_000), 4_000);
    }
}
