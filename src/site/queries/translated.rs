//! What the MkDocs plugin static-i18n does with the whole site.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::contents::page_in;
use super::pages::{files_in, source_in};
use super::preparation::{SiteSources, Step};
use super::settings::{docs, extensions, folders, languages, plugin, site_url};
use super::{addresses, kind, outputs, templates};
use crate::config::{NavEntry, NavTarget, Plugin, Remark, Subject};
use crate::diagnostic::Diagnostic;
use crate::files::{Kind, SourcePath};
use crate::languages::{Beside, Docs, Languages, Listed, site_map as written};
use crate::nav::{self, Nav, PageEntry, Target, walked};
use crate::options::Options;
use crate::plugins::Sources;
use crate::plugins::static_i18n::title_admonitions;
use crate::search::{Entry, is_stemmed, without_copies};
use crate::site::Db;
use crate::url;

/// The languages, where they share one site.
fn sharing(db: &dyn Db) -> Option<Arc<Languages>> {
    languages(db).filter(|languages| languages.one_site().is_some())
}

/// The nav that follows the folders, its sections with their titles in the
/// current language.
pub(super) fn automatic(
    db: &dyn Db,
    pages: Vec<PageEntry>,
    title: &dyn Fn(&PageEntry) -> String,
) -> Nav {
    let Some(languages) = sharing(db) else {
        return nav::automatic(pages, title);
    };
    let docs = docs(db);
    let mut nav = match docs.as_ref().and_then(|docs| docs.beside.as_ref()) {
        Some(beside) => nav::side_by_side(by_language(beside, pages), title),
        None => nav::automatic(pages, title),
    };
    let words = languages.words("nav_translations");
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
fn by_language(beside: &Beside, pages: Vec<PageEntry>) -> Vec<(String, Vec<PageEntry>)> {
    let mut found: BTreeMap<String, Vec<PageEntry>> = BTreeMap::new();
    for page in pages {
        let mut folders = beside.folders.iter();
        let folder = folders.find(|folder| page.source.below(folder).is_some());
        if let Some(folder) = folder.map(|folder| folder.name().to_owned()) {
            found.entry(folder).or_default().push(page);
        }
    }
    found.into_iter().collect()
}

/// Whether the site has a site map of all its languages: the plugin brings
/// one, unless the site's own theme does.
pub(super) fn has_site_map(db: &dyn Db) -> bool {
    sharing(db).is_some() && !templates(db).contains_key("sitemap.xml")
}

/// All pages of all languages, each with those that it is read in.
#[salsa::tracked(returns(clone))]
pub(super) fn site_map(db: &dyn Db) -> Arc<str> {
    let Some(languages) = languages(db) else {
        return "".into();
    };
    let site_url = site_url(db);
    let full = |page: &str| match &site_url {
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
        let mut files = files_in(db, docs).pages;
        files.sort_by_cached_key(|page| walked(&page.path));
        for page in files {
            let Some(plain) = docs.plain(&page.source) else {
                continue;
            };
            let own = std::iter::once((languages.all[at].code.as_str(), at));
            let others = codes.iter().copied().filter(|(_, other)| *other != at);
            let read_in = own.chain(others).filter_map(|(code, at)| {
                let (address, _) = page_in(db, &languages.docs[at], &plain)?;
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
pub(super) fn search_options(db: &dyn Db, search: &Plugin) -> Map<String, Value> {
    let mut options = search.options.clone();
    let languages = sharing(db);
    let plugin = plugin(db, "i18n");
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
    let Some(languages) = sharing(step.db) else {
        return;
    };
    if let Some(words) = languages.words("admonition_translations") {
        let extensions = extensions(step.db);
        let details = extensions.iter().any(|it| it.name == "pymdownx.details");
        title_admonitions(&mut step.text, words, details);
    }
}

/// What the search finds in all languages, without pages that a language only
/// has from another.
pub(super) fn found_once<'a>(db: &dyn Db, entries: &'a [Entry]) -> Cow<'a, [Entry]> {
    let languages = sharing(db);
    let plugin = plugin(db, "i18n");
    let wanted = plugin.is_some_and(|it| Options(&it.options).flag("reconfigure_search", true));
    let Some(languages) = languages.filter(|_| wanted) else {
        return entries.into();
    };
    let prefixes = languages.all.iter().map(|it| it.prefix.clone());
    let prefixes: Vec<String> = prefixes.collect();
    without_copies(entries.to_vec(), &prefixes).into()
}

/// Files as plugins for navs read them: what a language lacks, it has from the
/// one that it falls back to.
pub(super) struct Layered<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) docs: &'a Docs,
    pub(super) folder: &'a SourcePath,
}

impl Sources for Layered<'_> {
    fn read(&self, path: &SourcePath) -> Option<Arc<str>> {
        let site = SiteSources(self.db);
        let plain = path.below(self.folder);
        let of_layers = |plain: &str| {
            let mut sources = self.docs.sources(plain);
            sources.find_map(|source| site.read(&source))
        };
        plain.and_then(of_layers).or_else(|| site.read(path))
    }

    fn list(&self, path: &SourcePath) -> Arc<[(String, Kind)]> {
        SiteSources(self.db).list(path)
    }
}

/// A nav that all languages share without the pages that only the default one
/// has; `None` where that is all of it.
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
    Some(kept(nav, &is_others))
}

