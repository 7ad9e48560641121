//! What a translation has lost or changed of the marks of its source.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::page_faults::{levelled, page_diagnostics};
use super::settings::languages;
use super::translated::texts;
use crate::diagnostic::{Diagnostic, Fix, Rule, Span};
use crate::files::SourcePath;
use crate::languages::Layout;
use crate::site::{Db, Entry};
use crate::translations::{DamagedMark, damaged_marks};

/// The marks that a page has lost or changed of the one that it is translated from. Only a
/// check asks for it, because it takes two pages to know.
#[salsa::tracked(returns(clone))]
pub(super) fn mark_faults(db: &dyn Db, page: Entry) -> Arc<Vec<Diagnostic>> {
    // Sites that are built as MkDocs builds them are not compared.
    let is_compared = languages(db).is_some_and(|it| it.layout == Layout::SiteEach);
    let found = is_compared.then(|| texts(db, page)).flatten();
    let Some((source, own)) = found else {
        return Arc::default();
    };
    let marks = damaged_marks(&source, &own);
    if marks.is_empty() {
        return Arc::default();
    }
    let said = said(db, page);
    let path = page.path(db);
    let faults = marks.iter().map(|mark| fault(&path, &own, mark));
    // What is wrong in the text alone is said of that line already.
    let faults = faults.filter(|it| {
        let line = it.span.as_ref().map(|span| span.line);
        it.fix.is_some() && !said.fixed.contains(&line) || !said.all.contains(&line)
    });
    Arc::new(levelled(db, page, faults.collect()))
}

/// The lines of a page of which marks are reported, and those with a fix.
struct Said {
    all: BTreeSet<Option<u32>>,
    fixed: BTreeSet<Option<u32>>,
}

fn said(db: &dyn Db, page: Entry) -> Said {
    let found = page_diagnostics(db, page);
    let marks = found
        .iter()
        .filter(|it| matches!(it.rule, Rule::DamagedMark | Rule::UnknownType));
    let line = |it: &Diagnostic| it.span.as_ref().map(|span| span.line);
    Said {
        all: marks.clone().map(line).collect(),
        fixed: marks.filter(|it| it.fix.is_some()).map(line).collect(),
    }
}

fn fault(path: &SourcePath, own: &str, mark: &DamagedMark) -> Diagnostic {
    let rule = if mark.is_lost {
        Rule::LostMark
    } else {
        Rule::ChangedMark
    };
    let span = match &mark.place {
        Some(place) => Span::bytes(path, own, place.start, place.len()),
        None => Span::line(path, own, mark.line),
    };
    let help = match &mark.fix {
        Some(meant) => format!("write `{meant}`"),
        None => format!("compare it with line {} of the source", mark.source_line),
    };
    let mut fault = Diagnostic::new(rule, &*mark.message)
        .at(span.clone())
        .help(help);
    // A fix has a place.
    fault.fix = mark.fix.clone().map(|text| Box::new(Fix { span, text }));
    fault
}
