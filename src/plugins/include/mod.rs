//! `include-markdown`: pages that include other files.
//!
//! Follows mkdocs-include-markdown-plugin 7.

mod cut;
mod directive;
mod rewrite;
mod shape;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::mapped_text::Text;
use super::{Sources, globs};
use crate::diagnostic::{Diagnostic, Near, Rule, Severity, Span, Suggestions, is_plain};
use crate::files::SourcePath;
use crate::options::options;
use crate::work::step;

use cut::{Excerpt, cut};
use directive::{Arguments, Directive, Tags};
use shape::shape;

/// How deeply includes may be nested.
const DEEPEST: usize = 16;
/// How long the includes of a page may be in total, in bytes. Text counts again
/// for each file through which it is included.
const LONGEST: usize = 16 << 20;

options! {
    /// The plugin's options.
    pub struct Options {
        opening_tag: String = "{%",
        closing_tag: String = "%}",
        directives: Map<String, Value>,
        start: Option<String>,
        end: Option<String>,
        order: String = "alpha-path",
        preserve_includer_indent: bool = true,
        dedent: bool,
        trailing_newlines: bool = true,
        comments: bool,
        rewrite_relative_urls: bool = true,
        recursive: bool = true,
        heading_offset: i64,
        exclude: Vec<String>,
    }
}

/// How directives are written, and the defaults of their arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    tags: Tags,
    defaults: Arguments,
    exclude: Vec<String>,
}

impl Settings {
    /// Reads the plugin's options.
    pub fn new(options: Options) -> Self {
        let directives = &options.directives;
        let name = |name: &str| {
            let renamed = directives.get(name).and_then(Value::as_str);
            renamed.unwrap_or(name).to_owned()
        };
        Self {
            tags: Tags {
                open: options.opening_tag,
                close: options.closing_tag,
                include: name("include"),
                markdown: name("include-markdown"),
            },
            defaults: Arguments {
                start: options.start,
                end: options.end,
                exclude: None,
                order: options.order,
                keeps_indent: options.preserve_includer_indent,
                dedent: options.dedent,
                trailing_newlines: options.trailing_newlines,
                comments: options.comments,
                rewrites: options.rewrite_relative_urls,
                recursive: options.recursive,
                heading_offset: options.heading_offset,
            },
            exclude: options.exclude,
        }
    }
}

/// Replaces the directives of a page by the files that they include. `docs` is
/// the docs folder.
pub fn include(
    text: &mut Text,
    page: &SourcePath,
    docs: &SourcePath,
    settings: &Settings,
    sources: &dyn Sources,
) -> Vec<Diagnostic> {
    let mut reader = Reader {
        docs,
        settings,
        sources,
        page,
        line: 1,
        within: None,
        left: LONGEST,
        diagnostics: Vec::new(),
        lines: OnceCell::new(),
        reported: BTreeSet::new(),
        missing: BTreeMap::new(),
        suggestions: Suggestions::default(),
    };
    let mut edits = Vec::new();
    let mut lines = text.lines_from_start();
    for (range, directive) in settings.tags.find(text.as_str()) {
        reader.line = lines.source_of(range.start);
        if let Some(included) = reader.expand(&directive, page, 0) {
            edits.push((range, included));
        }
    }
    text.replace(edits);
    reader.diagnostics
}

struct Reader<'a> {
    docs: &'a SourcePath,
    settings: &'a Settings,
    sources: &'a dyn Sources,
    page: &'a SourcePath,
    /// The line of the outermost directive in the page.
    line: u32,
    /// The place of the current directive, if it is in an included file.
    within: Option<Within>,
    /// How many more bytes the page may include; 0 once the limit is exceeded.
    left: usize,
    diagnostics: Vec<Diagnostic>,
    /// The lines of the page, read when a diagnostic first needs them.
    lines: OnceCell<Vec<String>>,
    /// The messages so far, by file and line: a problem in a file is reported
    /// once, however often the file is included.
    reported: BTreeSet<(Option<SourcePath>, u32, String)>,
    /// Suggestions for names that do not exist, by including file and name.
    missing: BTreeMap<(SourcePath, String), Option<Near>>,
    suggestions: Suggestions,
}

/// A place in an included file.
#[derive(Clone)]
struct Within {
    file: SourcePath,
    text: Arc<str>,
    /// The byte offset in `text`.
    at: usize,
    line: u32,
}

