//! What the scanner keeps out of Comrak's sight.

use std::borrow::Cow;

/// Something that was kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside<'a> {
    /// As written.
    pub written: &'a str,
    /// What it is.
    pub kind: AsideKind<'a>,
}

/// What is kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AsideKind<'a> {
    /// A reference to a footnote, by its place in the list.
    Footnote(usize),
    /// An entity, which the reference hides from all other rules.
    Entity,
    /// A tag, comment or the like.
    Html,
    /// Keys, as HTML.
    Keys(String),
    /// An address between angle brackets.
    Address(&'a str),
    /// A mail address between angle brackets.
    Mail(&'a str),
    /// A character that was escaped and that no parser would take for it.
    Literal(&'a str),
    /// A formula without its marks.
    Math(&'a str),
    /// The target of a link.
    Target {
        /// Its address.
        url: Cow<'a, str>,
        /// Its title.
        title: Option<Cow<'a, str>>,
    },
}
