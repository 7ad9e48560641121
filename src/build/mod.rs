//! All outputs to disk, of all languages. Never async.
//!
//! The new site is written beside the old one and exchanged with it when it
//! is whole: a failed or killed build leaves the previous site as it was. A
//! build deletes only what a build made: `manifest.rs` keeps its names.

mod ground;
mod leftovers;
mod lock;
mod manifest;
mod names;
mod outputs;
mod patch;
mod place;
mod staging;

use std::io;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::files::{Disk, SourcePath};
use crate::languages::Addresses;
use crate::session::Sites;
use crate::site::queries;

use ground::Ground;
use lock::Lock;
use manifest::Names;
use place::Protected;
use staging::Staging;

/// How to build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where to write; `None` for what the configuration says.
    pub site_dir: Option<SourcePath>,
    /// Whether warnings fail the build; the configuration may say so too.
    pub strict: bool,
    /// Whether a folder may be used that holds what no build made.
    pub adopt: bool,
    /// The person's own folder, in which no site is written.
    pub home: Option<PathBuf>,
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
/// many pages of one are done, from several threads; `notice` hears sentences
/// for the person who builds, such as whom it waits for.
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
    notice: &dyn Fn(String),
) -> io::Result<Report> {
    let mut addresses = Addresses::clone(&sites.addresses());
    let (_, config) = sites.main().ask(|db| queries::config(db));
    let site_dir = match (&options.site_dir, &config) {
        (Some(named), _) => named.clone(),
        (None, Some(config)) => whole(config),
        (None, None) => SourcePath::new("site"),
    };
    let whole = place::real(&disk.absolute(&site_dir))?;
    // A language alone leaves those beside it as they are.
    let mut keep = Vec::new();
    let mut target = whole.clone();
    if sites.is_alone() {
        let languages = sites.languages();
        let others = languages.iter().flat_map(|it| &it.all);
        keep = others
            .filter_map(|it| it.prefix.split('/').next())
            .filter(|folder| !folder.is_empty())
            .map(str::to_owned)
            .collect();
        for edition in &mut addresses.editions {
            target.push(std::mem::take(&mut edition.site).trim_end_matches('/'));
        }
    }
    let mut opened: Option<Site> = None;
    let (mut pages, mut strict, mut diagnostics) = (0, options.strict, Vec::new());
    let mut parts = Vec::new();
    for edition in &addresses.editions {
        let session = sites.once(edition);
        let (_, (config, found)) = session.ask(|db| {
            let mut found = queries::site_diagnostics(db).to_vec();
            found.extend(queries::unreadable_for_site(db));
            found.extend(queries::conflicts(db).iter().cloned());
            (queries::config(db), found)
        });
        diagnostics.extend(found.iter().cloned());
        let Some(config) = config.filter(|_| !fails(&found, false)) else {
            continue;
        };
        strict |= config.strict;
        let folders = folders(disk, &config);
        place::refuse(&target, &protected(disk, options, folders))?;
        let site = match &mut opened {
            Some(site) => site,
            empty => empty.insert(Site::open(&whole, &target, options.adopt, notice)?),
        };
        let written =
            session.ask(|db| outputs::write_all(db, &site.staging, &addresses, edition, progress));
        let (count, found) = written.1?;
        pages += count;
        diagnostics.extend(found);
        if addresses.is_shared {
            parts.push(session.ask(|db| queries::part(db)).1);
        }
    }
    diagnostics = queries::tidy(diagnostics);
    let good = !fails(&diagnostics, strict);
    if let Some(site) = opened.filter(|_| good) {
        let main = sites.main();
        if addresses.has_free_root {
            let written = main.ask(|db| outputs::write_root(db, &site.staging));
            written.1?;
        }
        if addresses.is_shared {
            let written = main.ask(|db| outputs::write_common(db, &site.staging, &parts));
            written.1?;
        }
        // By now all is known that the site is made from.
        place::refuse(&target, &protected(disk, options, Vec::new()))?;
        site.publish(&keep, options.adopt, notice)?;
    }
    Ok(Report {
        site_dir: target,
        pages,
        written: good,
        diagnostics,
    })
}

