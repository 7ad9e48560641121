//! Templates of a site that were written for Material for MkDocs.

use super::{Templates, builtin_theme};
use crate::diagnostic::{Diagnostic, Rule, Span};

/// Where Material keeps its script.
const BUNDLE: &str = "assets/javascripts/bundle.";

/// Whether pages have markup of Material that the built-in theme does not write itself, so
/// that they need `css/material.css` and `js/material.js`: if a template of the site
/// replaces one of its partials, writes its classes, or fills its banner.
pub(super) fn is_expected(own: &Templates) -> bool {
    const WRITTEN: [&str; 4] = ["md-", "mdx-", "block announce", "block hero"];
    own.iter().any(|(name, template)| {
        let is_partial = name.starts_with("partials/") && name.matches('/').count() == 1;
        let is_replaced = is_partial && builtin_theme::template(name).is_some();
        is_replaced
            || name.ends_with(".html") && WRITTEN.iter().any(|it| template.text.contains(it))
    })
}

/// Notes about templates that load Material's own script, which works with Material's own
/// templates only.
pub(super) fn foreign_bundles(own: &Templates) -> Vec<Diagnostic> {
    let found = own.values().filter_map(|template| {
        let text = &*template.text;
        let start = text.find(BUNDLE)?;
        let name = text[start..].split(['"', '\'', ' ']).next()?;
        let message = "the script of Material for MkDocs is loaded in the built-in theme, whose pages it does not know";
        let diagnostic = Diagnostic::note(Rule::UnsupportedValue, message).help(
            "name the theme's installed package with `theme.path` or `--theme-path`, or leave \
             the block `scripts` to the theme and add to it with `{{ super() }}`",
        );
        Some(diagnostic.at(Span::bytes(&template.path, text, start, name.len())))
    });
    found.collect()
}
