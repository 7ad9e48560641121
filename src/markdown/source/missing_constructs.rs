//! Places of a page that only an extension or plugin could read that is not
//! implemented.

use super::lines::Line;
use super::page::Page;
use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::options::{Mark, MissingConstruct};
use crate::work::step;

/// How many places of one construct are reported on one page.
const PLACES: usize = 1000;

/// A diagnostic for each line with one of `constructs`.
pub fn find(page: &Page, lines: &[Line], constructs: &[MissingConstruct]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if constructs.is_empty() {
        return found;
    }
    let mut counts = vec![0_usize; constructs.len()];
    let mut fence: Option<&str> = None;
    let mut before = "";
    for line in lines {
        step(1 + constructs.len());
        let text = line.text.trim_start_matches([' ', '\t', '>']);
        let marks = fence_marks(text);
        let is_code = fence.is_some();
        match fence {
            // A fence is closed by marks alone, at least as many.
            Some(open) if marks.starts_with(open) && text[marks.len()..].trim().is_empty() => {
                fence = None;
            }
            None if !marks.is_empty() => fence = Some(marks),
            _ => {}
        }
        if is_code {
            before = "";
            continue;
        }
        for (construct, count) in constructs.iter().zip(&mut counts) {
            let needle = match construct.mark {
                Mark::Line(starts) => starts.iter().find(|start| text.starts_with(**start)),
                Mark::Text(parts) => parts.iter().find(|part| is_in_text(text, marks, part)),
                Mark::Fence(languages) if !marks.is_empty() => {
                    let language = language(&text[marks.len()..]);
                    languages
                        .iter()
                        .find(|it| it.is_empty() || **it == language)
                }
                Mark::CloseList if is_item(text) && is_paragraph(before) => Some(&""),
                Mark::Fence(_) | Mark::CloseList | Mark::Unrecognizable => None,
            };
            if let Some(needle) = needle
                && *count < PLACES
            {
                *count += 1;
                found.push(diagnostic(page, line.source, needle, construct));
            }
        }
        before = text;
    }
    found
}

fn diagnostic(page: &Page, line: u32, needle: &str, construct: &MissingConstruct) -> Diagnostic {
    let rule = if construct.is_plugin {
        Rule::UnsupportedPlugin
    } else {
        Rule::UnsupportedExtension
    };
    let message = format!("only {} reads this", construct.reader);
    Diagnostic::note(rule, message)
        .at(page.span(line, needle))
        .help("it is not part of proofroom")
        .caused_by(construct.cause.as_str())
}

/// The three or more marks at the start of a fence.
fn fence_marks(text: &str) -> &str {
    let mark = match text.as_bytes() {
        [b'`', b'`', b'`', ..] => '`',
        [b'~', b'~', b'~', ..] => '~',
        _ => return "",
    };
    &text[..text.len() - text.trim_start_matches(mark).len()]
}

/// The language that follows the marks of a fence.
fn language(header: &str) -> &str {
    let header = header.trim_start().trim_start_matches(['{', '.', ' ']);
    let end = header.find([' ', '}', '{', ',']).unwrap_or(header.len());
    &header[..end]
}

/// Whether `text`, which begins with the marks of a fence if it is one, has `part`
/// outside of code spans.
fn is_in_text(text: &str, marks: &str, part: &str) -> bool {
    if !text.contains(part) {
        return false;
    }
    let header = &text[marks.len()..];
    if !marks.is_empty() && header.contains(part) {
        return true;
    }
    // A part that has backticks itself is looked for everywhere.
    part.contains('`')
        || text
            .split('`')
            .step_by(2)
            .any(|outside| outside.contains(part))
}

fn is_item(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        0 => ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark)),
        _ => text[digits..].starts_with(". "),
    }
}

/// Whether a line is part of a paragraph, and not of a list or a heading.
fn is_paragraph(text: &str) -> bool {
    !text.trim().is_empty() && !is_item(text) && !text.starts_with(['#', '|', '<', '!', ':', '='])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::SourcePath;
    use crate::markdown::source::lines::{TextArena, split};

    /// The lines at which a construct is found.
    fn places(mark: Mark, text: &str) -> Vec<u32> {
        let path = SourcePath::new("a.md");
        let page = Page::new(&path, text, 1);
        let texts = TextArena::default();
        let construct = MissingConstruct {
            reader: "the extension `x`".to_owned(),
            cause: "x".to_owned(),
            is_plugin: false,
            mark,
        };
        let found = find(&page, &split(text, 1, &texts), &[construct]);
        found
            .iter()
            .flat_map(|it| &it.span)
            .map(|it| it.line)
            .collect()
    }

    #[test]
    fn constructs_are_found_outside_of_code() {
        let text = "::: a\n```\n::: b\n```\n> ::: c\n`::: d`\nx ::: e\n";
        assert_eq!(places(Mark::Line(&[":::"]), text), [1, 5]);
        assert_eq!(places(Mark::Text(&[":::"]), text), [1, 5, 7]);
        let text = "``` dot\na\n```\n\n~~~~ {.dot #x}\n~~~\n~~~~\n```dots\n```\n";
        assert_eq!(places(Mark::Fence(&["dot"]), text), [1, 5]);
        let text = "Text\n- a\n- b\n\n- c\n# H\n- d\n2\n1. e\n";
        assert_eq!(places(Mark::CloseList, text), [2, 9]);
        assert_eq!(places(Mark::Unrecognizable, text), [0; 0]);
    }
}
