//! Pairs the marks `*`, `_`, `~`, `^` and `=`.
//!
//! Python-Markdown and pymdown-extensions pair runs of marks much like
//! CommonMark does, with a few differences: without `betterem`, punctuation next
//! to a mark does not matter, and a single `~` or `^` cannot enclose white
//! space. The pairing here follows theirs.

mod read;

use super::runs::{Run, Token, runs};
use super::stack::{Open, Stack};
use crate::markdown::options::Delimiter;
use crate::markdown::source::lines::marks;
use crate::work::step;

/// A pair of marks in a text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Where the opening mark begins.
    pub start: usize,
    /// Where the enclosed text begins.
    pub inner: usize,
    /// Where it ends.
    pub close: usize,
    /// Where the closing mark ends.
    pub end: usize,
    /// The element.
    pub tag: &'static str,
}

/// Bytes of one stand-in.
const WIDTH: usize = 3;

/// A position among runs: the index of a run, and how many of its marks come
/// before the position.
type Place = (usize, usize);

struct Pairing<'d> {
    delimiters: &'d [Delimiter],
    runs: Vec<Run>,
    /// Byte offsets of white space.
    spaces: Vec<usize>,
    stacks: Vec<Stack>,
    regions: Vec<Region>,
    /// How many more runs may be read in vain.
    left: usize,
}

/// How often all runs of a text may be read in vain, and how many more runs: a
/// long run is tried with each of its marks as the first.
const IN_VAIN: usize = 16;
const FEW: usize = 4096;

/// Pairs the marks of `text`. The regions are sorted by their start and properly
/// nested. Also returns whether all marks were read: if a text is read in vain
/// too often, the rest of its marks are left alone.
pub fn pair(text: &str, delimiters: &[Delimiter]) -> (Vec<Region>, bool) {
    let runs = runs(text, delimiters);
    if runs.len() < 2 {
        return (Vec::new(), true);
    }
    let left = IN_VAIN * runs.len() + FEW;
    let is_space = |(at, character): (usize, char)| character.is_whitespace().then_some(at);
    let minds_space = |run: &Run| delimiters[run.delimiter].no_space;
    let spaces = if runs.iter().any(minds_space) {
        text.char_indices().filter_map(is_space).collect()
    } else {
        Vec::new()
    };
    let mut pairing = Pairing {
        delimiters,
        runs,
        spaces,
        stacks: vec![Stack::default(); delimiters.len()],
        regions: Vec::new(),
        left,
    };
    let mut at = (0, 0);
    let mut is_rest = false;
    while at.0 < pairing.runs.len() && pairing.left > 0 {
        (at, is_rest) = pairing.group(at, is_rest);
    }
    pairing.regions.sort_by_key(|region| region.start);
    (pairing.regions, pairing.left > 0)
}

fn rule_of_three(opener: usize, closer: usize) -> bool {
    (opener + closer).is_multiple_of(3) && !(opener.is_multiple_of(3) && closer.is_multiple_of(3))
}

