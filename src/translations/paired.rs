//! A passage and its translation, and what is wrong with it.

use std::ops::Range;

use super::passage_marks::{Mark, MarkKind, Marks, located};
use crate::align::Passage;

/// A mark that a translation has lost or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedMark {
    /// Whether it is gone; otherwise it is another one.
    pub is_lost: bool,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// Its line in the source.
    pub source_line: u32,
    /// The line of the translation that is about it.
    pub line: u32,
    /// The bytes of the translation's text that are wrong, where they are known.
    pub place: Option<Range<usize>>,
    /// What certainly has to stand there.
    pub fix: Option<String>,
}

/// A passage of the source and the one of the translation.
pub(super) struct Paired<'p> {
    /// That of the source.
    pub(super) source: &'p Passage,
    /// That of the translation.
    pub(super) translation: &'p Passage,
    /// The marks of both.
    pub(super) marks: (Marks, Marks),
    /// Where that of the translation is in its text.
    pub(super) lines: Range<usize>,
    /// The text of the translation.
    pub(super) text: &'p str,
}

impl Paired<'_> {
    /// What is gone.
    pub(super) fn lost(&self, kind: MarkKind, mark: &Mark) -> DamagedMark {
        let written = shown(kind, mark);
        DamagedMark {
            is_lost: true,
            message: format!("the translation lacks the {} {written}", kind.noun()),
            source_line: self.source.first,
            line: self.translation.first,
            place: None,
            fix: None,
        }
    }

    /// What is another one. `place` is where.
    pub(super) fn changed(
        &self,
        (written, meant): (&str, &str),
        place: Option<Range<usize>>,
        fix: Option<String>,
    ) -> DamagedMark {
        let before = place.as_ref().map_or("", |it| &self.text[..it.start]);
        let further = before.get(self.lines.start..).unwrap_or_default();
        let lines = further.bytes().filter(|it| *it == b'\n').count();
        DamagedMark {
            is_lost: false,
            message: format!("{written} is {meant} in the source"),
            source_line: self.source.first,
            line: self.translation.first + u32::try_from(lines).unwrap_or(0),
            fix: if place.is_some() { fix } else { None },
            place,
        }
    }

    /// Where something is written in the passage, if it is there once.
    pub(super) fn locate(&self, written: &str) -> Option<Range<usize>> {
        located(self.text, &self.lines, written)
    }
}

fn shown(kind: MarkKind, mark: &Mark) -> String {
    match kind {
        MarkKind::Icon => format!("`:{}:`", mark.written),
        MarkKind::Footnote => format!("`[^{}]`", mark.written),
        MarkKind::Number => mark.written.clone(),
        MarkKind::Classes => format!("`{}`", mark.key),
        MarkKind::Link | MarkKind::Image | MarkKind::Code => format!("`{}`", mark.written),
    }
}
