//! A page's source, for places in it.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;

use super::bounds::{Bound, Bounds, take};
use crate::diagnostic::{Diagnostic, Span};
use crate::files::SourcePath;
use crate::url::quote;

/// The longest line that a place shows.
const LONGEST: usize = 4096;

/// In how many places of a line something is looked for.
const PLACES: usize = 64;

/// The text being read.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// Its file.
    path: &'a SourcePath,
    /// Its text behind the front matter.
    text: &'a str,
    /// The lines of that, once a place is asked for.
    lines: OnceCell<Vec<&'a str>>,
    /// The line of the file that this text begins with.
    first_line: u32,
    /// How far it may look and grow.
    bounds: Bounds,
    /// Lines of other files, numbered from [`INCLUDED`] on.
    included: RefCell<Vec<Included>>,
}

/// From here on a number stands for no line of the page, but for one of a
/// file that it includes.
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
    /// Of a text that begins on line `first_line` of its file.
    pub fn new(path: &'a SourcePath, text: &'a str, first_line: u32) -> Self {
        Self {
            path,
            text,
            lines: OnceCell::new(),
            first_line,
            bounds: Bounds::new(text.len()),
            included: RefCell::default(),
        }
    }

    /// Numbers for `lines` of `file`, which the line `at` includes; the first
    /// of them.
    pub fn include(&self, file: &SourcePath, lines: impl IntoIterator<Item = u32>, at: u32) -> u32 {
        let mut included = self.included.borrow_mut();
        let first = u32::try_from(included.len())
            .ok()
            .and_then(|length| INCLUDED.checked_add(length));
        let at = at_page(&included, at);
        included.extend(lines.into_iter().map(|line| Included {
            file: file.clone(),
            line,
            at,
        }));
        // No text has as many lines.
        first.unwrap_or(at)
    }

    /// Its file.
    pub fn path(&self) -> &SourcePath {
        self.path
    }

    /// The line of the file that its text begins with.
    pub fn first_line(&self) -> u32 {
        self.first_line
    }

    /// The file and the line in it that a number stands for; `None` for a
    /// line of the page's own.
    pub fn origin(&self, number: u32) -> Option<(SourcePath, u32)> {
        let included = self.included.borrow();
        let it = included.get(number.checked_sub(INCLUDED)? as usize)?;
        Some((it.file.clone(), it.line))
    }

    /// The line of the page that a number stands for: its own, or the one that
    /// includes it.
    pub fn line(&self, number: u32) -> u32 {
        at_page(&self.included.borrow(), number)
    }

    /// The files that lines come from besides the page's own.
    pub fn files(&self) -> Vec<SourcePath> {
        let included = self.included.borrow();
        let files: BTreeSet<_> = included.iter().map(|it| &it.file).collect();
        files.into_iter().cloned().collect()
    }

    /// Writes numbers in `data-src` attributes as lines of the page and, behind
    /// a space, of the file that it includes there: `12 part.md:3-4`.
    pub fn name_included_files(&self, html: String) -> String {
        const MARK: &str = " data-src=\"";
        let included = self.included.borrow();
        if included.is_empty() {
            return html;
        }
        let of = |number: u32| {
            let nth = number.checked_sub(INCLUDED)?;
            included.get(nth as usize)
        };
        let mut placed = String::with_capacity(html.len());
        let mut rest = html.as_str();
        while let Some(at) = rest.find(MARK) {
            let (before, behind) = rest.split_at(at + MARK.len());
            placed.push_str(before);
            rest = behind;
            let end = rest.find('"').unwrap_or_default();
            let written = &rest[..end];
            let (first, last) = written.split_once('-').unwrap_or((written, written));
            let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else {
                continue;
            };
            if u32::max(first, last) < INCLUDED {
                continue;
            }
            rest = &rest[end..];
            let own = (at_page(&included, first), at_page(&included, last));
            placed.push_str(&range(own.0, own.1));
            if let Some(start) = of(first) {
                let stop = of(last).filter(|stop| stop.file == start.file);
                let stop = stop.map_or(start.line, |stop| stop.line);
                let file = quote(start.file.as_str());
                placed.push_str(&format!(" {file}:{}", range(start.line, stop)));
            }
        }
        placed + rest
    }

    /// The place of `needle` from line `line` of the file on, for as many
    /// lines as a paragraph may have; else the line itself.
    pub fn span(&self, line: u32, needle: &str) -> Span {
        self.sought(line, needle, |_| true).0
    }

    /// The same, and whether it is for certain: `needle` does not stand in code
    /// there, and `fits` what stands before it in the line.
    pub fn sure_span(&self, line: u32, needle: &str, fits: impl Fn(&str) -> bool) -> (Span, bool) {
        let in_text = |before: &str| before.matches('`').count().is_multiple_of(2) && fits(before);
        match self.sought(line, needle, in_text) {
            (span, true) => (span, true),
            _ => (self.span(line, needle), false),
        }
    }

    fn sought(&self, line: u32, needle: &str, fits: impl Fn(&str) -> bool) -> (Span, bool) {
        let line = self.line(line);
        let skip = line.saturating_sub(self.first_line) as usize;
        let needle = needle.lines().next().unwrap_or_default();
        let all = self.lines.get_or_init(|| self.text.lines().collect());
        let mut lines = all.iter().skip(skip).take(200).enumerate();
        let found = lines.find_map(|(nth, text)| {
            // Many things to say of one long line would read it as often.
            if !self.bounds.may_seek(text.len()) {
                return None;
            }
            let mut places = text.match_indices(needle).map(|(at, _)| at);
            // One line may hold it thousands of times, and never fit.
            let mut places = places.by_ref().take(PLACES);
            let at = places.find(|at| !needle.is_empty() && fits(&text[..*at]))?;
            Some((nth, *text, at))
        });
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let (nth, excerpt, column, length) = match found {
            Some((nth, text, at)) => (nth, text, count(&text[..at]) + 1, count(needle)),
            None => (0, all.get(skip).copied().unwrap_or_default(), 1, 0),
        };
        let line = line
            .max(self.first_line)
            .saturating_add(u32::try_from(nth).unwrap_or_default());
        let span = Span {
            path: self.path.clone(),
            line,
            column,
            end: None,
            // A page of one long line would keep it once for every link.
            excerpt: if excerpt.len() > LONGEST {
                String::new()
            } else {
                excerpt.to_owned()
            },
        };
        (span.long(length), found.is_some())
    }
}

