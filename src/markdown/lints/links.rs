//! Links whose brackets do not meet.

use super::lines::{Lines, TextLine};
use super::{Meant, Source, is_address};

pub(super) fn find(source: &mut Source<'_>, lines: &Lines<'_>, nth: usize) {
    let line = &lines.all[nth];
    if !line.has(b']') {
        return;
    }
    spaced_link(source, lines, line);
    if line.has(b'\\') {
        escaped_link(source, line);
    }
    if !line.text.is_ascii() {
        wide_link(source, line);
    }
}

/// `[text] (https://example.org)`.
fn spaced_link(source: &mut Source<'_>, lines: &Lines<'_>, line: &TextLine<'_>) {
    for (at, _) in line.text.match_indices(']') {
        let after = &line.text[at + 1..];
        let rest = after.trim_start_matches([' ', '\u{a0}', '\u{3000}']);
        let blanks = after.len() - rest.len();
        let Some(target) = rest.strip_prefix('(').and_then(|it| it.split_once(')')) else {
            continue;
        };
        let Some(start) = opening(&line.text[..at]) else {
            continue;
        };
        let label = &line.text[start + 1..at];
        let is_reference = label.starts_with('^')
            || line.text[..start].ends_with(']')
            || lines.labels.contains(&label.to_lowercase());
        if blanks > 0 && !is_reference && is_address(target.0) && !line.is_code(at) {
            let place = (line.at + at, blanks + 2);
            let message = "with a blank between `]` and `(`, this is not a link";
            source.report(
                "spaced-link",
                place,
                message,
                Meant::Surely("](".to_owned()),
            );
        }
    }
}

/// Where the bracket begins that ends with a text.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, it) in text.bytes().enumerate().rev() {
        match it {
            b']' => depth += 1,
            b'[' if depth == 0 => return Some(at),
            b'[' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `\[text\](https://example.org)`.
fn escaped_link(source: &mut Source<'_>, line: &TextLine<'_>) {
    let mut from = 0;
    while let Some(middle) = line.text[from..].find("\\](") {
        let middle = from + middle;
        let target = &line.text[middle + 3..];
        let target = &target[..target.find(')').unwrap_or(target.len())];
        let start = line.text[from..middle].rfind("\\[").map(|it| from + it);
        from = middle + 3;
        if let Some(start) = start
            && is_address(target)
            && !line.is_code(start)
        {
            let text = &line.text[start + 2..middle];
            let meant = Meant::Surely(format!("[{text}]("));
            let message = "its backslashes keep this from being a link";
            source.report(
                "escaped-link",
                (line.at + start, from - start),
                message,
                meant,
            );
        }
    }
}

/// `[text]（b.md）`.
fn wide_link(source: &mut Source<'_>, line: &TextLine<'_>) {
    const OPEN: &str = "]\u{ff08}";
    for (at, _) in line.text.match_indices(OPEN) {
        let rest = &line.text[at + OPEN.len()..];
        let Some(end) = rest.find(['\u{ff09}', ')']) else {
            continue;
        };
        let target = &rest[..end];
        let looks_like_address = target.contains(['/', '.', '#']);
        // A link in parentheses behind another one is as it should be.
        let is_text = target.contains([' ', '[', ']', '(']);
        if looks_like_address && !is_text && !line.is_code(at) {
            let close = rest[end..].chars().next().map_or(0, char::len_utf8);
            let meant = Meant::Surely(format!("]({target})"));
            let place = (line.at + at, OPEN.len() + end + close);
            source.report(
                "wide-link",
                place,
                "full-width parentheses do not make a link",
                meant,
            );
        }
    }
}
