//! `include-markdown`: pages that take in other files.
//!
//! The rules are those of mkdocs-include-markdown-plugin 7.

mod cut;
mod directive;
mod rewrite;
mod shape;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::text::Text;
use super::{Sources, globs};
use crate::diagnostic::{Diagnostic, Near, Rule, Severity, Span, Suggestions, is_plain};
use crate::files::SourcePath;
use crate::options::options;
use crate::work::step;

use cut::{Cut, cut};
use directive::{Arguments, Directive, Tags};
use shape::shaped;

/// How deep files may include each other.
const DEEPEST: usize = 16;
/// How long a page may grow by its includes, in bytes; what one file includes
/// counts again where that is included.
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

/// How directives are written, and what holds for those that do not say.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    tags: Tags,
    defaults: Arguments,
    exclude: Vec<String>,
}

impl Settings {
    /// From the plugin's options.
    pub fn new(options: Options) -> Self {
        let directives = &options.directives;
        let name = |name: &str| {
            let named = directives.get(name).and_then(Value::as_str);
            named.unwrap_or(name).to_owned()
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

/// Puts the files in that a page includes. `docs` is the docs folder.
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
        found: Vec::new(),
        lines: OnceCell::new(),
        said: BTreeSet::new(),
        missing: BTreeMap::new(),
        suggestions: Suggestions::default(),
    };
    let mut edits = Vec::new();
    let mut lines = text.lines_from_start();
    for (range, directive) in settings.tags.find(text.as_str()) {
        reader.line = lines.source_of(range.start);
        if let Some(included) = reader.put_in(&directive, page, 0) {
            edits.push((range, included));
        }
    }
    text.replace(edits);
    reader.found
}

struct Reader<'a> {
    docs: &'a SourcePath,
    settings: &'a Settings,
    sources: &'a dyn Sources,
    /// The page, and its line where the outermost directive stands.
    page: &'a SourcePath,
    line: u32,
    /// Where the directive stands that is read, if that is in an included file.
    within: Option<Within>,
    /// How many bytes all its includes may still come to; 0 once that was
    /// passed.
    left: usize,
    found: Vec<Diagnostic>,
    /// The lines of the page, once a place is asked for.
    lines: OnceCell<Vec<String>>,
    /// What was said of which line of which file: what an included file lacks is
    /// said once, however often it is included.
    said: BTreeSet<(Option<SourcePath>, u32, String)>,
    /// What is known of names that no file has, by the file that includes it.
    missing: BTreeMap<(SourcePath, String), Option<Near>>,
    suggestions: Suggestions,
}

/// A place in an included file.
#[derive(Clone)]
struct Within {
    file: SourcePath,
    text: Arc<str>,
    /// Its byte there.
    at: usize,
    line: u32,
}

