use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::value::{Enumerator, Object, ObjectRepr, Serde, Value};
use serde_json::{Map, Value as Json, json};

use crate::config::{Config, Level, NavEntry, NavTarget, Plugin, Script};

/// Plugins that come with Material for MkDocs. With a theme of that name, their
/// names get it as a prefix (`material/search`).
const OF_MATERIAL: [&str; 12] = [
    "blog", "group", "info", "meta", "offline", "optimize", "privacy", "projects", "search",
    "social", "tags", "typeset",
];

/// Which settings templates are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsExtent {
    /// Those that templates usually show. Changes of the others do not affect
    /// templates that do not ask for them.
    Usual,
    /// All of them.
    Whole,
}

/// Settings that templates hardly ever show: those that
/// [`Config::without_seldom_shown`] leaves out.
const SELDOM: [&str; 8] = [
    "dev_addr",
    "draft_docs",
    "exclude_docs",
    "nav",
    "not_in_nav",
    "strict",
    "validation",
    "watch",
];

/// `config` as templates see it, with MkDocs' names.
#[derive(Debug)]
pub(super) struct ConfigValue {
    /// In MkDocs' order.
    values: Vec<(&'static str, Value)>,
    extent: SettingsExtent,
    /// Whether a template asked for one that was not given.
    wants_more: AtomicBool,
}

impl ConfigValue {
    pub(super) fn new(config: &Config, extent: SettingsExtent) -> Arc<Self> {
        let settings = plain_settings(config).into_iter();
        let mut values: Vec<_> = settings
            .map(|(name, value)| (name, Value::from(Serde(value))))
            .collect();
        values.push(("plugins", plugins(config)));
        let scripts = config.extra_javascript.iter().map(script);
        values.push(("extra_javascript", Value::from(scripts.collect::<Vec<_>>())));
        Arc::new(Self {
            values,
            extent,
            wants_more: AtomicBool::new(false),
        })
    }

