//! The effects of the MkDocs plugin static-i18n on a site that all languages
//! share.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::docs_files::version_in;
use super::docs_walk::files_in;
use super::posts::address_at;
use super::settings::{docs, extensions, folders, languages, plugin, site_url};
use super::{kind, templates};
use crate::files::{Kind, SourcePath};
use crate::languages::{Docs, Languages, SiteMapPage, StaticI18n};
use crate::nav::mkdocs_sort_key;
use crate::plugins::mapped_text::Text;
use crate::plugins::static_i18n;
use crate::search::{self, Entry as SearchEntry};
use crate::site::{Db, Entry};
use crate::url;

/// The languages, if they share one site.
pub(super) fn sharing(db: &dyn Db) -> Option<Arc<Languages>> {
    languages(db).filter(|languages| languages.one_site().is_some())
}

/// Translates the titles of admonitions into the current language.
pub(super) fn prepare(db: &dyn Db, text: &mut Text) {
    let languages = sharing(db);
    let languages = languages.as_ref();
    if let Some(words) = languages.and_then(|it| it.words("admonition_translations")) {
        let extensions = extensions(db);
        let details = extensions.iter().any(|it| it.name == "pymdownx.details");
        static_i18n::title_admonitions(text, words, details);
    }
}

/// The variables that the plugin adds to the template of a page.
pub(super) fn variables(db: &dyn Db, page: Entry) -> Map<String, Value> {
    let of_page = || {
        let (languages, plugin) = (sharing(db)?, plugin(db, "i18n")?);
        let current = languages.docs.get(languages.current)?.layers.first()?;
        let is_own = docs(db)?.layer(&page.path(db)) == Some(current);
        Some(static_i18n::variables(&plugin.options, &languages, is_own))
    };
    of_page().unwrap_or_default()
}

/// Whether the site has a site map of all its languages. The plugin adds one,
/// unless the site's own templates contain one.
pub(super) fn has_site_map(db: &dyn Db) -> bool {
    sharing(db).is_some() && !templates(db).contains_key("sitemap.xml")
}

/// The site map of the pages of all languages, each with its translations.
#[salsa::tracked(returns(clone))]
pub(super) fn site_map(db: &dyn Db) -> Arc<str> {
    let Some(languages) = sharing(db) else {
        return "".into();
    };
    let site_url = site_url(db);
    let full = |page: &str| match &site_url {
        Some(site) => url::join(site, page),
        None => format!("/{page}"),
    };
    let pages = |docs: &Docs| {
        let mut files = files_in(db, docs).pages;
        files.sort_by_cached_key(|page| mkdocs_sort_key(&page.path));
        let pages = files.into_iter().filter_map(|page| {
            Some(SiteMapPage {
                plain: docs.plain(&page.source)?.into_owned(),
                // Not that of its file, if it is a post.
                address: address_at(db, page.entry, &page.path).url,
            })
        });
        pages.collect()
    };
    let version = |docs: &Docs, plain: &str| version_in(db, docs, plain);
    crate::languages::site_map(&languages, pages, version, full).into()
}

/// The languages to configure the search for, if the plugin does so.
fn search_languages(db: &dyn Db) -> Option<Arc<Languages>> {
    let languages = sharing(db)?;
    let plugin = plugin(db, "i18n")?;
    let options = StaticI18n::read(&plugin.options);
    options.reconfigure_search.then_some(languages)
}

/// The options of the search, to which the plugin adds all supported languages.
pub(super) fn search_options(db: &dyn Db, mut options: search::Options) -> search::Options {
    if let Some(languages) = search_languages(db) {
        let codes = languages.all.iter().map(|it| it.code.as_str());
        search::know(&mut options.lang, codes);
    }
    options
}

/// The search entries of all languages, without those of pages that a language
/// shows from another.
pub(super) fn without_copies<'a>(
    db: &dyn Db,
    entries: &'a [SearchEntry],
) -> Cow<'a, [SearchEntry]> {
    let Some(languages) = search_languages(db) else {
        return entries.into();
    };
    let prefixes = languages.all.iter().map(|it| it.prefix.clone());
    let prefixes: Vec<String> = prefixes.collect();
    search::without_copies(entries.to_vec(), &prefixes).into()
}

/// The source at a path below `docs_dir`, taken literally, so that it may contain
/// a language; only if it belongs to the current language.
pub(super) fn real_source(db: &dyn Db, path: &SourcePath) -> Option<SourcePath> {
    let source = in_docs_dir(db, path)?;
    docs(db)?.layer(&source).is_some().then_some(source)
}

/// The same for sources of any language.
pub(super) fn in_docs_dir(db: &dyn Db, path: &SourcePath) -> Option<SourcePath> {
    sharing(db)?;
    let source = folders(db)?.docs_dir.join(path.as_str());
    (kind(db, db.entry(&source)) == Some(Kind::File)).then_some(source)
}
