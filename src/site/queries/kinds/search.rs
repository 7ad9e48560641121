use std::sync::Arc;

use super::search_parts::{self, is_in_parts, searched};
use super::{Listed, static_files};
use crate::markdown::TocItem;
use crate::search::{self, Entry as SearchEntry, Language, MkDocsOptions, Options};
use crate::site::queries::docs_files::pages_in_order;
use crate::site::queries::settings::{mkdocs_search, plugin, theme_language, whole_search_index};
use crate::site::queries::static_i18n;
use crate::site::{Db, Entry, Output, OutputKind, OutputOrigin, Part, Produced};

/// The search index.
static INDEX: OutputKind = OutputKind {
    of_all: Some(|db, _, parts| Produced::text(index_of(db, parts))),
    is_index: true,
    ..OutputKind::new("search-index", OutputOrigin::Plugin, |db, _| {
        Produced::text(&*index(db))
    })
};

/// The same as a script, for sites that are opened without a server.
static SCRIPT: OutputKind = OutputKind {
    of_all: Some(|db, _, parts| Produced::text(script(&index_of(db, parts)))),
    is_index: true,
    ..OutputKind::new("search-script", OutputOrigin::Plugin, |db, _| {
        Produced::text(script(&index(db)))
    })
};

fn script(index: &str) -> String {
    format!("var __index = {index}")
}

pub(super) fn list(db: &dyn Db) -> Listed {
    let mut outputs = Listed::new();
    if plugin(db, "search").is_none() || (is_in_parts(db) && !whole_search_index(db)) {
        return outputs;
    }
    outputs.push((search::INDEX.to_owned(), Output::named(&INDEX, "")));
    if let Some(folder) = mkdocs_search(db).and_then(|search| search.folder.clone()) {
        let scripts = mkdocs_options(db).scripts(&theme_language(db));
        let folder = folder.join("lunr-language");
        outputs.extend(scripts.into_iter().map(|script| {
            let source = folder.join(&script);
            (format!("search/{script}"), static_files::copy_of(&source))
        }));
    }
    if plugin(db, "offline").is_some() {
        outputs.push((search::SCRIPT.to_owned(), Output::named(&SCRIPT, "")));
    }
    outputs
}

/// The search entries of a page.
#[salsa::tracked(returns(clone))]
fn search_entries(db: &dyn Db, page: Entry) -> Arc<Vec<SearchEntry>> {
    let entries = searched(db, page, |searched, content| {
        if mkdocs_search(db).is_some() {
            let toc_title = |id: &str| toc_title(&content.toc, id);
            search::mkdocs_entries(searched, &mkdocs_options(db), &toc_title)
        } else {
            search::entries(searched)
        }
    });
    Arc::new(entries.unwrap_or_default())
}

/// Makes what the search needs of a page, if the site has one.
pub fn keep_search_entries(db: &dyn Db, page: Entry) {
    let is_in_parts = is_in_parts(db);
    if is_in_parts {
        search_parts::keep(db, page);
    }
    if plugin(db, "search").is_some() && (!is_in_parts || whole_search_index(db)) {
        search_entries(db, page);
    }
}

/// The title of a heading in the table of contents.
fn toc_title(toc: &[TocItem], id: &str) -> Option<String> {
    toc.iter().find_map(|item| {
        if item.id == id {
            Some(item.title.clone())
        } else {
            toc_title(&item.children, id)
        }
    })
}

/// The options of MkDocs' own search.
fn mkdocs_options(db: &dyn Db) -> MkDocsOptions {
    match plugin(db, "search") {
        Some(plugin) => MkDocsOptions::read(&plugin.options),
        None => MkDocsOptions::read(&serde_json::Map::new()),
    }
}

/// The search entries of all pages of the current language.
#[salsa::tracked(returns(clone))]
pub fn searchable(db: &dyn Db) -> Arc<Vec<SearchEntry>> {
    let pages = pages_in_order(db);
    let entries = pages.iter().map(|page| search_entries(db, *page));
    let entries = entries.flat_map(|entries| (*entries).clone());
    Arc::new(entries.collect())
}

/// The search index of the current language.
#[salsa::tracked(returns(clone))]
fn index(db: &dyn Db) -> Arc<str> {
    index_of_entries(db, &searchable(db)).into()
}

/// The search index of all languages that share the site.
fn index_of(db: &dyn Db, parts: &[Part]) -> String {
    let entries = parts.iter().flat_map(|part| part.entries.iter().cloned());
    index_of_entries(db, &entries.collect::<Vec<_>>())
}

fn index_of_entries(db: &dyn Db, entries: &[SearchEntry]) -> String {
    let Some(plugin) = plugin(db, "search") else {
        return String::new();
    };
    let entries = static_i18n::without_copies(db, entries);
    if mkdocs_search(db).is_some() {
        return search::mkdocs_index(&mkdocs_options(db), &theme_language(db), entries.iter());
    }
    let options = static_i18n::search_options(db, Options::read(&plugin.options));
    let language = Language::of(&theme_language(db));
    search::index(&options, language, entries.iter())
}
