//! `pymdownx.striphtml`: comments and attributes that are left out.

use super::tags::{StartTag, end_tag, value};
use crate::markdown::options::StripHtml;
use crate::text::is_word;

/// `html` without what is to be stripped.
pub fn strip(html: &str, options: &StripHtml) -> String {
    let strips_attributes = options.handlers || !options.attributes.is_empty();
    if !options.comments && !strips_attributes {
        return html.to_owned();
    }
    let mut out = String::with_capacity(html.len());
    // What is before `last` is written; the search goes on at `from`.
    let mut last = 0;
    let mut from = 0;
    let mut unclosed = Vec::new();
    while let Some(at) = html[from..].find('<').map(|at| from + at) {
        let rest = &html[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            let is_closed = !unclosed.contains(&"!");
            let end = is_closed.then(|| comment.find("-->")).flatten();
            let Some(end) = end.map(|end| at + 4 + end + 3) else {
                unclosed.push("!");
                from = at + 4;
                continue;
            };
            let (start, end) = with_line(html, last, at, end);
            out.push_str(&html[last..start]);
            if !options.comments {
                out.push_str(&html[start..end]);
            }
            last = end;
            from = end;
            continue;
        }
        let Some(tag) = StartTag::read(rest) else {
            from = at + 1;
            continue;
        };
        out.push_str(&html[last..at]);
        out.push('<');
        out.push_str(tag.name);
        strip_attributes(tag.attributes, options, &mut out);
        out.push_str(tag.close);
        last = at + tag.length();
        from = last;
        let raw = ["script", "style"];
        let raw = raw.iter().find(|raw| raw.eq_ignore_ascii_case(tag.name));
        if let Some(name) = raw.filter(|name| !tag.close.contains('/') && !unclosed.contains(name))
        {
            match end_tag(&html[last..], name) {
                Some(end) => {
                    out.push_str(&html[last..last + end]);
                    last += end;
                    from = last;
                }
                None => unclosed.push(name),
            }
        }
    }
    out.push_str(&html[last..]);
    out
}

/// A comment with the white space round it, if it is the last thing on its line.
fn with_line(html: &str, last: usize, start: usize, end: usize) -> (usize, usize) {
    let behind = &html[end..];
    let space = behind.len() - behind.trim_start().len();
    match behind[..space].rfind('\n') {
        Some(line) => (last + html[last..start].trim_end().len(), end + line),
        None => (start, end),
    }
}

/// Appends attributes without those to be stripped.
fn strip_attributes(attributes: &str, options: &StripHtml, out: &mut String) {
    let mut rest = attributes;
    while let Some(at) = rest.find(char::is_whitespace) {
        let bare = rest[at..].trim_start();
        out.push_str(&rest[..at]);
        match stripped(bare, options) {
            Some(behind) => rest = behind,
            None => {
                out.push_str(&rest[at..rest.len() - bare.len()]);
                rest = bare;
            }
        }
    }
    out.push_str(rest);
}

/// What follows the attribute at the start of `text`, if that is to be stripped.
fn stripped<'t>(text: &'t str, options: &StripHtml) -> Option<&'t str> {
    let behind = |length: usize| Some(value(&text[length..])?.1);
    let starts = |name: &str| {
        text.get(..name.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(name))
    };
    let mut named = options.attributes.iter().filter(|name| starts(name));
    let handler = || {
        let name = text.trim_start_matches(is_word);
        let length = text.len() - name.len();
        (options.handlers && starts("on") && length > 2).then(|| behind(length))?
    };
    named.find_map(|name| behind(name.len())).or_else(handler)
}
