//! Attribute lists: `{ .class #id key="value" }`.

use std::borrow::Cow;

use super::{Id, Tree};
use crate::work::step;

/// A list's attributes as (name, value): classes are named `.`, bare words
/// have no value.
pub type Attributes<'a> = Vec<(&'a str, Option<&'a str>)>;

/// Reads a list without its braces. Also returns what remains from a `}`
/// inside it on, which a list should not hold.
pub fn parse(list: &str) -> (Attributes<'_>, &str) {
    let mut found = Attributes::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches(' ');
        let is_end = |character: char| matches!(character, ' ' | '=' | '}');
        let name = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        if name.is_empty() {
            break;
        }
        let behind = &rest[name.len()..];
        let (value, behind) = match behind.strip_prefix('=') {
            Some(value) => match quoted(value) {
                Some((value, behind)) => (Some(value), behind),
                None => {
                    let length = value.find(is_end).unwrap_or(value.len());
                    if length == 0 {
                        found.push((name, None));
                        rest = value;
                        break;
                    }
                    (Some(&value[..length]), &value[length..])
                }
            },
            None => (None, behind),
        };
        rest = behind;
        match (name, value) {
            (_, Some(value)) => found.push((name, Some(value))),
            _ if name.starts_with('.') => found.push((".", Some(&name[1..]))),
            _ if name.starts_with('#') => found.push(("id", Some(&name[1..]))),
            _ => found.push((name, None)),
        }
    }
    (found, rest.find('}').map_or("", |at| &rest[at..]))
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    text[1..].split_once(quote)
}

/// The list that `text` begins with: its inside and what follows. As in the
/// reference it reaches to the last `}` of the line.
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
    // A colon alone is an attribute itself.
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

/// The list that ends `text` (but for spaces) behind at least one space or,
/// with `own_line`, on a line of its own: its inside and what stands before.
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
        // Before any but the first stands at least that.
        if !fits && own_line {
            return None;
        }
        if !fits {
            continue;
        }
        let inner = &line[at + 1..line.len() - 1];
        let inner = inner
            .strip_prefix(':')
            .unwrap_or(inner)
            .trim_start_matches(' ');
        if inner.is_empty() || inner.starts_with('}') {
            if own_line {
                return None;
            }
            continue;
        }
        let kept = if own_line {
            &trimmed[..line_start - 1]
        } else {
            trimmed[..line_start + at].trim_end_matches(' ')
        };
        return Some((inner, kept));
    }
    None
}

/// Gives a list's attributes to an element.
pub fn assign<'a>(tree: &mut Tree<'a>, id: Id, list: Attributes<'a>) {
    let mut others = Vec::with_capacity(list.len());
    // Classes are put together, and stand where the first of them does.
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
        let (_, known) = classes.get_or_insert_with(|| {
            others.push((name, None));
            let known = tree.attribute(id, "class").unwrap_or_default();
            (others.len() - 1, known.to_owned())
        });
        step(1);
        if !is_added {
            known.clear();
        } else if !known.is_empty() {
            known.push(' ');
        }
        known.push_str(value.unwrap_or_default());
    }
    if let Some((place, classes)) = classes {
        others[place].1 = Some(classes.into());
    }
    tree.set_attributes(id, others);
}

/// Keeps a name to what XML allows.
fn sanitized(name: &str) -> Cow<'_, str> {
    let is_allowed = |character: char| {
        matches!(character, ':' | '-' | '.' | '_' | '0'..='9' | 'A'..='Z' | 'a'..='z' | '\u{b7}')
            || (character > '\u{bf}'
                && character != '\u{d7}'
                && character != '\u{f7}'
                && character.is_alphanumeric())
    };
    if name.chars().all(is_allowed) {
        return Cow::Borrowed(name);
    }
    let mut clean = String::with_capacity(name.len());
    for character in name.chars() {
        match is_allowed(character) {
            true => clean.push(character),
            false if clean.ends_with('_') => {}
            false => clean.push('_'),
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
