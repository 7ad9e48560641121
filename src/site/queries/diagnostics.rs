use std::sync::Arc;

use super::page_faults::{page_diagnostics, said, tidy, unreadable_for_page};
use super::settings::config;
use super::sources::{Unreadable, opens};
use super::{configuration, files, kinds, navigation, theme};
use crate::config::Remark;
use crate::diagnostic::Diagnostic;
use crate::site::{Db, Entry, Output};

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
        found.extend(super::dialect::option_remarks(db));
        found.extend(super::collisions::covered(db));
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

/// What the site as a whole is made from and cannot be read. The answer is of
/// all that was read for it, so it is asked from outside of any query.
pub fn unreadable_for_site(db: &dyn Db) -> Vec<Diagnostic> {
    let found = site_diagnostics::accumulated::<Unreadable>(db);
    let outputs = super::outputs::accumulated::<Unreadable>(db);
    said(found.into_iter().chain(outputs))
}

/// What there is to say of a file that becomes an output as it is, where it is
/// there and cannot be read.
pub fn unreadable_file(db: &dyn Db, file: Entry) -> Vec<Diagnostic> {
    if opens(db, file) {
        Vec::new()
    } else {
        said(opens::accumulated::<Unreadable>(db, file).into_iter())
    }
}

/// Whether all was read that decides which outputs there are.
pub fn are_outputs_whole(db: &dyn Db) -> bool {
    super::outputs::accumulated::<Unreadable>(db).is_empty()
}

/// Everything that is wrong, the site first, then page by page, sorted and
/// each once.
pub fn all_diagnostics(db: &dyn Db) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = site_diagnostics(db).to_vec();
    found.extend(unreadable_for_site(db));
    found.extend(super::conflicts(db).iter().cloned());
    found.extend(kinds::faults(db));
    for page in &files(db).pages {
        let page = db.entry(&page.source);
        found.extend(page_diagnostics(db, page).iter().cloned());
        found.extend(unreadable_for_page(db, page));
    }
    for source in super::outputs(db).values().filter_map(Output::asset) {
        found.extend(unreadable_file(db, db.entry(source)));
    }
    tidy(found)
}
