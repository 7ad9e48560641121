//! What an address shows, and how two views of it differ.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::loads::{Loads, Stamp};
use crate::diagnostic::{Diagnostic, Severity, bounded};
use crate::files::SourcePath;
use crate::html::{self, Token};
use crate::languages::Spot;
use crate::plugins::privacy::Needs;
use crate::site::{Content, Database, Db as _, Output, Outputs, Produced, queries};
use crate::url;

/// The size of the longest HTML file that is kept up to date, in bytes.
const LONGEST: u64 = 16 << 20;

/// What an address shows at one revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct View {
    /// The HTML, `None` if there is none to show.
    pub(super) html: Option<Arc<str>>,
    /// Identifies the HTML to a tab.
    pub(super) fingerprint: String,
    /// The site's files that the page names to be loaded, by their paths on the server,
    /// each with a stamp that changes when the file does; parts of the nav by their
    /// addresses in the site.
    pub(super) assets: BTreeMap<String, Stamp>,
    /// What its tabs have loaded, by the paths on the server.
    pub(super) loaded: BTreeMap<String, Stamp>,
    /// What is wrong with the page.
    pub(super) problems: Vec<Diagnostic>,
    /// Whether the page exists (this is not the 404 page).
    pub(super) found: bool,
    /// The source file, if it is a page.
    pub(super) source: Option<SourcePath>,
    /// The files of other sites that it names.
    pub(super) needs: Needs,
}

impl View {
    /// Computes what an address shows. With `strict`, warnings become errors.
    pub(super) fn of(db: &Database, spot: &Spot, strict: bool) -> Self {
        let outputs = queries::outputs(db);
        let output = queries::output_at(spot, &outputs, &queries::root_outputs(db));
        let document = output.and_then(|(path, output)| {
            if output.is_document {
                let source = output.page().cloned();
                return Some((queries::produce_cached(db, &output), source));
            }
            let html = html_of_file(db, &path, &output)?;
            let content = Some(Content::Bytes(html.to_string().into()));
            let produced = Produced {
                content,
                ..Produced::default()
            };
            Some((produced, None))
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
        let sources = assets.values().copied().flatten();
        let sources = sources.filter_map(|output| output.asset());
        let mut view = Self {
            problems: problems(db, &produced, sources, strict),
            found,
            source,
            needs: produced.needs,
            ..Self::default()
        };
        // An output that lacks something because a file could not be read is
        // not shown: tabs keep the last good page.
        if let Some(html) = text
            && !produced.is_partial
            && queries::config(db).is_some()
        {
            view.fingerprint = fingerprint(&html);
            view.assets = stamped(db, assets).chain(nav_parts(db, &html)).collect();
            view.html = Some(html);
        }
        view
    }

    /// Whether there is nothing to show, so that tabs keep what they have.
    pub(super) fn is_broken(&self) -> bool {
        self.html.is_none()
    }

    /// The view with the paths of its assets on the server, which has the root of the
    /// site at `root`.
    pub(super) fn placed(mut self, root: &str) -> Self {
        let place = |(asset, stamp): (String, Stamp)| {
            if queries::is_nav_part(&asset) {
                (asset, stamp)
            } else {
                (format!("{root}{asset}"), stamp)
            }
        };
        self.assets = self.assets.into_iter().map(place).collect();
        self
    }

    /// The assets that changed since `before`, and what else changed of the loads of a
    /// tab.
    pub(super) fn changed_assets(&self, before: &View, loads: &Loads) -> Vec<String> {
        let named = changed(&before.assets, &self.assets);
        let loaded = changed(&before.loaded, &self.loaded).filter(|path| loads.contains(*path));
        let all: BTreeSet<&String> = named.chain(loaded).collect();
        all.into_iter().cloned().collect()
    }
}

/// What is known on both sides and differs.
fn changed<'s>(
    before: &'s BTreeMap<String, Stamp>,
    now: &'s BTreeMap<String, Stamp>,
) -> impl Iterator<Item = &'s String> {
    let differs =
        |(path, stamp): &(&String, &Stamp)| before.get(*path).is_some_and(|was| was != *stamp);
    now.iter().filter(differs).map(|(path, _)| path)
}

