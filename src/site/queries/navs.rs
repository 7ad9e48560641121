use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::blog_nav::attach;
use super::posts::blogs;
use super::settings::{docs, folders, plugin, validation, written_nav};
use super::views::{ListedAs, listed_as, without_titles};
use super::{fallback, static_i18n};
use super::{files, front, link_target, meta};
use crate::config::{Folders, NavEntry, NavTarget, SettingDiagnostic, Validation};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::patterns;
use crate::languages::Docs;
use crate::nav::{
    CheckedNav, DEEPEST, Nav, NavFile, PageEntry, automatic, configured, in_language, with_indexes,
};
use crate::plugins::navs;
use crate::python::plain;
use crate::site::Db;

/// The nav, with the problems of its configuration.
#[salsa::tracked(returns(clone))]
pub fn navigation(db: &dyn Db) -> Arc<CheckedNav> {
    let Some((docs, folders)) = docs(db).zip(folders(db)) else {
        return Arc::default();
    };
    let written = written_nav(db);
    let (written, not_in_nav) = &*written;
    let files = files(db);
    let entries: Vec<_> = files.pages.iter().map(|page| page.in_nav.clone()).collect();
    let outside = patterns(not_in_nav.lines());
    let has_blogs = !blogs(db).is_empty();
    let in_blog = |page: &PageEntry| has_blogs.then(|| listed_as(db, db.entry(&page.source)))?;
    let is_wanted = |page: &PageEntry| match in_blog(page) {
        Some(as_what) => as_what == ListedAs::Index,
        None => !outside
            .matched_path_or_any_parents(&page.path, false)
            .is_ignore(),
    };
    let title = |page: &PageEntry| meta(db, db.entry(&page.source)).title.clone();
    let pages = NavPages {
        docs: &docs,
        folders: &folders,
        entries: &entries,
        is_wanted: &is_wanted,
        title: &title,
    };
    let (by_plugin, mut faults) = nav_by_plugin(db, written.as_deref(), &pages);
    let translated = written.as_deref();
    let translated = translated.and_then(|nav| fallback::without_others(db, nav));
    let explicit = by_plugin.as_ref().or(translated.as_ref());
    let explicit = explicit.or(written.as_ref());
    let untitled = explicit.and_then(|nav| without_titles(db, nav));
    let mut checked = match untitled.as_ref().or(explicit) {
        // Pages that a plugin leaves out are left out on purpose.
        Some(nav) => explicit_nav(db, nav, &pages, by_plugin.is_none()),
        None => CheckedNav {
            nav: Arc::new(automatic_nav(db, &pages)),
            remarks: Vec::new(),
        },
    };
    faults.extend(too_deep(&checked.nav));
    checked
        .remarks
        .extend(faults.into_iter().map(SettingDiagnostic::from));
    if plugin(db, "section-index").is_some() {
        let mut titled = BTreeSet::new();
        let entries = by_plugin.as_ref().or(written.as_ref());
        collect_titled(entries.map_or(&[], Vec::as_slice), &mut titled);
        checked.nav = Arc::new(with_indexes(&checked.nav, &titled));
    }
    attach(db, &mut checked.nav);
    Arc::new(checked)
}

/// The pages that a nav is made from.
struct NavPages<'a> {
    docs: &'a Docs,
    folders: &'a Folders,
    entries: &'a [Arc<PageEntry>],
    /// Whether a page is to be in the nav.
    is_wanted: &'a dyn Fn(&PageEntry) -> bool,
    title: &'a dyn Fn(&PageEntry) -> String,
}

/// The nav made from its entries, with remarks on pages that it omits if
/// `reports_omissions`.
fn explicit_nav(
    db: &dyn Db,
    nav: &[NavEntry],
    pages: &NavPages<'_>,
    reports_omissions: bool,
) -> CheckedNav {
    let validation = validation(db);
    let file = |path: &str| {
        let mut sources = pages.docs.sources(path);
        let target = sources.find_map(|source| link_target(db, db.entry(&source)))?;
        Some(NavFile {
            address: target.address.to_string(),
            is_excluded: target.is_excluded,
        })
    };
    let mut checked = configured(nav, pages.entries, &file, &validation);
    if reports_omissions {
        let entries = pages.entries.iter();
        let omitted = entries.filter(|page| {
            let is_of_blog = || listed_as(db, db.entry(&page.source)).is_some();
            (pages.is_wanted)(page) && checked.nav.place(&page.source).is_none() && !is_of_blog()
        });
        let remarks = omitted.filter_map(|page| Some(omission(validation, page)?.into()));
        let remarks: Vec<SettingDiagnostic> = remarks.collect();
        checked.remarks.extend(remarks);
    }
    checked
}

