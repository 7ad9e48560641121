use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::staging::Staging;
use crate::diagnostic::Diagnostic;
use crate::files::CopyError;
use crate::languages::{Addresses, LanguageSite};
use crate::site::{Content, Database, Db as _, Output, Part, Produced, queries};

/// Writes all outputs of an edition. Returns the number of pages and what is
/// wrong with them. `progress` is called with the number of finished pages and
/// of all pages.
pub(super) fn write_all(
    db: &Database,
    staging: &Staging,
    addresses: &Addresses,
    edition: &LanguageSite,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> io::Result<(usize, Vec<Diagnostic>)> {
    let outputs = queries::outputs(db);
    let own = outputs.iter().filter_map(|(path, output)| {
        let place = addresses.place(edition, path)?;
        (!queries::covers_all_languages(db, output)).then_some((place, output))
    });
    let (pages, files): (Vec<_>, Vec<_>) = own.partition(|(_, output)| output.page().is_some());
    let make = |db: &mut Database, (place, output): &(String, &Output)| {
        write(db, staging, place, queries::produce(db, output))
    };
    let done = AtomicUsize::new(0);
    let written: Vec<io::Result<Vec<Diagnostic>>> = pages
        .par_iter()
        .map_with(db.clone(), |db, page| {
            let diagnostics = make(db, page);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, pages.len());
            diagnostics
        })
        .chain(files.par_iter().map_with(db.clone(), make))
        .collect();
    let mut diagnostics = Vec::new();
    for of_output in written {
        diagnostics.extend(of_output?);
    }
    Ok((pages.len(), diagnostics))
}

/// Writes the outputs that are made from the parts of all languages.
pub(super) fn write_common(
    db: &Database,
    staging: &Staging,
    parts: &[Part],
) -> io::Result<Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    for (path, output) in queries::outputs(db).iter() {
        if queries::covers_all_languages(db, output) {
            let produced = queries::produce_for_all_languages(db, output, parts);
            diagnostics.extend(write(db, staging, path, produced)?);
        }
    }
    Ok(diagnostics)
}

/// Writes the outputs at the root where no language has the root.
pub(super) fn write_root(db: &Database, staging: &Staging) -> io::Result<()> {
    for (path, output) in queries::root_outputs(db).iter() {
        // Its problems were reported with its language.
        write(db, staging, path, queries::produce(db, output))?;
    }
    Ok(())
}

/// Writes an output and returns what is wrong with it.
fn write(
    db: &Database,
    staging: &Staging,
    place: &str,
    produced: Produced,
) -> io::Result<Vec<Diagnostic>> {
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
    Ok(diagnostics)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use crate::build::{Options, build};
    use crate::files::recording_disk::Spy;
    use crate::files::{Disk, NoHistory, SourcePath};
    use crate::session::Sites;
    use crate::site::Invocation;

    #[test]
    fn files_that_are_copied_are_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let copied = ["docs/a.png", "static/b.txt", "overrides/assets/c.js"];
        for (path, text) in [
            (
                "mkdocs.yml",
                "site_name: x\ntheme:\n  name: proofroom\n  custom_dir: overrides\n",
            ),
            ("docs/index.md", "# Home\n\n![a](a.png)\n"),
            (copied[0], "a"),
            (copied[1], "b"),
            (copied[2], "c"),
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("written");
        }
        let disk = Disk::new(folder.path()).expect("a folder");
        let spy = Spy::new(disk.clone());
        let sites = Sites::new(
            Arc::new(spy.clone()),
            Arc::new(NoHistory),
            Invocation::default(),
        );
        let report = build(&disk, &sites, &Options::default(), &|_, _| {}, &drop);
        let report = report.expect("built");
        assert!(report.written, "{:?}", report.diagnostics);
        for path in ["site/a.png", "site/assets/c.js"] {
            assert!(folder.path().join(path).is_file(), "{path}");
        }
        let read = spy.read_files();
        assert!(read.contains(&SourcePath::new("docs/index.md")));
        for path in copied {
            assert!(!read.contains(&SourcePath::new(path)), "{path} of {read:?}");
        }
    }
}
