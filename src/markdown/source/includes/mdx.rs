//! `{! file [ln:1-3] | encoding !}` of `mdx_include`.

use super::{Reader, joined, slices};
use crate::diagnostic::Rule;
use crate::markdown::options::IncludeMdx;
use crate::markdown::source::lines::Line;

/// A mark in a line.
struct Mark<'t> {
    start: usize,
    end: usize,
    /// Whether a backslash before it makes it text.
    is_escaped: bool,
    /// Whether it says that marks in the file are read, or are not.
    recursive: Option<bool>,
    /// Whether what is before it in its line is repeated before each line.
    indents: bool,
    path: &'t str,
    lines: Option<&'t str>,
}

impl<'t> Mark<'t> {
    /// The first mark in `line` from byte `from` on.
    fn find(line: &'t str, from: usize, options: &IncludeMdx) -> Option<Self> {
        let mut at = from;
        loop {
            let start = at + line[at..].find(&options.open)?;
            let inside = start + options.open.len();
            // Without an end there, no later mark has one either.
            line[inside..].find(&options.close)?;
            if let Some(mark) = Self::read(line, start, inside, options) {
                let is_escaped = line[from..start].ends_with('\\');
                return Some(Self {
                    start: start - usize::from(is_escaped),
                    is_escaped,
                    ..mark
                });
            }
            at = inside;
        }
    }

    /// The mark whose inside begins at byte `inside`.
    fn read(line: &'t str, start: usize, inside: usize, options: &IncludeMdx) -> Option<Self> {
        let mut rest = &line[inside..];
        let mut recursive = None;
        for (mark, meaning) in [(&options.recurse_on, true), (&options.recurse_off, false)] {
            if let Some(behind) = after_mark(rest, mark) {
                recursive = Some(meaning);
                rest = behind;
                break;
            }
        }
        let apply = options.apply_indent.as_str();
        let behind = after_mark(rest, apply);
        let indents = behind.is_some();
        let rest = behind.unwrap_or(rest).trim_start();
        let is_end = |at: usize| {
            let tail = &rest[at..];
            tail.starts_with(&options.close)
                || tail.starts_with(&options.delimiter)
                || tail.starts_with(['[', ']', '|'])
        };
        let first = rest.chars().next()?.len_utf8();
        let mut ends = rest
            .char_indices()
            .map(|(at, _)| at)
            .skip_while(|at| *at < first);
        let end = ends.find(|at| is_end(*at))?;
        let path = rest[..end].trim_end();
        let mut tail = &rest[end..];
        let mut lines = None;
        if let Some(inner) = tail.strip_prefix("[ln:") {
            let (written, behind) = inner.split_once(']')?;
            let is_part = |it: char| it.is_ascii_digit() || matches!(it, '.' | ',' | '-');
            if written.is_empty() || !written.chars().all(is_part) {
                return None;
            }
            lines = Some(written);
            tail = behind.trim_start();
        }
        // Texts are always read as UTF-8.
        if let Some(encoding) = tail.strip_prefix(options.delimiter.as_str()) {
            let bare = encoding.trim_start();
            let first = bare.chars().next()?.len_utf8();
            tail = &bare[first + bare[first..].find(&options.close)?..];
        }
        let behind = tail.strip_prefix(options.close.as_str())?;
        Some(Self {
            start,
            end: line.len() - behind.len(),
            is_escaped: false,
            recursive,
            indents,
            path,
            lines,
        })
    }
}

/// What follows `mark` at the start of `text`, if there is such a mark.
fn after_mark<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    if mark.is_empty() {
        return None;
    }
    text.strip_prefix(mark)
}

/// Replaces the marks in `lines`.
pub(super) fn include<'a>(
    reader: &mut Reader<'a, '_>,
    lines: Vec<Line<'a>>,
    options: &IncludeMdx,
) -> Vec<Line<'a>> {
    processed(reader, lines, "", options)
}

