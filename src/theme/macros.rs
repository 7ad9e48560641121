//! Jinja in pages, as the macros plugin runs it before Markdown is read.

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

use super::settings::Settings;
use super::source::{TOO_DEEP, guarded};
use super::{Extent, STACK, environment, failure, methods};
use crate::config::Config;
use crate::url;
use crate::work::Interrupt;

/// How many files a page may look for, those that are not there too.
const MOST_FILES: usize = 1000;
/// How long a page may be once its Jinja is run, and the files that it
/// includes in all, in bytes.
const LONGEST: usize = 16 << 20;

/// What becomes of names that nothing is known of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undefined {
    /// They stay as they are written.
    Keep,
    /// They are empty.
    Silent,
    /// They and all below them are empty.
    Lax,
    /// They are faults.
    Strict,
}

/// How Jinja is written in pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroSyntax {
    /// What becomes of unknown names.
    pub undefined: Undefined,
    /// Start and end of blocks, variables and comments; `None` for Jinja's own.
    pub delimiters: [Option<String>; 6],
}

/// What kept a page from being rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MacroFault {
    /// What is wrong.
    pub message: String,
    /// The included file where it is; `None` for the page itself.
    pub file: Option<String>,
    /// The line there, from 1.
    pub line: u32,
}

/// What pages see of the configuration.
pub struct MacroContext {
    settings: Arc<Settings>,
    interrupt: Interrupt,
}

impl std::fmt::Debug for MacroContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MacroContext").finish_non_exhaustive()
    }
}

impl MacroContext {
    /// Of a configuration. What is rendered while `interrupt` is raised means
    /// nothing.
    pub fn new(config: &Config, extent: Extent, interrupt: Interrupt) -> Self {
        Self {
            settings: Settings::new(config, extent),
            interrupt,
        }
    }

    /// Whether a page has asked for settings that were not given: what was
    /// rendered since means nothing.
    pub fn wants_more(&self) -> bool {
        self.settings.wants_more()
    }

    /// Renders a page's text. `read` gives the text of included files.
    ///
    /// # Errors
    /// What is wrong with the text, or with a file that it includes.
    pub fn render(
        &self,
        text: &str,
        page_url: &str,
        variables: &Map<String, serde_json::Value>,
        syntax: &MacroSyntax,
        read: &dyn Fn(&str) -> Option<Arc<str>>,
    ) -> Result<String, MacroFault> {
        let config = Value::from_pairs([("config", Value::from_dyn_object(self.settings.clone()))]);
        let context = merge_maps([Value::from(Serde(variables)), config]);
        let delimiters = delimiters(syntax).map_err(|error| fault(&error))?;
        let environment = make(page_url, syntax, delimiters.clone(), &self.interrupt);
        let page = Page {
            text,
            context,
            syntax,
            delimiters,
            interrupt: &self.interrupt,
        };
        let words = ["include", "import", "extends"];
        if words.iter().any(|word| text.contains(word)) {
            with_files(environment, &page, read)
        } else {
            page.render(&environment)
        }
    }
}

impl MacroFault {
    fn of_page(message: String, line: u32) -> Self {
        let file = None;
        Self {
            message,
            file,
            line,
        }
    }
}

