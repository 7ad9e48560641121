//! Keys: `++ctrl+alt+del++`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::html::Escape;
use crate::markdown::source::lines::marks;
use crate::work::step;

/// Names of keys with their labels, or with `=` and the name they stand for.
static NAMES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    for line in include_str!("keys.txt").lines() {
        if let Some((name, label)) = line.split_once('\t') {
            names.entry(name).or_insert(label);
        }
    }
    names
});

/// A key's name and label.
fn key(name: &str) -> Option<(&str, &'static str)> {
    let label = NAMES.get(name)?;
    match label.strip_prefix('=').filter(|other| !other.is_empty()) {
        Some(other) => Some((other, NAMES.get(other)?)),
        None => Some((name, label)),
    }
}

/// Parses the keys at the start of `text`: their HTML and length. Otherwise
/// returns how many bytes were read.
pub fn keys(text: &str) -> Result<(String, usize), usize> {
    let mut rest = text;
    read(&mut rest)
        .ok_or_else(|| {
            step(text.len() - rest.len());
            text.len() - rest.len()
        })
        .map(|html| (html, text.len() - rest.len()))
}

/// Parses the keys at the start of `text`, and leaves the text that follows or
/// that could not be parsed.
fn read(text: &mut &str) -> Option<String> {
    *text = text.strip_prefix("++")?;
    let mut html = String::new();
    loop {
        if !html.is_empty() {
            html.push_str("<span>+</span>");
        }
        if let Some(quote) = text.chars().next().filter(|it| matches!(it, '"' | '\'')) {
            let Some((label, behind)) = quoted(&text[1..], quote) else {
                *text = "";
                return None;
            };
            html.push_str("<kbd>");
            Escape::TEXT.append(label.trim(), &mut html);
            html.push_str("</kbd>");
            *text = behind;
        } else {
            let is_name = |it: char| it.is_alphanumeric() || it == '-' || it == marks::UNDERSCORE;
            let end = text.find(|it| !is_name(it))?;
            let name = text[..end].replace(marks::UNDERSCORE, "_");
            let (class, label) = key(&name)?;
            html.push_str(&format!("<kbd class=\"key-{class}\">"));
            Escape::TEXT.append(label, &mut html);
            html.push_str("</kbd>");
            *text = &text[end..];
        }
        if let Some(behind) = text.strip_prefix("++") {
            *text = behind;
            return Some(html);
        }
        *text = text.strip_prefix('+')?;
    }
}

/// The text up to an unescaped `quote`, without its backslashes, and what
/// follows.
fn quoted(text: &str, quote: char) -> Option<(String, &str)> {
    let mut label = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => label.extend(characters.next().map(|(_, escaped)| escaped)),
            found if found == quote => {
                let is_filled = !label.is_empty();
                return is_filled.then(|| (label, &text[at + quote.len_utf8()..]));
            }
            other => label.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_by_name_and_in_quotes() {
        let html = keys("++ctrl+\"X y\"++ z").ok().map(|(html, _)| html);
        let wanted = "<kbd class=\"key-control\">Ctrl</kbd><span>+</span><kbd>X y</kbd>";
        assert_eq!(html.as_deref(), Some(wanted));
        assert_eq!(keys("++nokey++"), Err(2));
        assert_eq!(keys("++\"a"), Err(4));
    }
}
