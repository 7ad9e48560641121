use std::sync::Arc;

use serde_json::{Value, json};

use super::{Text, kind, stamp, symbolic_links, text};
use crate::config::{Checked, Config, Plugin, Read, Sources, load};
use crate::files::{Kind, SourcePath};
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

/// The configuration; `None` while it cannot be read at all.
#[salsa::tracked(returns(clone))]
pub fn config(db: &dyn Db) -> Option<Arc<Config>> {
    configuration(db).config.clone().map(Arc::new)
}

/// The enabled plugin of a name.
pub(super) fn plugin<'a>(config: &'a Config, name: &str) -> Option<&'a Plugin> {
    config.plugins.iter().find(|plugin| plugin.name == name)
}
