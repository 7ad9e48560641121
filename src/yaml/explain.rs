use std::sync::Arc;

use super::{Place, Source};
use crate::diagnostic::{Diagnostic, Rule};

/// Says what saphyr found wrong at byte `at` of `text` (which starts at
/// `start` of the source) in words for the person who wrote it. The parser
/// often stumbles behind the mistake, so the usual ones are looked for first.
pub(super) fn explain(
    source: &Arc<Source>,
    start: usize,
    text: &str,
    at: usize,
    info: &str,
) -> Box<Diagnostic> {
    let found = usual(text, at.min(text.len()), info).unwrap_or_else(|| Mistake {
        at: visible(text, at.min(text.len())),
        length: 1,
        message: format!("this is no valid YAML: {info}"),
        help: None,
    });
    let place = Place {
        source: source.clone(),
        start: start + found.at,
        length: found.length,
    };
    let diagnostic = Diagnostic::new(Rule::BadYaml, found.message).at(place.span());
    Box::new(match found.help {
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

/// `at`, or the last visible character before it where nothing is there.
fn visible(text: &str, at: usize) -> usize {
    let before = text[..at].trim_end();
    if text[at..].trim().is_empty() {
        before
            .char_indices()
            .next_back()
            .map_or(0, |(last, _)| last)
    } else {
        at
    }
}

/// The lines of `text` up to the one that holds `at`, nearest first, with
/// where each starts; empty ones and comments left out.
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

fn usual(text: &str, at: usize, info: &str) -> Option<Mistake> {
    if info.contains("duplicated key") {
        return Mistake::new(at, 1, "this key is there twice", "take one of the two out");
    }
    if info.contains("recursion limit") {
        let deepest = super::DEEPEST;
        let message = format!("this is nested more than {deepest} levels deep");
        return Mistake::new(at, 1, message, "close the brackets that are open");
    }
    if let Some(c) = info
        .strip_prefix("unexpected character: `")
        .and_then(|rest| rest.chars().next())
    {
        let message = format!("an unquoted value cannot start with `{c}`");
        return Mistake::new(at, c.len_utf8(), message, "put the value in quotes");
    }
    tab(text, at, info)
        .or_else(|| unclosed(text, at, info))
        .or_else(|| missing_space(text, at))
        .or_else(|| colon_in_value(text, at, info))
        .or_else(|| indentation(text, at, info))
}

fn tab(text: &str, at: usize, info: &str) -> Option<Mistake> {
    let (start, line) = lines_before(text, at).next()?;
    let indentation = line.len() - line.trim_start().len();
    let tab = line[..indentation].find('\t').or_else(|| {
        let told = info.contains("tab");
        told.then(|| line.find('\t')).flatten()
    })?;
    Mistake::new(
        start + tab,
        1,
        "this line is indented with a tab",
        "indent with spaces; YAML takes no tabs",
    )
}

/// A bracket or quote that is still open where the parser gave up.
fn unclosed(text: &str, at: usize, info: &str) -> Option<Mistake> {
    // The parser may point at the quote itself.
    let open = open_at(text, at + 1);
    let quoted = info.contains("quoted scalar");
    let (place, c) = *open.last()?;
    if quoted && matches!(c, '"' | '\'') {
        return Mistake::new(
            place,
            1,
            format!("this {c} is never closed"),
            "close the quote; inside single quotes, write '' for an apostrophe",
        );
    }
    // A bracket that is closed later on has another fault inside it.
    let still = open_at(text, text.len());
    if matches!(c, '[' | '{') && still.contains(&(place, c)) {
        let close = if c == '[' { ']' } else { '}' };
        return Mistake::new(
            place,
            1,
            format!("this `{c}` is never closed"),
            &format!("close it with `{close}`, or put the text in quotes"),
        );
    }
    None
}

/// Brackets and quotes that are open at `at`, as far as a look at the
/// characters alone can tell.
fn open_at(text: &str, at: usize) -> Vec<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut before = '\n';
    let mut escaped = false;
    let mut comment = false;
    for (place, c) in text.char_indices().take_while(|(place, _)| *place < at) {
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
            open.push((place, c));
        } else if matches!(c, ']' | '}') {
            open.pop();
        }
        before = c;
    }
    open
}

/// `site_name:Example`, in the line of the error or the one before it.
fn missing_space(text: &str, at: usize) -> Option<Mistake> {
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
        let place = start + line.len() - content.len() + colon;
        Mistake::new(
            place,
            1,
            "a space is missing behind this colon",
            &format!("write `{key}: {value}`"),
        )
    })
}

/// `title: a: b`.
fn colon_in_value(text: &str, at: usize, info: &str) -> Option<Mistake> {
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
        "a second colon stands in an unquoted value",
        &format!(
            "put the value in quotes: `\"{}\"`",
            value.replace('"', "\\\"")
        ),
    )
}

fn indentation(text: &str, at: usize, info: &str) -> Option<Mistake> {
    let told = [
        "did not find expected key",
        "'-' indicator",
        "invalid indentation",
        "mapping values are not allowed",
        "simple key expect",
        "document start",
    ];
    if !told.iter().any(|part| info.contains(part)) {
        return None;
    }
    let (start, line) = lines_before(text, at).next()?;
    let content = line.trim_start();
    Mistake::new(
        start + line.len() - content.len(),
        content.len(),
        "this line does not fit the ones above it",
        "indent it like the entries that it belongs to, and put a `:` behind every key",
    )
}
