//! HTML as text: escaping, entities, tags and tokens. Everything that writes or
//! reads HTML does it through this module.

mod entity;
mod escape;
mod fragments;
mod inline;
mod redirect;
mod strip;
mod tag;
mod tokens;

pub use entity::{entity_length, unescape};
pub use escape::Escape;
pub use fragments::fragments;
pub use inline::inline_html;
pub use redirect::redirect;
pub use strip::{strip_tags, striptags, without_links};
pub use tag::{Dialect, Tag, Tags, attribute, attributes, raw_text_length};
pub use tokens::{Token, Tokens, tokens};

/// Elements without content.
pub const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// The level of a heading's `tag`, from 1.
pub fn heading_level(tag: &str) -> Option<u8> {
    match tag.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}
