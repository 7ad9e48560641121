//! Marks of emphasis, icons, footnotes and attribute lists with blanks in them.

use super::lines::{Lines, TextLine};
use super::{Meant, Source};

/// The first words of icons' names.
const PACKS: [&str; 4] = ["material-", "octicons-", "fontawesome-", "simple-"];

pub(super) fn find(source: &mut Source<'_>, lines: &Lines<'_>, nth: usize) {
    let line = &lines.all[nth];
    if line.has(b'*') && line.text.contains("**") {
        spaced_emphasis(source, line);
    }
    if source.options.attr_list && line.has(b'{') {
        let is_term = lines
            .all
            .get(nth + 1)
            .is_some_and(|it| it.bare().starts_with(": "));
        spaced_attributes(source, line, is_term);
        open_attributes(source, line);
    }
    if source.options.footnotes.is_some() && line.has(b'^') {
        spaced_footnote(source, line);
    }
    let has_colon = || line.has(b':') || line.text.contains('\u{ff1a}');
    if source.options.emoji.is_some() && line.has(b'-') && has_colon() {
        spaced_icon(source, line);
    }
}

/// `** bold **`.
fn spaced_emphasis(source: &mut Source<'_>, line: &TextLine<'_>) {
    if line.text.contains("***") || line.text.contains("\\*") {
        return;
    }
    let marks: Vec<usize> = line.text.match_indices("**").map(|(at, _)| at).collect();
    let (pairs, []) = marks.as_chunks::<2>() else {
        return;
    };
    for [start, end] in pairs.iter().copied() {
        let inner = &line.text[start + 2..end];
        let before = line.text[..start].chars().next_back();
        let after = line.text[end + 2..].chars().next();
        let stands_alone =
            before.is_none_or(char::is_whitespace) && after.is_none_or(|it| !it.is_alphanumeric());
        let words = inner.trim();
        let is_text = words.chars().filter(|it| it.is_alphabetic()).count() > 1;
        if stands_alone && is_text && inner.starts_with([' ', '\u{a0}']) && !line.is_code(start) {
            let meant = Meant::Surely(format!("**{words}**"));
            let place = (line.at + start, end + 2 - start);
            let message = "`**` with a blank after it makes nothing bold";
            source.report("spaced-emphasis", place, message, meant);
        }
    }
}

/// `[link](b.md) { .button }`.
fn spaced_attributes(source: &mut Source<'_>, line: &TextLine<'_>, is_term: bool) {
    // Lists of attributes at the end of headings, terms and cells may stand apart.
    if line.bare().starts_with('#') || line.text.contains('|') || is_term {
        return;
    }
    for (at, _) in line.text.match_indices(") {") {
        let rest = &line.text[at + 2..];
        let Some(end) = rest.find('}') else {
            continue;
        };
        let list = rest[1..end].trim().trim_start_matches(':').trim_start();
        let is_list = list.starts_with(['.', '#']) || list.contains('=');
        let is_link = ["](", "] ("].iter().any(|it| line.text[..at].contains(it));
        if is_list && is_link && !list.contains(['{', '%']) && !line.is_code(at) {
            let meant = Meant::Surely(format!("){}", &rest[..=end]));
            let message =
                "with a blank before it, a list of attributes does not belong to the link";
            source.report("spaced-attributes", (line.at + at, end + 3), message, meant);
        }
    }
}

/// `[link](b.md){ .button`.
fn open_attributes(source: &mut Source<'_>, line: &TextLine<'_>) {
    let Some(at) = line.text.rfind('{') else {
        return;
    };
    let list = line.text[at + 1..]
        .trim_start()
        .trim_start_matches(':')
        .trim_start();
    let names = list.strip_prefix(['.', '#']);
    let is_list = names.is_some_and(|it| it.starts_with(|it: char| it.is_alphabetic()));
    let follows = line.text[..at].trim_end().ends_with([')', ']', '*', '`']);
    if is_list && follows && !list.contains('}') && !line.is_code(at) {
        let written = line.text[at..].trim_end();
        let meant = Meant::Perhaps(format!("{written} }}"));
        let message = "this list of attributes has no end";
        source.report(
            "open-attributes",
            (line.at + at, written.len()),
            message,
            meant,
        );
    }
}

/// `[^ 1]` and `[ ^1]`.
fn spaced_footnote(source: &mut Source<'_>, line: &TextLine<'_>) {
    for (at, _) in line.text.match_indices('[') {
        let Some(end) = line.text[at..].find(']') else {
            return;
        };
        let inner = &line.text[at + 1..at + end];
        let Some((before, label)) = inner.split_once('^') else {
            continue;
        };
        let name = label.trim();
        let is_label = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || it == '-');
        let is_spaced = before.trim().is_empty() && inner != format!("^{name}");
        if is_label && is_spaced && !line.is_code(at) {
            let meant = Meant::Surely(format!("[^{name}]"));
            let message = "a footnote with blanks in its mark is text";
            source.report("spaced-footnote", (line.at + at, end + 1), message, meant);
        }
    }
}

/// `: material-menu:` and `:material-menu :`.
fn spaced_icon(source: &mut Source<'_>, line: &TextLine<'_>) {
    // All of them end with a hyphen.
    for (hyphen, _) in line.text.match_indices('-') {
        let written = &line.text[..=hyphen];
        for pack in PACKS.iter().filter(|pack| written.ends_with(*pack)) {
            let at = written.len() - pack.len();
            let is_part = |it: &char| it.is_ascii_alphanumeric() || *it == '-';
            let length: usize = line.text[at..].chars().take_while(is_part).count();
            let before = line.text[..at].trim_end_matches([' ', '\u{a0}']);
            let after = line.text[at + length..].trim_start_matches([' ', '\u{a0}']);
            let colons = [':', '\u{ff1a}'];
            let (Some(first), Some(last)) = (
                before.chars().next_back().filter(|it| colons.contains(it)),
                after.chars().next().filter(|it| colons.contains(it)),
            ) else {
                continue;
            };
            let start = before.len() - first.len_utf8();
            let end = line.text.len() - after.len() + last.len_utf8();
            let name = &line.text[at..at + length];
            let meant = format!(":{name}:");
            // `a: material-menu:` may be a sentence about the word.
            let stands_apart = line.text[..start]
                .chars()
                .next_back()
                .is_none_or(|it| !it.is_alphanumeric());
            if line.text[start..end] == meant || !stands_apart || line.is_code(start) {
                continue;
            }
            let is_known = crate::icons::shortcode(name).is_some();
            let meant = if is_known {
                Meant::Surely(meant)
            } else {
                Meant::Perhaps(meant)
            };
            let message = "an icon with blanks or full-width colons in its mark is text";
            source.report(
                "spaced-icon",
                (line.at + start, end - start),
                message,
                meant,
            );
        }
    }
}
