use std::collections::BTreeSet;

use crate::work::step;

/// A start tag as written.
pub struct Tag<'a> {
    /// Its name, case kept.
    pub name: &'a str,
    /// Its attributes without quotes.
    pub attributes: Vec<(&'a str, Option<&'a str>)>,
    /// How long it is, brackets included.
    pub length: usize,
    /// Whether it ends with `/>`.
    pub is_closed: bool,
}

fn is_name(character: char) -> bool {
    !matches!(character, '`' | '\t' | '\n' | ' ' | '/' | '>' | '\u{0}')
}

/// Reads the tags of one text. What was looked for in vain is not looked for
/// again, so the text is read once however many tags are left open in it.
#[derive(Debug, Default)]
pub struct Tags {
    /// Behind it no tag ends; counted from the end of the text, as the others.
    last_end: usize,
    /// Places inside of start tags from which on none ends rightly.
    unclosed: BTreeSet<usize>,
    /// From here on no comment ends.
    no_comment_end: Option<usize>,
}

impl Tags {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        Self {
            last_end: text.len() - text.rfind('>').unwrap_or(0),
            unclosed: BTreeSet::new(),
            no_comment_end: None,
        }
    }

    /// Reads the start tag that `text`, the rest of the text, begins with.
    pub fn start<'a>(&mut self, text: &'a str) -> Option<Tag<'a>> {
        if text.len() < self.last_end {
            return None;
        }
        let mut passed = Vec::new();
        let tag = start_tag(text, &self.unclosed, &mut passed);
        if tag.is_none() {
            self.unclosed.extend(passed);
        }
        tag
    }

    /// Reads the end tag that the rest begins with: its name and its length.
    pub fn end<'a>(&mut self, text: &'a str) -> Option<(&'a str, usize)> {
        (text.len() >= self.last_end).then(|| end_tag(text))?
    }

    /// How long the comment is that the rest begins with.
    pub fn comment(&mut self, text: &str) -> Option<usize> {
        if self.no_comment_end.is_some_and(|end| text.len() <= end) {
            return None;
        }
        let end = comment_end(text);
        if end.is_none() {
            self.no_comment_end = Some(text.len());
        }
        end
    }

    /// How long the tag or comment is that the rest begins with.
    pub fn length(&mut self, text: &str) -> Option<usize> {
        if text.starts_with("<!--") {
            self.comment(text)
        } else if text.starts_with("</") {
            self.end(text).map(|(_, length)| length)
        } else {
            self.start(text).map(|tag| tag.length)
        }
    }
}

/// Reads the start tag that `text` begins with; gives up at a place in
/// `unclosed`, and says which it `passed`.
fn start_tag<'a>(
    text: &'a str,
    unclosed: &BTreeSet<usize>,
    passed: &mut Vec<usize>,
) -> Option<Tag<'a>> {
    let inner = text
        .strip_prefix('<')
        .filter(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()))?;
    let name = &inner[..inner
        .find(|character| !is_name(character))
        .unwrap_or(inner.len())];
    let mut attributes = Vec::new();
    let mut rest = &inner[name.len()..];
    let length = |rest: &str| text.len() - rest.len();
    loop {
        if unclosed.contains(&rest.len()) {
            return None;
        }
        if !attributes.is_empty() {
            passed.push(rest.len());
        }
        let before = rest;
        rest = rest.trim_start_matches([' ', '\t', '\n', '/']);
        if let Some(behind) = rest.strip_prefix('>') {
            let is_closed = before[..before.len() - rest.len()].ends_with('/');
            return Some(Tag {
                name,
                attributes,
                length: length(behind),
                is_closed,
            });
        }
        let first = rest.chars().next()?;
        if first == '`' || (before.len() == rest.len() && attributes.is_empty()) {
            return None;
        }
        let size = rest
            .char_indices()
            .skip(1)
            .find(|(_, next)| matches!(next, ' ' | '\t' | '\n' | '/' | '=' | '>'));
        step(1);
        let key = &rest[..size.map_or(rest.len(), |(at, _)| at)];
        rest = &rest[key.len()..];
        let behind = rest.trim_start_matches([' ', '\t', '\n']);
        let Some(value) = behind.strip_prefix('=') else {
            attributes.push((key, None));
            continue;
        };
        let value = value
            .trim_start_matches('=')
            .trim_start_matches([' ', '\t', '\n']);
        let (value, behind) = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split_once(quote)?,
            _ => value.split_at(
                value
                    .find(['`', '>', ' ', '\t', '\n'])
                    .unwrap_or(value.len()),
            ),
        };
        attributes.push((key, Some(value)));
        rest = behind;
    }
}

/// Reads the end tag that `text` begins with: its name and its length.
fn end_tag(text: &str) -> Option<(&str, usize)> {
    let inner = text
        .strip_prefix("</")
        .filter(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()))?;
    let name = &inner[..inner
        .find(|character| !is_name(character))
        .unwrap_or(inner.len())];
    let end = inner.find('>')?;
    Some((name, end + 3))
}

/// How long the comment is that `text` begins with.
fn comment_end(text: &str) -> Option<usize> {
    step(1);
    let inner = &text[4..];
    let ends = inner.match_indices("--").map(|(at, _)| at);
    for at in ends {
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
