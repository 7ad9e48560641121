use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::settings::{docs, folders, plugin, validation, written_nav};
use super::{fallback, static_i18n};
use super::{files, front, meta};
use crate::config::{NavEntry, NavTarget, Remark, Validation};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::files::patterns;
use crate::nav::{
    Checked, DEEPEST, Nav, PageEntry, automatic, configured, in_language, walked, with_indexes,
};
use crate::plugins::navs;
use crate::python::plain;
use crate::site::{Db, Entry};
use crate::theme::Listed;

/// The keys of the front matter that navs show.
const SHOWN_IN_NAV: [&str; 4] = ["icon", "status", "subtitle", "hide"];

/// The nav with what is wrong in its configuration.
#[salsa::tracked(returns(clone))]
pub fn navigation(db: &dyn Db) -> Arc<Checked> {
    let Some(docs) = docs(db) else {
        return Arc::default();
    };
    let written = written_nav(db);
    let (written, not_in_nav) = &*written;
    let entries: Vec<PageEntry> = files(db)
        .pages
        .iter()
        .map(|page| PageEntry {
            path: docs.plain(&page.source).unwrap_or_default().into_owned(),
            source: page.source.clone(),
            url: page.address.url.clone(),
            meta: shown(db, db.entry(&page.source)),
        })
        .collect();
    let outside = patterns(not_in_nav.lines());
    let is_wanted = |page: &PageEntry| {
        !outside
            .matched_path_or_any_parents(&page.path, false)
            .is_ignore()
    };
    let title = |page: &PageEntry| meta(db, db.entry(&page.source)).title.clone();
    let (made, mut said) = made_nav(db, written.as_deref(), &entries, &is_wanted, &title);
    let of_others = written.as_deref();
    let of_others = of_others.and_then(|nav| fallback::without_others(db, nav));
    let validation = validation(db);
    let mut checked = match made.as_ref().or(of_others.as_ref()).or(written.as_ref()) {
        Some(configuration) => {
            let mut checked = configured(configuration, &entries, &validation, &title);
            let omitted = entries
                .iter()
                .filter(|page| is_wanted(page) && checked.nav.place(&page.source).is_none());
            let said: Vec<Remark> = omitted
                .filter_map(|page| Some(omission(validation, page)?.into()))
                .collect();
            checked.remarks.extend(said);
            checked
        }
        None => {
            let entries = entries.into_iter().filter(is_wanted).collect();
            Checked {
                nav: match static_i18n::sharing(db) {
                    Some(languages) => in_language(&languages, &docs, entries, &title),
                    None => automatic(entries, &title),
                },
                remarks: Vec::new(),
            }
        }
    };
    if made.is_some() {
        // Pages that a plugin leaves out are left out on purpose.
        checked
            .remarks
            .retain(|it| it.diagnostic.rule != Rule::OmittedPage);
    }
    said.extend(too_deep(&checked.nav));
    checked.remarks.extend(said.into_iter().map(Remark::from));
    if plugin(db, "section-index").is_some() {
        let mut titled = BTreeSet::new();
        let entries = made.as_ref().or(written.as_ref());
        gather_titled(entries.map_or(&[], Vec::as_slice), &mut titled);
        checked.nav = with_indexes(&checked.nav, &titled);
    }
    Arc::new(checked)
}

/// What there is to say of sections that lie in too many others.
fn too_deep(nav: &Nav) -> Option<Diagnostic> {
    let section = nav.flattened()?;
    let page = section.children.iter().find_map(|child| nav.page(*child));
    let title = &section.title;
    let message =
        format!("sections lie in more than {DEEPEST} others; what they hold is shown in `{title}`");
    let found = Diagnostic::new(Rule::DeepNav, message)
        .help("move the pages into fewer folders, or take sections out of the nav");
    Some(match page {
        Some(page) => found.at(Span::line(&page.source, "", 1)),
        None => found,
    })
}

/// The pages that a nav gives titles of its own.
fn gather_titled(entries: &[NavEntry], found: &mut BTreeSet<String>) {
    for entry in entries {
        match &entry.target {
            NavTarget::Section(below) => gather_titled(below, found),
            NavTarget::Path(path) if entry.title.is_some() => {
                found.insert(path.trim_start_matches("./").to_owned());
            }
            NavTarget::Path(_) => {}
        }
    }
}