impl Reader<'_> {
    /// Says what is wrong with the directive that is read; whether it was not said
    /// before.
    fn say(&mut self, severity: Severity, message: String, help: impl Into<String>) -> bool {
        let Some(Within {
            file,
            text,
            at,
            line,
        }) = &self.within
        else {
            return self.say_of_page(severity, message, help);
        };
        let place = (Some(file.clone()), *line, message.clone());
        let is_new = self.said.insert(place);
        if is_new {
            let length = self.settings.tags.length(&text[*at..]);
            let mut found = Diagnostic::warning(Rule::BadInclude, message);
            found.severity = severity;
            let span = Span::bytes(file, text, *at, length);
            self.found.push(found.at(span).help(help));
        }
        is_new
    }

    /// Says what is wrong at the line of the page that is read.
    fn say_of_page(
        &mut self,
        severity: Severity,
        message: String,
        help: impl Into<String>,
    ) -> bool {
        if !self.said.insert((None, self.line, message.clone())) {
            return false;
        }
        let lines = self.lines.get_or_init(|| {
            let text = self.sources.read(self.page).unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        });
        let line = lines.get((self.line as usize).saturating_sub(1));
        let mut span = Span::line(self.page, line.map_or("", String::as_str), 1);
        span.line = self.line.max(1);
        let mut found = Diagnostic::warning(Rule::BadInclude, message).at(span);
        found.severity = severity;
        self.found.push(found.help(help));
        true
    }

    /// What comes in the place of a directive that stands in `includer`;
    /// `None` where it stays.
    fn put_in(
        &mut self,
        directive: &Directive,
        includer: &SourcePath,
        depth: usize,
    ) -> Option<String> {
        // The directive itself counts, for files may hold nothing else.
        step(1);
        let name = directive.file.as_deref().unwrap_or_default();
        if !self.may_include(1, name, includer) {
            return None;
        }
        let mut arguments = self.settings.defaults.clone();
        for odd in arguments.apply(&directive.arguments, directive.is_markdown) {
            self.say(
                Severity::Warning,
                format!("the argument `{odd}` of this include cannot be read"),
                "it is passed over",
            );
        }
        let Some(name) = directive.file.as_deref() else {
            self.say(
                Severity::Error,
                "this include names no file".to_owned(),
                "write the file's path in quotes",
            );
            return None;
        };
        if depth >= DEEPEST {
            self.say(
                Severity::Error,
                format!("`{name}` is included within {DEEPEST} other files, and left out"),
                "see whether it includes itself",
            );
            return None;
        }
        let files = self.files(name, includer, &arguments)?;
        let mut missing = [arguments.start.as_deref(), arguments.end.as_deref()];
        let mut all = String::new();
        for file in &files {
            let text = self.sources.read(file).unwrap_or_default();
            let whole: Arc<str> = if text.starts_with('\u{feff}') || text.contains('\r') {
                let text = text.trim_start_matches('\u{feff}');
                text.replace("\r\n", "\n").into()
            } else {
                text
            };
            let (start, end) = (arguments.start.as_deref(), arguments.end.as_deref());
            let (parts, found) = cut(&whole, start, end);
            for (missing, found) in missing.iter_mut().zip(found) {
                *missing = missing.filter(|_| !found);
            }
            let text = parts.iter().map(|part| &whole[part.clone()]).collect();
            let text = if arguments.recursive {
                self.nested(text, file, &Cut { whole, parts }, depth)
            } else {
                text
            };
            let text = shaped(text, directive, &arguments, file, includer);
            if !self.may_include(text.len(), file.as_str(), includer) {
                return None;
            }
            all.push_str(&text);
        }
        for missing in missing.into_iter().flatten() {
            self.say(
                Severity::Warning,
                format!("`{missing}` does not stand in `{name}`"),
                "correct the `start` or `end` of this include",
            );
        }
        Some(all)
    }

    /// Whether the page may take in so many bytes more, which `includer`
    /// includes from `file`.
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
            self.say_of_page(
                Severity::Error,
                message,
                "it and all that follow are left as they are written; see whether files include each other",
            );
        }
        self.left > 0
    }

    /// Follows the directives of a text, which is what was cut out of a file.
    fn nested(&mut self, text: String, file: &SourcePath, cut: &Cut, depth: usize) -> String {
        let directives = self.settings.tags.find(&text);
        if directives.is_empty() {
            return text;
        }
        let outer = self.within.take();
        let mut places = cut.places();
        let mut whole = String::with_capacity(text.len());
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
            if let Some(included) = self.put_in(&directive, file, depth + 1) {
                whole.push_str(&text[at..range.start]);
                whole.push_str(&included);
                at = range.end;
            }
        }
        self.within = outer;
        whole.push_str(&text[at..]);
        whole
    }

    /// The files that a directive names.
    fn files(
        &mut self,
        name: &str,
        includer: &SourcePath,
        arguments: &Arguments,
    ) -> Option<Vec<SourcePath>> {
        if name.find(':').is_some_and(|at| at > 1) {
            self.say(
                Severity::Warning,
                format!("`{name}` would have to be fetched from the network, and is left out"),
                "keep a copy beside the pages",
            );
            return Some(Vec::new());
        }
        if name.starts_with('/') {
            self.say(
                Severity::Error,
                format!("this include names the absolute path `{name}`"),
                "begin it with `./` for the page's folder, or with a name for the docs folder",
            );
            return None;
        }
        let mut files = self.matching(name, includer);
        let mut ignored: Vec<SourcePath> = Vec::new();
        for pattern in arguments.exclude.iter() {
            ignored.extend(self.matching(pattern, includer));
        }
        for pattern in &self.settings.exclude {
            ignored.extend(globs::files(self.sources, self.docs, pattern));
        }
        files.retain(|file| !ignored.contains(file));
        arguments.sort(&mut files);
        if files.is_empty() {
            let key = (includer.clone(), name.to_owned());
            let near = self.missing.entry(key).or_insert_with(|| {
                let folder = includer.parent().unwrap_or_else(SourcePath::root);
                let beside = self.sources.list(&folder);
                self.suggestions.suggest(
                    name.trim_start_matches("./"),
                    beside.iter().map(|(name, _)| name.as_str()),
                )
            });
            let near = near.clone();
            let said = self.say(
                Severity::Error,
                format!("there is no file `{name}` to include"),
                "a path is relative to the docs folder, or with `./` to the page's",
            );
            if let Some(near) = near.filter(|_| said)
                && let Some(error) = self.found.pop()
            {
                let path = format!("./{}", near.name);
                let asking = error.did_you_mean_as(name, &near, &path, &path);
                self.found.push(if is_plain(&near.name) {
                    asking
                } else {
                    asking.without_fix()
                });
            }
            return None;
        }
        Some(files)
    }

    fn matching(&self, pattern: &str, includer: &SourcePath) -> Vec<SourcePath> {
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
        // A pattern begins where its leading dots lead.
        let mut folder = folder;
        let mut pattern = pattern;
        loop {
            if let Some(rest) = pattern.strip_prefix("./") {
                pattern = rest;
            } else if let Some(rest) = pattern.strip_prefix("../") {
                (folder, pattern) = (folder.join(".."), rest);
            } else {
                return globs::files(self.sources, &folder, pattern);
            }
        }
    }
}
