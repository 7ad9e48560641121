//! HTML as text: written, and read back. The one place that knows how.

mod entity;
mod escape;
mod strip;
mod tag;

pub use entity::{is_entity, unescape};
pub use escape::{escape_around_entities, escape_attribute, escape_text};
pub use strip::strip_tags;
pub use tag::{Tag, Tags};

/// Elements without content.
pub const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
