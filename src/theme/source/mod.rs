//! Template sources made ready for MiniJinja: what Jinja2 reads otherwise, or
//! MiniJinja not at all, is rewritten before it is compiled. Line breaks stay
//! where they are, and places can be told in the text as written.

mod closures;
mod defaults;
mod sections;
mod tags;
mod translations;

use std::ops::Range;

/// What to put where, in places of the text as written.
type Edits = Vec<(Range<usize>, String)>;

/// A template as it is compiled.
pub(super) struct Prepared {
    /// The text to compile.
    pub(super) text: String,
    /// What was replaced, in places of the text as written, in order.
    edits: Edits,
}

impl Prepared {
    /// A place of the compiled text in the text as written.
    pub(super) fn written(&self, place: usize) -> usize {
        let mut shift = 0_isize;
        for (range, put) in &self.edits {
            let start = range.start.saturating_add_signed(shift);
            if place < start {
                break;
            }
            if place < start + put.len() {
                return range.start;
            }
            shift += put.len() as isize - range.len() as isize;
        }
        place.saturating_add_signed(-shift)
    }
}

/// Prepares a template; `find` gives the text of others.
pub(super) fn prepare(text: &str, find: &dyn Fn(&str) -> Option<String>) -> Prepared {
    let all: Vec<tags::Tag<'_>> = tags::tags(text).collect();
    let mut edits = Edits::new();
    defaults::settle(text, &all, &mut edits);
    closures::enclose(&all, find, &mut edits);
    sections::settle(text, &mut edits);
    translations::settle(text, &all, &mut edits);
    // Stable, for several edits may begin at one place.
    edits.sort_by_key(|(range, _)| range.start);
    let mut prepared = String::with_capacity(text.len());
    let mut copied = 0;
    edits.retain(|(range, put)| {
        // None overlaps another in a template that makes sense.
        if range.start < copied {
            return false;
        }
        prepared.push_str(&text[copied..range.start]);
        prepared.push_str(put);
        copied = range.end;
        true
    });
    prepared.push_str(&text[copied..]);
    Prepared {
        text: prepared,
        edits,
    }
}

#[cfg(test)]
mod tests;
