//! `{* file.py ln[1:3] hl[2] title["x"] *}` of `markdown_include_variants`: an
//! example in the variants for several versions of Python that lie beside it.
//!
//! It becomes generic blocks with marks that `mdx_include` reads afterwards.

use super::Reader;
use crate::markdown::source::lines::Line;
use crate::text::is_word;

/// Endings of names: annotated types, and versions of Python.
const ENDINGS: [&str; 4] = ["_an", "_py39", "_py310", "_py311"];

/// Versions of Python with the ending of their files, the newest first.
const VERSIONS: [(&str, &str); 4] = [
    ("_py311", "Python 3.11+"),
    ("_py310", "Python 3.10+"),
    ("_py39", "Python 3.9+"),
    ("", "Python 3.8+"),
];

/// A file that exists.
#[derive(Debug, Clone)]
struct Variant {
    path: String,
    title: String,
    /// Whether it uses annotated types; `None` if there are not both kinds.
    annotated: Option<bool>,
    is_oldest: bool,
}

/// A range of lines, both ends included, from 1.
type Range = (usize, usize);

/// What a line asks for.
#[derive(Default)]
struct Mark<'t> {
    path: &'t str,
    lines: Vec<Range>,
    highlighted: Vec<Range>,
    title: Option<&'t str>,
}

impl<'t> Mark<'t> {
    /// The mark that a line is. The error is what cannot be read in it.
    fn parse(line: &'t str) -> Option<Result<Self, &'t str>> {
        let inner = line.strip_prefix("{*")?.strip_suffix("*}")?.trim_start();
        let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
        let (path, mut rest) = inner.split_at(end);
        if path.is_empty() {
            return None;
        }
        let mut mark = Self {
            path,
            ..Self::default()
        };
        while let Some((before, behind)) = rest.split_once('[') {
            let name = before.trim_end_matches(is_word).len();
            let Some((value, after)) = behind.split_once(']') else {
                break;
            };
            rest = after;
            let understood = match &before[name..] {
                "ln" => ranges(value).map(|ranges| mark.lines.extend(ranges)),
                "hl" => ranges(value).map(|ranges| mark.highlighted.extend(ranges)),
                "title" => {
                    let inner = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
                    inner.map(|inner| mark.title = Some(inner))
                }
                _ => Some(()),
            };
            if understood.is_none() {
                return Some(Err(value));
            }
        }
        Some(Ok(mark))
    }
}

/// The ranges in `1:3,5`, in order; `None` if that cannot be read.
fn ranges(text: &str) -> Option<Vec<Range>> {
    let number = |text: &str| text.trim().parse::<usize>().ok();
    let range = |text: &str| match text.split_once(':') {
        Some((start, end)) => Some((number(start)?, number(end)?)),
        None => Some((number(text)?, number(text)?)),
    };
    let mut ranges: Vec<Range> = text.trim().split(',').map(range).collect::<Option<_>>()?;
    ranges.sort_unstable();
    Some(ranges)
}

/// Replaces the marks in `lines`.
pub(super) fn include<'a>(reader: &mut Reader<'a, '_>, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    let mut output = Vec::with_capacity(lines.len());
    for line in lines {
        let mark = match Mark::parse(line.text) {
            None => {
                output.push(line);
                continue;
            }
            Some(Err(value)) => {
                reader.report_bad_lines(value, line.text, line.source);
                continue;
            }
            Some(Ok(mark)) => mark,
        };
        match preferred(reader, mark.path) {
            Some((preferred, others)) => {
                let text = blocks(reader, &mark, &preferred, &others);
                let text = text.iter().map(|text| line.with(reader.texts.alloc(text)));
                output.extend(text);
            }
            None => reader.report_missing(mark.path, mark.path, line.source),
        }
    }
    output
}