/// The text of an HTML file that is copied to the site, if it can be shown as a page
/// that is kept up to date.
pub(super) fn html_of_file(db: &Database, path: &str, output: &Output) -> Option<Arc<str>> {
    let name = path.to_ascii_lowercase();
    if !name.ends_with(".html") && !name.ends_with(".htm") {
        return None;
    }
    let source = output.asset()?;
    let entry = db.entry(source);
    let (size, _) = queries::stamp(db, entry)?;
    match (size <= LONGEST).then(|| queries::text(db, entry))? {
        queries::Text::Present(text) => Some(text),
        _ => None,
    }
}

/// A short hash that identifies a text.
pub(super) fn fingerprint(html: &str) -> String {
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The problems to show on a page: errors and warnings of the site, its own, and those of the
/// assets that it loads.
fn problems<'o>(
    db: &Database,
    produced: &Produced,
    assets: impl Iterator<Item = &'o SourcePath>,
    strict: bool,
) -> Vec<Diagnostic> {
    let site = queries::site_diagnostics(db);
    let of_site = site.iter().filter(|it| it.severity >= Severity::Warning);
    let mut problems: Vec<Diagnostic> = of_site.cloned().collect();
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

/// The site's files that a page names to be loaded, by their addresses. One that does
/// not exist yet has no output.
fn loaded_files<'o>(
    outputs: &'o Outputs,
    html: &str,
    address: &str,
) -> BTreeMap<String, Option<&'o Output>> {
    let mut files = BTreeMap::new();
    for reference in references(html) {
        let path = url::split(&reference).0;
        if path.is_empty() || url::is_absolute(path) {
            continue;
        }
        let Some(asset) = url::unquote(path).and_then(|path| url::resolve(&path, address)) else {
            continue;
        };
        match outputs.get(&url::index_of(&asset)) {
            Some(output) => {
                if output.asset().is_some() {
                    files.insert(asset, Some(output));
                }
            }
            None => {
                files.insert(asset, None);
            }
        }
    }
    files
}

fn stamped(
    db: &Database,
    files: BTreeMap<String, Option<&Output>>,
) -> impl Iterator<Item = (String, Stamp)> {
    let stamp = |output| queries::asset_stamp(db, output);
    let files = files.into_iter();
    files.map(move |(asset, output)| (asset, output.and_then(stamp)))
}

/// The stamps of the site's files that a page names to be loaded.
pub(super) fn file_stamps(db: &Database, html: &str, address: &str) -> BTreeMap<String, Stamp> {
    let outputs = queries::outputs(db);
    stamped(db, loaded_files(&outputs, html, address)).collect()
}

/// The parts of the nav that a page may load, by their addresses, with their fingerprints
/// as stamps.
fn nav_parts(db: &Database, html: &str) -> Vec<(String, Stamp)> {
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

/// The addresses that a page names to be loaded with it.
fn references(html: &str) -> Vec<String> {
    let mut references = Vec::new();
    for (token, _) in html::tokens(html) {
        let Token::Start {
            name, attributes, ..
        } = token
        else {
            continue;
        };
        for key in ["src", "poster", "data", "srcset", "imagesrcset", "href"] {
            let is_loaded = match key {
                "href" => ["link", "image", "use"]
                    .iter()
                    .any(|it| name.eq_ignore_ascii_case(it)),
                "data" => name.eq_ignore_ascii_case("object"),
                _ => true,
            };
            let value = is_loaded
                .then(|| html::attribute(attributes, key))
                .flatten();
            let Some(value) = value else {
                continue;
            };
            if key.ends_with("srcset") {
                let candidates = value
                    .split(',')
                    .filter_map(|it| it.split_whitespace().next());
                references.extend(candidates.map(str::to_owned));
            } else {
                references.push(value.into_owned());
            }
        }
    }
    references
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn finds_what_a_page_loads() {
        let html = "<link rel=\"stylesheet\" href=\"css/a.css\"><script src='b.js'></script>\
                    <img alt=\"\" src=\"c.svg\"><a href=\"d/\">d</a><link rel=next>\
                    <picture><source srcset=\"e.png 1x, f.png 2x\"></picture>\
                    <video poster=g.png></video><object data=h.svg></object><i data=x></i>";
        assert_eq!(
            references(html),
            [
                "css/a.css",
                "b.js",
                "c.svg",
                "e.png",
                "f.png",
                "g.png",
                "h.svg"
            ]
        );
    }
}
