//! The parts of a text that the scanner hides from Comrak.

use std::borrow::Cow;

use crate::markdown::source::written::Written;

/// A part of a text that is hidden from Comrak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden<'a> {
    /// As written.
    pub written: &'a str,
    /// Its meaning.
    pub kind: HiddenKind<'a>,
}

/// The meaning of a hidden part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HiddenKind<'a> {
    /// A reference to a footnote, by its index.
    Footnote(usize),
    /// An entity, which the reference hides from all other rules.
    Entity,
    /// A tag, comment or the like.
    Html,
    /// Keys, as HTML.
    Keys(String),
    /// An address between angle brackets.
    Address(Cow<'a, str>, Written<'a>),
    /// A mail address between angle brackets.
    Mail(Cow<'a, str>),
    /// The text of an escaped character.
    Literal(&'a str),
    /// A formula without its marks.
    Math(&'a str),
    /// The name of a cross reference.
    CrossReference {
        /// The name.
        identifier: Cow<'a, str>,
        /// The id of a heading that it may mean.
        slug: Option<String>,
        /// The name as written.
        name: &'a str,
    },
    /// A formula that becomes a script.
    Script(Formula<'a>),
    /// The target of a link.
    Target {
        /// Its address.
        url: Cow<'a, str>,
        /// Where that stands.
        place: Written<'a>,
        /// Its title.
        title: Option<Cow<'a, str>>,
        /// Whether there are links in the link, which is an image for Comrak then.
        holds_links: bool,
    },
}

/// A formula as a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formula<'a> {
    /// Without its marks.
    pub text: &'a str,
    /// Whether it stands on its own.
    pub is_display: bool,
}
