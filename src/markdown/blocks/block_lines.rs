//! Lines that are still to be parsed, with the results of earlier searches.

use std::ops::Deref;

use crate::markdown::source::lines::{Block, Line};
use crate::work::step;

/// Rules that search for a line anywhere in a block.
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
    Alert,
    Callout,
    Quote,
    Footnote,
    Abbreviation,
    Reference,
    ApiObject,
    Indented,
}

const RULES: usize = Rule::Indented as usize + 1;

/// The rule has not searched yet.
const UNKNOWN: u32 = u32::MAX;

/// Set if the rule does not take the line that it found.
const REFUSED: u32 = 1 << 31;

/// A block or the rest of one.
///
/// Many rules search for the first line that means something to them, anywhere
/// in the block. The results are passed on to the rest of the block, so that a
/// rule looks at each line once however often the block is split.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockLines<'a> {
    lines: &'a [Line<'a>],
    /// The distance from the end of the line that each rule found; 0 for none.
    found: [u32; RULES],
    /// Whether fences have been restored: see
    /// [`crate::markdown::preprocess::fences::restore`].
    pub(super) is_restored: bool,
}

impl<'a> Deref for BlockLines<'a> {
    type Target = [Line<'a>];

    fn deref(&self) -> &[Line<'a>] {
        self.lines
    }
}

impl<'a> BlockLines<'a> {
    /// A block in which no rule has searched.
    pub(super) fn new(lines: &'a [Line<'a>]) -> Self {
        Self {
            lines,
            found: [UNKNOWN; RULES],
            is_restored: false,
        }
    }

    /// The same lines, marked as restored.
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

    /// A copy of the lines.
    pub(super) fn to_block(self) -> Block<'a> {
        self.lines.to_vec()
    }

    /// The index of the first line for which `read` returns something, and what
    /// it returns. `read` is given the lines and the index of one. Its result
    /// may depend on that line and those after it only.
    pub(super) fn find<T>(
        &mut self,
        rule: Rule,
        read: impl Fn(&'a [Line<'a>], usize) -> Option<T>,
    ) -> Option<(usize, T)> {
        let slot = &mut self.found[rule as usize];
        let distance = (*slot & !REFUSED) as usize;
        // Otherwise the line that was found has been parsed.
        let is_known = *slot != UNKNOWN && distance <= self.lines.len();
        if is_known && (distance == 0 || *slot & REFUSED != 0) {
            return None;
        }
        let from = if is_known {
            self.lines.len() - distance
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

    /// Records that the rule does not take the line that it found, so that it is
    /// not asked again as long as that line is there.
    pub(super) fn refuse(&mut self, rule: Rule) {
        let slot = &mut self.found[rule as usize];
        if *slot != UNKNOWN && *slot != 0 {
            *slot |= REFUSED;
        }
    }
}
