//! Parts of a file by rows and columns: `2-5`, `1.3-2.7`, `.2-.4`, `e`.
//!
//! Follows the Python package `rcslice`.

use crate::markdown::source::lines::{Line, TextArena};

/// A row and a column, from 1, as far as they are given.
#[derive(Debug, Clone, Copy, Default)]
struct Point {
    row: Option<usize>,
    column: Option<usize>,
}

impl Point {
    /// `None` if `text` is no point.
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| match text {
            "" => Some(None),
            text => text.parse().ok().filter(|number| *number > 0).map(Some),
        };
        let (row, column) = text.split_once('.').unwrap_or((text, ""));
        Some(Self {
            row: number(row)?,
            column: number(column)?,
        })
    }
}

/// The parts of `lines` that `written` names, with `separator` between them.
/// `None` if it cannot be read.
pub(super) fn slice<'a>(
    lines: &[Line<'a>],
    written: &str,
    separator: &[String],
    texts: &'a TextArena,
) -> Option<Vec<Line<'a>>> {
    if lines.is_empty() {
        return Some(Vec::new());
    }
    // `e` is the last row; it means nothing for columns.
    let written = written
        .replace(".e", ".")
        .replace('e', &lines.len().to_string());
    let mut parts = written
        .split(',')
        .filter(|part| !part.is_empty())
        .peekable();
    if parts.peek().is_none() {
        return Some(lines.to_vec());
    }
    let mut selected: Vec<Line<'a>> = Vec::new();
    for (nth, part) in parts.enumerate() {
        if nth > 0 {
            let source = selected.last().map_or(1, |line| line.source);
            selected.extend(separator.iter().map(|text| Line {
                text: texts.alloc(text),
                source,
            }));
        }
        // A range may be named any number of times.
        if selected.len() > super::super::snippets::LINES {
            return None;
        }
        let (start, end, is_range) = match part.split_once('-') {
            Some((start, end)) => (Point::parse(start)?, Point::parse(end)?, true),
            None => {
                let start = Point::parse(part)?;
                let row = start.row;
                (start, Point { row, column: None }, false)
            }
        };
        selected.extend(between(lines, start, end, is_range, texts));
    }
    Some(selected)
}

/// The lines from `start` to `end`, backwards if `end` is before it.
fn between<'a>(
    lines: &[Line<'a>],
    start: Point,
    end: Point,
    is_range: bool,
    texts: &'a TextArena,
) -> Vec<Line<'a>> {
    let is_reversed = is_range
        && end
            .row
            .is_some_and(|end| start.row.is_none_or(|start| start > end));
    let mut rows: Vec<Line<'a>> = if is_reversed {
        let first = start.row.unwrap_or(lines.len()).min(lines.len());
        let last = end.row.unwrap_or(1);
        let rows = lines.get(last - 1..first).unwrap_or_default();
        rows.iter().rev().copied().collect()
    } else {
        let first = start.row.unwrap_or(1) - 1;
        let last = end.row.unwrap_or(lines.len()).min(lines.len());
        lines.get(first..last).unwrap_or_default().to_vec()
    };
    let all_rows = start.row.is_none() && end.row.is_none();
    let cut = |line: &mut Line<'a>, start: Option<usize>, end: Option<usize>| {
        // Without a start, columns are counted from the end.
        let start = start.or_else(|| end.map(|_| line.text.chars().count()));
        line.text = columns(line.text, start, end, texts);
    };
    match &mut rows[..] {
        [] => {}
        [only] => cut(only, start.column, end.column),
        rows if all_rows => rows
            .iter_mut()
            .for_each(|row| cut(row, start.column, end.column)),
        [first, .., last] => {
            cut(first, start.column, None);
            last.text = columns(last.text, None, end.column, texts);
        }
    }
    rows
}

/// The characters of `text` from column `start` to column `end`, backwards if
/// `end` is before it.
fn columns<'a>(
    text: &'a str,
    start: Option<usize>,
    end: Option<usize>,
    texts: &'a TextArena,
) -> &'a str {
    if start.is_none() && end.is_none() {
        return text;
    }
    let count = text.chars().count();
    let first = start.unwrap_or(1) - 1;
    match (start, end) {
        (Some(start), Some(end)) if end < start => {
            let reversed = text.chars().take(start).skip(end - 1);
            let reversed: Vec<char> = reversed.collect();
            texts.alloc(reversed.into_iter().rev().collect::<String>())
        }
        _ => {
            let end = end.unwrap_or(count).min(count);
            let part = text.chars().take(end).skip(first);
            texts.alloc(part.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `rcslice` 1.1.0 makes of these.
    #[test]
    fn rows_and_columns() {
        let texts = TextArena::default();
        let rows = ["abcd", "efgh", "ijkl"];
        let lines: Vec<Line> = rows.iter().map(|text| Line { text, source: 1 }).collect();
        for (written, expected) in [
            ("2", "efgh"),
            ("1-2", "abcd efgh"),
            ("2-", "efgh ijkl"),
            ("-2", "ijkl efgh"),
            ("1,3", "abcd | ijkl"),
            ("e", "ijkl"),
            ("1.3-2.2", "cd ef"),
            ("2.2-2.3", "fg"),
            ("2.3-2.2", "gf"),
            (".2-.3", "bc fg jk"),
            (".3-.2", "cb gf kj"),
            ("2-1.2", "efgh ab"),
            ("2-2.3", "hg"),
            ("3-1", "ijkl efgh abcd"),
            ("2-9", "efgh ijkl"),
            ("9", ""),
        ] {
            let slice = slice(&lines, written, &["|".to_owned()], &texts);
            let found: Vec<&str> = slice.iter().flatten().map(|line| line.text).collect();
            assert_eq!(found.join(" "), expected, "{written}");
        }
        for written in ["0", "1-2-3", "a", "1.2.3"] {
            assert!(slice(&lines, written, &[], &texts).is_none(), "{written}");
        }
    }
}
