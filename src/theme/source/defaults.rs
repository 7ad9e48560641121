//! The default of a macro's argument may name the arguments before it, in
//! Jinja2. MiniJinja does not know them yet at that place, so such defaults
//! are set at the start of the macro instead:
//!
//! ```text
//! {% macro link(item, title=item.title) %}
//! {% macro link(item, title=__nothing) %}{% if title is undefined %}{% set title = item.title %}{% endif %}
//! ```

use super::Edits;
use super::tags::{Tag, arguments, plain};

/// A name that no template gives a value.
const NOTHING: &str = "__nothing";

/// Moves defaults that name earlier arguments into the macro.
pub(super) fn settle(text: &str, all: &[Tag<'_>], edits: &mut Edits) {
    for tag in all.iter().filter(|tag| tag.word == "macro") {
        let whole = &text[tag.range.clone()];
        let (Some(open), Some(close)) = (whole.find('('), whole.rfind(')')) else {
            continue;
        };
        if close < open {
            continue;
        }
        let start = tag.range.start + open + 1;
        let inside = &whole[open + 1..close];
        let mut earlier: Vec<&str> = Vec::new();
        let mut sets = String::new();
        for range in arguments(inside) {
            let argument = &inside[range.clone()];
            let (name, default) = match argument.split_once('=') {
                Some((name, default)) => (name.trim(), Some(default.trim())),
                None => (argument.trim(), None),
            };
            if let Some(default) = default
                && earlier.iter().any(|earlier| names(default, earlier))
            {
                sets.push_str(&format!(
                    "{{% if {name} is undefined %}}{{% set {name} = {default} %}}{{% endif %}}"
                ));
                let from = start + range.start + argument.find('=').unwrap_or(0);
                let to = start + range.end;
                let lines = "\n".repeat(text[from..to].matches('\n').count());
                edits.push((from..to, format!("={NOTHING}{lines}")));
            }
            earlier.push(name);
        }
        if !sets.is_empty() {
            if tag.trims.1 {
                sets.truncate(sets.len() - "%}".len());
                sets.push_str("-%}");
            }
            edits.push((tag.range.end..tag.range.end, sets));
        }
    }
}

/// Whether an expression names a variable.
fn names(expression: &str, variable: &str) -> bool {
    let mut before = None;
    let mut word = String::new();
    let mut found = false;
    let mut finish = |word: &mut String, before: Option<char>| {
        found |= word == variable && before != Some('.');
        word.clear();
    };
    let mut last = None;
    for (_, c) in plain(expression) {
        if c.is_alphanumeric() || c == '_' {
            if word.is_empty() {
                before = last;
            }
            word.push(c);
        } else {
            finish(&mut word, before);
        }
        last = Some(c);
    }
    finish(&mut word, before);
    found
}
