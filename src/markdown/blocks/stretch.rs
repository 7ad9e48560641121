//! Lines that are still to be read, and what the rules know of them.

use std::ops::Deref;

use crate::markdown::source::lines::{Block, Line, Texts};
use crate::work::step;

/// Rules that look for a line anywhere in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Admonition,
    Details,
    Tab,
    Slashes,
    Unbordered,
    Heading,
    Horizontal,
    Definition,
    Quote,
    Footnote,
    Abbreviation,
    Reference,
    Indented,
}

const RULES: usize = Rule::Indented as usize + 1;

/// No search was made, or what it found has been read.
const UNKNOWN: u32 = u32::MAX;

/// Set where a rule does not take the line that it found.
const REFUSED: u32 = 1 << 31;

/// A block or what is left of it.
///
/// Many rules look for the first line that means something to them, wherever
/// in the block it stands. What they find is remembered with what is left of
/// the block, so that no line is looked at by a rule more than once however
/// often the block is split.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    lines: &'a [Line<'a>],
    /// For each rule how far from the end the line stands that it found;
    /// 0 for none.
    found: [u32; RULES],
    /// Whether fences are text again: see [`crate::markdown::preprocess::fences::restore`].
    pub(super) is_restored: bool,
}

impl<'a> Deref for Stretch<'a> {
    type Target = [Line<'a>];

    fn deref(&self) -> &[Line<'a>] {
        self.lines
    }
}

impl<'a> Stretch<'a> {
    /// Of lines that nothing is known of.
    pub(super) fn new(lines: &'a [Line<'a>]) -> Self {
        Self {
            lines,
            found: [UNKNOWN; RULES],
            is_restored: false,
        }
    }

    /// Of lines that were made.
    pub(super) fn made(lines: &[Line<'a>], texts: &'a Texts) -> Self {
        Self::new(texts.lines(lines))
    }

    /// The same, with fences that are text again.
    pub(super) fn restored(self) -> Self {
        Self {
            is_restored: true,
            ..self
        }
    }

    /// The lines before `end`.
    pub(super) fn before(&self, end: usize) -> Self {
        Self {
            is_restored: self.is_restored,
            ..Self::new(&self.lines[..end])
        }
    }

    /// The lines from `start` on.
    pub(super) fn from(mut self, start: usize) -> Self {
        self.lines = &self.lines[start..];
        self
    }

    /// The lines as their own.
    pub(super) fn to_block(self) -> Block<'a> {
        self.lines.to_vec()
    }

    /// The first line that `read` takes, and what it makes of it. `read` gets
    /// the lines and the place of one; what it says must depend on nothing
    /// but that line and those behind it.
    pub(super) fn find<T>(
        &mut self,
        rule: Rule,
        read: impl Fn(&'a [Line<'a>], usize) -> Option<T>,
    ) -> Option<(usize, T)> {
        let slot = &mut self.found[rule as usize];
        let known = *slot & !REFUSED;
        let is_known = *slot != UNKNOWN && known as usize <= self.lines.len();
        if is_known && (known == 0 || *slot & REFUSED != 0) {
            return None;
        }
        let from = if is_known {
            self.lines.len() - known as usize
        } else {
            0
        };
        for at in from..self.lines.len() {
            step(1);
            if let Some(found) = read(self.lines, at) {
                *slot = u32::try_from(self.lines.len() - at).unwrap_or(UNKNOWN);
                return Some((at, found));
            }
        }
        *slot = 0;
        None
    }

    /// Says that the rule does not take the line that it found: as long as
    /// that line is there it is not asked again.
    pub(super) fn refuse(&mut self, rule: Rule) {
        let slot = &mut self.found[rule as usize];
        if *slot != UNKNOWN && *slot != 0 {
            *slot |= REFUSED;
        }
    }
}
