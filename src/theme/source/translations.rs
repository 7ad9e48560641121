//! `{% trans %}` of Jinja2's i18n extension, which MkDocs switches on. Without
//! catalogues, which Material has none of, a text is its own translation:
//!
//! ```text
//! {% trans n=items|length %}{{ n }} item{% pluralize %}{{ n }} items{% endtrans %}
//! {% with n=items|length %}{% if n == 1 %}{{ n }} item{% else %}{{ n }} items{% endif %}{% endwith %}
//! ```

use super::Edits;
use super::tags::{Tag, arguments};

/// An open `trans`.
struct Open {
    /// The tag's place among all.
    at: usize,
    /// What decides between one and many.
    counted: Option<String>,
    trimmed: bool,
}

/// Replaces the tags of translated texts.
pub(super) fn settle(text: &str, all: &[Tag<'_>], edits: &mut Edits) {
    let mut open: Option<Open> = None;
    let mut plural: Option<usize> = None;
    for (at, tag) in all.iter().enumerate() {
        match (tag.word, &open) {
            ("trans", None) => {
                let (values, trimmed) = values(tag.rest);
                let counted = values.first().map(|(name, _)| name.clone());
                open = Some(Open {
                    at,
                    counted,
                    trimmed,
                });
                plural = None;
            }
            ("pluralize", Some(_)) => plural = Some(at),
            ("endtrans", Some(begun)) => {
                rewrite(text, all, begun, plural, at, edits);
                open = None;
            }
            _ => {}
        }
    }
}

fn rewrite(
    text: &str,
    all: &[Tag<'_>],
    open: &Open,
    plural: Option<usize>,
    close: usize,
    edits: &mut Edits,
) {
    let (start, end) = (&all[open.at], &all[close]);
    let (values, _) = values(start.rest);
    let given: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let (mut opening, mut closing) = if given.is_empty() {
        // An own scope all the same, and a tag for the marks that trim.
        ("with __=1".to_owned(), "endwith".to_owned())
    } else {
        (format!("with {}", given.join(", ")), "endwith".to_owned())
    };
    if let Some(at) = plural {
        let named = all[at].rest;
        let counted = if named.is_empty() {
            open.counted.as_deref().unwrap_or("1")
        } else {
            named
        };
        opening = format!("{opening} %}}{{% if {counted} == 1");
        closing = format!("endif %}}{{% {closing}");
        edits.push((all[at].range.clone(), marked(&all[at], "else")));
    }
    edits.push((start.range.clone(), marked(start, &opening)));
    edits.push((end.range.clone(), marked(end, &closing)));
    if open.trimmed {
        let mut edges = vec![start.range.end];
        edges.extend(plural.map(|at| all[at].range.start));
        edges.extend(plural.map(|at| all[at].range.end));
        edges.push(end.range.start);
        for part in edges.chunks(2) {
            trim(text, part[0], part[1], edits);
        }
    }
}

/// A tag with its own marks round other words; its line breaks stay.
fn marked(tag: &Tag<'_>, words: &str) -> String {
    let mark = |trims: bool| if trims { "-" } else { "" };
    format!("{{%{} {words} {}%}}", mark(tag.trims.0), mark(tag.trims.1))
}

/// Lines joined by one blank each, and none at the edges. What was a line
/// break is a comment with one, so that lines keep their numbers.
fn trim(text: &str, start: usize, end: usize, edits: &mut Edits) {
    let part = &text[start..end];
    let mut at = 0;
    while let Some(found) = part[at..].find('\n') {
        let from = at + part[at..at + found].trim_end().len();
        let behind = &part[at + found..];
        let to = at + found + (behind.len() - behind.trim_start().len());
        let breaks = part[from..to].matches('\n').count();
        let blank = if from == 0 || to == part.len() {
            ""
        } else {
            " "
        };
        let comment = format!("{blank}{{#{}#}}", "\n".repeat(breaks));
        edits.push((start + from..start + to, comment));
        at = to;
    }
}

/// The values of a `trans` tag, and whether its text is trimmed. A text for
/// the translator as first word is left out.
fn values(rest: &str) -> (Vec<(String, String)>, bool) {
    let mut trimmed = false;
    let mut found = Vec::new();
    for range in arguments(rest) {
        let mut value = rest[range].trim();
        for word in ["trimmed", "notrimmed"] {
            if value == word || value.starts_with(&format!("{word} ")) {
                trimmed = word == "trimmed";
                value = value[word.len()..].trim();
            }
        }
        if value.is_empty() || value.starts_with(['"', '\'']) {
            continue;
        }
        let (name, value) = value.split_once('=').unwrap_or((value, value));
        found.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    (found, trimmed)
}
