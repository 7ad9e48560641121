//! `--8<-- "file"`: text included from other files.
//!
//! Follows pymdownx.snippets, except that nothing is fetched from the network.

mod marks;

use std::collections::BTreeMap;

use super::lines::{Line, TextArena, expanded, split};
use super::page::Page;
use super::site_access::{SiteAccess, Snippet};
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};
use crate::files::SourcePath;
use crate::markdown::options::Snippets;
use crate::work::step;
use marks::{Mark, Part, SectionMark, section_mark};

fn is_marked(text: &str) -> bool {
    text.contains('8') && text.contains("8<-")
}

/// How deep snippets may be nested.
const DEPTH: usize = 32;

/// How many lines and bytes one page may include. Without a limit, twelve
/// snippets that each include the next ten times would make the page a million
/// million times as long as the last of them.
pub(super) const LINES: usize = 200_000;
const BYTES: usize = 16 << 20;

/// How many bytes may be read for that: a snippet is read as a whole for each
/// of its sections.
const READ: usize = 16 * BYTES;

/// How much one page may still include.
#[derive(Default)]
pub(super) struct Budget {
    lines: usize,
    bytes: usize,
    read: usize,
}

impl Budget {
    /// The most that a page may include.
    pub(super) fn whole() -> Self {
        Self {
            lines: LINES,
            bytes: BYTES,
            read: READ,
        }
    }

    /// Takes that much. If it is too much, nothing is left and `false` is
    /// returned.
    pub(super) fn take(&mut self, lines: usize, bytes: usize, read: usize) -> bool {
        let fits = lines <= self.lines && bytes <= self.bytes && read <= self.read;
        *self = if fits {
            Self {
                lines: self.lines - lines,
                bytes: self.bytes - bytes,
                read: self.read - read,
            }
        } else {
            Self::default()
        };
        fits
    }

    fn is_nothing(&self) -> bool {
        self.read == 0
    }
}

struct SnippetIncluder<'a, 'b> {
    page: &'b Page<'a>,
    options: &'b Snippets,
    site: &'b dyn SiteAccess,
    texts: &'a TextArena,
    /// The files that are being included, outermost first.
    open: Vec<SourcePath>,
    /// The lines of the files included so far, numbered from 1.
    files: BTreeMap<SourcePath, &'a [Line<'a>]>,
    left: Budget,
    /// Whether too deep nesting has been reported.
    is_too_deep: bool,
    /// The lines put together so far.
    lines: Vec<Line<'a>>,
    suggestions: Suggestions,
    diagnostics: Vec<Diagnostic>,
}

/// Whether a line names a snippet, or begins a block of names.
pub fn is_mark(line: &str) -> bool {
    matches!(Mark::parse(line), Some(Mark::Block | Mark::Inline { .. }))
}

/// Replaces the snippet marks among `lines` by the files they name.
pub fn include<'a>(
    page: &Page<'a>,
    lines: Vec<Line<'a>>,
    options: &Snippets,
    site: &dyn SiteAccess,
    texts: &'a TextArena,
) -> (Vec<Line<'a>>, Vec<Diagnostic>) {
    let has_marks = lines.iter().any(|line| is_marked(line.text));
    if !has_marks && options.auto_append.is_empty() {
        return (lines, Vec::new());
    }
    let last = lines.last().map_or(1, |line| line.source);
    let mut inclusion = SnippetIncluder {
        page,
        options,
        site,
        texts,
        open: Vec::new(),
        files: BTreeMap::new(),
        left: Budget::whole(),
        is_too_deep: false,
        lines: Vec::with_capacity(lines.len()),
        suggestions: Suggestions::default(),
        diagnostics: Vec::new(),
    };
    inclusion.include_lines(&lines, false);
    for path in &options.auto_append {
        let blank = Line {
            text: "",
            source: last,
        };
        inclusion.lines.extend([blank, blank]);
        inclusion.include_snippet(path, "", last);
    }
    (inclusion.lines, inclusion.diagnostics)
}

