//! Tables.

use std::collections::BTreeMap;

use super::block_lines::{BlockLines, Rule};
use super::{Line, Parser, Queue};
use crate::markdown::source::Limit;
use crate::markdown::tree::Id;
use crate::work::step;

/// A run of backticks in a row.
struct Ticks {
    /// Where it begins, with the backslash that escapes it.
    start: usize,
    /// Its last byte.
    end: usize,
    count: usize,
    is_escaped: bool,
}

/// Splits a row at each `|` that is neither escaped nor in code.
fn split(row: &str) -> Vec<&str> {
    let bytes = row.as_bytes();
    let mut runs: Vec<Ticks> = Vec::new();
    let mut pipes = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'\\') || bytes.get(at + 1) == Some(&b'|') => {
                at += 2
            }
            mark @ (b'\\' | b'`') if mark == b'`' || bytes.get(at + 1) == Some(&b'`') => {
                let start = at;
                let is_escaped = mark == b'\\';
                at += usize::from(is_escaped);
                let count = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                at += count;
                runs.push(Ticks {
                    start,
                    end: at - 1,
                    count,
                    is_escaped,
                });
            }
            b'|' => {
                pipes.push(at);
                at += 1;
            }
            _ => at += 1,
        }
    }
    let mut cells = Vec::new();
    let mut from = 0;
    let mut code = find_code(&runs).into_iter().peekable();
    for pipe in pipes {
        while code.next_if(|(_, end)| *end < pipe).is_some() {}
        if code.peek().is_some_and(|(start, _)| *start <= pipe) {
            continue;
        }
        cells.push(&row[from..pipe]);
        from = pipe + 1;
    }
    cells.push(&row[from..]);
    cells
}

/// The first and last byte of each piece of code that the runs enclose.
fn find_code(runs: &[Ticks]) -> Vec<(usize, usize)> {
    let mut by_count: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (nth, run) in runs.iter().enumerate() {
        by_count.entry(run.count).or_default().push(nth);
    }
    let mut code = Vec::new();
    let mut nth = 0;
    while let Some(open) = runs.get(nth) {
        step(1);
        // No run has none, so that an escaped backtick alone opens nothing.
        let count = open.count - usize::from(open.is_escaped);
        let close = by_count.get(&count).and_then(|equal| {
            let next = equal.partition_point(|other| *other <= nth);
            equal.get(next)
        });
        match close {
            Some(close) => {
                code.push((open.start, runs[*close].end));
                nth = close + 1;
            }
            None => nth += 1,
        }
    }
    code
}

/// The number of bytes that a missing cell adds to a page.
const CELL: usize = 10;

fn ends_with_pipe(row: &str) -> bool {
    let Some(before) = row.strip_suffix('|') else {
        return false;
    };
    (before.len() - before.trim_end_matches('\\').len()) % 2 == 0
}

/// The cells of a row.
fn cells(row: &str, has_border: bool) -> Vec<&str> {
    let mut row = row;
    if has_border {
        row = row.strip_prefix('|').unwrap_or(row);
        if ends_with_pipe(row) {
            row = &row[..row.len() - 1];
        }
    }
    split(row)
}

/// The alignment of a column, from its cell in the second line.
fn alignment(cell: &str) -> Option<&'static str> {
    let cell = cell.trim_matches(' ');
    let is_left = cell.starts_with(':');
    let is_right = cell.ends_with(':');
    if is_left && is_right {
        Some("center")
    } else if is_left {
        Some("left")
    } else if is_right {
        Some("right")
    } else {
        None
    }
}

