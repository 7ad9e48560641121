//! Attribute lists: `{ .class #id key="value" }`.

use std::borrow::Cow;

use super::{Id, Tree};
use crate::work::step;

/// A list's attributes as (name, value). The name of a class is `.`; bare words
/// have no value.
pub type Attributes<'a> = Vec<(&'a str, Option<&'a str>)>;

/// Parses a list without its braces. Also returns the remainder from the first
/// `}` inside it, which a list should not contain.
pub fn parse(list: &str) -> (Attributes<'_>, &str) {
    let mut attributes = Attributes::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches(' ');
        let is_end = |character: char| matches!(character, ' ' | '=' | '}');
        let name = &rest[..length_until(rest, is_end)];
        if name.is_empty() {
            break;
        }
        rest = &rest[name.len()..];
        if let Some(after_equals) = rest.strip_prefix('=') {
            let unquoted = || after_equals.split_at(length_until(after_equals, is_end));
            let (value, after_value) = quoted(after_equals).unwrap_or_else(unquoted);
            rest = after_value;
            // Nothing was quoted and nothing stands there: the list ends.
            if after_value.len() == after_equals.len() {
                attributes.push((name, None));
                break;
            }
            attributes.push((name, Some(value)));
        } else if let Some(class) = name.strip_prefix('.') {
            attributes.push((".", Some(class)));
        } else if let Some(id) = name.strip_prefix('#') {
            attributes.push(("id", Some(id)));
        } else {
            attributes.push((name, None));
        }
    }
    (attributes, rest.find('}').map_or("", |at| &rest[at..]))
}

fn length_until(text: &str, is_end: impl Fn(char) -> bool) -> usize {
    text.find(is_end).unwrap_or(text.len())
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    text[1..].split_once(quote)
}

/// The list at the start of `text`, without its braces, and the text after it.
/// As in the reference, it extends to the last `}` of the line.
pub fn leading(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with('{') {
        return None;
    }
    let line = &text[..text.find(['\n', '\u{c}']).unwrap_or(text.len())];
    let open = line.strip_prefix('{')?;
    let with_colon = open
        .strip_prefix(':')
        .unwrap_or(open)
        .trim_start_matches(' ');
    // If there is nothing but a colon, it is an attribute.
    [with_colon, open.trim_start_matches(' ')]
        .into_iter()
        .find_map(|inner| {
            let end = inner.rfind('}')?;
            let list = &inner[..end];
            let start = line.len() - inner.len();
            let is_list = !list.is_empty() && !list.starts_with('}');
            is_list.then(|| (list, &text[start + end + 1..]))
        })
}

/// The list at the end of `text`, trailing spaces aside, without its braces,
/// and the text before it. It must follow at least one space or, with
/// `own_line`, be on a line of its own.
pub fn trailing(text: &str, own_line: bool) -> Option<(&str, &str)> {
    let trimmed = text
        .strip_suffix('\n')
        .unwrap_or(text)
        .trim_end_matches(' ');
    if !trimmed.ends_with('}') {
        return None;
    }
    let line_start = trimmed.rfind('\n').map_or(0, |at| at + 1);
    let line = &trimmed[line_start..];
    for (at, _) in line.match_indices('{') {
        step(1);
        let before = &line[..at];
        let fits = if own_line {
            line_start > 0 && before.trim_matches(' ').is_empty()
        } else {
            before.ends_with(' ')
        };
        let inner = &line[at + 1..line.len() - 1];
        let inner = inner
            .strip_prefix(':')
            .unwrap_or(inner)
            .trim_start_matches(' ');
        if fits && !inner.is_empty() && !inner.starts_with('}') {
            let text = if own_line {
                &trimmed[..line_start - 1]
            } else {
                trimmed[..line_start + at].trim_end_matches(' ')
            };
            return Some((inner, text));
        }
        // Any further `{` of the line has at least this one before it.
        if own_line {
            return None;
        }
    }
    None
}

/// Gives a list's attributes to an element.
pub fn assign<'a>(tree: &mut Tree<'a>, id: Id, list: Attributes<'a>) {
    let mut others = Vec::with_capacity(list.len());
    // All classes become one attribute, at the position of the first of them.
    let mut classes: Option<(usize, String)> = None;
    for (name, value) in list {
        let is_added = name == ".";
        let name = if is_added {
            "class".into()
        } else {
            sanitized(name)
        };
        if name != "class" {
            others.push((name, value.map(Cow::Borrowed)));
            continue;
        }
        let (_, classes) = classes.get_or_insert_with(|| {
            others.push((name, None));
            let existing = tree.attribute(id, "class").unwrap_or("");
            (others.len() - 1, existing.to_owned())
        });
        step(1);
        if !is_added {
            classes.clear();
        } else if !classes.is_empty() {
            classes.push(' ');
        }
        // The attribute `class` may be a bare word.
        classes.push_str(value.unwrap_or(""));
    }
    if let Some((index, classes)) = classes {
        others[index].1 = Some(classes.into());
    }
    tree.set_attributes(id, others);
}

/// `name` with each run of characters that XML does not allow as a `_`.
pub fn sanitized(name: &str) -> Cow<'_, str> {
    // https://www.w3.org/TR/xml/#NT-NameChar
    let is_allowed = |character: char| {
        matches!(character,
            ':' | '-' | '.' | '_' | '0'..='9' | 'A'..='Z' | 'a'..='z' | '\u{b7}'
            | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{37d}'
            | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{203f}'..='\u{2040}'
            | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
            | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
    };
    if name.chars().all(is_allowed) {
        return Cow::Borrowed(name);
    }
    let mut clean = String::with_capacity(name.len());
    for character in name.chars() {
        if is_allowed(character) {
            clean.push(character);
        } else if !clean.ends_with('_') {
            clean.push('_');
        }
    }
    clean.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists() {
        let pair = |name, value| (name, Some(value));
        assert_eq!(
            parse(".a #b c=d e=\"f g\" h='i'").0,
            [
                pair(".", "a"),
                pair("id", "b"),
                pair("c", "d"),
                pair("e", "f g"),
                pair("h", "i")
            ]
        );
        assert_eq!(parse("checked"), (vec![("checked", None)], ""));
        assert_eq!(parse(".a } b").1, "} b");
        assert_eq!(leading("{ .a } b"), Some((".a ", " b")));
        assert_eq!(leading("{: .a}"), Some((".a", "")));
        assert_eq!(leading("{}"), None);
        assert_eq!(trailing("Title { #x }", false), Some(("#x ", "Title")));
        assert_eq!(trailing("text\n{ .a }", true), Some((".a ", "text")));
        assert_eq!(trailing("text { .a }", true), None);
    }
}
