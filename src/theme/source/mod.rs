//! Template sources made ready for MiniJinja: what Jinja2 reads otherwise, or
//! MiniJinja not at all, is rewritten before it is compiled. Line breaks stay
//! where they are, and places can be told in the text as written.

mod closures;
mod defaults;
pub(super) mod guard;
mod sections;
mod tags;
mod translations;

use std::ops::Range;

use minijinja::syntax::SyntaxConfig;

/// What to put where, in places of the text as written.
type Edits = Vec<(Range<usize>, String)>;

/// A tag that the engine does not know: what stands for a template that is
/// nested too deep, on the line where it is, so that the fault is found there.
pub(super) const TOO_DEEP: &str = "__too_deep";

/// A template as it is compiled.
pub(super) struct Prepared {
    /// The text to compile.
    pub(super) text: String,
    /// What was replaced, in places of the text as written, in order.
    edits: Edits,
    /// What was put into that, in places of what it gave.
    guards: Edits,
    /// Where the text as written is nested too deep; it is not compiled then.
    refused: Option<Range<usize>>,
}

impl Prepared {
    /// A place of the compiled text in the text as written.
    pub(super) fn written(&self, place: usize) -> usize {
        if let Some(refused) = &self.refused {
            return match self.text.find("{%") {
                Some(tag) if place > tag => refused.end,
                _ => refused.start,
            };
        }
        before(&self.edits, before(&self.guards, place))
    }
}

/// A place of an edited text in the text before.
fn before(edits: &Edits, place: usize) -> usize {
    let mut shift = 0_isize;
    for (range, put) in edits {
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
    let prepared = edited(text, &mut edits);
    match guarded(&prepared, &SyntaxConfig::default()) {
        Ok((text, guards)) => Prepared {
            text,
            edits,
            guards,
            refused: None,
        },
        Err((text, range)) => Prepared {
            refused: Some(before(&edits, range.start)..before(&edits, range.end)),
            text,
            edits,
            guards: Edits::new(),
        },
    }
}

/// A text with what is to be weighed at run time put in; where it is nested
/// too deep, what stands for it, and the place.
pub(super) fn guarded(
    text: &str,
    syntax: &SyntaxConfig,
) -> Result<(String, Edits), (String, Range<usize>)> {
    match guard::guard(text, syntax) {
        Ok(mut guards) => Ok((edited(text, &mut guards), guards)),
        Err(range) => {
            let lines = "\n".repeat(text[..range.start].matches('\n').count());
            let (open, close) = syntax.block_delimiters();
            Err((format!("{lines}{open} {TOO_DEEP} {close}"), range))
        }
    }
}

/// Makes edits that are sorted by their places; leaves those that were made.
fn edited(text: &str, edits: &mut Edits) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut copied = 0;
    edits.retain(|(range, put)| {
        // None overlaps another in a template that makes sense.
        if range.start < copied {
            return false;
        }
        edited.push_str(&text[copied..range.start]);
        edited.push_str(put);
        copied = range.end;
        true
    });
    edited.push_str(&text[copied..]);
    edited
}

#[cfg(test)]
mod tests;