/// Replaces the marks in the lines of the file at `parent`.
fn processed<'a>(
    reader: &mut Reader<'a, '_>,
    lines: Vec<Line<'a>>,
    parent: &str,
    options: &IncludeMdx,
) -> Vec<Line<'a>> {
    let mut output = Vec::with_capacity(lines.len());
    for line in lines {
        if !line.text.contains(&options.open) {
            output.push(line);
            continue;
        }
        let mut made: Vec<Line<'a>> = Vec::new();
        let mut copied = 0;
        while let Some(mark) = Mark::find(line.text, copied, options) {
            let before = &line.text[copied..mark.start];
            copied = mark.end;
            let text = if mark.is_escaped {
                vec![line.with(&line.text[mark.start + 1..mark.end])]
            } else {
                match read(reader, &mark, line, parent, options) {
                    Some(text) => text,
                    None if options.truncates => Vec::new(),
                    None => vec![line.with(&line.text[mark.start..mark.end])],
                }
            };
            append(reader, &mut made, line, before, &text, mark.indents);
        }
        let behind = &line.text[copied..];
        match made.last_mut() {
            Some(_) if behind.is_empty() => {}
            Some(last) => last.text = reader.texts.alloc(format!("{}{behind}", last.text)),
            None => made.push(line.with(behind)),
        }
        output.append(&mut made);
    }
    output
}

/// Appends what is before a mark in its line, and the text that the mark stands
/// for.
fn append<'a>(
    reader: &Reader<'a, '_>,
    made: &mut Vec<Line<'a>>,
    line: Line<'a>,
    before: &'a str,
    text: &[Line<'a>],
    indents: bool,
) {
    let Some((first, rest)) = text.split_first() else {
        made.push(line.with(before));
        return;
    };
    let with = |line: &Line<'a>, before: &str| match before {
        "" => *line,
        before => line.with(reader.texts.alloc(format!("{before}{}", line.text))),
    };
    if let Some(last) = made.last_mut() {
        let joined = format!("{}{before}{}", last.text, first.text);
        last.text = reader.texts.alloc(joined);
        made.extend(rest);
    } else {
        made.push(with(first, before));
        let before = if indents { before } else { "" };
        made.extend(rest.iter().map(|line| with(line, before)));
    }
}

/// The lines that a mark stands for; `None` if there are none.
fn read<'a>(
    reader: &mut Reader<'a, '_>,
    mark: &Mark<'_>,
    line: Line<'a>,
    parent: &str,
    options: &IncludeMdx,
) -> Option<Vec<Line<'a>>> {
    let (written, at) = (mark.path, line.source);
    if written
        .split_once("://")
        .is_some_and(|(_, host)| !host.is_empty())
    {
        reader.report_remote(written, at);
        return None;
    }
    if !options.allows_files {
        let message = format!("`allow_local: false` keeps `{written}` from being included");
        reader.report(
            Rule::MissingSnippet,
            message,
            "remove it, or allow it",
            written,
            at,
        );
        return None;
    }
    let path = match parent.rsplit_once('/') {
        Some((folder, _)) if options.relative_to_parent => joined(folder, written),
        None if options.relative_to_parent && !parent.is_empty() => written.to_owned(),
        _ => joined(&options.base_path, written),
    };
    let Some((file, lines)) = reader.file(&path) else {
        reader.report_missing(&path, written, at);
        return None;
    };
    let selected;
    let lines = match mark.lines {
        None => lines,
        Some(wanted) => {
            match slices::slice(lines, wanted, &options.separator, reader.texts) {
                Some(lines) => selected = lines,
                None => {
                    reader.report_bad_lines(wanted, written, at);
                    return None;
                }
            }
            &selected
        }
    };
    let Some(lines) = reader.take(&file, lines, at) else {
        reader.report_too_much(written, at);
        return None;
    };
    let recursive = options.recursive && mark.recursive != Some(false);
    if !recursive || !lines.iter().any(|line| line.text.contains(&options.open)) {
        return Some(lines);
    }
    if !reader.may_open(&file) {
        reader.report_circle(written, at);
        return None;
    }
    reader.open.push(file);
    let lines = processed(reader, lines, &path, options);
    reader.open.pop();
    Some(lines)
}
