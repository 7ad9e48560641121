use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Text, kind, stamp, symbolic_links, text};
use crate::config::{
    Config, Folders, LoadedConfig, MacroVariable, MkDocsSearch, NavEntry, Plugin, Read, Sources,
    Validation, load,
};
use crate::diagnostic::Levels;
use crate::files::{Kind, SourcePath};
use crate::languages::{Addresses, Docs, Languages};
use crate::markdown::Extension;
use crate::plugins::{BUILT, social};
use crate::site::{Db, InvocationInput};
use crate::yaml::LARGEST;

/// The configuration with its problems.
#[salsa::tracked(returns(clone))]
pub fn configuration(db: &dyn Db) -> Arc<LoadedConfig> {
    let call = InvocationInput::get(db).call(db);
    // A file that is too large must not be loaded into memory either.
    let too_large = |path: &SourcePath| {
        let size = stamp(db, db.entry(path)).map_or(0, |(size, _)| size);
        size > LARGEST as u64
    };
    let read = |path: &SourcePath| match (!too_large(path)).then(|| text(db, db.entry(path))) {
        None => Read::TooLarge,
        Some(Text::Missing) if stands_in_the_way(db, path) => Read::Unreadable,
        Some(Text::Missing) => Read::Missing,
        Some(Text::Unreadable) => Read::Unreadable,
        Some(Text::NotUtf8 { lossy, at }) => Read::NotUtf8 { lossy, at },
        Some(Text::Present(text)) => Read::Present(text),
    };
    let is_folder = |path: &SourcePath| kind(db, db.entry(path)) == Some(Kind::Folder);
    let sources = Sources {
        read: &read,
        is_folder: &is_folder,
        fault: &|path| db.system().fault(path),
        plugins: &BUILT,
        refused: &|path| db.system().refused(path),
        theme_path: call.theme_path.as_ref(),
        theme: call.theme.as_deref(),
        language: call.language.as_deref(),
    };
    let explicit = call.config_file.as_ref();
    let mut checked = load(explicit, &call.environment, &call.folder_name, &sources);
    if let Some(config) = &mut checked.config {
        if let Some(directories) = call.use_directory_urls {
            config.use_directory_urls = directories;
        }
        add_marks(db, config);
        if config.plugins.iter().any(|plugin| plugin.name == "offline") {
            offline(config);
        }
    }
    Arc::new(checked)
}

/// Whether a folder, or a link that is not followed, has the name of a
/// configuration file. It was probably meant to be one, and the site would be
/// quite different without it.
fn stands_in_the_way(db: &dyn Db, path: &SourcePath) -> bool {
    let extension = path.extension();
    if !extension.is_some_and(|it| ["toml", "yaml", "yml"].contains(&it)) {
        return false;
    }
    let entry = db.entry(path);
    if matches!(kind(db, entry), Some(Kind::Folder | Kind::Other)) {
        return true;
    }
    let Some(folder) = path.parent() else {
        return false;
    };
    let links = symbolic_links(db, db.entry(&folder));
    links.iter().any(|link| link.name == path.name())
}

/// Files of the static folder that are the logo and the icon of browsers if no setting
/// names one.
const MARKS: [(&str, &[&str]); 2] = [
    ("logo", &["logo.svg", "logo.png", "logo.webp"]),
    ("favicon", &["favicon.svg", "favicon.png", "favicon.ico"]),
];

/// Sets the logo and the icon of browsers in the built-in theme, if there are files of
/// these names. Browsers ask for `favicon.ico` by themselves, so it counts among pages too.
fn add_marks(db: &dyn Db, config: &mut Config) {
    if !config.theme.packages.is_empty() {
        return;
    }
    let is_file = |path: &SourcePath| kind(db, db.entry(path)) == Some(Kind::File);
    for (key, names) in MARKS {
        if config.theme.settings.contains_key(key) {
            continue;
        }
        let is_static = |name: &&&str| {
            let folder = config.static_dir.as_ref();
            folder.is_some_and(|folder| is_file(&folder.join(**name)))
        };
        let is_in_docs =
            |name: &&&str| **name == "favicon.ico" && is_file(&config.docs_dir.join(**name));
        let mut found = names.iter();
        if let Some(name) = found.find(|name| is_static(name) || is_in_docs(name)) {
            let settings = &mut config.theme.settings;
            settings.insert(key.to_owned(), json!(name));
        }
    }
}

