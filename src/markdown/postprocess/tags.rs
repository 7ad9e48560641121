//! Start tags and their attributes, as the regular expressions of pymdownx read
//! them.

use crate::text::is_word;

/// A start tag: `<`, then these parts.
#[derive(Debug, PartialEq, Eq)]
pub struct StartTag<'t> {
    pub name: &'t str,
    /// The attributes, with the white space before each.
    pub attributes: &'t str,
    /// The end, with the white space before it.
    pub close: &'t str,
}

impl<'t> StartTag<'t> {
    /// The tag at the start of `html`.
    pub fn read(html: &'t str) -> Option<Self> {
        let inner = html.strip_prefix('<')?;
        let is_name = |it: char| is_word(it) || matches!(it, ':' | '.' | '-');
        let rest = inner.trim_start_matches(is_name);
        let (name, behind) = inner.split_at(inner.len() - rest.len());
        if name.is_empty() {
            return None;
        }
        let length: usize = attributes(behind)
            .map(|attribute| attribute.written.len())
            .sum();
        let (attributes, rest) = behind.split_at(length);
        let bare = rest.trim_start();
        let end = bare.strip_prefix('/').unwrap_or(bare).strip_prefix('>')?;
        Some(Self {
            name,
            attributes,
            close: &rest[..rest.len() - end.len()],
        })
    }

    /// Its length in bytes.
    pub fn length(&self) -> usize {
        1 + self.name.len() + self.attributes.len() + self.close.len()
    }
}

/// An attribute.
#[derive(Debug, PartialEq, Eq)]
pub struct Attribute<'t> {
    /// All of it, with the white space before it.
    pub written: &'t str,
    pub name: &'t str,
    /// The value as written, with its quotes.
    pub value: Option<&'t str>,
}

impl<'t> Attribute<'t> {
    /// The value without its quotes; `None` if it has none.
    pub fn quoted_value(&self) -> Option<&'t str> {
        let value = self.value.filter(|value| value.starts_with(['"', '\'']))?;
        value.get(1..value.len() - 1)
    }
}

/// The attributes that `text` begins with.
pub fn attributes(text: &str) -> impl Iterator<Item = Attribute<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let bare = rest.trim_start();
        let is_name = |it: char| is_word(it) || matches!(it, ':' | '-');
        let behind = bare.trim_start_matches(is_name);
        let name = &bare[..bare.len() - behind.len()];
        if bare.len() == rest.len() || name.is_empty() {
            return None;
        }
        let value = value(behind);
        let behind = value.map_or(behind, |(_, behind)| behind);
        let written = &rest[..rest.len() - behind.len()];
        rest = behind;
        Some(Attribute {
            written,
            name,
            value: value.map(|(value, _)| value),
        })
    })
}

/// The value at the start of `text`, with its quotes, and what follows.
pub fn value(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start().strip_prefix('=')?.trim_start();
    let length = match text.chars().next()? {
        quote @ ('"' | '\'') => 2 + text[1..].find(quote)?,
        _ => {
            let ends = |it: char| it.is_whitespace() || "\"'`=<>".contains(it);
            text.find(ends).unwrap_or(text.len())
        }
    };
    (length > 0).then(|| text.split_at(length))
}

/// `html` with some attributes of the tags that `wants` names rewritten. `rewrite`
/// gives what stands for an attribute, with the white space before it; `None` leaves
/// it as written. Comments, scripts and styles are left alone.
pub fn rewrite_attributes(
    html: &str,
    wants: impl Fn(&str) -> bool,
    mut rewrite: impl FnMut(&Attribute<'_>) -> Option<String>,
) -> String {
    let mut out = String::with_capacity(html.len());
    let mut from = 0;
    while let Some(at) = html[from..].find('<').map(|at| from + at) {
        out.push_str(&html[from..at]);
        let rest = &html[at..];
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
            out.push_str(&rest[..end]);
            from = at + end;
            continue;
        }
        let Some(tag) = StartTag::read(rest) else {
            out.push('<');
            from = at + 1;
            continue;
        };
        out.push_str(&rest[..1 + tag.name.len()]);
        if wants(tag.name) {
            for attribute in attributes(tag.attributes) {
                match rewrite(&attribute) {
                    Some(rewritten) => out.push_str(&rewritten),
                    None => out.push_str(attribute.written),
                }
            }
        } else {
            out.push_str(tag.attributes);
        }
        out.push_str(tag.close);
        let mut end = tag.length();
        let is_raw = ["script", "style"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(tag.name));
        if is_raw && !tag.close.contains('/') {
            end += end_tag(&rest[end..], tag.name).unwrap_or(rest.len() - end);
            out.push_str(&rest[tag.length()..end]);
        }
        from = at + end;
    }
    out.push_str(&html[from..]);
    out
}

/// Where the first end tag of `name` in `html` ends.
pub fn end_tag(html: &str, name: &str) -> Option<usize> {
    let mut tags = html.match_indices("</");
    tags.find_map(|(at, _)| {
        let inner = &html[at + 2..];
        let given = inner.get(..name.len())?;
        let rest = inner[name.len()..].trim_start().strip_prefix('>')?;
        given
            .eq_ignore_ascii_case(name)
            .then_some(html.len() - rest.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_attributes() {
        let tag = StartTag::read("<a href=\"x>\" b c='d' e=f />g").expect("a tag");
        assert_eq!((tag.name, tag.close, tag.length()), ("a", " />", 27));
        let found: Vec<_> = attributes(tag.attributes)
            .map(|it| (it.name, it.value))
            .collect();
        let values = [Some("\"x>\""), None, Some("'d'"), Some("f")];
        assert_eq!(
            found,
            ["href", "b", "c", "e"]
                .into_iter()
                .zip(values)
                .collect::<Vec<_>>()
        );
        assert_eq!(StartTag::read("<a href=\"x>"), None);
        assert_eq!(StartTag::read("< a>"), None);
        assert_eq!(end_tag("x </SCRIPT > y", "script"), Some(12));
    }
}
