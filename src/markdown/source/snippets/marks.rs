//! The marks that include snippets (`--8<--`), and the part of a file that they
//! name.

use crate::markdown::source::lines::Line;

/// A line that includes snippets.
pub(super) enum Mark<'t> {
    /// The mark is shown as text, without its first `;`.
    Escaped,
    /// The start or end of a list of paths.
    Block,
    /// One path, and the white space before the mark.
    Inline { space: &'t str, path: &'t str },
}

impl<'t> Mark<'t> {
    pub(super) fn parse(line: &'t str) -> Option<Self> {
        let bare = line.trim_start_matches([' ', '\t']);
        let space = &line[..line.len() - bare.len()];
        let unescaped = bare.trim_start_matches(';');
        let mark = match strip_scissors(unescaped)? {
            "" => Self::Block,
            argument => Self::Inline {
                space,
                path: quoted_path(argument)?,
            },
        };
        if unescaped.len() < bare.len() {
            Some(Self::Escaped)
        } else {
            Some(mark)
        }
    }
}

/// The path in ` "path"` or ` 'path'`.
fn quoted_path(argument: &str) -> Option<&str> {
    let quoted = argument.trim_start_matches([' ', '\t']);
    let quote = quoted.chars().next()?;
    if quoted.len() == argument.len() || !matches!(quote, '"' | '\'') || quoted.len() < 3 {
        return None;
    }
    let path = quoted[1..].strip_suffix(quote)?;
    if path.replace(&format!("\\{quote}"), "").contains(quote) {
        return None;
    }
    Some(path.trim())
}

/// The text after `--8<--` at the start of `text`.
fn strip_scissors(text: &str) -> Option<&str> {
    let dashless = text.trim_start_matches('-');
    if dashless.len() == text.len() {
        return None;
    }
    let rest = dashless.strip_prefix("8<-")?;
    Some(rest.trim_start_matches('-'))
}

/// A line that marks a section of a file.
pub(super) enum SectionMark<'t> {
    /// The mark is text: the line without its `;`.
    Escaped(String),
    /// The section of this name begins.
    Start(&'t str),
    /// The section of this name ends.
    End(&'t str),
}

fn is_section_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

pub(super) fn section_mark(line: &str) -> Option<SectionMark<'_>> {
    let at = line.find("8<-")?;
    let before = line[..at].trim_end_matches('-');
    let argument = strip_scissors(&line[before.len()..])?;
    let bare = argument.trim_start_matches([' ', '\t']);
    if bare.len() == argument.len() {
        return None;
    }
    let (inner, _) = bare.strip_prefix('[')?.split_once(']')?;
    let (kind, name) = inner.split_once(':')?;
    let name = name.trim();
    if !is_section_name(name) {
        return None;
    }
    if let Some(unescaped) = before.strip_suffix(';') {
        let mark = &line[before.len()..];
        return Some(SectionMark::Escaped(format!("{unescaped}{mark}")));
    }
    match kind.trim().to_ascii_lowercase().as_str() {
        "start" => Some(SectionMark::Start(name)),
        "end" => Some(SectionMark::End(name)),
        _ => None,
    }
}

/// A range of a snippet's lines, both ends included. Lines are counted from 1;
/// negative numbers count from the end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Range {
    start: Option<i64>,
    end: Option<i64>,
}

impl Range {
    /// The lines that are in the range.
    pub(super) fn select<'l, 'a>(&self, lines: &'l [Line<'a>]) -> &'l [Line<'a>] {
        let total = lines.len();
        // The index that many lines from the start or, if negative, the end.
        let index = |number: i64| {
            let distance = usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX);
            if number < 0 {
                total.saturating_sub(distance)
            } else {
                total.min(distance)
            }
        };
        let start = match self.start {
            None | Some(0) => 0,
            Some(start) if start > 0 => index(start - 1),
            Some(start) => index(start),
        };
        let end = match self.end {
            None | Some(-1) => total,
            Some(end) if end < 0 => index(end + 1),
            Some(end) => index(end),
        };
        &lines[start..end.max(start)]
    }
}

/// The part of a file that is included.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Whole,
    Ranges(Vec<Range>),
    Section(&'t str),
}

impl<'t> Part<'t> {
    /// Splits `path:1:5` or `path:section` into the path and the part.
    pub(super) fn split(written: &'t str) -> (&'t str, Self) {
        for (at, _) in written.match_indices(':') {
            let (path, part) = (&written[..at], &written[at + 1..]);
            if let Some(ranges) = Self::parse_ranges(part) {
                return (path, Self::Ranges(ranges));
            }
            if is_section_name(part) {
                return (path, Self::Section(part));
            }
        }
        (written, Self::Whole)
    }

    fn parse_ranges(text: &str) -> Option<Vec<Range>> {
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
    fn ranges_stay_inside_of_the_file() {
        let line = |source| Line { text: "", source };
        let lines = [line(1), line(2), line(3), line(4)];
        for (start, end, expected) in [
            (None, None, 1..5),
            (Some(2), Some(3), 2..4),
            (Some(0), Some(0), 1..1),
            (Some(-2), None, 3..5),
            (Some(-9), Some(-2), 1..4),
            (Some(2), Some(-1), 2..5),
            (Some(3), Some(1), 3..3),
            (Some(i64::MIN), Some(i64::MAX), 1..5),
            (Some(9), Some(9), 5..5),
        ] {
            let range = Range { start, end };
            let selected = range.select(&lines).iter().map(|line| line.source);
            let expected: Vec<u32> = expected.collect();
            assert_eq!(selected.collect::<Vec<_>>(), expected, "{range:?}");
        }
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
