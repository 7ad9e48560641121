use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::copies::Copies;
use super::staging::Staging;
use super::target::{Placed, Target, write, write_output};
use crate::diagnostic::Diagnostic;
use crate::plugins::privacy::Downloads;
use crate::site::{Database, Db as _, Part, queries};

/// How many pages are written before what was only needed to make them is forgotten.
const PAGES_AT_ONCE: usize = if cfg!(test) { 50 } else { 2000 };

/// How many other outputs one processor makes before another one may take the rest.
const FILES_AT_ONCE: usize = 4;

/// Reads the pages and the theme, on all processors: much of what is asked next needs
/// all of them, and would read one after the other.
pub(super) fn read_sources(db: &Database) {
    let pages = queries::files(db);
    let (for_theme, for_pages) = (db.clone(), db.clone());
    let read_theme = move || drop(queries::theme(&for_theme));
    let read_pages = move || {
        let pages = pages.pages.par_iter();
        pages.for_each_with(for_pages, |db, page| {
            queries::meta(db, db.entry(&page.source));
        });
    };
    rayon::join(read_theme, read_pages);
}

/// Counts pages that are written.
pub(super) struct Progress<'a> {
    /// Called with the number of finished pages and the number of all that are known.
    tell: &'a (dyn Fn(usize, usize) + Sync),
    done: AtomicUsize,
    known: AtomicUsize,
}

impl<'a> Progress<'a> {
    pub(super) fn new(tell: &'a (dyn Fn(usize, usize) + Sync)) -> Self {
        Self {
            tell,
            done: AtomicUsize::new(0),
            known: AtomicUsize::new(0),
        }
    }

    fn page_is_done(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.tell)(done, self.known.load(Ordering::Relaxed));
    }
}

/// Writes all outputs of an edition. Returns the number of pages and what is
/// wrong with them.
pub(super) fn write_all(
    target: Target<'_>,
    downloads: Option<&dyn Downloads>,
    progress: &Progress<'_>,
    notice: &dyn Fn(String),
) -> io::Result<(usize, Vec<Diagnostic>)> {
    let Target {
        session, staging, ..
    } = target;
    let (_, (pages, files)) = session.ask(|db| {
        let outputs = queries::outputs(db);
        let own = outputs.iter().filter_map(|(path, output)| {
            let place = target.addresses.place(target.edition, path)?;
            let is_later = output.kind.is_optional || queries::covers_all_languages(db, output);
            (!is_later).then(|| (place, output.clone()))
        });
        own.partition::<Vec<Placed>, _>(|(_, output)| output.page().is_some())
    });
    let make = |db: &mut Database, placed: &Placed| write_output(db, staging, placed);
    progress.known.fetch_add(pages.len(), Ordering::Relaxed);
    let make_page = |db: &mut Database, page: &Placed| {
        let written = make(db, page);
        if let Some(source) = page.1.page() {
            queries::keep_search_entries(db, db.entry(source));
        }
        progress.page_is_done();
        written
    };
    let mut copies = Copies::new(target, downloads);
    let mut left = &*pages;
    loop {
        let (some, rest) = left.split_at(left.len().min(PAGES_AT_ONCE));
        // What is made of all pages is made while the last of them are.
        let files = if rest.is_empty() { &*files } else { &[] };
        let (_, written) = session.ask(|db| {
            let pages = some.par_iter().map_with(db.clone(), make_page);
            // Those that take long, such as pictures, stand side by side.
            let files = files.par_iter().with_max_len(FILES_AT_ONCE);
            let files = files.map_with(db.clone(), make);
            pages.chain(files).collect::<Vec<_>>()
        });
        for (placed, written) in some.iter().chain(files).zip(written) {
            copies.note(placed, written?);
        }
        if rest.is_empty() {
            return Ok((pages.len(), copies.write(notice)?));
        }
        session.forget();
        left = rest;
    }
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
            diagnostics.extend(write(db, staging, path, produced)?.diagnostics);
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use crate::build::{Options, build};
    use crate::files::recording_disk::Spy;
    use crate::files::{Disk, NoHistory, SourcePath};
    use crate::session::Sites;
    use crate::site::{Content, Invocation, queries};

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
        let report = build(&disk, &sites, &Options::default(), None, &|_, _| {}, &drop);
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

    #[test]
    fn pages_that_are_forgotten_meanwhile_are_what_they_would_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("written");
        };
        write(
            "mkdocs.yml",
            "site_name: x\nplugins: [search]\nvalidation: {anchors: warn}\n",
        );
        for nth in 0..200 {
            // Anchors of pages that are written much later, and of some long gone.
            let (to, dead) = ((nth + 101) % 200, nth % 50);
            let links = format!("[there](p{to}.md#part-{to}) [gone](p{dead}.md#gone)");
            let text = format!("# Page {nth}\n\n## Part {nth}\n\n{links}\n");
            write(&format!("docs/p{nth}.md"), &text);
        }
        let disk = Disk::new(folder.path()).expect("a folder");
        let sites = || {
            let disk = Arc::new(disk.clone());
            Sites::new(disk, Arc::new(NoHistory), Invocation::default())
        };
        let report = build(
            &disk,
            &sites(),
            &Options::default(),
            None,
            &|_, _| {},
            &drop,
        );
        let report = report.expect("built");
        let missing = report.diagnostics.iter();
        let missing = missing.filter(|it| it.rule.name() == "missing-anchor");
        assert_eq!(missing.count(), 200);
        let sites = sites();
        let (_, outputs) = sites.main().ask(|db| queries::outputs(db));
        for (path, output) in outputs.iter() {
            let written = fs::read(folder.path().join("site").join(path));
            let (_, made) = sites.main().ask(|db| queries::produce(db, output));
            match made.content {
                Some(Content::Bytes(bytes)) => {
                    assert!(written.expect("written") == *bytes, "{path}");
                }
                Some(Content::File(_)) => assert!(written.is_ok(), "{path}"),
                None => assert!(written.is_err(), "{path}"),
            }
        }
    }
}
