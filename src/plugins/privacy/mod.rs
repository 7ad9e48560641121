//! `privacy`: files of other sites are published with the site, so that readers' browsers ask
//! nobody else for them.
//!
//! Nothing here downloads anything. What was downloaded is a file in the plugin's cache folder,
//! which is read like any other source: a page names the copy where there is one, and the
//! original address otherwise. What is missing is listed in [`Needs`], for those who may
//! download it. Names of files and folders are those of Material's plugin, so that its caches
//! can be used.

mod address;
mod foreign;
mod html;
mod ledger;
mod media_type;
mod remarks;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use regex::Regex;
use serde_json::{Map, Value};

use super::exclude::Excluded;
use super::regular_expressions::compile;
use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::options::options;

pub use address::{Address, split_ending};
pub use foreign::{ForeignAsset, foreign_assets, foreign_in_file};
pub use html::with_copies as page_with_copies;
pub use ledger::{Ledger, Record};
pub use media_type::ending as ending_of_media_type;
pub use remarks::{address_of_remark, remarks};
pub use text::with_copies as text_with_copies;

options! {
    /// The plugin's options. Those with other names than today's are of earlier versions.
    struct Options {
        concurrency: Option<i64>,
        cache: bool = true,
        cache_dir: String = ".cache/plugin/privacy",
        log: bool = true,
        log_level: String = "info",
        assets: bool = true,
        assets_fetch: bool = true,
        assets_fetch_dir: Option<String>,
        assets_include: Option<Vec<String>>,
        assets_exclude: Option<Vec<String>>,
        assets_expr_map: Option<Map<String, Value>>,
        links: Option<bool>,
        links_attr_map: Option<Map<String, Value>>,
        links_noopener: Option<bool>,
        external_assets_dir: Option<String>,
        external_assets_include: Option<Vec<String>>,
        external_assets_exclude: Option<Vec<String>>,
        external_assets_expr: Option<Map<String, Value>>,
        external_links: Option<bool>,
        external_links_attr_map: Option<Map<String, Value>>,
        external_links_noopener: Option<bool>,
    }
}

/// The names of all options.
pub const OPTIONS: &[&str] = Options::NAMES;

/// The option that takes expressions.
pub const EXPRESSIONS: &str = "assets_expr_map";

/// How many files are downloaded at once unless a site says otherwise.
const AT_ONCE: usize = 8;

/// The most files that a site may have downloaded at once.
const MOST_AT_ONCE: i64 = 32;

/// What the plugin does on a site.
#[derive(Debug)]
pub struct Settings {
    /// Whether copies that are there already are used instead of downloading anew.
    pub is_cached: bool,
    /// The folder of the copies, as written.
    pub cache_dir: String,
    /// How many files are downloaded at once.
    pub at_once: usize,
    /// Whether a file that cannot be downloaded is worth a warning, or just a note.
    pub warns: bool,
    /// Where the copies are in the site, and below the cache folder.
    pub folder: SourcePath,
    assets: bool,
    fetches: bool,
    include: Option<Excluded>,
    exclude: Excluded,
    expressions: Vec<Expression>,
    links: bool,
    link_attributes: Vec<(String, String)>,
    noopener: bool,
    /// The site's own host.
    host: Option<String>,
    /// The path of the site on its server, with `/` at both ends.
    base: String,
    /// What it was made from.
    source: (Map<String, Value>, Option<String>, String),
}