/// The nav that follows the folders.
fn automatic_nav(db: &dyn Db, pages: &NavPages<'_>) -> Nav {
    let wanted = pages.entries.iter().filter(|page| (pages.is_wanted)(page));
    let wanted = wanted.cloned().collect();
    match static_i18n::sharing(db) {
        Some(languages) => in_language(&languages, pages.docs, wanted),
        None => automatic(wanted),
    }
}

/// Reports sections that are nested too deeply.
fn too_deep(nav: &Nav) -> Option<Diagnostic> {
    let section = nav.flattened()?;
    let page = section.children.iter().find_map(|child| nav.page(*child));
    let title = section.title.as_deref().unwrap_or_default();
    let message = format!(
        "sections are nested more than {DEEPEST} levels deep; the items below are shown in `{title}`"
    );
    let warning = Diagnostic::new(Rule::DeepNav, message)
        .help("move the pages into fewer folders, or remove sections from the nav");
    Some(match page {
        Some(page) => warning.at(Span::line(&page.source, "", 1)),
        None => warning,
    })
}

/// The pages that a nav gives titles of its own.
fn collect_titled(entries: &[NavEntry], titled: &mut BTreeSet<String>) {
    for entry in entries {
        match &entry.target {
            NavTarget::Section(below) => collect_titled(below, titled),
            NavTarget::Path(path) if entry.title.is_some() => {
                titled.insert(path.trim_start_matches("./").to_owned());
            }
            NavTarget::Path(_) => {}
        }
    }
}

/// The nav made by a plugin, if one is enabled, with the problems of the files
/// that it reads.
fn nav_by_plugin(
    db: &dyn Db,
    written: Option<&[NavEntry]>,
    pages: &NavPages<'_>,
) -> (Option<Vec<NavEntry>>, Vec<Diagnostic>) {
    let plugins = ["awesome-nav", "awesome-pages"];
    if plugins.iter().all(|name| plugin(db, name).is_none()) {
        return (None, Vec::new());
    }
    let wanted = pages.entries.iter().filter(|page| (pages.is_wanted)(page));
    // Plugins descend into folders recursively.
    let is_deep = |page: &PageEntry| page.path.matches('/').count() > DEEPEST;
    let (deep, wanted): (Vec<_>, Vec<_>) = wanted.partition(|page| is_deep(page));
    let paths: Vec<String> = wanted.iter().map(|page| page.path.clone()).collect();
    let by_path: BTreeMap<&str, &Arc<PageEntry>> = pages
        .entries
        .iter()
        .rev()
        .map(|page| (page.path.as_str(), page))
        .collect();
    let title = |path: &str| {
        let page = by_path.get(path);
        page.map_or_else(String::new, |page| (pages.title)(page))
    };
    let front_title = |path: &str| {
        let page = by_path.get(path)?;
        let front = front(db, db.entry(&page.source));
        front.get("title").and_then(plain)
    };
    let docs_dir = &pages.folders.docs_dir;
    let site = navs::Site {
        front_title: &front_title,
        pages: &paths,
        docs: docs_dir,
        sources: &fallback::Layered {
            db,
            docs: pages.docs,
            folder: docs_dir,
        },
        title: &title,
    };
    let (plugin, nav) = if let Some(plugin) = plugin(db, "awesome-nav") {
        let options = navs::awesome_nav::Options::read(&plugin.options);
        let nav = navs::awesome_nav::make(&options.filename, site);
        (plugin, nav)
    } else if let Some(plugin) = plugin(db, "awesome-pages") {
        let settings =
            navs::awesome_pages::Settings::new(navs::awesome_pages::Options::read(&plugin.options));
        let nav = navs::awesome_pages::make(&settings, site, written);
        (plugin, nav)
    } else {
        return (None, Vec::new());
    };
    let mut faults = nav.diagnostics;
    faults.extend(deep.into_iter().map(|page| deep_page(page)));
    (Some(navs::entries(nav.items, &plugin)), faults)
}

fn deep_page(page: &PageEntry) -> Diagnostic {
    let message = format!("this page is more than {DEEPEST} folders deep, and is not in the nav");
    Diagnostic::new(Rule::DeepNav, message)
        .at(Span::line(&page.source, "", 1))
        .help("move it into fewer folders")
}

/// Reports a page that the nav omits.
fn omission(validation: Validation, page: &PageEntry) -> Option<Diagnostic> {
    let severity = validation.nav_omitted_files.severity()?;
    let message = format!("`{}` is not in the nav", page.path);
    let mut note = Diagnostic::new(Rule::OmittedPage, message);
    note.severity = severity;
    Some(note.help("add it to `nav`, or name it in `not_in_nav`"))
}

/// The nav without positions in the configuration. It is equal as long as readers
/// see the same.
#[salsa::tracked(returns(clone))]
pub fn nav(db: &dyn Db) -> Arc<Nav> {
    navigation(db).nav.clone()
}
