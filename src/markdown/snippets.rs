//! `--8<-- "file"`: text included from other files.
//!
//! Follows pymdownx.snippets, but that nothing is fetched from the network.

use super::lines::{Line, Texts, expanded, split};
use super::options::Snippets;
use super::page::Page;
use super::{Snippet, Surroundings};
use crate::diagnostic::{Diagnostic, suggest};

fn is_marked(text: &str) -> bool {
    text.contains('8') && text.contains("8<-")
}

/// Snippets within snippets, at most.
const DEPTH: usize = 32;

/// Lines that one page may include: a snippet that includes itself twice
/// doubles with every level.
const LINES: usize = 200_000;

struct Inclusion<'a, 'b> {
    page: &'b Page<'a>,
    options: &'b Snippets,
    site: &'b dyn Surroundings,
    texts: &'a Texts,
    /// Files that are being included now.
    open: Vec<String>,
    lines: Vec<Line<'a>>,
    diagnostics: Vec<Diagnostic>,
}

/// Replaces the snippet marks among `lines` by what they name.
pub fn include<'a>(
    page: &Page<'a>,
    lines: Vec<Line<'a>>,
    options: &Snippets,
    site: &dyn Surroundings,
    texts: &'a Texts,
) -> (Vec<Line<'a>>, Vec<Diagnostic>) {
    let has_marks = lines.iter().any(|line| is_marked(line.text));
    if !has_marks && options.auto_append.is_empty() {
        return (lines, Vec::new());
    }
    let last = lines.last().map_or(1, |line| line.source);
    let mut inclusion = Inclusion {
        page,
        options,
        site,
        texts,
        open: Vec::new(),
        lines: Vec::with_capacity(lines.len()),
        diagnostics: Vec::new(),
    };
    inclusion.read(&lines, false);
    for path in &options.auto_append {
        inclusion.lines.push(Line {
            text: "",
            source: last,
        });
        inclusion.lines.push(Line {
            text: "",
            source: last,
        });
        inclusion.snippet(path, "", last);
    }
    (inclusion.lines, inclusion.diagnostics)
}

