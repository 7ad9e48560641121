//! Text as HTML.

use super::entity::is_entity;
use crate::text::Bytes;

/// Bytes that mean something in HTML.
const ESCAPED: Bytes = Bytes::of(b"&<>\"");

fn escape(text: &str, quotes: bool, keeps_entities: bool, to: &mut String) {
    let mut rest = text;
    while let Some(at) = ESCAPED.find(rest.as_bytes()) {
        let replacement = match rest.as_bytes()[at] {
            b'&' if !(keeps_entities && is_entity(&rest[at..])) => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' if quotes => "&quot;",
            _ => &rest[at..=at],
        };
        to.push_str(&rest[..at]);
        to.push_str(replacement);
        rest = &rest[at + 1..];
    }
    to.push_str(rest);
}

/// Appends `text` as HTML text.
pub fn escape_text(text: &str, to: &mut String) {
    escape(text, false, false, to);
}

/// Appends `text` as HTML text; entities stay.
pub fn escape_around_entities(text: &str, to: &mut String) {
    escape(text, false, true, to);
}

/// Appends `text` as an attribute's value; entities stay.
pub fn escape_attribute(text: &str, to: &mut String) {
    escape(text, true, true, to);
}
