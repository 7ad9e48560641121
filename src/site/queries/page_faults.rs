use std::cell::LazyCell;
use std::sync::Arc;

use super::fronts::after_front;
use super::settings::{docs, levels, validation};
use super::sources::{Unreadable, text};
use super::views::page_text;
use super::{body, files, front_matter, link_target, pages::unreadable};
use super::{gaps, links, lints};
use crate::config::Validation;
use crate::diagnostic::{
    Diagnostic, Ignored, Rule, Severity, Span, Suggestions, is_plain, sort_and_dedup,
};
use crate::files::SourcePath;
use crate::markdown::{Destination, INSECURE, Link, Page, begins_target, insecure_link};
use crate::nav::EXCLUDED_HELP;
use crate::site::{Db, Entry, InvocationInput};

/// The problems of one page, apart from those of its template.
#[salsa::tracked(returns(clone))]
pub fn page_diagnostics(db: &dyn Db, page: Entry) -> Arc<Vec<Diagnostic>> {
    if docs(db).is_none() {
        return Arc::default();
    }
    let body = body(db, page);
    let front = front_matter(db, page);
    let mut faults: Vec<Diagnostic> = unreadable(db, page).into_iter().collect();
    faults.extend(front.diagnostics.iter().cloned());
    if InvocationInput::get(db).call(db).drafts {
        faults.extend(super::withheld::fault(db, page));
    }
    faults.extend(super::page_icon::fault(db, page));
    faults.extend(super::page_status::fault(db, page));
    faults.extend(super::landing::faults(db, page));
    faults.extend(super::blog::faults(db, page));
    faults.extend(super::translated::faults(db, page));
    faults.extend(super::cards::of_page(db, page).iter().cloned());
    faults.extend(super::preprocess::faults(db, page));
    faults.extend(body.diagnostics.iter().cloned());
    let path = page.path(db);
    let text = page_text(db, page).readable().unwrap_or_default();
    let text = after_front(&text, &front);
    let source = LazyCell::new(|| Page::new(&path, text, front.body_first_line));
    let suggestions = Suggestions::default();
    let is_excluded = link_target(db, page).is_some_and(|target| target.is_excluded);
    for link in &body.links {
        let dead = dead_link(link, validation(db), is_excluded);
        let dead = dead.map(|fault| gaps::excuse(db, fault, None));
        let doubtful = links::doubtful(db, page, link, &suggestions);
        let all = dead.into_iter().chain(doubtful);
        faults.extend(all.map(|fault| placed(db, &source, link, fault)));
    }
    faults.extend(super::autorefs::faults(db, page, &body, &source));
    let insecure = body.links.iter().filter_map(|link| {
        let fault = insecure_link(link)?;
        Some(placed(db, &source, link, fault))
    });
    faults.extend(of_its_own(db, page, insecure.collect()));
    let whole = page_text(db, page).readable().unwrap_or_default();
    let ignored = Ignored::of(&path, &whole, &front.meta);
    faults.extend(ignored.unknown.iter().cloned());
    levels(db).apply(&mut faults);
    ignored.apply(&path, &mut faults);
    Arc::new(faults)
}

/// What is wrong in a page and is not just as often in the page that it is translated from.
fn of_its_own(db: &dyn Db, page: Entry, insecure: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let found = lints::lints(db, page);
    if found.is_empty() && insecure.is_empty() {
        return Vec::new();
    }
    // A page that is shown in place of its translation is the original.
    let layer = docs(db).and_then(|docs| docs.layer(&page.path(db))?.original.clone());
    let counts = lints::counts(db, page);
    let original = layer
        .is_none()
        .then(|| super::elsewhere::original(db, page))
        .flatten();
    let is_as_often = |kind: &str| {
        let of_original = original.as_ref().and_then(|it| it.lints.get(kind));
        of_original.is_some_and(|count| counts.get(kind) <= Some(count))
    };
    let new = found.iter().filter(|lint| !is_as_often(lint.kind));
    let mut new: Vec<Diagnostic> = new.map(|lint| lint.diagnostic.clone()).collect();
    let in_original = original.as_ref();
    let in_original = in_original.and_then(|it| it.lints.get(INSECURE));
    if in_original.is_none_or(|count| insecure.len() > *count) {
        new.extend(insecure);
    }
    new
}

