use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Text, kind, stamp, symbolic_links, text};
use crate::config::{Checked, Config, Folders, NavEntry, Plugin, Read, Sources, Validation, load};
use crate::files::{Kind, SourcePath};
use crate::languages::{Addresses, Docs, Languages};
use crate::markdown::Extension;
use crate::plugins::BUILT;
use crate::site::{Db, Launch};
use crate::yaml::LARGEST;

/// The configuration with what is wrong in it.
#[salsa::tracked(returns(clone))]
pub fn configuration(db: &dyn Db) -> Arc<Checked> {
    let call = Launch::get(db).call(db);
    // What is not read must not be held in memory either.
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
        language: call.language.as_deref(),
    };
    let explicit = call.config_file.as_ref();
    let mut checked = load(explicit, &call.environment, &call.folder_name, &sources);
    if let Some(config) = &mut checked.config {
        if let Some(directories) = call.use_directory_urls {
            config.use_directory_urls = directories;
        }
        if config.plugins.iter().any(|plugin| plugin.name == "offline") {
            offline(config);
        }
        if let Some(theme) = &call.theme {
            config.theme.name = Some(theme.clone());
        }
    }
    Arc::new(checked)
}

/// Whether a folder, or a link that is not followed, has the name of a
/// configuration file: whoever put it there meant a configuration, and without
/// one the site would be another.
fn stands_in_the_way(db: &dyn Db, path: &SourcePath) -> bool {
    if !["toml", "yaml", "yml"].contains(&path.extension().unwrap_or_default()) {
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

/// What Material's offline plugin changes: links name files, for a disk
/// answers no folders, and its templates get what their search needs there.
fn offline(config: &mut Config) {
    const SHIM: &str = "https://unpkg.com/iframe-worker/shim";
    config.use_directory_urls = false;
    let extra = config.extra.as_object_mut();
    let Some(extra) = extra.filter(|_| config.theme.package.is_some()) else {
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

/// The configuration; `None` while it cannot be read at all. It holds no
/// places, so that it stays equal when a comment moves everything.
///
/// For what is no query. A query asks for the part that it needs, so that it
/// does not run again where another part changes.
#[salsa::tracked(returns(clone))]
pub fn config(db: &dyn Db) -> Option<Arc<Config>> {
    configuration(db).config.clone().map(Arc::new)
}

/// A part of the configuration; its default while that cannot be read.
fn part<T: Default>(db: &dyn Db, part: impl FnOnce(&Config) -> T) -> T {
    config(db).map(|config| part(&config)).unwrap_or_default()
}

/// Which sources are pages and their files; `None` while the configuration
/// cannot be read.
#[salsa::tracked(returns(clone))]
pub fn docs(db: &dyn Db) -> Option<Arc<Docs>> {
    Some(Arc::new(config(db)?.docs.clone()))
}

/// The languages of the site, if it names them.
#[salsa::tracked(returns(clone))]
pub fn languages(db: &dyn Db) -> Option<Arc<Languages>> {
    config(db)?.languages.clone()
}

/// Whether `a.md` becomes `a/index.html`.
#[salsa::tracked(returns(copy))]
pub fn use_directory_urls(db: &dyn Db) -> bool {
    config(db).is_none_or(|config| config.use_directory_urls)
}

/// How loudly to speak of what is amiss.
#[salsa::tracked(returns(copy))]
pub fn validation(db: &dyn Db) -> Validation {
    part(db, |config| config.validation)
}

/// Whether `/a.md` is a page, for links of pages.
#[salsa::tracked(returns(copy))]
pub fn links_relative_to_docs(db: &dyn Db) -> bool {
    part(db, |config| config.validation.links_relative_to_docs)
}

/// The folders that pages and templates take from.
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

/// The plugins that are enabled, in order, by their names.
#[salsa::tracked(returns(clone))]
pub fn plugin_names(db: &dyn Db) -> Arc<[String]> {
    let config = config(db);
    let plugins = config.iter().flat_map(|config| &config.plugins);
    plugins.map(|plugin| plugin.name.clone()).collect()
}

/// The name of a plugin, as a key.
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

/// The enabled plugin of a name.
pub fn plugin(db: &dyn Db, name: &str) -> Option<Arc<Plugin>> {
    plugin_named(db, PluginName::new(db, name.to_owned()))
}

/// The site's address.
#[salsa::tracked(returns(clone))]
pub fn site_url(db: &dyn Db) -> Option<Arc<str>> {
    Some(config(db)?.site_url.as_deref()?.into())
}

/// The path that the site lies at on its server, with `/` at both ends.
#[salsa::tracked(returns(clone))]
pub fn base(db: &dyn Db) -> Arc<str> {
    config(db).map_or_else(|| "/".into(), |config| config.base.as_str().into())
}

/// Language of the theme's words, such as `en` or `zh-Hant`.
#[salsa::tracked(returns(clone))]
pub fn theme_language(db: &dyn Db) -> Arc<str> {
    config(db).map_or_else(
        || "en".into(),
        |config| config.theme.language.as_str().into(),
    )
}

/// Templates that are pages of their own, by their names: those of the theme,
/// and those of the docs folder.
#[salsa::tracked(returns(clone))]
pub fn named_templates(db: &dyn Db) -> Arc<(Vec<String>, Vec<String>)> {
    Arc::new(part(db, |config| {
        let of_theme = config.theme.static_templates.clone();
        (of_theme, config.extra_templates.clone())
    }))
}

/// The nav as written, and the pages that it may leave out as lines of a
/// `.gitignore`.
#[salsa::tracked(returns(clone))]
pub fn written_nav(db: &dyn Db) -> Arc<(Option<Vec<NavEntry>>, String)> {
    Arc::new(part(db, |config| {
        (config.nav.clone(), config.not_in_nav.clone())
    }))
}

/// What tags look like, by the tag.
#[salsa::tracked(returns(clone))]
pub fn tag_classes(db: &dyn Db) -> Arc<Map<String, Value>> {
    Arc::new(part(db, |config| {
        let classes = config.extra.get("tags").and_then(Value::as_object);
        classes.cloned().unwrap_or_default()
    }))
}

/// The settings that templates show, those apart that hardly any does.
#[salsa::tracked(returns(clone))]
pub fn shown_config(db: &dyn Db) -> Option<Arc<Config>> {
    Some(Arc::new(config(db)?.without_seldom_shown()))
}

/// Where the sites of all languages lie, that of the current one for the
/// whole. `None` while the configuration cannot be read at all.
#[salsa::tracked(returns(clone))]
pub fn addresses(db: &dyn Db) -> Option<Arc<Addresses>> {
    folders(db)?;
    let languages = languages(db);
    Some(Arc::new(Addresses::new(languages.as_deref(), &base(db))))
}