    /// Whether a template has asked for a setting that was not given, so that
    /// its output is wrong.
    pub(super) fn wants_more(&self) -> bool {
        self.wants_more.load(Ordering::Relaxed)
    }
}

impl Object for ConfigValue {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        if self.extent == SettingsExtent::Usual && SELDOM.contains(&key) {
            self.wants_more.store(true, Ordering::Relaxed);
        }
        let mut values = self.values.iter();
        values.find_map(|(name, value)| (*name == key).then(|| value.clone()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let keys = self.values.iter().map(|(key, _)| Value::from(*key));
        Enumerator::Values(keys.collect())
    }
}

/// The settings that are plain data.
fn plain_settings(config: &Config) -> Vec<(&'static str, Json)> {
    let mut theme = config.theme.settings.clone();
    theme.insert("name".into(), json!(config.theme.name));
    theme.insert("language".into(), json!(config.theme.language));
    theme.entry("locale").or_insert_with(|| json!("en"));
    let custom_dir = config.theme.custom_dir.as_ref();
    theme.insert(
        "custom_dir".into(),
        json!(custom_dir.map(|folder| folder.as_str())),
    );
    let extensions: Vec<_> = config.extensions.iter().map(|it| it.name.clone()).collect();
    let extension_options: Map<_, _> = config
        .extensions
        .iter()
        .map(|it| (it.name.clone(), json!(it.options)))
        .collect();
    let patterns = |lines: &str| match lines {
        "" => Json::Null,
        lines => json!(lines),
    };
    let watch: Vec<&str> = config.watch.iter().map(|path| path.as_str()).collect();
    vec![
        (
            "config_file_path",
            json!(config.file.as_ref().map(|file| file.as_str())),
        ),
        ("site_name", json!(config.site_name)),
        ("site_url", json!(config.site_url)),
        ("site_description", json!(config.site_description)),
        ("site_author", json!(config.site_author)),
        ("copyright", json!(config.copyright)),
        ("repo_url", json!(config.repo_url)),
        ("repo_name", json!(config.repo_name)),
        ("edit_uri", json!(config.edit_uri)),
        ("edit_uri_template", json!(config.edit_uri_template)),
        ("docs_dir", json!(config.docs_dir.as_str())),
        ("site_dir", json!(config.site_dir.as_str())),
        ("dev_addr", json!(config.dev_addr)),
        ("strict", json!(config.strict)),
        ("use_directory_urls", json!(config.use_directory_urls)),
        ("nav", json!(config.nav.as_deref().map(nav))),
        ("theme", Json::Object(theme)),
        ("extra", config.extra.clone()),
        ("extra_css", json!(config.extra_css)),
        ("extra_templates", json!(config.extra_templates)),
        ("markdown_extensions", json!(extensions)),
        ("mdx_configs", Json::Object(extension_options)),
        ("exclude_docs", patterns(&config.exclude_docs)),
        ("draft_docs", patterns(&config.draft_docs)),
        ("not_in_nav", patterns(&config.not_in_nav)),
        ("watch", json!(watch)),
        ("hooks", json!([])),
        ("remote_branch", json!("gh-pages")),
        ("remote_name", json!("origin")),
        ("validation", validation(config)),
    ]
}

/// The nav as it is written in the configuration.
fn nav(entries: &[NavEntry]) -> Json {
    let entry = |entry: &NavEntry| {
        let target = match &entry.target {
            NavTarget::Path(path) => json!(path),
            NavTarget::Section(entries) => nav(entries),
        };
        match &entry.title {
            Some(title) => json!({ title: target }),
            None => target,
        }
    };
    entries.iter().map(entry).collect()
}

/// The levels as the numbers of Python's `logging`.
fn validation(config: &Config) -> Json {
    let level = |level: Level| match level {
        Level::Warn => 30,
        Level::Info => 20,
        Level::Ignore => 10,
    };
    let levels = config.validation;
    json!({
        "nav": {
            "omitted_files": level(levels.nav_omitted_files),
            "not_found": level(levels.nav_not_found),
            "absolute_links": level(levels.nav_absolute_links),
        },
        "links": {
            "not_found": level(levels.links_not_found),
            "absolute_links": level(levels.links_absolute_links),
            "unrecognized_links": level(levels.links_unrecognized_links),
            "anchors": level(levels.links_anchors),
        },
    })
}

/// The enabled plugins by name, each with its options as `config`.
fn plugins(config: &Config) -> Value {
    let is_material = config.theme.name.as_deref() == Some("material");
    let entry = |plugin: &Plugin| {
        let name = plugin.name.as_str();
        let name = if is_material && OF_MATERIAL.contains(&name) {
            format!("material/{name}")
        } else {
            name.to_owned()
        };
        let mut options = Map::new();
        options.insert("enabled".to_owned(), json!(true));
        options.extend(plugin.options.clone());
        let value = json!({ "config": options });
        (name, Value::from(Serde(value)))
    };
    Value::from_pairs(config.plugins.iter().map(entry).collect::<Vec<_>>())
}

/// An entry of `extra_javascript`. As in MkDocs, it is text unless the script has
/// attributes.
fn script(script: &Script) -> Value {
    if script.kind.is_none() && !script.is_async && !script.defer {
        return Value::from(script.path.as_str());
    }
    Value::from_object(ScriptValue(script.clone()))
}

/// MkDocs' `ExtraScriptValue`: its text is its path.
#[derive(Debug)]
struct ScriptValue(Script);

impl Object for ScriptValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "path" => Value::from(self.0.path.as_str()),
            "type" => Value::from(self.0.kind.as_deref().unwrap_or("")),
            "defer" => Value::from(self.0.defer),
            "async" | "async_" => Value::from(self.0.is_async),
            _ => return None,
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.path)
    }
}

#[cfg(test)]
mod tests {
    use super::{SELDOM, plain_settings};
    use crate::config::{Config, Level};
    use crate::files::SourcePath;

    /// A setting that is left out without being in the list would be shown as
    /// its default.
    #[test]
    fn what_is_left_out_is_asked_for() {
        let mut config = Config::bare("Example");
        config.strict = true;
        config.dev_addr = "0.0.0.0:1".to_owned();
        config.nav = Some(Vec::new());
        config.watch = vec![SourcePath::new("more")];
        config.exclude_docs = "a".to_owned();
        config.draft_docs = "b".to_owned();
        config.not_in_nav = "c".to_owned();
        config.validation.links_anchors = Level::Warn;
        let without = config.without_seldom_shown();
        let pairs = plain_settings(&config)
            .into_iter()
            .zip(plain_settings(&without));
        let mut left_out: Vec<&str> = pairs
            .filter(|(whole, usual)| whole != usual)
            .map(|(whole, _)| whole.0)
            .collect();
        left_out.sort_unstable();
        assert_eq!(left_out, SELDOM);
    }
}
