use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::staging::Staging;
use crate::diagnostic::Diagnostic;
use crate::files::CopyError;
use crate::session::Edition;
use crate::site::{Content, Database, Db as _, Output, Part, Produced, queries};

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
        .filter(|(path, output)| is_own(path) && !queries::is_of_all(db, output))
        .partition(|(_, output)| output.page().is_some());
    let place = |path: &str| match edition.shared {
        true => path.to_owned(),
        false => format!("{}{path}", edition.prefix),
    };
    let make = |db: &mut Database, (path, output): &(&String, &Output)| {
        write(db, staging, &place(path), queries::produce(db, output))
    };
    let done = AtomicUsize::new(0);
    let written: Vec<io::Result<Vec<Diagnostic>>> = pages
        .par_iter()
        .map_with(db.clone(), |db, page| {
            let found = make(db, page);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, pages.len());
            found
        })
        .chain(files.par_iter().map_with(db.clone(), make))
        .collect();
    let mut diagnostics = Vec::new();
    for found in written {
        diagnostics.extend(found?);
    }
    Ok((pages.len(), diagnostics))
}

/// Writes what is made of all languages, of what each brings to it.
pub(super) fn write_common(
    db: &Database,
    staging: &Staging,
    parts: &[Part],
) -> io::Result<Vec<Diagnostic>> {
    let mut found = Vec::new();
    for (path, output) in queries::outputs(db).iter() {
        if queries::is_of_all(db, output) {
            let produced = queries::produce_of_all(db, output, parts);
            found.extend(write(db, staging, path, produced)?);
        }
    }
    Ok(found)
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
    let page = crate::html::redirect(&main.prefix);
    staging.write("index.html", page.as_bytes())?;
    for (path, output) in queries::outputs(db).iter() {
        if queries::is_for_root(db, path, output) {
            write(db, staging, path, queries::produce(db, output))?;
        }
    }
    Ok(())
}

/// Writes an output; what is wrong with it.
fn write(
    db: &Database,
    staging: &Staging,
    place: &str,
    produced: Produced,
) -> io::Result<Vec<Diagnostic>> {
    let mut found = produced.diagnostics;
    match produced.content {
        None => {}
        Some(Content::Bytes(bytes)) => staging.write(place, &bytes)?,
        Some(Content::File(source)) => match staging.copy(place, db.system(), &source) {
            Ok(()) => {}
            Err(CopyError::Reading(error)) => found.push(queries::unreadable(&source, &error)),
            Err(CopyError::Writing(error)) => return Err(error),
        },
    }
    Ok(found)
}