impl<'a> Inclusion<'a, '_> {
    fn read(&mut self, lines: &[Line<'a>], is_section: bool) {
        let mut in_block = false;
        for line in lines {
            if self.lines.len() > LINES {
                return;
            }
            if !is_marked(line.text) {
                match in_block {
                    true => self.block_path(*line),
                    false => self.lines.push(*line),
                }
                continue;
            }
            match Mark::of(line.text) {
                Some(Mark::Escaped) => {
                    let text = self.texts.alloc(line.text.replacen(';', "", 1));
                    self.lines.push(line.with(text));
                }
                Some(Mark::Block) => in_block = !in_block,
                Some(Mark::Inline { .. }) if in_block => {}
                Some(Mark::Inline { space, path }) => self.snippet(path, space, line.source),
                None if in_block => self.block_path(*line),
                None if is_section => self.lines.push(*line),
                None => match section_mark(line.text) {
                    Some(SectionMark::Escaped(text)) => {
                        let text = self.texts.alloc(text);
                        self.lines.push(line.with(text));
                    }
                    Some(_) => {}
                    None => self.lines.push(*line),
                },
            }
        }
    }

    fn block_path(&mut self, line: Line<'a>) {
        let path = line.text.trim_start_matches([' ', '\t']);
        let space = &line.text[..line.text.len() - path.len()];
        let path = path.trim();
        match path {
            // An empty line of the list stays, so that paths may be set apart.
            "" => self.lines.push(line),
            _ if path.starts_with(';') => {}
            _ => self.snippet(path, space, line.source),
        }
    }

    fn snippet(&mut self, written: &str, space: &str, source: u32) {
        let span = |page: &Page| page.span(source, written);
        if written.starts_with("http://") || written.starts_with("https://") {
            let message =
                format!("`{written}` is a snippet from the network, which is not fetched");
            let help = "download the file once and include it from the project";
            self.diagnostics.push(
                Diagnostic::warning("remote-snippet", message)
                    .at(span(self.page))
                    .help(help),
            );
            return;
        }
        let (path, part) = Part::split(written);
        let Some(Snippet { path: found, text }) = self.site.snippet(path.trim()) else {
            let mut diagnostic = Diagnostic::warning(
                "missing-snippet",
                format!("the snippet `{path}` does not exist"),
            )
            .at(span(self.page));
            let near = suggest(path, self.options.base_path.iter().map(String::as_str));
            diagnostic = match near {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!(
                    "it is searched in {}",
                    folders(&self.options.base_path)
                )),
            };
            self.diagnostics.push(diagnostic);
            return;
        };
        if self.open.iter().any(|open| open == found.as_str()) || self.open.len() >= DEPTH {
            return;
        }
        let text = self.texts.alloc(&text);
        let mut lines = match text {
            "" => Vec::new(),
            text => split(
                text.strip_prefix('\u{feff}').unwrap_or(text),
                source,
                self.texts,
            ),
        };
        let first = self.page.include(&found, lines.len(), source);
        for (line, number) in lines.iter_mut().zip(first..) {
            line.source = number;
        }
        let is_section = matches!(part, Part::Section(_));
        let lines = match part {
            Part::Whole => lines,
            Part::Ranges(ranges) => ranges.iter().flat_map(|range| range.of(&lines)).collect(),
            Part::Section(name) => self.section(name, &lines, written, source),
        };
        let lines = if self.options.dedent_subsections {
            dedent(lines)
        } else {
            lines
        };
        let start = self.lines.len();
        self.open.push(found.as_str().to_owned());
        self.read(&lines, is_section);
        self.open.pop();
        if !space.is_empty() {
            let space = expanded(space);
            for at in start..self.lines.len() {
                let line = self.lines[at];
                self.lines[at] = line.with(self.texts.alloc(format!("{space}{}", line.text)));
            }
        }
    }

    fn section(
        &mut self,
        name: &str,
        lines: &[Line<'a>],
        written: &str,
        source: u32,
    ) -> Vec<Line<'a>> {
        let mut found = Vec::new();
        let mut is_open = false;
        let mut is_found = false;
        for line in lines {
            match section_mark(line.text) {
                Some(SectionMark::Escaped(text)) if is_open => {
                    found.push(line.with(self.texts.alloc(text)))
                }
                Some(SectionMark::Start(it)) if it == name => {
                    is_open = true;
                    is_found = true;
                }
                Some(SectionMark::End(it)) if it == name => break,
                None if is_open => found.push(*line),
                _ => {}
            }
        }
        if !is_found {
            let message = format!("`{written}` has no section `{name}`");
            self.diagnostics.push(
                Diagnostic::warning("missing-snippet", message)
                    .at(self.page.span(source, written))
                    .help(format!(
                        "a section begins with a line that holds `--8<-- [start:{name}]`"
                    )),
            );
        }
        found
    }
}

fn folders(paths: &[String]) -> String {
    let quoted: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    match quoted.is_empty() {
        true => "the project's root".to_owned(),
        false => quoted.join(", "),
    }
}

enum Mark<'t> {
    Escaped,
    Block,
    Inline { space: &'t str, path: &'t str },
}

impl<'t> Mark<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let rest = line.trim_start_matches([' ', '\t']);
        let space = &line[..line.len() - rest.len()];
        let unescaped = rest.trim_start_matches(';');
        let rest_of_mark = scissors(unescaped)?;
        let mark = match rest_of_mark {
            "" => Self::Block,
            path => {
                let quoted = path.trim_start_matches([' ', '\t']);
                let quote = quoted.chars().next()?;
                if quoted.len() == path.len() || !matches!(quote, '"' | '\'') || quoted.len() < 3 {
                    return None;
                }
                let path = quoted[1..].strip_suffix(quote)?;
                if path.replace(&format!("\\{quote}"), "").contains(quote) {
                    return None;
                }
                Self::Inline {
                    space,
                    path: path.trim(),
                }
            }
        };
        Some(if unescaped.len() < rest.len() {
            Self::Escaped
        } else {
            mark
        })
    }
}

/// What follows `--8<--` at the start of `text`.
fn scissors(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches('-');
    let rest = (rest.len() < text.len()).then(|| rest.strip_prefix("8<-"))??;
    Some(rest.trim_start_matches('-'))
}

