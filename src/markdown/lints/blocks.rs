//! Blocks that are not closed, not indented, or of a kind that does not exist.

use super::lines::{Lines, TextLine};
use super::{Meant, Source};
use crate::diagnostic::{Rule, Suggestions};

/// The types of admonitions that Material for MkDocs has.
const TYPES: [&str; 27] = [
    "abstract",
    "attention",
    "bug",
    "caution",
    "check",
    "cite",
    "danger",
    "done",
    "error",
    "example",
    "fail",
    "failure",
    "faq",
    "help",
    "hint",
    "important",
    "info",
    "missing",
    "note",
    "question",
    "quote",
    "success",
    "summary",
    "tip",
    "tldr",
    "todo",
    "warning",
];

/// The most columns of a table that rows are compared with.
const MOST_COLUMNS: usize = 200;

pub(super) fn find(source: &mut Source<'_>, lines: &Lines<'_>) {
    open_front_matter(source, lines);
    for nth in &lines.unclosed {
        let line = &lines.all[*nth];
        let is_read = source.options.superfences.is_some() || source.options.fenced_code;
        // A mark without a language may close what another line means to open.
        if is_read {
            let written = line.bare().trim_end();
            let message = "this block of code has no end";
            let advice = Meant::Advice("end it by the same marks on a line of their own");
            let place = (line.offset(written), written.len());
            source.report_as(Rule::UnclosedBlock, "open-fence", place, message, advice);
        }
    }
    if source.options.md_in_html && source.text.contains("markdown") {
        open_elements(source, lines);
    }
    let suggestions = Suggestions::default();
    for nth in 0..lines.all.len() {
        if !lines.all[nth].is_prose {
            continue;
        }
        let line = &lines.all[nth];
        let bare = line.text.trim_start();
        let is_admonition = source.options.admonition && bare.starts_with("!!! ")
            || source.options.details && (bare.starts_with("??? ") || bare.starts_with("???+ "));
        if is_admonition {
            unknown_type(source, line, &suggestions);
            unindented(source, lines, nth, "admonition");
        } else if !source.options.generic_blocks.is_empty() && bare.starts_with("/// ") {
            unknown_block(source, lines, nth, &suggestions);
        } else if source.options.tabbed.is_some() && bare.starts_with("=== \"") {
            unindented(source, lines, nth, "tab");
        } else if source.options.tables && line.has(b'|') {
            ragged_rows(source, lines, nth);
        }
    }
}

/// Front matter without its end.
fn open_front_matter(source: &mut Source<'_>, lines: &Lines<'_>) {
    let [first, second, ..] = &*lines.all else {
        return;
    };
    if first.at > '\u{feff}'.len_utf8() || first.text.trim_start_matches('\u{feff}') != "---" {
        return;
    }
    let is_key = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-');
    let key = second.text.trim_start_matches(is_key);
    let has_key = key.len() < second.text.len() && (key.starts_with(": ") || key == ":");
    let is_end = |line: &TextLine<'_>| matches!(line.text.trim_end(), "---" | "...");
    if has_key && !lines.all[1..].iter().any(is_end) {
        let message = "this front matter has no end, and is shown as text";
        let advice = Meant::Advice("end it by a line of `---`");
        let place = (first.at, first.text.len());
        source.report_as(
            Rule::UnclosedBlock,
            "open-front-matter",
            place,
            message,
            advice,
        );
    }
}

/// `<div markdown>` without its end.
fn open_elements(source: &mut Source<'_>, lines: &Lines<'_>) {
    // The elements that are open: where, what of the line, and whether they have Markdown.
    let mut open: Vec<(usize, &str, bool)> = Vec::new();
    for (nth, line) in lines
        .all
        .iter()
        .enumerate()
        .filter(|(_, line)| line.is_prose)
    {
        for (at, _) in line.text.match_indices('<') {
            if line.is_code(at) {
                continue;
            }
            let tag = &line.text[at..];
            let is_end = tag.starts_with("</");
            let rest = &tag[if is_end { 2 } else { 1 }..];
            let length = rest
                .find(|it: char| !it.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            let name = &rest[..length];
            if !crate::markdown::tree::is_block_level(&name.to_ascii_lowercase()) || name == "p" {
                continue;
            }
            if is_end {
                let same = open.iter().rposition(|it| it.1.eq_ignore_ascii_case(name));
                if let Some(same) = same {
                    open.truncate(same);
                }
            } else {
                let attributes = &rest[length..rest.find('>').unwrap_or(rest.len()).max(length)];
                let is_markdown = attributes
                    .split_whitespace()
                    .any(|it| it == "markdown" || it.starts_with("markdown="));
                if !attributes.ends_with('/') && !crate::html::VOID.contains(&name) {
                    open.push((nth, name, is_markdown));
                }
            }
        }
    }
    for (nth, name, _) in open.into_iter().filter(|it| it.2) {
        let line = &lines.all[nth];
        let written = line.text.trim();
        let message = format!("this `<{name}>` has no end");
        let advice = Meant::Advice("close it where the Markdown in it ends");
        let place = (line.offset(written), written.len());
        source.report_as(Rule::UnclosedBlock, "open-element", place, message, advice);
    }
}

/// `!!! waring`.
fn unknown_type(source: &mut Source<'_>, line: &TextLine<'_>, suggestions: &Suggestions) {
    let bare = line.text.trim_start();
    let rest = bare[3..].trim_start_matches(['+', ' ']);
    let length = rest
        .find(|it: char| !(it.is_alphanumeric() || matches!(it, '-' | '_')))
        .unwrap_or(rest.len());
    let name = &rest[..length];
    let lower = name.to_lowercase();
    if name.is_empty() || TYPES.contains(&&*lower) {
        return;
    }
    // A type of the site's own is likely to be another word than one with a slip in it.
    let near = suggestions.suggest(&lower, TYPES);
    if let Some(near) = near.filter(|near| is_slip(&lower, &near.name)) {
        let message = format!("`{name}` is not a type of admonition that the theme has");
        let place = (line.offset(name), name.len());
        let meant = Meant::Perhaps(near.name);
        source.report_as(Rule::UnknownType, "unknown-type", place, message, meant);
    }
}

/// A block of slashes of a kind that there is not: it is shown as text.
fn unknown_block(
    source: &mut Source<'_>,
    lines: &Lines<'_>,
    nth: usize,
    suggestions: &Suggestions,
) {
    let line = &lines.all[nth];
    let rest = line.text.trim_start().trim_start_matches('/').trim();
    let name = rest.split('|').next().unwrap_or_default().trim_end();
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|it| it.is_alphanumeric() || matches!(it, '-' | '_'));
    let lower = name.to_lowercase();
    if !is_name || source.options.generic_blocks.contains_key(&lower) {
        return;
    }
    let is_end = |line: &TextLine<'_>| line.text.trim() == "///";
    let known = source.options.generic_blocks.keys().map(String::as_str);
    let meant = match suggestions.suggest(&lower, known) {
        Some(near) => Meant::Perhaps(near.name),
        // Without an end, it may be text.
        None if lines.all[nth + 1..].iter().any(is_end) => {
            Meant::Advice("enable the extension of such blocks, or correct the name")
        }
        None => return,
    };
    let message = format!("there is no kind of block `{name}`, so this is shown as text");
    let place = (line.offset(name), name.len());
    source.report_as(Rule::UnknownType, "unknown-block", place, message, meant);
}