/// The variant at `path` and the others, the best first.
fn preferred(reader: &mut Reader<'_, '_>, path: &str) -> Option<(Variant, Vec<Variant>)> {
    let path = clean(path);
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let base = without_endings(stem);
    let mut variants = exist(reader, |ending| {
        below(folder, &format!("{base}{ending}.py"))
    });
    if let [only] = &variants[..] {
        let (parent, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let base = without_endings(name);
        let in_folders = exist(reader, |ending| {
            below(&below(parent, &format!("{base}{ending}")), file)
        });
        let is_default = |it: &Variant| it.is_oldest && it.annotated.is_none();
        if let [in_folder] = &in_folders[..] {
            if is_default(only) && !is_default(in_folder) {
                variants = in_folders;
            }
        } else if in_folders.len() > 1 {
            variants = in_folders;
        }
    }
    let at = variants.iter().position(|variant| variant.path == path)?;
    let preferred = variants.remove(at);
    // Annotated ones first, each kind with the newest first.
    variants.sort_by_key(|variant| match variant.annotated {
        Some(true) => 0,
        Some(false) => 1,
        None => 2,
    });
    Some((preferred, variants))
}

/// `path` as Python's `Path` writes it.
fn clean(path: &str) -> String {
    let root = if path.starts_with('/') { "/" } else { "" };
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    root.to_owned() + &parts.collect::<Vec<_>>().join("/")
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

fn without_endings(name: &str) -> &str {
    let shorter = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    shorter.map_or(name, without_endings)
}

/// The variants that exist, the newest first. `path` makes a path of an ending.
fn exist(reader: &mut Reader<'_, '_>, path: impl Fn(&str) -> String) -> Vec<Variant> {
    let mut found = Vec::new();
    for (ending, title) in VERSIONS {
        let plain = path(ending);
        let annotated = path(&format!("_an{ending}"));
        let has_plain = reader.file(&plain).is_some();
        let has_annotated = reader.file(&annotated).is_some();
        let mut push = |path: String, title: String, is_annotated: bool, both: bool| {
            found.push(Variant {
                path,
                title,
                annotated: both.then_some(is_annotated),
                is_oldest: ending.is_empty(),
            });
        };
        if has_annotated {
            push(annotated, title.to_owned(), true, true);
        }
        if has_plain {
            let title = if has_annotated {
                format!("{title} - non-Annotated")
            } else {
                title.to_owned()
            };
            push(plain, title, false, has_annotated);
        }
    }
    found
}

/// The first line of a fence.
fn fence(highlighted: &[Range], title: Option<&str>) -> String {
    let mut line = "```python".to_owned();
    if !highlighted.is_empty() {
        let ranges = highlighted.iter().map(|(start, end)| {
            if start == end {
                start.to_string()
            } else {
                format!("{start}-{end}")
            }
        });
        line += &format!(" hl_lines=\"{}\"", ranges.collect::<Vec<_>>().join(" "));
    }
    if let Some(title) = title.filter(|title| !title.is_empty()) {
        line += &format!(" title=\"{title}\"");
    }
    line
}

/// Where the highlighted lines are in what is shown of the file.
fn shown_lines(lines: &[Range], highlighted: &[Range]) -> Vec<Range> {
    if lines.is_empty() {
        return highlighted.to_vec();
    }
    let mut shown = Vec::new();
    let mut offset = 0;
    for (nth, (start, end)) in lines.iter().enumerate() {
        if *start > 1 {
            // The lines that say that something is left out.
            offset = if nth == 0 { 2 } else { offset + 3 };
        }
        let is_inside = |it: &&Range| it.0 >= *start && it.1 <= *end;
        let move_by = |line: usize| (line + offset + 1).saturating_sub(*start);
        let inside = highlighted.iter().filter(is_inside);
        shown.extend(inside.map(|(first, last)| (move_by(*first), move_by(*last))));
        offset = (offset + end + 1).saturating_sub(*start);
    }
    shown
}

/// The lines that a mark becomes.
fn blocks(
    reader: &mut Reader<'_, '_>,
    mark: &Mark<'_>,
    preferred: &Variant,
    others: &[Variant],
) -> Vec<String> {
    let whole = |variant: &Variant| format!("{{!{}!}}", variant.path);
    let tab = |variant: &Variant| format!("//// tab | {}", variant.title);
    let mut made: Vec<String> = Vec::new();
    let mut push = |lines: &[&str]| made.extend(lines.iter().map(|line| (*line).to_owned()));
    let path = &preferred.path;
    let count = reader.file(path).map_or(0, |(_, lines)| {
        lines.len() - usize::from(lines.last().is_some_and(|last| last.text.is_empty()))
    });
    let shown = shown_lines(&mark.lines, &mark.highlighted);
    if mark.lines.is_empty() {
        let first = fence(&shown, mark.title);
        push(&[
            &tab(preferred),
            &first,
            &whole(preferred),
            "```",
            "",
            "////",
            "",
        ]);
    } else if mark.lines != [(0, 0)] {
        push(&[&tab(preferred), &fence(&shown, mark.title)]);
        for (nth, (start, end)) in mark.lines.iter().enumerate() {
            if nth == 0 && *start > 1 {
                push(&["# Code above omitted \u{1f446}", ""]);
            }
            if nth > 0 {
                push(&["", "# Code here omitted \u{1f448}", ""]);
            }
            push(&[&format!("{{!{path}[ln:{start}-{end}]!}}")]);
            if nth + 1 == mark.lines.len() && *end < count {
                push(&["", "# Code below omitted \u{1f447}"]);
            }
        }
        push(&["```", "", "////", ""]);
    }
    if !mark.lines.is_empty() {
        let first = fence(&mark.highlighted, mark.title);
        push(&[
            "///// details | \u{1f440} Full file preview",
            "",
            &tab(preferred),
            "",
            &first,
        ]);
        push(&[&whole(preferred), "```", "", "////", "", "/////", ""]);
    }
    if !others.is_empty() {
        push(&["///// details | \u{1f913} Other versions and variants", ""]);
        for variant in others {
            push(&[&tab(variant), ""]);
            if variant.annotated == Some(false) {
                let advice = "Prefer to use the `Annotated` version if possible.";
                push(&["/// tip", "", advice, "", "///", ""]);
            }
            push(&[&fence(&[], mark.title), &whole(variant), "```", "////"]);
        }
        push(&["", "/////", ""]);
    }
    made
}
