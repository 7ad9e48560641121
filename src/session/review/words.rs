//! What is said of pages and reasons, wherever they are listed.

use std::collections::BTreeMap;

use super::{PageReview, Reason, ReasonKind, Status};
use crate::diff::Level;

/// The word for what happened to a page.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Added => "added",
        Status::Removed => "removed",
        Status::Renamed => "renamed",
        Status::Changed => "changed",
    }
}

/// What a change comes from, in words; the path follows.
pub fn reason_word(reason: &Reason) -> &'static str {
    match reason.kind {
        ReasonKind::Text => "its own text",
        ReasonKind::Snippet => "included",
        ReasonKind::Template => "template",
        ReasonKind::Nav => "the nav",
        ReasonKind::Config => "configuration",
        ReasonKind::Plugin => "a plugin",
        ReasonKind::Image => "picture",
    }
}

/// The path to name with a reason, where that says more than the page does.
pub fn reason_path(reason: &Reason) -> Option<&str> {
    let is_named = !matches!(reason.kind, ReasonKind::Text | ReasonKind::Nav);
    (is_named && !reason.path.is_empty()).then_some(reason.path.as_str())
}

/// Parts of a sentence: "a", "a and b", "a, b and c".
pub fn joined(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, first)) => format!("{} and {last}", first.join(", ")),
        None => String::new(),
    }
}

/// A number of things.
pub fn number(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// How many changes of a page there are: "3 in the text and 1 of markup".
pub fn change_counts(page: &PageReview) -> String {
    let counts = [
        (Level::Text, "in the text"),
        (Level::Markup, "of markup"),
        (Level::Outside, "outside of the article"),
    ];
    let counts = counts
        .into_iter()
        .map(|(level, name)| (page.count(level), name));
    let counts = counts.filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    joined(&counts)
}

/// What a page is called.
pub fn shown_title(page: &PageReview) -> &str {
    if page.title.is_empty() {
        &page.source
    } else {
        &page.title
    }
}

/// Pages by their languages and folders.
pub fn groups<'p>(
    pages: impl Iterator<Item = &'p PageReview>,
) -> BTreeMap<(Option<&'p str>, &'p str), Vec<&'p PageReview>> {
    let mut groups: BTreeMap<(Option<&str>, &str), Vec<&PageReview>> = BTreeMap::new();
    for page in pages {
        let folder = page
            .source
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let key = (page.language.as_deref(), folder);
        groups.entry(key).or_default().push(page);
    }
    groups
}
