//! Reads `mkdocs.yml`, `proofroom.toml` and their like into one checked value.

mod check_rules;
mod editor;
mod env_file;
mod extensions;
mod feeds;
mod folders;
mod gaps;
mod installed_theme;
mod keys;
mod known_plugins;
mod languages;
mod load;
mod locations;
mod macro_variables;
mod merge;
mod named_list;
mod nav;
mod plugin_marks;
mod plugins;
mod reader;
mod scripts;
mod site;
mod sources;
mod static_i18n;
mod theme;
mod theme_manifest;
mod theme_package;
mod toml;
mod validation;
mod withholding;
mod yaml_tags;
mod zensical;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Levels};
use crate::files::SourcePath;
use crate::languages::{Docs, Languages};
use crate::markdown::Extension;

pub use self::editor::Editor;
pub use self::env_file::parse_env_file;
pub use self::folders::Folders;
pub use self::gaps::{Gap, of_hook as gap_of_hook};
pub use self::installed_theme::catalogue_paths;
pub use self::keys::{Key, KeyStatus};
pub use self::known_plugins::Built;
pub use self::load::{CONFIG_FILES, load};
pub use self::locations::{SettingDiagnostic, SettingLocations, SettingRef};
pub use self::macro_variables::MacroVariable;
pub use self::plugins::unread_option;
pub use self::sources::{Read, Sources};
pub use self::theme_manifest::ThemeManifest;
pub use self::toml::from_toml;
pub use self::withholding::{KeyTest, OptionOr, WithheldPages, Withholding, withholdings};
pub use plugin_marks::mark_of_plugin;

/// The variables that `!ENV` reads. They are an input like any file, so that
/// only the command line looks at the process.
pub type Environment = BTreeMap<String, String>;

/// A complete, checked configuration with defaults filled in.
///
/// Fields that MkDocs 1.6 has too are named as there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file it was read from; `None` for a bare folder.
    pub file: Option<SourcePath>,
    /// The site's name.
    pub site_name: String,
    /// The address of the published site, with a slash at the end.
    pub site_url: Option<String>,
    /// For `<meta name="description">`.
    pub site_description: Option<String>,
    /// For `<meta name="author">`.
    pub site_author: Option<String>,
    /// HTML for the footer.
    pub copyright: Option<String>,
    /// The address of the repository.
    pub repo_url: Option<String>,
    /// The name of the repository, derived from its address if not given.
    pub repo_name: Option<String>,
    /// The path below `repo_url` where sources are edited.
    pub edit_uri: Option<String>,
    /// The same with `{path}` and `{path_noext}`.
    pub edit_uri_template: Option<String>,
    /// The folder of pages.
    pub docs_dir: SourcePath,
    /// `docs_dir` as configured, if the language has a different one.
    pub base_docs: Option<SourcePath>,
    /// Whether `edit_uri` leads to the project's folder, not to `docs_dir`.
    pub edits_project: bool,
    /// Where pages and their files are read from: `docs_dir`, and for what a
    /// language lacks, the folder of the language it falls back to.
    pub docs: Docs,
    /// All languages of the site, if it configures languages.
    pub languages: Option<Arc<Languages>>,
    /// The path of the site on its server, with `/` at both ends.
    pub base: String,
    /// The folder whose files are copied to the site root as they are;
    /// `None` for an `mkdocs.yml`, which has no such folder.
    pub static_dir: Option<SourcePath>,
    /// The folder of the site's own themes; `None` for an `mkdocs.yml`.
    pub themes_dir: Option<SourcePath>,
    /// The folder that `build` writes to.
    pub site_dir: SourcePath,
    /// Whether `a.md` becomes `a/index.html`.
    pub use_directory_urls: bool,
    /// Whether warnings fail a build.
    pub strict: bool,
    /// Where `serve` listens, `host:port`.
    pub dev_addr: String,
    /// The nav as written; `None` if it follows the folders.
    pub nav: Option<Vec<NavEntry>>,
    /// The theme.
    pub theme: ThemeConfig,
    /// `extra`, for templates.
    pub extra: Value,
    /// `extra_css`, addresses relative to the site root or absolute.
    pub extra_css: Vec<String>,
    /// `extra_javascript`.
    pub extra_javascript: Vec<Script>,
    /// `extra_templates`: pages of `docs_dir` that are templates.
    pub extra_templates: Vec<String>,
    /// `markdown_extensions`, defaults (`toc`, `tables`, `fenced_code`) included.
    pub extensions: Vec<Extension>,
    /// Plugins that are enabled, in order.
    pub plugins: Vec<Plugin>,
    /// Python files that MkDocs would run, as written.
    pub hooks: Vec<String>,
    /// Additional folders and files that `serve` watches.
    pub watch: Vec<SourcePath>,
    /// Folders that symbolic links may lead to in addition to the repository.
    pub linked_dirs: Vec<SourcePath>,
    /// `.gitignore` lines: files of `docs_dir` that are not part of the site.
    pub exclude_docs: String,
    /// Pages that `serve` shows and `build` leaves out, as `.gitignore` lines.
    pub draft_docs: String,
    /// Pages that may be absent from the nav, as `.gitignore` lines.
    pub not_in_nav: String,
    /// The severity of each kind of problem.
    pub validation: Validation,
    /// How severe the problems of each rule are.
    pub levels: Levels,
    /// `[macros] variables`, in the order of the file.
    pub macro_variables: Vec<(String, MacroVariable)>,
    /// `[inventories]`: the files that hold the inventories of other sites, by their
    /// addresses.
    pub inventories: Vec<(String, SourcePath)>,
    /// `[cards] fonts`: the folder with the fonts of social cards.
    pub card_fonts: Option<SourcePath>,
    /// `[search] whole_index`: whether the built-in theme also has its search index in
    /// one file, as Material for MkDocs has it.
    pub whole_search_index: bool,
    /// `[pages] markdown`: whether the Markdown of each page is published beside it.
    pub has_markdown_files: bool,
    /// `[feeds]`.
    pub feeds: Option<crate::feeds::Table>,
    /// `[server] editor`: what `serve` opens files with.
    pub editor: Option<Editor>,
}

