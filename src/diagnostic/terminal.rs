//! Diagnostics for the terminal.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, Span};

/// Renders a diagnostic with its excerpt, without a line break at the end.
///
/// Control characters are replaced by pictures, so that nothing in a source can
/// act as a command of the terminal. Long lines are cut around the marked place.
pub fn render(diagnostic: &Diagnostic, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let message = harmless(&diagnostic.message);
    let title = level(diagnostic.severity)
        .primary_title(message.as_str())
        .id(diagnostic.rule.name());
    let help = diagnostic.help.as_deref().map(harmless);
    let help = help
        .as_deref()
        .map(|help| Group::with_title(Level::HELP.secondary_title(help)));
    let Some(span) = &diagnostic.span else {
        // Rendered separately: a common report would join them by a bar, which
        // makes no sense without an excerpt.
        let mut text = renderer.render(&[Group::with_title(title)]);
        if let Some(help) = help {
            text.push('\n');
            text.push_str(&renderer.render(&[help]));
        }
        return text;
    };
    let path = harmless(span.path.as_str());
    let excerpt: String = span.excerpt.chars().map(picture).collect();
    let range = marked(span, &excerpt);
    let snippet = Snippet::source(excerpt.as_str())
        .line_start(span.line as usize)
        .path(path.as_str())
        .annotation(AnnotationKind::Primary.span(range));
    let mut report = vec![title.element(snippet)];
    report.extend(help);
    renderer.render(&report)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    }
}

/// What to underline, as a range of bytes in the excerpt. If the end of the span
/// is unknown, this is the character at its column; if that is the first column,
/// only the line is known and its whole text is underlined.
fn marked(span: &Span, excerpt: &str) -> Range<usize> {
    let length = span.length();
    if length == 0 && span.column <= 1 {
        let text = excerpt.trim();
        let start = excerpt.len() - excerpt.trim_start().len();
        return start.min(excerpt.len() - text.len())..start + text.len();
    }
    let byte = |characters: usize| {
        let mut starts = excerpt.char_indices().map(|(at, _)| at);
        starts.nth(characters).unwrap_or(excerpt.len())
    };
    let start = (span.column as usize).saturating_sub(1);
    byte(start)..byte(start.saturating_add(length.max(1) as usize))
}

/// Replaces the control characters of a text, except for line breaks.
pub fn harmless(text: &str) -> String {
    let keep = |character| match character {
        '\n' => '\n',
        other => picture(other),
    };
    text.chars().map(keep).collect()
}

/// The picture of a control character. It replaces exactly one character, so that
/// columns stay the same.
fn picture(character: char) -> char {
    match character {
        '\t' => '\t',
        '\u{7f}' => '␡',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        // These are control characters too; one of them begins sequences.
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::Rule;
    use crate::files::SourcePath;

    fn at(text: &str, what: &str) -> Span {
        let start = text.find(what).expect("it is there");
        Span::bytes(&SourcePath::new("docs/index.md"), text, start, what.len())
    }

    fn shown(span: Span) -> String {
        render(&Diagnostic::new(Rule::MissingPage, "y").at(span), false)
    }

    #[test]
    fn shows_place_excerpt_and_help() {
        let text = format!(
            "{}Read the [guide](guide/instal.md) first.\n",
            "\n".repeat(11)
        );
        let diagnostic = Diagnostic::error(Rule::MissingPage, "`guide/instal.md` does not exist")
            .at(at(&text, "guide/instal.md"))
            .help("did you mean `guide/install.md`?");
        assert_eq!(
            render(&diagnostic, false),
            "\
error[missing-page]: `guide/instal.md` does not exist
  --> docs/index.md:12:18
   |
12 | Read the [guide](guide/instal.md) first.
   |                  ^^^^^^^^^^^^^^^
   |
help: did you mean `guide/install.md`?"
        );
        let colourful = render(&diagnostic, true);
        assert!(colourful.contains("\u{1b}[1m") && colourful.contains("docs/index.md:12:18"));
    }

    #[test]
    fn without_a_place_there_is_no_arrow() {
        let diagnostic = Diagnostic::note(Rule::MissingPage, "y");
        assert_eq!(render(&diagnostic, false), "note[missing-page]: y");
        assert_eq!(
            render(&diagnostic.help("z"), false),
            "note[missing-page]: y\nhelp: z"
        );
    }

    #[test]
    fn wide_characters_and_tabs_align() {
        assert_eq!(
            shown(at("漢字は[ガイド](こ.md)です", "こ.md")),
            "\
warning[missing-page]: y
 --> docs/index.md:1:10
  |
1 | 漢字は[ガイド](こ.md)です
  |                ^^^^^"
        );
        assert_eq!(
            shown(at("\tx\ty", "y")),
            "\
warning[missing-page]: y
 --> docs/index.md:1:4
  |
1 |     x    y
  |          ^"
        );
    }

    #[test]
    fn a_line_alone_is_marked_without_its_indent() {
        let path = SourcePath::new("docs/index.md");
        assert_eq!(
            shown(Span::line(&path, "a\n  title: [x\n", 2)),
            "\
warning[missing-page]: y
 --> docs/index.md:2:3
  |
2 |   title: [x
  |   ^^^^^^^^^"
        );
        assert!(shown(Span::line(&path, "", 1)).ends_with("1 |\n  | ^"));
    }

    #[test]
    fn a_long_line_is_cut_round_its_span() {
        for word in ["word ", "漢字", "\t"] {
            let text = format!("{}[x](gone.md){}", word.repeat(1000), word.repeat(1000));
            let shown = shown(at(&text, "gone.md"));
            assert!(
                shown.contains("[x](gone.md)") && shown.contains("..."),
                "{shown}"
            );
            assert!(
                shown.lines().all(|line| line.chars().count() < 160),
                "{shown}"
            );
        }
        let text = "word ".repeat(2000);
        let shown = shown(at(&text, &text));
        assert!(
            shown.lines().all(|line| line.chars().count() < 160),
            "{shown}"
        );
    }

    #[test]
    fn control_characters_are_harmless() {
        let mut span = at("a \u{1b}[31m\u{9b}2J\0 b", "b");
        span.path = SourcePath::new("docs/\u{1b}.md");
        let diagnostic = Diagnostic::error(Rule::MissingPage, "\u{1b}]0;\u{7}")
            .at(span)
            .help("\u{9b}2J\r");
        let shown = render(&diagnostic, false);
        assert!(
            shown.chars().all(|it| it == '\n' || !it.is_control()),
            "{shown:?}"
        );
        assert!(
            shown.contains("1 | a ␛[31m\u{fffd}2J␀ b\n  |             ^"),
            "{shown}"
        );
    }

    proptest! {
        #[test]
        fn never_panics(
            message in ".{0,20}",
            excerpt in "(\\PC|[\t\n\r\u{1b}\u{200b}\u{200d}\u{202e}\u{301}漢🏳️‍🌈 ]){0,400}",
            line in prop_oneof![0..9u32, Just(u32::MAX)],
            column in prop_oneof![0..450u32, Just(u32::MAX)],
            length in prop_oneof![0..450u32, Just(u32::MAX)],
        ) {
            let path = SourcePath::new("a.md");
            let span = Span { path, line, column, end: None, excerpt }.long(length);
            let diagnostic = Diagnostic::note(Rule::MissingPage, message).at(span);
            prop_assert!(!render(&diagnostic, true).is_empty());
        }
    }
}
