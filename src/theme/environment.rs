use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Template, UndefinedBehavior};

use super::date::Datetime;
use super::template_loader::TemplateLoader;
use super::{bounded_builtins, filters, globals, json, methods, reuse, words};
use crate::time::Moment;
use crate::work::Interrupt;

/// How much work rendering one page or standalone template may take, includes
/// and all, in MiniJinja's units. Material's own templates need 3.2 million for
/// a page whose nav shows 10,000 pages.
pub(super) const FUEL: u64 = 20_000_000;

/// How deeply templates may call and include each other, in MiniJinja's units
/// (1 for a loop, 4 for a macro, 10 for an include). Nested folders of docs are
/// macros that call each other.
pub(super) const RECURSION: usize = 2_000;

/// The stack that rendering a template needs, in bytes. A test renders the
/// deepest allowed templates with a sixteenth of it in an unoptimised build; the
/// rest is for the callers.
pub const STACK: usize = 16 << 20;

/// An environment that behaves like MkDocs' Jinja2. `moment` is the time of the
/// build that templates see.
pub(super) fn environment(
    shelf: TemplateLoader,
    moment: i64,
    interrupt: &Interrupt,
) -> Environment<'static> {
    let mut environment = Environment::new();
    // MkDocs renders without auto-escaping; templates escape values themselves.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // More lenient than Jinja2: one missing attribute must not sink a site.
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_debug(true);
    environment.set_unknown_method_callback(methods::call);
    environment.add_filter("url", filters::url);
    environment.add_filter("script_tag", filters::script_tag);
    environment.add_filter("asset", filters::asset);
    environment.add_filter("inline_html", filters::inline_html);
    environment.add_filter("without_links", filters::without_links);
    add_filters(&mut environment, interrupt);
    reuse::add(&mut environment, interrupt);
    words::add(&mut environment, shelf.clone());
    for name in ["_", "gettext"] {
        let shelf = shelf.clone();
        environment.add_function(name, move |text: String| match shelf.translate(&text) {
            Some(translation) => translation.to_owned(),
            None => text,
        });
    }
    environment.set_loader(move |name| {
        let template = shelf.find(name);
        Ok(template.map(|template| shelf.prepare(&template.text).text))
    });
    environment.add_global("mkdocs_version", Value::from("1.6.1"));
    environment.add_global(
        "build_date_utc",
        Value::from_object(Datetime(Moment::new(moment).into())),
    );
    environment
}

/// Adds what Jinja2 has and MiniJinja lacks or does differently, and limits.
pub(super) fn add_filters(environment: &mut Environment<'static>, interrupt: &Interrupt) {
    environment.add_filter("e", filters::escaped);
    environment.add_filter("escape", filters::escaped);
    environment.add_filter("forceescape", filters::force_escaped);
    environment.add_filter("striptags", filters::striptags);
    environment.add_filter("tojson", json::tojson);
    environment.add_filter("urlencode", filters::urlencode);
    environment.add_filter("center", filters::center);
    environment.add_filter("truncate", filters::truncate);
    environment.add_filter("wordcount", filters::wordcount);
    environment.add_filter("xmlattr", filters::xmlattr);
    environment.add_filter("filesizeformat", filters::filesizeformat);
    environment.add_filter("wordwrap", filters::wordwrap);
    environment.add_filter("urlize", filters::urlize);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(RECURSION);
    bounded_builtins::add(environment, interrupt);
    environment.add_test("callable", globals::is_callable);
    environment.add_function("cycler", globals::cycler);
    for name in ["_", "gettext"] {
        environment.add_function(name, globals::gettext);
    }
    environment.add_function("ngettext", globals::ngettext);
    environment.add_function("joiner", globals::joiner);
}

/// Renders a template to at most `most` bytes, probably about as many as `expected`;
/// `None` if its output is longer.
/// If the engine panics (`loop.cycle(*[])` divides by the number of arguments),
/// that is reported as an error of the template. Results are meaningless if
/// `interrupt` is raised meanwhile.
///
/// # Errors
/// If the template, or a template that it includes, fails.
pub(super) fn render(
    template: &Template<'_, '_>,
    context: Value,
    (expected, most): (usize, usize),
    interrupt: &Interrupt,
) -> Result<Option<String>, Error> {
    let mut output = Output {
        bytes: Vec::with_capacity(expected.min(most)),
        most,
        is_full: false,
        interrupt,
    };
    let rendered = catch_unwind(AssertUnwindSafe(|| {
        template.render_captured_to(context, &mut output).map(drop)
    }));
    if output.is_full {
        return Ok(None);
    }
    let engine_error = |what: &str| {
        let message = format!("`{}` makes the template engine {what}", template.name());
        Error::new(ErrorKind::InvalidOperation, message)
    };
    match rendered {
        Ok(Ok(())) => match String::from_utf8(output.bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(engine_error("write text that is not UTF-8")),
        },
        Ok(Err(error)) => Err(error),
        // A question that a template asks may be cancelled.
        Err(panic) if !panic.is::<&str>() && !panic.is::<String>() => resume_unwind(panic),
        Err(_panic) => Err(engine_error("fail")),
    }
}

/// The output of a template so far.
struct Output<'a> {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
    interrupt: &'a Interrupt,
}

impl io::Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.interrupt.is_raised() {
            // `Interrupted` would be taken as a request to try again.
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        if self.bytes.len() + bytes.len() > self.most {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
