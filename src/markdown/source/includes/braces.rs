//! `{!file!}` and `{!file!lines=1 3-5}` of `markdown_include`.
//!
//! The reference replaces lines in the list that it is walking over. What
//! follows from that, for example that a line after an empty file is not read
//! again, holds here too.

use super::{Reader, joined};
use crate::markdown::options::IncludeBraces;
use crate::markdown::source::lines::Line;

/// The first mark in a line.
struct Mark<'t> {
    start: usize,
    end: usize,
    path: &'t str,
    lines: Option<&'t str>,
}

impl<'t> Mark<'t> {
    fn find(line: &'t str) -> Option<Self> {
        let start = line.find("{!")?;
        let inner = &line[start + 2..];
        let space = inner.len() - inner.trim_start().len();
        // The path has at least one character.
        let first = inner[space..].chars().next()?.len_utf8();
        let from = space + first;
        for (at, _) in inner[from..].match_indices('!') {
            let (path, rest) = (&inner[..from + at], &inner[from + at + 1..]);
            let (lines, rest) = match rest.strip_prefix("lines=") {
                None => (None, rest),
                Some(rest) => {
                    let is_part = |it: char| it.is_ascii_digit() || matches!(it, ' ' | '-');
                    let bare = rest.trim_start_matches(is_part);
                    (Some(&rest[..rest.len() - bare.len()]), bare)
                }
            };
            if let Some(behind) = rest.strip_prefix('}')
                && lines.is_none_or(|lines| !lines.is_empty())
            {
                return Some(Self {
                    start,
                    end: line.len() - behind.len(),
                    path: path.trim(),
                    lines,
                });
            }
        }
        None
    }
}

/// Replaces the marks in `lines`.
pub(super) fn include<'a>(
    reader: &mut Reader<'a, '_>,
    lines: Vec<Line<'a>>,
    options: &IncludeBraces,
) -> Vec<Line<'a>> {
    let mut output: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    // The lines that are still to be read, in reverse.
    let mut waiting: Vec<Line<'a>> = lines.into_iter().rev().collect();
    let mut depth = 0;
    while let Some(line) = waiting.pop() {
        // What the line has become so far.
        let mut made = vec![line];
        let mut is_missing = false;
        while let Some((nth, mark)) = first_mark(&made) {
            // Where a line has several marks, the reference repeats what an
            // earlier one has put after the first line.
            waiting.extend(made[1..].iter().rev());
            let Some(text) = read(reader, &mark, made[nth], depth, options) else {
                is_missing = true;
                break;
            };
            let replaced = replaced(reader, made[nth], &mark, &text);
            made.splice(nth..=nth, replaced);
        }
        if is_missing {
            for line in &mut made {
                line.text = reader.texts.alloc(without_marks(line.text));
            }
            output.append(&mut made);
            continue;
        }
        match made.split_first() {
            Some((first, rest)) => {
                depth = heading_depth(first.text).unwrap_or(depth);
                output.push(*first);
                waiting.extend(rest.iter().rev());
            }
            // The reference passes over the line that is in its place then.
            None => output.extend(waiting.pop()),
        }
    }
    output
}

/// The first mark in `lines`, with the index of its line.
fn first_mark<'a>(lines: &[Line<'a>]) -> Option<(usize, Mark<'a>)> {
    let mut numbered = lines.iter().enumerate();
    numbered.find_map(|(nth, line)| Some((nth, Mark::find(line.text)?)))
}

/// How many `#` a line begins with, if any.
fn heading_depth(line: &str) -> Option<usize> {
    let depth = line.len() - line.trim_start_matches('#').len();
    (depth > 0).then_some(depth)
}

/// A line without any mark.
fn without_marks(line: &str) -> String {
    let mut to = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(mark) = Mark::find(rest) {
        to.push_str(&rest[..mark.start]);
        rest = &rest[mark.end..];
    }
    to + rest
}

/// The lines that a mark stands for; `None` if there is no such file.
fn read<'a>(
    reader: &mut Reader<'a, '_>,
    mark: &Mark<'_>,
    line: Line<'a>,
    depth: usize,
    options: &IncludeBraces,
) -> Option<Vec<Line<'a>>> {
    let path = joined(&options.base_path, mark.path);
    let Some((file, lines)) = reader.file(&path) else {
        reader.report_missing(&path, mark.path, line.source);
        return None;
    };
    if !reader.may_open(&file) {
        reader.report_circle(mark.path, line.source);
        return None;
    }
    // The text after the last line break is no line.
    let lines = match lines {
        [lines @ .., last] if last.text.is_empty() => lines,
        lines => lines,
    };
    let Some(lines) = reader.take(&file, lines, line.source) else {
        reader.report_too_much(mark.path, line.source);
        return None;
    };
    reader.open.push(file);
    let lines = include(reader, lines, options);
    reader.open.pop();
    let mut lines = match mark.lines {
        None => lines,
        Some(written) => match select(&lines, written) {
            Some(lines) => lines,
            None => {
                reader.report_bad_lines(written.trim(), mark.path, line.source);
                return None;
            }
        },
    };
    let bonus = if options.inherits_depth { depth } else { 0 } + options.heading_offset;
    for line in lines
        .iter_mut()
        .filter(|line| bonus > 0 && line.text.starts_with('#'))
    {
        let text = format!("{}{}", "#".repeat(bonus), line.text);
        line.text = reader.texts.alloc(text);
    }
    Some(lines)
}

/// The lines that `1 3-5` names; `None` if that cannot be read.
fn select<'a>(lines: &[Line<'a>], written: &str) -> Option<Vec<Line<'a>>> {
    let mut selected = Vec::new();
    for part in written.split_ascii_whitespace() {
        let Some((start, end)) = part.split_once('-') else {
            let number: usize = part.parse().ok()?;
            // As in Python, 0 is the last.
            let index = number.min(lines.len()).checked_sub(1);
            selected.push(*match index {
                Some(index) => lines.get(index)?,
                None => lines.last()?,
            });
            continue;
        };
        let (mut start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
        let end = end.min(lines.len());
        if start > end {
            start = end.saturating_sub(1).max(1);
        }
        let first = start
            .checked_sub(1)
            .unwrap_or(lines.len().saturating_sub(1));
        selected.extend(lines.get(first..end).unwrap_or_default());
        // A range may be named any number of times.
        if selected.len() > super::super::snippets::LINES {
            return None;
        }
    }
    Some(selected)
}

/// `line` with `text` in place of `mark`, as lines.
fn replaced<'a>(
    reader: &Reader<'a, '_>,
    line: Line<'a>,
    mark: &Mark<'_>,
    text: &[Line<'a>],
) -> Vec<Line<'a>> {
    let (before, behind) = (&line.text[..mark.start], &line.text[mark.end..]);
    let filled = |line: &Line| !line.text.trim().is_empty();
    let first = text.iter().position(filled);
    let last = text.iter().rposition(filled);
    let Some((first, last)) = first.zip(last) else {
        let text = format!("{before}{behind}");
        if text.is_empty() {
            return Vec::new();
        }
        return vec![line.with(reader.texts.alloc(text))];
    };
    let mut made = text[first..=last].to_vec();
    let count = made.len();
    made[0].text = made[0].text.trim_start();
    made[count - 1].text = made[count - 1].text.trim_end();
    if !before.is_empty() {
        made[0].text = reader.texts.alloc(format!("{before}{}", made[0].text));
    }
    if !behind.is_empty() {
        let last = &mut made[count - 1];
        last.text = reader.texts.alloc(format!("{}{behind}", last.text));
    }
    made
}
