//! References of the plugin autorefs. A page asks for each name by a query of its
//! own, so it depends on the places of the names that it uses and on no other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::docs_files::address;
use super::inventories;
use super::settings::{config, plugin};
use super::{body, files, gaps, options};
use crate::diagnostic::{Diagnostic, Suggestions};
use crate::markdown::{Anchor, Body, Page};
use crate::nav::mkdocs_sort_key;
use crate::plugins::autorefs::{
    Options, Place, Places, Problem, ProblemKind, Settings, explain, has_references, resolve,
};
use crate::site::{Db, Entry};

const NAME: &str = "autorefs";

/// The settings of the plugin. Without it, mkdocstrings has one with defaults.
#[salsa::tracked(returns(copy))]
fn settings(db: &dyn Db) -> Option<Settings> {
    let config = config(db)?;
    let plugin = plugin(db, NAME);
    let options = plugin.map_or_else(serde_json::Map::new, |plugin| plugin.options.clone());
    Some(Settings::new(&Options::read(&options), &config.theme))
}

/// The names of places on a page.
#[salsa::tracked(returns(clone))]
fn page_anchors(db: &dyn Db, page: Entry) -> Arc<Vec<Anchor>> {
    Arc::new(body(db, page).anchors.clone())
}

/// The places of the site by their names.
#[salsa::tracked(returns(clone))]
fn index(db: &dyn Db) -> Arc<BTreeMap<String, Vec<Place>>> {
    // What only mkdocstrings has enabled does not know headings.
    if plugin(db, NAME).is_none() {
        return Arc::default();
    }
    let files = files(db);
    let mut pages: Vec<_> = files.pages.iter().collect();
    pages.sort_by_cached_key(|page| mkdocs_sort_key(&page.path));
    let mut titles: BTreeMap<String, String> = BTreeMap::new();
    let mut urls: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for page in pages {
        for anchor in page_anchors(db, db.entry(&page.source)).iter() {
            let url = format!("{}#{}", page.address.url, anchor.fragment);
            if !anchor.title.is_empty() {
                let title = titles.entry(url.clone());
                title.or_insert_with(|| anchor.title.clone());
            }
            let urls = urls.entry(anchor.identifier.clone()).or_default();
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    let place = |url: String| Place {
        title: titles.get(&url).cloned(),
        url,
    };
    let places = urls.into_iter().map(|(name, urls)| {
        let places = urls.into_iter().map(place);
        (name, places.collect())
    });
    Arc::new(places.collect())
}

/// A name, as a query key.
#[salsa::interned(revisions = usize::MAX)]
struct Identifier<'db> {
    #[returns(clone)]
    name: String,
}

/// What a name stands for.
#[salsa::tracked(returns(clone))]
fn places<'db>(db: &'db dyn Db, identifier: Identifier<'db>) -> Option<Places> {
    let name = identifier.name(db);
    if let Some(places) = index(db).get(&name) {
        return Some(Places::Inside(places.clone()));
    }
    inventories::address(db, &name).map(Places::Outside)
}

fn resolved(db: &dyn Db, page: Entry, html: &str) -> Option<(String, Vec<Problem>)> {
    if !options(db).autorefs || !has_references(html) {
        return None;
    }
    let url = address(db, page)?.url;
    let find = |name: &str| places(db, Identifier::new(db, name.to_owned()));
    Some(resolve(html, &url, settings(db)?, &find))
}

/// The HTML of a page with links in place of its references; `None` if it has none.
pub(super) fn with_links(db: &dyn Db, page: Entry, html: &str) -> Option<String> {
    let (html, _) = resolved(db, page, html)?;
    Some(html)
}

/// The problems of a page's references. `source` is its text.
pub(super) fn faults(db: &dyn Db, page: Entry, body: &Body, source: &Page<'_>) -> Vec<Diagnostic> {
    let Some((_, problems)) = resolved(db, page, &body.html) else {
        return Vec::new();
    };
    let suggestions = Suggestions::default();
    let mut written = body.cross_references.iter().peekable();
    let mut faults = Vec::new();
    for problem in problems {
        let same = |it: &&crate::markdown::CrossReference| it.identifier == problem.identifier;
        // They are in the order of the page, except for those in footnotes.
        let reference = if written.clone().any(|it| same(&it)) {
            written.find(same)
        } else {
            body.cross_references.iter().find(same)
        };
        let text = reference.map_or(problem.identifier.as_str(), |it| it.written.as_str());
        let line = reference.map_or(source.first_line(), |it| it.line);
        let mut fault = explain(&problem);
        if problem.kind == ProblemKind::Missing {
            fault = suggest(db, fault, &problem.identifier, text, &suggestions);
        }
        let (span, is_sure) = source.sure_span(line, text, |before| before.ends_with('['));
        let fault = if is_sure { fault } else { fault.without_fix() };
        faults.push(gaps::excuse(db, fault.at(span), None));
    }
    faults
}

fn suggest(
    db: &dyn Db,
    fault: Diagnostic,
    identifier: &str,
    written: &str,
    suggestions: &Suggestions,
) -> Diagnostic {
    let (index, objects) = (index(db), inventories::names(db));
    let names = index.keys().map(String::as_str);
    let names = names.chain(objects.iter().map(String::as_str));
    match suggestions.suggest(identifier, names) {
        Some(near) if identifier == written => fault.did_you_mean(written, &near),
        Some(near) => fault.help(format!("did you mean `{}`?", near.name)),
        None => fault.help(
            "names are the ids of headings, anchors such as `[](){#name}`, and the objects of \
             inventories",
        ),
    }
}