/// Renders a page that takes in other files. The engine asks for them in the
/// middle of its work, by a function that outlives everything and so cannot
/// ask the site. So it works on a thread of its own, and this one answers.
fn with_files(
    mut environment: Environment<'static>,
    page: &Page<'_>,
    read: &dyn Fn(&str) -> Option<Arc<str>>,
) -> Result<String, MacroFault> {
    let (names, asked) = mpsc::channel::<String>();
    let (answers, texts) = mpsc::channel::<Option<Arc<str>>>();
    let files = Files {
        names,
        texts,
        known: BTreeMap::new(),
    };
    let files = Mutex::new(files);
    let delimiters = page.delimiters.clone();
    environment.set_loader(move |name| {
        let mut files = files.lock();
        let text = files.ask(name)?;
        Ok(text.map(|text| compiled(&text, &delimiters)))
    });
    std::thread::scope(|scope| {
        let answers = answers;
        let thread = std::thread::Builder::new()
            .name("macros".to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, move || page.render(&environment));
        let thread = thread.map_err(|error| {
            MacroFault::of_page(format!("there is no thread to run it on: {error}"), 1)
        })?;
        let (mut count, mut length) = (0, 0);
        // It has asked for the last when it lets go of its side.
        for name in asked {
            let text = read(&name);
            count += 1;
            length += text.as_ref().map_or(0, |text| text.len());
            let excess = match count > MOST_FILES {
                true => Some(format!("more than {MOST_FILES} files")),
                false if length > LONGEST => Some(format!("more than {} MB", LONGEST >> 20)),
                false => None,
            };
            if let Some(excess) = excess {
                // Nobody answers any more, so it ends where it is.
                drop(answers);
                let ended = thread.join().unwrap_or_else(|panic| resume_unwind(panic));
                let line = ended.err().map_or(1, |fault| fault.line);
                let message = format!("what it includes comes to {excess}");
                return Err(MacroFault::of_page(message, line));
            }
            // It does not wait for an answer where it has ended.
            let _ = answers.send(text);
        }
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

/// The other side of [`with_files`].
struct Files {
    names: Sender<String>,
    texts: Receiver<Option<Arc<str>>>,
    /// What was answered; each file is asked for once.
    known: BTreeMap<String, Option<Arc<str>>>,
}

impl Files {
    /// The text of a file; an error where nobody answers any more.
    fn ask(&mut self, name: &str) -> Result<Option<Arc<str>>, minijinja::Error> {
        if let Some(text) = self.known.get(name) {
            return Ok(text.clone());
        }
        let sent = self.names.send(name.to_owned()).ok();
        let text = sent.and_then(|()| self.texts.recv().ok());
        let text = text.ok_or_else(|| {
            let message = "the page is given up";
            minijinja::Error::new(ErrorKind::InvalidOperation, message)
        })?;
        self.known.insert(name.to_owned(), text.clone());
        Ok(text)
    }
}

/// The delimiters of a syntax.
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

fn make(
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

/// The name of the page's own text among templates.
const PAGE: &str = "<page>";

/// A page to be rendered.
struct Page<'a> {
    text: &'a str,
    context: Value,
    syntax: &'a MacroSyntax,
    delimiters: SyntaxConfig,
    interrupt: &'a Interrupt,
}

impl Page<'_> {
    fn render(&self, environment: &Environment<'_>) -> Result<String, MacroFault> {
        let explain = |error: minijinja::Error| fault(&error);
        // Before anything is compiled.
        let (mut text, _) = guarded(self.text, &self.delimiters).map_err(|(_, range)| {
            let line = self.text[..range.start].matches('\n').count() + 1;
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            MacroFault::of_page(too_deep(), line)
        })?;
        if self.syntax.undefined == Undefined::Keep {
            let kept = kept(environment, self.text, &self.context, self.syntax);
            if let Some(kept) = kept.map_err(explain)? {
                // Nothing in it is deeper than before.
                text = compiled(&kept, &self.delimiters);
            }
        }
        let template = environment
            .template_from_named_str(PAGE, &text)
            .map_err(explain)?;
        let made = environment::render(&template, self.context.clone(), LONGEST, self.interrupt);
        made.map_err(explain)?.ok_or_else(|| {
            let message = format!("it makes more than {} MB of text", LONGEST >> 20);
            MacroFault::of_page(message, 1)
        })
    }
}

/// A text as it is compiled. Where it is nested too deep, what stands for it
/// says so.
fn compiled(text: &str, delimiters: &SyntaxConfig) -> String {
    match guarded(text, delimiters) {
        Ok((text, _)) | Err((text, _)) => text,
    }
}

fn too_deep() -> String {
    format!("this tag is nested too deeply: {}", failure::NESTED)
}

/// The text with names that nothing is known of written out, as Jinja2's
/// `DebugUndefined` shows them; `None` where there are none.
fn kept(
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
    let part = |nth: usize, default: &'static str| {
        syntax.delimiters[nth]
            .clone()
            .unwrap_or_else(|| default.to_owned())
    };
    let (open, close) = (part(2, "{{"), part(3, "}}"));
    let (block, end) = (part(0, "{%"), part(1, "%}"));
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_raw = false;
    while let Some(at) = rest.find(&open) {
        let before = &rest[..at];
        // What is raw already must not be wrapped once more.
        if let Some(mark) = last_mark(before, &block) {
            in_raw = mark == "raw";
        }
        whole.push_str(before);
        let inner = &rest[at + open.len()..];
        let Some(length) = inner.find(&close) else {
            whole.push_str(&rest[at..]);
            return Ok(Some(whole));
        };
        let name = inner[..length].trim();
        if !in_raw && unknown.iter().any(|known| known == name) {
            whole.push_str(&format!(
                "{block} raw {end}{{{{ {name} }}}}{block} endraw {end}"
            ));
        } else {
            whole.push_str(&rest[at..at + open.len() + length + close.len()]);
        }
        rest = &inner[length + close.len()..];
    }
    whole.push_str(rest);
    Ok(Some(whole))
}

/// The last `raw` or `endraw` of a text.
fn last_mark<'a>(text: &'a str, block: &str) -> Option<&'a str> {
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

fn fault(error: &minijinja::Error) -> MacroFault {
    // The innermost says what is wrong, and where.
    let mut innermost = error;
    let mut place = (error.name(), error.line());
    while let Some(source) = innermost
        .source()
        .and_then(|source| source.downcast_ref::<minijinja::Error>())
    {
        innermost = source;
        if source.name().is_some() && source.line().is_some() {
            place = (source.name(), source.line());
        }
    }
    let message = match (innermost.kind(), innermost.detail()) {
        (ErrorKind::OutOfFuel, _) => format!(
            "it does more work than any page may need: {}",
            failure::LOOPS
        ),
        (ErrorKind::InvalidOperation, Some(failure::TOO_FAR)) => {
            "it includes or calls itself, or other things too deeply".to_owned()
        }
        (ErrorKind::SyntaxError, Some(detail)) if detail.ends_with(TOO_DEEP) => too_deep(),
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    };
    MacroFault {
        message,
        file: place.0.filter(|name| *name != PAGE).map(str::to_owned),
        line: place
            .1
            .and_then(|line| u32::try_from(line).ok())
            .unwrap_or(1),
    }
}