fn kept(nav: &[NavEntry], is_others: &dyn Fn(&str) -> bool) -> Vec<NavEntry> {
    let entry = |entry: &NavEntry| {
        let target = match &entry.target {
            NavTarget::Path(path) if is_others(path) => return None,
            NavTarget::Path(path) => NavTarget::Path(path.clone()),
            NavTarget::Section(below) => {
                let left = kept(below, is_others);
                if left.is_empty() && !below.is_empty() {
                    return None;
                }
                NavTarget::Section(left)
            }
        };
        Some(NavEntry {
            target,
            ..entry.clone()
        })
    };
    nav.iter().filter_map(entry).collect()
}

/// Pages and files that lie where another language does: readers find that
/// language there.
pub(super) fn covered(db: &dyn Db) -> Vec<Remark> {
    let (Some(addresses), outputs) = (addresses(db), outputs(db)) else {
        return Vec::new();
    };
    let first_from = |path: &str| {
        let (output, _) = outputs.range(path.to_owned()..).next()?;
        Some(output.as_str())
    };
    let covering = addresses.covering(addresses.main(), first_from);
    let said = covering.into_iter().map(|(edition, output)| {
        let code = edition.language.as_deref().unwrap_or_default();
        let message =
            format!("`{output}` lies where the language `{code}` begins, and is not shown");
        let warning = Diagnostic::warning("shadowed-page", message)
            .help("give the language another `prefix`, or the page another name");
        Remark::about(Subject::Language(code.to_owned()), warning)
    });
    said.collect()
}

/// The source that a path below `docs_dir` names as it is written, where
/// languages share a site: it may name a language too.
pub(super) fn real_source(db: &dyn Db, path: &SourcePath) -> Option<SourcePath> {
    sharing(db)?;
    let source = folders(db)?.docs_dir.join(path.as_str());
    let is_file = kind(db, db.entry(&source)) == Some(Kind::File);
    (is_file && docs(db)?.layer(&source).is_some()).then_some(source)
}

/// Whether what a setting of all languages names is a page of another one.
pub(super) fn is_of_others(db: &dyn Db, written: &str) -> bool {
    let path = written.split('#').next().unwrap_or_default();
    let is_file = |it: SourcePath| kind(db, db.entry(&it)) == Some(Kind::File);
    let in_docs = |path| folders(db).is_some_and(|folders| is_file(folders.docs_dir.join(path)));
    languages(db).is_some_and(|languages| {
        let mut docs = languages.docs.iter();
        docs.any(|docs| source_in(db, docs, path).is_some())
            || (languages.one_site().is_some() && in_docs(path))
    })
}
