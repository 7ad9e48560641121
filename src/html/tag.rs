//! Tags, comments and attributes, as Python's `html.parser` reads them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::entity::unescape;
use crate::work::step;

/// How tags are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// As Python's `html.parser` does.
    Html,
    /// As Python-Markdown has changed that: code may stand between `<` and
    /// `>`, so a backtick ends a name, and no tag goes on behind one.
    PythonMarkdown,
}

/// A start tag as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name, case kept.
    pub name: &'a str,
    /// What stands behind its name, up to `>` or `/>`: see [`attributes`].
    pub attributes: &'a str,
    /// How long it is, brackets included.
    pub length: usize,
    /// Whether it ends with `/>`.
    pub is_closed: bool,
}

/// Reads the tags of one text. What was looked for in vain is not looked for
/// again, so the text is read once however many tags are left open in it.
#[derive(Debug, Clone)]
pub struct Tags {
    dialect: Dialect,
    /// Behind it no tag ends; counted from the end of the text, as the others.
    last_end: usize,
    /// Places inside of start tags from which on none ends rightly.
    unclosed: BTreeSet<usize>,
    /// Where the name of the last such tag begins and ends: those that begin
    /// within it end there too.
    unclosed_name: std::ops::Range<usize>,
    /// From here on no comment ends.
    no_comment_end: Option<usize>,
}

impl Tags {
    /// Of a text.
    pub fn of(text: &str, dialect: Dialect) -> Self {
        Self {
            dialect,
            last_end: text.len() - text.rfind('>').unwrap_or(0),
            unclosed: BTreeSet::new(),
            unclosed_name: 0..0,
            no_comment_end: None,
        }
    }

    /// Whether a tag may end in `rest`, the rest of the text.
    pub fn may_end(&self, rest: &str) -> bool {
        rest.len() >= self.last_end
    }

    /// Reads the start tag that `rest`, the rest of the text, begins with.
    pub fn start<'a>(&mut self, rest: &'a str) -> Option<Tag<'a>> {
        if !self.may_end(rest) || self.unclosed_name.contains(&rest.len()) {
            return None;
        }
        let tag = start_tag(rest, self.dialect, |place| !self.unclosed.contains(&place));
        if tag.is_none() {
            // Once more, now that it is known to lead nowhere.
            start_tag(rest, self.dialect, |place| self.unclosed.insert(place));
            let name = name(&rest[1..], self.dialect).unwrap_or_default();
            self.unclosed_name = rest.len() - name.len()..rest.len();
        }
        tag
    }

    /// Reads the end tag that the rest begins with: its name and its length.
    pub fn end<'a>(&mut self, rest: &'a str) -> Option<(&'a str, usize)> {
        self.may_end(rest).then(|| end_tag(rest, self.dialect))?
    }

    /// How long the comment is that the rest begins with.
    pub fn comment(&mut self, rest: &str) -> Option<usize> {
        if self.no_comment_end.is_some_and(|end| rest.len() <= end) {
            return None;
        }
        let end = comment_end(rest);
        if end.is_none() {
            self.no_comment_end = Some(rest.len());
        }
        end
    }

    /// How long the tag or comment is that the rest begins with.
    pub fn length(&mut self, rest: &str) -> Option<usize> {
        if rest.starts_with("<!--") {
            self.comment(rest)
        } else if rest.starts_with("</") {
            self.end(rest).map(|(_, length)| length)
        } else {
            self.start(rest).map(|tag| tag.length)
        }
    }
}

fn is_blank(character: char) -> bool {
    character.is_ascii_whitespace()
}

/// The name that `text` begins with, if one does there.
fn name(text: &str, dialect: Dialect) -> Option<&str> {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let ends = |it: char| match it {
        '/' | '>' | '\0' => true,
        '`' => dialect == Dialect::PythonMarkdown,
        other => is_blank(other),
    };
    Some(&text[..text.find(ends).unwrap_or(text.len())])
}

