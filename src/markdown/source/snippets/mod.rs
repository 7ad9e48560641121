//! `--8<-- "file"`: text included from other files.
//!
//! Follows pymdownx.snippets, but that nothing is fetched from the network.

mod marks;

use std::collections::BTreeMap;

use super::lines::{Line, Texts, expanded, split};
use super::page::Page;
use super::surroundings::{Snippet, Surroundings};
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};
use crate::files::SourcePath;
use crate::markdown::options::Snippets;
use crate::work::step;
use marks::{Mark, Part, SectionMark, section_mark};

fn is_marked(text: &str) -> bool {
    text.contains('8') && text.contains("8<-")
}

/// Snippets within snippets, at most.
const DEPTH: usize = 32;

/// Lines and bytes that one page may include: where each of twelve snippets
/// includes the next ten times, the page would be a million million times as
/// long as the last.
const LINES: usize = 200_000;
const BYTES: usize = 16 << 20;

/// Bytes that may be read for it: of a snippet all is read for each of its
/// sections.
const READ: usize = 16 * BYTES;

/// What one page may still include.
struct Left {
    lines: usize,
    bytes: usize,
    read: usize,
}

impl Left {
    /// Takes so much; `false` where that is too much, and nothing is left then.
    fn take(&mut self, lines: usize, bytes: usize, read: usize) -> bool {
        let left = self
            .lines
            .checked_sub(lines)
            .zip(self.bytes.checked_sub(bytes));
        let left = left.zip(self.read.checked_sub(read));
        let ((lines, bytes), read) = left.unwrap_or_default();
        *self = Self { lines, bytes, read };
        left.is_some()
    }

    fn is_nothing(&self) -> bool {
        self.read == 0
    }
}

