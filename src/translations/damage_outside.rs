//! What of a page is the same in all languages outside of sentences: kinds of admonitions,
//! levels of lists, included files.

use super::paired::{DamagedMark, Paired};
use super::passage_marks::folded;
use crate::align::Kind;

/// Kinds of admonitions that a style sheet may know without the source using them.
const KINDS: [&str; 14] = [
    "abstract",
    "attention",
    "bug",
    "caution",
    "danger",
    "error",
    "example",
    "failure",
    "info",
    "note",
    "question",
    "quote",
    "success",
    "tip",
];

/// Whether the kinds of admonitions or the levels of items may differ: without that, no
/// page is aligned.
pub(super) fn may_differ(source: &str, translation: &str) -> bool {
    admonition_lines(source) != admonition_lines(translation)
        || item_levels(source) != item_levels(translation)
}

fn admonition_lines(text: &str) -> Vec<&str> {
    let begins = |line: &&str| line.starts_with("!!!") || line.starts_with("???");
    let lines = text.lines().map(str::trim_start).filter(begins);
    let mut kinds: Vec<&str> = lines
        .filter_map(|line| line[3..].trim_start_matches('+').split_whitespace().next())
        .collect();
    kinds.sort_unstable();
    kinds
}

/// How many items have each indentation, by its rank: tools change how wide that is.
fn item_levels(text: &str) -> Vec<usize> {
    let mut widths = std::collections::BTreeMap::new();
    for line in text.lines() {
        let bare = line.trim_start();
        if bare.starts_with("- ") || bare.starts_with("* ") {
            *widths.entry(line.len() - bare.len()).or_insert(0) += 1;
        }
    }
    widths.into_values().collect()
}

/// Admonitions that are of another kind than in the source.
pub(super) fn admonitions(pairs: &[Paired<'_>]) -> Vec<DamagedMark> {
    let is_admonition = |it: &&Paired<'_>| {
        it.source.kind == Kind::Admonition && it.translation.kind == Kind::Admonition
    };
    let all = || pairs.iter().filter(is_admonition);
    let of_source: Vec<&str> = all().filter_map(|it| it.source.name.as_deref()).collect();
    let other = |pair: &Paired<'_>| {
        let (meant, name) = (
            pair.source.name.as_deref()?,
            pair.translation.name.as_deref()?,
        );
        if meant == name {
            return None;
        }
        let place = pair.locate(name);
        // One that nothing else is may be a kind that somebody has translated.
        let is_translated =
            !of_source.contains(&name) && !KINDS.contains(&name) && name != "warning";
        let fix = is_translated.then(|| meant.to_owned());
        let words = (format!("the kind `{name}`"), format!("`{meant}`"));
        Some(pair.changed((&words.0, &words.1), place, fix))
    };
    all().filter_map(other).collect()
}

/// Items of lists that are at another level than in the source.
pub(super) fn levels(pairs: &[Paired<'_>]) -> Vec<DamagedMark> {
    let other = |pair: &&Paired<'_>| {
        let is_item = pair.source.kind == Kind::Item && pair.translation.kind == Kind::Item;
        is_item && pair.source.depth != pair.translation.depth
    };
    let found = pairs.iter().filter(other).map(|pair| {
        let (own, meant) = (pair.translation.depth, pair.source.depth);
        let words = (format!("the level {own} of this item"), meant.to_string());
        pair.changed((&words.0, &words.1), None, None)
    });
    found.collect()
}

/// A line that includes a file, with its place.
fn included(text: &str) -> Vec<(u32, usize, &str)> {
    let mut at = 0;
    let mut found = Vec::new();
    for (nth, line) in (1..).zip(text.split_inclusive('\n')) {
        let bare = line.trim();
        if bare.contains("--8<--") && bare != "--8<--" {
            let indent = line.len() - line.trim_start().len();
            found.push((nth, at + indent, bare));
        }
        at += line.len();
    }
    found
}

/// Lines that include files and are damaged or gone. One that is well-formed and names
/// another file includes a text in another language.
pub(super) fn snippets(source: &str, translation: &str) -> Vec<DamagedMark> {
    let (of_source, own) = (included(source), included(translation));
    let changed = |meant: (u32, &str), own: (u32, usize, &str)| DamagedMark {
        is_lost: false,
        message: format!("`{}` is `{}` in the source", own.2, meant.1),
        source_line: meant.0,
        line: own.0,
        place: Some(own.1..own.1 + own.2.len()),
        fix: Some(meant.1.to_owned()),
    };
    if of_source.len() == own.len() {
        let pairs = of_source.iter().zip(&own);
        let is_damaged = |(meant, own): &(&(u32, usize, &str), &(u32, usize, &str))| {
            is_whole(meant.2) && !is_whole(own.2)
        };
        let damaged = pairs.filter(is_damaged);
        return damaged
            .map(|(meant, own)| changed((meant.0, meant.2), *own))
            .collect();
    }
    let is_gone = |(_, _, line): &&(u32, usize, &str)| {
        is_whole(line) && !own.iter().any(|it| folded(it.2) == folded(line))
    };
    if own.len() > of_source.len() || !own.is_empty() {
        return Vec::new();
    }
    let last = u32::try_from(translation.lines().count()).unwrap_or(u32::MAX);
    let gone = of_source
        .iter()
        .filter(is_gone)
        .map(|(line, _, written)| DamagedMark {
            is_lost: true,
            message: format!("the translation lacks the included file of `{written}`"),
            source_line: *line,
            line: last.min(*line).max(1),
            place: None,
            fix: None,
        });
    gone.collect()
}

/// Whether a line includes a file as it should: with its name in straight quotes.
fn is_whole(line: &str) -> bool {
    let Some(rest) = line.trim_start_matches(';').strip_prefix("--8<--") else {
        return false;
    };
    let name = rest.trim();
    let inner = name.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.is_some_and(|it| it.contains('.') && !it.contains(['"', '<', '>']))
}
