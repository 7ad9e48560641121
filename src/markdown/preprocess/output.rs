//! Lines being put together from parts of the page and placeholders.

use crate::markdown::source::lines::{Line, TextArena};

/// Lines being put together from parts of the page and placeholders. Whatever is
/// the page's is not copied.
#[derive(Default)]
pub struct Output {
    /// The lines that are complete, with their source lines.
    done: Vec<(Piece, u32)>,
    /// The line being written.
    current: Piece,
    /// The source line of `current`, once anything is written to it.
    source: Option<u32>,
}

/// The text of a line.
#[derive(Default)]
enum Piece {
    #[default]
    Empty,
    /// A range of the page's text.
    Part(usize, usize),
    /// Put together from several parts.
    Owned(String),
}

impl Piece {
    fn is_empty(&self) -> bool {
        matches!(self, Piece::Empty)
    }

    fn push(&mut self, start: usize, end: usize, text: &str) {
        if start == end {
            return;
        }
        match self {
            Piece::Empty => *self = Piece::Part(start, end),
            Piece::Part(_, until) if *until == start => *until = end,
            Piece::Part(from, until) => {
                *self = Piece::Owned(format!("{}{}", &text[*from..*until], &text[start..end]))
            }
            Piece::Owned(owned) => owned.push_str(&text[start..end]),
        }
    }
}

impl Output {
    /// Appends `text[start..end]`, which begins on line `line`.
    pub fn push(&mut self, start: usize, end: usize, line: usize, text: &str, lines: &[Line]) {
        let mut from = start;
        let mut line = line;
        let first = memchr::memchr(b'\n', &text.as_bytes()[from..end]);
        let mut next = first.map(|at| from + at);
        while let Some(newline) = next.filter(|newline| *newline < end) {
            self.source.get_or_insert(lines[line].source);
            self.current.push(from, newline, text);
            self.newline(lines[line].source);
            from = newline + 1;
            line += 1;
            next = lines.get(line).map(|line| from + line.text.len());
        }
        if from < end {
            self.source
                .get_or_insert(lines[line.min(lines.len() - 1)].source);
            self.current.push(from, end, text);
        }
    }

    /// Appends `added`, a text without line breaks that is not the page's.
    pub fn push_owned(&mut self, added: &str, source: u32, text: &str) {
        self.source.get_or_insert(source);
        match &mut self.current {
            Piece::Empty => self.current = Piece::Owned(added.to_owned()),
            Piece::Owned(owned) => owned.push_str(added),
            Piece::Part(start, end) => {
                self.current = Piece::Owned(format!("{}{added}", &text[*start..*end]))
            }
        }
    }

    /// Ends the line.
    pub fn newline(&mut self, source: u32) {
        let piece = std::mem::take(&mut self.current);
        self.done
            .push((piece, self.source.take().unwrap_or(source)));
    }

    /// Adds a blank line if the last line has ended and is not blank.
    pub fn blank_before(&mut self, source: u32) {
        let last = self.done.last();
        if self.current.is_empty() && last.is_some_and(|(piece, _)| !piece.is_empty()) {
            self.newline(source);
        }
    }

    /// All lines. `text` consists of `lines`, which begin at `starts` in it.
    pub fn finish<'a>(
        self,
        text: &'a str,
        lines: &[Line<'a>],
        starts: &[usize],
        texts: &'a TextArena,
    ) -> Vec<Line<'a>> {
        // The same part of the line that it comes from, so that what is a part of the page
        // stays one: places are found by that.
        let mut nth = 0;
        let mut part = |start: usize, end: usize| {
            let is_near = starts.get(nth + 1).is_some_and(|next| start < *next);
            if !is_near || starts[nth] > start {
                nth = starts.partition_point(|it| *it <= start).saturating_sub(1);
            }
            let at = start - starts.get(nth).copied().unwrap_or_default();
            let own = lines
                .get(nth)
                .and_then(|line| line.text.get(at..at + end - start));
            own.unwrap_or(&text[start..end])
        };
        let last = self.done.last().map_or(1, |(_, source)| *source);
        let end = (self.current, self.source.unwrap_or(last));
        let piece = |(piece, source)| Line {
            text: match piece {
                Piece::Empty => "",
                Piece::Part(start, end) => part(start, end),
                Piece::Owned(owned) => texts.alloc(owned),
            },
            source,
        };
        self.done.into_iter().chain([end]).map(piece).collect()
    }
}
