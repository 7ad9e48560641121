//! Where in the source the address of a link is written.
//!
//! A link is read from a text whose lines lost their indentation, marks of quotes, tabs
//! and more. So its place is known as a line of the file with the text around it there,
//! and the column is found again in the line of the file.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::lines::Line;
use super::page::Page;
use crate::work::step;

/// How much of the text on each side of an address is compared, in bytes.
const AROUND: usize = 160;

/// How many occurrences of an address in a line are considered.
const OCCURRENCES: usize = 64;

/// Where the address of a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<'a> {
    /// The number of its line: see [`Page::include`].
    pub line: u32,
    /// The text around it, unless it is that of a definition, whose label may be anything.
    around: Option<Around<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Around<'a> {
    before: &'a str,
    /// A part of the page's text, unless its line had to be copied.
    address: &'a str,
    after: &'a str,
}

/// Where an address may stand. In most cases there is no doubt.
type Candidates = SmallVec<[Columns; 1]>;

/// A range of characters in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// The first, from 1.
    pub first: u32,
    /// How many.
    pub length: u32,
}

impl<'a> Written<'a> {
    /// The `length` bytes at `at` of a text that consists of `lines`.
    pub fn new(text: &'a str, at: usize, length: usize, lines: &[Line<'a>]) -> Self {
        let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |it| it + 1);
        let nth = memchr::memchr_iter(b'\n', &text.as_bytes()[..start]).count();
        let end = at + length;
        let stop = memchr::memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |it| end + it);
        let before = &text[start..at];
        let after = &text[end..stop];
        let line = lines.get(nth);
        let own = line.and_then(|line| line.text.get(at - start..end - start));
        let address = &text[at..end];
        let around = Around {
            before: &before[floor(before, before.len().saturating_sub(AROUND))..],
            address: own.filter(|own| *own == address).unwrap_or(address),
            after: &after[..floor(after, after.len().min(AROUND))],
        };
        Self {
            line: line.map_or(0, |line| line.source),
            around: Some(around),
        }
    }

    /// The address of a definition on a line.
    pub fn in_definition(line: u32) -> Self {
        Self { line, around: None }
    }

    /// Where it may stand in its line, which is `line` of the file.
    fn candidates(&self, page: &Page<'_>, line: u32, address: &str) -> Candidates {
        if let Some(around) = &self.around
            && let Some((before, _)) = page.around(around.address)
        {
            let may_count = page.may_seek(before.len());
            let columns = may_count.then(|| Columns {
                first: count(before) + 1,
                length: count(around.address),
            });
            return columns.into_iter().collect();
        }
        let Some(text) = page.written_line(line) else {
            return Candidates::new();
        };
        let needle = self.around.map_or(address, |around| around.address);
        if needle.is_empty() || needle.contains('\n') || !page.may_seek(text.len()) {
            return Candidates::new();
        }
        let finder = memchr::memmem::Finder::new(needle);
        let all = || finder.find_iter(text.as_bytes());
        let columns = |at: usize| Columns {
            first: count(&text[..at]) + 1,
            length: count(needle),
        };
        let fitting: Vec<usize> = match &self.around {
            Some(around) => {
                let fits = |at: &usize| {
                    let (before, after) = (&text[..*at], &text[at + needle.len()..]);
                    around.fits(before, after) && !is_comment(before, after)
                };
                let exact: Vec<usize> = all().filter(fits).take(OCCURRENCES).collect();
                if exact.is_empty() {
                    all()
                        .filter(|at| begins_target(&text[..*at]))
                        .take(OCCURRENCES)
                        .collect()
                } else {
                    exact
                }
            }
            None => {
                let is_defined = |at: &usize| {
                    let before = text[..*at].trim_end_matches(['<', ' ', '\t']);
                    before.is_empty() || before.ends_with("]:")
                };
                all().filter(is_defined).take(1).collect()
            }
        };
        step(text.len());
        fitting.into_iter().map(columns).collect()
    }
}

impl Around<'_> {
    /// Whether the text is around the address in the file, apart from white space.
    fn fits(&self, before: &str, after: &str) -> bool {
        let seen = |text: char| !text.is_whitespace();
        let mut there = before.chars().rev().filter(|it| seen(*it));
        let mut here = self.before.chars().rev().filter(|it| seen(*it));
        if !here.all(|it| there.next() == Some(it)) {
            return false;
        }
        let mut there = after.chars().filter(|it| seen(*it));
        let mut here = self.after.chars().filter(|it| seen(*it));
        here.all(|it| there.next() == Some(it))
    }
}

/// Finds the columns of all links of a page, each given with its line and its address;
/// `None` where they are not known. Of links that are written alike in one line, the
/// first is the first.
pub fn columns(
    page: &Page<'_>,
    links: &[(Option<Written<'_>>, u32, &str)],
) -> Vec<Option<Columns>> {
    let candidates: Vec<Candidates> = links
        .iter()
        .map(|(written, line, address)| {
            let own = written.filter(|written| page.origin(written.line).is_none());
            own.map_or_else(Candidates::new, |it| it.candidates(page, *line, address))
        })
        .collect();
    let mut taken = FxHashSet::default();
    let mut found = vec![None; links.len()];
    for is_only in [true, false] {
        for (nth, (candidates, (written, line, _))) in candidates.iter().zip(links).enumerate() {
            if (candidates.len() == 1) != is_only {
                continue;
            }
            // Links may share a definition.
            let shares = written.is_some_and(|it| it.around.is_none());
            let mut free = candidates.iter();
            found[nth] = free
                .find(|it| shares || taken.insert((*line, it.first)))
                .copied();
        }
    }
    found
}

/// Whether a line that begins with `before` may continue with the address of a link.
/// The address may also occur in ordinary text, or in code.
pub fn begins_target(before: &str) -> bool {
    let is_code = !before.matches('`').count().is_multiple_of(2);
    let before = before.trim_end_matches('<').trim_end_matches(' ');
    let begins = ["](", "]:", "=\"", "='"];
    !is_code && begins.iter().any(|it| before.ends_with(it))
}

/// Whether a comment is open between the two parts of a line.
fn is_comment(before: &str, after: &str) -> bool {
    let opens = before.rfind("<!--") > before.rfind("-->");
    let closes = after
        .find("-->")
        .is_some_and(|end| !after[..end].contains("<!--"));
    opens || (closes && !before.contains("<!--"))
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX - 1)
}