/// Parses the first two lines of a table: whether it has a border, and the
/// alignment of its columns.
fn table_head(block: &mut BlockLines) -> Option<(bool, Vec<Option<&'static str>>)> {
    let head = block[0].text.trim_matches(' ');
    let second = block.get(1)?.text.trim_matches(' ');
    if !second.contains('-') && !second.contains(':') && !second.contains('|') {
        return None;
    }
    let has_border = head.starts_with('|') || ends_with_pipe(head);
    let count = cells(head, has_border).len();
    if count == 1 {
        let is_bare = |lines: &[Line], at: usize| {
            let row = lines[at].text.trim_matches(' ');
            (!row.starts_with('|') && !ends_with_pipe(row)).then_some(())
        };
        if !has_border || block.find(Rule::Unbordered, is_bare).is_some() {
            return None;
        }
    }
    let separators = cells(second, has_border);
    let is_separator = |cell: &&str| {
        cell.bytes()
            .all(|byte| matches!(byte, b'|' | b':' | b'-' | b' '))
    };
    if separators.len() != count || !separators.iter().all(is_separator) {
        return None;
    }
    Some((has_border, separators.into_iter().map(alignment).collect()))
}

impl<'a> Parser<'a, '_> {
    pub(super) fn table(&mut self, parent: Id, queue: &mut Queue<'a>) -> bool {
        if !self.options.tables {
            return false;
        }
        let Some(block) = queue.front_mut() else {
            return false;
        };
        if block.len() < 2 || !block[0].text.contains('|') {
            return false;
        }
        let Some((has_border, columns)) = table_head(block) else {
            return false;
        };
        let Some(block) = queue.pop_front() else {
            return false;
        };
        let table = self.tree.append(parent, "table", block[0].source);
        let head = self.tree.append(table, "thead", block[0].source);
        let body = self.tree.append(table, "tbody", block[1].source);
        for (at, line) in block.iter().enumerate().filter(|(at, _)| *at != 1) {
            let (part, tag) = if at == 0 { (head, "th") } else { (body, "td") };
            let cells = cells(line.text.trim_matches(' '), has_border);
            self.row(part, tag, line, &cells, &columns);
        }
        if block.len() == 2 {
            self.row(body, "td", &block[1], &[], &columns);
        }
        true
    }

    fn row(
        &mut self,
        part: Id,
        tag: &'a str,
        line: &super::Line<'a>,
        cells: &[&'a str],
        columns: &[Option<&'static str>],
    ) {
        let row = self.tree.append(part, "tr", line.source);
        // A row of one byte may lack thousands of cells.
        let missing = columns.len().saturating_sub(cells.len());
        let is_filled = self.page.may_add(missing * CELL, Limit::Cells, line.source);
        let count = if is_filled {
            columns.len()
        } else {
            cells.len()
        };
        for (at, column) in columns.iter().take(count).enumerate() {
            let cell = self.tree.append(row, tag, line.source);
            if let Some(side) = column
                && !cells.is_empty()
            {
                if self.options.table_align_attribute {
                    self.tree.set(cell, "align", *side);
                } else {
                    self.tree.set(cell, "style", format!("text-align: {side};"));
                }
            }
            let text = cells.get(at).map_or("", |text| text.trim_matches(' '));
            self.tree.append_leaf(cell, vec![line.with(text)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::source::lines::TextArena;

    #[test]
    fn rows() {
        assert_eq!(cells("| a | b |", true), [" a ", " b "]);
        assert_eq!(
            cells("a | `b|c` | d \\| e", false),
            ["a ", " `b|c` ", " d \\| e"]
        );
        let head = |rows: &[&str]| {
            let texts = TextArena::default();
            let line = |text: &&str| Line {
                text: texts.alloc(text),
                source: 1,
            };
            let lines: Vec<Line> = rows.iter().map(line).collect();
            table_head(&mut BlockLines::new(&lines))
        };
        assert_eq!(
            head(&["a | b", "--|:-:"]),
            Some((false, vec![None, Some("center")]))
        );
        assert_eq!(head(&["| a |", "|---|", "| b |"]), Some((true, vec![None])));
        assert_eq!(head(&["| a |", "|---|", "b"]), None);
        assert_eq!(head(&["a | b", "text"]), None);
    }
}