impl PartialEq for Settings {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Settings {}

/// How addresses are found in files with an ending.
#[derive(Debug)]
struct Expression {
    /// The ending, with its dot.
    ending: String,
    regex: Regex,
}

/// Addresses in style sheets: with quotes of either kind, or without any.
const IN_STYLES: &str = r#"url\(\s*(?:"(?P<double>(?:https?:)?//[^)'"]+)"|'(?P<single>(?:https?:)?//[^)'"]+)'|(?P<url>(?:https?:)?//[^)'"]+))\s*\)"#;

/// Imports of style sheets without `url(..)`, which the plugin does not look at.
const IMPORTS: &str = r#"@import\s+["'](?P<url>(?:https?:)?//[^"']+)["']"#;

/// Addresses in scripts.
const IN_SCRIPTS: &str = r#"["'](?P<url>(?:https?:)?//[^"']+\.(?:css|js(?:on)?))["']"#;

/// As the plugin compiles expressions: letters of either case are the same, and `^` and `$`
/// are the ends of lines.
fn expression(written: &str) -> Result<Regex, Box<Diagnostic>> {
    compile(written)?;
    compile(&format!("(?im){written}"))
}

impl Settings {
    /// Reads the plugin's options for a site at an address, whose path on its server is
    /// `base`.
    pub fn new(options: &Map<String, Value>, site_url: Option<&str>, base: &str) -> Self {
        let read = Options::read(options);
        let texts = |map: Option<Map<String, Value>>| {
            let pairs = map.into_iter().flatten();
            pairs.filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())))
        };
        let mut expressions: Vec<Expression> = Vec::new();
        let built_in = [(".css", IN_STYLES), (".js", IN_SCRIPTS)];
        let built_in = built_in.map(|(ending, regex)| (ending.to_owned(), regex.to_owned()));
        let own = texts(read.assets_expr_map.or(read.external_assets_expr));
        for (ending, written) in built_in.into_iter().chain(own) {
            expressions.retain(|it| it.ending != ending);
            if let Ok(regex) = expression(&written) {
                expressions.push(Expression { ending, regex });
            }
        }
        let include = read.assets_include.or(read.external_assets_include);
        let include = include.filter(|patterns| !patterns.is_empty());
        let exclude = read.assets_exclude.or(read.external_assets_exclude);
        let folder = read.assets_fetch_dir.or(read.external_assets_dir);
        let at_once = read.concurrency.map_or(AT_ONCE, |given| {
            usize::try_from(given.clamp(1, MOST_AT_ONCE)).unwrap_or(AT_ONCE)
        });
        Self {
            is_cached: read.cache,
            cache_dir: read.cache_dir,
            at_once,
            warns: read.log && read.log_level != "error",
            folder: SourcePath::new(folder.as_deref().unwrap_or("assets/external")),
            assets: read.assets,
            fetches: read.assets_fetch,
            include: include.map(|patterns| Excluded::globs(&patterns)),
            exclude: Excluded::globs(&exclude.unwrap_or_default()),
            expressions,
            links: read.links.or(read.external_links).unwrap_or(true),
            link_attributes: texts(read.links_attr_map.or(read.external_links_attr_map)).collect(),
            noopener: read
                .links_noopener
                .or(read.external_links_noopener)
                .unwrap_or(true),
            host: site_url.and_then(|site| Address::parse(site).host()),
            base: base.to_owned(),
            source: (
                options.clone(),
                site_url.map(str::to_owned),
                base.to_owned(),
            ),
        }
    }

    /// The expressions that cannot be used, each with its problem. They are not looked for.
    pub fn faults(options: &Map<String, Value>) -> Vec<(String, Diagnostic)> {
        let read = Options::read(options);
        let own = read.assets_expr_map.or(read.external_assets_expr);
        let own = own.into_iter().flatten();
        let faults = own.filter_map(|(ending, written)| {
            let fault = expression(written.as_str()?).err()?;
            Some((ending, *fault))
        });
        faults.collect()
    }

    /// Whether addresses are looked for in files with the ending of this path.
    pub fn reads(&self, path: &str) -> bool {
        self.assets && self.expression(path).is_some()
    }

    /// How addresses are found in files with the ending of this path.
    fn expression(&self, path: &str) -> Option<&Regex> {
        let (_, ending) = split_ending(path);
        let mut expressions = self.expressions.iter();
        let found = expressions.find(|it| it.ending == ending)?;
        Some(&found.regex)
    }

    /// What is to be done with the file at an address.
    fn plan(&self, address: &Address) -> Plan {
        let is_foreign = address.host().is_some_and(|host| Some(host) != self.host);
        if !is_foreign || !self.assets {
            return Plan::Leave;
        }
        let file = address.file();
        let compared = file.clone().unwrap_or_else(|| address.without_file());
        // As in the plugin, what is included is downloaded in any case.
        match &self.include {
            Some(include) if !include.matches(&compared) => return Plan::Leave,
            Some(_) => {}
            None if self.exclude.matches(&compared) => return Plan::Leave,
            None if !self.fetches => return Plan::Name,
            None => {}
        }
        Plan::Take(if address.is_downloadable() {
            file
        } else {
            None
        })
    }
}

