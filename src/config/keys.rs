//! What happens with each key of a configuration, for `check --config`.

use serde::Serialize;

use super::known_plugins::{PluginSupport, support};
use super::named_list::named_entries;
use super::reader::Reader;
use super::{SettingRef, ThemeConfig, ThemeManifest};
use crate::diagnostic::Span;
use crate::yaml::Node;

/// What happens with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// It works as in MkDocs.
    Used,
    /// Nothing reads it, and the site lacks nothing because of that.
    Ignored,
    /// What it asks for is not done.
    Unsupported,
}

/// One key of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Its path, such as `plugins.search.lang`.
    pub name: String,
    /// Where it is written.
    pub span: Span,
    /// What happens with it.
    pub fate: KeyStatus,
    /// An explanation for the user; empty if there is nothing to explain.
    pub what: String,
}

/// Settings that only other commands of MkDocs read.
const ELSEWHERE: [(&str, &str); 3] = [
    ("remote_branch", "only `mkdocs gh-deploy` reads it"),
    ("remote_name", "only `mkdocs gh-deploy` reads it"),
    ("mdx_configs", "MkDocs sets it itself"),
];

/// Settings whose own keys are settings too.
const OPEN: [&str; 10] = [
    "cards",
    "validation",
    "extra",
    "server",
    "check",
    "macros",
    "inventories",
    "search",
    "feeds",
    "pages",
];

/// Settings whose parts diagnostics may be about.
const LOCATED: [&str; 4] = ["theme", "extra", "extra_css", "extra_javascript"];

/// Every key, in the order of the files. Problems that are only found when the
/// values are used are added by `check`.
pub(super) fn read(reader: &mut Reader<'_>, theme: &ThemeConfig) -> Vec<Key> {
    let mut keys = Vec::new();
    for (key, value) in reader.root.entries().unwrap_or(&[]) {
        let name = key.key_text();
        if LOCATED.contains(&name.as_str()) {
            reader.places.insert_below(&name, value);
        }
        let elsewhere = ELSEWHERE.iter().find(|(setting, _)| *setting == name);
        keys.push(match elsewhere {
            Some((_, what)) => row(&name, key, KeyStatus::Ignored, what),
            None => row(&name, key, KeyStatus::Used, ""),
        });
        match name.as_str() {
            "plugins" => add_plugins(reader, "plugins", value, theme, &mut keys),
            "markdown_extensions" => add_extensions(reader, value, &mut keys),
            "hooks" => {
                for hook in value.items().unwrap_or(&[]) {
                    let name = format!("hooks.{}", hook.key_text());
                    let what = "it is Python, which proofroom does not run";
                    keys.push(row(&name, hook, KeyStatus::Unsupported, what));
                }
            }
            "theme" => {
                if value.entries().is_none() {
                    let subject = SettingRef::Setting("theme.name".to_owned());
                    reader.places.insert(subject, value.span());
                }
                add_theme_settings(value, theme.packages.is_empty(), &mut keys);
            }
            "extra_css" | "extra_javascript" => {
                for item in value.items().unwrap_or(&[]) {
                    let path = item.get("path").unwrap_or(item).key_text();
                    keys.push(row(&format!("{name}.{path}"), item, KeyStatus::Used, ""));
                }
            }
            name if OPEN.contains(&name) => {
                add_below(name, value, &mut keys);
                if name == "macros"
                    && let Some(variables) = value.get("variables")
                {
                    add_below("macros.variables", variables, &mut keys);
                }
            }
            _ => {}
        }
    }
    keys
}

fn add_extensions(reader: &mut Reader<'_>, list: &Node, keys: &mut Vec<Key>) {
    let setting = "markdown_extensions";
    for entry in quietly(reader, |reader| named_entries(reader, setting, list)) {
        let name = format!("{setting}.{}", entry.name);
        keys.push(row(&name, entry.node, KeyStatus::Used, ""));
        for (key, _) in entry.option_entries() {
            let name = format!("{name}.{}", key.key_text());
            keys.push(row(&name, key, KeyStatus::Used, ""));
        }
    }
}

