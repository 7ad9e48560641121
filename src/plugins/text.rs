//! A page's text on its way through plugins, each line with the line of the
//! file it comes from.

use std::collections::HashMap;
use std::ops::Range;

use crate::work::step;

/// Text whose lines know where they come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    text: String,
    /// For each line, the line of the page's file, from 1.
    sources: Vec<u32>,
}

/// How far apart equal lines may lie and still be taken for the same, where
/// there are several of them.
const NEAR: usize = 50;

/// Goes through a text from its start, so that each line is counted once.
#[derive(Debug)]
pub struct Lines<'a> {
    of: &'a Text,
    counted: usize,
    nth: usize,
}

impl Lines<'_> {
    /// The line of the file that the byte `at` comes from; none that lies before
    /// the last one that was asked for.
    pub fn source_of(&mut self, at: usize) -> u32 {
        let at = at.min(self.of.text.len());
        let passed = self.of.text.as_bytes().get(self.counted..at);
        let passed = passed.unwrap_or_default();
        step(passed.len());
        self.nth += passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = at.max(self.counted);
        self.of.sources.get(self.nth).copied().unwrap_or(1)
    }
}

impl Text {
    /// A page's text, which begins on line `first` of its file. Line ends
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

    /// Where bytes come from, asked for in their order.
    pub fn lines_from_start(&self) -> Lines<'_> {
        Lines {
            of: self,
            counted: 0,
            nth: 0,
        }
    }

    /// Replaces parts, which must be in order and apart; what stands for one
    /// comes from the line where it began.
    pub fn replace(&mut self, edits: Vec<(Range<usize>, String)>) {
        if edits.is_empty() {
            return;
        }
        let mut text = String::with_capacity(self.text.len());
        let mut sources = Vec::with_capacity(self.sources.len());
        let mut line = 0;
        let mut at = 0;
        // Where the line that is being put together comes from.
        let mut open = self.sources[0];
        let lines_of = |part: &str| part.bytes().filter(|byte| *byte == b'\n').count();
        let end = self.text.len();
        for (range, with) in edits.into_iter().chain([(end..end, String::new())]) {
            let Some(kept) = self.text.get(at..range.start) else {
                continue;
            };
            for _ in 0..lines_of(kept) {
                sources.push(open);
                line += 1;
                open = self.sources[line];
            }
            text.push_str(kept);
            for _ in 0..lines_of(&with) {
                sources.push(open);
                open = self.sources[line];
            }
            text.push_str(&with);
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

    /// Exchanges the whole text for what was made of it. Lines that were
    /// there before are found again; others come from the line that the one
    /// before them came from.
    pub fn exchange(&mut self, made: String) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (nth, line) in self.text.split('\n').enumerate() {
            places.entry(line).or_default().push(nth);
        }
        let mut next = 0;
        let mut sources = Vec::with_capacity(made.len() / 16);
        for line in made.split('\n') {
            let known = places.get(line);
            let found = known.and_then(|known| {
                let nearest = known[known.partition_point(|nth| *nth < next)..].first()?;
                let sure = known.len() == 1 && !line.trim().is_empty();
                (sure || *nearest < next + NEAR).then_some(*nearest)
            });
            // A blank line is like any other, and moves nothing far.
            let found = found.filter(|nth| !line.trim().is_empty() || *nth <= next + 1);
            let nth = found.unwrap_or_else(|| next.min(self.sources.len() - 1));
            sources.push(self.sources[nth]);
            if let Some(nth) = found {
                next = nth + 1;
            }
        }
        self.text = made;
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