struct Inclusion<'a, 'b> {
    page: &'b Page<'a>,
    options: &'b Snippets,
    site: &'b dyn Surroundings,
    texts: &'a Texts,
    /// Files that are being included now.
    open: Vec<String>,
    /// The lines of files that were included, numbered from 1.
    known: BTreeMap<SourcePath, &'a [Line<'a>]>,
    left: Left,
    /// Whether it was said that snippets lie too deep.
    is_too_deep: bool,
    lines: Vec<Line<'a>>,
    suggestions: Suggestions,
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
        known: BTreeMap::new(),
        left: Left {
            lines: LINES,
            bytes: BYTES,
            read: READ,
        },
        is_too_deep: false,
        lines: Vec::with_capacity(lines.len()),
        suggestions: Suggestions::default(),
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
            if !is_marked(line.text) {
                if in_block {
                    self.block_path(*line)
                } else {
                    self.lines.push(*line)
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
                Diagnostic::new(Rule::RemoteSnippet, message)
                    .at(span(self.page))
                    .help(help),
            );
            return;
        }
        if self.left.is_nothing() {
            return;
        }
        let (path, part) = Part::split(written);
        let Some(Snippet { path: found, text }) = self.site.snippet(path.trim()) else {
            let span = span(self.page);
            // A line of another snippet stands elsewhere.
            let is_here = self.page.origin(source).is_none() && span.line == source;
            let diagnostic = Diagnostic::new(
                Rule::MissingSnippet,
                format!("the snippet `{path}` does not exist"),
            );
            let diagnostic = diagnostic.at(span);
            let beside = self.site.snippets_beside(path.trim());
            let beside = beside.iter().map(String::as_str);
            let asking = match self.suggestions.suggest(path.trim(), beside) {
                Some(near) => diagnostic.did_you_mean(path.trim(), &near),
                None => diagnostic.help(format!(
                    "it is searched in {}",
                    folders(&self.options.base_path)
                )),
            };
            self.diagnostics.push(if is_here {
                asking
            } else {
                asking.without_fix()
            });
            return;
        };
        if self.open.iter().any(|open| open == found.as_str()) {
            return;
        }
        if self.open.len() >= DEPTH {
            if !self.is_too_deep {
                self.is_too_deep = true;
                let message = format!("more than {DEPTH} snippets stand within each other here");
                let help = "this one, and others as deep, are left out: include it further up";
                self.refuse(source, written, message, help);
            }
            return;
        }
        if !self.left.take(0, 0, text.len()) {
            return self.too_long(source, written);
        }
        let lines = self.lines_of(&found, &text);
        let is_section = matches!(part, Part::Section(_));
        let lines = match part {
            Part::Whole => lines.to_vec(),
            Part::Ranges(ranges) => self.ranges(&ranges, lines),
            Part::Section(name) => self.section(name, lines, written, source),
        };
        let mut lines = if self.options.dedent_subsections {
            dedent(lines)
        } else {
            lines
        };
        let bytes = lines.iter().map(|line| line.text.len() + 1).sum();
        if !self.left.take(lines.len(), bytes, 0) {
            return self.too_long(source, written);
        }
        self.page.widen(bytes);
        let numbers = lines.iter().map(|line| line.source);
        let first = self.page.include(&found, numbers, source);
        for (line, number) in lines.iter_mut().zip(first..) {
            line.source = number;
        }
        let start = self.lines.len();
        self.open.push(found.as_str().to_owned());
        self.read(&lines, is_section);
        self.open.pop();
        if !space.is_empty() {
            let space = expanded(space);
            let inner = &self.lines[start..];
            let indented = inner.iter().map(|line| line.text.len() + space.len());
            if !self.left.take(0, space.len() * inner.len(), indented.sum()) {
                self.lines.truncate(start);
                return self.too_long(source, written);
            }
            for at in start..self.lines.len() {
                let line = self.lines[at];
                self.lines[at] = line.with(self.texts.alloc(format!("{space}{}", line.text)));
            }
        }
    }

    /// The lines of a snippet, numbered from 1.
    fn lines_of(&mut self, path: &SourcePath, text: &str) -> &'a [Line<'a>] {
        if let Some(known) = self.known.get(path) {
            return known;
        }
        let text = self.texts.alloc(text);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: &[Line] = match text {
            "" => &[],
            text => self.texts.lines(&split(text, 1, self.texts)),
        };
        self.known.insert(path.clone(), lines);
        lines
    }

    /// The lines of all ranges; as many as may be included, for a range may
    /// be named as often as somebody likes.
    fn ranges(&self, ranges: &[marks::Range], lines: &[Line<'a>]) -> Vec<Line<'a>> {
        let chosen = ranges.iter().flat_map(|range| range.of(lines));
        chosen.copied().take(self.left.lines + 1).collect()
    }

    fn too_long(&mut self, source: u32, written: &str) {
        let message = format!(
            "with this the snippets of `{}` are longer than {} MB or {LINES} lines",
            self.page.path(),
            BYTES >> 20,
        );
        let help = "it and all that follow are left out: see whether snippets include each other";
        self.refuse(source, written, message, help);
    }

    /// Says that the snippet that `source` names is left out.
    fn refuse(&mut self, source: u32, written: &str, message: String, help: &str) {
        let span = match self.page.origin(source) {
            None => self.page.span(source, written),
            Some((file, number)) => {
                let lines = self.known.get(&file).copied().unwrap_or_default();
                let line = lines.get((number as usize).saturating_sub(1));
                let line = line.map_or("", |line| line.text);
                let at = line.find(written);
                let mut span = match at {
                    Some(at) => Span::bytes(&file, line, at, written.len()),
                    None => Span::line(&file, line, 1),
                };
                span.line = number;
                span
            }
        };
        let refused = Diagnostic::new(Rule::TooMuch, message).at(span);
        self.diagnostics.push(refused.help(help));
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
            step(1);
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
                Diagnostic::new(Rule::MissingSnippet, message)
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
    if quoted.is_empty() {
        "the project's root".to_owned()
    } else {
        quoted.join(", ")
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
