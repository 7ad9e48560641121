//! What the MkDocs plugin static-i18n does with the whole site.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::contents::page_in;
use super::made::{plugin, walked};
use super::pages::files_in;
use super::preparation::Step;
use super::{config, templates};
use crate::config::{Config, Plugin};
use crate::languages::{Listed, site_map as written};
use crate::nav::{self, Nav, PageEntry, Target};
use crate::plugins::options::Options;
use crate::plugins::static_i18n::title_admonitions;
use crate::search::is_stemmed;
use crate::site::Db;
use crate::url;

/// The nav that follows the folders, its sections with their titles in the
/// current language.
pub(super) fn automatic(
    config: &Config,
    pages: Vec<PageEntry>,
    title: &dyn Fn(&PageEntry) -> String,
) -> Nav {
    let Some(languages) = config.languages.as_ref().filter(|it| it.shared) else {
        return nav::automatic(pages, title);
    };
    let mut nav = match config.docs.beside.is_empty() {
        true => nav::automatic(pages, title),
        false => nav::side_by_side(by_language(config, pages), title),
    };
    let words = languages.current().settings.get("nav_translations");
    let words = words.and_then(Value::as_object);
    for item in &mut nav.items {
        let word = words.and_then(|words| words.get(&item.title)?.as_str());
        if let Some(word) = word.filter(|_| item.target == Target::Section) {
            item.title = word.to_owned();
        }
    }
    nav
}

/// Pages by the folder of the language that they really lie in. Those that
/// lie in none are in no nav.
fn by_language(config: &Config, pages: Vec<PageEntry>) -> Vec<(String, Vec<PageEntry>)> {
    let mut found: BTreeMap<String, Vec<PageEntry>> = BTreeMap::new();
    for page in pages {
        let below = page.source.below(&config.docs_dir).unwrap_or_default();
        let folder = below.split('/').next().unwrap_or_default();
        if config.docs.beside.iter().any(|code| code == folder) {
            found.entry(folder.to_owned()).or_default().push(page);
        }
    }
    found.into_iter().collect()
}

/// Whether the site has a site map of all its languages: the plugin brings
/// one, unless the site's own theme does.
pub(super) fn has_site_map(db: &dyn Db) -> bool {
    let config = config(db);
    let languages = config.as_ref().and_then(|config| config.languages.as_ref());
    languages.is_some_and(|languages| languages.shared)
        && !templates(db).contains_key("sitemap.xml")
}

/// All pages of all languages, each with those that it is read in.
#[salsa::tracked(returns(clone))]
pub(super) fn site_map(db: &dyn Db) -> Arc<str> {
    let Some(config) = config(db) else {
        return "".into();
    };
    let Some(languages) = &config.languages else {
        return "".into();
    };
    let full = |page: &str| match &config.site_url {
        Some(site) => url::join(site, page),
        None => format!("/{page}"),
    };
    let mut codes: Vec<(&str, usize)> = Vec::new();
    codes.extend(
        languages
            .all
            .iter()
            .enumerate()
            .map(|(at, it)| (it.code.as_str(), at)),
    );
    codes.sort_unstable();
    // The default language is made first.
    let rest = (0..languages.all.len()).filter(|at| *at != languages.default);
    let mut pages = Vec::new();
    for at in std::iter::once(languages.default).chain(rest) {
        let docs = &languages.docs[at];
        let mut files = files_in(db, &config, docs).pages;
        files.sort_by_cached_key(|page| walked(&page.path));
        for page in files {
            let Some(plain) = docs.plain(&page.source) else {
                continue;
            };
            let own = std::iter::once((languages.all[at].code.as_str(), at));
            let others = codes.iter().copied().filter(|(_, other)| *other != at);
            let read_in = own.chain(others).filter_map(|(code, at)| {
                let (address, _) = page_in(db, &config, &languages.docs[at], &plain)?;
                Some((code.to_owned(), full(&address)))
            });
            pages.push(Listed {
                address: full(&page.address.url),
                read_in: read_in.collect(),
            });
        }
    }
    written(&pages).into()
}

/// The options of the search: the plugin lets it know all languages that it
/// has words for.
pub(super) fn search_options(config: &Config, search: &Plugin) -> Map<String, Value> {
    let mut options = search.options.clone();
    let languages = config.languages.as_ref().filter(|it| it.shared);
    let plugin = plugin(config, "i18n");
    let wanted = plugin.is_some_and(|it| Options(&it.options).flag("reconfigure_search", true));
    let Some(languages) = languages.filter(|_| wanted) else {
        return options;
    };
    let mut known = Options(&options).texts("lang");
    for language in &languages.all {
        if is_stemmed(&language.code) && !known.contains(&language.code) {
            known.push(language.code.clone());
        }
    }
    if !known.is_empty() {
        options.insert("lang".to_owned(), known.into());
    }
    options
}

/// Gives admonitions of a page their titles in the current language.
pub(super) fn prepare(step: &mut Step<'_>) {
    let Some(languages) = step.config.languages.as_ref().filter(|it| it.shared) else {
        return;
    };
    let settings = &languages.current().settings;
    let words = settings.get("admonition_translations");
    if let Some(words) = words.and_then(Value::as_object) {
        let extensions = &step.config.extensions;
        let details = extensions.iter().any(|it| it.name == "pymdownx.details");
        title_admonitions(&mut step.text, words, details);
    }
}
