use std::sync::Arc;

use super::pages::source_at;
use super::translated;
use super::{config, content, files, meta, nav, tags, target};
use crate::config::{Config, Plugin};
use crate::diagnostic::{Diagnostic, suggest};
use crate::files::SourcePath;
use crate::plugins::options::Options;
use crate::plugins::redirects;
use crate::search::{self, Entry as SearchEntry, Language};
use crate::site::{Db, Entry, Product};

/// The enabled plugin of a name.
pub(super) fn plugin<'a>(config: &'a Config, name: &str) -> Option<&'a Plugin> {
    config.plugins.iter().find(|plugin| plugin.name == name)
}

/// The files that plugins make, and their paths below the site folder.
pub(super) fn products(db: &dyn Db, config: &Config) -> Vec<(String, Product)> {
    let mut found = Vec::new();
    if plugin(config, "search").is_some() {
        found.push((search::INDEX.to_owned(), Product::SearchIndex));
        if plugin(config, "offline").is_some() {
            found.push((search::SCRIPT.to_owned(), Product::SearchScript));
        }
    }
    if let Some(name) = tags::settings(db).and_then(|settings| settings.export.clone()) {
        found.push((name, Product::TagMappings));
    }
    let redirects = redirects(config);
    for (old, _) in redirects.into_iter().flatten() {
        let output = redirects::output(old, config.use_directory_urls);
        if redirect_address(db, config, old).is_some() {
            found.push((output, Product::Redirect(old.clone())));
        }
    }
    found
}

/// The old pages, and the new ones that they lead to.
fn redirects(config: &Config) -> Option<&serde_json::Map<String, serde_json::Value>> {
    Options(&plugin(config, "redirects")?.options).map("redirect_maps")
}

/// Where an old page leads; `None` where that is no page.
fn redirect_address(db: &dyn Db, config: &Config, old: &str) -> Option<String> {
    let new = redirects(config)?.get(old)?.as_str()?;
    if redirects::is_outside(new) {
        return Some(new.to_owned());
    }
    let path = new.split('#').next().unwrap_or_default();
    let path = SourcePath::new(path);
    let real = translated::real_source(db, config, &path);
    let source = real.or_else(|| source_at(db, config, path.as_str()))?;
    let address = target(db, db.entry(&source)).filter(|_| source.is_markdown())?;
    Some(redirects::target(
        old,
        new,
        &address,
        config.use_directory_urls,
    ))
}

/// What is wrong with what plugins are told to make.
pub(super) fn faults(db: &dyn Db, config: &Config) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(plugin) = plugin(config, "redirects") else {
        return found;
    };
    let mut say = |message: String, help: String| {
        let mut warning = Diagnostic::warning("bad-redirect", message).help(help);
        warning.span = plugin.span.clone();
        found.push(warning);
    };
    for (old, new) in redirects(config).into_iter().flatten() {
        let shown = new.as_str().unwrap_or_default();
        if !SourcePath::new(old).is_markdown() {
            let message = format!("the redirect from `{old}` begins at no Markdown file");
            say(
                message,
                "name the page that there was, such as `old.md`".to_owned(),
            );
        }
        if redirect_address(db, config, old).is_none()
            && !translated::is_of_others(db, config, shown)
        {
            let files = files(db);
            let known = files.pages.iter().map(|page| page.path.as_str());
            let message = format!("the redirect from `{old}` leads to `{shown}`, which is no page");
            say(
                message,
                match suggest(shown, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "it is left out; name a page of the docs folder".to_owned(),
                },
            );
        }
    }
    found
}

/// The text of a file that a plugin makes.
pub fn made(db: &dyn Db, product: &Product) -> Arc<str> {
    match product {
        Product::SearchIndex => search_index(db),
        Product::SearchScript => format!("var __index = {}", search_index(db)).into(),
        Product::SiteMap => translated::site_map(db),
        Product::TagMappings => crate::plugins::tags::export(&tags::tagged(db)).into(),
        Product::Redirect(old) => {
            let to = config(db).and_then(|config| redirect_address(db, &config, old));
            redirects::page(&to.unwrap_or_default()).into()
        }
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
    let path = config.docs.path(&source).unwrap_or_default();
    let address = crate::url::Address::of_page(&path, config.use_directory_urls);
    Arc::new(search::entries(search::Page {
        html: &content(db, page).html,
        url: &address.url,
        title: &title(db, page),
        meta: &meta(db, page).front,
    }))
}

/// What the search finds on all pages of the current language.
#[salsa::tracked(returns(clone))]
pub fn searchable(db: &dyn Db) -> Arc<Vec<SearchEntry>> {
    let files = files(db);
    let mut pages: Vec<_> = files.pages.iter().collect();
    pages.sort_by_cached_key(|page| walked(&page.path));
    let entries = pages
        .into_iter()
        .map(|page| search_entries(db, db.entry(&page.source)));
    let entries = entries.flat_map(|entries| (*entries).clone());
    Arc::new(entries.collect())
}

/// The search index of these entries: those of one language, or of all that
/// share the site. As script where it is to be opened from a disk.
pub fn search_index_of(db: &dyn Db, product: &Product, entries: &[SearchEntry]) -> String {
    let config = config(db);
    let Some((config, plugin)) = config
        .as_ref()
        .and_then(|config| Some((config, plugin(config, "search")?)))
    else {
        return String::new();
    };
    let options = translated::search_options(config, plugin);
    let language = Language::of(&config.theme.language);
    let entries = translated::found_once(config, entries);
    let index = search::index(Options(&options), language, entries.iter());
    match product {
        Product::SearchScript => format!("var __index = {index}"),
        _ => index,
    }
}

#[salsa::tracked(returns(clone))]
fn search_index(db: &dyn Db) -> Arc<str> {
    search_index_of(db, &Product::SearchIndex, &searchable(db)).into()
}

/// Sorts paths as MkDocs walks them: the files of a folder before its
/// folders, its index before its other files.
pub(super) fn walked(path: &str) -> Vec<(u8, String)> {
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut key: Vec<_> = parts.into_iter().map(|part| (2, part.to_owned())).collect();
    key.push((u8::from(!crate::url::is_index(stem)), name.to_owned()));
    key
}
