//! Changes to the HTML of a page once it is written.

mod embed;
mod paths;
mod strip_html;
mod tags;

use crate::diagnostic::Diagnostic;
use crate::markdown::options::Postprocess;
use crate::markdown::source::page::Page;
use crate::markdown::source::site_access::SiteAccess;

/// Applies what is on to a page's HTML.
pub fn apply(
    page: &Page,
    mut html: String,
    options: &Postprocess,
    site: &dyn SiteAccess,
) -> (String, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    if let Some(options) = &options.paths {
        html = paths::convert(&html, options);
    }
    if let Some(options) = &options.embed {
        let embedded = embed::images(page, &html, options, site);
        html = embedded.0;
        diagnostics.extend(embedded.1);
    }
    if let Some(options) = &options.strip_html {
        html = strip_html::strip(&html, options);
    }
    (html, diagnostics)
}
