//! What a language takes from the one that it falls back to.

use std::sync::Arc;

use super::docs_files::source_in;
use super::plugin_step::SiteSources;
use super::settings::{docs, languages};
use super::static_i18n::in_docs_dir;
use crate::config::NavEntry;
use crate::files::{Kind, SourcePath};
use crate::languages::Docs;
use crate::nav::without;
use crate::plugins::Sources;
use crate::site::Db;

/// Files as nav plugins read them: those that are missing in a language come
/// from the one that it falls back to.
pub(super) struct Layered<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) docs: &'a Docs,
    pub(super) folder: &'a SourcePath,
}

impl Sources for Layered<'_> {
    fn read(&self, path: &SourcePath) -> Option<Arc<str>> {
        let site = SiteSources(self.db);
        let plain = path.below(self.folder);
        let in_layers = |plain: &str| {
            let mut sources = self.docs.sources(plain);
            sources.find_map(|source| site.read(&source))
        };
        plain.and_then(in_layers).or_else(|| site.read(path))
    }

    fn list(&self, path: &SourcePath) -> Arc<[(String, Kind)]> {
        SiteSources(self.db).list(path)
    }
}

/// A nav that all languages share, without the pages that exist in the default
/// language only; `None` if the nav is used as it is.
pub(super) fn without_others(db: &dyn Db, nav: &[NavEntry]) -> Option<Vec<NavEntry>> {
    let languages = languages(db).filter(|it| it.one_site().is_none())?;
    let docs = docs(db)?;
    let default = languages.docs.get(languages.default)?;
    if languages.current == languages.default {
        return None;
    }
    let is_there = |docs: &Docs, plain: &str| source_in(db, docs, plain).is_some();
    let is_others = |path: &str| {
        let plain = path.trim_start_matches("./");
        let is_page = SourcePath::new(plain).is_markdown();
        is_page && !is_there(&docs, plain) && is_there(default, plain)
    };
    Some(without(nav, &is_others))
}

/// Whether a reference in a setting of all languages names a page that exists in
/// any of them.
pub(super) fn is_of_others(db: &dyn Db, reference: &str) -> bool {
    let path = reference
        .split_once('#')
        .map_or(reference, |(path, _)| path);
    languages(db).is_some_and(|languages| {
        let mut docs = languages.docs.iter();
        docs.any(|docs| source_in(db, docs, path).is_some())
            || in_docs_dir(db, &SourcePath::new(path)).is_some()
    })
}
