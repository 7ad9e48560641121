//! What the marks of snippets say.

use crate::markdown::source::lines::Line;

pub(super) enum Mark<'t> {
    Escaped,
    Block,
    Inline { space: &'t str, path: &'t str },
}

impl<'t> Mark<'t> {
    pub(super) fn of(line: &'t str) -> Option<Self> {
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

pub(super) enum SectionMark<'t> {
    Escaped(String),
    Start(&'t str),
    End(&'t str),
}

pub(super) fn section_mark(line: &str) -> Option<SectionMark<'_>> {
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
pub(super) struct Range {
    start: Option<i64>,
    end: Option<i64>,
}

impl Range {
    pub(super) fn of<'l, 'a>(&self, lines: &'l [Line<'a>]) -> &'l [Line<'a>] {
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
        &lines[at(start)..at(end.max(start))]
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Whole,
    Ranges(Vec<Range>),
    Section(&'t str),
}

impl<'t> Part<'t> {
    pub(super) fn split(written: &'t str) -> (&'t str, Self) {
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
