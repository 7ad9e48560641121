//! What a site should not be released with: headings that skip a level, ids that occur
//! twice, images and links that cannot be read aloud, and definitions that nothing uses.

use std::collections::BTreeSet;

use super::lines::{Lines, TextLine};
use super::{Meant, Source};
use crate::diagnostic::Rule;
use crate::html::{attribute, attributes};

pub(super) fn find(source: &mut Source<'_>, lines: &Lines<'_>) {
    let mut level = None;
    let mut ids = BTreeSet::new();
    for (nth, line) in lines.all.iter().enumerate() {
        if !line.is_prose {
            continue;
        }
        heading(source, line, lines.all.get(nth + 1), &mut level);
        if line.has_any(b"#=") {
            ids_of(source, line, &mut ids);
        }
        if line.has_any(b"<]") {
            images_and_links(source, line);
        }
    }
    unused(source, lines);
}

/// A heading that is more than one level below the one before it.
fn heading(
    source: &mut Source<'_>,
    line: &TextLine<'_>,
    next: Option<&TextLine<'_>>,
    before: &mut Option<usize>,
) {
    let text = line.text.trim_end();
    let marks = text.len() - text.trim_start_matches('#').len();
    let is_rule = |sign: char| {
        let next = next.map_or("", |next| next.text.trim_end());
        !next.is_empty() && next.chars().all(|it| it == sign)
    };
    let is_text = text.starts_with(|it: char| it.is_alphanumeric());
    let tag = text.strip_prefix("<h").and_then(|rest| {
        let level = rest.chars().next()?.to_digit(10)?;
        rest[1..].starts_with([' ', '>']).then_some(level as usize)
    });
    let level = match tag {
        Some(level) => level,
        None if (1..=6).contains(&marks) && text.len() > marks => marks,
        None if is_text && is_rule('=') => 1,
        None if is_text && is_rule('-') => 2,
        None => {
            // What is put in here may have headings too.
            let includes = line.has(b'8') && text.contains("--8<--");
            let has_code = line.has(b'%') && text.contains("{%");
            if includes || has_code || text.starts_with(":::") {
                *before = None;
            }
            return;
        }
    };
    if let Some(before) = before.replace(level)
        && level > before + 1
    {
        let message = format!("this heading of level {level} follows one of level {before}");
        let advice = Meant::Advice("readers who have pages read aloud look for what is in between");
        let place = (line.at, text.len());
        source.report_as(Rule::SkippedLevel, "skipped-level", place, message, advice);
    }
}

/// An id that is written a second time.
fn ids_of<'t>(source: &mut Source<'_>, line: &TextLine<'t>, ids: &mut BTreeSet<&'t str>) {
    let mut found: Vec<&'t str> = Vec::new();
    for (at, tag) in tags(line) {
        let id = attributes(tag).find(|(name, _)| name.eq_ignore_ascii_case("id"));
        if let Some((_, Some(id))) = id
            && !line.is_code(at)
        {
            found.push(id);
        }
    }
    if source.options.attr_list {
        for (at, _) in line.text.match_indices('{') {
            let Some(end) = line.text[at..].find('}') else {
                break;
            };
            let list = &line.text[at + 1..at + end];
            if line.is_code(at) || list.contains(['{', '%']) || !follows_text(line, at) {
                continue;
            }
            let words = list.split_whitespace();
            found.extend(words.filter_map(|word| word.strip_prefix('#')));
        }
    }
    for id in found.into_iter().filter(|id| !id.is_empty()) {
        if !ids.insert(id) {
            let message = format!("the id `{id}` is on this page more than once");
            let advice = Meant::Advice("links to it lead to the first; give one another id");
            let place = (line.offset(id), id.len());
            source.report_as(Rule::DuplicateId, "duplicate-id", place, message, advice);
        }
    }
}

/// Whether a list of attributes at a position belongs to something.
fn follows_text(line: &TextLine<'_>, at: usize) -> bool {
    let before = line.text[..at].trim_end();
    let is_heading = line.text.trim_start().starts_with('#');
    is_heading || before.is_empty() || before.ends_with([')', ']', '*', '`', '_', '>'])
}

/// The tags of a line that begin and end in it, with what is between the brackets.
fn tags<'t>(line: &TextLine<'t>) -> impl Iterator<Item = (usize, &'t str)> {
    let text = line.text;
    text.match_indices('<').filter_map(move |(at, _)| {
        let rest = &text[at + 1..];
        let is_tag = rest.starts_with(|it: char| it.is_ascii_alphabetic());
        let length = rest.find(|it: char| !it.is_ascii_alphanumeric())?;
        let end = rest.find('>')?;
        (is_tag && length <= end).then(|| (at, &rest[..end]))
    })
}

