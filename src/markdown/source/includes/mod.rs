//! Files that are included before anything else is read: `{!file!}` of
//! `markdown_include` and `mdx_include`, and `{* file *}` of
//! `markdown_include_variants`.

mod braces;
mod mdx;
mod slices;
mod variants;

use std::collections::BTreeMap;

use super::lines::{Line, TextArena, split};
use super::page::Page;
use super::site_access::{SiteAccess, Snippet};
use super::snippets::Budget;
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::files::SourcePath;
use crate::markdown::options::Includes;
use crate::work::step;

/// What to do about a file that must not be shown on pages.
const KEPT_BACK: &str = "it is outside of the repository, hidden or ignored by git: move it, or \
    name its folder in `linked_dirs`";

/// How deep files may include each other.
const DEPTH: usize = 32;

/// Whether a line may include a file.
pub fn is_mark(line: &str, options: &Includes) -> bool {
    let opens = |open: &str| line.contains(open);
    (options.braces.is_some() && opens("{!"))
        || options.mdx.as_ref().is_some_and(|mdx| opens(&mdx.open))
        || (options.variants && line.starts_with("{*"))
}

/// Replaces what includes files among `lines` by these files.
pub fn include<'a>(
    page: &Page<'a>,
    mut lines: Vec<Line<'a>>,
    options: &Includes,
    site: &dyn SiteAccess,
    texts: &'a TextArena,
) -> (Vec<Line<'a>>, Vec<Diagnostic>) {
    if !lines.iter().any(|line| is_mark(line.text, options)) {
        return (lines, Vec::new());
    }
    let mut reader = Reader {
        page,
        site,
        texts,
        files: BTreeMap::new(),
        open: Vec::new(),
        left: Budget::whole(),
        suggestions: Suggestions::default(),
        requires_files: false,
        diagnostics: Vec::new(),
    };
    if options.variants {
        lines = variants::include(&mut reader, lines);
    }
    if let Some(options) = &options.mdx {
        lines = mdx::include(&mut reader, lines, options);
    }
    if let Some(options) = &options.braces {
        reader.requires_files = options.requires_files;
        lines = braces::include(&mut reader, lines, options);
    }
    (lines, reader.diagnostics)
}

/// Reads files for a page.
struct Reader<'a, 'b> {
    page: &'b Page<'a>,
    site: &'b dyn SiteAccess,
    texts: &'a TextArena,
    /// The files read so far, by the path they were asked for.
    files: BTreeMap<String, Option<(SourcePath, &'a [Line<'a>])>>,
    /// The files that are being included, outermost first.
    open: Vec<SourcePath>,
    /// How much may still be included.
    left: Budget,
    suggestions: Suggestions,
    /// Whether a missing file fails a build.
    requires_files: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a, '_> {
    /// The file at `path`, with its lines, numbered from 1.
    fn file(&mut self, path: &str) -> Option<(SourcePath, &'a [Line<'a>])> {
        if let Some(known) = self.files.get(path) {
            return known.clone();
        }
        let found = self.site.file(path).map(|Snippet { path, text }| {
            let text = self.texts.alloc(&*text);
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            (path, self.texts.lines(&split(text, 1, self.texts)))
        });
        self.files.insert(path.to_owned(), found.clone());
        found
    }

    /// Gives `lines` of a file the numbers that they have in the page, whose line
    /// `at` includes them. `None` if that would be too much.
    fn take(&mut self, file: &SourcePath, lines: &[Line<'a>], at: u32) -> Option<Vec<Line<'a>>> {
        let bytes: usize = lines.iter().map(|line| line.text.len() + 1).sum();
        step(lines.len());
        if !self.left.take(lines.len(), bytes, bytes) {
            return None;
        }
        self.page.widen(bytes);
        let numbers = lines.iter().map(|line| line.source);
        let first = self.page.include(file, numbers, at);
        let numbered = lines.iter().zip(first..);
        Some(
            numbered
                .map(|(line, source)| Line { source, ..*line })
                .collect(),
        )
    }

    /// Whether the file may be included inside of those that are open.
    fn may_open(&self, file: &SourcePath) -> bool {
        self.open.len() < DEPTH && !self.open.contains(file)
    }

    fn report(&mut self, rule: Rule, message: String, help: &str, written: &str, at: u32) {
        let span = self.page.span(at, written);
        let diagnostic = Diagnostic::new(rule, message).at(span).help(help);
        self.diagnostics.push(diagnostic);
    }

    /// Says that a file does not exist. `path` is where it would be.
    fn report_missing(&mut self, path: &str, written: &str, at: u32) {
        if self.site.is_kept_back(path) {
            let message = format!("the included file `{written}` must not be shown on pages");
            return self.report(Rule::MissingSnippet, message, KEPT_BACK, written, at);
        }
        let message = format!("the included file `{written}` does not exist");
        let span = self.page.span(at, written);
        let diagnostic = if self.requires_files {
            Diagnostic::error(Rule::MissingSnippet, message)
        } else {
            Diagnostic::new(Rule::MissingSnippet, message)
        };
        let diagnostic = diagnostic.at(span);
        let beside = self.site.files_beside(path);
        let near = self
            .suggestions
            .suggest(path, beside.iter().map(String::as_str));
        self.diagnostics.push(match near {
            // It is a path from elsewhere than the written one.
            Some(near) => diagnostic.help(format!("did you mean `{}`?", near.name)),
            None => diagnostic.help(format!("it would be `{path}` in the project")),
        });
    }

    fn report_remote(&mut self, written: &str, at: u32) {
        let message = format!("the included file `{written}` is on the network and is not fetched");
        let help = "download the file once and include it from the project";
        self.report(Rule::RemoteSnippet, message, help, written, at);
    }

    fn report_too_much(&mut self, written: &str, at: u32) {
        let message = format!("with `{written}`, this page includes too much");
        let help = "it is left out: check whether files include each other";
        self.report(Rule::TooMuch, message, help, written, at);
    }

    fn report_circle(&mut self, written: &str, at: u32) {
        let message = format!("`{written}` includes itself, or too many files include each other");
        let help = "it is left out here: include it further up, or once";
        self.report(Rule::TooMuch, message, help, written, at);
    }

    fn report_bad_lines(&mut self, lines: &str, written: &str, at: u32) {
        let message = format!("`{lines}` are no lines of `{written}`, which is left out");
        let help = "name lines by numbers from 1 and ranges such as `2-5`";
        self.report(Rule::MissingSnippet, message, help, lines, at);
    }
}

/// `name` relative to the folder `base`, which is relative to where the site is
/// built.
fn joined(base: &str, name: &str) -> String {
    if name.starts_with('/') || base.is_empty() || base == "." {
        name.to_owned()
    } else {
        format!("{base}/{name}")
    }
}
