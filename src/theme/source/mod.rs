//! Prepares template sources for MiniJinja: syntax that it lacks, or that Jinja2
//! reads differently, is rewritten before the template is compiled. Line breaks
//! stay where they are, and offsets can be mapped back to the original text.

mod closures;
mod defaults;
pub(super) mod guard;
pub(super) mod reuse;
mod sections;
mod tags;
mod translations;
mod unreached;

use std::ops::Range;

use minijinja::syntax::SyntaxConfig;

/// Replacements, by the range that each replaces in the original text.
pub(super) type Edits = Vec<(Range<usize>, String)>;

/// A tag that the engine does not know. It replaces a template that is nested
/// too deeply, on the line of the problem, so that the engine reports it there.
pub(super) const TOO_DEEP: &str = "__too_deep";

/// A template that is ready to be compiled.
pub(super) struct Prepared {
    /// The text to compile.
    pub(super) text: String,
    /// The line breaks of the original text that became `\n`, in order.
    breaks: Edits,
    /// The edits made after that, in order.
    edits: Edits,
    /// The guards inserted after that, by offsets in the edited text.
    guards: Edits,
    /// Where the text with its new line breaks is nested too deeply, so that it is not
    /// compiled.
    too_deep: Option<Range<usize>>,
}

impl Prepared {
    /// Maps an offset in the compiled text to one in the original text.
    pub(super) fn original_offset(&self, offset: usize) -> usize {
        if let Some(too_deep) = &self.too_deep {
            let end = match self.text.find("{%") {
                Some(tag) if offset > tag => too_deep.end,
                _ => too_deep.start,
            };
            return offset_before(&self.breaks, end);
        }
        let edited = offset_before(&self.guards, offset);
        offset_before(&self.breaks, offset_before(&self.edits, edited))
    }
}

/// Maps an offset in an edited text to one in the text before.
pub(super) fn offset_before(edits: &Edits, offset: usize) -> usize {
    let mut shift = 0_isize;
    for (range, replacement) in edits {
        let start = range.start.saturating_add_signed(shift);
        if offset < start {
            break;
        }
        if offset < start + replacement.len() {
            return range.start;
        }
        shift += replacement.len() as isize - range.len() as isize;
    }
    offset.saturating_add_signed(-shift)
}

/// Finds the translation of a text.
pub(super) type Translate<'t> = &'t dyn Fn(&str) -> Option<&'t str>;

/// Prepares a template; `find` returns the text of other templates.
pub(super) fn prepare(
    text: &str,
    find: &dyn Fn(&str) -> Option<String>,
    translate: Translate<'_>,
) -> Prepared {
    let (text, breaks) = &with_plain_breaks(text);
    let breaks = breaks.clone();
    let tags: Vec<tags::Tag<'_>> = tags::tags(text).collect();
    let mut edits = Edits::new();
    defaults::rewrite(text, &tags, &mut edits);
    closures::rewrite(&tags, find, &mut edits);
    sections::rewrite(text, &mut edits);
    translations::rewrite(text, &tags, translate, &mut edits);
    unreached::remove(text, &tags, &mut edits);
    reuse::rewrite_imported(text, &tags, find, &mut edits);
    if let Some(macros) = reuse::macros(text) {
        let mut with_calls = edits.clone();
        with_calls.extend(macros.calls().iter().cloned());
        if let Some(scope) = macros.declare(&apply_all(text, &mut with_calls)) {
            edits = with_calls;
            edits.extend(scope);
        }
    }
    let edited = apply_all(text, &mut edits);
    match guarded(&edited, &SyntaxConfig::default()) {
        Ok((text, guards)) => Prepared {
            text,
            breaks,
            edits,
            guards,
            too_deep: None,
        },
        Err((text, range)) => {
            let (start, end) = (range.start, range.end);
            Prepared {
                too_deep: Some(offset_before(&edits, start)..offset_before(&edits, end)),
                text,
                breaks,
                edits,
                guards: Edits::new(),
            }
        }
    }
}

/// Sorts and applies edits.
fn apply_all(text: &str, edits: &mut Edits) -> String {
    // A stable sort, because several edits may start at one offset.
    edits.sort_by_key(|(range, _)| range.start);
    apply_edits(text, edits)
}

/// A text without the line breaks of Windows and of old Macs, which Jinja2 replaces, and
/// where they were.
fn with_plain_breaks(text: &str) -> (String, Edits) {
    let mut breaks = other_line_breaks(text);
    (apply_edits(text, &mut breaks), breaks)
}

/// Replaces the line breaks of Windows and of old Macs.
fn other_line_breaks(text: &str) -> Edits {
    let returns = text.match_indices('\r');
    let edit = |(at, _): (usize, &str)| {
        let length = if text[at..].starts_with("\r\n") { 2 } else { 1 };
        (at..at + length, "\n".to_owned())
    };
    returns.map(edit).collect()
}

/// A text with guards, which limit values at run time. If it is nested too
/// deeply, the error is a text to compile instead, and the place.
pub(super) fn guarded(
    text: &str,
    syntax: &SyntaxConfig,
) -> Result<(String, Edits), (String, Range<usize>)> {
    match guard::guard(text, syntax) {
        Ok(mut guards) => Ok((apply_edits(text, &mut guards), guards)),
        Err(range) => {
            let lines = "\n".repeat(text[..range.start].matches('\n').count());
            let (open, close) = syntax.block_delimiters();
            Err((format!("{lines}{open} {TOO_DEEP} {close}"), range))
        }
    }
}

/// Applies edits, which must be sorted by their start. Edits that overlap an
/// earlier one are removed from the list.
pub(super) fn apply_edits(text: &str, edits: &mut Edits) -> String {
    let mut edited = String::with_capacity(text.len());
    let mut copied = 0;
    edits.retain(|(range, replacement)| {
        // Edits overlap only in templates that make no sense.
        if range.start < copied {
            return false;
        }
        edited.push_str(&text[copied..range.start]);
        edited.push_str(replacement);
        copied = range.end;
        true
    });
    edited.push_str(&text[copied..]);
    edited
}

#[cfg(test)]
mod tests;
