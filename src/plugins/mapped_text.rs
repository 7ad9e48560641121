//! The text of a page while plugins change it. Each line knows the line of the
//! file that it comes from.

use std::collections::HashMap;
use std::ops::Range;

use crate::expect::ExpectOrDefault as _;
use crate::work::step;

/// Text whose lines know where they come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    text: String,
    /// For each line, the line of the page's file, from 1.
    sources: Vec<u32>,
}

/// How far a line that is not unique may move and still be recognised, in lines.
const NEAR: usize = 50;

/// Maps offsets in a text to source lines, in ascending order, so that each line
/// is counted once.
#[derive(Debug)]
pub struct Lines<'a> {
    of: &'a Text,
    counted: usize,
    nth: usize,
}

impl Lines<'_> {
    /// The line of the file that byte `at` comes from. `at` must not be before the
    /// last one that was asked for.
    pub fn source_of(&mut self, at: usize) -> u32 {
        let at = at.min(self.of.text.len());
        let passed = self.of.text.as_bytes().get(self.counted..at);
        let passed = passed.expect_or_default("offsets ascend");
        step(passed.len());
        self.nth += passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = at.max(self.counted);
        self.of.sources.get(self.nth).copied().unwrap_or(1)
    }
}

impl Text {
    /// The text of a page, which starts on line `first` of its file. Line endings
    /// become `\n`.
    pub fn new(text: &str, first: u32) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let sources = (first..).take(text.split('\n').count()).collect();
        Self { text, sources }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// For each line, the line of the page's file.
    pub fn sources(&self) -> &[u32] {
        &self.sources
    }

    /// Maps offsets to source lines, in ascending order.
    pub fn lines_from_start(&self) -> Lines<'_> {
        Lines {
            of: self,
            counted: 0,
            nth: 0,
        }
    }

    /// Replaces ranges, which must be in order and must not overlap. All lines of
    /// a replacement come from the line where its range started.
    pub fn replace(&mut self, edits: Vec<(Range<usize>, String)>) {
        if edits.is_empty() {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut sources = Vec::with_capacity(self.sources.len());
        let mut line = 0;
        let mut at = 0;
        // The source of the line that is being written.
        let mut open = self.sources[0];
        let lines_of = |part: &str| part.bytes().filter(|byte| *byte == b'\n').count();
        let end = self.text.len();
        for (range, replacement) in edits.into_iter().chain([(end..end, String::new())]) {
            let Some(unchanged) = self.text.get(at..range.start) else {
                debug_assert!(false, "edits are in order and do not overlap");
                continue;
            };
            for _ in 0..lines_of(unchanged) {
                sources.push(open);
                line += 1;
                open = self.sources[line];
            }
            text.push_str(unchanged);
            for _ in 0..lines_of(&replacement) {
                sources.push(open);
                open = self.sources[line];
            }
            text.push_str(&replacement);
            line += lines_of(&self.text[range.clone()]);
            at = range.end;
        }
        sources.push(open);
        self.text = text;
        self.sources = sources;
    }

    /// Adds text at the end, which comes from the last line.
    pub fn append(&mut self, more: &str) {
        let end = self.text.len();
        self.replace(vec![(end..end, more.to_owned())]);
    }

    /// Replaces the whole text by what a program made of it. Lines that were there
    /// before are recognised; others come from the line that the one before them
    /// came from.
    pub fn exchange(&mut self, text: String) {
        let mut positions: HashMap<&str, Vec<usize>> = HashMap::new();
        for (nth, line) in self.text.split('\n').enumerate() {
            positions.entry(line).or_default().push(nth);
        }
        let mut next = 0;
        let mut sources = Vec::with_capacity(text.len() / 16);
        for line in text.split('\n') {
            let old = positions.get(line).and_then(|positions| {
                let at = positions.partition_point(|nth| *nth < next);
                let nearest = *positions.get(at)?;
                let is_blank = line.trim().is_empty();
                // Blank lines are all alike, so they hardly move anything.
                let is_same = if is_blank {
                    nearest <= next + 1
                } else {
                    positions.len() == 1 || nearest < next + NEAR
                };
                is_same.then_some(nearest)
            });
            let nth = old.unwrap_or_else(|| next.min(self.sources.len() - 1));
            sources.push(self.sources[nth]);
            if let Some(nth) = old {
                next = nth + 1;
            }
        }
        self.text = text;
        self.sources = sources;
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn lines_keep_their_places() {
        let mut text = Text::new("a\r\nb [x] c\nd\ne [y\nz] f\ng", 3);
        let at = |text: &Text, what: &str| text.as_str().find(what).expect("there");
        let edits = vec![
            (at(&text, "[x]")..at(&text, "[x]") + 3, "1\n2\n3".to_owned()),
            (at(&text, "[y")..at(&text, "z]") + 2, "4".to_owned()),
        ];
        text.replace(edits);
        assert_eq!(text.as_str(), "a\nb 1\n2\n3 c\nd\ne 4 f\ng");
        assert_eq!(text.sources(), [3, 4, 4, 4, 5, 6, 8]);
        text.append("\n\nend");
        assert_eq!(text.sources()[7..], [8, 8]);
    }

    #[test]
    fn lines_are_found_again() {
        let mut text = Text::new(
            "# T\n\n{% for x in y %}\n- {{ x }}\n{% endfor %}\n\nend\n",
            1,
        );
        text.exchange("# T\n\n\n- 1\n\n- 2\n\n\nend\n".to_owned());
        let sources = text.sources();
        assert_eq!((sources[0], sources[8]), (1, 7), "{sources:?}");
        assert!(sources.is_sorted(), "{sources:?}");
    }
}