/// One entry of a configured nav.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// The title as written; `None` if the page's own title is used.
    pub title: Option<String>,
    /// What it leads to.
    pub target: NavTarget,
    /// The part of the configuration that it comes from.
    pub subject: SettingRef,
}

/// What a [`NavEntry`] leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NavTarget {
    /// A path below `docs_dir` or an address, as written.
    Path(String),
    /// A section.
    Section(Vec<NavEntry>),
}

/// The `theme` setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeConfig {
    /// `material`, `proofroom`, ..; `None` for `name: null`.
    pub name: Option<String>,
    /// Whether somebody chose that name; otherwise it is the default.
    pub is_chosen: bool,
    /// The folders of an installed theme's templates, such as those of Material
    /// for MkDocs: its own, those of the themes that it extends, and those of
    /// MkDocs' search. Earlier ones take precedence. Empty for the built-in theme.
    pub packages: Vec<SourcePath>,
    /// MkDocs' own search, which an installed theme other than Material's uses.
    pub search: Option<MkDocsSearch>,
    /// The folder of templates and assets that override the theme's own.
    pub custom_dir: Option<SourcePath>,
    /// The language of the theme's texts, such as `en` or `zh-Hant`.
    pub language: String,
    /// Templates rendered as pages of their own (`404.html`, `sitemap.xml`).
    pub static_templates: Vec<String>,
    /// All other keys (`palette`, `features`, `icon`, `font`, `logo`, ..), for
    /// templates.
    pub settings: Map<String, Value>,
}

/// MkDocs' own search, whose scripts belong to its package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MkDocsSearch {
    /// Its folder (`mkdocs/contrib/search`); `None` if it was not found, or if the
    /// theme has scripts of its own and only needs the index.
    pub folder: Option<SourcePath>,
}

/// One script of `extra_javascript`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The address, relative to the site root or absolute.
    pub path: String,
    /// The `type` attribute.
    pub kind: Option<String>,
    /// The `async` attribute.
    pub is_async: bool,
    /// The `defer` attribute.
    pub defer: bool,
}

/// One enabled plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugin {
    /// Its name, such as `search`.
    pub name: String,
    /// Its options.
    pub options: Map<String, Value>,
    /// What is missing because it is not run; `None` if it is, or if pages are
    /// complete without it.
    pub gap: Option<Gap>,
}

impl Plugin {
    /// A remark about the plugin, shown where it is configured.
    pub fn remark(&self, diagnostic: Diagnostic) -> SettingDiagnostic {
        SettingDiagnostic::about(SettingRef::Plugin(self.name.clone()), diagnostic)
    }
}

