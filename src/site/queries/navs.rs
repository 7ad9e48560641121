use std::sync::Arc;

use super::{config, files, meta};
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
    let pages: Vec<PageEntry> = files(db)
        .pages
        .iter()
        .map(|page| PageEntry {
            source: page.source.clone(),
            path: page.path.clone(),
            url: page.address.url.clone(),
            meta: shown(db, db.entry(&page.source)),
        })
        .collect();
    let title = |page: &PageEntry| meta(db, db.entry(&page.source)).title.clone();
    Arc::new(match &config.nav {
        Some(entries) => configured(entries, &pages, &config.validation, &title),
        None => Checked {
            nav: automatic(pages, &title),
            diagnostics: Vec::new(),
        },
    })
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
