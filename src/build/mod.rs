//! Writes all outputs of all languages to disk. Never async.
//!
//! The new site is written beside the old one and exchanged with it once it is
//! complete: a failed or killed build leaves the previous site as it was. A
//! build deletes only what a build made: `manifest.rs` keeps the names.

mod cleanup;
mod copies;
mod folder;
mod lock;
mod manifest;
mod name_tree;
mod names;
mod outputs;
mod patch;
mod protection;
mod site_folder;
mod staging;
mod target;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use parking_lot::Mutex;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity, by_cause};
use crate::files::{Disk, SourcePath};
use crate::languages::{Addresses, LanguageSite};
use crate::plugins::privacy::Downloads;
use crate::session::{LANGUAGES_AT_ONCE, Session, Sites};
use crate::site::{Part, queries};

pub use folder::{FolderWriter, write_folder};
use lock::Lock;
use manifest::Names;
use outputs::Progress;
use protection::ProtectedPaths;
use site_folder::SiteFolder;
use staging::Staging;
use target::Target;

/// Options of a build.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where to write; `None` to use the configuration.
    pub site_dir: Option<SourcePath>,
    /// Whether warnings fail the build; `None` if the configuration decides.
    pub strict: Option<bool>,
    /// Whether a folder may be used that contains files no build made.
    pub adopt: bool,
    /// The user's home folder, which is never used as the site folder.
    pub home: Option<PathBuf>,
}

/// The result of a build.
#[derive(Debug)]
pub struct Report {
    /// The site folder.
    pub site_dir: PathBuf,
    /// The number of pages.
    pub pages: usize,
    /// Whether the site was written.
    pub written: bool,
    /// Everything that is wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Builds the site in all its languages. `progress` is called, from several
/// threads, with the number of finished pages and the number of all pages of the
/// languages that were begun; `notice` with sentences for the user, such as which
/// build this one waits for. Files of other sites that the plugin `privacy` lacks are
/// downloaded if `downloads` are given.
///
/// Problems of the sources are in the report. If one is an error, nothing is
/// written.
///
/// # Errors
/// When the folder cannot or must not be written.
pub fn build(
    disk: &Disk,
    sites: &Sites,
    options: &Options,
    downloads: Option<&dyn Downloads>,
    progress: &(dyn Fn(usize, usize) + Sync),
    notice: &(dyn Fn(String) + Sync),
) -> io::Result<Report> {
    let mut addresses = Addresses::clone(&sites.addresses());
    let (_, (config, storage)) = sites
        .main()
        .ask(|db| (queries::config(db), queries::storage(db)));
    let site_dir = match (&options.site_dir, &config) {
        (Some(named), _) => named.clone(),
        (None, Some(config)) => common_folder(config),
        (None, None) => SourcePath::new("site"),
    };
    let whole = protection::real(&disk.absolute(&site_dir))?;
    let mut target = whole.clone();
    // A build of one language leaves the others as they are.
    let mut keep = Vec::new();
    if sites.is_alone() {
        keep = language_folders(sites);
        for edition in &mut addresses.editions {
            target.push(std::mem::take(&mut edition.site).trim_end_matches('/'));
        }
    }
    let downloads = storage.and(downloads);
    let building = Building {
        disk,
        options,
        downloads,
        notice,
        progress: Progress::new(progress),
        addresses,
        whole,
        target,
        opening: Mutex::default(),
        opened: OnceLock::new(),
    };
    // What is downloaded for one language is there for those after it.
    let at_once = downloads.map_or(LANGUAGES_AT_ONCE, |_| 1);
    let editions = &building.addresses.editions;
    let built = sites.ask_each(editions, at_once, |edition, session| {
        building.build(edition, session)
    });
    let mut whole = Built::default();
    let mut parts = Vec::new();
    for built in built {
        let built = built?;
        whole.pages += built.pages;
        whole.is_strict |= built.is_strict;
        whole.diagnostics.extend(built.diagnostics);
        parts.extend(built.part);
    }
    let diagnostics = by_cause(whole.diagnostics);
    let written = !fails(&diagnostics, options.strict.unwrap_or(whole.is_strict));
    let Building {
        addresses,
        target,
        opened,
        ..
    } = building;
    if written && let Some(site) = opened.into_inner() {
        let main = sites.main();
        if addresses.has_free_root {
            main.ask(|db| outputs::write_root(db, &site.staging)).1?;
        }
        if addresses.is_shared {
            main.ask(|db| outputs::write_common(db, &site.staging, &parts))
                .1?;
        }
        // By now every file is known that the site is made from.
        let protected = ProtectedPaths {
            files: disk.opened(),
            ..protected(disk, options)
        };
        protection::refuse(&target, &protected)?;
        site.publish(&keep, options.adopt, notice)?;
    }
    Ok(Report {
        site_dir: target,
        pages: whole.pages,
        written,
        diagnostics,
    })
}

/// What came of one language, or of all of them.
#[derive(Default)]
struct Built {
    pages: usize,
    is_strict: bool,
    diagnostics: Vec<Diagnostic>,
    /// What outputs of all languages need of it.
    part: Option<Part>,
}

/// A build of all languages.
struct Building<'a> {
    disk: &'a Disk,
    options: &'a Options,
    downloads: Option<&'a dyn Downloads>,
    notice: &'a (dyn Fn(String) + Sync),
    progress: Progress<'a>,
    addresses: Addresses,
    /// The folder of all languages.
    whole: PathBuf,
    /// The folder that is built, which is the same or lies in it.
    target: PathBuf,
    /// Held while the site folder is opened.
    opening: Mutex<()>,
    /// The site folder, once a language without errors has begun.
    opened: OnceLock<Site>,
}

