//! Addresses, tags and comments between `<` and `>`.

use std::collections::BTreeSet;

use super::ends::find;
use crate::work::step;

/// The results of searches for ends in one text. Positions are counted from the
/// end of the text.
#[derive(Debug, Default)]
pub struct Unclosed {
    /// The next end of each of [`KINDS`], if there is one.
    ends: [Option<Option<usize>>; 3],
    /// Positions inside of tags from which no tag ends properly.
    tags: BTreeSet<usize>,
}

/// What angle brackets hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Construct {
    /// An address: everything between the brackets.
    Address,
    /// A mail address, which `mailto:` may precede.
    Mail,
    /// A tag, a comment or the like.
    Html,
}

/// Reads the construct at the start of `text`, in which escaped characters have
/// been replaced by ones without a meaning. Also returns its length.
pub fn read(text: &str, unclosed: &mut Unclosed) -> Option<(Construct, usize)> {
    if let Some(length) = address(text) {
        return Some((Construct::Address, length));
    }
    if let Some(length) = mail(text) {
        return Some((Construct::Mail, length));
    }
    tag(text, unclosed)
        .or_else(|| special(text, unclosed))
        .map(|length| (Construct::Html, length))
}

/// The text up to the next `>`, if no other bracket comes before.
fn inside(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?;
    let end = inner.find(['<', '>'])?;
    inner[end..].starts_with('>').then(|| &inner[..end])
}

fn address(text: &str) -> Option<usize> {
    let inner = inside(text)?;
    let (scheme, _) = inner.split_once("://")?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-');
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(is_part);
    is_scheme.then_some(inner.len() + 2)
}

fn mail(text: &str) -> Option<usize> {
    let inner = inside(text)?;
    let (name, domain) = inner.rsplit_once('@')?;
    if name.is_empty() || name.contains([' ', '!']) || domain.is_empty() || domain.contains(' ') {
        return None;
    }
    Some(inner.len() + 2)
}

/// The length of the tag at the start of `text`.
fn tag(text: &str, unclosed: &mut Unclosed) -> Option<usize> {
    let mut passed = Vec::new();
    let length = tag_length(text, &unclosed.tags, &mut passed);
    if length.is_none() {
        unclosed.tags.extend(passed);
    }
    length
}

/// Like [`tag`]. Gives up at the positions in `unclosed`, and adds those that it
/// passes to `passed`.
fn tag_length(text: &str, unclosed: &BTreeSet<usize>, passed: &mut Vec<usize>) -> Option<usize> {
    let is_space = |it: char| it.is_whitespace();
    let inner = text.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    if !inner.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let is_name = |it: char| !is_space(it) && !matches!(it, '"' | '\'' | '<' | '>' | '@');
    let mut rest = inner.trim_start_matches(is_name);
    loop {
        let bare = rest.trim_start_matches(is_space);
        let end = bare.strip_prefix('/').unwrap_or(bare);
        if let Some(behind) = end.strip_prefix('>') {
            return Some(text.len() - behind.len());
        }
        if bare.len() == rest.len() || unclosed.contains(&rest.len()) {
            return None;
        }
        passed.push(rest.len());
        let is_key = |it: char| !is_space(it) && !matches!(it, '"' | '\'' | '=' | '<' | '>');
        let behind = bare.trim_start_matches(is_key);
        if behind.len() == bare.len() {
            return None;
        }
        step(rest.len() - behind.len());
        rest = behind;
        if let Some(value) = behind.trim_start_matches(is_space).strip_prefix('=') {
            let value = value.trim_start_matches(is_space);
            rest = match value.chars().next()? {
                quote @ ('"' | '\'') => value[1..].split_once(quote)?.1,
                _ => value.trim_start_matches(is_key),
            };
            if rest.len() == value.len() {
                return None;
            }
        }
    }
}

/// The starts and ends of comments, instructions and CDATA sections.
const KINDS: [(&str, &str); 3] = [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")];

/// The length of the comment, instruction or CDATA section at the start of
/// `text`.
fn special(text: &str, unclosed: &mut Unclosed) -> Option<usize> {
    let kind = KINDS.iter().position(|(open, _)| text.starts_with(open))?;
    let (open, close) = KINDS[kind];
    let inner = &text[open.len()..];
    let known = unclosed.ends[kind].filter(|end| end.is_none_or(|end| end <= inner.len()));
    let left = match known {
        Some(left) => left,
        None => {
            let left = find(inner, 0, close).map(|end| inner.len() - end);
            unclosed.ends[kind] = Some(left);
            left
        }
    };
    let end = inner.len() - left?;
    (!inner[..end].contains(open)).then_some(open.len() + end + close.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_angle_brackets_hold() {
        for text in [
            "<a>",
            "</b>",
            "<br/>",
            "<a href=\"x>y\" b>",
            "<tel:+1>",
            "<b,c>",
            "<!-- x -->",
            "<?php ?>",
        ] {
            assert_eq!(
                read(&format!("{text} z"), &mut Unclosed::default()),
                Some((Construct::Html, text.len())),
                "{text}"
            );
        }
        for text in ["<", "<3", "< a>", "<a b=>", "<a \"b\">", "<!-- x", "<a<b>"] {
            assert_eq!(read(text, &mut Unclosed::default()), None, "{text}");
        }
        assert_eq!(
            read("<x://a b>", &mut Unclosed::default()),
            Some((Construct::Address, 9))
        );
        assert_eq!(
            read("<mailto:a@b>", &mut Unclosed::default()),
            Some((Construct::Mail, 12))
        );
    }
}
