//! All outputs to disk, of all languages. Never async.
//!
//! The new site is written beside the old one and exchanged with it when it
//! is whole: a failed or killed build leaves the previous site as it was.

mod outputs;
mod staging;

use std::io;
use std::path::PathBuf;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{Disk, SourcePath};
use crate::session::Sites;
use crate::site::queries;

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

/// Builds the site in all its languages. `progress` hears how many of how
/// many pages of one are done, from several threads.
///
/// What is wrong with the sources is in the report, and nothing is written
/// where it is an error.
///
/// # Errors
/// When the folder cannot be written, or must not be.
pub fn build(
    disk: &Disk,
    sites: &Sites,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> io::Result<Report> {
    let mut editions = sites.editions();
    let (_, config) = sites.main().ask(|db| queries::config(db));
    let mut site_dir = match (&options.site_dir, &config) {
        (Some(named), _) => named.clone(),
        (None, Some(config)) => whole(config),
        (None, None) => SourcePath::new("site"),
    };
    // A language alone leaves those beside it as they are.
    let mut keep = Vec::new();
    if sites.is_alone() {
        let languages = sites.languages();
        let others = languages.iter().flat_map(|it| &it.all);
        keep = others
            .filter_map(|it| it.prefix.split('/').next())
            .filter(|folder| !folder.is_empty())
            .map(str::to_owned)
            .collect();
        for edition in editions.iter_mut().filter(|it| !it.shared) {
            site_dir = site_dir.join(std::mem::take(&mut edition.prefix));
        }
    }
    let target = disk.absolute(&site_dir);
    let mut staging = None;
    let (mut pages, mut strict, mut diagnostics) = (0, options.strict, Vec::new());
    let mut entries = Vec::new();
    for edition in &editions {
        let session = sites.once(edition);
        let (_, (config, found)) =
            session.ask(|db| (queries::config(db), queries::site_diagnostics(db)));
        diagnostics.extend(found.iter().cloned());
        let Some(config) = config.filter(|_| !fails(&found, false)) else {
            continue;
        };
        strict |= config.strict;
        refuse(&config, &site_dir)?;
        let staging = match &mut staging {
            Some(staging) => staging,
            empty => empty.insert(Staging::new(&target, keep.clone())?),
        };
        let written = session.ask(|db| outputs::write_all(db, staging, edition, progress));
        let (count, found) = written.1?;
        pages += count;
        diagnostics.extend(found);
        if edition.shared {
            let (_, found) = session.ask(|db| queries::searchable(db));
            entries.extend(found.iter().cloned());
        }
    }
    diagnostics = queries::tidy(diagnostics);
    let good = !fails(&diagnostics, strict);
    if let Some(staging) = staging.filter(|_| good) {
        let at_root = sites
            .main()
            .ask(|db| outputs::at_the_root(db, &staging, &editions));
        at_root.1?;
        if editions.iter().any(|edition| edition.shared) {
            let main = sites.main();
            let written = main.ask(|db| outputs::write_common(db, &staging, &entries));
            written.1?;
        }
        staging.publish()?;
    }
    Ok(Report {
        site_dir: target,
        pages,
        written: good,
        diagnostics,
    })
}

/// The folder of all languages: a configuration that names one for each
/// (`site/en`) is written for one at a time.
fn whole(config: &Config) -> SourcePath {
    let languages = config.languages.as_ref();
    let prefix = languages.map_or("", |it| it.default().prefix.trim_end_matches('/'));
    let site_dir = config.site_dir.as_str();
    let above = site_dir.strip_suffix(prefix).filter(|_| !prefix.is_empty());
    match above.and_then(|above| above.strip_suffix('/')) {
        Some(above) => SourcePath::new(above),
        None => config.site_dir.clone(),
    }
}

/// Refuses to write where that would delete sources.
fn refuse(config: &Config, site_dir: &SourcePath) -> io::Result<()> {
    let docs = config.docs.layers.iter().map(|layer| &layer.folder);
    let others = [config.file.as_ref(), config.theme.custom_dir.as_ref()];
    let mut sources = docs.chain(others.into_iter().flatten());
    match sources.find(|source| source.below(site_dir).is_some()) {
        None => Ok(()),
        Some(source) => {
            let message =
                format!("site_dir `{site_dir}` holds `{source}`: building would delete it");
            Err(io::Error::new(io::ErrorKind::InvalidInput, message))
        }
    }
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
