use std::collections::BTreeMap;

use super::stretch::{Rule, Stretch};
use super::{Line, Parser, Queue};
use crate::markdown::source::Bound;
use crate::markdown::tree::Id;
use crate::work::step;

/// The cells of a row, where each `|` that is neither escaped nor in code
/// separates two.
fn split(row: &str) -> Vec<&str> {
    let bytes = row.as_bytes();
    // Runs of backticks: (first, last, how many may close it, whether escaped).
    let mut runs: Vec<(usize, usize, usize, bool)> = Vec::new();
    let mut pipes = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'\\') || bytes.get(at + 1) == Some(&b'|') => {
                at += 2
            }
            mark @ (b'\\' | b'`') if mark == b'`' || bytes.get(at + 1) == Some(&b'`') => {
                let start = at;
                at += usize::from(mark == b'\\');
                let ticks = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                at += ticks;
                runs.push((start, at - 1, ticks, mark == b'\\'));
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
    let mut code = code(&runs).into_iter().peekable();
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

/// Where code begins and ends, of runs of backticks.
fn code(runs: &[(usize, usize, usize, bool)]) -> Vec<(usize, usize)> {
    let mut by_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (nth, (_, _, ticks, _)) in runs.iter().enumerate() {
        by_length.entry(*ticks).or_default().push(nth);
    }
    let mut found = Vec::new();
    let mut run = 0;
    while let Some((start, _, ticks, is_escaped)) = runs.get(run) {
        step(1);
        let ticks = ticks - usize::from(*is_escaped);
        let close = by_length.get(&ticks).filter(|_| ticks > 0).and_then(|all| {
            let next = all.partition_point(|nth| *nth <= run);
            all.get(next)
        });
        match close {
            Some(close) => {
                found.push((*start, runs[*close].1));
                run = close + 1;
            }
            None => run += 1,
        }
    }
    found
}

/// What a cell without text takes of a page, in bytes.
const CELL: usize = 10;

fn ends_with_pipe(row: &str) -> bool {
    let Some(before) = row.strip_suffix('|') else {
        return false;
    };
    (before.len() - before.trim_end_matches('\\').len()) % 2 == 0
}

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

fn alignment(cell: &str) -> Option<&'static str> {
    let cell = cell.trim_matches(' ');
    match (cell.starts_with(':'), cell.ends_with(':')) {
        (true, true) => Some("center"),
        (true, false) => Some("left"),
        (false, true) => Some("right"),
        (false, false) => None,
    }
}

/// Whether these lines begin a table: whether it has a border, and how its
/// columns are aligned.
fn table_head(block: &mut Stretch) -> Option<(bool, Vec<Option<&'static str>>)> {
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
        let Some(block) = queue
            .front_mut()
            .filter(|block| self.options.tables && block.len() > 1)
        else {
            return false;
        };
        if !block[0].text.contains('|') {
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
            let found = cells(line.text.trim_matches(' '), has_border);
            self.row(part, tag, line, &found, &columns);
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
        found: &[&'a str],
        columns: &[Option<&'static str>],
    ) {
        let row = self.tree.append(part, "tr", line.source);
        // Cells that nobody wrote: a row of one byte may lack thousands.
        let lacks = columns.len().saturating_sub(found.len());
        let is_filled = self.page.may_add(lacks * CELL, Bound::Cells, line.source);
        let count = if is_filled {
            columns.len()
        } else {
            found.len()
        };
        for (at, column) in columns.iter().take(count).enumerate() {
            let cell = self.tree.append(row, tag, line.source);
            if let Some(side) = column.filter(|_| !found.is_empty()) {
                self.tree.set(cell, "style", format!("text-align: {side};"));
            }
            let text = found.get(at).map_or("", |text| text.trim_matches(' '));
            self.tree.append_leaf(cell, vec![line.with(text)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::source::lines::Texts;

    #[test]
    fn rows() {
        assert_eq!(cells("| a | b |", true), [" a ", " b "]);
        assert_eq!(
            cells("a | `b|c` | d \\| e", false),
            ["a ", " `b|c` ", " d \\| e"]
        );
        let head = |rows: &[&str]| {
            let texts = Texts::default();
            let line = |text: &&str| Line {
                text: texts.alloc(text),
                source: 1,
            };
            let lines: Vec<Line> = rows.iter().map(line).collect();
            table_head(&mut Stretch::new(&lines))
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
