use std::ops::Range;

/// A tag `{% word rest %}`.
pub(super) struct Tag<'a> {
    /// Its range in the text, delimiters included.
    pub(super) range: Range<usize>,
    /// Whether it removes the white space before it, and after it.
    pub(super) trims: (bool, bool),
    pub(super) word: &'a str,
    /// What follows the word, trimmed.
    pub(super) rest: &'a str,
}

/// What a template consists of besides text.
pub(super) enum Part<'a> {
    /// `{% word rest %}`.
    Tag(Tag<'a>),
    /// The range of `{{ expression }}`.
    Output(Range<usize>),
}

/// The tags of a template, without those in comments and raw text.
pub(super) fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    parts(text).filter_map(|part| match part {
        Part::Tag(tag) => Some(tag),
        Part::Output(_) => None,
    })
}

/// The tags and outputs of a template, without those in comments and raw text.
pub(super) fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut at = 0;
    let mut raw = false;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('{')?;
            let opening = text[start + 1..].chars().next();
            match opening {
                Some('#') if !raw => at = start + 2 + text[start + 2..].find("#}")? + 2,
                Some('{') if !raw => {
                    at = find_end(text, start + 2, "}}")?;
                    return Some(Part::Output(start..at));
                }
                Some('%') => {
                    let inside = start + 2;
                    let stop = if raw {
                        inside + text[inside..].find("%}")? + 2
                    } else {
                        find_end(text, inside, "%}")?
                    };
                    let tag = parse_tag(text, start..stop);
                    let was_raw = raw;
                    raw = match tag.word {
                        "raw" => true,
                        "endraw" => false,
                        _ => raw,
                    };
                    at = if raw && was_raw { inside } else { stop };
                    if !raw {
                        return Some(Part::Tag(tag));
                    }
                }
                _ => at = start + 1,
            }
        }
    })
}

fn parse_tag(text: &str, range: Range<usize>) -> Tag<'_> {
    let inner = &text[range.start + 2..range.end - 2];
    let trims = (
        inner.starts_with('-'),
        inner.len() > 1 && inner.ends_with('-'),
    );
    let inner = inner.trim_start_matches(['-', '+']);
    let inner = inner.trim_end_matches(['-', '+']).trim();
    let split = inner.find(|c: char| !c.is_alphanumeric() && c != '_');
    let (word, rest) = inner.split_at(split.unwrap_or(inner.len()));
    Tag {
        range,
        trims,
        word,
        rest: rest.trim(),
    }
}

/// The offset after a tag's closing delimiter. Delimiters in quotes are text.
fn find_end(text: &str, from: usize, delimiter: &str) -> Option<usize> {
    let mut characters = unquoted(&text[from..]);
    let (at, _) = characters.find(|(at, _)| text[from + at..].starts_with(delimiter))?;
    Some(from + at + delimiter.len())
}

/// The characters of an expression that are not in quotes, with their offsets.
pub(super) fn unquoted(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut escaped = false;
    text.char_indices().filter(move |(_, c)| match quote {
        Some(_) if escaped => {
            escaped = false;
            false
        }
        Some(_) if *c == '\\' => {
            escaped = true;
            false
        }
        Some(open) => {
            if *c == open {
                quote = None;
            }
            false
        }
        None if matches!(c, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        None => true,
    })
}

/// The parts of an expression between its commas, not counting commas in
/// brackets.
pub(super) fn arguments(text: &str) -> Vec<Range<usize>> {
    let mut depth = 0_i32;
    let mut arguments = Vec::new();
    let mut start = 0;
    for (at, c) in unquoted(text) {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        arguments.push(start..text.len());
    }
    arguments
}
