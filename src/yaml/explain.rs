use std::sync::Arc;

use super::{Source, SourceRange};
use crate::diagnostic::{Diagnostic, Rule};

/// Explains saphyr's error at byte `at` of `text` (which starts at `start` of
/// the source) to the person who wrote the file. The parser often stumbles
/// after the actual mistake, so common mistakes are looked for first.
pub(super) fn explain(
    source: &Arc<Source>,
    start: usize,
    text: &str,
    at: usize,
    info: &str,
) -> Box<Diagnostic> {
    let at = at.min(text.len());
    let mistake = find_common_mistake(text, at, info).unwrap_or_else(|| Mistake {
        at: last_visible(text, at),
        length: 1,
        message: format!("this is not valid YAML: {info}"),
        help: None,
    });
    let place = SourceRange {
        source: source.clone(),
        start: start + mistake.at,
        length: mistake.length,
    };
    let diagnostic = Diagnostic::new(Rule::BadYaml, mistake.message).at(place.span());
    Box::new(match mistake.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    })
}

struct Mistake {
    at: usize,
    length: usize,
    message: String,
    help: Option<String>,
}

impl Mistake {
    fn new(at: usize, length: usize, message: impl Into<String>, help: &str) -> Option<Self> {
        Some(Self {
            at,
            length,
            message: message.into(),
            help: Some(help.to_owned()),
        })
    }
}

/// `at`, or the last visible character before it if only blanks follow.
fn last_visible(text: &str, at: usize) -> usize {
    if !text[at..].trim().is_empty() {
        return at;
    }
    let before = text[..at].trim_end();
    before
        .char_indices()
        .next_back()
        .map_or(0, |(last, _)| last)
}

/// The lines of `text` up to the one that contains `at`, nearest first, each
/// with its offset. Empty lines and comments are left out.
fn lines_before(text: &str, at: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        let from = start;
        start += line.len();
        (from, line.trim_end())
    });
    let mut lines: Vec<_> = lines.take_while(|(start, _)| *start <= at).collect();
    lines.reverse();
    lines.into_iter().filter(|(_, line)| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with('#')
    })
}

fn find_common_mistake(text: &str, at: usize, info: &str) -> Option<Mistake> {
    if info.contains("duplicated key") {
        return Mistake::new(at, 1, "this key appears twice", "remove one of the two");
    }
    if info.contains("recursion limit") {
        let deepest = super::DEEPEST;
        let message = format!("this is nested more than {deepest} levels deep");
        return Mistake::new(at, 1, message, "close the open brackets");
    }
    if let Some(c) = info
        .strip_prefix("unexpected character: `")
        .and_then(|rest| rest.chars().next())
    {
        let message = format!("an unquoted value cannot start with `{c}`");
        return Mistake::new(at, c.len_utf8(), message, "put the value in quotes");
    }
    find_tab(text, at, info)
        .or_else(|| find_unclosed(text, at, info))
        .or_else(|| find_missing_space(text, at))
        .or_else(|| find_colon_in_value(text, at, info))
        .or_else(|| find_bad_indentation(text, at, info))
}

fn find_tab(text: &str, at: usize, info: &str) -> Option<Mistake> {
    let (start, line) = lines_before(text, at).next()?;
    let indentation = line.len() - line.trim_start().len();
    let searched = if info.contains("tab") {
        line
    } else {
        &line[..indentation]
    };
    let tab = searched.find('\t')?;
    Mistake::new(
        start + tab,
        1,
        "this line is indented with a tab",
        "indent with spaces; YAML does not allow tabs",
    )
}

/// A bracket or quote that is still open where the parser gave up.
fn find_unclosed(text: &str, at: usize, info: &str) -> Option<Mistake> {
    // The parser may point at the quote itself.
    let open = open_at(text, at + 1);
    let in_quotes = info.contains("quoted scalar");
    let (position, c) = *open.last()?;
    if in_quotes && matches!(c, '"' | '\'') {
        return Mistake::new(
            position,
            1,
            format!("this {c} is never closed"),
            "close the quote; inside single quotes, write '' for an apostrophe",
        );
    }
    // If the bracket is closed later on, the mistake is something inside it.
    let open_at_end = open_at(text, text.len());
    if matches!(c, '[' | '{') && open_at_end.contains(&(position, c)) {
        let close = if c == '[' { ']' } else { '}' };
        return Mistake::new(
            position,
            1,
            format!("this `{c}` is never closed"),
            &format!("close it with `{close}`, or put the text in quotes"),
        );
    }
    None
}

/// Brackets and quotes that are open at `at`, as far as the characters alone
/// can tell.
fn open_at(text: &str, at: usize) -> Vec<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut before = '\n';
    let mut escaped = false;
    let mut comment = false;
    for (position, c) in text.char_indices().take_while(|(start, _)| *start < at) {
        let quote = open
            .last()
            .map(|(_, c)| *c)
            .filter(|c| matches!(c, '"' | '\''));
        let starts_value = matches!(before, ' ' | '\n' | '\t' | '[' | '{' | ',');
        if comment {
            comment = c != '\n';
        } else if let Some(quote) = quote {
            if escaped {
                escaped = false;
            } else if c == '\\' && quote == '"' {
                escaped = true;
            } else if c == quote {
                open.pop();
            }
        } else if c == '#' && matches!(before, ' ' | '\n' | '\t') {
            comment = true;
        } else if matches!(c, '"' | '\'' | '[' | '{') && starts_value {
            open.push((position, c));
        } else if matches!(c, ']' | '}') {
            open.pop();
        }
        before = c;
    }
    open
}

/// `site_name:Example`, on the line of the error or the one before it.
fn find_missing_space(text: &str, at: usize) -> Option<Mistake> {
    lines_before(text, at).take(2).find_map(|(start, line)| {
        let content = line.trim_start().trim_start_matches("- ");
        let colon = content.find(':')?;
        let (key, value) = (&content[..colon], &content[colon + 1..]);
        let is_key = !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_alphanumeric() || "_-.".contains(c));
        if !is_key
            || value.is_empty()
            || value.starts_with([' ', '\t', '/'])
            || value.contains(": ")
        {
            return None;
        }
        Mistake::new(
            start + line.len() - content.len() + colon,
            1,
            "a space is missing after this colon",
            &format!("write `{key}: {value}`"),
        )
    })
}

/// `title: a: b`.
fn find_colon_in_value(text: &str, at: usize, info: &str) -> Option<Mistake> {
    if !info.contains("mapping values are not allowed") && !info.contains("simple key") {
        return None;
    }
    let (start, line) = lines_before(text, at).next()?;
    let first = line.find(": ")?;
    let second = first + 2 + line[first + 2..].find(':')?;
    let value = line[first + 2..].trim();
    Mistake::new(
        start + second,
        1,
        "an unquoted value has a second colon",
        &format!(
            "put the value in quotes: `\"{}\"`",
            value.replace('"', "\\\"")
        ),
    )
}

fn find_bad_indentation(text: &str, at: usize, info: &str) -> Option<Mistake> {
    let symptoms = [
        "did not find expected key",
        "'-' indicator",
        "invalid indentation",
        "mapping values are not allowed",
        "simple key expect",
        "document start",
    ];
    if !symptoms.iter().any(|symptom| info.contains(symptom)) {
        return None;
    }
    let (start, line) = lines_before(text, at).next()?;
    let content = line.trim_start();
    Mistake::new(
        start + line.len() - content.len(),
        content.len(),
        "this line does not fit the ones above it",
        "indent it like the entries it belongs with, and put a `:` after every key",
    )
}