impl<'a> SnippetIncluder<'a, '_> {
    /// Appends `lines` and the snippets they include.
    fn include_lines(&mut self, lines: &[Line<'a>], is_section: bool) {
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
            match Mark::parse(line.text) {
                Some(Mark::Escaped) => {
                    let text = self.texts.alloc(line.text.replacen(';', "", 1));
                    self.lines.push(line.with(text));
                }
                Some(Mark::Block) => in_block = !in_block,
                Some(Mark::Inline { .. }) if in_block => {}
                Some(Mark::Inline { space, path }) => {
                    self.include_snippet(path, space, line.source);
                }
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
        // An empty line of the list stays, so that paths may be set apart.
        if path.is_empty() {
            self.lines.push(line);
        } else {
            self.include_snippet(path, space, line.source);
        }
    }

    /// Appends the snippet that line `source` names as `written`, with each
    /// line indented by `space`.
    fn include_snippet(&mut self, written: &str, space: &str, source: u32) {
        // A path is switched off by a semicolon.
        if written.starts_with(';') {
            return;
        }
        if written.starts_with("http://") || written.starts_with("https://") {
            return self.report_remote(written, source);
        }
        if self.left.is_nothing() {
            return;
        }
        let (name, part) = Part::split(written);
        let Some(Snippet { path, text }) = self.site.snippet(name.trim()) else {
            return self.report_missing(name, written, source);
        };
        if self.open.contains(&path) {
            return;
        }
        if self.open.len() >= DEPTH {
            return self.report_too_deep(written, source);
        }
        if !self.left.take(0, 0, text.len()) {
            return self.report_too_long(written, source);
        }
        let lines = self.lines_of(&path, &text);
        let is_section = matches!(part, Part::Section(_));
        let mut lines = match part {
            Part::Whole => lines.to_vec(),
            Part::Ranges(ranges) => self.ranges(&ranges, lines),
            Part::Section(name) => self.section(name, lines, written, source),
        };
        if self.options.dedent_subsections {
            dedent(&mut lines);
        }
        let bytes = lines.iter().map(|line| line.text.len() + 1).sum();
        if !self.left.take(lines.len(), bytes, 0) {
            return self.report_too_long(written, source);
        }
        self.page.widen(bytes);
        let numbers = lines.iter().map(|line| line.source);
        let first = self.page.include(&path, numbers, source);
        for (line, number) in lines.iter_mut().zip(first..) {
            line.source = number;
        }
        let start = self.lines.len();
        self.open.push(path);
        self.include_lines(&lines, is_section);
        self.open.pop();
        if !space.is_empty() && !self.indent(start, &expanded(space)) {
            self.lines.truncate(start);
            self.report_too_long(written, source);
        }
    }

    /// Indents the lines from `start` by `space`. Returns `false` if the page
    /// would become too long.
    fn indent(&mut self, start: usize, space: &str) -> bool {
        let indented = &mut self.lines[start..];
        let read = indented.iter().map(|line| line.text.len() + space.len());
        if !self.left.take(0, space.len() * indented.len(), read.sum()) {
            return false;
        }
        for line in indented {
            line.text = self.texts.alloc(format!("{space}{}", line.text));
        }
        true
    }

    /// The lines of a snippet, numbered from 1.
    fn lines_of(&mut self, path: &SourcePath, text: &str) -> &'a [Line<'a>] {
        if let Some(lines) = self.files.get(path) {
            return lines;
        }
        let text = self.texts.alloc(text);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines: &[Line] = match text {
            "" => &[],
            text => self.texts.lines(&split(text, 1, self.texts)),
        };
        self.files.insert(path.clone(), lines);
        lines
    }

    /// The lines of all ranges, but not many more than may be included: a range
    /// may be named any number of times.
    fn ranges(&self, ranges: &[marks::Range], lines: &[Line<'a>]) -> Vec<Line<'a>> {
        let selected = ranges.iter().flat_map(|range| range.select(lines));
        selected.copied().take(self.left.lines + 1).collect()
    }

    fn report_remote(&mut self, written: &str, source: u32) {
        let message = format!("the snippet `{written}` is on the network and is not fetched");
        let help = "download the file once and include it from the project";
        self.diagnostics.push(
            Diagnostic::new(Rule::RemoteSnippet, message)
                .at(self.page.span(source, written))
                .help(help),
        );
    }

    /// The reference refuses a missing snippet only with `check_paths`.
    fn missing(&self, message: String) -> Diagnostic {
        if self.options.check_paths {
            Diagnostic::error(Rule::MissingSnippet, message)
        } else {
            Diagnostic::new(Rule::MissingSnippet, message)
        }
    }

    fn report_missing(&mut self, name: &str, written: &str, source: u32) {
        let span = self.page.span(source, written);
        // A line of another snippet is in another file.
        let is_in_page = self.page.origin(source).is_none() && span.line == source;
        let message = format!("the snippet `{name}` does not exist");
        let diagnostic = self.missing(message).at(span);
        let existing = self.site.snippets_beside(name.trim());
        let existing = existing.iter().map(String::as_str);
        let diagnostic = match self.suggestions.suggest(name.trim(), existing) {
            Some(near) => diagnostic.did_you_mean(name.trim(), &near),
            None => diagnostic.help(format!(
                "it is searched for in {}",
                folders(&self.options.base_path)
            )),
        };
        self.diagnostics.push(if is_in_page {
            diagnostic
        } else {
            diagnostic.without_fix()
        });
    }

    fn report_too_deep(&mut self, written: &str, source: u32) {
        if self.is_too_deep {
            return;
        }
        self.is_too_deep = true;
        let message = format!("snippets are nested more than {DEPTH} levels deep here");
        let help = "this one and others as deep are left out: include it further up";
        self.report_too_much(written, source, message, help);
    }

    fn report_too_long(&mut self, written: &str, source: u32) {
        let message = format!(
            "with this, the snippets of `{}` are longer than {} MB or {LINES} lines",
            self.page.path(),
            BYTES >> 20,
        );
        let help = "it and all that follow are left out: check whether snippets include each other";
        self.report_too_much(written, source, message, help);
    }

    /// Says that the snippet that line `source` names is left out.
    fn report_too_much(&mut self, written: &str, source: u32, message: String, help: &str) {
        let span = match self.page.origin(source) {
            None => self.page.span(source, written),
            Some((file, number)) => {
                let lines = self.files.get(&file).copied();
                let line = lines.and_then(|lines| lines.get((number as usize).checked_sub(1)?));
                let line = line.map_or("", |line| line.text);
                let mut span = match line.find(written) {
                    Some(at) => Span::bytes(&file, line, at, written.len()),
                    None => Span::line(&file, line, 1),
                };
                span.line = number;
                span
            }
        };
        let diagnostic = Diagnostic::new(Rule::TooMuch, message).at(span);
        self.diagnostics.push(diagnostic.help(help));
    }

    /// The lines of a section, in which escaped marks become text.
    fn section(
        &mut self,
        name: &str,
        lines: &[Line<'a>],
        written: &str,
        source: u32,
    ) -> Vec<Line<'a>> {
        let mut section = Vec::new();
        let mut is_open = false;
        for line in lines {
            step(1);
            match section_mark(line.text) {
                Some(SectionMark::Escaped(text)) if is_open => {
                    section.push(line.with(self.texts.alloc(text)))
                }
                Some(SectionMark::Start(it)) if it == name => is_open = true,
                Some(SectionMark::End(it)) if it == name => break,
                None if is_open => section.push(*line),
                _ => {}
            }
        }
        if !is_open {
            let message = format!("`{written}` has no section `{name}`");
            self.diagnostics.push(
                self.missing(message)
                    .at(self.page.span(source, written))
                    .help(format!(
                        "a section begins with a line that contains `--8<-- [start:{name}]`"
                    )),
            );
        }
        section
    }
}

/// The folders that snippets are searched for in, as a message names them.
fn folders(paths: &[String]) -> String {
    let quoted: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
    if quoted.is_empty() {
        "the project's root".to_owned()
    } else {
        quoted.join(", ")
    }
}

/// Removes the white space that all lines but blank ones begin with.
fn dedent(lines: &mut [Line<'_>]) {
    let filled = lines.iter().filter(|line| !line.is_blank());
    let width = |line: &Line| line.text.len() - line.text.trim_start_matches([' ', '\t']).len();
    let Some(common) = filled.map(width).min() else {
        return;
    };
    for line in lines {
        // A blank line may be shorter.
        line.text = line.text.get(common..).unwrap_or("");
    }
}
