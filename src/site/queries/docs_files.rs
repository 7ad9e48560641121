use std::sync::Arc;

use ignore::gitignore::Gitignore;

use super::docs_walk::{selection, shadowing_index};
use super::kind;
use super::posts::{address_at, moved_asset};
use super::settings::{docs, has_config_file};
use super::views::{generated_address, with_generated};
use super::withheld::{self, is_absent};
use crate::files::{Kind, SourcePath};
use crate::languages::{Docs, Version};
use crate::site::{Db, Entry, Files, PageFile};
use crate::url::{self, Address};

/// The files of the docs folder that belong to the site, and the pages that plugins
/// generate.
#[salsa::tracked(returns(clone))]
pub fn files(db: &dyn Db) -> Arc<Files> {
    with_generated(db)
}

/// Whether there is no site: neither a configuration nor a page.
#[salsa::tracked(returns(copy))]
pub fn has_nothing(db: &dyn Db) -> bool {
    !has_config_file(db) && files(db).pages.is_empty()
}

/// The pages of the site in the order in which MkDocs makes them.
#[salsa::tracked(returns(clone))]
pub(super) fn pages_in_order(db: &dyn Db) -> Arc<[Entry]> {
    let files = files(db);
    let pages = files.pages_in_order().into_iter();
    pages.map(|page| page.entry).collect()
}

/// What a link to a file of the docs folder leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTarget {
    /// The address of the file's output, below the site.
    pub address: Arc<str>,
    /// Whether `exclude_docs` or `draft_docs` excludes the file from the published
    /// site.
    pub is_excluded: bool,
    /// Whether there is an output: drafts have one while the site is served.
    pub has_output: bool,
}

/// The address of the output made from an entry of the docs folder; `None` if
/// there is none.
pub fn target(db: &dyn Db, entry: Entry) -> Option<Arc<str>> {
    let target = link_target(db, entry).filter(|target| target.has_output);
    target.map(|target| target.address)
}

/// What a link to an entry of the docs folder leads to; `None` if that is no file
/// of the docs. There is one query per link target, so that a page depends on its
/// targets and not on the list of all files.
#[salsa::tracked(returns(clone))]
pub fn link_target(db: &dyn Db, entry: Entry) -> Option<LinkTarget> {
    let docs = docs(db)?;
    let source = entry.path(db);
    let layer = docs.layer(&source)?;
    let path = layer.path(&source)?;
    if kind(db, entry) != Some(Kind::File) {
        let address = generated_address(db, entry, &path)?;
        return Some(LinkTarget {
            address: address.into(),
            is_excluded: false,
            has_output: true,
        });
    }
    let selection = selection(db);
    let below = source.below(&layer.folder)?;
    if selection.by_plugin.matches(&path) {
        return None;
    }
    let matches = |patterns: &Gitignore| {
        let matched = patterns.matched_path_or_any_parents(below, false);
        matched.is_ignore()
    };
    let is_page = source.is_markdown();
    let is_withheld = is_page && is_absent(db, entry);
    let has_output = !is_withheld && !matches(&selection.excluded);
    let target = |address: Arc<str>| LinkTarget {
        address,
        is_excluded: !has_output
            || selection.drafts.as_ref().is_some_and(&matches)
            || (is_page && withheld::is_unpublished(db, entry)),
        has_output,
    };
    if !is_page {
        let moved = moved_asset(db, &path);
        let path = moved.as_deref().unwrap_or(&path);
        return Some(target(url::quote(path).into()));
    }
    let exists = |index: &str| source_in(db, &docs, index).is_some();
    if shadowing_index(&layer.plain(&source)?, exists).is_some() {
        return None;
    }
    let address = address_at(db, entry, &path).url;
    Some(target(address.into()))
}

/// The address of a page; `None` if it is not one of the docs.
pub(super) fn address(db: &dyn Db, page: Entry) -> Option<Address> {
    let source = page.path(db);
    let docs = docs(db)?;
    let path = docs.path(&source)?;
    Some(address_at(db, page, &path))
}

/// Whether `draft_docs` keeps a page out of the published site while it is served.
#[salsa::tracked(returns(clone))]
pub(super) fn is_draft(db: &dyn Db, page: Entry) -> bool {
    let selection = selection(db);
    let Some(drafts) = &selection.drafts else {
        return false;
    };
    let source = page.path(db);
    let docs = docs(db);
    let layer = docs.as_ref().and_then(|docs| docs.layer(&source));
    let below = layer.and_then(|layer| source.below(&layer.folder));
    below.is_some_and(|below| drafts.matched_path_or_any_parents(below, false).is_ignore())
}

/// The pages that are served and that a build would leave out, by their addresses
/// below the site.
#[salsa::tracked(returns(clone))]
pub fn drafts(db: &dyn Db) -> Arc<Vec<String>> {
    // Mostly there are none, whatever the number of pages.
    if selection(db).drafts.is_none() && !withheld::may_keep_back(db) {
        return Arc::default();
    }
    let files = files(db);
    let is_left_out = |page: &&Arc<PageFile>| {
        let entry = db.entry(&page.source);
        is_draft(db, entry) || withheld::is_unpublished(db, entry)
    };
    let pages = files.pages.iter().filter(is_left_out);
    Arc::new(pages.map(|page| page.address.url.clone()).collect())
}

/// The file at a plain path in the docs of a language.
pub(super) fn source_in(db: &dyn Db, docs: &Docs, path: &str) -> Option<SourcePath> {
    let is_file = |source: &SourcePath| kind(db, db.entry(source)) == Some(Kind::File);
    docs.sources(path).find(is_file)
}

/// The version of a page in the docs of a language.
pub(super) fn version_in(db: &dyn Db, docs: &Docs, plain: &str) -> Option<Version> {
    let source = source_in(db, docs, plain)?;
    let layer = docs.layer(&source)?;
    let path = layer.path(&source)?;
    Some(Version {
        address: address_at(db, db.entry(&source), &path).url,
        is_own: layer.original.is_none(),
    })
}
