//! What changed between two versions of a page, as its readers see it: two pieces
//! of HTML in, a list of changes and marked HTML out. Pure functions.
//!
//! Both sides are read as a tree of blocks ([`blocks`]), whose texts are sequences
//! of words ([`items`]). Blocks that belong together are found from the outside to
//! the inside ([`pairs`]), then their texts are compared word by word ([`inline`]).
//! The result covers both sides completely, so that each can be made from it.

mod align;
mod blocks;
mod changes;
mod derived;
mod elements;
mod foreign;
mod inline;
mod items;
mod outside;
mod pairs;
mod print;
mod render;
mod words;

#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::Serialize;

pub use align::{alike, common, gaps};
pub use derived::is_derived_id;
pub use foreign::foreign_body;
pub use outside::{Article, article, outside};
pub use print::{print, print_with_sources, shown};
pub use render::{Marking, keys, render};

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// Its HTML.
    pub html: &'a str,
    /// What an address in it leads to, in a form that is equal where both sides lead
    /// to the same. `None` where it is to be compared as it is written.
    pub meaning: &'a dyn Fn(&str) -> Option<String>,
    /// A fingerprint of the picture at an address; `None` where it is not known.
    pub content: &'a dyn Fn(&str) -> Option<u64>,
}

impl<'a> Side<'a> {
    /// HTML whose addresses are compared as they are written.
    pub fn of(html: &'a str) -> Self {
        Self {
            html,
            meaning: &|_| None,
            content: &|_| None,
        }
    }
}

/// What a change is in, as a reader would call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading,
    /// An item of a list.
    Item,
    /// The term of a definition.
    Term,
    /// A definition.
    Definition,
    /// A figure, or its caption.
    Figure,
    /// A block of code.
    Code,
    /// A line of code.
    Line,
    /// A table.
    Table,
    /// A row of a table.
    Row,
    /// A cell of a table.
    Cell,
    /// The caption of a table.
    Caption,
    /// A list.
    List,
    /// A quotation.
    Quote,
    /// An admonition.
    Admonition,
    /// The title of an admonition.
    Title,
    /// A block that can be folded.
    Details,
    /// Its summary.
    Summary,
    /// A set of tabs.
    Tabs,
    /// The label of a tab.
    Label,
    /// A footnote.
    Footnote,
    /// A formula.
    Formula,
    /// A diagram.
    Diagram,
    /// A line across the page.
    Rule,
    /// A picture.
    Image,
    /// The title of the page.
    PageTitle,
    /// The description of the page.
    Description,
    /// The nav.
    Nav,
    /// What is above the article and the nav.
    Header,
    /// What is below them.
    Footer,
    /// The style sheets, scripts and other settings of the page.
    Head,
    /// Anything else.
    Other,
}

/// What happened to a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is still there, but not as it was.
    Changed,
    /// It is in another place.
    Moved,
}

/// What a reader sees of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Text or pictures.
    Text,
    /// How text is marked: classes and other attributes, targets of links, icons.
    Markup,
    /// What is outside of the article.
    Outside,
}

/// One change of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happened.
    pub kind: ChangeKind,
    /// What a reader sees of it.
    pub level: Level,
    /// What it is in.
    pub block: Block,
    /// The text, or the markup, as it was; empty for what is new.
    pub before: String,
    /// The same as it is now; empty for what is gone.
    pub after: String,
    /// The line of the page's source, as it is now; for what is gone, as it was.
    /// `None` where it is not known.
    pub line: Option<u32>,
}

/// A piece of both sides; one of its ranges is empty where something was added or
/// removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its bytes at the base.
    pub base: Range<usize>,
    /// Its bytes now.
    pub now: Range<usize>,
    /// The change that it belongs to; `None` if readers see the same.
    pub change: Option<usize>,
}

/// The difference of two sides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Pieces that cover both sides completely, each in its order.
    pub segments: Vec<Segment>,
    /// The changes, in the order in which they are on the page.
    pub changes: Vec<Change>,
}

impl Difference {
    /// That of HTML and itself.
    pub fn none(html: &str) -> Self {
        let whole = Segment {
            base: 0..html.len(),
            now: 0..html.len(),
            change: None,
        };
        Self {
            segments: vec![whole],
            changes: Vec::new(),
        }
    }
}

/// Compares two versions of an article. With the sides exchanged, the same changes
/// are found.
pub fn difference(base: &Side<'_>, now: &Side<'_>) -> Difference {
    // Which of several equally good pairs are found depends on the order of the
    // sides.
    if base.html <= now.html {
        let (base, now) = parse(base, now);
        changes::changes(&base, &now, &pairs::pairs(&base, &now))
    } else {
        let (now, base) = parse(now, base);
        changes::changes(&base, &now, &pairs::pairs(&now, &base).exchanged())
    }
}

fn parse<'a>(one: &Side<'a>, other: &Side<'a>) -> (blocks::Parsed<'a>, blocks::Parsed<'a>) {
    let notes = items::number_footnotes(one.html, other.html);
    // The names are numbered on, so that both sides have the same ones.
    let mut names = items::Names::default();
    let one = blocks::parse(one, &notes.0, &mut names);
    let other = blocks::parse(other, &notes.1, &mut names);
    (one, other)
}