/// What is to be done with a file of another site.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// Nothing.
    Leave,
    /// It is not downloaded, but the author should know of it.
    Name,
    /// It is to be copied to this path below the folder of copies; `None` if it cannot be.
    Take(Option<String>),
}

/// A file that is to be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wanted {
    /// Its address, which begins with `//` if it does not matter how it is asked for.
    pub url: String,
    /// Where it is stored below the folder of copies, before the ending that its media type
    /// may add.
    pub file: String,
}

/// The files of other sites that an output names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// The copies that it names, by their paths below the site.
    pub copies: BTreeSet<String>,
    /// What they are copies of.
    pub found: BTreeSet<Wanted>,
    /// What would have to be downloaded: it names the original address.
    pub missing: BTreeSet<Wanted>,
    /// The addresses that are not downloaded because the site asks for nothing to be
    /// (`assets_fetch: false`), although nothing excludes them.
    pub left: BTreeSet<String>,
    /// Those that cannot be: they hold a password or lead to no file.
    pub unfit: BTreeSet<String>,
}

impl Needs {
    /// Whether all files of other sites that it names are copies.
    pub fn are_met(&self) -> bool {
        self.missing.is_empty() && self.left.is_empty() && self.unfit.is_empty()
    }

    /// Adds those of another output.
    pub fn extend(&mut self, other: Self) {
        self.copies.extend(other.copies);
        self.found.extend(other.found);
        self.missing.extend(other.missing);
        self.left.extend(other.left);
        self.unfit.extend(other.unfit);
    }
}

/// Where downloads are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// The cache folder.
    pub cache: SourcePath,
    /// The folder of copies below it.
    pub folder: SourcePath,
    /// How many files are downloaded at once.
    pub at_once: usize,
}

/// What came of downloads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Downloaded {
    /// The sources that are new or other than before.
    pub changed: Vec<SourcePath>,
    /// What failed, each with the reason as the end of a sentence.
    pub failed: BTreeMap<Wanted, String>,
    /// What users should know, in sentences.
    pub notes: Vec<String>,
    /// How many files were downloaded.
    pub count: usize,
    /// The length of all of them in bytes.
    pub bytes: u64,
}

/// Downloads files of other sites. The settings of a site decide what is wanted, and who
/// implements this what it may cost and who may be asked.
pub trait Downloads: fmt::Debug + Send + Sync {
    /// Downloads files. What has failed before is not tried again.
    fn download(&self, wanted: &BTreeSet<Wanted>, storage: &Storage) -> Downloaded;

    /// Compares copies with what was downloaded, and tells in sentences which were changed.
    fn verify(&self, used: &BTreeSet<Wanted>, storage: &Storage) -> Vec<String>;
}

/// Finds copies by their paths below the folder of copies: the path with the ending that the
/// media type has added to it. `None` if the file was not downloaded.
pub type FindCopy<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What an output that names files of other sites is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// It has this address below the site.
    At(&'a str),
    /// It is shown at any address, as pages for errors are.
    Anywhere,
}

/// Replaces addresses while it collects what is needed for that.
struct Copier<'a> {
    settings: &'a Settings,
    find: FindCopy<'a>,
    needs: Needs,
}

impl<'a> Copier<'a> {
    fn new(settings: &'a Settings, find: FindCopy<'a>) -> Self {
        Self {
            settings,
            find,
            needs: Needs::default(),
        }
    }

    /// The path below the site of the copy of the file at an address, if there is one.
    fn copy(&mut self, address: &Address) -> Option<String> {
        match self.settings.plan(address) {
            Plan::Leave => None,
            Plan::Name => {
                self.needs.left.insert(address.to_download());
                None
            }
            Plan::Take(None) => {
                self.needs.unfit.insert(address.to_download());
                None
            }
            Plan::Take(Some(file)) => {
                let copy = (self.find)(&file);
                let url = address.to_download();
                let wanted = Wanted { url, file };
                let Some(copy) = copy else {
                    self.needs.missing.insert(wanted);
                    return None;
                };
                self.needs.found.insert(wanted);
                let copy = self.settings.folder.join(copy).as_str().to_owned();
                self.needs.copies.insert(copy.clone());
                Some(copy)
            }
        }
    }
}
