use std::ops::Range;
use std::sync::Arc;

use super::directive::unescape;

/// What an include takes of a file.
pub(super) struct Cut {
    /// All of the file.
    pub(super) whole: Arc<str>,
    /// The parts that are taken, in order.
    pub(super) parts: Vec<Range<usize>>,
}

impl Cut {
    /// Finds the places of what is taken in the file, one behind the other.
    pub(super) fn places(&self) -> Places<'_> {
        Places {
            cut: self,
            part: 0,
            before: 0,
            counted: 0,
            line: 1,
        }
    }
}

/// Goes through a file, with what was taken of it.
pub(super) struct Places<'a> {
    cut: &'a Cut,
    /// Which part it stands in.
    part: usize,
    /// How much the parts before that hold.
    before: usize,
    /// Up to which byte of the file its lines are counted.
    counted: usize,
    line: u32,
}

impl Places<'_> {
    /// The byte and the line in the file of the byte `at` of what is taken, none
    /// of which may lie before the last one that was asked for.
    pub(super) fn next_at(&mut self, at: usize) -> (usize, u32) {
        let Cut { whole, parts } = self.cut;
        while let Some(part) = parts.get(self.part)
            && at - self.before >= part.len()
            && self.part + 1 < parts.len()
        {
            self.before += part.len();
            self.part += 1;
        }
        let start = parts.get(self.part).map_or(0, |part| part.start);
        let place = start + (at - self.before);
        let passed = whole.as_bytes().get(self.counted..place);
        let lines = passed.unwrap_or_default().iter();
        let lines = lines.filter(|byte| **byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted = place.max(self.counted);
        (place, self.line)
    }
}

/// What stands between the delimiters, and whether each was found.
pub(super) fn cut(
    text: &str,
    start: Option<&str>,
    end: Option<&str>,
) -> (Vec<Range<usize>>, [bool; 2]) {
    let start = start.map(unescape);
    let end = end.map(unescape);
    let find = |delimiter: &Option<String>| Some(text.find(delimiter.as_deref()?));
    let found = [find(&start), find(&end)];
    let one = |range| std::iter::once(range).collect();
    let taken = match (&start, &end) {
        (None, None) => one(0..text.len()),
        (Some(start), None) => {
            let from = found[0].flatten().map(|at| at + start.len());
            from.map(|from| from..text.len()).into_iter().collect()
        }
        (None, Some(_)) => one(0..found[1].flatten().unwrap_or(text.len())),
        (Some(start), Some(end)) => between(text, start, end),
    };
    (taken, found.map(|it| it != Some(None)))
}

/// As Python's `split` at each start, and every second part of its `split` at
/// each end.
fn between(text: &str, start: &str, end: &str) -> Vec<Range<usize>> {
    let mut parts = pieces(text, 0..text.len(), start);
    if parts.len() > 1 {
        parts.remove(0);
    }
    let of_part = |part| pieces(text, part, end).into_iter().step_by(2);
    parts.into_iter().flat_map(of_part).collect()
}

fn pieces(text: &str, part: Range<usize>, delimiter: &str) -> Vec<Range<usize>> {
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
    use super::{Cut, cut};

    #[test]
    fn places_are_those_of_the_file() {
        let text = "a\n<s>b\nX<e>c\n<s>\nY\nZ";
        let taken = |start, end| {
            let (parts, found) = cut(text, start, end);
            let taken: String = parts.iter().map(|part| &text[part.clone()]).collect();
            let of = Cut {
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
