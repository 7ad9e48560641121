//! All outputs to disk. Never async.
//!
//! The new site is written beside the old one and exchanged with it when it
//! is whole: a failed or killed build leaves the previous site as it was.

mod staging;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{Disk, SourcePath};
use crate::session::Session;
use crate::site::{Database, Db as _, Origin, Rendered, queries};
use crate::theme::builtin_asset;

use staging::Staging;

/// How to build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where to write; `None` for what the configuration says.
    pub site_dir: Option<SourcePath>,
    /// Whether warnings fail the build; the configuration may say so too.
    pub strict: bool,
}

/// How a build went.
#[derive(Debug)]
pub struct Report {
    /// The folder that was to be written.
    pub site_dir: PathBuf,
    /// How many pages there are.
    pub pages: usize,
    /// Whether the site was written.
    pub written: bool,
    /// All that is wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds the site. `progress` hears how many of how many pages are done,
/// from several threads.
///
/// What is wrong with the sources is in the report, and nothing is written
/// where it is an error.
///
/// # Errors
/// When the folder cannot be written, or must not be.
pub fn build(
    disk: &Disk,
    session: &Session,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> io::Result<Report> {
    let (_, result) = session.ask(|db| run(disk, db, options, progress));
    result
}

fn run(
    disk: &Disk,
    db: &Database,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> io::Result<Report> {
    let mut diagnostics = queries::site_diagnostics(db).to_vec();
    let config = queries::config(db);
    let named = options.site_dir.clone();
    let site_dir = named.or_else(|| config.as_ref().map(|config| config.site_dir.clone()));
    let site_dir = site_dir.unwrap_or_else(|| SourcePath::new("site"));
    let target = disk.absolute(&site_dir);
    let strict = options.strict || config.as_ref().is_some_and(|config| config.strict);
    let Some(config) = config.filter(|_| !fails(&diagnostics, false)) else {
        return Ok(Report {
            site_dir: target,
            pages: 0,
            written: false,
            diagnostics,
        });
    };
    let sources = [
        Some(&config.docs_dir),
        config.file.as_ref(),
        config.theme.custom_dir.as_ref(),
    ];
    if let Some(source) = sources
        .into_iter()
        .flatten()
        .find(|source| source.below(&site_dir).is_some())
    {
        let message = format!("site_dir `{site_dir}` holds `{source}`: building would delete it");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let outputs = queries::outputs(db);
    let staging = Staging::new(&target)?;
    let (pages, files): (Vec<_>, Vec<_>) = outputs
        .iter()
        .partition(|(_, origin)| matches!(origin, Origin::Page(_)));
    let done = AtomicUsize::new(0);
    let written: Vec<io::Result<Vec<Diagnostic>>> = pages
        .par_iter()
        .map_with(db.clone(), |db, (output, origin)| {
            let found = write(db, &staging, output, origin);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, pages.len());
            found
        })
        .chain(
            files
                .par_iter()
                .map_with(db.clone(), |db, (output, origin)| {
                    write(db, &staging, output, origin)
                }),
        )
        .collect();
    for found in written {
        diagnostics.extend(found?);
    }
    diagnostics = queries::tidy(diagnostics);
    let good = !fails(&diagnostics, strict);
    if good {
        staging.publish()?;
    }
    Ok(Report {
        site_dir: target,
        pages: pages.len(),
        written: good,
        diagnostics,
    })
}

/// Whether these keep a site from being written.
fn fails(diagnostics: &[Diagnostic], strict: bool) -> bool {
    let least = if strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity >= least)
}

/// Writes what a template gave; nothing where that is blank, as MkDocs.
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
    output: &str,
    origin: &Origin,
) -> io::Result<Vec<Diagnostic>> {
    match origin {
        Origin::Page(source) => {
            let page = db.entry(source);
            let mut found = queries::page_diagnostics(db, page).to_vec();
            let rendered = queries::render_page(db, page);
            text(staging, output, &rendered)?;
            found.extend(rendered.diagnostics);
            Ok(found)
        }
        Origin::Template(name) => {
            let rendered = queries::alone(db, name);
            text(staging, output, &rendered)?;
            Ok(rendered.diagnostics.clone())
        }
        Origin::Extra(name, source) => {
            let rendered = queries::extra(db, name, source);
            text(staging, output, &rendered)?;
            Ok(rendered.diagnostics.clone())
        }
        Origin::Packed(name) => {
            let is_blank = |html: &str| html.trim().is_empty();
            let unpacked = queries::alone(db, name);
            if unpacked.html.as_deref().is_some_and(|html| !is_blank(html)) {
                staging.write(output, &queries::packed(db, name))?;
            }
            Ok(Vec::new())
        }
        Origin::Made(product) => {
            staging.write(output, queries::made(db, product).as_bytes())?;
            Ok(Vec::new())
        }
        Origin::Builtin => {
            staging.write(output, &builtin_asset(output).unwrap_or_default())?;
            Ok(Vec::new())
        }
        Origin::File(source) => {
            staging.write(output, &db.system().read(source)?)?;
            Ok(Vec::new())
        }
    }
}
