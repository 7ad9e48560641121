//! Tags, comments and attributes, as Python's `html.parser` reads them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use memchr::memchr;

use super::entity::unescape;
use crate::work::step;

/// The rules by which tags are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Those of Python's `html.parser`.
    Html,
    /// Those of Python-Markdown, in which there may be code between `<` and
    /// `>`: a backtick ends a name, and is not part of a tag.
    PythonMarkdown,
}

/// A start tag as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// Its name, as written.
    pub name: &'a str,
    /// The text between its name and `>` or `/>`: see [`attributes`].
    pub attributes: &'a str,
    /// Its length in bytes, brackets included.
    pub length: usize,
    /// Whether it ends with `/>`.
    pub is_closed: bool,
}

/// Reads the tags of one text. It remembers what it has searched for in vain, so
/// that the text is read once however many tags are left open in it. Positions
/// are counted in bytes from the end of the text.
#[derive(Debug, Clone)]
pub struct Tags {
    dialect: Dialect,
    /// The position of the last `>`.
    last_end: usize,
    /// Positions inside of start tags from which no tag is closed properly.
    unclosed: BTreeSet<usize>,
    /// The range of the name of the last such tag. A tag that begins inside of
    /// it would end where that does.
    unclosed_name: std::ops::Range<usize>,
    /// The position after which no comment ends.
    no_comment_end: Option<usize>,
}

impl Tags {
    /// A reader of the tags of `text`.
    pub fn of(text: &str, dialect: Dialect) -> Self {
        Self {
            dialect,
            // Without any `>`, no tag can end, not even one at the start.
            last_end: text.rfind('>').map_or(usize::MAX, |at| text.len() - at),
            unclosed: BTreeSet::new(),
            unclosed_name: 0..0,
            no_comment_end: None,
        }
    }

    /// Whether a tag may end in `rest`, the remainder of the text.
    pub fn may_end(&self, rest: &str) -> bool {
        rest.len() >= self.last_end
    }

    /// Reads the start tag at the start of `rest`, the remainder of the text.
    pub fn start<'a>(&mut self, rest: &'a str) -> Option<Tag<'a>> {
        if !self.may_end(rest) || self.unclosed_name.contains(&rest.len()) {
            return None;
        }
        let tag = parse_start_tag(rest, self.dialect, |at| !self.unclosed.contains(&at));
        if tag.is_none() {
            // Once more, to remember the positions that lead nowhere.
            parse_start_tag(rest, self.dialect, |at| self.unclosed.insert(at));
            let name_length = parse_name(&rest[1..], self.dialect).map_or(0, str::len);
            self.unclosed_name = rest.len() - name_length..rest.len();
        }
        tag
    }

    /// Reads the end tag at the start of `rest`: its name and its length.
    pub fn end<'a>(&mut self, rest: &'a str) -> Option<(&'a str, usize)> {
        if self.may_end(rest) {
            parse_end_tag(rest, self.dialect)
        } else {
            None
        }
    }

    /// The length of the comment at the start of `rest`.
    pub fn comment(&mut self, rest: &str) -> Option<usize> {
        if self.no_comment_end.is_some_and(|end| rest.len() <= end) {
            return None;
        }
        let length = comment_length(rest);
        if length.is_none() {
            self.no_comment_end = Some(rest.len());
        }
        length
    }

    /// The length of the tag or comment at the start of `rest`.
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

/// `text` from the first byte that does not fulfil a condition. All that mean something in
/// a tag are ASCII, so that characters need not be decoded.
fn after(text: &str, is_in: impl Fn(u8) -> bool) -> &str {
    let length = text.bytes().take_while(|it| is_in(*it)).count();
    &text[length..]
}

fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace()
}

/// The name at the start of `text`.
fn parse_name(text: &str, dialect: Dialect) -> Option<&str> {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let rest = after(text, |it| match it {
        b'/' | b'>' | b'\0' => false,
        b'`' => dialect != Dialect::PythonMarkdown,
        other => !is_blank(other),
    });
    Some(&text[..text.len() - rest.len()])
}

