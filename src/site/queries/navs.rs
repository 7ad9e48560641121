use std::sync::Arc;

use super::links::level_of;
use super::pages::matcher;
use super::{config, files, meta};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::nav::{Checked, Nav, PageEntry, automatic, configured};
use crate::site::{Db, Entry};
use crate::theme::Listed;
use crate::url::is_index;

/// The keys of the front matter that navs show.
const SHOWN_IN_NAV: [&str; 4] = ["icon", "status", "subtitle", "hide"];

/// The nav with what is wrong in its configuration.
#[salsa::tracked(returns(clone))]
pub fn navigation(db: &dyn Db) -> Arc<Checked> {
    let Some(config) = config(db) else {
        return Arc::default();
    };
    let entries: Vec<PageEntry> = files(db)
        .pages
        .iter()
        .map(|page| PageEntry {
            source: page.source.clone(),
            path: page.path.clone(),
            url: page.address.url.clone(),
            meta: shown(db, db.entry(&page.source)),
        })
        .collect();
    let outside = matcher(config.not_in_nav.lines());
    let is_wanted = |page: &PageEntry| {
        !outside
            .matched_path_or_any_parents(&page.path, false)
            .is_ignore()
    };
    let title = |page: &PageEntry| meta(db, db.entry(&page.source)).title.clone();
    Arc::new(match &config.nav {
        Some(configuration) => {
            let mut checked = configured(configuration, &entries, &config.validation, &title);
            let omitted = entries
                .iter()
                .filter(|page| is_wanted(page) && checked.nav.place(&page.source).is_none());
            let said: Vec<_> = omitted.filter_map(|page| omission(&config, page)).collect();
            checked.diagnostics.extend(said);
            checked
        }
        None => Checked {
            nav: automatic(entries.into_iter().filter(is_wanted).collect(), &title),
            diagnostics: Vec::new(),
        },
    })
}

/// What there is to say of a page that the nav leaves out.
fn omission(config: &Config, page: &PageEntry) -> Option<Diagnostic> {
    let severity = level_of(config.validation.nav_omitted_files)?;
    let message = format!("`{}` is not in the nav", page.path);
    let mut found = Diagnostic::note("omitted-page", message);
    found.severity = severity;
    Some(found.help("add it to `nav`, or name it in `not_in_nav`"))
}

fn shown(db: &dyn Db, page: Entry) -> serde_json::Map<String, serde_json::Value> {
    let meta = meta(db, page);
    let front = meta.front.iter();
    front
        .filter(|(key, _)| SHOWN_IN_NAV.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The nav without places in the configuration: equal as long as readers
/// would see the same.
#[salsa::tracked(returns(clone))]
pub fn nav(db: &dyn Db) -> Arc<Nav> {
    Arc::new(navigation(db).nav.clone())
}

/// All pages as lists of pages show them, in MkDocs' order: a folder's files,
/// its own page first, then its folders.
#[salsa::tracked(returns(clone))]
pub fn listed(db: &dyn Db) -> Arc<Vec<Listed>> {
    let nav = nav(db);
    let mut pages: Vec<Listed> = files(db)
        .pages
        .iter()
        .map(|page| {
            let place = nav.place(&page.source);
            let entry = db.entry(&page.source);
            Listed {
                title: match place {
                    Some(place) => nav.items[place].title.clone(),
                    None => meta(db, entry).title.clone(),
                },
                source: page.source.clone(),
                path: page.path.clone(),
                url: page.address.url.clone(),
                meta: Arc::new(shown(db, entry)),
                place,
            }
        })
        .collect();
    pages.sort_by_cached_key(|page| {
        let mut parts = page.path.split('/').peekable();
        let mut key = Vec::new();
        while let Some(part) = parts.next() {
            let is_folder = parts.peek().is_some();
            let stem = part.rsplit_once('.').map_or(part, |(stem, _)| stem);
            let is_index = !is_folder && is_index(stem);
            key.push((is_folder, !is_index, part.to_owned()));
        }
        key
    });
    Arc::new(pages)
}
