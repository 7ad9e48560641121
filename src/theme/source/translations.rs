//! `{% trans %}` of Jinja2's i18n extension, which MkDocs enables. A text is
//! replaced by its translation, if the theme has one; texts with a plural are not
//! translated:
//!
//! ```text
//! {% trans n=items|length %}{{ n }} item{% pluralize %}{{ n }} items{% endtrans %}
//! {% with n=items|length %}{% if n == 1 %}{{ n }} item{% else %}{{ n }} items{% endif %}{% endwith %}
//! ```

use super::tags::{Tag, arguments};
use super::{Edits, Translate};

use std::ops::Range;

/// An open `trans`.
struct Open {
    /// The index of the tag.
    at: usize,
    /// The variable that decides between singular and plural.
    counted: Option<String>,
    trimmed: bool,
}

/// Replaces the tags of translated texts.
pub(super) fn rewrite(text: &str, tags: &[Tag<'_>], translate: Translate<'_>, edits: &mut Edits) {
    let mut open: Option<Open> = None;
    let mut plural: Option<usize> = None;
    for (at, tag) in tags.iter().enumerate() {
        match (tag.word, &open) {
            ("trans", None) => {
                let (values, trimmed) = parse_values(tag.rest);
                let counted = values.first().map(|(name, _)| name.clone());
                open = Some(Open {
                    at,
                    counted,
                    trimmed,
                });
                plural = None;
            }
            ("pluralize", Some(_)) => plural = Some(at),
            ("endtrans", Some(start)) => {
                let between = start_of(tags, start)..tag.range.start;
                let translation = match plural {
                    None => translated(text, between.clone(), tags, start, at, translate),
                    Some(_) => None,
                };
                rewrite_translation(text, tags, start, plural, at, edits);
                if let Some(translation) = translation {
                    // It replaces what is changed inside the text.
                    edits.retain(|(range, _)| {
                        range.start < between.start || range.end > between.end
                    });
                    edits.push((between, translation));
                }
                open = None;
            }
            _ => {}
        }
    }
}

fn rewrite_translation(
    text: &str,
    tags: &[Tag<'_>],
    open: &Open,
    plural: Option<usize>,
    close: usize,
    edits: &mut Edits,
) {
    let (start, end) = (&tags[open.at], &tags[close]);
    let (values, _) = parse_values(start.rest);
    let assignments: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut opening = if assignments.is_empty() {
        // The text has its own scope even so, and its tags may trim.
        "with __=1".to_owned()
    } else {
        format!("with {}", assignments.join(", "))
    };
    let mut closing = "endwith".to_owned();
    if let Some(at) = plural {
        let variable = tags[at].rest;
        let counted = if variable.is_empty() {
            open.counted.as_deref().unwrap_or("1")
        } else {
            variable
        };
        opening = format!("{opening} %}}{{% if {counted} == 1");
        closing = format!("endif %}}{{% {closing}");
        edits.push((tags[at].range.clone(), with_content(&tags[at], "else")));
    }
    edits.push((start.range.clone(), with_content(start, &opening)));
    edits.push((end.range.clone(), with_content(end, &closing)));
    if open.trimmed {
        match plural.map(|at| &tags[at].range) {
            Some(middle) => {
                trim(text, start.range.end, middle.start, edits);
                trim(text, middle.end, end.range.start, edits);
            }
            None => trim(text, start.range.end, end.range.start, edits),
        }
    }
}

/// Where the text of an open `trans` starts.
fn start_of(tags: &[Tag<'_>], open: &Open) -> usize {
    tags[open.at].range.end
}

/// The translation of the text between two tags as a part of the template, with
/// as many line breaks; `None` if the text is shown as it is.
fn translated(
    text: &str,
    between: Range<usize>,
    tags: &[Tag<'_>],
    open: &Open,
    close: usize,
    translate: Translate<'_>,
) -> Option<String> {
    let written = text.get(between)?;
    let mut meant = written;
    if tags[open.at].trims.1 {
        meant = meant.trim_start();
    }
    if tags[close].trims.0 {
        meant = meant.trim_end();
    }
    let mut key = with_placeholders(meant)?;
    if open.trimmed {
        let lines: Vec<&str> = key.split('\n').map(str::trim).collect();
        key = lines.join(" ").trim().to_owned();
    }
    // Texts may also have names as catalogues do.
    let has_names = meant.contains("{{") || !parse_values(tags[open.at].rest).0.is_empty();
    let has_names = has_names && key.contains("%(");
    let translation = match translate(&key) {
        Some(translation) => without_placeholders(translation, has_names)?,
        None if has_names && !meant.contains("{{") => without_placeholders(&key, true)?,
        None => return None,
    };
    let missing = written.matches('\n').count();
    let missing = missing.saturating_sub(translation.matches('\n').count());
    Some(match missing {
        0 => translation,
        _ => format!("{translation}{{#{}#}}", "\n".repeat(missing)),
    })
}

/// A text with `%(name)s` for `{{ name }}`, as catalogues have it. `%` is doubled
/// in texts with names.
fn with_placeholders(text: &str) -> Option<String> {
    if !text.contains("{{") {
        return Some(text.to_owned());
    }
    let mut key = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}")?;
        key.push_str(&before.replace('%', "%%"));
        key.push_str(&format!(
            "%({})s",
            name.trim_matches(['-', ' ', '\n', '\t'])
        ));
        rest = after;
    }
    key.push_str(&rest.replace('%', "%%"));
    Some(key)
}

/// The reverse, for a translation; `None` if it is not plain text otherwise.
fn without_placeholders(text: &str, has_names: bool) -> Option<String> {
    if text.contains(['{', '}']) {
        return None;
    }
    if !has_names {
        return Some(text.to_owned());
    }
    let mut template = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        template.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            template.push('%');
            rest = after;
        } else {
            let (name, after) = after.strip_prefix('(')?.split_once(")s")?;
            template.push_str(&format!("{{{{ {name} }}}}"));
            rest = after;
        }
    }
    template.push_str(rest);
    Some(template)
}

/// A tag with other content that trims white space like the original.
fn with_content(tag: &Tag<'_>, content: &str) -> String {
    let mark = |trims: bool| if trims { "-" } else { "" };
    format!(
        "{{%{} {content} {}%}}",
        mark(tag.trims.0),
        mark(tag.trims.1)
    )
}

/// Joins lines by one blank each, with none at the edges. Line breaks are moved
/// into comments, so that lines keep their numbers.
fn trim(text: &str, start: usize, end: usize, edits: &mut Edits) {
    let part = &text[start..end];
    let mut at = 0;
    while let Some(length) = part[at..].find('\n') {
        let line_end = at + length;
        let from = at + part[at..line_end].trim_end().len();
        let to = part.len() - part[line_end..].trim_start().len();
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

/// The values of a `trans` tag, and whether its text is trimmed. The context for
/// translators, which may come first, is left out.
fn parse_values(content: &str) -> (Vec<(String, String)>, bool) {
    let mut trimmed = false;
    let mut values = Vec::new();
    for range in arguments(content) {
        let mut value = content[range].trim();
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
        values.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    (values, trimmed)
}
