//! What happens to marks when a page is translated: found, named, and where
//! it is certain, with the fix. None of it keeps a page from being rendered.

use super::lines::Line;
use super::page::Page;
use crate::diagnostic::{Diagnostic, Rule};

/// Looks through a page's own lines.
/// `text` is the lines in one piece.
pub fn find(page: &Page, text: &str, lines: &[Line]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // Most pages have none of these.
    const SIGNS: [&str; 4] = ["8<-", "\u{ff03}", "\u{ff1a}", "\u{ff08}"];
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return found;
    }
    let mut fence: Option<&str> = None;
    for line in lines {
        let bare = line.text.trim_start();
        match fence {
            Some(mark) if bare.trim_end() == mark => fence = None,
            Some(_) => {}
            None if bare.starts_with("```") || bare.starts_with("~~~") => {
                let mark = bare.trim_start_matches(&bare[..1]);
                fence = Some(&bare[..bare.len() - mark.len()]);
            }
            None => found.extend(in_line(page, line)),
        }
    }
    found
}

fn in_line(page: &Page, line: &Line) -> Option<Diagnostic> {
    let text = line.text;
    let bare = text.trim_start();
    let warning = |message: &str, mark: &str, help: String| {
        let place = page.span(line.source, mark);
        Diagnostic::new(Rule::DamagedMark, message)
            .at(place)
            .help(help)
    };
    // Every line comes through here: a character is found quicker than a text.
    if text.contains('8') && text.contains("8<-") && !text.contains('`') {
        if let Some(mark) = bare
            .strip_prefix('\\')
            .filter(|mark| mark.starts_with("--8<--"))
        {
            let message = "a backslash keeps this from including anything";
            return Some(warning(
                message,
                bare.trim_end(),
                format!("write `{}`", mark.trim_end()),
            ));
        }
        let quoted = bare.trim_start_matches(['-', '8', '<', ';']).trim();
        let is_scissors = bare.starts_with("--8<--") || bare.starts_with("-8<-");
        let opens = quoted.starts_with(['"', '\'']);
        let closes = quoted.len() > 1 && quoted.ends_with(quoted.chars().next().unwrap_or('"'));
        let is_path = !quoted.is_empty() && !quoted.starts_with('[');
        let is_quoted = opens && closes;
        if is_scissors && is_path && !is_quoted {
            let name = quoted.trim_matches([
                '"', '\'', '<', '>', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}',
            ]);
            let message = "the file that is included must stand in straight quotes";
            return Some(warning(
                message,
                quoted,
                format!("write `--8<-- \"{name}\"`"),
            ));
        }
    }
    let wide = bare.trim_start_matches('\u{ff03}');
    if wide.len() < bare.len() {
        let level = (bare.len() - wide.len()) / '\u{ff03}'.len_utf8();
        let mark = &bare[..bare.len() - wide.len()];
        let message = "a full-width number sign makes no heading";
        return Some(warning(
            message,
            mark,
            format!("write `{} {}`", "#".repeat(level), wide.trim()),
        ));
    }
    if let Some((name, rest)) = bare
        .strip_prefix("*[")
        .and_then(|rest| rest.split_once(']'))
        && let Some(meaning) = rest.trim_start().strip_prefix('\u{ff1a}')
    {
        let message = "a full-width colon defines no abbreviation";
        return Some(warning(
            message,
            bare.trim_end(),
            format!("write `*[{name}]: {}`", meaning.trim()),
        ));
    }
    if text.contains('\u{ff08}')
        && let Some(at) = text.find("]\u{ff08}")
    {
        let target = &text[at + "]\u{ff08}".len()..];
        let end = target.find(['\u{ff09}', ')']).unwrap_or(target.len());
        let looks_like_address = target[..end].contains(['/', '.', '#']);
        if looks_like_address && !target[..end].contains(' ') {
            let message = "full-width parentheses make no link";
            return Some(warning(
                message,
                "]\u{ff08}",
                format!("write `]({})`", &target[..end]),
            ));
        }
    }
    None
}

/// Says which footnotes are referred to and not defined.
pub fn missing_footnote(page: &Page, line: u32, written: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::MissingFootnote,
        format!("the footnote `{written}` is not defined"),
    )
    .at(page.span(line, written))
    .help(format!("define it on a line of its own: `{written}: text`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::SourcePath;

    fn helps(text: &str) -> Vec<String> {
        let path = SourcePath::new("docs/a.md");
        let lines: Vec<Line> = (1..)
            .zip(text.split('\n'))
            .map(|(source, text)| Line { text, source })
            .collect();
        let page = Page::new(&path, text, 1);
        find(&page, text, &lines)
            .into_iter()
            .filter_map(|found| found.help)
            .collect()
    }

    #[test]
    fn accidents_and_their_fixes() {
        for (text, help) in [
            (
                "\\--8<-- \"includes/a.md\"",
                "write `--8<-- \"includes/a.md\"`",
            ),
            (
                "--8<-- \"includes/a.md>",
                "write `--8<-- \"includes/a.md\"`",
            ),
            (
                "\u{ff03}\u{ff03} \u{6a19}\u{984c}",
                "write `## \u{6a19}\u{984c}`",
            ),
            (
                "*[VPN]\u{ff1a}\u{865b}\u{64ec}",
                "write `*[VPN]: \u{865b}\u{64ec}`",
            ),
            (
                "\u{898b}[\u{9019}\u{88e1}]\u{ff08}a/b.md\u{ff09}\u{3002}",
                "write `](a/b.md)`",
            ),
        ] {
            assert_eq!(helps(text), [help], "{text}");
        }
        for text in [
            "--8<-- \"a.md\"",
            "--8<--",
            "# a",
            "`\\--8<-- x`",
            "```\n\u{ff03} a\n```",
            "[a]\u{ff08}b c\u{ff09}",
        ] {
            assert!(helps(text).is_empty(), "{text}");
        }
    }
}
