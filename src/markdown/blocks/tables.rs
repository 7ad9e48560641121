use super::super::tree::Id;
use super::{Parser, Queue};

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
    let mut code = Vec::new();
    let mut run = 0;
    while run < runs.len() {
        let (start, _, ticks, is_escaped) = runs[run];
        let ticks = ticks - usize::from(is_escaped);
        let close = runs[run + 1..]
            .iter()
            .position(|(_, _, closing, _)| *closing == ticks)
            .filter(|_| ticks > 0);
        match close {
            Some(close) => {
                code.push((start, runs[run + 1 + close].1));
                run += close + 2;
            }
            None => run += 1,
        }
    }
    let mut cells = Vec::new();
    let mut from = 0;
    for pipe in pipes.into_iter().filter(|pipe| {
        !code
            .iter()
            .any(|(start, end)| (start..=end).contains(&pipe))
    }) {
        cells.push(&row[from..pipe]);
        from = pipe + 1;
    }
    cells.push(&row[from..]);
    cells
}

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

/// Whether these rows begin a table: whether it has a border, and how its
/// columns are aligned.
fn table_head(rows: &[&str]) -> Option<(bool, Vec<Option<&'static str>>)> {
    let (head, rest) = rows.split_first()?;
    let second = rest.first()?;
    if !second.contains('-') && !second.contains(':') && !second.contains('|') {
        return None;
    }
    let has_border = head.starts_with('|') || ends_with_pipe(head);
    let count = cells(head, has_border).len();
    if count == 1
        && !(has_border
            && rest
                .iter()
                .all(|row| row.starts_with('|') || ends_with_pipe(row)))
    {
        return None;
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
            .front()
            .filter(|block| self.options.tables && block.len() > 1)
        else {
            return false;
        };
        if !block[0].text.contains('|') {
            return false;
        }
        let rows: Vec<&'a str> = block
            .iter()
            .map(|line| line.text.trim_matches(' '))
            .collect();
        let Some((has_border, columns)) = table_head(&rows) else {
            return false;
        };
        let block = queue.pop_front().unwrap_or_default();
        let table = self.tree.append(parent, "table", block[0].source);
        let head = self.tree.append(table, "thead", block[0].source);
        let body = self.tree.append(table, "tbody", block[1].source);
        for (at, line) in block.iter().enumerate().filter(|(at, _)| *at != 1) {
            let (part, tag) = if at == 0 { (head, "th") } else { (body, "td") };
            let found = cells(rows[at], has_border);
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
        for (at, column) in columns.iter().enumerate() {
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

    #[test]
    fn rows() {
        assert_eq!(cells("| a | b |", true), [" a ", " b "]);
        assert_eq!(
            cells("a | `b|c` | d \\| e", false),
            ["a ", " `b|c` ", " d \\| e"]
        );
        assert_eq!(
            table_head(&["a | b", "--|:-:"]),
            Some((false, vec![None, Some("center")]))
        );
        assert_eq!(
            table_head(&["| a |", "|---|", "| b |"]),
            Some((true, vec![None]))
        );
        assert_eq!(table_head(&["| a |", "|---|", "b"]), None);
        assert_eq!(table_head(&["a | b", "text"]), None);
    }
}