/// A site folder that is being built: locked, looked at, and with a folder for
/// the new site.
struct Site {
    staging: Staging,
    ground: Ground,
    /// Goes last.
    _lock: Lock,
}

impl Site {
    /// Locks the folder of all languages, and looks at the one that is to be
    /// built, which is that or lies in it.
    fn open(
        whole: &Path,
        target: &Path,
        adopts: bool,
        notice: &dyn Fn(String),
    ) -> io::Result<Self> {
        if target.symlink_metadata().is_ok() && !target.is_dir() {
            // Said before anything is made beside it.
            Ground::look(target, Names::new())?;
        }
        for folder in [whole.parent(), target.parent()].into_iter().flatten() {
            std::fs::create_dir_all(folder).map_err(|error| manifest::named(folder, &error))?;
        }
        let lock = Lock::take(whole, notice)?;
        let notes = leftovers::clear(target)?;
        notes.into_iter().for_each(notice);
        let ground = Ground::look(target, above(whole, target)?)?;
        if !ground.is_known && ground.maker.is_none() && !adopts {
            let message = format!(
                "the folder `{}` is not empty, and no build made what is in it; name another \
                 folder with `site_dir` or `-d`, or use it all the same with `--adopt`: then \
                 files of the same names are overwritten, and all others stay",
                target.display()
            );
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        Ok(Self {
            staging: Staging::new(target, &ground)?,
            ground,
            _lock: lock,
        })
    }

    fn publish(self, keep: &[String], adopts: bool, notice: &dyn Fn(String)) -> io::Result<()> {
        let overwrites = adopts || self.ground.maker.is_some();
        let published = self.staging.publish(&self.ground, keep, overwrites)?;
        if !self.ground.is_known {
            let others = self.ground.foreign.len();
            let removed = published.removed;
            notice(match self.ground.maker {
                Some(maker) => format!(
                    "the site folder was one of {maker}: {removed} of its files were removed, \
                     and what it would keep stays ({others})"
                ),
                None => format!("the site folder was adopted: what lay there stays ({others})"),
            });
        }
        published.notes.into_iter().for_each(notice);
        Ok(())
    }
}

/// What the manifest of the folder of all languages says of one of them.
fn above(whole: &Path, target: &Path) -> io::Result<Names> {
    let below = target.strip_prefix(whole).unwrap_or(Path::new(""));
    if below.as_os_str().is_empty() {
        return Ok(Names::new());
    }
    let names = manifest::read(whole)?.unwrap_or_default();
    let own = names
        .iter()
        .filter_map(|name| name.strip_prefix(below).ok());
    Ok(own.map(Path::to_owned).collect())
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

/// Folders whose files become outputs or templates.
fn folders(disk: &Disk, config: &Config) -> Vec<(&'static str, PathBuf)> {
    let docs = config.docs.layers.iter().map(|layer| &layer.folder);
    let docs = docs.map(|folder| ("the docs folder", folder));
    let others = [
        ("the static files", config.static_dir.as_ref()),
        ("the themes", config.themes_dir.as_ref()),
        (
            "the theme\u{2019}s folder",
            config.theme.custom_dir.as_ref(),
        ),
        ("the theme package", config.theme.package.as_ref()),
        ("the configuration", config.file.as_ref()),
    ];
    let others = others
        .into_iter()
        .filter_map(|(what, folder)| Some((what, folder?)));
    docs.chain(others)
        .map(|(what, folder)| (what, disk.absolute(folder)))
        .collect()
}

fn protected<'a>(
    disk: &'a Disk,
    options: &'a Options,
    folders: Vec<(&'static str, PathBuf)>,
) -> Protected<'a> {
    Protected {
        project: disk.root(),
        home: options.home.as_deref(),
        folders,
        files: disk.opened(),
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
