//! Jinja in pages, which the macros plugin renders before Markdown is parsed.

mod files;
mod tags;
mod undefined;
mod written;

use std::error::Error as _;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, merge_maps};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde_json::Map;

use super::settings::ConfigValue;
use super::source::{TOO_DEEP, guarded};
use super::{SettingsExtent, environment, errors, methods};
use crate::config::Config;
use crate::url;
use crate::work::Interrupt;

pub use written::{Unrendered, UnrenderedReason};

use files::render_with_files;
use written::{Finder, Sources};

/// How long a rendered page, and all the files that it includes together, may
/// be, in bytes.
const LONGEST: usize = 16 << 20;
/// How often a page is rendered again because something in it cannot be.
const MOST_PASSES: usize = 100;
/// How many of these times it may take all the work that a page may take.
const WHOLE_PASSES: usize = 4;

/// How unknown names are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undefined {
    /// As they are written, in everything that depends on them: a program that is
    /// not run may define them.
    Written,
    /// As Jinja2's `DebugUndefined`: they print their names.
    Keep,
    /// As an empty text; their attributes are errors.
    Silent,
    /// As an empty text, and so are their attributes.
    Lax,
    /// Not at all: they are errors.
    Strict,
}

/// The dialect of Jinja in pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroSyntax {
    /// How unknown names are rendered.
    pub undefined: Undefined,
    /// Start and end of blocks, variables and comments, in this order; `None`
    /// for Jinja's own.
    pub delimiters: [Option<String>; 6],
    /// What starts lines that are statements.
    pub line_statement_prefix: Option<String>,
    /// What starts comments that end with their line.
    pub line_comment_prefix: Option<String>,
    /// Whether the line break after a block is removed.
    pub trim_blocks: bool,
    /// Whether white space before a block is removed.
    pub lstrip_blocks: bool,
    /// Whether a line break at the end of the page is kept.
    pub keep_trailing_newline: bool,
    /// Whether values are escaped for HTML.
    pub autoescape: bool,
}

/// A rendered page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Its text.
    pub text: String,
    /// The tags that stayed as written.
    pub unrendered: Vec<Unrendered>,
}

/// The reason why a page could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroError {
    /// What is wrong.
    pub message: String,
    /// The included file that it is in; `None` for the page itself.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: u32,
}

/// The configuration as pages see it.
pub struct MacroContext {
    settings: Arc<ConfigValue>,
    interrupt: Interrupt,
}

impl std::fmt::Debug for MacroContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MacroContext").finish_non_exhaustive()
    }
}

impl MacroContext {
    /// Prepares a configuration for pages. Results are meaningless if
    /// `interrupt` is raised meanwhile.
    pub fn new(config: &Config, extent: SettingsExtent, interrupt: Interrupt) -> Self {
        Self {
            settings: ConfigValue::new(config, extent),
            interrupt,
        }
    }

    /// Whether a page has asked for settings that were not given, so that
    /// everything rendered since is meaningless.
    pub fn wants_more(&self) -> bool {
        self.settings.wants_more()
    }

    /// Renders a page's text. `read` returns the text of included files.
    ///
    /// # Errors
    /// If the text, or a file that it includes, fails to render.
    pub fn render(
        &self,
        text: &str,
        page_url: &str,
        variables: &Map<String, serde_json::Value>,
        syntax: &MacroSyntax,
        read: &dyn Fn(&str) -> Option<Arc<str>>,
    ) -> Result<Rendered, MacroError> {
        let config = Value::from_pairs([("config", Value::from_dyn_object(self.settings.clone()))]);
        let context = merge_maps([Value::from(Serde(variables)), config]);
        let delimiters = delimiters(syntax).map_err(|error| explain(&error))?;
        let environment = create_environment(page_url, syntax, delimiters.clone(), &self.interrupt);
        let page = Page {
            text,
            syntax,
            sources: Sources::new(
                syntax,
                delimiters.clone(),
                &context,
                undefined::functions(&environment),
            ),
            context,
            delimiters,
            interrupt: &self.interrupt,
        };
        let keywords = ["include", "import", "extends"];
        if keywords.iter().any(|keyword| text.contains(keyword)) {
            render_with_files(environment, &page, read)
        } else {
            page.render(environment)
        }
    }
}

impl MacroError {
    fn in_page(message: String, line: u32) -> Self {
        Self {
            message,
            file: None,
            line,
        }
    }
}

/// The delimiters of a syntax, as the engine takes them.
fn delimiters(syntax: &MacroSyntax) -> Result<SyntaxConfig, minijinja::Error> {
    let [
        block_start,
        block_end,
        variable_start,
        variable_end,
        comment_start,
        comment_end,
    ] = syntax.delimiters.clone();
    let or = |given: Option<String>, default: &str| given.unwrap_or_else(|| default.to_owned());
    let mut builder = SyntaxConfig::builder();
    builder
        .block_delimiters(or(block_start, "{%"), or(block_end, "%}"))
        .variable_delimiters(or(variable_start, "{{"), or(variable_end, "}}"))
        .comment_delimiters(or(comment_start, "{#"), or(comment_end, "#}"))
        .trim_blocks(syntax.trim_blocks)
        .lstrip_blocks(syntax.lstrip_blocks)
        .keep_trailing_newline(syntax.keep_trailing_newline);
    if let Some(prefix) = syntax.line_statement_prefix.clone() {
        builder.line_statement_prefix(prefix);
    }
    builder.build()
}