/// Images without a text, and links and buttons without a name.
fn images_and_links(source: &mut Source<'_>, line: &TextLine<'_>) {
    let text = line.text;
    if text.contains("[]") {
        for (at, _) in text.match_indices("![]") {
            let follows = text[at + 3..].starts_with(['(', '[']);
            let is_escaped = text[..at].ends_with('\\');
            if follows && !line.is_code(at) && !is_escaped && !is_named(&text[at..]) {
                no_text(source, (line.at + at, 3));
            }
        }
        for (at, _) in text.match_indices("[](") {
            let is_other = text[..at].ends_with(['!', '\\']);
            let target = text[at + 3..].split(')').next().unwrap_or_default();
            if !is_other && !line.is_code(at) && !target.is_empty() {
                no_name(source, (line.at + at, 2), "link", &text[at..]);
            }
        }
    }
    // A link with nothing but an icon in it.
    if source.options.emoji.is_some() && line.has(b':') && text.contains("[:") {
        for (at, _) in text.match_indices("[:") {
            let Some(end) = text[at..].find("](") else {
                break;
            };
            let inner = &text[at + 1..at + end];
            let is_icon = inner.len() > 2
                && inner.ends_with(':')
                && inner.contains('-')
                && inner[1..inner.len() - 1]
                    .chars()
                    .all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'));
            if is_icon && !line.is_code(at) {
                no_name(source, (line.at + at, end + 1), "link", &text[at..]);
            }
        }
    }
    if !line.has(b'<') {
        return;
    }
    for (at, tag) in tags(line) {
        let length = tag
            .find(|it: char| !it.is_ascii_alphanumeric())
            .unwrap_or(tag.len());
        let (name, rest) = tag.split_at(length);
        let has = |wanted: &str| attributes(rest).any(|(it, _)| it.eq_ignore_ascii_case(wanted));
        if line.is_code(at) {
            continue;
        }
        let place = (line.at + at, tag.len() + 2);
        match name.to_ascii_lowercase().as_str() {
            "img" if !has("alt") && !has("aria-hidden") && attribute(rest, "role").is_none() => {
                no_text(source, place);
            }
            "a" | "button" if name == "button" || has("href") => {
                let close = format!("></{name}>");
                let is_empty = text[at + 1 + tag.len()..].starts_with(&close);
                let is_hidden = ["aria-label", "aria-labelledby", "title", "aria-hidden"];
                if is_empty && !is_hidden.iter().any(|it| has(it)) {
                    no_name(
                        source,
                        place,
                        if name == "a" { "link" } else { "button" },
                        "",
                    );
                }
            }
            _ => {}
        }
    }
}

/// Whether a list of attributes behind a link or an image names it.
fn is_named(rest: &str) -> bool {
    let list = rest.find("){").or_else(|| rest.find("]{"));
    let list = list.map_or("", |at| rest[at..].split('}').next().unwrap_or_default());
    let target = rest.find("](").map_or("", |at| &rest[at..]);
    let target = target.split(')').next().unwrap_or_default();
    ["alt=", "aria-label", "title=", "aria-hidden"]
        .iter()
        .any(|it| list.contains(it))
        || target.contains(['"', '\''])
}

fn no_text(source: &mut Source<'_>, place: (usize, usize)) {
    let message = "this image has no text for those who do not see it";
    let advice = Meant::Advice(
        "say what it shows, between the square brackets or as `alt`; `alt=\"\"` if it only decorates",
    );
    source.report_as(Rule::MissingAlt, "missing-alt", place, message, advice);
}

fn no_name(source: &mut Source<'_>, place: (usize, usize), what: &str, rest: &str) {
    if is_named(rest) {
        return;
    }
    let message = format!("this {what} has no name that can be read aloud");
    let advice = Meant::Advice("give it a text, or a `title` or `aria-label`");
    source.report_as(Rule::NamelessLink, "nameless-link", place, message, advice);
}

/// Footnotes and definitions of links that nothing refers to.
fn unused(source: &mut Source<'_>, lines: &Lines<'_>) {
    let text = &source.text[lines.all.first().map_or(0, |line| line.at)..];
    if !text.contains("]:") {
        return;
    }
    let mut definitions: Vec<(&TextLine<'_>, String, bool, usize)> = Vec::new();
    for line in lines.all.iter().filter(|line| line.is_prose) {
        let bare = line.text.trim_start_matches([' ', '>']);
        let inner = bare.strip_prefix('[').and_then(|it| it.split_once("]:"));
        let Some((label, target)) = inner else {
            continue;
        };
        let is_footnote = label.starts_with('^');
        // A definition without a target is a way to write comments.
        let is_comment = matches!(target.trim(), "#" | "<>" | "")
            || target.trim_start().starts_with("# ")
            || target.trim_start().starts_with("<> ")
            || label == "//";
        let is_read = if is_footnote {
            source.options.footnotes.is_some() && label.len() > 1
        } else {
            !is_comment && !label.is_empty() && !label.contains('[')
        };
        if is_read && line.indentation() < 4 {
            definitions.push((line, known_as(label), is_footnote, label.len() + 2));
        }
    }
    if definitions.is_empty() {
        return;
    }
    let used = labels_used(lines);
    for (line, name, is_footnote, length) in definitions {
        if used.contains(&name) {
            continue;
        }
        let (rule, kind, what) = if is_footnote {
            (Rule::UnusedFootnote, "unused-footnote", "footnote")
        } else {
            (
                Rule::UnusedReference,
                "unused-reference",
                "definition of a link",
            )
        };
        let bare = line.text.trim_start_matches([' ', '>']);
        let message = format!("nothing refers to this {what}");
        let advice = Meant::Advice("remove it, or refer to it by its label");
        let place = (line.offset(bare), length);
        source.report_as(rule, kind, place, message, advice);
    }
}

/// What is in square brackets on any line, apart from labels of definitions. What looks like
/// a use counts as one, also in code: it may be in a text that other pages include.
fn labels_used(lines: &Lines<'_>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    // A label may go on in the next line.
    let mut text = String::new();
    for line in &lines.all {
        let bare = line.text.trim_start_matches([' ', '>']);
        let definition = bare.starts_with('[').then(|| bare.find("]:")).flatten();
        match definition {
            Some(end) if line.is_prose && !bare[1..end].contains(['[', ']']) => {
                text.push_str(&bare[end + 2..]);
            }
            _ => text.push_str(line.text),
        }
        text.push('\n');
    }
    let mut open = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '[' => open.push(at + 1),
            ']' => {
                if let Some(start) = open.pop()
                    && at - start < 400
                {
                    used.insert(known_as(&text[start..at]));
                }
            }
            _ => {}
        }
    }
    used
}

/// A label as it is looked up.
fn known_as(label: &str) -> String {
    let words: Vec<&str> = label.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
