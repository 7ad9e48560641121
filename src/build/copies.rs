use std::collections::BTreeSet;
use std::io;

use rayon::prelude::*;

use super::target::{Placed, Target, Written, write_output};
use crate::diagnostic::Diagnostic;
use crate::plugins::privacy::{Downloads, Wanted};
use crate::site::{Database, queries};
use crate::watch::ChangeBatch;

/// Copies of files of other sites: they are downloaded once it is known what names them, and
/// written only if something does.
pub(super) struct Copies<'a> {
    target: Target<'a>,
    downloads: Option<&'a dyn Downloads>,
    diagnostics: Vec<Diagnostic>,
    /// The copies that outputs name, by their paths below the edition.
    named: BTreeSet<String>,
    /// The outputs that name files that are not there yet.
    lacking: Vec<(Placed, Written)>,
}

impl<'a> Copies<'a> {
    pub(super) fn new(target: Target<'a>, downloads: Option<&'a dyn Downloads>) -> Self {
        Self {
            target,
            downloads,
            diagnostics: Vec::new(),
            named: BTreeSet::new(),
            lacking: Vec::new(),
        }
    }

    /// Notes what came of an output.
    pub(super) fn note(&mut self, placed: &Placed, mut written: Written) {
        self.named.append(&mut written.needs.copies);
        if written.needs.missing.is_empty() || self.downloads.is_none() {
            self.diagnostics.append(&mut written.diagnostics);
        } else {
            self.lacking.push((placed.clone(), written));
        }
    }

    /// Downloads what is missing, writes what lacked it anew, and writes the copies; until
    /// nothing more is named. Returns what is wrong with all outputs.
    ///
    /// # Errors
    /// When something cannot be written.
    pub(super) fn write(mut self) -> io::Result<Vec<Diagnostic>> {
        let mut done = BTreeSet::new();
        let mut tried: BTreeSet<Wanted> = BTreeSet::new();
        loop {
            let placed: Vec<Placed> = if self.download(&mut tried) {
                let lacking = std::mem::take(&mut self.lacking);
                lacking.into_iter().map(|(placed, _)| placed).collect()
            } else {
                let new = self.named.difference(&done).cloned().collect();
                let placed = self.placed(&new);
                done.extend(new);
                placed
            };
            if placed.is_empty() {
                break;
            }
            let staging = self.target.staging;
            let (_, written) = self.target.session.ask(|db| match &*placed {
                // It would be made on this thread, where a clone cannot be asked.
                [one] => vec![write_output(db, staging, one)],
                all => {
                    let make = |db: &mut Database, placed| write_output(db, staging, placed);
                    all.par_iter().map_with(db.clone(), make).collect()
                }
            });
            for (placed, written) in placed.iter().zip(written) {
                self.note(placed, written?);
            }
        }
        for (_, mut written) in self.lacking {
            self.diagnostics.append(&mut written.diagnostics);
        }
        Ok(self.diagnostics)
    }

    /// Downloads what is missing and was not tried before. Returns whether that changed
    /// anything.
    fn download(&mut self, tried: &mut BTreeSet<Wanted>) -> bool {
        let Some(downloads) = self.downloads else {
            return false;
        };
        let missing = self.lacking.iter();
        let missing = missing.flat_map(|(_, written)| &written.needs.missing);
        let new: BTreeSet<Wanted> = missing.filter(|it| !tried.contains(it)).cloned().collect();
        if new.is_empty() {
            return false;
        }
        let changed = downloads.download(&new);
        tried.extend(new);
        if changed.is_empty() {
            return false;
        }
        let changed = changed.into_iter().collect();
        self.target.session.apply(ChangeBatch::Paths(changed));
        true
    }

    /// The outputs at these paths, of those that are only written if they are named.
    fn placed(&self, paths: &BTreeSet<String>) -> Vec<Placed> {
        let target = self.target;
        let (_, placed) = target.session.ask(|db| {
            let outputs = queries::outputs(db);
            let placed = paths.iter().filter_map(|path| {
                let output = outputs.get(path).filter(|it| it.kind.is_optional)?;
                Some((
                    target.addresses.place(target.edition, path)?,
                    output.clone(),
                ))
            });
            placed.collect()
        });
        placed
    }
}