/// Reads the start tag that `text` begins with. Gives up where it may not go
/// on at a place, counted from the end of the text.
fn start_tag(
    text: &str,
    dialect: Dialect,
    mut goes_on: impl FnMut(usize) -> bool,
) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?;
    let name = name(inner, dialect)?;
    step(name.len());
    let behind_name = &inner[name.len()..];
    let mut rest = behind_name;
    loop {
        let is_first = rest.len() == behind_name.len();
        if !is_first && !goes_on(rest.len()) {
            return None;
        }
        let bare = rest.trim_start_matches(|it| is_blank(it) || it == '/');
        step(rest.len() - bare.len());
        if let Some(behind) = bare.strip_prefix('>') {
            let blanks = &rest[..rest.len() - bare.len()];
            let is_closed = blanks.ends_with('/');
            return Some(Tag {
                name,
                attributes: &behind_name[..behind_name.len() - rest.len()],
                length: text.len() - behind.len(),
                is_closed,
            });
        }
        if is_first && bare.len() == rest.len() {
            return None;
        }
        rest = next_attribute(bare, dialect)?.2;
    }
}

/// The attribute that `text` begins with, and what follows; `None` where it
/// has no end.
fn next_attribute(text: &str, dialect: Dialect) -> Option<(&str, Option<&str>, &str)> {
    let first = text.chars().next()?;
    let is_backtick = |it: char| it == '`' && dialect == Dialect::PythonMarkdown;
    if is_backtick(first) {
        return None;
    }
    let ends = |it: char| is_blank(it) || matches!(it, '/' | '=' | '>');
    let behind_first = &text[first.len_utf8()..];
    let behind = behind_first.trim_start_matches(|it| !ends(it));
    let key = &text[..text.len() - behind.len()];
    step(key.len());
    let Some(value) = behind.trim_start_matches(is_blank).strip_prefix('=') else {
        return Some((key, None, behind));
    };
    let value = value.trim_start_matches('=').trim_start_matches(is_blank);
    let (value, behind) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let split = value[1..].split_once(quote);
            step(split.map_or(value.len(), |(value, _)| value.len()));
            split?
        }
        _ => {
            let ends = |it: char| is_blank(it) || it == '>' || is_backtick(it);
            let split = value.split_at(value.find(ends).unwrap_or(value.len()));
            step(split.0.len());
            split
        }
    };
    Some((key, Some(value), behind))
}

/// The attributes of a start tag: names as written, values without quotes,
/// entities as written; `None` for a name alone.
pub fn attributes(written: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = written;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|it| is_blank(it) || it == '/');
        // What is a tag in Markdown is read in the same way as any other.
        let (name, value, behind) = next_attribute(rest, Dialect::Html)?;
        rest = behind;
        Some((name, value))
    })
}

/// The value of one attribute, entities resolved; empty for a name alone.
pub fn attribute<'a>(written: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, value) = attributes(written).find(|(found, _)| found.eq_ignore_ascii_case(name))?;
    Some(unescape(value.unwrap_or_default()))
}

/// Reads the end tag that `text` begins with: its name and its length.
fn end_tag(text: &str, dialect: Dialect) -> Option<(&str, usize)> {
    let inner = text.strip_prefix("</")?;
    let name = name(inner, dialect)?;
    let end = inner.find('>')?;
    step(end);
    Some((name, end + 3))
}

/// How long the comment is that `text` begins with.
fn comment_end(text: &str) -> Option<usize> {
    step(1);
    let inner = &text[4..];
    for (at, _) in inner.match_indices("--") {
        step(1);
        let rest = &inner[at + 2..];
        if rest.starts_with('>') {
            return Some(4 + at + 3);
        }
        if rest.starts_with("!>") {
            return Some(4 + at + 4);
        }
    }
    // `--->`: the search above steps over pairs.
    inner.find("-->").map(|at| 4 + at + 3)
}

/// How long the text of an element is whose text is no HTML, such as
/// `script`: up to the next end tag of that name.
pub fn raw_text_length(text: &str, name: &str) -> usize {
    let is_end = |at: &usize| {
        let behind = text.as_bytes().get(at + 2..at + 2 + name.len());
        behind.is_some_and(|behind| behind.eq_ignore_ascii_case(name.as_bytes()))
    };
    let mut ends = text.match_indices("</").map(|(at, _)| at);
    let end = ends.find(is_end).unwrap_or(text.len());
    step(end);
    end
}