/// Parses the start tag at the start of `text`. After each attribute it asks
/// whether to go on, with the number of bytes that are left.
fn parse_start_tag(
    text: &str,
    dialect: Dialect,
    mut goes_on: impl FnMut(usize) -> bool,
) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?;
    let name = parse_name(inner, dialect)?;
    step(name.len());
    let after_name = &inner[name.len()..];
    let mut rest = after_name;
    loop {
        let is_first = rest.len() == after_name.len();
        if !is_first && !goes_on(rest.len()) {
            return None;
        }
        let bare = after(rest, |it| is_blank(it) || it == b'/');
        step(rest.len() - bare.len());
        if let Some(after_tag) = bare.strip_prefix('>') {
            let blanks = &rest[..rest.len() - bare.len()];
            return Some(Tag {
                name,
                attributes: &after_name[..after_name.len() - rest.len()],
                length: text.len() - after_tag.len(),
                is_closed: blanks.ends_with('/'),
            });
        }
        if is_first && bare.len() == rest.len() {
            return None;
        }
        let (_, _, after_attribute) = parse_attribute(bare, dialect)?;
        rest = after_attribute;
    }
}

/// Parses the attribute at the start of `text`: its name, its value and the
/// text after it. `None` if it has no end.
fn parse_attribute(text: &str, dialect: Dialect) -> Option<(&str, Option<&str>, &str)> {
    let first = text.chars().next()?;
    let is_backtick = |it: u8| it == b'`' && dialect == Dialect::PythonMarkdown;
    if text.bytes().next().is_some_and(is_backtick) {
        return None;
    }
    let ends = |it: u8| is_blank(it) || matches!(it, b'/' | b'=' | b'>');
    let after_first = &text[first.len_utf8()..];
    let after_key = after(after_first, |it| !ends(it));
    let key = &text[..text.len() - after_key.len()];
    step(key.len());
    let Some(rest) = after(after_key, is_blank).strip_prefix('=') else {
        return Some((key, None, after_key));
    };
    let rest = after(after(rest, |it| it == b'='), is_blank);
    let (value, rest) = match rest.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => {
            let inner = &rest[1..];
            let end = memchr(*quote, inner.as_bytes());
            step(end.unwrap_or(rest.len()));
            end.map(|end| (&inner[..end], &inner[end + 1..]))?
        }
        _ => {
            let ends = |it: u8| is_blank(it) || it == b'>' || is_backtick(it);
            let end = rest.len() - after(rest, |it| !ends(it)).len();
            step(end);
            rest.split_at(end)
        }
    };
    Some((key, Some(value), rest))
}

/// The attributes of a start tag. Names and entities are as written, values
/// are without quotes; an attribute without a value has `None`.
pub fn attributes(written: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = written;
    std::iter::from_fn(move || {
        rest = after(rest, |it| is_blank(it) || it == b'/');
        // Inside of a tag, the two dialects agree.
        let (name, value, remainder) = parse_attribute(rest, Dialect::Html)?;
        rest = remainder;
        Some((name, value))
    })
}

/// The value of one attribute with its entities resolved; empty if it has no
/// value.
pub fn attribute<'a>(written: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, value) = attributes(written).find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(unescape(value.unwrap_or("")))
}

/// Parses the end tag at the start of `text`: its name and its length.
fn parse_end_tag(text: &str, dialect: Dialect) -> Option<(&str, usize)> {
    let inner = text.strip_prefix("</")?;
    let name = parse_name(inner, dialect)?;
    let end = memchr(b'>', inner.as_bytes())?;
    step(end);
    Some((name, end + 3))
}

/// The length of the comment at the start of `text`.
fn comment_length(text: &str) -> Option<usize> {
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
    // The search above skips `--->`, since it looks at pairs.
    inner.find("-->").map(|at| 4 + at + 3)
}

/// The length of the text of an element such as `script`, which ends with the
/// next end tag of that name whatever it contains.
pub fn raw_text_length(text: &str, name: &str) -> usize {
    let is_end = |at: &usize| {
        let end_name = text.as_bytes().get(at + 2..at + 2 + name.len());
        end_name.is_some_and(|end_name| end_name.eq_ignore_ascii_case(name.as_bytes()))
    };
    let mut ends = text.match_indices("</").map(|(at, _)| at);
    let end = ends.find(is_end).unwrap_or(text.len());
    step(end);
    end
}
