//! What one address shows, and what differs between two looks at it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Severity, bounded};
use crate::files::SourcePath;
use crate::html::{self, Token};
use crate::languages::Spot;
use crate::site::{Database, Db as _, Output, Outputs, Produced, queries};
use crate::url;

/// Notes that readers of a page would stumble over, so that whoever writes it
/// hears of them too.
const COUNTED: [Rule; 2] = [Rule::MissingAnchor, Rule::UnknownIcon];

/// What an address shows at one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct View {
    /// The HTML, `None` where there is none to show.
    pub(super) html: Option<Arc<str>>,
    /// What stands for it in a tab.
    pub(super) fingerprint: String,
    /// The site's own style sheets, images and scripts that it loads, with
    /// what changes when they do.
    pub(super) assets: BTreeMap<String, Option<(u64, u128)>>,
    /// What is wrong with it.
    pub(super) problems: Vec<Diagnostic>,
    /// Whether there is such a page (and not the page that says there is none).
    pub(super) found: bool,
    /// The file that it is made from, where it is a page.
    pub(super) source: Option<SourcePath>,
}

impl View {
    /// Looks at an address. With `strict`, warnings are errors.
    pub(super) fn of(db: &Database, spot: &Spot, strict: bool) -> Self {
        let outputs = queries::outputs(db);
        let site = queries::site_diagnostics(db);
        let mut problems: Vec<Diagnostic> = site
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .cloned()
            .collect();
        problems.extend(queries::unreadable_for_site(db));
        let output = queries::output_at(spot, &outputs, &queries::root_outputs(db));
        let document = output.filter(|(_, output)| output.is_document);
        let document = document.map(|(_, output)| {
            let source = output.page().cloned();
            (queries::remembered(db, &output), source)
        });
        let document = document.filter(|(shown, _)| shown.content.is_some() || shown.is_broken());
        let found = document.is_some();
        let (produced, source) = document.unwrap_or_else(|| {
            // It may be what cannot be read.
            let is_partial = !queries::are_outputs_whole(db);
            let page = queries::not_found(db);
            (Produced { is_partial, ..page }, None)
        });
        problems.extend(produced.diagnostics.iter().cloned());
        let text = produced.as_text();
        let loaded = text.as_deref();
        let loaded = loaded.map(|html| loaded_files(&outputs, html, spot.address()));
        for source in loaded.iter().flat_map(|loaded| loaded.values()) {
            problems.extend(queries::unreadable_file(db, db.entry(source)));
        }
        problems
            .retain(|problem| problem.severity > Severity::Note || COUNTED.contains(&problem.rule));
        problems.dedup();
        let shown = bounded(&problems).into_iter().map(Cow::into_owned);
        let mut problems: Vec<Diagnostic> = shown.collect();
        if strict {
            problems
                .iter_mut()
                .for_each(|problem| problem.severity = Severity::Error);
        }
        // What was made without something that is there is not shown: the last
        // good page is.
        let html = text.filter(|_| !produced.is_partial && queries::config(db).is_some());
        let loaded = loaded.filter(|_| html.is_some()).unwrap_or_default();
        let stamp = |source| queries::stamp(db, db.entry(source));
        let assets = loaded.into_iter();
        Self {
            fingerprint: html.as_deref().map(fingerprint).unwrap_or_default(),
            assets: assets
                .map(|(asset, source)| (asset, stamp(source)))
                .collect(),
            problems,
            found,
            source,
            html,
        }
    }

    /// Whether something is so wrong that tabs keep what they show.
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

/// A short name for a text; equal texts have equal names.
pub(super) fn fingerprint(html: &str) -> String {
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The local files that a page loads by itself, with their sources.
fn loaded_files<'o>(
    outputs: &'o Outputs,
    html: &str,
    address: &str,
) -> BTreeMap<String, &'o SourcePath> {
    let mut found = BTreeMap::new();
    for reference in references(html) {
        let path = url::split(&reference).0;
        if path.is_empty() || url::is_absolute(path) {
            continue;
        }
        let Some(asset) = url::unquote(path).and_then(|path| url::resolve(&path, address)) else {
            continue;
        };
        if let Some(source) = outputs.get(&asset).and_then(Output::asset) {
            found.insert(asset, source);
        }
    }
    found
}

/// What `src` attributes and `<link href>` name.
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
