//! What an address shows, and how two views of it differ.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity, bounded};
use crate::files::SourcePath;
use crate::html::{self, Token};
use crate::languages::Spot;
use crate::site::{Database, Db as _, Output, Outputs, Produced, queries};
use crate::url;

/// What an address shows at one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct View {
    /// The HTML, `None` if there is none to show.
    pub(super) html: Option<Arc<str>>,
    /// Identifies the HTML to a tab.
    pub(super) fingerprint: String,
    /// The site's style sheets, images and scripts that the page loads, each
    /// with a stamp that changes when the file does.
    pub(super) assets: BTreeMap<String, Option<(u64, u128)>>,
    /// What is wrong with the page.
    pub(super) problems: Vec<Diagnostic>,
    /// Whether the page exists (this is not the 404 page).
    pub(super) found: bool,
    /// The source file, if it is a page.
    pub(super) source: Option<SourcePath>,
}

impl View {
    /// Computes what an address shows. With `strict`, warnings become errors.
    pub(super) fn of(db: &Database, spot: &Spot, strict: bool) -> Self {
        let outputs = queries::outputs(db);
        let output = queries::output_at(spot, &outputs, &queries::root_outputs(db));
        let document = output.filter(|(_, output)| output.is_document);
        let document = document.map(|(_, output)| {
            let source = output.page().cloned();
            (queries::produce_cached(db, &output), source)
        });
        let document = document.filter(|(shown, _)| shown.content.is_some() || shown.is_broken());
        let found = document.is_some();
        let (produced, source) = document.unwrap_or_else(|| {
            // The page may be among the files that cannot be read.
            let is_partial = !queries::are_outputs_whole(db);
            let page = queries::not_found(db);
            (Produced { is_partial, ..page }, None)
        });
        let text = produced.as_text();
        let assets = match &text {
            Some(html) => loaded_files(&outputs, html, spot.address()),
            None => BTreeMap::new(),
        };
        let mut view = Self {
            problems: problems(db, &produced, assets.values().copied(), strict),
            found,
            source,
            ..Self::default()
        };
        // An output that lacks something because a file could not be read is
        // not shown: tabs keep the last good page.
        if let Some(html) = text
            && !produced.is_partial
            && queries::config(db).is_some()
        {
            let stamp = |source| queries::stamp(db, db.entry(source));
            let parts = nav_parts(db, &html);
            view.fingerprint = fingerprint(&html);
            view.assets = assets
                .into_iter()
                .map(|(asset, source)| (asset, stamp(source)))
                .chain(parts)
                .collect();
            view.html = Some(html);
        }
        view
    }

    /// Whether there is nothing to show, so that tabs keep what they have.
    pub(super) fn is_broken(&self) -> bool {
        self.html.is_none()
    }

    /// The assets that changed since `before`.
    pub(super) fn changed_assets(&self, before: &View) -> Vec<String> {
        let changed = |asset: &&String| {
            before
                .assets
                .get(*asset)
                .is_some_and(|stamp| Some(stamp) != self.assets.get(*asset))
        };
        self.assets.keys().filter(changed).cloned().collect()
    }
}

/// A short hash that identifies a text.
pub(super) fn fingerprint(html: &str) -> String {
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The problems to show on a page: the site's errors, its own, and those of the
/// assets that it loads.
fn problems<'o>(
    db: &Database,
    produced: &Produced,
    assets: impl Iterator<Item = &'o SourcePath>,
    strict: bool,
) -> Vec<Diagnostic> {
    let site = queries::site_diagnostics(db);
    let errors = site
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error);
    let mut problems: Vec<Diagnostic> = errors.cloned().collect();
    problems.extend(queries::unreadable_for_site(db));
    problems.extend(produced.diagnostics.iter().cloned());
    for asset in assets {
        problems.extend(queries::unreadable_file(db, db.entry(asset)));
    }
    problems.dedup();
    let bounded = bounded(&problems).into_iter().map(Cow::into_owned);
    let mut problems: Vec<Diagnostic> = bounded.collect();
    if strict {
        for problem in &mut problems {
            if problem.severity == Severity::Warning {
                problem.severity = Severity::Error;
            }
        }
    }
    problems
}

/// The site's files that a page loads, by their addresses.
fn loaded_files<'o>(
    outputs: &'o Outputs,
    html: &str,
    address: &str,
) -> BTreeMap<String, &'o SourcePath> {
    let mut files = BTreeMap::new();
    for reference in references(html) {
        let path = url::split(&reference).0;
        if path.is_empty() || url::is_absolute(path) {
            continue;
        }
        let Some(asset) = url::unquote(path).and_then(|path| url::resolve(&path, address)) else {
            continue;
        };
        if let Some(source) = outputs.get(&asset).and_then(Output::asset) {
            files.insert(asset, source);
        }
    }
    files
}

/// The parts of the nav that a page may load, by their addresses, with their fingerprints
/// as stamps.
fn nav_parts(db: &Database, html: &str) -> Vec<(String, Option<(u64, u128)>)> {
    let names: BTreeSet<Cow<'_, str>> = html::tokens(html)
        .filter_map(|(token, _)| match token {
            Token::Start { attributes, .. } => html::attribute(attributes, "data-md-part"),
            _ => None,
        })
        .collect();
    let stamp = |name: &str| queries::nav_part_print(db, name).map(|print| (print, 0));
    let names = names.iter();
    let parts = names.map(|name| (queries::nav_part_address(name), stamp(name)));
    parts.collect()
}

/// The values of `src` attributes and of `<link href>`.
fn references(html: &str) -> impl Iterator<Item = Cow<'_, str>> {
    html::tokens(html).filter_map(|(token, _)| match token {
        Token::Start {
            name, attributes, ..
        } => {
            let is_link = name.eq_ignore_ascii_case("link");
            html::attribute(attributes, if is_link { "href" } else { "src" })
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn finds_what_a_page_loads() {
        let html = "<link rel=\"stylesheet\" href=\"css/a.css\"><script src='b.js'></script>\
                    <img alt=\"\" src=\"c.svg\"><a href=\"d/\">d</a><link rel=next>";
        let found: Vec<_> = references(html).collect();
        assert_eq!(found, ["css/a.css", "b.js", "c.svg"]);
    }
}
