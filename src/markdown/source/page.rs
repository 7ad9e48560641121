//! A page's source, for the positions of diagnostics in it.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use super::limits::{Limit, Limits, take};
use crate::diagnostic::{Diagnostic, Span};
use crate::files::SourcePath;
use crate::url::quote;

/// The longest line that is quoted in a diagnostic, in bytes.
const LONGEST: usize = 4096;

/// How many occurrences of a text in one line are considered.
const OCCURRENCES: usize = 64;

/// The text being read.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// Its file.
    path: &'a SourcePath,
    /// Its text after the front matter.
    text: &'a str,
    /// The lines of that text, split when they are first needed.
    lines: OnceCell<Vec<&'a str>>,
    /// The line of the file that the text begins with.
    first_line: u32,
    /// The limits on the work that it causes.
    bounds: Limits,
    /// Lines of other files, numbered from [`INCLUDED`].
    included: RefCell<Vec<Included>>,
}

/// Numbers from here on stand for lines of included files rather than of the
/// page.
const INCLUDED: u32 = 1 << 31;

/// A line of an included file.
#[derive(Debug, Clone)]
struct Included {
    file: SourcePath,
    line: u32,
    /// The line of the page that includes it.
    at: u32,
}

impl<'a> Page<'a> {
    /// A page whose text begins on line `first_line` of its file.
    pub fn new(path: &'a SourcePath, text: &'a str, first_line: u32) -> Self {
        Self {
            path,
            text,
            lines: OnceCell::new(),
            first_line,
            bounds: Limits::new(text.len()),
            included: RefCell::default(),
        }
    }

    /// Numbers the `lines` of `file`, which the line `at` includes. Returns the
    /// first of the numbers, which are consecutive.
    pub fn include(&self, file: &SourcePath, lines: impl IntoIterator<Item = u32>, at: u32) -> u32 {
        let mut included = self.included.borrow_mut();
        let first = u32::try_from(included.len())
            .ok()
            .and_then(|length| INCLUDED.checked_add(length));
        let at = page_line(&included, at);
        included.extend(lines.into_iter().map(|line| Included {
            file: file.clone(),
            line,
            at,
        }));
        // Too many lines for the numbers, which limits elsewhere prevent.
        first.unwrap_or(at)
    }

    /// Its file.
    pub fn path(&self) -> &SourcePath {
        self.path
    }

    /// The length of its text in bytes.
    pub fn length(&self) -> usize {
        self.text.len()
    }

    /// The line of the file that its text begins with.
    pub fn first_line(&self) -> u32 {
        self.first_line
    }

    /// The file and the line in it that a number stands for; `None` for a
    /// line of the page itself.
    pub fn origin(&self, number: u32) -> Option<(SourcePath, u32)> {
        let included = self.included.borrow();
        let line = included_line(&included, number)?;
        Some((line.file.clone(), line.line))
    }

    /// The line of the page that a number stands for: either that line itself
    /// or the line that includes it.
    pub fn line(&self, number: u32) -> u32 {
        page_line(&self.included.borrow(), number)
    }

    /// The other files that lines come from.
    pub fn files(&self) -> Vec<SourcePath> {
        let included = self.included.borrow();
        let files: BTreeSet<_> = included.iter().map(|it| &it.file).collect();
        files.into_iter().cloned().collect()
    }

