//! An included text in the shape that its directive asks for.

use super::directive::{Arguments, Directive};
use super::rewrite;
use crate::files::SourcePath;
use crate::html::Escape;

/// An included text in the shape that its directive asks for.
pub(super) fn shaped(
    mut text: String,
    directive: &Directive,
    arguments: &Arguments,
    file: &SourcePath,
    includer: &SourcePath,
) -> String {
    if !arguments.trailing_newlines {
        text.truncate(text.trim_end_matches(['\n', '\r']).len());
    }
    let indent = directive.indent.as_str();
    if !directive.is_markdown {
        if arguments.dedent {
            text = dedent(&text);
        }
        return match arguments.keeps_indent {
            true if text.is_empty() => indent.to_owned(),
            true => text
                .split_inclusive('\n')
                .map(|line| format!("{indent}{line}"))
                .collect(),
            false => format!("{indent}{text}"),
        };
    }
    if arguments.rewrites {
        text = rewrite::urls(&text, file, includer);
    }
    text = if arguments.comments {
        let break_ = if arguments.trailing_newlines {
            "\n"
        } else {
            ""
        };
        let quoted = |delimiter: &Option<String>| {
            let text = delimiter.as_deref().unwrap_or_default();
            format!("'{}' ", Escape::PYTHON.apply(text))
        };
        let parts = match (&arguments.start, &arguments.end) {
            (None, None) => String::new(),
            (start, end) => quoted(start) + &quoted(end),
        };
        let name = Escape::TEXT.apply(directive.file.as_deref().unwrap_or_default());
        format!(
            "{indent}<!-- BEGIN INCLUDE {name} {parts}-->{break_}{text}{break_}<!-- END INCLUDE -->"
        )
    } else {
        format!("{indent}{text}")
    };
    if arguments.dedent {
        text = dedent(&text);
    }
    if arguments.keeps_indent && !indent.is_empty() {
        let blank = " ".repeat(indent.chars().count());
        let mut lines = text.split_inclusive('\n');
        let first = lines.next().unwrap_or_default().to_owned();
        text = lines.fold(first, |text, line| text + &blank + line);
    }
    rewrite::headings(&text, arguments.heading_offset)
}

/// Takes the blanks off that all lines begin with, as Python's
/// `textwrap.dedent`.
fn dedent(text: &str) -> String {
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let margin = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines: Vec<&str> = text.split('\n').collect();
    let written: Vec<&&str> = lines.iter().filter(|line| !blank(line)).collect();
    let first = written.first().map_or("", |line| &line[..margin(line)]);
    let common = written.iter().fold(first, |common, line| {
        let own = &line[..margin(line)];
        let same = common
            .bytes()
            .zip(own.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        &common[..same]
    });
    let cut = |line: &&str| {
        if blank(line) {
            String::new()
        } else {
            line[common.len()..].to_owned()
        }
    };
    lines.iter().map(cut).collect::<Vec<_>>().join("\n")
}