/// The diagnostic for a link whose target does not exist, or is excluded from the
/// site. As in MkDocs, pages that are themselves excluded need not link to anything.
fn dead_link(link: &Link, validation: Validation, is_excluded: bool) -> Option<Diagnostic> {
    let path = crate::url::split(&link.written).0;
    let near = match &link.destination {
        Destination::Missing(near) => near,
        Destination::Excluded(_) if !is_excluded => {
            let message = format!("`{path}` is excluded from the published site");
            let mut note = Diagnostic::note(Rule::ExcludedPage, message);
            note.severity = validation.links_not_found.severity()?.min(Severity::Note);
            return Some(note.help(EXCLUDED_HELP));
        }
        Destination::Inside(_) | Destination::Outside | Destination::Excluded(_) => return None,
    };
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let (level, rule, message) = if name.contains('.') {
        (
            validation.links_not_found,
            Rule::MissingPage,
            format!("`{path}` does not exist"),
        )
    } else {
        (
            validation.links_unrecognized_links,
            Rule::UnrecognizedLink,
            format!("`{path}` is not a file in the docs folder; the link is left as written"),
        )
    };
    let mut diagnostic = Diagnostic::note(rule, message);
    diagnostic.severity = level.severity()?;
    if is_excluded {
        diagnostic.severity = diagnostic.severity.min(Severity::Note);
    }
    Some(match near {
        Some(near) if is_plain(&near.name) => diagnostic.did_you_mean(path, near),
        Some(near) => {
            let text = crate::url::quote(&near.name);
            diagnostic.did_you_mean_as(path, near, &near.name, &text)
        }
        None => diagnostic,
    })
}

/// Problems of links of a page at their places, with the levels of the site.
pub(super) fn of_links(
    db: &dyn Db,
    page: Entry,
    found: Vec<(&Link, Diagnostic)>,
) -> Vec<Diagnostic> {
    if found.is_empty() {
        return Vec::new();
    }
    let front = front_matter(db, page);
    let path = page.path(db);
    let whole = page_text(db, page).readable().unwrap_or_default();
    let text = after_front(&whole, &front);
    let source = Page::new(&path, text, front.body_first_line);
    let faults = found.into_iter();
    let faults = faults.map(|(link, fault)| placed(db, &source, link, fault));
    levelled(db, page, faults.collect())
}

/// The same for what is said of texts of a page, where each is first.
pub(super) fn of_texts(
    db: &dyn Db,
    page: Entry,
    found: Vec<(Diagnostic, String)>,
) -> Vec<Diagnostic> {
    if found.is_empty() {
        return Vec::new();
    }
    let path = page.path(db);
    let whole = page_text(db, page).readable().unwrap_or_default();
    let faults = found.into_iter().map(|(fault, text)| {
        // It may be written otherwise there, or come from another file.
        let at = whole.find(&text);
        fault.at(at.map_or_else(
            || Span::line(&path, &whole, 1),
            |at| Span::bytes(&path, &whole, at, text.len()),
        ))
    });
    levelled(db, page, faults.collect())
}

/// Problems of a page with the levels of the site, without those that it silences.
pub(super) fn levelled(db: &dyn Db, page: Entry, mut faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let path = page.path(db);
    let whole = page_text(db, page).readable().unwrap_or_default();
    levels(db).apply(&mut faults);
    Ignored::of(&path, &whole, &front_matter(db, page).meta).apply(&path, &mut faults);
    faults
}

/// A problem of a link at its place, with its fix if that is certain.
fn placed(db: &dyn Db, source: &Page<'_>, link: &Link, fault: Diagnostic) -> Diagnostic {
    match link_place(db, source, link) {
        (span, true) => fault.at(span),
        (span, false) => fault.without_fix().at(span),
    }
}

/// Where a link of a page is written, and whether a fix may be written there.
fn link_place(db: &dyn Db, source: &Page<'_>, link: &Link) -> (Span, bool) {
    let place = &link.place;
    if let Some((file, line)) = &place.included
        && let Some(text) = text(db, db.entry(file)).readable()
        && let Some(there) = text.lines().nth((*line as usize).saturating_sub(1))
    {
        let mut span = Span::line(file, &text, *line);
        let mut all = there.match_indices(&link.written);
        if let Some((at, _)) = all.find(|(at, _)| begins_target(&there[..*at])) {
            let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX - 1);
            span.column = count(&there[..at]) + 1;
            span = span.long(count(&link.written));
        }
        // Other pages may include it too, from elsewhere.
        return (span, false);
    }
    match place.columns {
        Some(columns) => (source.part(place.line, columns.first, columns.length), true),
        None => source.sure_span(place.line, &link.written, begins_target),
    }
}

/// The files that a page is made from and that cannot be read.
pub fn unreadable_for_page(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    diagnostics_of(unreadable_sources(db, page).into_iter())
}

/// Whether everything shown on a page could be read. Other pages do not count:
/// only their addresses and titles are needed for links.
pub fn is_page_whole(db: &dyn Db, page: Entry) -> bool {
    let source = page.path(db);
    let files = files(db);
    let is_other_page = |path: &SourcePath| {
        *path != source && files.pages.iter().any(|other| other.source == *path)
    };
    let unreadable = unreadable_sources(db, page);
    unreadable.iter().all(|it| is_other_page(&it.path))
}

fn unreadable_sources(db: &dyn Db, page: Entry) -> Vec<&Unreadable> {
    let mut sources = page_diagnostics::accumulated::<Unreadable>(db, page);
    sources.extend(super::page_content::inserted::accumulated::<Unreadable>(
        db, page,
    ));
    sources
}

/// The diagnostics for unreadable sources.
pub(super) fn diagnostics_of<'a>(sources: impl Iterator<Item = &'a Unreadable>) -> Vec<Diagnostic> {
    sort_and_dedup(sources.map(|it| it.diagnostic.clone()).collect())
}