    /// Rewrites the numbers in `data-src` attributes that stand for lines of
    /// included files to the including line of the page followed by the file
    /// and its lines: `12 part.md:3-4`.
    pub fn name_included_files(&self, html: String) -> String {
        const MARK: &str = " data-src=\"";
        let included = self.included.borrow();
        if included.is_empty() {
            return html;
        }
        let mut rewritten = String::with_capacity(html.len());
        let mut rest = html.as_str();
        while let Some(at) = rest.find(MARK) {
            let (before, value) = rest.split_at(at + MARK.len());
            rewritten.push_str(before);
            rest = value;
            // Text may hold the mark too, and then need not end or be numbers.
            let Some(end) = value.find('"') else {
                continue;
            };
            let numbers = &value[..end];
            let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
            let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else {
                continue;
            };
            if u32::max(first, last) < INCLUDED {
                continue;
            }
            rest = &value[end..];
            rewritten.push_str(&range(
                page_line(&included, first),
                page_line(&included, last),
            ));
            if let Some(start) = included_line(&included, first) {
                let stop = included_line(&included, last).filter(|stop| stop.file == start.file);
                let stop = stop.map_or(start.line, |stop| stop.line);
                let file = quote(start.file.as_str());
                rewritten.push_str(&format!(" {file}:{}", range(start.line, stop)));
            }
        }
        rewritten + rest
    }

    /// The first occurrence of `needle` on line `line` of the file or, as in a
    /// long paragraph, on one of the lines after it; else the line itself.
    pub fn span(&self, line: u32, needle: &str) -> Span {
        self.search(line, needle, |_| true).0
    }

    /// Like [`Page::span`], and whether the occurrence is certain to be the
    /// right one: it is not in code, and `fits` accepts the text before it in
    /// its line.
    pub fn sure_span(&self, line: u32, needle: &str, fits: impl Fn(&str) -> bool) -> (Span, bool) {
        let in_text = |before: &str| before.matches('`').count().is_multiple_of(2) && fits(before);
        match self.search(line, needle, in_text) {
            (span, true) => (span, true),
            _ => (self.span(line, needle), false),
        }
    }

    /// The line `line` of the file; `None` for those of other files and of front matter.
    pub fn written_line(&self, line: u32) -> Option<&'a str> {
        let nth = line.checked_sub(self.first_line)?;
        self.all_lines().get(nth as usize).copied()
    }

    /// The text before and behind `part` in its line; `None` if it is not a part of the
    /// page's text, but empty or a copy.
    pub fn around(&self, part: &str) -> Option<(&'a str, &'a str)> {
        let (text, start) = (self.text, self.text.as_ptr() as usize);
        if part.is_empty() {
            return None;
        }
        let at = (part.as_ptr() as usize).checked_sub(start)?;
        let behind = text.get(at + part.len()..)?;
        let before = &text[..at];
        let first = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |it| it + 1);
        let last = memchr::memchr(b'\n', behind.as_bytes()).unwrap_or(behind.len());
        Some((&before[first..], &behind[..last]))
    }

    /// Whether `count` more bytes may be searched for positions.
    pub fn may_seek(&self, count: usize) -> bool {
        self.bounds.may_seek(count)
    }

    /// The `length` characters from `column` on (both from 1) of a line of the file.
    pub fn part(&self, line: u32, column: u32, length: u32) -> Span {
        let span = Span {
            path: self.path.clone(),
            line,
            column,
            end: None,
            excerpt: excerpt(self.written_line(line).unwrap_or_default()),
        };
        span.long(length)
    }

    fn all_lines(&self) -> &[&'a str] {
        self.lines.get_or_init(|| self.text.lines().collect())
    }

    fn search(&self, line: u32, needle: &str, fits: impl Fn(&str) -> bool) -> (Span, bool) {
        let line = self.line(line).max(self.first_line);
        let skip = (line - self.first_line) as usize;
        let needle = needle.lines().next().unwrap_or("");
        let lines = self.all_lines();
        let finder = memchr::memmem::Finder::new(needle);
        let mut searched = lines.iter().skip(skip).take(200).zip(line..);
        let found = searched.find_map(|(text, number)| {
            // Many diagnostics about one long line would each search all of it.
            if !self.bounds.may_seek(text.len()) {
                return None;
            }
            // One line may contain it thousands of times without ever fitting.
            let mut occurrences = finder.find_iter(text.as_bytes()).take(OCCURRENCES);
            let at = occurrences.find(|at| !needle.is_empty() && fits(&text[..*at]))?;
            Some((number, *text, at))
        });
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let (line, text, column, length) = match found {
            Some((number, text, at)) => (number, text, count(&text[..at]) + 1, count(needle)),
            // The line may be past the end of the text.
            None => (line, lines.get(skip).copied().unwrap_or(""), 1, 0),
        };
        let span = Span {
            path: self.path.clone(),
            line,
            column,
            end: None,
            excerpt: excerpt(text),
        };
        (span.long(length), found.is_some())
    }
}