impl Reader<'_> {
    /// Reports a problem with the current directive; false if it was already
    /// reported.
    fn report(&mut self, severity: Severity, message: String, help: impl Into<String>) -> bool {
        let Some(Within {
            file,
            text,
            at,
            line,
        }) = &self.within
        else {
            return self.report_in_page(severity, message, help);
        };
        let place = (Some(file.clone()), *line, message.clone());
        if !self.reported.insert(place) {
            return false;
        }
        let length = self.settings.tags.length(&text[*at..]);
        let mut diagnostic = Diagnostic::warning(Rule::BadInclude, message);
        diagnostic.severity = severity;
        let span = Span::bytes(file, text, *at, length);
        self.diagnostics.push(diagnostic.at(span).help(help));
        true
    }

    /// Reports a problem at the outermost directive; false if it was already
    /// reported.
    fn report_in_page(
        &mut self,
        severity: Severity,
        message: String,
        help: impl Into<String>,
    ) -> bool {
        if !self.reported.insert((None, self.line, message.clone())) {
            return false;
        }
        let lines = self.lines.get_or_init(|| {
            // The page may be generated, or may have been removed meanwhile.
            let text = self.sources.read(self.page).unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        });
        let line = lines.get((self.line as usize).saturating_sub(1));
        let mut span = Span::line(self.page, line.map_or("", String::as_str), 1);
        span.line = self.line.max(1);
        let mut diagnostic = Diagnostic::warning(Rule::BadInclude, message).at(span);
        diagnostic.severity = severity;
        self.diagnostics.push(diagnostic.help(help));
        true
    }

    /// The text that replaces a directive in `includer`; `None` if the directive
    /// is left as it is.
    fn expand(
        &mut self,
        directive: &Directive,
        includer: &SourcePath,
        depth: usize,
    ) -> Option<String> {
        // The directive itself counts, because files may contain nothing else.
        step(1);
        let name = directive.file.as_deref();
        if !self.may_include(1, name.unwrap_or(""), includer) {
            return None;
        }
        let mut arguments = self.settings.defaults.clone();
        for invalid in arguments.apply(&directive.arguments, directive.is_markdown) {
            self.report(
                Severity::Warning,
                format!("the argument `{invalid}` of this include is not valid"),
                "it is ignored",
            );
        }
        let Some(name) = name else {
            self.report(
                Severity::Error,
                "this include names no file".to_owned(),
                "give the path of the file in quotes",
            );
            return None;
        };
        if depth >= DEEPEST {
            self.report(
                Severity::Error,
                format!("`{name}` is nested in {DEEPEST} other includes, so it is left out"),
                "check whether it includes itself",
            );
            return None;
        }
        let files = self.find_files(name, includer, &arguments)?;
        self.read_files(&files, directive, &arguments, includer, depth)
    }

    /// The included parts of `files`, one after the other.
    fn read_files(
        &mut self,
        files: &[SourcePath],
        directive: &Directive,
        arguments: &Arguments,
        includer: &SourcePath,
        depth: usize,
    ) -> Option<String> {
        let delimiters = [arguments.start.as_deref(), arguments.end.as_deref()];
        let mut is_in_any = [false; 2];
        let mut included = String::new();
        for file in files {
            // Files may have been removed since they were listed.
            let text = self.sources.read(file).unwrap_or_default();
            let whole: Arc<str> = if text.starts_with('\u{feff}') || text.contains('\r') {
                let text = text.trim_start_matches('\u{feff}');
                text.replace("\r\n", "\n").into()
            } else {
                text
            };
            let (parts, is_in_file) = cut(&whole, delimiters[0], delimiters[1]);
            for (is_in_any, is_in_file) in is_in_any.iter_mut().zip(is_in_file) {
                *is_in_any |= is_in_file;
            }
            let text = parts.iter().map(|part| &whole[part.clone()]).collect();
            let text = if arguments.recursive {
                self.expand_nested(text, file, &Excerpt { whole, parts }, depth)
            } else {
                text
            };
            let text = shape(text, directive, arguments, file, includer);
            if !self.may_include(text.len(), file.as_str(), includer) {
                return None;
            }
            included.push_str(&text);
        }
        for (delimiter, is_in_any) in delimiters.into_iter().zip(is_in_any) {
            if let (Some(delimiter), Some(name)) = (delimiter, &directive.file)
                && !is_in_any
            {
                self.report(
                    Severity::Warning,
                    format!("`{delimiter}` is not in `{name}`"),
                    "correct the `start` or `end` of this include",
                );
            }
        }
        Some(included)
    }

    /// Whether the page may include `bytes` more bytes, which `includer` includes
    /// from `file`.
    fn may_include(&mut self, bytes: usize, file: &str, includer: &SourcePath) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left = self.left.saturating_sub(bytes);
        if self.left == 0 {
            let message = format!(
                "with `{file}`, which `{includer}` includes, the includes of this page are longer than {} MB",
                LONGEST >> 20
            );
            self.report_in_page(
                Severity::Error,
                message,
                "this and all further includes are left as written; check whether files include each other",
            );
        }
        self.left > 0
    }

    /// Expands the directives in a text, which was cut out of a file.
    fn expand_nested(
        &mut self,
        text: String,
        file: &SourcePath,
        cut: &Excerpt,
        depth: usize,
    ) -> String {
        let directives = self.settings.tags.find(&text);
        if directives.is_empty() {
            return text;
        }
        let outer = self.within.take();
        let mut places = cut.places();
        let mut expanded = String::with_capacity(text.len());
        let mut at = 0;
        for (range, directive) in directives {
            if self.left == 0 {
                break;
            }
            let (place, line) = places.next_at(range.start + directive.indent.len());
            self.within = Some(Within {
                file: file.clone(),
                text: cut.whole.clone(),
                at: place,
                line,
            });
            if let Some(included) = self.expand(&directive, file, depth + 1) {
                expanded.push_str(&text[at..range.start]);
                expanded.push_str(&included);
                at = range.end;
            }
        }
        self.within = outer;
        expanded.push_str(&text[at..]);
        expanded
    }

    /// The files that a directive includes; `None` if it is left as it is.
    fn find_files(
        &mut self,
        name: &str,
        includer: &SourcePath,
        arguments: &Arguments,
    ) -> Option<Vec<SourcePath>> {
        if name.find(':').is_some_and(|at| at > 1) {
            self.report(
                Severity::Warning,
                format!("`{name}` would have to be fetched from the network, so it is left out"),
                "keep a copy beside the pages",
            );
            return Some(Vec::new());
        }
        if name.starts_with('/') {
            self.report(
                Severity::Error,
                format!("this include has the absolute path `{name}`"),
                "make it relative to the docs folder, or start it with `./` for the page's folder",
            );
            return None;
        }
        let mut files = self.match_files(name, includer);
        let mut ignored: Vec<SourcePath> = Vec::new();
        if let Some(pattern) = &arguments.exclude {
            ignored.extend(self.match_files(pattern, includer));
        }
        for pattern in &self.settings.exclude {
            ignored.extend(globs::files(self.sources, self.docs, pattern));
        }
        files.retain(|file| !ignored.contains(file));
        arguments.sort(&mut files);
        if files.is_empty() {
            self.report_missing(name, includer);
            return None;
        }
        Some(files)
    }

    fn report_missing(&mut self, name: &str, includer: &SourcePath) {
        let key = (includer.clone(), name.to_owned());
        let near = self.missing.entry(key).or_insert_with(|| {
            let folder = includer.parent().unwrap_or_else(SourcePath::root);
            let siblings = self.sources.list(&folder);
            self.suggestions.suggest(
                name.trim_start_matches("./"),
                siblings.iter().map(|(name, _)| name.as_str()),
            )
        });
        let near = near.clone();
        let is_new = self.report(
            Severity::Error,
            format!("there is no file `{name}` to include"),
            "paths are relative to the docs folder, or to the page if they start with `./`",
        );
        if let Some(near) = near
            && is_new
            && let Some(error) = self.diagnostics.pop()
        {
            let path = format!("./{}", near.name);
            let error = error.did_you_mean_as(name, &near, &path, &path);
            self.diagnostics.push(if is_plain(&near.name) {
                error
            } else {
                error.without_fix()
            });
        }
    }

    fn match_files(&self, pattern: &str, includer: &SourcePath) -> Vec<SourcePath> {
        let is_relative = pattern.starts_with("./") || pattern.starts_with("../");
        let folder = if is_relative {
            includer.parent().unwrap_or_else(SourcePath::root)
        } else {
            self.docs.clone()
        };
        let file = folder.join(pattern);
        if self.sources.read(&file).is_some() {
            return vec![file];
        }
        if !pattern.contains(['*', '?', '[', '{']) {
            return Vec::new();
        }
        // Leading dots lead to the folder where the pattern starts.
        let mut folder = folder;
        let mut pattern = pattern;
        loop {
            if let Some(below) = pattern.strip_prefix("./") {
                pattern = below;
            } else if let Some(above) = pattern.strip_prefix("../") {
                (folder, pattern) = (folder.join(".."), above);
            } else {
                return globs::files(self.sources, &folder, pattern);
            }
        }
    }
}
