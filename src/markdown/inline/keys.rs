//! Keys: `++ctrl+alt+del++`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::html::{Escape, unescape};
use crate::markdown::options::Keys;
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

/// The name that a key is known by, and its label.
fn key<'k>(name: &str, options: &'k Keys) -> Option<(String, &'k str)> {
    let name = if options.camel_case {
        hyphenated(name)
    } else {
        name.to_owned()
    };
    let alias = NAMES.get(&*name).and_then(|label| label.strip_prefix('='));
    let name = match alias.filter(|other| !other.is_empty()) {
        Some(other) => other.to_owned(),
        None => name,
    };
    let label = match options.labels.get(&name) {
        Some(label) => label.as_str(),
        None => NAMES.get(&*name)?,
    };
    (!label.is_empty()).then_some((name, label))
}

/// `PageUp` as `page-up`.
fn hyphenated(name: &str) -> String {
    let mut to = String::with_capacity(name.len() + 4);
    let mut last = None;
    for character in name.chars() {
        if character.is_uppercase() {
            if last.is_some_and(|last| last != '-') {
                to.push('-');
            }
            to.extend(character.to_lowercase());
        } else {
            to.push(character);
        }
        last = Some(character);
    }
    to
}

/// Parses the keys at the start of `text`: their HTML and length. Otherwise
/// returns how many bytes were read.
pub fn keys(text: &str, options: &Keys) -> Result<(String, usize), usize> {
    let mut rest = text;
    read(&mut rest, options)
        .ok_or_else(|| {
            step(text.len() - rest.len());
            text.len() - rest.len()
        })
        .map(|html| (html, text.len() - rest.len()))
}

/// Parses the keys at the start of `text`, and leaves the text that follows or
/// that could not be parsed.
fn read(text: &mut &str, options: &Keys) -> Option<String> {
    *text = text.strip_prefix("++")?;
    let mut html = String::new();
    loop {
        if !html.is_empty() && !options.separator.is_empty() {
            html.push_str("<span>");
            Escape::TEXT.append(&options.separator, &mut html);
            html.push_str("</span>");
        }
        if let Some(quote) = text.chars().next().filter(|it| matches!(it, '"' | '\'')) {
            let Some((label, behind)) = quoted(&text[1..], quote) else {
                *text = "";
                return None;
            };
            html.push_str("<kbd>");
            Escape::TEXT.append(unescape(&label).trim(), &mut html);
            html.push_str("</kbd>");
            *text = behind;
        } else {
            let is_name = |it: char| it.is_alphanumeric() || it == '-' || it == marks::UNDERSCORE;
            let end = text.find(|it| !is_name(it))?;
            let name = text[..end].replace(marks::UNDERSCORE, "_");
            let (class, label) = key(&name, options)?;
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
    use serde_json::Map;

    use super::*;
    use crate::markdown::options::ExtensionOptions;

    #[test]
    fn keys_by_name_and_in_quotes() {
        let options = Keys::new(&ExtensionOptions::new(&Map::new()));
        let keys = |text| keys(text, &options);
        let html = keys("++ctrl+\"X y\"++ z").ok().map(|(html, _)| html);
        let wanted = "<kbd class=\"key-control\">Ctrl</kbd><span>+</span><kbd>X y</kbd>";
        assert_eq!(html.as_deref(), Some(wanted));
        assert_eq!(keys("++nokey++"), Err(2));
        assert_eq!(keys("++\"a"), Err(4));
    }
}
