use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::staging::Staging;
use crate::diagnostic::Diagnostic;
use crate::files::CopyError;
use crate::search::Entry;
use crate::session::Edition;
use crate::site::{Database, Db as _, Origin, Product, Rendered, queries};
use crate::theme::builtin_asset;

/// Writes all outputs of an edition; how many pages there are and what is
/// wrong with them. `progress` hears how many are done.
pub(super) fn write_all(
    db: &Database,
    staging: &Staging,
    edition: &Edition,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> io::Result<(usize, Vec<Diagnostic>)> {
    let outputs = queries::outputs(db);
    // What all languages share is written with the main one.
    let is_own =
        |path: &str| !edition.shared || edition.is_main || path.starts_with(&edition.prefix);
    let (pages, files): (Vec<_>, Vec<_>) = outputs
        .iter()
        .filter(|(path, origin)| is_own(path) && !is_of_all(edition, origin))
        .partition(|(_, origin)| matches!(origin, Origin::Page(_)));
    let place = |path: &str| match edition.shared {
        true => path.to_owned(),
        false => format!("{}{path}", edition.prefix),
    };
    let done = AtomicUsize::new(0);
    let written: Vec<io::Result<Vec<Diagnostic>>> = pages
        .par_iter()
        .map_with(db.clone(), |db, (output, origin)| {
            let found = write(db, staging, &place(output), output, origin);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, pages.len());
            found
        })
        .chain(
            files
                .par_iter()
                .map_with(db.clone(), |db, (output, origin)| {
                    write(db, staging, &place(output), output, origin)
                }),
        )
        .collect();
    let mut diagnostics = Vec::new();
    for found in written {
        diagnostics.extend(found?);
    }
    Ok((pages.len(), diagnostics))
}

/// Whether an output is made of all languages that share a site, once all
/// are known.
fn is_of_all(edition: &Edition, origin: &Origin) -> bool {
    let search = Origin::Made(Product::SearchIndex);
    let script = Origin::Made(Product::SearchScript);
    edition.shared && (*origin == search || *origin == script)
}

/// Writes what is made of all languages. `entries` are what the search finds
/// in all of them.
pub(super) fn write_common(db: &Database, staging: &Staging, entries: &[Entry]) -> io::Result<()> {
    for (output, origin) in queries::outputs(db).iter() {
        if let Origin::Made(product @ (Product::SearchIndex | Product::SearchScript)) = origin {
            let index = queries::search_index_of(db, product, entries);
            staging.write(output, index.as_bytes())?;
        }
    }
    Ok(())
}

/// Where no language lies at the root, what belongs there: a page that leads to
/// the default language, and what servers look for at the root alone.
pub(super) fn at_the_root(
    db: &Database,
    staging: &Staging,
    editions: &[Edition],
) -> io::Result<()> {
    let main = editions.iter().find(|edition| edition.is_main);
    let main = main.filter(|_| editions.iter().all(|it| !it.prefix.is_empty()));
    let Some(main) = main else {
        return Ok(());
    };
    let page = crate::plugins::redirects::page(&main.prefix);
    staging.write("index.html", page.as_bytes())?;
    for (output, origin) in queries::outputs(db).iter() {
        if queries::is_for_root(db, output, origin) {
            write(db, staging, output, output, origin)?;
        }
    }
    Ok(())
}

/// Writes what a template gave nothing where that is blank, as MkDocs.
fn text(staging: &Staging, output: &str, rendered: &Rendered) -> io::Result<()> {
    let html = rendered.html.as_deref().unwrap_or_default();
    if html.trim().is_empty() {
        return Ok(());
    }
    staging.write(output, html.as_bytes())
}

fn write(
    db: &Database,
    staging: &Staging,
    place: &str,
    output: &str,
    origin: &Origin,
) -> io::Result<Vec<Diagnostic>> {
    match origin {
        Origin::Page(source) => {
            let page = db.entry(source);
            let mut found = queries::page_diagnostics(db, page).to_vec();
            found.extend(queries::unreadable_for_page(db, page));
            let rendered = queries::render_page(db, page);
            text(staging, place, &rendered)?;
            found.extend(rendered.diagnostics);
            Ok(found)
        }
        Origin::Template(name) => {
            let rendered = queries::alone(db, name);
            text(staging, place, &rendered)?;
            Ok(rendered.diagnostics.clone())
        }
        Origin::Extra(name, source) => {
            let rendered = queries::extra(db, name, source);
            text(staging, place, &rendered)?;
            Ok(rendered.diagnostics.clone())
        }
        Origin::Packed(name) => {
            let is_blank = |html: &str| html.trim().is_empty();
            let unpacked = queries::alone(db, name);
            if unpacked.html.as_deref().is_some_and(|html| !is_blank(html)) {
                staging.write(place, &queries::packed(db, name))?;
            }
            Ok(Vec::new())
        }
        Origin::Made(product) => {
            staging.write(place, queries::made(db, product).as_bytes())?;
            Ok(Vec::new())
        }
        Origin::Builtin => {
            staging.write(place, &builtin_asset(output).unwrap_or_default())?;
            Ok(Vec::new())
        }
        Origin::File(source) => match staging.copy(place, db.system(), source) {
            Ok(()) => Ok(Vec::new()),
            Err(CopyError::Reading(error)) => Ok(vec![queries::unreadable(source, &error)]),
            Err(CopyError::Writing(error)) => Err(error),
        },
    }
}