/// Applies Material's offline plugin: links name files, because without a server
/// a folder has no index page, and templates get the script that their search
/// needs.
fn offline(config: &mut Config) {
    const SHIM: &str = "https://unpkg.com/iframe-worker/shim";
    config.use_directory_urls = false;
    if config.theme.packages.is_empty() {
        return;
    }
    let Some(extra) = config.extra.as_object_mut() else {
        return;
    };
    let scripts = extra.entry("polyfills").or_insert_with(|| json!([]));
    if let Some(scripts) = scripts.as_array_mut() {
        let is_shim = |script: &Value| {
            let script = script.as_str();
            script.is_some_and(|script| script.contains("iframe-worker"))
        };
        if !scripts.iter().any(is_shim) {
            scripts.push(json!(SHIM));
        }
    }
}

/// The configuration; `None` while it cannot be read at all. It has no positions,
/// so that it stays equal when a comment moves everything.
///
/// This is for code outside of queries. A query should ask for just the part
/// that it needs, so that it does not run again when another part changes.
#[salsa::tracked(returns(clone))]
pub fn config(db: &dyn Db) -> Option<Arc<Config>> {
    configuration(db).config.clone().map(Arc::new)
}

/// A part of the configuration; the default while that cannot be read.
fn part<T: Default>(db: &dyn Db, part: impl FnOnce(&Config) -> T) -> T {
    config(db).map(|config| part(&config)).unwrap_or_default()
}

/// Whether the site has a file with its configuration.
#[salsa::tracked(returns(copy))]
pub(super) fn has_config_file(db: &dyn Db) -> bool {
    config(db).is_none_or(|config| config.file.is_some())
}

/// Which sources are part of the docs; `None` while the configuration cannot be
/// read.
#[salsa::tracked(returns(clone))]
pub fn docs(db: &dyn Db) -> Option<Arc<Docs>> {
    Some(Arc::new(config(db)?.docs.clone()))
}

/// The languages of the site, if it has several.
#[salsa::tracked(returns(clone))]
pub fn languages(db: &dyn Db) -> Option<Arc<Languages>> {
    config(db)?.languages.clone()
}

/// Whether `a.md` becomes `a/index.html`.
#[salsa::tracked(returns(copy))]
pub fn use_directory_urls(db: &dyn Db) -> bool {
    config(db).is_none_or(|config| config.use_directory_urls)
}

/// How severe problems of links and the nav are.
#[salsa::tracked(returns(copy))]
pub fn validation(db: &dyn Db) -> Validation {
    part(db, |config| config.validation)
}

/// How severe the problems of each rule are.
#[salsa::tracked(returns(clone))]
pub fn levels(db: &dyn Db) -> Arc<Levels> {
    Arc::new(part(db, |config| config.levels.clone()))
}

/// Whether `/a.md` in a link is relative to the docs folder.
#[salsa::tracked(returns(copy))]
pub fn links_relative_to_docs(db: &dyn Db) -> bool {
    part(db, |config| config.validation.links_relative_to_docs)
}

/// The folders of pages, templates and static files.
#[salsa::tracked(returns(clone))]
pub fn folders(db: &dyn Db) -> Option<Arc<Folders>> {
    Some(Arc::new(Folders::of(&*config(db)?)))
}

/// The Markdown extensions as configured.
#[salsa::tracked(returns(clone))]
pub fn extensions(db: &dyn Db) -> Arc<[Extension]> {
    let config = config(db);
    config.map_or_else(Arc::default, |config| config.extensions.clone().into())
}

/// The names of the enabled plugins, in order.
#[salsa::tracked(returns(clone))]
pub fn plugin_names(db: &dyn Db) -> Arc<[String]> {
    let config = config(db);
    let plugins = config.iter().flat_map(|config| &config.plugins);
    plugins.map(|plugin| plugin.name.clone()).collect()
}

/// The name of a plugin, as a query key.
#[salsa::interned(revisions = usize::MAX)]
struct PluginName<'db> {
    #[returns(clone)]
    name: String,
}

#[salsa::tracked(returns(clone))]
fn plugin_named<'db>(db: &'db dyn Db, name: PluginName<'db>) -> Option<Arc<Plugin>> {
    let config = config(db)?;
    let name = name.name(db);
    let plugin = config.plugins.iter().find(|plugin| plugin.name == name);
    Some(Arc::new(plugin?.clone()))
}

/// The plugin with a name, if it is enabled.
pub fn plugin(db: &dyn Db, name: &str) -> Option<Arc<Plugin>> {
    plugin_named(db, PluginName::new(db, name.to_owned()))
}

