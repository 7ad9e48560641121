use std::cell::LazyCell;
use std::sync::Arc;

use super::links;
use super::settings::{docs, validation};
use super::sources::Unreadable;
use super::{body, files, front_matter, pages::unreadable, text};
use crate::config::Validation;
use crate::diagnostic::{Diagnostic, Rule, Suggestions, is_plain};
use crate::files::SourcePath;
use crate::markdown::{Destination, Link, Page};
use crate::site::{Db, Entry};

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
        found.extend(found_here.map(|it| {
            let (span, is_sure) = source.sure_span(link.line, &link.written, begins_target);
            if is_sure {
                it.at(span)
            } else {
                it.without_fix().at(span)
            }
        }));
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
            Rule::MissingPage,
            format!("`{path}` does not exist"),
        )
    } else {
        (
            validation.links_unrecognized_links,
            Rule::UnrecognizedLink,
            format!("`{path}` is no file of the docs folder; it is left as written"),
        )
    };
    let mut diagnostic = Diagnostic::note(rule, message);
    diagnostic.severity = level.severity()?;
    Some(match near {
        Some(near) if is_plain(&near.name) => diagnostic.did_you_mean(path, near),
        Some(near) => {
            let text = crate::url::quote(&near.name);
            diagnostic.did_you_mean_as(path, near, &near.name, &text)
        }
        None => diagnostic,
    })
}

/// Whether the target of a link may stand behind this beginning of a line: what
/// is named in the text is not what leads there.
fn begins_target(before: &str) -> bool {
    let before = before.trim_end_matches('<').trim_end_matches(' ');
    ["](", "]:", "=\"", "='"]
        .iter()
        .any(|it| before.ends_with(it))
}

/// What a page is made from, beside the site, and cannot be read.
pub fn unreadable_for_page(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    said(read_for_page(db, page).into_iter())
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

/// The diagnostics of what cannot be read.
pub(super) fn said<'a>(found: impl Iterator<Item = &'a Unreadable>) -> Vec<Diagnostic> {
    tidy(found.map(|it| it.diagnostic.clone()).collect())
}

/// In the order of their places, each once.
pub(crate) fn tidy(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| (&a.span, a).cmp(&(&b.span, b)));
    found.dedup();
    found
}
