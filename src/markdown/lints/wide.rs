//! Signs of other keyboards in the place of those that mean something.

use super::lines::{Lines, TextLine};
use super::{Meant, QUOTES, Source, unquoted};

pub(super) fn find(source: &mut Source<'_>, lines: &Lines<'_>, nth: usize) {
    let line = &lines.all[nth];
    damaged_snippet(source, line);
    if line.text.is_ascii() {
        return;
    }
    wide_heading(source, line);
    wide_abbreviation(source, line);
    wide_admonition(source, line);
    quoted_title(source, line);
    quoted_attribute(source, line);
}

fn damaged_snippet(source: &mut Source<'_>, line: &TextLine<'_>) {
    if !line.has(b'8') || line.has(b'`') || !line.text.contains("8<-") {
        return;
    }
    let bare = line.text.trim_start();
    let written = bare.trim_end();
    if let Some(mark) = bare.strip_prefix('\\')
        && mark.starts_with("--8<--")
    {
        let place = (line.offset(written), written.len());
        let meant = Meant::Surely(mark.trim_end().to_owned());
        let message = "the backslash keeps this from including anything";
        return source.report("damaged-snippet", place, message, meant);
    }
    if !bare.starts_with("--8<--") && !bare.starts_with("-8<-") {
        return;
    }
    let path = bare.trim_start_matches(['-', '8', '<', ';']).trim();
    let is_quoted = ['"', '\'']
        .iter()
        .any(|quote| path.len() > 1 && path.starts_with(*quote) && path.ends_with(*quote));
    if path.is_empty() || path.starts_with('[') || is_quoted {
        return;
    }
    let name = path
        .trim_matches(QUOTES)
        .trim_matches(['"', '\'', '<', '>']);
    let meant = format!("--8<-- \"{name}\"");
    // Of a name without an extension, the end may be lost with its quotation mark.
    let meant = if name.contains('.') {
        Meant::Surely(meant)
    } else {
        Meant::Perhaps(meant)
    };
    let message = "the included file must be in straight quotes";
    let place = (line.offset(written), written.len());
    source.report("damaged-snippet", place, message, meant);
}

/// `＃ Title`.
fn wide_heading(source: &mut Source<'_>, line: &TextLine<'_>) {
    let bare = line.text.trim_start();
    let title = bare.trim_start_matches('\u{ff03}');
    let level = (bare.len() - title.len()) / '\u{ff03}'.len_utf8();
    if (1..=6).contains(&level) {
        let written = bare.trim_end();
        let meant = Meant::Surely(format!("{} {}", "#".repeat(level), title.trim()));
        let place = (line.offset(written), written.len());
        let message = "a full-width number sign does not make a heading";
        source.report("wide-heading", place, message, meant);
    }
}

/// `*[VPN]：text`.
fn wide_abbreviation(source: &mut Source<'_>, line: &TextLine<'_>) {
    let bare = line.text.trim();
    let name = bare.strip_prefix("*[").and_then(|it| it.split_once(']'));
    if let Some((name, rest)) = name
        && let Some(meaning) = rest.trim_start().strip_prefix('\u{ff1a}')
    {
        let meant = Meant::Surely(format!("*[{name}]: {}", meaning.trim()));
        let place = (line.offset(bare), bare.len());
        let message = "a full-width colon does not define an abbreviation";
        source.report("wide-abbreviation", place, message, meant);
    }
}

/// `！！！ note`.
fn wide_admonition(source: &mut Source<'_>, line: &TextLine<'_>) {
    let bare = line.text.trim_start();
    for (wide, mark, is_read) in [
        ('\u{ff01}', "!!!", source.options.admonition),
        ('\u{ff1f}', "???", source.options.details),
    ] {
        let rest = bare.trim_start_matches(wide);
        let written = &bare[..bare.len() - rest.len()];
        let is_type = rest
            .trim_start_matches(['+', ' '])
            .starts_with(|it: char| it.is_ascii_lowercase());
        if is_read && written.chars().count() == 3 && is_type {
            let place = (line.offset(written), written.len());
            let message = "full-width signs do not make an admonition";
            source.report(
                "wide-admonition",
                place,
                message,
                Meant::Surely(mark.to_owned()),
            );
        }
    }
}

/// `!!! note “Title”` and `=== 「Title」`.
fn quoted_title(source: &mut Source<'_>, line: &TextLine<'_>) {
    let bare = line.bare();
    let is_tab = source.options.tabbed.is_some() && bare.starts_with("===");
    let is_admonition = source.options.admonition && bare.starts_with("!!!")
        || source.options.details && bare.starts_with("???");
    if !is_tab && !is_admonition {
        return;
    }
    let rest = bare[3..].trim_start_matches(['!', '+']);
    let title = if is_tab {
        rest.trim()
    } else {
        let is_type = |it: char| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_');
        rest.trim_start_matches(is_type).trim()
    };
    if !title.starts_with(QUOTES) || title.contains('"') {
        return;
    }
    let meant = format!("\"{}\"", unquoted(title));
    // Behind the title there may be more than its quotation mark.
    let meant = if title.ends_with(QUOTES) {
        let gap = if bare.ends_with(title) && !bare[..bare.len() - title.len()].ends_with(' ') {
            " "
        } else {
            ""
        };
        Meant::Surely(format!("{gap}{meant}"))
    } else {
        Meant::Perhaps(meant)
    };
    let message = "a title must be in straight quotes, or the whole line is text";
    source.report(
        "quoted-title",
        (line.offset(title), title.len()),
        message,
        meant,
    );
}

/// `title=“x”`, in a tag or a list of attributes.
fn quoted_attribute(source: &mut Source<'_>, line: &TextLine<'_>) {
    for (at, _) in line.text.match_indices('=') {
        let value = &line.text[at + 1..];
        let Some(first) = value.chars().next().filter(|it| QUOTES.contains(it)) else {
            continue;
        };
        let before = &line.text[..at];
        let name_starts =
            before.trim_end_matches(|it: char| it.is_ascii_alphanumeric() || it == '-');
        let in_tag = before.rfind('<') > before.rfind('>') && before.contains('<');
        let in_list = before.rfind('{') > before.rfind('}') && before.contains('{');
        if name_starts.len() == before.len() || !(in_tag || in_list) || line.is_code(at) {
            continue;
        }
        let inner = &value[first.len_utf8()..];
        let place = (line.at + at + 1, first.len_utf8());
        let message = "the value of an attribute must be in straight quotes";
        match inner.find(QUOTES) {
            Some(end) => {
                let close = inner[end..].chars().next().map_or(0, char::len_utf8);
                let place = (place.0, first.len_utf8() + end + close);
                let meant = Meant::Surely(format!("\"{}\"", &inner[..end]));
                source.report("quoted-attribute", place, message, meant);
            }
            None => {
                let meant = Meant::Advice("write `\"` on both sides of the value");
                source.report("quoted-attribute", place, message, meant);
            }
        }
    }
}