impl Building<'_> {
    /// Writes a language beside the old site.
    fn build(&self, edition: &LanguageSite, session: &Session) -> io::Result<Built> {
        let (_, (config, diagnostics)) = session.ask(|db| {
            outputs::read_sources(db);
            let mut of_site = queries::site_diagnostics(db).to_vec();
            of_site.extend(queries::unreadable_for_site(db));
            of_site.extend(queries::conflicts(db).iter().cloned());
            (queries::config(db), of_site)
        });
        let is_broken = fails(&diagnostics, false);
        let mut built = Built {
            diagnostics,
            ..Built::default()
        };
        let Some(config) = config else {
            return Ok(built);
        };
        if is_broken {
            return Ok(built);
        }
        built.is_strict = config.strict;
        let target = Target {
            session,
            staging: &self.open(&config)?.staging,
            addresses: &self.addresses,
            edition,
        };
        let (count, of_outputs) =
            outputs::write_all(target, self.downloads, &self.progress, self.notice)?;
        built.pages = count;
        built.diagnostics.extend(of_outputs);
        if self.addresses.is_shared {
            built.part = Some(session.ask(|db| queries::part(db)).1);
        }
        Ok(built)
    }

    /// The site folder, which the first language opens. None of the folders that a
    /// configuration names may lie in it.
    fn open(&self, config: &Config) -> io::Result<&Site> {
        let _one_at_a_time = self.opening.lock();
        let mut protected = ProtectedPaths {
            folders: folders(self.disk, config),
            ..protected(self.disk, self.options)
        };
        let opened = self.opened.get();
        if opened.is_none() {
            protected.files = self.disk.opened();
        }
        protection::refuse(&self.target, &protected)?;
        if let Some(site) = opened {
            return Ok(site);
        }
        let site = Site::open(&self.whole, &self.target, self.options.adopt, self.notice)?;
        Ok(self.opened.get_or_init(|| site))
    }
}