/// The folders that symbolic links may lead to in addition to the repository.
#[salsa::tracked(returns(clone))]
pub fn linked_dirs(db: &dyn Db) -> Arc<[SourcePath]> {
    config(db).map_or_else(Arc::default, |config| config.linked_dirs.clone().into())
}

/// The site's address.
#[salsa::tracked(returns(clone))]
pub fn site_url(db: &dyn Db) -> Option<Arc<str>> {
    Some(config(db)?.site_url.as_deref()?.into())
}

/// The path of the site on its server, with `/` at both ends.
#[salsa::tracked(returns(clone))]
pub fn base(db: &dyn Db) -> Arc<str> {
    config(db).map_or_else(|| "/".into(), |config| config.base.as_str().into())
}

/// The language of the theme, such as `en` or `zh-Hant`.
#[salsa::tracked(returns(clone))]
pub fn theme_language(db: &dyn Db) -> Arc<str> {
    config(db).map_or_else(
        || "en".into(),
        |config| config.theme.language.as_str().into(),
    )
}

/// MkDocs' own search, if the theme uses it.
#[salsa::tracked(returns(clone))]
pub fn mkdocs_search(db: &dyn Db) -> Option<Arc<MkDocsSearch>> {
    config(db)?.theme.search.clone().map(Arc::new)
}

/// The paths of `extra_javascript`.
#[salsa::tracked(returns(clone))]
pub fn scripts(db: &dyn Db) -> Arc<[String]> {
    let paths = part(db, |config| {
        let scripts = config.extra_javascript.iter();
        scripts
            .map(|script| script.path.clone())
            .collect::<Vec<_>>()
    });
    paths.into()
}

/// Whether the built-in theme also has an index in one file.
#[salsa::tracked(returns(copy))]
pub fn whole_search_index(db: &dyn Db) -> bool {
    part(db, |config| config.whole_search_index)
}

/// Whether the Markdown of each page is published beside it.
#[salsa::tracked(returns(copy))]
pub fn has_markdown_files(db: &dyn Db) -> bool {
    part(db, |config| config.has_markdown_files)
}

/// The names of templates that are rendered as pages of their own: those of the
/// theme, and those in the docs folder.
#[salsa::tracked(returns(clone))]
pub fn named_templates(db: &dyn Db) -> Arc<(Vec<String>, Vec<String>)> {
    Arc::new(part(db, |config| {
        let of_theme = config.theme.static_templates.clone();
        (of_theme, config.extra_templates.clone())
    }))
}

/// The nav as configured, and the pages that it may omit as `.gitignore`
/// patterns.
#[salsa::tracked(returns(clone))]
pub fn written_nav(db: &dyn Db) -> Arc<(Option<Vec<NavEntry>>, String)> {
    Arc::new(part(db, |config| {
        (config.nav.clone(), config.not_in_nav.clone())
    }))
}

/// `[macros] variables`.
#[salsa::tracked(returns(clone))]
pub fn macro_variables(db: &dyn Db) -> Arc<[(String, MacroVariable)]> {
    part(db, |config| config.macro_variables.clone()).into()
}

/// `[inventories]`.
#[salsa::tracked(returns(clone))]
pub fn inventories(db: &dyn Db) -> Arc<[(String, SourcePath)]> {
    part(db, |config| config.inventories.clone()).into()
}

/// `[cards] fonts`.
#[salsa::tracked(returns(clone))]
pub fn card_fonts(db: &dyn Db) -> Option<SourcePath> {
    config(db)?.card_fonts.clone()
}

/// The icon class of each tag.
#[salsa::tracked(returns(clone))]
pub fn tag_classes(db: &dyn Db) -> Arc<Map<String, Value>> {
    Arc::new(part(db, |config| {
        let classes = config.extra.get("tags").and_then(Value::as_object);
        classes.map_or_else(Map::new, Map::clone)
    }))
}

/// The settings that templates usually show.
#[salsa::tracked(returns(clone))]
pub fn shown_config(db: &dyn Db) -> Option<Arc<Config>> {
    Some(Arc::new(config(db)?.without_seldom_shown()))
}

/// The addresses of the sites of all languages, seen from the current one.
/// `None` while the configuration cannot be read at all.
#[salsa::tracked(returns(clone))]
pub fn addresses(db: &dyn Db) -> Option<Arc<Addresses>> {
    folders(db)?;
    let languages = languages(db);
    let addresses = Addresses::new(languages.as_deref(), &base(db));
    Some(Arc::new(match plugin(db, "social") {
        Some(plugin) => {
            let cards = social::Options::read(&plugin.options);
            addresses.with_folder_beside(&cards.cards_dir)
        }
        None => addresses,
    }))
}