/// The text of a line for a span. A page of one long line would store it once for every
/// link, so that long ones are left out.
fn excerpt(line: &str) -> String {
    if line.len() > LONGEST {
        String::new()
    } else {
        line.to_owned()
    }
}

impl Page<'_> {
    /// Raises the limits for `length` bytes that are not in its own text.
    pub fn widen(&self, length: usize) {
        self.bounds.widen(length);
    }

    /// Whether a rule that begins on `line` may search `count` more bytes in
    /// vain.
    pub fn may_look(&self, count: usize, line: u32) -> bool {
        let may = take(&self.bounds.ahead, count);
        if !may {
            self.passed(Limit::Ahead, line);
        }
        may
    }

    /// Whether `count` bytes that are not in the page's text may be added.
    pub fn may_add(&self, count: usize, bound: Limit, line: u32) -> bool {
        let may = take(&self.bounds.added, count);
        if !may {
            self.passed(bound, line);
        }
        may
    }

    /// How many bytes may still be added.
    pub fn may_grow(&self) -> usize {
        self.bounds.added.get()
    }

    /// Records that a limit is exceeded on `line`.
    pub fn passed(&self, bound: Limit, line: u32) {
        self.bounds.passed.borrow_mut().entry(bound).or_insert(line);
    }

    /// A diagnostic for each limit that was exceeded.
    pub fn bound_diagnostics(&self) -> Vec<Diagnostic> {
        let passed = self.bounds.passed.borrow();
        passed
            .iter()
            .map(|(bound, line)| bound.diagnostic().at(self.span(*line, "")))
            .collect()
    }
}

/// The line of an included file that a number stands for; `None` for lines of
/// the page.
fn included_line(included: &[Included], number: u32) -> Option<&Included> {
    included.get(number.checked_sub(INCLUDED)? as usize)
}

/// The line of the page that a number stands for, or that includes it.
fn page_line(included: &[Included], number: u32) -> u32 {
    included_line(included, number).map_or(number, |line| line.at)
}

/// `3`, or `3-5`.
fn range(first: u32, last: u32) -> String {
    if first < last {
        format!("{first}-{last}")
    } else {
        first.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::files::SourcePath;

    #[test]
    fn lines_of_included_files_are_named_with_their_file() {
        let path = SourcePath::new("docs/a.md");
        let page = Page::new(&path, "", 1);
        let outer = page.include(&"in/a \"b.md".into(), 1..6, 7);
        let inner = page.include(&"c.md".into(), 1..4, outer + 1);
        assert_eq!(
            (page.line(9), page.line(outer), page.line(inner + 2)),
            (9, 7, 7)
        );
        assert_eq!(page.files(), ["c.md".into(), "in/a \"b.md".into()]);
        let html = |first: u32, last: u32| {
            page.name_included_files(format!("<p data-src=\"{first}-{last}\">x data-src=\"y</p>"))
        };
        let expected = |attribute: &str| format!("<p data-src=\"{attribute}\">x data-src=\"y</p>");
        assert_eq!(html(3, 4), expected("3-4"));
        assert_eq!(html(outer, outer + 2), expected("7 in/a%20%22b.md:1-3"));
        assert_eq!(html(inner + 1, inner + 1), expected("7 c.md:2"));
        assert_eq!(html(3, inner), expected("3-7"));
        assert_eq!(html(outer, inner), expected("7 in/a%20%22b.md:1"));
    }
}
