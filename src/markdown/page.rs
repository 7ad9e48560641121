//! A page's source, for places in it.

use std::cell::OnceCell;

use crate::diagnostic::Span;
use crate::files::SourcePath;

/// The longest line that a place shows.
const LONGEST: usize = 4096;

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
}

impl<'a> Page<'a> {
    /// Of a text that begins on line `first_line` of its file.
    pub fn new(path: &'a SourcePath, text: &'a str, first_line: u32) -> Self {
        Self {
            path,
            text,
            lines: OnceCell::new(),
            first_line,
        }
    }

    /// The place of `needle` from line `line` of the file on, for as many
    /// lines as a paragraph may have; else the line itself.
    pub fn span(&self, line: u32, needle: &str) -> Span {
        let skip = line.saturating_sub(self.first_line) as usize;
        let needle = needle.lines().next().unwrap_or_default();
        let all = self.lines.get_or_init(|| self.text.lines().collect());
        let mut lines = all.iter().skip(skip).take(200).enumerate();
        let found = lines.find_map(|(nth, text)| {
            Some((
                nth,
                *text,
                text.find(needle).filter(|_| !needle.is_empty())?,
            ))
        });
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let (nth, excerpt, column, length) = match found {
            Some((nth, text, at)) => (nth, text, count(&text[..at]) + 1, count(needle)),
            None => (0, all.get(skip).copied().unwrap_or_default(), 1, 0),
        };
        let line = line
            .max(self.first_line)
            .saturating_add(u32::try_from(nth).unwrap_or_default());
        Span {
            path: self.path.clone(),
            line,
            column,
            length,
            // A page of one long line would keep it once for every link.
            excerpt: match excerpt.len() > LONGEST {
                true => String::new(),
                false => excerpt.to_owned(),
            },
        }
    }
}
