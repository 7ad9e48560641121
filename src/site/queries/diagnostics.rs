use std::cell::LazyCell;
use std::sync::Arc;

use super::links::{self, level_of};
use super::settings::{config, docs, validation};
use super::sources::Unreadable;
use super::{
    body, configuration, files, front_matter, kinds, navigation, pages::unreadable, text, theme,
};
use crate::config::{Remark, Validation};
use crate::diagnostic::{Diagnostic, Suggestions};
use crate::files::SourcePath;
use crate::markdown::{Destination, Link, Page};
use crate::site::{Db, Entry};

/// What is wrong with the site as a whole: config, docs folder, nav, theme.
#[salsa::tracked(returns(clone))]
pub fn site_diagnostics(db: &dyn Db) -> Arc<Vec<Diagnostic>> {
    let configuration = configuration(db);
    let remarks = site_remarks(db);
    let located = remarks.iter().cloned();
    let located = located.map(|remark| configuration.places.locate(remark));
    let found = configuration.diagnostics.iter().cloned().chain(located);
    Arc::new(found.collect())
}

/// The same beyond what reading the configuration has found, still without
/// the places in its files.
#[salsa::tracked(returns(clone))]
fn site_remarks(db: &dyn Db) -> Arc<Vec<Remark>> {
    let mut found: Vec<Remark> = Vec::new();
    let mut plain: Vec<Diagnostic> = Vec::new();
    if let Some(config) = config(db) {
        plain.extend(super::refused::no_docs(db, &config));
        plain.extend(super::refused::beside_docs(db, &config));
        plain.extend(files(db).diagnostics.iter().cloned());
        plain.extend(kinds::missing_templates(db));
        plain.extend(kinds::missing_extra(db));
        found.extend(super::bodies::option_remarks(db));
        found.extend(super::translated::covered(db));
        found.extend(kinds::redirect_faults(db));
        found.extend(super::macros::faults(db));
        found.extend(super::history::faults(db));
        found.extend(navigation(db).remarks.iter().cloned());
    }
    if let Some(theme) = theme(db) {
        plain.extend(theme.0.check());
    }
    found.extend(plain.into_iter().map(Remark::from));
    Arc::new(found)
}

/// What is wrong with one page, its template apart.
#[salsa::tracked(returns(clone))]
pub fn page_diagnostics(db: &dyn Db, page: Entry) -> Arc<Vec<Diagnostic>> {
    if docs(db).is_none() {
        return Arc::default();
    }
    let body = body(db, page);
    let mut found: Vec<Diagnostic> = unreadable(db, page).into_iter().collect();
    found.extend(front_matter(db, page).diagnostics.iter().cloned());
    found.extend(super::preparation::faults(db, page));
    found.extend(body.diagnostics.iter().cloned());
    let front = front_matter(db, page);
    let path = page.path(db);
    let text = text(db, page).readable().unwrap_or_default();
    let text = text.get(front.body_start..).unwrap_or_default();
    let source = LazyCell::new(|| Page::new(&path, text, front.body_first_line));
    let suggestions = Suggestions::default();
    for link in &body.links {
        let dead = dead(link, validation(db));
        let odd = links::odd(db, page, link, &suggestions);
        let found_here = dead.into_iter().chain(odd);
        found.extend(found_here.map(|it| it.at(source.span(link.line, &link.written))));
    }
    Arc::new(found)
}

/// What there is to say of a link that leads nowhere.
fn dead(link: &Link, validation: Validation) -> Option<Diagnostic> {
    let Destination::Missing(near) = &link.destination else {
        return None;
    };
    let path = crate::url::split(&link.written).0;
    let named = path.rsplit('/').next().unwrap_or_default();
    let (level, rule, message) = if named.contains('.') {
        (
            validation.links_not_found,
            "missing-page",
            format!("`{path}` does not exist"),
        )
    } else {
        (
            validation.links_unrecognized_links,
            "unrecognized-link",
            format!("`{path}` is no file of the docs folder; it is left as written"),
        )
    };
    let mut diagnostic = Diagnostic::note(rule, message);
    diagnostic.severity = level_of(level)?;
    Some(match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    })
}

/// What the site as a whole is made from and cannot be read. The answer is of
/// all that was read for it, so it is asked from outside of any query.
pub fn unreadable_for_site(db: &dyn Db) -> Vec<Diagnostic> {
    let found = site_diagnostics::accumulated::<Unreadable>(db);
    let outputs = super::outputs::accumulated::<Unreadable>(db);
    said(found.into_iter().chain(outputs))
}

/// What a page is made from, beside the site, and cannot be read.
pub fn unreadable_for_page(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    said(read_for_page(db, page).into_iter())
}

/// Whether all was read that decides which outputs there are.
pub fn are_outputs_whole(db: &dyn Db) -> bool {
    super::outputs::accumulated::<Unreadable>(db).is_empty()
}

/// Whether all was read that is shown on a page. Other pages are not: it links
/// to them, and knows their titles.
pub fn is_page_whole(db: &dyn Db, page: Entry) -> bool {
    let source = page.path(db);
    let files = files(db);
    let is_other_page = |path: &SourcePath| {
        *path != source && files.pages.iter().any(|other| other.source == *path)
    };
    let unreadable = read_for_page(db, page);
    unreadable.iter().all(|it| is_other_page(&it.path))
}

fn read_for_page(db: &dyn Db, page: Entry) -> Vec<&Unreadable> {
    let mut found = page_diagnostics::accumulated::<Unreadable>(db, page);
    found.extend(super::content::accumulated::<Unreadable>(db, page));
    found
}

fn said<'a>(found: impl Iterator<Item = &'a Unreadable>) -> Vec<Diagnostic> {
    tidy(found.map(|it| it.diagnostic.clone()).collect())
}

/// Everything that is wrong, the site first, then page by page, sorted and
/// each once.
pub fn all_diagnostics(db: &dyn Db) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = site_diagnostics(db).to_vec();
    found.extend(unreadable_for_site(db));
    found.extend(kinds::faults(db));
    for page in &files(db).pages {
        let page = db.entry(&page.source);
        found.extend(page_diagnostics(db, page).iter().cloned());
        found.extend(unreadable_for_page(db, page));
    }
    tidy(found)
}

/// In the order of their places, each once.
pub(crate) fn tidy(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| (&a.span, a).cmp(&(&b.span, b)));
    found.dedup();
    found
}
