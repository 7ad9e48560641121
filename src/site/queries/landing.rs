//! Front pages that front matter describes.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::bodies::access_of;
use super::page_icon::icon_fault;
use super::settings::{folders, validation};
use super::{front, options, templates, text};
use crate::diagnostic::{Diagnostic, Span};
use crate::files::SourcePath;
use crate::markdown::{self, Destination, MarkdownOptions, SiteAccess as _};
use crate::site::{Db, Entry};
use crate::theme::{LANDING, Landing, LandingAccess, dead_link, read_landing};
use crate::yaml;

/// The variable of templates that has the fields of a front page.
const VARIABLE: &str = "landing";

/// What the front matter of a page says of a front page; `None` if the page is none, or
/// the template is the site's own.
pub(super) fn landing(db: &dyn Db, page: Entry) -> Option<Arc<Landing>> {
    let front = front(db, page);
    let is_one = front.get("template").and_then(Value::as_str) == Some(LANDING);
    if !is_one || templates(db).contains_key(LANDING) {
        return None;
    }
    let is_builtin = folders(db).is_some_and(|folders| folders.packages.is_empty());
    is_builtin.then(|| described(db, page))
}

#[salsa::tracked(returns(clone))]
fn described(db: &dyn Db, page: Entry) -> Arc<Landing> {
    let text = text(db, page).readable().unwrap_or_default();
    let source = page.path(db);
    let Some(range) = markdown::front_matter::yaml_range(&text) else {
        return Arc::default();
    };
    let Ok(parsed) = yaml::parse_at(&source, &text, range) else {
        // The front matter itself is reported.
        return Arc::default();
    };
    let options = options(db);
    let mut options = MarkdownOptions {
        names_headings: false,
        sources: false,
        ..(*options).clone()
    };
    // The code of the text below has ids too.
    options.highlight.linked_numbers = false;
    options.highlight.line_anchors = String::new();
    options.highlight.line_spans = String::new();
    let landing = access_of(db, page, |site| {
        let markdown = |written: &str, line: u32| {
            let generated = Some((written, [].as_slice()));
            let body =
                markdown::render_generated(&source, written, line, generated, &options, site);
            let mut faults = body.diagnostics;
            faults.extend(body.links.iter().filter_map(|link| {
                let Destination::Missing(near) = &link.destination else {
                    return None;
                };
                let severity = validation(db).links_not_found.severity()?;
                let fault = dead_link(&link.written, near.as_ref(), severity);
                Some(fault.at(place(&source, &text, line, &link.written)))
            }));
            (body.html, faults)
        };
        let access = LandingAccess {
            markdown: &markdown,
            destination: &|written| site.destination(written),
            icon_fault: &|name| icon_fault(db, name),
            dead_link: validation(db).links_not_found.severity(),
        };
        read_landing(&parsed.node, &access)
    });
    Arc::new(landing.unwrap_or_default())
}

/// Where a text is written, on a line of a page or below it.
fn place(source: &SourcePath, text: &str, line: u32, written: &str) -> Span {
    let lines = (line..).zip(text.lines().skip(line.saturating_sub(1) as usize));
    let mut lines = lines.filter(|(_, text)| text.contains(written));
    let line = lines.next().map_or(line, |(line, _)| line);
    let span = Span::line(source, text, line);
    span.part(written).unwrap_or(span)
}

/// The problems of a front page.
pub(super) fn faults(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    let landing = landing(db, page);
    landing.map_or_else(Vec::new, |landing| landing.diagnostics.clone())
}

/// Adds what the template of a front page sees.
pub(super) fn add_variables(db: &dyn Db, page: Entry, variables: &mut Map<String, Value>) {
    if let Some(landing) = landing(db, page) {
        variables.insert(VARIABLE.to_owned(), landing.fields.clone().into());
    }
}