impl Page<'_> {
    /// Says that the page is longer by so many bytes than its own text.
    pub fn widen(&self, length: usize) {
        self.bounds.widen(length);
    }

    /// Whether a rule that begins on `line` may have looked at `count` bytes
    /// in vain.
    pub fn may_look(&self, count: usize, line: u32) -> bool {
        let may = take(&self.bounds.ahead, count);
        if !may {
            self.passed(Bound::Ahead, line);
        }
        may
    }

    /// Whether `count` bytes may be added that stand nowhere on the page.
    pub fn may_add(&self, count: usize, bound: Bound, line: u32) -> bool {
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

    /// Says that a bound is passed on `line`.
    pub fn passed(&self, bound: Bound, line: u32) {
        self.bounds.passed.borrow_mut().entry(bound).or_insert(line);
    }

    /// What there is to say of the bounds that were passed.
    pub fn bound_diagnostics(&self) -> Vec<Diagnostic> {
        let passed = self.bounds.passed.borrow();
        let said = passed.iter();
        said.map(|(bound, line)| bound.diagnostic().at(self.span(*line, "")))
            .collect()
    }
}

fn at_page(included: &[Included], number: u32) -> u32 {
    match number.checked_sub(INCLUDED) {
        Some(nth) => included.get(nth as usize).map_or(number, |it| it.at),
        None => number,
    }
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
    fn lines_of_included_files_are_written_as_theirs() {
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
