//! The target of a link, in parentheses. As in Python-Markdown, addresses may
//! contain spaces, and titles may be in quotes of either kind.

use crate::text::Bytes;

/// The characters that a backslash escapes in Python-Markdown without
/// extensions.
pub(super) const ESCAPABLE: &str = "\\`*_{}[]()>#+-.!";

/// Address, title and length of `(...)`.
#[derive(Debug, PartialEq, Eq)]
pub struct Target<'t> {
    /// As written.
    pub url: &'t str,
    /// Where that begins.
    pub at: usize,
    /// Without its quotes.
    pub title: Option<&'t str>,
    /// How long it is, parentheses included.
    pub length: usize,
}

/// Bytes for which the rules of targets have to be applied: quotes, brackets, escapes, white
/// space.
const UNUSUAL: Bytes = {
    let mut bytes = [0; 128 + 33 + 6];
    let mut at = 0;
    while at < 128 {
        bytes[at] = 128 + at as u8;
        at += 1;
    }
    while at < 128 + 33 {
        bytes[at] = (at - 128) as u8;
        at += 1;
    }
    let others = *b"\"'(<\\\x7f";
    while at < bytes.len() {
        bytes[at] = others[at - 161];
        at += 1;
    }
    Bytes::of(&bytes)
};

impl<'t> Target<'t> {
    /// A target in `text` whose address, `url`, is a part of it.
    fn new(text: &str, url: &'t str, title: Option<&'t str>, length: usize) -> Self {
        Self {
            url,
            at: (url.as_ptr() as usize).saturating_sub(text.as_ptr() as usize),
            title,
            length,
        }
    }
}

/// How many bytes are read for a target if its first `)` is near.
pub const NEAR: usize = 4096;

/// Parses the target at the start of `text`, which begins with `(`. It must end
/// within `most` bytes.
pub fn target(text: &str, most: usize) -> Option<Target<'_>> {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let first_close = memchr::memchr(b')', text.as_bytes())?;
    let inner = text.strip_prefix('(')?;
    let plain = &text[1..first_close.max(1)];
    if UNUSUAL.find(plain.as_bytes()).is_none() {
        return Some(Target::new(text, plain, None, first_close + 1));
    }
    let bare = inner.trim_start();
    if let Some(target) = bracketed(text, bare) {
        return Some(target);
    }
    let start = text.len() - bare.len();
    let mut depth = 1_usize;
    let mut fallback_depth = 1_usize;
    let mut fallback = None;
    let mut in_title = false;
    let mut first: Option<(char, usize)> = None;
    let mut first_end = None;
    let mut second: Option<(char, usize)> = None;
    let mut second_end = None;
    let mut last = ' ';
    let mut is_escape = false;
    for (offset, character) in bare.char_indices() {
        let at = start + offset;
        if is_escape && ESCAPABLE.contains(character) {
            is_escape = false;
            last = character;
            continue;
        }
        is_escape = character == '\\';
        match character {
            '(' if in_title => fallback_depth = fallback_depth.saturating_sub(1),
            '(' => depth += 1,
            ')' => {
                let closes = |quote: Option<(char, usize)>, end: Option<usize>| {
                    end.is_some() && quote.is_some_and(|(quote, _)| quote == last)
                };
                if closes(first, first_end) || closes(second, second_end) {
                    depth = 0;
                } else if !in_title {
                    depth -= 1;
                } else if fallback_depth > 0 {
                    fallback_depth -= 1;
                    if fallback_depth == 0 {
                        fallback = Some(at);
                    }
                }
            }
            '\'' | '"' => match (first, second) {
                (None, _) => {
                    in_title = true;
                    fallback_depth = depth;
                    depth = 1;
                    first = Some((character, at));
                }
                (Some((quote, _)), None) if quote != character => second = Some((character, at)),
                (Some((quote, _)), _) if quote == character => first_end = Some(at),
                _ => second_end = Some(at),
            },
            _ => {}
        }
        if depth == 0 {
            let titled = |quote: Option<(char, usize)>, end: Option<usize>| {
                let ((quote, open), end) = (quote?, end?);
                (quote == last).then(|| (&text[start..open], &text[open + 1..end]))
            };
            let found = titled(first, first_end).or_else(|| titled(second, second_end));
            let (url, title) =
                found.map_or((&text[start..at], None), |(url, title)| (url, Some(title)));
            return Some(Target::new(text, url.trim(), title.map(str::trim), at + 1));
        }
        if character != ' ' {
            last = character;
        }
    }
    let end = fallback?;
    let url = text[start..end].trim();
    Some(Target::new(text, url, None, end + 1))
}

/// Parses `<url> "title")`.
fn bracketed<'t>(text: &'t str, bare: &'t str) -> Option<Target<'t>> {
    let inner = bare.strip_prefix('<')?;
    let mut is_escaped = false;
    let end = inner.find(|it| {
        let ends = matches!(it, '<' | '>') && !(is_escaped && it == '>');
        is_escaped = it == '\\' && !is_escaped;
        ends
    })?;
    let mut rest = inner[end..].strip_prefix('>')?.trim_start();
    let mut title = None;
    if let Some(quote) = rest
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))
    {
        let (quoted, behind) = rest[1..].split_once(quote)?;
        title = Some(quoted);
        rest = behind.trim_start();
    }
    let behind = rest.strip_prefix(')')?;
    let url = inner[..end].trim();
    Some(Target::new(text, url, title, text.len() - behind.len()))
}

/// Whether Comrak parses the target in the same way, so that it can stay as it
/// is.
pub fn is_plain(target: &str) -> bool {
    let inner = &target[1..target.len() - 1];
    !inner.is_empty()
        && inner.bytes().all(|byte| {
            !matches!(
                byte,
                b' ' | b'\n' | b'\t' | b'"' | b'\'' | b'(' | b')' | b'<' | b'>' | b'\\' | b'&' | 0
                    ..=31
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        let read =
            |text| target(text, NEAR).map(|target| (target.url, target.title, target.length));
        assert_eq!(read("(a.md) b"), Some(("a.md", None, 6)));
        assert_eq!(read("(a.md \"T\") b"), Some(("a.md", Some("T"), 10)));
        assert_eq!(read("(a (b) c)"), Some(("a (b) c", None, 9)));
        assert_eq!(read("(<a b> 'T')"), Some(("a b", Some("T"), 11)));
        assert_eq!(
            read("(https \u{7684}\u{ff1a}//x)"),
            Some(("https \u{7684}\u{ff1a}//x", None, 17))
        );
        assert_eq!(read("(x \"\")"), Some(("x", Some(""), 6)));
        assert_eq!(read("(a\"b)"), Some(("a\"b", None, 5)));
        assert_eq!(read("(a"), None);
        assert_eq!(read("()"), Some(("", None, 2)));
        assert_eq!(read("(a\\)b)"), Some(("a\\)b", None, 6)));
        assert_eq!(read("(a\\) b"), None);
        assert_eq!(read("(<a\\>b>)"), Some(("a\\>b", None, 8)));
    }
}
