use std::sync::Arc;

use super::{config, content, files, meta, nav};
use crate::config::{Config, Plugin};
use crate::plugins::options::Options;
use crate::search::{self, Entry as SearchEntry, Language};
use crate::site::{Db, Entry, Product};

/// The enabled plugin of a name.
pub(super) fn plugin<'a>(config: &'a Config, name: &str) -> Option<&'a Plugin> {
    config.plugins.iter().find(|plugin| plugin.name == name)
}

/// The files that plugins make, and their paths below the site folder.
pub(super) fn products(config: &Config) -> Vec<(String, Product)> {
    let mut found = Vec::new();
    if plugin(config, "search").is_some() {
        found.push((search::INDEX.to_owned(), Product::SearchIndex));
    }
    found
}

/// The text of a file that a plugin makes.
pub fn made(db: &dyn Db, product: &Product) -> Arc<str> {
    match product {
        Product::SearchIndex => search_index(db),
    }
}

/// A page's title as its readers see it: that of the nav goes first.
pub(super) fn title(db: &dyn Db, page: Entry) -> String {
    let nav = nav(db);
    match nav.place(&page.path(db)) {
        Some(place) => nav.items[place].title.clone(),
        None => meta(db, page).title.clone(),
    }
}

/// The parts of a page that the search finds.
#[salsa::tracked(returns(clone))]
fn search_entries(db: &dyn Db, page: Entry) -> Arc<Vec<SearchEntry>> {
    let Some(config) = config(db) else {
        return Arc::default();
    };
    let source = page.path(db);
    let path = source.below(&config.docs_dir).unwrap_or_default();
    let address = crate::url::Address::of_page(path, config.use_directory_urls);
    Arc::new(search::entries(search::Page {
        html: &content(db, page).html,
        url: &address.url,
        title: &title(db, page),
        meta: &meta(db, page).front,
    }))
}

#[salsa::tracked(returns(clone))]
fn search_index(db: &dyn Db) -> Arc<str> {
    let config = config(db);
    let Some((config, plugin)) = config
        .as_ref()
        .and_then(|config| Some((config, plugin(config, "search")?)))
    else {
        return "".into();
    };
    let files = files(db);
    let mut pages: Vec<_> = files.pages.iter().collect();
    pages.sort_by_cached_key(|page| walked(&page.path));
    let entries: Vec<_> = pages
        .into_iter()
        .map(|page| search_entries(db, db.entry(&page.source)))
        .collect();
    search::index(
        Options(&plugin.options),
        Language::of(&config.theme.language),
        entries.iter().flat_map(|entries| entries.iter()),
    )
    .into()
}

/// Sorts paths as MkDocs walks them: the files of a folder before its
/// folders, its index before its other files.
fn walked(path: &str) -> Vec<(u8, String)> {
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut key: Vec<_> = parts.into_iter().map(|part| (2, part.to_owned())).collect();
    key.push((u8::from(!crate::url::is_index(stem)), name.to_owned()));
    key
}
