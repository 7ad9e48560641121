//! In Jinja2, the default of a macro's argument may refer to earlier arguments.
//! In MiniJinja these are not set yet, so such defaults are set at the start of
//! the macro instead:
//!
//! ```text
//! {% macro link(item, title=item.title) %}
//! {% macro link(item, title=__nothing) %}{% if title is undefined %}{% set title = item.title %}{% endif %}
//! ```

use super::Edits;
use super::tags::{Tag, arguments, unquoted};

/// A variable that is never set.
const UNDEFINED: &str = "__nothing";

/// Moves defaults that refer to earlier arguments into the macro.
pub(super) fn rewrite(text: &str, tags: &[Tag<'_>], edits: &mut Edits) {
    for tag in tags.iter().filter(|tag| tag.word == "macro") {
        let source = &text[tag.range.clone()];
        let (Some(open), Some(close)) = (source.find('('), source.rfind(')')) else {
            continue;
        };
        if close < open {
            continue;
        }
        let start = tag.range.start + open + 1;
        let inside = &source[open + 1..close];
        let mut earlier: Vec<&str> = Vec::new();
        let mut sets = String::new();
        for range in arguments(inside) {
            let argument = &inside[range.clone()];
            let Some((declared, default)) = argument.split_once('=') else {
                earlier.push(argument.trim());
                continue;
            };
            let name = declared.trim();
            if earlier.iter().any(|earlier| refers_to(default, earlier)) {
                let default = default.trim();
                sets.push_str(&format!(
                    "{{% if {name} is undefined %}}{{% set {name} = {default} %}}{{% endif %}}"
                ));
                let equals_sign = start + range.start + declared.len();
                let end = start + range.end;
                let lines = "\n".repeat(text[equals_sign..end].matches('\n').count());
                edits.push((equals_sign..end, format!("={UNDEFINED}{lines}")));
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

/// Whether an expression refers to a variable.
pub(super) fn refers_to(expression: &str, variable: &str) -> bool {
    let mut before_word = None;
    let mut word = String::new();
    let mut last = None;
    // A blank at the end, so that the last word ends too.
    let characters = unquoted(expression).map(|(_, c)| c).chain([' ']);
    for c in characters {
        if c.is_alphanumeric() || c == '_' {
            if word.is_empty() {
                before_word = last;
            }
            word.push(c);
        } else {
            if word == variable && before_word != Some('.') {
                return true;
            }
            word.clear();
        }
        last = Some(c);
    }
    false
}
