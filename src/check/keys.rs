use std::fmt::Write as _;

use serde_json::json;

use super::{Findings, findings};
use crate::config::{Fate, Key};
use crate::diagnostic::Diagnostic;
use crate::session::Session;
use crate::site::queries;

/// Every key of the configuration with what becomes of it, and what is wrong
/// with the site as a whole. A key that a diagnostic is about has its words.
pub fn keys(session: &Session, strict: bool) -> (Vec<Key>, Findings) {
    let (_, (mut keys, diagnostics, strict)) = session.ask(|db| {
        let configured = queries::config(db).is_some_and(|config| config.strict);
        let keys = queries::configuration(db).keys.clone();
        let found = queries::site_diagnostics(db).to_vec();
        (keys, queries::tidy(found), strict || configured)
    });
    for key in &mut keys {
        if let Some((fate, what)) = diagnostics.iter().find_map(|it| judged(key, it)) {
            key.fate = fate;
            if key.what.is_empty() {
                key.what = what;
            }
        }
    }
    (keys, findings(diagnostics, strict))
}

/// What a diagnostic says of a key, if it is about it.
fn judged(key: &Key, diagnostic: &Diagnostic) -> Option<(Fate, String)> {
    let span = diagnostic.span.as_ref()?;
    let same_line = span.path == key.span.path && span.line == key.span.line;
    let (fate, of_value) = match diagnostic.rule {
        "unknown-key" => (Fate::Ignored, false),
        "bad-value" | "missing-docs-dir" | "missing-custom-dir" => (Fate::Ignored, true),
        "unsupported-value" => (Fate::Unsupported, true),
        "unsupported-option"
        | "unsupported-plugin"
        | "unsupported-extension"
        | "unknown-extension" => (Fate::Unsupported, false),
        _ => return None,
    };
    let same = same_line && (span.column == key.span.column || of_value);
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
