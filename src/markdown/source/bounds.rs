//! What one page may take: bounds that are counts, so that a page is the same
//! on every machine.
//!
//! Two things are counted in bytes: what rules look at in vain, behind marks
//! that open something and never close it, and what a page grows by beyond
//! its own text. Both may be many times the page's length, so no page that
//! somebody wrote comes near, and the work of any page grows with its length.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Rule};

/// A bound that a page may pass; what is beyond it is left as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// Containers within containers.
    Containers,
    /// Elements of HTML with Markdown inside, within each other.
    Elements,
    /// Marks of emphasis within each other.
    Emphasis,
    /// Looking for what closes something.
    Ahead,
    /// Cells that rows of tables lack.
    Cells,
    /// Tables of contents.
    Contents,
    /// Meanings of abbreviations.
    Meanings,
    /// Addresses and titles of link references.
    References,
    /// The longest abbreviation.
    Abbreviation,
    /// The longest line of code with colours.
    Code,
    /// Footnotes that are not there and are named.
    Footnotes,
}

impl Bound {
    /// What there is to say where it is passed.
    pub(super) fn diagnostic(self) -> Diagnostic {
        let (message, help) = match self {
            Self::Containers => (
                "this stands in more than 100 containers, and is shown as text",
                "take it out of some of them",
            ),
            Self::Elements => (
                "this stands in more than 1000 elements with Markdown inside, and is read as text",
                "close the elements above that are open",
            ),
            Self::Emphasis => (
                "marks of emphasis enclose each other more than 100 deep; the inner ones stay text",
                "close the marks that are open, or escape them with backslashes",
            ),
            Self::Ahead => (
                "too much is opened on this page and never closed; from here on it stays text",
                "close what is open, or split the page",
            ),
            Self::Cells => (
                "rows on this page lack too many cells; from here on they are not filled up",
                "write the cells, or take columns out of the table's head",
            ),
            Self::Contents => (
                "the table of contents stands on this page too often; further ones are left out",
                "keep one of them",
            ),
            Self::Meanings => (
                "abbreviations with long meanings are used too often on this page; further ones are not marked",
                "shorten their meanings",
            ),
            Self::References => (
                "link references with long addresses are used too often on this page; further ones stay text",
                "shorten their addresses or titles",
            ),
            Self::Abbreviation => (
                "an abbreviation is longer than 200 bytes; it is not looked for",
                "close its name with `]:` on the line that it begins on",
            ),
            Self::Code => (
                "a line of this code is longer than 10,000 bytes, and is shown without colours",
                "break it into shorter lines",
            ),
            Self::Footnotes => (
                "more than 100 footnotes on this page are not defined; no more of them are named",
                "define them with `[^label]: text`, or escape their brackets",
            ),
        };
        Diagnostic::warning(Rule::TooMuch, message).help(help)
    }
}

/// How often a page may be looked through in vain, in all.
const AHEAD: usize = 64;

/// How many times its own length a page may grow by.
const ADDED: usize = 16;

/// How far a page may look and grow, and what it passed.
#[derive(Debug, Clone)]
pub struct Bounds {
    pub(super) ahead: Cell<usize>,
    sought: Cell<usize>,
    pub(super) added: Cell<usize>,
    /// Where a bound was passed first.
    pub(super) passed: RefCell<BTreeMap<Bound, u32>>,
}

impl Bounds {
    /// Of a page of so many bytes.
    pub fn new(length: usize) -> Self {
        Self {
            ahead: Cell::new(length.saturating_mul(AHEAD).saturating_add(1 << 16)),
            sought: Cell::new(length.saturating_mul(AHEAD).saturating_add(1 << 16)),
            added: Cell::new(length.saturating_mul(ADDED).saturating_add(1 << 20)),
            passed: RefCell::default(),
        }
    }

    /// Says that the page is longer by so many bytes of other files.
    pub(super) fn widen(&self, length: usize) {
        let wider = |bound: &Cell<usize>, times: usize| {
            bound.set(bound.get().saturating_add(length.saturating_mul(times)));
        };
        wider(&self.ahead, AHEAD);
        wider(&self.sought, AHEAD);
        wider(&self.added, ADDED);
    }

    /// Whether so many bytes may be looked through for the place of something
    /// that is said of the page; else its line must do.
    pub(super) fn may_seek(&self, count: usize) -> bool {
        take(&self.sought, count)
    }
}

/// Whether `count` is left in `from`, which has less then.
pub(super) fn take(from: &Cell<usize>, count: usize) -> bool {
    let left = from.get();
    from.set(left.saturating_sub(count));
    left > 0 && left >= count
}