/// The nav that a plugin makes, with what is wrong in the files it reads.
fn made_nav(
    db: &dyn Db,
    written: Option<&[NavEntry]>,
    entries: &[PageEntry],
    is_wanted: &dyn Fn(&PageEntry) -> bool,
    title: &dyn Fn(&PageEntry) -> String,
) -> (Option<Vec<NavEntry>>, Vec<Diagnostic>) {
    let wanted = entries.iter().filter(|page| is_wanted(page));
    // Plugins open each folder within another.
    let is_deep = |page: &PageEntry| page.path.matches('/').count() > DEEPEST;
    let (deep, wanted): (Vec<_>, Vec<_>) = wanted.partition(|page| is_deep(page));
    let pages: Vec<String> = wanted.iter().map(|page| page.path.clone()).collect();
    let by_path: BTreeMap<&str, &PageEntry> = entries
        .iter()
        .rev()
        .map(|page| (page.path.as_str(), page))
        .collect();
    let title = |path: &str| {
        by_path
            .get(path)
            .map(|page| title(page))
            .unwrap_or_default()
    };
    let front_title = |path: &str| {
        let page = by_path.get(path)?;
        let front = front(db, db.entry(&page.source));
        front.get("title").and_then(plain)
    };
    let Some((docs, folders)) = docs(db).zip(folders(db)) else {
        return (None, Vec::new());
    };
    let site = navs::Site {
        front_title: &front_title,
        pages: &pages,
        docs: &folders.docs_dir,
        sources: &fallback::Layered {
            db,
            docs: &docs,
            folder: &folders.docs_dir,
        },
        title: &title,
    };
    let (plugin, made) = if let Some(plugin) = plugin(db, "awesome-nav") {
        let options = navs::awesome::Options::read(&plugin.options);
        let made = navs::awesome::make(&options.filename, site);
        (plugin, made)
    } else if let Some(plugin) = plugin(db, "awesome-pages") {
        let settings = navs::pages::Settings::new(navs::pages::Options::read(&plugin.options));
        let made = navs::pages::make(&settings, site, written);
        (plugin, made)
    } else {
        return (None, Vec::new());
    };
    let mut said = made.diagnostics;
    said.extend(deep.into_iter().map(|page| {
        let message =
            format!("this page lies in more than {DEEPEST} folders, and is not in the nav");
        let found = Diagnostic::new(Rule::DeepNav, message).at(Span::line(&page.source, "", 1));
        found.help("move it into fewer folders")
    }));
    (Some(navs::entries(made.items, &plugin)), said)
}

/// What there is to say of a page that the nav leaves out.
fn omission(validation: Validation, page: &PageEntry) -> Option<Diagnostic> {
    let severity = validation.nav_omitted_files.severity()?;
    let message = format!("`{}` is not in the nav", page.path);
    let mut found = Diagnostic::new(Rule::OmittedPage, message);
    found.severity = severity;
    Some(found.help("add it to `nav`, or name it in `not_in_nav`"))
}

fn shown(db: &dyn Db, page: Entry) -> serde_json::Map<String, serde_json::Value> {
    let meta = meta(db, page);
    let front = meta.front.iter();
    front
        .filter(|(key, _)| SHOWN_IN_NAV.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The nav without places in the configuration: equal as long as readers
/// would see the same.
#[salsa::tracked(returns(clone))]
pub fn nav(db: &dyn Db) -> Arc<Nav> {
    Arc::new(navigation(db).nav.clone())
}

/// A page's title as its readers see it: that of the nav goes first.
pub(super) fn title(db: &dyn Db, page: Entry) -> String {
    let nav = nav(db);
    match nav.place(&page.path(db)) {
        Some(place) => nav.items[place].title.clone(),
        None => meta(db, page).title.clone(),
    }
}

/// All pages as lists of pages show them, in MkDocs' order: a folder's files,
/// its own page first, then its folders.
#[salsa::tracked(returns(clone))]
pub fn listed(db: &dyn Db) -> Arc<Vec<Listed>> {
    let nav = nav(db);
    let mut pages: Vec<Listed> = files(db)
        .pages
        .iter()
        .map(|page| {
            let place = nav.place(&page.source);
            let entry = db.entry(&page.source);
            Listed {
                title: match place {
                    Some(place) => nav.items[place].title.clone(),
                    None => meta(db, entry).title.clone(),
                },
                source: page.source.clone(),
                path: page.path.clone(),
                url: page.address.url.clone(),
                meta: Arc::new(shown(db, entry)),
                place,
            }
        })
        .collect();
    pages.sort_by_cached_key(|page| walked(&page.path));
    Arc::new(pages)
}