/// The settings of `theme`. What a theme package reads is not known, so all of
/// its settings count as used.
fn add_theme_settings(theme: &Node, is_built_in: bool, keys: &mut Vec<Key>) {
    let manifest = ThemeManifest::built_in();
    for (key, value) in theme.entries().unwrap_or(&[]) {
        let setting = key.key_text();
        let name = format!("theme.{setting}");
        keys.push(
            if !is_built_in || super::theme::read_keys().any(|it| it == setting) {
                row(&name, key, KeyStatus::Used, "")
            } else {
                let what = "the built-in theme does not read it; your own templates may";
                row(&name, key, KeyStatus::Unsupported, what)
            },
        );
        match setting.as_str() {
            "features" => {
                for feature in value.items().unwrap_or(&[]) {
                    let text = feature.key_text();
                    let needless = manifest.needless_features.get(&text);
                    let (status, what) = match needless {
                        Some(what) if is_built_in => (KeyStatus::Ignored, what.as_str()),
                        _ => (KeyStatus::Used, ""),
                    };
                    keys.push(row(&format!("{name}.{text}"), feature, status, what));
                }
            }
            "icon" => add_below(&name, value, keys),
            "palette" => {
                add_below(&name, value, keys);
                for option in value.items().unwrap_or(&[]) {
                    add_below(&name, option, keys);
                }
            }
            _ => {}
        }
    }
}

/// The keys of a mapping, each as a used one.
fn add_below(name: &str, mapping: &Node, keys: &mut Vec<Key>) {
    for (key, _) in mapping.entries().unwrap_or(&[]) {
        let name = format!("{name}.{}", key.key_text());
        keys.push(row(&name, key, KeyStatus::Used, ""));
    }
}

fn row(name: &str, node: &Node, fate: KeyStatus, what: &str) -> Key {
    Key {
        name: name.to_owned(),
        span: node.span(),
        fate,
        what: what.to_owned(),
    }
}

/// Runs `read` without keeping its diagnostics, which were already reported
/// when the configuration was read.
fn quietly<T>(reader: &mut Reader<'_>, read: impl FnOnce(&mut Reader<'_>) -> T) -> T {
    let count = reader.diagnostics.len();
    let value = read(reader);
    reader.diagnostics.truncate(count);
    value
}

fn add_plugins(
    reader: &mut Reader<'_>,
    path: &str,
    list: &Node,
    theme: &ThemeConfig,
    keys: &mut Vec<Key>,
) {
    for entry in quietly(reader, |reader| named_entries(reader, path, list)) {
        let name = format!("{path}.{}", entry.name);
        let options = entry.options;
        let bare = super::plugins::bare_name(&entry.name);
        if super::plugins::is_off(options) {
            keys.push(row(
                &name,
                entry.node,
                KeyStatus::Ignored,
                "it is not enabled",
            ));
            continue;
        }
        if bare == "group" {
            keys.push(row(&name, entry.node, KeyStatus::Used, ""));
            if let Some(below) = options.and_then(|options| options.get("plugins")) {
                add_plugins(reader, &name, below, theme, keys);
            }
            continue;
        }
        let (fate, what, read_options): (KeyStatus, &str, &[&str]) =
            match support(bare, reader.sources.plugins) {
                Some(PluginSupport::Built(options)) => {
                    let options = super::plugins::read_options(reader, bare, options, theme);
                    (KeyStatus::Used, "", options)
                }
                Some(PluginSupport::Needless(what)) => (KeyStatus::Ignored, what, &[]),
                Some(PluginSupport::Extra(what) | PluginSupport::Missed(what)) => {
                    (KeyStatus::Unsupported, what, &[])
                }
                None => (KeyStatus::Unsupported, "proofroom does not know it", &[]),
            };
        keys.push(row(&name, entry.node, fate, what));
        for (key, _) in entry.option_entries() {
            let option = key.key_text();
            let is_read = read_options.contains(&option.as_str()) || option == "enabled";
            let (fate, what) = if fate == KeyStatus::Used && !is_read {
                (KeyStatus::Unsupported, "the option is not read")
            } else {
                (fate, "")
            };
            keys.push(row(&format!("{name}.{option}"), key, fate, what));
        }
    }
}
