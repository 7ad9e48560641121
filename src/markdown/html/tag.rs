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

/// Reads the start tag that `text` begins with.
pub fn start_tag(text: &str) -> Option<Tag<'_>> {
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
pub fn end_tag(text: &str) -> Option<(&str, usize)> {
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
pub fn comment_end(text: &str) -> Option<usize> {
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
