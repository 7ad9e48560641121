use std::sync::Arc;

use super::{config, files, meta};
use crate::nav::{Checked, Nav, PageEntry, automatic, configured};
use crate::site::{Db, Entry};
use crate::theme::Neighbour;

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

/// The pages before and after one, by title and address.
#[salsa::tracked(returns(clone))]
pub fn neighbours(db: &dyn Db, page: Entry) -> (Option<Neighbour>, Option<Neighbour>) {
    let nav = nav(db);
    let neighbour = |place: usize| {
        Some(Neighbour {
            place,
            title: nav.items[place].title.clone(),
            url: nav.page(place)?.url.clone(),
        })
    };
    let (previous, next) = nav.neighbours(&page.path(db));
    (previous.and_then(neighbour), next.and_then(neighbour))
}
