use std::ops::Range;
use std::sync::Arc;

use super::directive::unescape;
use crate::expect::ExpectOrDefault as _;

/// The parts of a file that are included.
pub(super) struct Excerpt {
    /// The text of the whole file.
    pub(super) whole: Arc<str>,
    /// The included ranges, in order.
    pub(super) parts: Vec<Range<usize>>,
}

impl Excerpt {
    /// Maps offsets in the included text to the file, in ascending order.
    pub(super) fn places(&self) -> OffsetMap<'_> {
        OffsetMap {
            cut: self,
            part: 0,
            before: 0,
            counted: 0,
            line: 1,
        }
    }
}

/// Maps offsets in the included text to the file.
pub(super) struct OffsetMap<'a> {
    cut: &'a Excerpt,
    /// The index of the current part.
    part: usize,
    /// The length of the parts before it.
    before: usize,
    /// The byte of the file up to which lines have been counted.
    counted: usize,
    line: u32,
}

impl OffsetMap<'_> {
    /// The byte and line in the file of byte `at` of the included text, which
    /// must not be before the last one that was asked for.
    pub(super) fn next_at(&mut self, at: usize) -> (usize, u32) {
        let Excerpt { whole, parts } = self.cut;
        while let Some(part) = parts.get(self.part)
            && at - self.before >= part.len()
            && self.part + 1 < parts.len()
        {
            self.before += part.len();
            self.part += 1;
        }
        // Without parts there is no text to ask for.
        let start = parts.get(self.part).map_or(0, |part| part.start);
        let place = start + (at - self.before);
        let passed = whole.as_bytes().get(self.counted..place);
        let passed = passed.expect_or_default("offsets ascend and are inside the file");
        let lines = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted = place.max(self.counted);
        (place, self.line)
    }
}

/// The ranges between the delimiters, and whether each delimiter was found.
pub(super) fn cut(
    text: &str,
    start: Option<&str>,
    end: Option<&str>,
) -> (Vec<Range<usize>>, [bool; 2]) {
    let start = start.map(unescape);
    let end = end.map(unescape);
    // `None` without a delimiter, `Some(None)` if it is not in the text.
    let find = |delimiter: &Option<String>| Some(text.find(delimiter.as_deref()?));
    let positions = [find(&start), find(&end)];
    let one = |range| std::iter::once(range).collect();
    let parts = match (&start, &end) {
        (None, None) => one(0..text.len()),
        (Some(start), None) => {
            let from = positions[0].flatten().map(|at| at + start.len());
            from.map(|from| from..text.len()).into_iter().collect()
        }
        (None, Some(_)) => one(0..positions[1].flatten().unwrap_or(text.len())),
        (Some(start), Some(end)) => cut_between(text, start, end),
    };
    (parts, positions.map(|position| position != Some(None)))
}

/// Like Python's `split` at each start, and every second part of its `split` at
/// each end.
fn cut_between(text: &str, start: &str, end: &str) -> Vec<Range<usize>> {
    let mut parts = split(text, 0..text.len(), start);
    if parts.len() > 1 {
        parts.remove(0);
    }
    let included = |part| split(text, part, end).into_iter().step_by(2);
    parts.into_iter().flat_map(included).collect()
}

/// The ranges between delimiters in a part of a text.
fn split(text: &str, part: Range<usize>, delimiter: &str) -> Vec<Range<usize>> {
    let offset = text.as_ptr().addr();
    let pieces = text[part].split(delimiter);
    let range = |piece: &str| {
        let start = piece.as_ptr().addr() - offset;
        start..start + piece.len()
    };
    pieces.map(range).collect()
}

#[cfg(test)]
mod tests {
    use super::{Excerpt, cut};

    #[test]
    fn places_are_those_of_the_file() {
        let text = "a\n<s>b\nX<e>c\n<s>\nY\nZ";
        let taken = |start, end| {
            let (parts, found) = cut(text, start, end);
            let taken: String = parts.iter().map(|part| &text[part.clone()]).collect();
            let of = Excerpt {
                whole: text.into(),
                parts,
            };
            let mut places = of.places();
            let lines = taken.match_indices(['X', 'Y', 'Z']);
            let lines = lines.map(|(at, letter)| {
                let (place, line) = places.next_at(at);
                assert!(text[place..].starts_with(letter), "{letter}");
                line
            });
            let lines: Vec<u32> = lines.collect();
            (taken, lines, found)
        };
        let all = [true, true];
        assert_eq!(taken(None, None), (text.to_owned(), vec![3, 5, 6], all));
        let both = taken(Some("<s>"), Some("<e>"));
        assert_eq!(both, ("b\nX\nY\nZ".to_owned(), vec![3, 5, 6], all));
        let behind = taken(Some("c\n"), None);
        assert_eq!(behind, ("<s>\nY\nZ".to_owned(), vec![5, 6], all));
        assert_eq!(taken(None, Some("X")).1, [0_u32; 0]);
        assert_eq!(
            taken(Some("no"), None),
            (String::new(), vec![], [false, true])
        );
        let without = taken(None, Some("no"));
        assert_eq!(without, (text.to_owned(), vec![3, 5, 6], [true, false]));
        let neither = taken(Some("no"), Some("no"));
        assert_eq!(neither, (text.to_owned(), vec![3, 5, 6], [false, false]));
    }
}
