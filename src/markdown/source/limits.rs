//! Limits on the work that one page may cause. They are counts rather than
//! times, so that a page comes out the same on every machine.
//!
//! Two things are counted in bytes: the text that rules search in vain after a
//! mark that opens something and is never closed, and how much longer than its
//! own text a page becomes. Both limits are many times the page's length, so no
//! page written by hand comes near them, and the work for any page is linear in
//! its length.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Rule};

/// A limit that a page may exceed; text beyond it is left as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// Nested containers.
    Containers,
    /// Nested HTML elements with Markdown inside.
    Elements,
    /// Nested emphasis.
    Emphasis,
    /// Text searched in vain for the end of something.
    Ahead,
    /// Cells missing from the rows of tables.
    Cells,
    /// Tables of contents.
    Contents,
    /// Meanings of abbreviations.
    Meanings,
    /// Addresses and titles of link references.
    References,
    /// The length of an abbreviation.
    Abbreviation,
    /// The length of a line of highlighted code.
    Code,
    /// Reports of undefined footnotes.
    Footnotes,
}

impl Limit {
    /// The diagnostic for a page that exceeds the limit.
    pub(super) fn diagnostic(self) -> Diagnostic {
        let (message, help) = match self {
            Self::Containers => (
                "this is nested in more than 100 containers and is shown as text",
                "move it out of some of them",
            ),
            Self::Elements => (
                "this is nested in more than 1000 elements with Markdown inside and is read as text",
                "close the elements above that are still open",
            ),
            Self::Emphasis => (
                "emphasis is nested more than 100 levels deep; the inner marks stay text",
                "close the open marks, or escape them with backslashes",
            ),
            Self::Ahead => (
                "this page opens too many things that are never closed; from here on they stay text",
                "close them, or split the page",
            ),
            Self::Cells => (
                "table rows on this page lack too many cells; from here on they are not filled up",
                "write the cells, or remove columns from the table's head",
            ),
            Self::Contents => (
                "the table of contents is on this page too many times; further ones are left out",
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
                "an abbreviation is longer than 200 bytes and is ignored",
                "close its name with `]:` on the line where it begins",
            ),
            Self::Code => (
                "a line of this code is longer than 10,000 bytes and is shown without colours",
                "break it into shorter lines",
            ),
            Self::Footnotes => (
                "more than 100 footnotes on this page are not defined; the rest are not reported",
                "define them with `[^label]: text`, or escape their brackets",
            ),
        };
        Diagnostic::warning(Rule::TooMuch, message).help(help)
    }
}

/// How many times its own length of a page may be searched in vain.
const AHEAD: usize = 64;

/// How many times its own length may be added to a page.
const ADDED: usize = 16;

/// How much of each limit is left to a page, and which limits it exceeded.
#[derive(Debug, Clone)]
pub struct Limits {
    pub(super) ahead: Cell<usize>,
    sought: Cell<usize>,
    pub(super) added: Cell<usize>,
    /// The line on which each limit was first exceeded.
    pub(super) passed: RefCell<BTreeMap<Limit, u32>>,
}

impl Limits {
    /// The limits of a page of `length` bytes.
    pub fn new(length: usize) -> Self {
        Self {
            ahead: Cell::new(length.saturating_mul(AHEAD).saturating_add(1 << 16)),
            sought: Cell::new(length.saturating_mul(AHEAD).saturating_add(1 << 16)),
            added: Cell::new(length.saturating_mul(ADDED).saturating_add(1 << 20)),
            passed: RefCell::default(),
        }
    }

    /// Raises the limits for `length` bytes included from other files.
    pub(super) fn widen(&self, length: usize) {
        let raise = |limit: &Cell<usize>, times: usize| {
            limit.set(limit.get().saturating_add(length.saturating_mul(times)));
        };
        raise(&self.ahead, AHEAD);
        raise(&self.sought, AHEAD);
        raise(&self.added, ADDED);
    }

    /// Whether `count` more bytes may be searched for the column of a
    /// diagnostic. If not, its line has to do.
    pub(super) fn may_seek(&self, count: usize) -> bool {
        take(&self.sought, count)
    }
}

/// Takes `count` from `from`. Returns whether that much was left.
pub(super) fn take(from: &Cell<usize>, count: usize) -> bool {
    let left = from.get();
    from.set(left.saturating_sub(count));
    left > 0 && left >= count
}
