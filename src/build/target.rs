use std::io;

use super::staging::Staging;
use crate::diagnostic::Diagnostic;
use crate::files::CopyError;
use crate::languages::{Addresses, LanguageSite};
use crate::plugins::privacy::Needs;
use crate::session::Session;
use crate::site::{Content, Database, Db as _, Output, Produced, queries};

/// An output and its path in the site folder.
pub(super) type Placed = (String, Output);

/// A place to write the outputs of an edition to.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) session: &'a Session,
    pub(super) staging: &'a Staging,
    pub(super) addresses: &'a Addresses,
    pub(super) edition: &'a LanguageSite,
}

/// What came of writing an output.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// What is wrong with it.
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The files of other sites that it names.
    pub(super) needs: Needs,
}

/// Makes an output and writes it.
pub(super) fn write_output(
    db: &Database,
    staging: &Staging,
    (place, output): &Placed,
) -> io::Result<Written> {
    write(db, staging, place, queries::produce(db, output))
}

/// Writes an output.
pub(super) fn write(
    db: &Database,
    staging: &Staging,
    place: &str,
    produced: Produced,
) -> io::Result<Written> {
    let mut diagnostics = produced.diagnostics;
    match produced.content {
        None => {}
        Some(Content::Bytes(bytes)) => staging.write(place, &bytes)?,
        Some(Content::File(source)) => match staging.copy(place, db.system(), &source) {
            Ok(()) => {}
            Err(CopyError::Reading(error)) => {
                diagnostics.push(queries::unreadable(&source, &error));
            }
            Err(CopyError::Writing(error)) => return Err(error),
        },
    }
    Ok(Written {
        diagnostics,
        needs: produced.needs,
    })
}
