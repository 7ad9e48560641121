//! What the MkDocs plugin static-i18n does with a site that all languages
//! share.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::docs_files::{files_in, version_in};
use super::settings::{docs, extensions, folders, languages, plugin, site_url};
use super::{kind, templates};
use crate::files::{Kind, SourcePath};
use crate::languages::{Docs, Languages, Mapped, StaticI18n};
use crate::nav::walked;
use crate::plugins::static_i18n;
use crate::plugins::text::Text;
use crate::search::{self, Entry as SearchEntry};
use crate::site::{Db, Entry};
use crate::url;

/// The languages, where they share one site.
pub(super) fn sharing(db: &dyn Db) -> Option<Arc<Languages>> {
    languages(db).filter(|languages| languages.one_site().is_some())
}

/// Gives admonitions of a page their titles in the current language.
pub(super) fn prepare(db: &dyn Db, text: &mut Text) {
    let languages = sharing(db);
    let words = languages.as_ref();
    if let Some(words) = words.and_then(|it| it.words("admonition_translations")) {
        let extensions = extensions(db);
        let details = extensions.iter().any(|it| it.name == "pymdownx.details");
        static_i18n::title_admonitions(text, words, details);
    }
}

/// What the plugin lets the template of a page see.
pub(super) fn variables(db: &dyn Db, page: Entry) -> Map<String, Value> {
    let of_page = || {
        let (languages, plugin) = (sharing(db)?, plugin(db, "i18n")?);
        let current = languages.docs.get(languages.current)?.layers.first()?;
        let is_own = docs(db)?.layer(&page.path(db)) == Some(current);
        Some(static_i18n::variables(&plugin.options, &languages, is_own))
    };
    of_page().unwrap_or_default()
}

/// Whether the site has a site map of all its languages: the plugin brings
/// one, unless the site's own theme does.
pub(super) fn has_site_map(db: &dyn Db) -> bool {
    sharing(db).is_some() && !templates(db).contains_key("sitemap.xml")
}

/// All pages of all languages, each with those that it is read in.
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
        files.sort_by_cached_key(|page| walked(&page.path));
        let pages = files.into_iter().filter_map(|page| {
            Some(Mapped {
                plain: docs.plain(&page.source)?.into_owned(),
                address: page.address.url,
            })
        });
        pages.collect()
    };
    let version = |docs: &Docs, plain: &str| version_in(db, docs, plain);
    crate::languages::site_map(&languages, pages, version, full).into()
}

/// The languages that the search is to know, where the plugin sees to that.
fn searched(db: &dyn Db) -> Option<Arc<Languages>> {
    let languages = sharing(db)?;
    let plugin = plugin(db, "i18n")?;
    let wanted = StaticI18n::read(&plugin.options).reconfigure_search;
    wanted.then_some(languages)
}

/// The options of the search: the plugin lets it know all languages that it
/// has words for.
pub(super) fn search_options(db: &dyn Db, mut options: search::Options) -> search::Options {
    if let Some(languages) = searched(db) {
        let codes = languages.all.iter().map(|it| it.code.as_str());
        search::know(&mut options.lang, codes);
    }
    options
}

/// What the search finds in all languages, without pages that a language only
/// has from another.
pub(super) fn found_once<'a>(db: &dyn Db, entries: &'a [SearchEntry]) -> Cow<'a, [SearchEntry]> {
    let Some(languages) = searched(db) else {
        return entries.into();
    };
    let prefixes = languages.all.iter().map(|it| it.prefix.clone());
    let prefixes: Vec<String> = prefixes.collect();
    search::without_copies(entries.to_vec(), &prefixes).into()
}

/// The source that a path below `docs_dir` names as it is written, which may
/// name a language too.
pub(super) fn real_source(db: &dyn Db, path: &SourcePath) -> Option<SourcePath> {
    let source = in_docs_dir(db, path)?;
    docs(db)?.layer(&source).is_some().then_some(source)
}

/// The same, of any language.
pub(super) fn in_docs_dir(db: &dyn Db, path: &SourcePath) -> Option<SourcePath> {
    sharing(db)?;
    let source = folders(db)?.docs_dir.join(path.as_str());
    (kind(db, db.entry(&source)) == Some(Kind::File)).then_some(source)
}