/// Whether a word is another one with a single slip in it: a letter that is missing, too
/// much, or another one, or two that are swapped. An ending such as that of `notes` is no
/// slip.
fn is_slip(word: &str, meant: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (word.chars().collect(), meant.chars().collect());
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let rest = a[start..].iter().rev().zip(b[start..].iter().rev());
    let end = rest.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[start..a.len() - end], &b[start..b.len() - end]);
    let is_ending = end == 0 && b.is_empty();
    let is_swapped = a.len() == 2 && b.len() == 2 && a[0] == b[1] && a[1] == b[0];
    !is_ending && (a.len().max(b.len()) == 1 || is_swapped)
}

/// An admonition or tab whose text is not in it.
fn unindented(source: &mut Source<'_>, lines: &Lines<'_>, nth: usize, what: &str) {
    let line = &lines.all[nth];
    let mut after = lines.all[nth + 1..].iter();
    let Some(next) = after.next() else {
        return;
    };
    let is_blank = |line: &TextLine<'_>| line.text.trim().is_empty();
    // One with nothing but a title may be meant so.
    let has_title = line.text.contains('"');
    let next = match is_blank(next) {
        true if has_title => return,
        true => after.find(|line| !is_blank(line)),
        false => Some(next),
    };
    let Some(next) = next else {
        return;
    };
    let bare = next.bare();
    let begins_another = [
        "!!!", "???", "===", "#", "<", "---", "--8<--", "</", "{%", "{{",
    ]
    .iter()
    .any(|it| bare.starts_with(it));
    if next.indentation() <= line.indentation() && !begins_another && next.is_prose {
        let written = line.text.trim();
        let message = format!("the text of this {what} is not indented, so it is not in it");
        let advice = Meant::Advice("indent it by four spaces more than this line");
        let place = (line.offset(written), written.len());
        source.report_as(Rule::UnindentedText, "unindented", place, message, advice);
    }
}

/// Rows with another number of cells than the head of their table, which begins here.
fn ragged_rows(source: &mut Source<'_>, lines: &Lines<'_>, nth: usize) {
    let is_rule = |line: &TextLine<'_>| {
        let text = line.text.trim();
        text.contains('-') && text.contains('|') && text.chars().all(|it| "|-: ".contains(it))
    };
    let starts = nth == 0 || lines.all[nth - 1].text.trim().is_empty();
    if !starts || !lines.all.get(nth + 1).is_some_and(is_rule) {
        return;
    }
    let head = cells(lines.all[nth].text);
    if head > MOST_COLUMNS || head != cells(lines.all[nth + 1].text) {
        return;
    }
    for line in &lines.all[nth + 2..] {
        if line.text.trim().is_empty() {
            break;
        }
        let count = cells(line.text);
        if count <= head {
            continue;
        }
        let written = line.text.trim();
        let message = format!("this row has {count} cells, and its table {head}: the rest is lost");
        let advice = Meant::Advice("write `\\|` for a sign that does not separate cells");
        let place = (line.offset(written), written.len());
        source.report_as(Rule::RaggedTable, "ragged-table", place, message, advice);
    }
}

/// The number of cells of a row.
fn cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut count = 1;
    let (mut in_code, mut is_escaped) = (false, false);
    for (at, it) in row.char_indices() {
        match it {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '`' => in_code = !in_code,
            '|' if !in_code && at + 1 < row.len() => count += 1,
            _ => {}
        }
    }
    count
}
