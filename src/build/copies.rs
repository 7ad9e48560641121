use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rayon::prelude::*;

use super::target::{Placed, Target, Written, write_output};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::plugins::privacy::{Downloads, Storage, Wanted, address_of_remark};
use crate::site::{Database, queries};
use crate::watch::ChangeBatch;

/// Copies of files of other sites: they are downloaded once it is known what names them, and
/// written only if something does.
pub(super) struct Copies<'a> {
    target: Target<'a>,
    downloads: Option<&'a dyn Downloads>,
    /// Where they are kept; `None` if the site has none.
    storage: Option<Storage>,
    /// Whether those that are there are used instead of downloading them anew.
    is_cached: bool,
    /// Whether it is a warning if one cannot be downloaded.
    warns: bool,
    diagnostics: Vec<Diagnostic>,
    /// The copies that outputs name, by their paths below the edition.
    named: BTreeSet<String>,
    /// What these are copies of.
    found: BTreeSet<Wanted>,
    /// The outputs that name files that are still to be downloaded.
    lacking: Vec<(Placed, Written)>,
    /// What was downloaded, or could not be.
    tried: BTreeSet<Wanted>,
    failed: BTreeMap<Wanted, String>,
}

impl<'a> Copies<'a> {
    pub(super) fn new(target: Target<'a>, downloads: Option<&'a dyn Downloads>) -> Self {
        let of_site = |db: &Database| (queries::storage(db), queries::privacy_settings(db));
        let (_, (storage, settings)) = target.session.ask(of_site);
        Self {
            target,
            downloads: if storage.is_some() { downloads } else { None },
            storage,
            is_cached: settings.as_ref().is_none_or(|it| it.is_cached),
            warns: settings.as_ref().is_some_and(|it| it.warns),
            diagnostics: Vec::new(),
            named: BTreeSet::new(),
            found: BTreeSet::new(),
            lacking: Vec::new(),
            tried: BTreeSet::new(),
            failed: BTreeMap::new(),
        }
    }

    /// Notes what came of an output.
    pub(super) fn note(&mut self, placed: &Placed, mut written: Written) {
        self.named.append(&mut written.needs.copies);
        self.found.extend(written.needs.found.iter().cloned());
        if self.is_lacking(&written) {
            self.lacking.push((placed.clone(), written));
        } else {
            self.diagnostics.append(&mut written.diagnostics);
        }
    }

    /// What an output names that would be downloaded for it.
    fn wanted<'w>(&self, written: &'w Written) -> impl Iterator<Item = &'w Wanted> {
        let found = (!self.is_cached).then_some(&written.needs.found);
        found.into_iter().flatten().chain(&written.needs.missing)
    }

    fn is_lacking(&self, written: &Written) -> bool {
        let mut wanted = self.wanted(written);
        self.downloads.is_some() && wanted.any(|it| !self.tried.contains(it))
    }

    /// Downloads what is missing, writes what lacked it anew, and writes the copies; until
    /// nothing more is named. `notice` is called with sentences for the user. Returns what is
    /// wrong with all outputs.
    ///
    /// # Errors
    /// When something cannot be written.
    pub(super) fn write(mut self, notice: &dyn Fn(String)) -> io::Result<Vec<Diagnostic>> {
        let mut done = BTreeSet::new();
        loop {
            let mut placed = self.download(notice);
            if placed.is_empty() {
                let new: BTreeSet<String> = self.named.difference(&done).cloned().collect();
                placed = self.placed(&new);
                done.extend(new);
            }
            if placed.is_empty() {
                break;
            }
            let staging = self.target.staging;
            let (_, written) = self.target.session.ask(|db| {
                let make = |db: &mut Database, placed: &Placed| {
                    // A single one is made on this thread, where another one is attached.
                    db.alone(|db| write_output(db, staging, placed))
                };
                let written = placed.par_iter().map_with(db.clone(), make);
                written.collect::<Vec<_>>()
            });
            for (placed, written) in placed.iter().zip(written) {
                self.note(placed, written?);
            }
        }
        if let (Some(downloads), Some(storage)) = (self.downloads, &self.storage) {
            let notes = downloads.verify(&self.found, storage);
            notes.into_iter().for_each(notice);
        }
        self.tell_failures();
        Ok(self.diagnostics)
    }

    /// Downloads what is missing and was not tried before. Returns the outputs that are to be
    /// made again.
    fn download(&mut self, notice: &dyn Fn(String)) -> Vec<Placed> {
        let lacking = std::mem::take(&mut self.lacking);
        let (Some(downloads), Some(storage)) = (self.downloads, &self.storage) else {
            return Vec::new();
        };
        let wanted = lacking.iter().flat_map(|(_, written)| self.wanted(written));
        let new: BTreeSet<Wanted> = wanted
            .filter(|it| !self.tried.contains(it))
            .cloned()
            .collect();
        if new.is_empty() {
            return Vec::new();
        }
        let downloaded = downloads.download(&new, storage);
        downloaded.notes.into_iter().for_each(notice);
        self.tried.extend(new);
        self.failed.extend(downloaded.failed);
        if !downloaded.changed.is_empty() {
            let changed = ChangeBatch::Paths(downloaded.changed);
            self.target.session.apply(changed);
        }
        lacking.into_iter().map(|(placed, _)| placed).collect()
    }

    /// Says of what could not be downloaded why, where it is named.
    fn tell_failures(&mut self) {
        let mut untold: BTreeSet<&Wanted> = self.failed.keys().collect();
        let severity = if self.warns {
            Severity::Warning
        } else {
            Severity::Note
        };
        let message =
            |wanted: &Wanted, why: &str| format!("`{}` cannot be downloaded: {why}", wanted.url);
        let help = "browsers are asked to load it from there";
        let by_url = self
            .failed
            .iter()
            .map(|(wanted, why)| (&*wanted.url, (wanted, why)));
        let by_url: BTreeMap<&str, (&Wanted, &String)> = by_url.collect();
        for diagnostic in &mut self.diagnostics {
            if diagnostic.rule != Rule::ForeignAsset {
                continue;
            }
            let url = address_of_remark(diagnostic).unwrap_or_default();
            if let Some((wanted, why)) = by_url.get(url) {
                untold.remove(wanted);
                diagnostic.rule = Rule::FailedDownload;
                diagnostic.severity = severity;
                diagnostic.message = message(wanted, why);
                diagnostic.help = Some(help.to_owned());
            }
        }
        for wanted in untold {
            let mut told =
                Diagnostic::new(Rule::FailedDownload, message(wanted, &self.failed[wanted]));
            told.severity = severity;
            self.diagnostics.push(told.help(help));
        }
        let levels = self.target.session.ask(|db| queries::levels(db)).1;
        levels.apply(&mut self.diagnostics);
    }

    /// The outputs at these paths, of those that are only written if they are named.
    fn placed(&self, paths: &BTreeSet<String>) -> Vec<Placed> {
        let target = self.target;
        let (_, placed) = target.session.ask(|db| {
            let outputs = queries::outputs(db);
            let placed = paths.iter().filter_map(|path| {
                let output = outputs.get(path)?;
                let place = target.addresses.place(target.edition, path)?;
                output.kind.is_optional.then(|| (place, output.clone()))
            });
            placed.collect()
        });
        placed
    }
}