/// The `validation` setting: the severity of each kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validation {
    /// Pages that the nav leaves out (default: info).
    pub nav_omitted_files: Level,
    /// Nav entries without a file (default: warn).
    pub nav_not_found: Level,
    /// Nav entries with an absolute path (default: info).
    pub nav_absolute_links: Level,
    /// Links without a file (default: warn).
    pub links_not_found: Level,
    /// Links to a missing anchor (default: info).
    pub links_anchors: Level,
    /// Links with an absolute path (default: info).
    pub links_absolute_links: Level,
    /// Links that are not recognised (default: info).
    pub links_unrecognized_links: Level,
    /// `nav.absolute_links: relative_to_docs`: `/a.md` is a page.
    pub nav_relative_to_docs: bool,
    /// `links.absolute_links: relative_to_docs`: `/a.md` is a page.
    pub links_relative_to_docs: bool,
}

/// One level of [`Validation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A warning.
    Warn,
    /// A note.
    Info,
    /// No diagnostic.
    Ignore,
}

/// A configuration and its problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedConfig {
    /// The configuration; `None` if the file cannot be used at all.
    pub config: Option<Config>,
    /// The problems, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Every key and what happens with it.
    pub keys: Vec<Key>,
    /// Where the things that it names are written.
    pub places: SettingLocations,
    /// The files that it is read from, and those that it would be read from if they
    /// existed.
    pub read: BTreeSet<SourcePath>,
}

impl Config {
    /// The configuration of a folder without a configuration file: MkDocs'
    /// defaults with proofroom's own theme. [`load`] adds the extensions and
    /// the folders that are found by convention.
    pub fn bare(name: &str) -> Self {
        Self {
            file: None,
            site_name: name.to_owned(),
            site_url: None,
            site_description: None,
            site_author: None,
            copyright: None,
            repo_url: None,
            repo_name: None,
            edit_uri: None,
            edit_uri_template: None,
            docs_dir: SourcePath::new("docs"),
            base_docs: None,
            edits_project: false,
            docs: Docs::of(SourcePath::new("docs")),
            languages: None,
            base: "/".to_owned(),
            static_dir: None,
            themes_dir: None,
            site_dir: SourcePath::new("site"),
            use_directory_urls: true,
            strict: false,
            dev_addr: "127.0.0.1:8000".to_owned(),
            nav: None,
            theme: ThemeConfig {
                name: Some("proofroom".to_owned()),
                is_chosen: false,
                packages: Vec::new(),
                search: None,
                custom_dir: None,
                language: "en".to_owned(),
                static_templates: Vec::new(),
                settings: Map::new(),
            },
            extra: Value::Object(Map::new()),
            extra_css: Vec::new(),
            extra_javascript: Vec::new(),
            extra_templates: Vec::new(),
            extensions: Vec::new(),
            plugins: Vec::new(),
            hooks: Vec::new(),
            watch: Vec::new(),
            linked_dirs: Vec::new(),
            exclude_docs: String::new(),
            draft_docs: String::new(),
            not_in_nav: String::new(),
            validation: Validation::default(),
            levels: Levels::default(),
            macro_variables: Vec::new(),
            inventories: Vec::new(),
            card_fonts: None,
            whole_search_index: false,
            has_markdown_files: false,
            feeds: None,
            editor: None,
        }
    }

    /// The same with defaults for the settings that control how proofroom works
    /// rather than what pages contain. Templates can show those settings too,
    /// but hardly any do.
    #[must_use]
    pub fn without_seldom_shown(&self) -> Self {
        let default = Self::bare(&self.site_name);
        Self {
            strict: default.strict,
            dev_addr: default.dev_addr,
            nav: default.nav,
            watch: default.watch,
            linked_dirs: default.linked_dirs,
            exclude_docs: default.exclude_docs,
            draft_docs: default.draft_docs,
            not_in_nav: default.not_in_nav,
            validation: default.validation,
            levels: Levels {
                is_mkdocs: self.levels.is_mkdocs,
                ..default.levels
            },
            macro_variables: default.macro_variables,
            inventories: default.inventories,
            card_fonts: default.card_fonts,
            whole_search_index: default.whole_search_index,
            has_markdown_files: default.has_markdown_files,
            feeds: default.feeds,
            editor: default.editor,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
