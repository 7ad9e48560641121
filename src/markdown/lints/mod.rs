//! What writers and translation tools get wrong without anybody being told: marks that
//! are shown as text, and blocks that end elsewhere than meant.
//!
//! Each finding is about the text as it is written, and the page is rendered all the same.

mod blocks;
mod insecure;
mod lines;
mod links;
mod marks;
mod release;
mod wide;

use crate::diagnostic::{Diagnostic, Fix, Rule, Span};
use crate::files::SourcePath;
use crate::markdown::MarkdownOptions;
pub use insecure::{INSECURE, insecure_link, insecure_links};
use lines::Lines;

/// Something that is wrong in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// What is wrong. A translation is not blamed for what its original has as often.
    pub kind: &'static str,
    /// The same for its author.
    pub diagnostic: Diagnostic,
}

/// Finds what is wrong in a page. `text` is its file, in which the Markdown begins at
/// `start`.
pub fn lints(path: &SourcePath, text: &str, start: usize, options: &MarkdownOptions) -> Vec<Lint> {
    let mut source = Source {
        path,
        text,
        options,
        found: Vec::new(),
    };
    let lines = Lines::of(text, start);
    blocks::find(&mut source, &lines);
    release::find(&mut source, &lines);
    for nth in 0..lines.all.len() {
        if lines.all[nth].is_prose {
            marks::find(&mut source, &lines, nth);
            links::find(&mut source, &lines, nth);
            wide::find(&mut source, &lines, nth);
        }
    }
    let mut found = source.found;
    found.sort_by(|a, b| a.diagnostic.span.cmp(&b.diagnostic.span));
    found.truncate(MOST);
    found
}

/// The most findings of a page: a page with more is not one that people write.
const MOST: usize = 1000;

/// The text that is looked at, and what was found.
struct Source<'t> {
    path: &'t SourcePath,
    text: &'t str,
    options: &'t MarkdownOptions,
    found: Vec<Lint>,
}

impl Source<'_> {
    /// Reports the part of the text at `at`. `meant` is what to write instead.
    fn report(
        &mut self,
        kind: &'static str,
        (at, length): (usize, usize),
        message: impl Into<String>,
        meant: Meant,
    ) {
        self.report_as(Rule::DamagedMark, kind, (at, length), message, meant);
    }

    fn report_as(
        &mut self,
        rule: Rule,
        kind: &'static str,
        (at, length): (usize, usize),
        message: impl Into<String>,
        meant: Meant,
    ) {
        if self.found.len() >= 2 * MOST {
            return;
        }
        let span = Span::bytes(self.path, self.text, at, length);
        let mut diagnostic = Diagnostic::new(rule, message).at(span.clone());
        match meant {
            Meant::Surely(text) => {
                diagnostic = diagnostic.help(format!("write `{text}`"));
                diagnostic.fix = Some(Box::new(Fix { span, text }));
            }
            Meant::Perhaps(text) => diagnostic = diagnostic.help(format!("write `{text}`")),
            Meant::Advice(text) => diagnostic = diagnostic.help(text),
        }
        self.found.push(Lint { kind, diagnostic });
    }
}

/// What an author meant by something that is wrong.
enum Meant {
    /// This text, which can be nothing else.
    Surely(String),
    /// This text, as far as one can tell.
    Perhaps(String),
    /// It takes a sentence to say what to do.
    Advice(&'static str),
}

/// Quotation marks that word processors and translators write in place of `"`.
const QUOTES: [char; 16] = [
    '\u{201c}', '\u{201d}', '\u{201e}', '\u{201f}', '\u{ab}', '\u{bb}', '\u{300c}', '\u{300d}',
    '\u{300e}', '\u{300f}', '\u{2018}', '\u{2019}', '\u{201a}', '\u{ff02}', '\u{2039}', '\u{203a}',
];

/// A text without the quotation marks around it.
fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(QUOTES).trim_matches('"').trim()
}

/// Whether a text in parentheses is meant as the target of a link.
fn is_address(text: &str) -> bool {
    let target = text.split([' ', '\t']).next().unwrap_or(text);
    let is_title = text[target.len()..].trim();
    let is_title = is_title.is_empty() || is_title.starts_with(['"', '\'']);
    let begins = ["http://", "https://", "mailto:", "/", "./", "../", "#"];
    let is_page = |target: &str| target.ends_with(".md") || target.contains(".md#");
    is_title
        && !target.contains('[')
        && target.len() > 1
        && (begins.iter().any(|it| target.starts_with(it)) || is_page(target))
}

#[cfg(test)]
mod tests;
