use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Template, UndefinedBehavior};

use super::date::Datetime;
use super::shelf::Shelf;
use super::{builtins, filters, globals, json, methods};
use crate::time::Moment;
use crate::work::Interrupt;

/// How much work one page, or one template on its own, may be, in MiniJinja's
/// units: with what it includes. Material's own templates need 3.2 million for
/// a page whose nav shows 10,000 pages.
pub(super) const FUEL: u64 = 20_000_000;

/// How deep templates may call and include each other, in MiniJinja's units (a
/// loop 1, a macro 4, an include 10). Folders of docs that lie in each other
/// are macros that call each other.
pub(super) const RECURSION: usize = 2_000;

/// How much stack whatever renders templates has, in bytes. A test renders the
/// deepest templates that are let pass with a sixteenth of it, in a build that
/// is not optimised; the rest is for those that ask for them.
pub const STACK: usize = 16 << 20;

/// An environment that behaves as MkDocs' Jinja2 does. `moment` is what
/// templates see as the time of the build.
pub(super) fn environment(
    shelf: Shelf,
    moment: i64,
    interrupt: &Interrupt,
) -> Environment<'static> {
    let mut environment = Environment::new();
    // MkDocs renders without auto-escaping; templates escape by themselves.
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // One missing attribute must not sink a site (Jinja2's default).
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_debug(true);
    environment.set_unknown_method_callback(methods::call);
    environment.add_filter("url", filters::url);
    environment.add_filter("script_tag", filters::script_tag);
    add_filters(&mut environment, interrupt);
    environment.set_loader(move |name| {
        let found = shelf.find(name);
        Ok(found.map(|template| shelf.prepare(&template.text).text))
    });
    environment.add_global("mkdocs_version", Value::from("1.6.1"));
    environment.add_global(
        "build_date_utc",
        Value::from_object(Datetime(Moment::new(moment))),
    );
    environment
}

/// What Jinja2 has and MiniJinja lacks, or does otherwise, and bounds.
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
    builtins::add(environment, interrupt);
    environment.add_test("callable", globals::is_callable);
    environment.add_function("cycler", globals::cycler);
    for name in ["_", "gettext"] {
        environment.add_function(name, globals::gettext);
    }
    environment.add_function("ngettext", globals::ngettext);
    environment.add_function("joiner", globals::joiner);
}

/// Renders a template, to no more than `most` bytes; `None` where it gives
/// more. Where the engine itself fails (`loop.cycle(*[])` divides by the number
/// of arguments), that is a fault of the template like any other. What comes
/// of it while `interrupt` is raised means nothing.
///
/// # Errors
/// What is wrong with the template, or what it includes.
pub(super) fn render(
    template: &Template<'_, '_>,
    context: Value,
    most: usize,
    interrupt: &Interrupt,
) -> Result<Option<String>, Error> {
    let mut output = Output {
        bytes: Vec::new(),
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
    let fail = |what: &str| {
        let message = format!("`{}` makes the template engine {what}", template.name());
        Err(Error::new(ErrorKind::InvalidOperation, message))
    };
    match rendered {
        Ok(Ok(())) => match String::from_utf8(output.bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => fail("write what is not text"),
        },
        Ok(Err(error)) => Err(error),
        Err(_) => fail("fail"),
    }
}

/// What a template has written so far.
struct Output<'a> {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
    interrupt: &'a Interrupt,
}

impl io::Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.interrupt.is_raised() {
            // `Interrupted` would mean that it is to be tried again.
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
