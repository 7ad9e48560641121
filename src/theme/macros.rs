//! Jinja in pages, which the macros plugin renders before Markdown is parsed.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, merge_maps};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use parking_lot::Mutex;
use serde_json::Map;

use super::settings::ConfigValue;
use super::source::{TOO_DEEP, guarded};
use super::{STACK, SettingsExtent, environment, errors, methods};
use crate::config::Config;
use crate::url;
use crate::work::Interrupt;

/// How many files a page may ask for, including those that do not exist.
const MOST_FILES: usize = 1000;
/// How long a rendered page, and all the files that it includes together, may
/// be, in bytes.
const LONGEST: usize = 16 << 20;

/// How unknown names are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undefined {
    /// As they are written.
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
    ) -> Result<String, MacroError> {
        let config = Value::from_pairs([("config", Value::from_dyn_object(self.settings.clone()))]);
        let context = merge_maps([Value::from(Serde(variables)), config]);
        let delimiters = delimiters(syntax).map_err(|error| explain(&error))?;
        let environment = create_environment(page_url, syntax, delimiters.clone(), &self.interrupt);
        let page = Page {
            text,
            context,
            syntax,
            delimiters,
            interrupt: &self.interrupt,
        };
        let keywords = ["include", "import", "extends"];
        if keywords.iter().any(|keyword| text.contains(keyword)) {
            render_with_files(environment, &page, read)
        } else {
            page.render(&environment)
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

/// Renders a page that includes other files. The engine loads them with a
/// `'static` function, which cannot borrow `read`. So the engine runs on a
/// thread of its own, and this one answers its requests.
fn render_with_files(
    mut environment: Environment<'static>,
    page: &Page<'_>,
    read: &dyn Fn(&str) -> Option<Arc<str>>,
) -> Result<String, MacroError> {
    let (request_sender, requests) = mpsc::channel::<String>();
    let (answers, answer_receiver) = mpsc::channel::<Option<Arc<str>>>();
    let files = Mutex::new(Files {
        requests: request_sender,
        answers: answer_receiver,
        cache: BTreeMap::new(),
    });
    let delimiters = page.delimiters.clone();
    environment.set_loader(move |name| {
        let mut files = files.lock();
        let text = files.load(name)?;
        Ok(text.map(|text| guarded_or_too_deep(&text, &delimiters)))
    });
    std::thread::scope(|scope| {
        let answers = answers;
        let thread = std::thread::Builder::new()
            .name("macros".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, move || page.render(&environment));
        let thread = thread.map_err(|error| {
            MacroError::in_page(format!("no thread could be started to run it: {error}"), 1)
        })?;
        let (mut count, mut length) = (0, 0);
        // The loop ends when the engine drops its side of the channel.
        for name in requests {
            let text = read(&name);
            count += 1;
            length += text.as_ref().map_or(0, |text| text.len());
            let excess = if count > MOST_FILES {
                Some(format!("more than {MOST_FILES} files"))
            } else if length > LONGEST {
                Some(format!("more than {} MB of text", LONGEST >> 20))
            } else {
                None
            };
            if let Some(excess) = excess {
                // Without answers, the engine stops where it is.
                drop(answers);
                let result = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
                let line = result.err().map_or(1, |fault| fault.line);
                let message = format!("it includes {excess}");
                return Err(MacroError::in_page(message, line));
            }
            // Fails only if the engine has panicked, which `join` passes on.
            let _ = answers.send(text);
        }
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// The engine's side of [`render_with_files`].
struct Files {
    requests: Sender<String>,
    answers: Receiver<Option<Arc<str>>>,
    /// Previous answers, so that each file is asked for once.
    cache: BTreeMap<String, Option<Arc<str>>>,
}

impl Files {
    /// The text of a file; an error if nobody answers any more.
    fn load(&mut self, name: &str) -> Result<Option<Arc<str>>, minijinja::Error> {
        if let Some(text) = self.cache.get(name) {
            return Ok(text.clone());
        }
        let is_sent = self.requests.send(name.to_owned()).is_ok();
        let answer = if is_sent {
            self.answers.recv().ok()
        } else {
            None
        };
        let text = answer.ok_or_else(|| {
            let message = "rendering was cancelled";
            minijinja::Error::new(ErrorKind::InvalidOperation, message)
        })?;
        self.cache.insert(name.to_owned(), text.clone());
        Ok(text)
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
    SyntaxConfig::builder()
        .block_delimiters(or(block_start, "{%"), or(block_end, "%}"))
        .variable_delimiters(or(variable_start, "{{"), or(variable_end, "}}"))
        .comment_delimiters(or(comment_start, "{#"), or(comment_end, "#}"))
        .build()
}

fn create_environment(
    page_url: &str,
    syntax: &MacroSyntax,
    delimiters: SyntaxConfig,
    interrupt: &Interrupt,
) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_undefined_behavior(match syntax.undefined {
        Undefined::Keep | Undefined::Silent => UndefinedBehavior::Lenient,
        Undefined::Lax => UndefinedBehavior::Chainable,
        Undefined::Strict => UndefinedBehavior::Strict,
    });
    environment.set_unknown_method_callback(methods::call);
    environment.set_syntax(delimiters);
    environment::add_filters(&mut environment, interrupt);
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
    interrupt: &'a Interrupt,
}

impl Page<'_> {
    fn render(&self, environment: &Environment<'_>) -> Result<String, MacroError> {
        let explain = |error: minijinja::Error| explain(&error);
        // Checked before anything is compiled.
        let (mut text, _) = guarded(self.text, &self.delimiters).map_err(|(_, range)| {
            let line = self.text[..range.start].matches('\n').count() + 1;
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            MacroError::in_page(too_deep(), line)
        })?;
        if self.syntax.undefined == Undefined::Keep {
            let escaped = escape_unknown_names(environment, self.text, &self.context, self.syntax);
            if let Some(escaped) = escaped.map_err(explain)? {
                // Escaping nests nothing any deeper.
                text = guarded_or_too_deep(&escaped, &self.delimiters);
            }
        }
        let template = environment
            .template_from_named_str(PAGE, &text)
            .map_err(explain)?;
        let rendered =
            environment::render(&template, self.context.clone(), LONGEST, self.interrupt);
        rendered.map_err(explain)?.ok_or_else(|| {
            let message = format!("it produces more than {} MB of text", LONGEST >> 20);
            MacroError::in_page(message, 1)
        })
    }
}

/// A text as it is compiled. If it is nested too deeply, it is replaced by a tag
/// that fails with that error.
fn guarded_or_too_deep(text: &str, delimiters: &SyntaxConfig) -> String {
    match guarded(text, delimiters) {
        Ok((text, _)) | Err((text, _)) => text,
    }
}

fn too_deep() -> String {
    format!("this tag is nested too deeply: {}", errors::NESTED)
}

/// The text with unknown names written out, as Jinja2's `DebugUndefined` shows
/// them; `None` if there are none.
fn escape_unknown_names(
    environment: &Environment<'_>,
    text: &str,
    context: &Value,
    syntax: &MacroSyntax,
) -> Result<Option<String>, minijinja::Error> {
    let template = environment.template_from_named_str(PAGE, text)?;
    let unknown: Vec<String> = template
        .undeclared_variables(false)
        .into_iter()
        .filter(|name| {
            context
                .get_attr(name)
                .is_ok_and(|value| value.is_undefined())
        })
        .collect();
    if unknown.is_empty() {
        return Ok(None);
    }
    let delimiter = |nth: usize, default: &'static str| {
        syntax.delimiters[nth]
            .clone()
            .unwrap_or_else(|| default.to_owned())
    };
    let (open, close) = (delimiter(2, "{{"), delimiter(3, "}}"));
    let (block, end) = (delimiter(0, "{%"), delimiter(1, "%}"));
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_raw = false;
    while let Some(at) = rest.find(&open) {
        let before = &rest[..at];
        // Raw text must not be wrapped again.
        if let Some(tag) = last_raw_tag(before, &block) {
            in_raw = tag == "raw";
        }
        escaped.push_str(before);
        let inner = &rest[at + open.len()..];
        let Some(length) = inner.find(&close) else {
            escaped.push_str(&rest[at..]);
            return Ok(Some(escaped));
        };
        let name = inner[..length].trim();
        if !in_raw && unknown.iter().any(|unknown| unknown == name) {
            escaped.push_str(&format!(
                "{block} raw {end}{{{{ {name} }}}}{block} endraw {end}"
            ));
        } else {
            escaped.push_str(&rest[at..at + open.len() + length + close.len()]);
        }
        rest = &inner[length + close.len()..];
    }
    escaped.push_str(rest);
    Ok(Some(escaped))
}

/// The last `raw` or `endraw` of a text.
fn last_raw_tag<'a>(text: &'a str, block: &str) -> Option<&'a str> {
    text.split(block)
        .skip(1)
        .filter_map(|inner| {
            let word = inner
                .trim_start_matches(['-', '+', ' '])
                .split([' ', '-', '%'])
                .next()?;
            ["raw", "endraw"].contains(&word).then_some(word)
        })
        .last()
}

fn explain(error: &minijinja::Error) -> MacroError {
    // The innermost error says what is wrong and where.
    let mut innermost = error;
    let mut name = error.name();
    let mut line = error.line();
    while let Some(source) = innermost
        .source()
        .and_then(|source| source.downcast_ref::<minijinja::Error>())
    {
        innermost = source;
        if source.name().is_some() && source.line().is_some() {
            name = source.name();
            line = source.line();
        }
    }
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
