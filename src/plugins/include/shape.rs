//! Formats an included text as its directive asks.

use super::directive::{Arguments, Directive};
use super::rewrite;
use crate::expect::ExpectOrDefault as _;
use crate::files::SourcePath;
use crate::html::Escape;

/// Formats an included text as its directive asks.
pub(super) fn shape(
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
        if !arguments.keeps_indent || text.is_empty() {
            return format!("{indent}{text}");
        }
        let lines = text.split_inclusive('\n');
        return lines.map(|line| format!("{indent}{line}")).collect();
    }
    if arguments.rewrites {
        text = rewrite::rewrite_urls(&text, file, includer);
    }
    text = if arguments.comments {
        format!("{indent}{}", with_comments(&text, directive, arguments))
    } else {
        format!("{indent}{text}")
    };
    if arguments.dedent {
        text = dedent(&text);
    }
    if arguments.keeps_indent && !indent.is_empty() {
        let blanks = " ".repeat(indent.chars().count());
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        text = lines.join(&blanks);
    }
    rewrite::shift_headings(&text, arguments.heading_offset)
}

/// A text between the comments that say where it comes from.
fn with_comments(text: &str, directive: &Directive, arguments: &Arguments) -> String {
    let line_end = if arguments.trailing_newlines {
        "\n"
    } else {
        ""
    };
    // As in the plugin, a missing delimiter is an empty one.
    let quoted = |delimiter: &Option<String>| {
        let text = delimiter.as_deref().unwrap_or("");
        format!("'{}' ", Escape::PYTHON.apply(text))
    };
    let delimiters = match (&arguments.start, &arguments.end) {
        (None, None) => String::new(),
        (start, end) => quoted(start) + &quoted(end),
    };
    let file = directive.file.as_deref();
    let name = Escape::TEXT.apply(file.expect_or_default("an included text has a file"));
    format!(
        "<!-- BEGIN INCLUDE {name} {delimiters}-->{line_end}{text}{line_end}<!-- END INCLUDE -->"
    )
}

/// Removes the blanks that all lines start with, like Python's
/// `textwrap.dedent`.
fn dedent(text: &str) -> String {
    let is_blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let margin = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines: Vec<&str> = text.split('\n').collect();
    let mut margins = lines
        .iter()
        .filter(|line| !is_blank(line))
        .map(|line| &line[..margin(line)]);
    let first = margins.next().unwrap_or("");
    let common = margins.fold(first, |common, margin| {
        let shared = common
            .bytes()
            .zip(margin.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        &common[..shared]
    });
    let cut = |line: &&str| {
        if is_blank(line) {
            String::new()
        } else {
            line[common.len()..].to_owned()
        }
    };
    lines.iter().map(cut).collect::<Vec<_>>().join("\n")
}