fn create_environment(
    page_url: &str,
    syntax: &MacroSyntax,
    delimiters: SyntaxConfig,
    interrupt: &Interrupt,
) -> Environment<'static> {
    let mut environment = Environment::new();
    let escape = if syntax.autoescape {
        AutoEscape::Html
    } else {
        AutoEscape::None
    };
    environment.set_auto_escape_callback(move |_| escape.clone());
    // Errors then have their places, and name what is undefined.
    environment.set_debug(true);
    environment.set_undefined_behavior(match syntax.undefined {
        Undefined::Written | Undefined::Keep => UndefinedBehavior::SemiStrict,
        Undefined::Silent => UndefinedBehavior::Lenient,
        Undefined::Lax => UndefinedBehavior::Chainable,
        Undefined::Strict => UndefinedBehavior::Strict,
    });
    environment.add_filter(written::DEFINED, |value: Value| {
        if value.is_undefined() {
            return Err(ErrorKind::UndefinedError.into());
        }
        Ok(value)
    });
    environment.set_unknown_method_callback(methods::call);
    environment.set_syntax(delimiters);
    environment::add_filters(&mut environment, interrupt);
    if syntax.undefined == Undefined::Keep {
        undefined::add_filters(&mut environment);
    }
    let page = page_url.to_owned();
    let relative = move |path: String| {
        if url::is_absolute(&path) {
            path
        } else {
            url::relative(if path.is_empty() { "./" } else { &path }, &page)
        }
    };
    environment.add_filter("relative_url", relative);
    environment.add_function("fix_url", |url: String| {
        if url::has_scheme(&url) || url.is_empty() {
            url
        } else {
            format!("../{url}")
        }
    });
    environment
}

/// The template name of the page's own text.
const PAGE: &str = "<page>";

/// A page to render.
struct Page<'a> {
    text: &'a str,
    context: Value,
    syntax: &'a MacroSyntax,
    delimiters: SyntaxConfig,
    sources: Sources,
    interrupt: &'a Interrupt,
}

impl Page<'_> {
    /// Renders the page. Tags that cannot be rendered stay as written.
    fn render(&self, mut environment: Environment<'_>) -> Result<Rendered, MacroError> {
        // Checked before anything is compiled.
        guarded(self.text, &self.delimiters).map_err(|(_, range)| {
            let line = self.text[..range.start].matches('\n').count() + 1;
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            MacroError::in_page(too_deep(), line)
        })?;
        let context = match self.syntax.undefined {
            Undefined::Keep => {
                Value::from_object(undefined::Names::new(self.context.clone(), &environment))
            }
            _ => self.context.clone(),
        };
        let mut finder = Finder::new(&self.sources);
        for pass in 0.. {
            // What cannot be rendered makes a page a little more work, not many
            // times as much.
            let share = if pass < WHOLE_PASSES { 1 } else { 16 };
            environment.set_fuel(Some(environment::FUEL / share));
            let text = self.sources.compiled(PAGE, self.text);
            let rendered = environment
                .template_from_named_str(PAGE, &text)
                .and_then(|template| {
                    environment::render(&template, context.clone(), (0, LONGEST), self.interrupt)
                });
            match rendered {
                Ok(Some(text)) => {
                    finder
                        .found
                        .sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
                    return Ok(Rendered {
                        text,
                        unrendered: finder.found,
                    });
                }
                Ok(None) => {
                    let message = format!("it produces more than {} MB of text", LONGEST >> 20);
                    return Err(MacroError::in_page(message, 1));
                }
                Err(error) => {
                    if pass == MOST_PASSES || !finder.keep(&error) {
                        return Err(explain(&error));
                    }
                }
            }
            // Included files may have changed.
            environment.clear_templates();
        }
        Err(MacroError::in_page("it has no end".to_owned(), 1))
    }
}

fn too_deep() -> String {
    format!("this tag is nested too deeply: {}", errors::NESTED)
}

/// The innermost error, which says what is wrong, and the innermost one that says
/// where.
fn innermost(error: &minijinja::Error) -> (&minijinja::Error, &minijinja::Error) {
    let (mut innermost, mut located) = (error, error);
    while let Some(source) = innermost
        .source()
        .and_then(|source| source.downcast_ref::<minijinja::Error>())
    {
        innermost = source;
        if source.name().is_some() && source.line().is_some() {
            located = source;
        }
    }
    (innermost, located)
}

fn explain(error: &minijinja::Error) -> MacroError {
    let (innermost, located) = innermost(error);
    let (name, line) = (located.name(), located.line());
    let message = match (innermost.kind(), innermost.detail()) {
        (ErrorKind::OutOfFuel, _) => format!(
            "it does more work than any page should need: {}",
            errors::LOOPS
        ),
        (ErrorKind::InvalidOperation, Some(errors::TOO_FAR)) => {
            "it includes or calls itself, or nests includes and calls too deeply".to_owned()
        }
        (ErrorKind::SyntaxError, Some(detail)) if detail.ends_with(TOO_DEEP) => too_deep(),
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    };
    MacroError {
        message,
        file: name.filter(|name| *name != PAGE).map(str::to_owned),
        line: u32::try_from(line.unwrap_or(1)).unwrap_or(u32::MAX),
    }
}
