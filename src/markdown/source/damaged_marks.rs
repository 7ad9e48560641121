//! Marks that a translation has damaged, such as full-width number signs.
//! They are reported with the fix; the page is rendered all the same.

use super::lines::Line;
use super::page::Page;
use crate::diagnostic::{Diagnostic, Rule};

/// Searches a page's own lines. `text` is the same lines in one piece.
pub fn find(page: &Page, text: &str, lines: &[Line]) -> Vec<Diagnostic> {
    // Most pages have none of these.
    const SIGNS: [&str; 4] = ["8<-", "\u{ff03}", "\u{ff1a}", "\u{ff08}"];
    let mut diagnostics = Vec::new();
    if !SIGNS.iter().any(|sign| text.contains(sign)) {
        return diagnostics;
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
            None => {
                let mark = damaged_snippet(line.text)
                    .or_else(|| wide_heading(line.text))
                    .or_else(|| wide_abbreviation(line.text))
                    .or_else(|| wide_link(line.text));
                diagnostics.extend(mark.map(|mark| {
                    Diagnostic::new(Rule::DamagedMark, mark.message)
                        .at(page.span(line.source, mark.written))
                        .help(format!("write `{}`", mark.meant))
                }));
            }
        }
    }
    diagnostics
}

/// A mark that does not do what it was meant to do.
struct Damaged<'t> {
    message: &'static str,
    /// The part of the line to point at.
    written: &'t str,
    /// The text to write instead.
    meant: String,
}

fn damaged_snippet(text: &str) -> Option<Damaged<'_>> {
    // Every line comes through here, and a character is found faster than a text.
    if !text.contains('8') || !text.contains("8<-") || text.contains('`') {
        return None;
    }
    let bare = text.trim_start();
    if let Some(mark) = bare.strip_prefix('\\')
        && mark.starts_with("--8<--")
    {
        return Some(Damaged {
            message: "the backslash keeps this from including anything",
            written: bare.trim_end(),
            meant: mark.trim_end().to_owned(),
        });
    }
    if !bare.starts_with("--8<--") && !bare.starts_with("-8<-") {
        return None;
    }
    let path = bare.trim_start_matches(['-', '8', '<', ';']).trim();
    let is_quoted = ['"', '\'']
        .iter()
        .any(|quote| path.len() > 1 && path.starts_with(*quote) && path.ends_with(*quote));
    if path.is_empty() || path.starts_with('[') || is_quoted {
        return None;
    }
    let name = path.trim_matches([
        '"', '\'', '<', '>', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}',
    ]);
    Some(Damaged {
        message: "the included file must be in straight quotes",
        written: path,
        meant: format!("--8<-- \"{name}\""),
    })
}

fn wide_heading(text: &str) -> Option<Damaged<'_>> {
    let bare = text.trim_start();
    let title = bare.trim_start_matches('\u{ff03}');
    let mark = &bare[..bare.len() - title.len()];
    let level = mark.len() / '\u{ff03}'.len_utf8();
    (level > 0).then(|| Damaged {
        message: "a full-width number sign does not make a heading",
        written: mark,
        meant: format!("{} {}", "#".repeat(level), title.trim()),
    })
}

fn wide_abbreviation(text: &str) -> Option<Damaged<'_>> {
    let bare = text.trim_start();
    let (name, rest) = bare.strip_prefix("*[")?.split_once(']')?;
    let meaning = rest.trim_start().strip_prefix('\u{ff1a}')?;
    Some(Damaged {
        message: "a full-width colon does not define an abbreviation",
        written: bare.trim_end(),
        meant: format!("*[{name}]: {}", meaning.trim()),
    })
}

fn wide_link(text: &str) -> Option<Damaged<'_>> {
    const OPEN: &str = "]\u{ff08}";
    if !text.contains('\u{ff08}') {
        return None;
    }
    let (_, rest) = text.split_once(OPEN)?;
    let target = &rest[..rest.find(['\u{ff09}', ')']).unwrap_or(rest.len())];
    let looks_like_address = target.contains(['/', '.', '#']) && !target.contains(' ');
    looks_like_address.then(|| Damaged {
        message: "full-width parentheses do not make a link",
        written: OPEN,
        meant: format!("]({target})"),
    })
}

/// Reports a reference to a footnote that is not defined.
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
    fn damaged_marks_and_their_fixes() {
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