enum SectionMark<'t> {
    Escaped(String),
    Start(&'t str),
    End(&'t str),
}

fn section_mark(line: &str) -> Option<SectionMark<'_>> {
    let at = line.find("8<-")?;
    let before = line[..at].trim_end_matches('-');
    let rest = scissors(&line[before.len()..])?;
    let mark = rest.trim_start_matches([' ', '\t']);
    let inner = (mark.len() < rest.len()).then(|| mark.strip_prefix('['))??;
    let (inner, _) = inner.split_once(']')?;
    let (kind, name) = inner.split_once(':')?;
    let name = name.trim();
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !is_name {
        return None;
    }
    if let Some(kept) = before.strip_suffix(';') {
        return Some(SectionMark::Escaped(format!(
            "{kept}{}",
            &line[before.len()..]
        )));
    }
    match kind.trim().to_ascii_lowercase().as_str() {
        "start" => Some(SectionMark::Start(name)),
        "end" => Some(SectionMark::End(name)),
        _ => None,
    }
}

/// Lines of a snippet, from 1; below 0 they count from its end.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    start: Option<i64>,
    end: Option<i64>,
}

impl Range {
    fn of<'a>(&self, lines: &[Line<'a>]) -> Vec<Line<'a>> {
        let total = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        let start = match self.start {
            None => 0,
            Some(start) if start < 0 => (total + start).clamp(0, total),
            Some(start) => (start - 1).clamp(0, total),
        };
        let end = match self.end {
            None => total,
            Some(end) if end < 0 => (total + 1 + end).clamp(0, total),
            Some(end) => end.min(total),
        };
        let at = |position: i64| usize::try_from(position).unwrap_or_default();
        lines[at(start)..at(end.max(start))].to_vec()
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Part<'t> {
    Whole,
    Ranges(Vec<Range>),
    Section(&'t str),
}

impl<'t> Part<'t> {
    fn split(written: &'t str) -> (&'t str, Self) {
        for (at, _) in written.match_indices(':') {
            let rest = &written[at + 1..];
            if let Some(ranges) = Self::ranges(rest) {
                return (&written[..at], Self::Ranges(ranges));
            }
            let is_name = rest.starts_with(|first: char| first.is_ascii_alphabetic())
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            if is_name {
                return (&written[..at], Self::Section(rest));
            }
        }
        (written, Self::Whole)
    }

    fn ranges(text: &str) -> Option<Vec<Range>> {
        let number = |text: &str| match text {
            "" => Some(None),
            text => text.parse().ok().map(Some),
        };
        let range = |item: &str| {
            let (start, end) = item.split_once(':').unwrap_or((item, ""));
            Some(Range {
                start: number(start)?,
                end: number(end)?,
            })
        };
        text.split(',').map(range).collect()
    }
}

/// Takes off the white space that all lines begin with.
fn dedent(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let filled = lines.iter().filter(|line| !line.is_blank());
    let width = |line: &Line| line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
    let common = filled.map(width).min().unwrap_or_default();
    let strip = |line: Line<'_>| line.text.get(common..).unwrap_or_default().len();
    lines
        .iter()
        .map(|line| line.with(&line.text[line.text.len() - strip(*line)..]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_snippet() {
        let range = |start, end| Range { start, end };
        assert_eq!(Part::split("a.md"), ("a.md", Part::Whole));
        assert_eq!(
            Part::split("a.md:1:5"),
            ("a.md", Part::Ranges(vec![range(Some(1), Some(5))]))
        );
        assert_eq!(
            Part::split("a.md:1:2,-3:"),
            (
                "a.md",
                Part::Ranges(vec![range(Some(1), Some(2)), range(Some(-3), None)])
            )
        );
        assert_eq!(Part::split("a.md:intro"), ("a.md", Part::Section("intro")));
        assert_eq!(Part::split("c:\\a.md"), ("c:\\a.md", Part::Whole));
    }

    #[test]
    fn marks_of_a_section() {
        assert!(matches!(
            section_mark("<!-- --8<-- [start:a-b] -->"),
            Some(SectionMark::Start("a-b"))
        ));
        assert!(matches!(
            section_mark("# --8<-- [ END : x ]"),
            Some(SectionMark::End("x"))
        ));
        assert!(
            matches!(section_mark("# ;--8<-- [start:x]"), Some(SectionMark::Escaped(text)) if text == "# --8<-- [start:x]")
        );
        assert!(section_mark("--8<-- \"file\"").is_none());
    }
}
