use std::error::Error as _;

use minijinja::{Error, ErrorKind};

use super::TemplateSource;
use super::shelf::Shelf;
use super::source::TOO_DEEP;
use crate::diagnostic::{Diagnostic, Rule, Span, Suggestions};

/// The rule of what is too much for any page.
pub(super) const LIMIT: Rule = Rule::TemplateLimit;

/// What to do about an expression that is too long a chain.
pub(super) const NESTED: &str = "set parts of it to names of their own first, \
     and split long chains of `elif`";

/// What to do about a template that does not end.
pub(super) const LOOPS: &str = "see whether a loop runs too often, something includes or calls \
     itself, or a text doubles again and again";

/// What the engine says where its limit of recursion is reached.
pub(super) const TOO_FAR: &str = "recursion limit exceeded";

/// What to do about templates that call each other too deeply.
pub(super) const CALLS: &str = "see whether something includes or calls itself; a folder of docs \
     in another is a call too, in most themes";

/// What went wrong in a template, for the person who wrote it. `alone` is a
/// template that stands on no shelf, by its name.
pub(super) fn explain(
    error: &Error,
    shelf: &Shelf,
    alone: Option<(&str, &TemplateSource)>,
) -> Diagnostic {
    let innermost = innermost(error);
    let detail = innermost.detail().unwrap_or_default();
    let diagnostic = match innermost.kind() {
        ErrorKind::SyntaxError if detail.ends_with(TOO_DEEP) => {
            Diagnostic::new(Rule::TemplateTooDeep, "this tag is nested too deeply").help(NESTED)
        }
        ErrorKind::OutOfFuel => {
            Diagnostic::error(LIMIT, "the template does more work than any page may need")
                .help(LOOPS)
        }
        ErrorKind::InvalidOperation if detail == TOO_FAR => {
            Diagnostic::error(LIMIT, "templates call and include each other too deeply").help(CALLS)
        }
        ErrorKind::SyntaxError => Diagnostic::new(
            Rule::TemplateSyntax,
            format!("the template cannot be read: {detail}"),
        ),
        ErrorKind::TemplateNotFound => missing(detail, shelf),
        kind if detail.is_empty() => {
            Diagnostic::new(Rule::TemplateError, format!("the template fails: {kind}"))
        }
        kind => Diagnostic::new(
            Rule::TemplateError,
            format!("the template fails: {kind}: {detail}"),
        ),
    };
    match place(error, shelf, alone) {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}

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

fn missing(detail: &str, shelf: &Shelf) -> Diagnostic {
    // MiniJinja says: template "x.html" does not exist
    let name = detail.split(['"', '\'']).nth(1).unwrap_or(detail);
    let diagnostic = Diagnostic::new(
        Rule::MissingTemplate,
        format!("there is no template `{name}`"),
    );
    let names = shelf.names();
    let near = Suggestions::default().suggest(name, names.iter().map(String::as_str));
    match near {
        Some(near) => diagnostic.did_you_mean(name, &near),
        None => diagnostic.help("templates are searched in `theme.custom_dir`, then in the theme"),
    }
}

/// The innermost place that lies in a template.
fn place(error: &Error, shelf: &Shelf, alone: Option<(&str, &TemplateSource)>) -> Option<Span> {
    let mut found = None;
    let mut next = Some(error);
    while let Some(error) = next {
        if let (Some(name), Some(line)) = (error.name(), error.line()) {
            found = Some((name.to_owned(), line, error.range()));
        }
        next = error
            .source()
            .and_then(|source| source.downcast_ref::<Error>());
    }
    let (name, line, range) = found?;
    let alone = alone.filter(|(alone, _)| *alone == name);
    let alone = alone.map(|(_, template)| template.clone());
    let TemplateSource { path, text } = alone.or_else(|| shelf.find(&name))?;
    Some(match range {
        Some(range) => {
            let prepared = shelf.prepare(&text);
            let (start, end) = (prepared.written(range.start), prepared.written(range.end));
            Span::bytes(&path, &text, start, end - start)
        }
        None => Span::line(&path, &text, u32::try_from(line).unwrap_or(1)),
    })
}