impl Pairing<'_> {
    /// The place `count` marks further on.
    fn step(&self, (run, offset): Place, count: usize) -> Place {
        if offset + count < self.runs[run].count {
            (run, offset + count)
        } else {
            (run + 1, 0)
        }
    }

    /// The position at byte `at`, and whether it is inside of a run that a region
    /// has used in part.
    fn place(&self, at: usize) -> (Place, bool) {
        let run = self
            .runs
            .partition_point(|run| run.start + run.count * WIDTH <= at);
        match self.runs.get(run) {
            Some(found) if found.start < at => ((run, (at - found.start) / WIDTH), true),
            _ => ((run, 0), false),
        }
    }

    /// Pairs marks from a position until nothing is open. Returns where to go on.
    /// `is_rest` says that the text before has become an element.
    fn group(&mut self, first: Place, is_rest: bool) -> (Place, bool) {
        let run = self.runs[first.0];
        let kind = &self.delimiters[run.delimiter];
        let before = if !is_rest {
            None
        } else if self.is_own(run.delimiter) {
            Some(Some(marks::CLOSE))
        } else {
            Some(run.before)
        };
        let Some(token) = run.token(kind, first.1, before) else {
            return ((first.0 + 1, 0), false);
        };
        if !token.opens {
            return (self.step(first, token.count), false);
        }
        if self.needs_two(run.delimiter) && token.count < 2 {
            return (self.step(first, 1), false);
        }
        let count_before = self.regions.len();
        let mut read = 0;
        self.push(run.delimiter, run.start + first.1 * WIDTH, token);
        let mut at = self.step(first, token.count);
        while at.0 < self.runs.len() && self.stacks.iter().any(|stack| !stack.is_empty()) {
            step(1);
            read += 1;
            let run = self.runs[at.0];
            let Some(token) = run.token(&self.delimiters[run.delimiter], at.1, None) else {
                at = self.step(at, 1);
                continue;
            };
            if self.stacks[run.delimiter].is_empty() && !token.opens {
                at = self.step(at, 1);
                continue;
            }
            let start = run.start + at.1 * WIDTH;
            at = self.step(at, token.count);
            if !self.read(run.delimiter, start, token) {
                break;
            }
        }
        let last = self
            .stacks
            .iter()
            .flat_map(|stack| stack.iter())
            .max_by_key(|open| open.start)
            .copied();
        let waiting: usize = self.stacks.iter().map(|stack| stack.len()).sum();
        self.stacks.iter_mut().for_each(Stack::clear);
        let new_regions = self.regions[count_before..].iter();
        if let Some(end) = new_regions.map(|region| region.end).max() {
            return self.place(end);
        }
        self.left = self.left.saturating_sub(read);
        let least = if self.is_own(run.delimiter) { 1 } else { 2 };
        match last {
            Some(open) if waiting >= least => (self.place(open.end).0, false),
            _ => (self.step(first, 1), false),
        }
    }

    /// Whether Python-Markdown itself pairs these marks, without an extension.
    fn is_own(&self, delimiter: usize) -> bool {
        let kind = &self.delimiters[delimiter];
        matches!(kind.mark, '*' | '_') && !kind.punctuation
    }

    fn needs_two(&self, delimiter: usize) -> bool {
        self.delimiters[delimiter].single.is_empty()
    }

    fn max_size(&self, delimiter: usize) -> usize {
        if self.delimiters[delimiter].double.is_empty() {
            1
        } else {
            2
        }
    }

    /// How many marks of a run of `count` to use.
    fn size(&self, delimiter: usize, count: usize) -> usize {
        // Python-Markdown's own `***x***` has the emphasis inside.
        if self.is_own(delimiter) && count == 3 {
            1
        } else {
            count.min(self.max_size(delimiter))
        }
    }

    fn push(&mut self, delimiter: usize, start: usize, token: Token) {
        self.stacks[delimiter].push(Open {
            start,
            end: start + token.count * WIDTH,
            is_ambiguous: token.opens && token.closes,
            original: token.count,
            count: token.count,
        });
    }

    fn has_space(&self, start: usize, end: usize) -> bool {
        let at = self.spaces.partition_point(|space| *space < start);
        self.spaces.get(at).is_some_and(|space| *space < end)
    }

    fn add(&mut self, delimiter: usize, start: usize, inner: usize, close: usize, size: usize) {
        let end = close + size * WIDTH;
        let kind = &self.delimiters[delimiter];
        let tag = if size == 2 { kind.double } else { kind.single };
        self.regions.push(Region {
            start,
            inner,
            close,
            end,
            tag,
        });
        // Marks that are open inside can no longer be closed.
        for stack in &mut self.stacks {
            while stack
                .last()
                .is_some_and(|open| open.start >= start && open.start < end)
            {
                stack.pop();
            }
        }
    }

    /// Whether another delimiter has something open.
    fn others_open(&self, delimiter: usize) -> bool {
        self.stacks
            .iter()
            .enumerate()
            .any(|(other, stack)| other != delimiter && !stack.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::options::MarkdownOptions;
    use crate::markdown::source::lines::marks::stand_in;

    fn shown(text: &str) -> String {
        let emphasis = MarkdownOptions::none().emphasis;
        let marked: String = text
            .chars()
            .map(|it| {
                if matches!(it, '*' | '_') {
                    stand_in(it)
                } else {
                    it
                }
            })
            .collect();
        let mut events = Vec::new();
        for region in pair(&marked, &emphasis).0 {
            events.push((region.start, region.inner, format!("<{}>", region.tag)));
            events.push((region.close, region.end, format!("</{}>", region.tag)));
        }
        events.sort();
        let mut html = String::new();
        let mut at = 0;
        for (start, end, tag) in events {
            html.push_str(&marked[at..start]);
            html.push_str(&tag);
            at = end;
        }
        html.push_str(&marked[at..]);
        html.replace(marks::STAR, "*")
            .replace(marks::UNDERSCORE, "_")
    }

    #[test]
    fn emphasis_as_the_reference_reads_it() {
        for (text, html) in [
            ("*a*", "<em>a</em>"),
            ("**a** b", "<strong>a</strong> b"),
            ("***a***", "<strong><em>a</em></strong>"),
            ("a_b_c", "a_b_c"),
            ("* a *", "* a *"),
            (
                "\u{9ede}**\u{300c}x\u{300d}**\u{7684}",
                "\u{9ede}<strong>\u{300c}x\u{300d}</strong>\u{7684}",
            ),
            ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
            ("*a", "*a"),
        ] {
            assert_eq!(shown(text), html, "{text}");
        }
    }
}
