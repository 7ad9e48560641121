use std::sync::Arc;

use super::damaged::mark_faults;
use super::glossary::term_faults;
use super::own_addresses::address_faults;
use super::page_content::inserted;
use super::page_faults::{diagnostics_of, page_diagnostics};
use super::settings::{config, levels};
use super::slices::{SLICE, Slice};
use super::sources::{Unreadable, opens};
use super::{configuration, files, kinds, navigation, theme};
use crate::config::SettingDiagnostic;
use crate::diagnostic::{Diagnostic, sort_and_dedup};
use crate::site::{Db, Entry, Output};

/// The problems of the site as a whole: configuration, docs folder, nav, theme.
#[salsa::tracked(returns(clone))]
pub fn site_diagnostics(db: &dyn Db) -> Arc<Vec<Diagnostic>> {
    let configuration = configuration(db);
    let remarks = site_remarks(db);
    let located = remarks.iter().cloned();
    let located = located.map(|remark| configuration.places.locate(remark));
    let located = located.map(|problem| super::gaps::excuse(db, problem, None));
    let all = configuration.diagnostics.iter().cloned().chain(located);
    let mut all = all.collect();
    levels(db).apply(&mut all);
    Arc::new(all)
}

/// The same without those found while reading the configuration, and not yet
/// located in its files.
#[salsa::tracked(returns(clone))]
fn site_remarks(db: &dyn Db) -> Arc<Vec<SettingDiagnostic>> {
    // Problems with and without a setting that they are about.
    let mut remarks: Vec<SettingDiagnostic> = Vec::new();
    let mut plain: Vec<Diagnostic> = Vec::new();
    if let Some(config) = config(db) {
        plain.extend(super::symlinks::no_docs(db, &config));
        plain.extend(super::symlinks::beside_docs(db, &config));
        plain.extend(files(db).diagnostics.iter().cloned());
        plain.extend(kinds::missing_templates(db));
        plain.extend(kinds::missing_extra(db));
        plain.extend(kinds::readers_of_whole_index(db));
        plain.extend(super::glossary::problems(db));
        remarks.extend(super::markdown_options::option_remarks(db));
        remarks.extend(super::output_conflicts::covered(db));
        remarks.extend(kinds::redirect_faults(db));
        remarks.extend(super::theme_settings::unread(db));
        remarks.extend(super::docs_walk::exclude_faults(db));
        remarks.extend(super::withheld::faults(db));
        remarks.extend(super::blog::settings_faults(db));
        remarks.extend(super::feeds::faults(db));
        remarks.extend(super::lightbox::faults(db));
        remarks.extend(super::cards::faults(db));
        remarks.extend(super::macros::faults(db));
        remarks.extend(super::privacy::faults(db));
        remarks.extend(super::inventories::faults(db));
        remarks.extend(super::history::faults(db));
        remarks.extend(navigation(db).remarks.iter().cloned());
    }
    if let Some(theme) = theme(db) {
        plain.extend(theme.0.check());
    }
    remarks.extend(plain.into_iter().map(SettingDiagnostic::from));
    Arc::new(remarks)
}

/// The files that the site as a whole is made from and that cannot be read.
/// Must be called outside of queries, because it collects from all of them.
pub fn unreadable_for_site(db: &dyn Db) -> Vec<Diagnostic> {
    let for_site = site_diagnostics::accumulated::<Unreadable>(db);
    let for_outputs = super::outputs::accumulated::<Unreadable>(db);
    diagnostics_of(for_site.into_iter().chain(for_outputs))
}

/// The diagnostic for a file that is copied to the site, if it exists and cannot
/// be read.
pub fn unreadable_file(db: &dyn Db, file: Entry) -> Vec<Diagnostic> {
    if opens(db, file) {
        Vec::new()
    } else {
        diagnostics_of(opens::accumulated::<Unreadable>(db, file).into_iter())
    }
}

/// Whether everything that decides which outputs exist could be read.
pub fn are_outputs_whole(db: &dyn Db) -> bool {
    super::outputs::accumulated::<Unreadable>(db).is_empty()
}

/// All problems of the site and its pages, sorted and without duplicates.
pub fn all_diagnostics(db: &dyn Db) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = site_diagnostics(db).to_vec();
    all.extend(unreadable_for_site(db));
    all.extend(super::conflicts(db).iter().cloned());
    all.extend(kinds::faults(db));
    for nth in 0..files(db).pages.len().div_ceil(SLICE) {
        let slice = Slice::new(db, nth);
        all.extend(of_pages(db, slice).iter().cloned());
        let unreadable = of_pages::accumulated::<Unreadable>(db, slice);
        all.extend(diagnostics_of(unreadable.into_iter()));
    }
    opened_assets(db);
    let unreadable = opened_assets::accumulated::<Unreadable>(db);
    all.extend(diagnostics_of(unreadable.into_iter()));
    sort_and_dedup(all)
}

/// The problems of a slice of the pages.
#[salsa::tracked(returns(clone))]
fn of_pages<'db>(db: &'db dyn Db, slice: Slice<'db>) -> Arc<Vec<Diagnostic>> {
    let mut all = Vec::new();
    let files = files(db);
    for page in slice.of(db, &files.pages) {
        all.extend(page_diagnostics(db, page.entry).iter().cloned());
        all.extend(address_faults(db, page.entry).iter().cloned());
        all.extend(mark_faults(db, page.entry).iter().cloned());
        all.extend(term_faults(db, page.entry).iter().cloned());
        // Makes known what it cannot read.
        inserted(db, page.entry);
    }
    Arc::new(all)
}

/// Opens all files that are copied, to make known which of them cannot be read.
#[salsa::tracked(returns(copy))]
fn opened_assets(db: &dyn Db) {
    for source in super::outputs(db).values().filter_map(Output::asset) {
        opens(db, db.entry(source));
    }
}
