use std::error::Error as _;

use minijinja::{Error, ErrorKind};

use super::TemplateSource;
use super::source::TOO_DEEP;
use super::template_loader::TemplateLoader;
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};

/// The rule for templates that exceed a limit.
pub(super) const LIMIT: Rule = Rule::TemplateLimit;

/// What to do about an expression that is nested too deeply.
pub(super) const NESTED: &str = "move parts of it into variables with `set`, \
     and split long chains of `elif`";

/// What to do about a template that does not end.
pub(super) const LOOPS: &str = "check whether a loop runs too often, something includes or calls \
     itself, or a text keeps doubling";

/// The engine's message when its recursion limit is reached.
pub(super) const TOO_FAR: &str = "recursion limit exceeded";

/// What to do about templates that call each other too deeply.
pub(super) const CALLS: &str = "check whether something includes or calls itself; in most themes, \
     each level of nested folders is a call too";

/// Explains an error to the person who wrote the template. `alone` is the name
/// and source of a template that is not one of the theme's.
pub(super) fn explain(
    error: &Error,
    shelf: &TemplateLoader,
    alone: Option<(&str, &TemplateSource)>,
) -> Diagnostic {
    let innermost = innermost(error);
    let detail = innermost.detail().unwrap_or_default();
    let diagnostic = match innermost.kind() {
        ErrorKind::SyntaxError if detail.ends_with(TOO_DEEP) => {
            Diagnostic::new(Rule::TemplateTooDeep, "this tag is nested too deeply").help(NESTED)
        }
        ErrorKind::OutOfFuel => Diagnostic::error(
            LIMIT,
            "the template does more work than any page should need",
        )
        .help(LOOPS),
        ErrorKind::InvalidOperation if detail == TOO_FAR => {
            Diagnostic::error(LIMIT, "templates call and include each other too deeply").help(CALLS)
        }
        ErrorKind::SyntaxError => suggest(
            Diagnostic::new(
                Rule::TemplateSyntax,
                format!("the template cannot be read: {detail}"),
            ),
            detail.strip_prefix("unknown statement "),
            &TAGS,
        ),
        ErrorKind::TemplateNotFound => missing_template(detail, shelf),
        kind if detail.is_empty() => {
            Diagnostic::new(Rule::TemplateError, format!("the template fails: {kind}"))
        }
        kind => {
            let message = format!("the template fails: {kind}: {detail}");
            let failed = Diagnostic::new(Rule::TemplateError, message);
            let name = |what: &str| {
                let rest = detail.strip_prefix(what)?;
                rest.strip_suffix(" is unknown")
            };
            match kind {
                ErrorKind::UnknownFilter => suggest(failed, name("filter "), &FILTERS),
                ErrorKind::UnknownTest => suggest(failed, name("test "), &TESTS),
                _ => failed,
            }
        }
    };
    match locate(error, shelf, alone) {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}

/// Suggests one of the names that there are in place of one that there is not.
fn suggest(diagnostic: Diagnostic, name: Option<&str>, known: &[&str]) -> Diagnostic {
    let near = name.and_then(|name| {
        let near = Suggestions::default().suggest(name, known.iter().copied());
        Some((name, near?))
    });
    match near {
        Some((name, near)) => diagnostic.did_you_mean(name, &near),
        None => diagnostic,
    }
}

/// The tags of templates, which the engine does not list.
pub(super) const TAGS: [&str; 28] = [
    "autoescape",
    "block",
    "break",
    "call",
    "continue",
    "do",
    "elif",
    "else",
    "endautoescape",
    "endblock",
    "endcall",
    "endfilter",
    "endfor",
    "endif",
    "endmacro",
    "endraw",
    "endset",
    "endwith",
    "extends",
    "filter",
    "for",
    "from",
    "if",
    "import",
    "include",
    "macro",
    "set",
    "with",
];

/// The filters that templates use, which the engine does not list either.
pub(super) const FILTERS: [&str; 49] = [
    "abs",
    "attr",
    "batch",
    "capitalize",
    "center",
    "default",
    "dictsort",
    "escape",
    "filesizeformat",
    "first",
    "float",
    "forceescape",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "pprint",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "string",
    "striptags",
    "sum",
    "title",
    "tojson",
    "trim",
    "truncate",
    "unique",
    "upper",
    "url",
    "urlencode",
    "wordcount",
    "wordwrap",
];

/// The tests of templates.
pub(super) const TESTS: [&str; 25] = [
    "boolean",
    "callable",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "gt",
    "in",
    "integer",
    "iterable",
    "le",
    "lower",
    "lt",
    "mapping",
    "none",
    "number",
    "odd",
    "sequence",
    "string",
    "undefined",
];

/// The error that caused all others.
fn innermost(error: &Error) -> &Error {
    let mut innermost = error;
    while let Some(source) = innermost
        .source()
        .and_then(|source| source.downcast_ref::<Error>())
    {
        innermost = source;
    }
    innermost
}

fn missing_template(detail: &str, shelf: &TemplateLoader) -> Diagnostic {
    // MiniJinja's detail is: template "x.html" does not exist
    let name = detail.split(['"', '\'']).nth(1).unwrap_or(detail);
    let diagnostic = Diagnostic::new(
        Rule::MissingTemplate,
        format!("there is no template `{name}`"),
    );
    let names = shelf.names();
    let near = Suggestions::default().suggest(name, names.iter().map(String::as_str));
    match near {
        Some(near) => diagnostic.did_you_mean(name, &near),
        None => diagnostic.help("templates are looked up in `theme.custom_dir`, then in the theme"),
    }
}

/// The innermost place of an error that is in a template.
fn locate(
    error: &Error,
    shelf: &TemplateLoader,
    alone: Option<(&str, &TemplateSource)>,
) -> Option<Span> {
    let mut innermost = None;
    let mut next = Some(error);
    while let Some(error) = next {
        if let (Some(name), Some(line)) = (error.name(), error.line()) {
            innermost = Some((name, line, error.range()));
        }
        next = error
            .source()
            .and_then(|source| source.downcast_ref::<Error>());
    }
    let (name, line, range) = innermost?;
    let TemplateSource { path, text } = match alone {
        Some((alone_name, template)) if alone_name == name => template.clone(),
        _ => shelf.find(name)?,
    };
    Some(match range {
        Some(range) => {
            let prepared = shelf.prepare(&text);
            let start = prepared.original_offset(range.start);
            let end = prepared.original_offset(range.end);
            Span::bytes(&path, &text, start, end - start)
        }
        None => Span::line(&path, &text, u32::try_from(line).unwrap_or(u32::MAX)),
    })
}
