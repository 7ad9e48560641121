//! Outputs of a template that extends another one, outside of its blocks. Jinja2
//! does not evaluate them, so that `{{ super() }}` there does nothing; MiniJinja
//! would, and fail.

use super::Edits;
use super::tags::{Part, Tag, parts};

/// Tags that have an end tag.
const OPENING: [&str; 10] = [
    "autoescape",
    "block",
    "call",
    "filter",
    "for",
    "if",
    "macro",
    "set",
    "trans",
    "with",
];

/// Removes such outputs.
pub(super) fn remove(text: &str, tags: &[Tag<'_>], edits: &mut Edits) {
    if !tags.iter().any(|tag| tag.word == "extends") {
        return;
    }
    let mut extends = false;
    let mut open: Vec<&str> = Vec::new();
    for part in parts(text) {
        match part {
            // In a branch, it depends on the condition what is output.
            Part::Tag(tag) if tag.word == "extends" => extends |= open.is_empty(),
            Part::Tag(tag) if tag.word.starts_with("end") => drop(open.pop()),
            // A tag such as `{% set a = 1 %}` has no end.
            Part::Tag(tag) if tag.word == "set" && tag.rest.contains('=') => {}
            Part::Tag(tag) if OPENING.contains(&tag.word) => open.push(tag.word),
            Part::Tag(_) => {}
            Part::Output(range) => {
                if extends && open.iter().all(|word| *word == "if") {
                    let lines = text[range.clone()].matches('\n').count();
                    edits.push((range, "\n".repeat(lines)));
                }
            }
        }
    }
}
