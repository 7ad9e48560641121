//! Jinja in pages, as the macros plugin runs it before Markdown is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, merge_maps};
use minijinja::{Environment, UndefinedBehavior};
use serde_json::Map;

use super::{environment, methods, settings};
use crate::config::Config;
use crate::url;

/// How often a page is begun anew because it asks for another file.
const MOST_FILES: usize = 200;
/// How much work one page may be, in MiniJinja's units: some seconds.
const FUEL: u64 = 20_000_000;

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
    config: Value,
}

impl std::fmt::Debug for MacroContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MacroContext").finish_non_exhaustive()
    }
}

impl MacroContext {
    /// Of a configuration.
    pub fn new(config: &Config) -> Self {
        Self {
            config: settings::value(config),
        }
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
        let config = Value::from_pairs([("config", self.config.clone())]);
        let context = merge_maps([Value::from(Serde(variables)), config]);
        // Loaders outlive everything, so they cannot ask the site: a page is
        // begun anew with each file that it turns out to need.
        let mut files = BTreeMap::new();
        loop {
            let wanted: Arc<Mutex<BTreeSet<String>>> = Arc::default();
            let mut environment = make(&files, &wanted, page_url, syntax)?;
            environment.set_fuel(Some(FUEL));
            let rendered = attempt(&environment, text, &context, syntax);
            let wanted =
                std::mem::take(&mut *wanted.lock().unwrap_or_else(PoisonError::into_inner));
            if wanted.is_empty() || files.len() > MOST_FILES {
                return rendered;
            }
            for name in wanted {
                let text = read(&name);
                files.insert(name, text);
            }
        }
    }
}

type Files = BTreeMap<String, Option<Arc<str>>>;

fn make(
    files: &Files,
    wanted: &Arc<Mutex<BTreeSet<String>>>,
    page_url: &str,
    syntax: &MacroSyntax,
) -> Result<Environment<'static>, MacroFault> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_undefined_behavior(match syntax.undefined {
        Undefined::Keep | Undefined::Silent => UndefinedBehavior::Lenient,
        Undefined::Lax => UndefinedBehavior::Chainable,
        Undefined::Strict => UndefinedBehavior::Strict,
    });
    environment.set_unknown_method_callback(methods::call);
    let [
        block_start,
        block_end,
        variable_start,
        variable_end,
        comment_start,
        comment_end,
    ] = syntax.delimiters.clone();
    let or = |given: Option<String>, default: &str| given.unwrap_or_else(|| default.to_owned());
    let built = SyntaxConfig::builder()
        .block_delimiters(or(block_start, "{%"), or(block_end, "%}"))
        .variable_delimiters(or(variable_start, "{{"), or(variable_end, "}}"))
        .comment_delimiters(or(comment_start, "{#"), or(comment_end, "#}"))
        .build();
    environment.set_syntax(built.map_err(|error| fault(&error))?);
    environment::add_filters(&mut environment);
    let page = page_url.to_owned();
    let relative = move |path: String| match url::is_absolute(&path) {
        true => path,
        false => url::relative(if path.is_empty() { "./" } else { &path }, &page),
    };
    environment.add_filter("relative_url", relative);
    environment.add_function("fix_url", |url: String| {
        match url::has_scheme(&url) || url.is_empty() {
            true => url,
            false => format!("../{url}"),
        }
    });
    let known = files.clone();
    let wanted = wanted.clone();
    environment.set_loader(move |name| match known.get(name) {
        Some(text) => Ok(text.as_deref().map(str::to_owned)),
        None => {
            let mut wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner);
            wanted.insert(name.to_owned());
            Ok(None)
        }
    });
    Ok(environment)
}

/// The name of the page's own text among templates.
const PAGE: &str = "<page>";

fn attempt(
    environment: &Environment<'_>,
    text: &str,
    context: &Value,
    syntax: &MacroSyntax,
) -> Result<String, MacroFault> {
    let explain = |error: minijinja::Error| fault(&error);
    let kept = match syntax.undefined {
        Undefined::Keep => kept(environment, text, context, syntax).map_err(&explain)?,
        _ => None,
    };
    let text = kept.as_deref().unwrap_or(text);
    let template = environment
        .template_from_named_str(PAGE, text)
        .map_err(explain)?;
    template.render(context).map_err(explain)
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
    let detail = error.detail().map(str::to_owned);
    let message = match detail {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    MacroFault {
        message,
        file: error.name().filter(|name| *name != PAGE).map(str::to_owned),
        line: error
            .line()
            .and_then(|line| u32::try_from(line).ok())
            .unwrap_or(1),
    }
}
