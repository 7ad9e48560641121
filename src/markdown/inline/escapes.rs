//! Texts without the backslashes of escapes.

use std::borrow::Cow;

use super::link::ESCAPABLE;

/// Whether a text has this byte.
pub fn holds(text: &str, byte: u8) -> bool {
    memchr::memchr(byte, text.as_bytes()).is_some()
}

/// Replaces line breaks by blanks.
pub fn in_one_line(text: Cow<'_, str>) -> Cow<'_, str> {
    if holds(&text, b'\n') {
        text.replace('\n', " ").into()
    } else {
        text
    }
}

/// Removes the backslashes of escaped punctuation, or those of `any` escape.
pub fn without_escapes(text: &str, any: bool) -> Cow<'_, str> {
    if !holds(text, b'\\') {
        return Cow::Borrowed(text);
    }
    let mut to = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_escape = character == '\\';
        let escaped = characters.next_if(|next| is_escape && (any || ESCAPABLE.contains(*next)));
        to.push(escaped.unwrap_or(character));
    }
    to.into()
}