/// The folders of the languages below the site folder.
fn language_folders(sites: &Sites) -> Vec<String> {
    let languages = sites.languages();
    let languages = languages.iter().flat_map(|languages| &languages.all);
    languages
        .filter_map(|language| language.prefix.split('/').next())
        .filter(|folder| !folder.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A site folder that is being built: locked, examined, and with a folder for
/// the new site.
struct Site {
    staging: Staging,
    ground: SiteFolder,
    /// Dropped last.
    _lock: Lock,
}

impl Site {
    /// Locks the folder of all languages, and examines the one to be built,
    /// which is the same or lies in it.
    fn open(
        whole: &Path,
        target: &Path,
        adopts: bool,
        notice: &dyn Fn(String),
    ) -> io::Result<Self> {
        if target.symlink_metadata().is_ok() && !target.is_dir() {
            // Fails, before anything is created beside it.
            SiteFolder::look(target, Names::new())?;
        }
        for folder in [whole.parent(), target.parent()].into_iter().flatten() {
            std::fs::create_dir_all(folder).map_err(|error| manifest::named(folder, &error))?;
        }
        let lock = Lock::take(whole, notice)?;
        let notes = cleanup::clear(target)?;
        notes.into_iter().for_each(notice);
        let ground = SiteFolder::look(target, above(whole, target)?)?;
        if !ground.is_known && ground.maker.is_none() && !adopts {
            let message = format!(
                "the folder `{}` contains files that no build made; choose another folder with \
                 `site_dir` or `-d`, or use it anyway with `--adopt`: files with the same names \
                 are overwritten, and all others are kept",
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
                    "the site folder was made by {maker}: {removed} of its files were removed, \
                     and those that it would keep were kept ({others})"
                ),
                None => format!("the site folder was adopted: its other files are kept ({others})"),
            });
        }
        published.notes.into_iter().for_each(notice);
        Ok(())
    }
}

/// The files of one language in the manifest of the folder of all languages.
fn above(whole: &Path, target: &Path) -> io::Result<Names> {
    let below = target.strip_prefix(whole).unwrap_or(Path::new(""));
    if below.as_os_str().is_empty() {
        return Ok(Names::new());
    }
    let Some(names) = manifest::read(whole)? else {
        return Ok(Names::new());
    };
    let own = names
        .iter()
        .filter_map(|name| name.strip_prefix(below).ok());
    Ok(own.map(Path::to_owned).collect())
}

/// The folder of all languages. A configuration that is written for one language
/// at a time names one below it (`site/en`).
fn common_folder(config: &Config) -> SourcePath {
    let languages = config.languages.as_ref();
    let prefix = languages.map_or("", |it| it.default().prefix.trim_end_matches('/'));
    let site_dir = config.site_dir.as_str();
    if !prefix.is_empty()
        && let Some(above) = site_dir.strip_suffix(prefix)
        && let Some(above) = above.strip_suffix('/')
    {
        return SourcePath::new(above);
    }
    config.site_dir.clone()
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
        ("the configuration", config.file.as_ref()),
    ];
    let others = others
        .into_iter()
        .filter_map(|(what, folder)| Some((what, folder?)));
    let packages = config.theme.packages.iter();
    let packages = packages.map(|folder| ("the theme package", folder));
    docs.chain(packages)
        .chain(others)
        .map(|(what, folder)| (what, disk.absolute(folder)))
        .collect()
}

/// What no site folder may contain or lie in.
fn protected<'a>(disk: &'a Disk, options: &'a Options) -> ProtectedPaths<'a> {
    ProtectedPaths {
        project: disk.root(),
        home: options.home.as_deref(),
        folders: Vec::new(),
        files: BTreeSet::new(),
    }
}

/// Whether these diagnostics keep a site from being written.
fn fails(diagnostics: &[Diagnostic], strict: bool) -> bool {
    diagnostics.iter().any(|it| match it.severity {
        Severity::Error => strict || !it.rule.is_asked_for(),
        Severity::Warning => strict,
        Severity::Note => false,
    })
}
