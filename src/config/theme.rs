use serde_json::{Map, Value as Json};

use super::settings::Reader;
use super::theme_package::{self, Package};
use super::{ThemeConfig, from_toml};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;
use crate::yaml::{Node, Value};

/// What the built-in theme says of itself; its `[defaults]` fill in for what
/// a site leaves open.
const BUILT_IN: &str = include_str!("../../themes/default/theme.toml");

/// Keys of `theme` that are not for templates.
const OWN: [&str; 6] = [
    "name",
    "path",
    "custom_dir",
    "language",
    "locale",
    "static_templates",
];

/// `theme`: a name, or a mapping.
pub(super) fn read(reader: &mut Reader<'_>, default_name: &str) -> ThemeConfig {
    let mut theme = ThemeConfig {
        name: Some(default_name.to_owned()),
        package: None,
        custom_dir: None,
        language: "en".to_owned(),
        static_templates: Vec::new(),
        settings: Map::new(),
    };
    match reader.get("theme").map(|node| (node, &node.value)) {
        None => {}
        Some((_, Value::String(name))) => theme.name = Some(name.clone()),
        Some((node, Value::Mapping(entries))) => {
            mapping(reader, node, &mut theme);
            let others = entries.iter().map(|(key, value)| (key.key_text(), value));
            let others = others.filter(|(key, _)| !OWN.contains(&key.as_str()));
            theme.settings = others.map(|(key, value)| (key, value.to_json())).collect();
        }
        Some((node, _)) => reader.wrong("theme", node, "a name or a mapping"),
    }
    let package = package(reader, theme.name.as_deref().unwrap_or("material"));
    let mut settings = match package {
        Some(package) => {
            theme.package = Some(package.folder);
            theme.static_templates.extend(package.static_templates);
            package.defaults
        }
        None => defaults(),
    };
    settings.retain(|key, _| !OWN.contains(&key.as_str()));
    // The theme's own keys first, each replaced whole, as in MkDocs.
    settings.append(&mut theme.settings);
    theme.settings = settings;
    theme
}

/// The theme package that the command line or the configuration names.
fn package(reader: &mut Reader<'_>, name: &str) -> Option<Package> {
    if let Some(path) = reader.sources.theme_path.cloned() {
        return theme_package::find(reader, &path, name, None);
    }
    let node = reader.get("theme")?.get("path");
    let node = node.filter(|path| !path.is_null())?;
    let text = reader.text_of("theme.path", node)?;
    if text.starts_with('/') {
        let message = format!("`theme.path` names the absolute path `{text}`");
        let help =
            "write it relative to the configuration file, or call proofroom with `--theme-path`";
        reader.refuse(node, message, help);
        return None;
    }
    let path = reader.folder.join(text);
    theme_package::find(reader, &path, name, Some(node))
}

fn mapping(reader: &mut Reader<'_>, node: &Node, theme: &mut ThemeConfig) {
    match node.get("name") {
        Some(name) if name.is_null() => theme.name = None,
        Some(name) => {
            if let Some(name) = reader.text_of("theme.name", name) {
                theme.name = Some(name);
            }
        }
        None => {}
    }
    if let Some(folder) = node.get("custom_dir").filter(|folder| !folder.is_null()) {
        theme.custom_dir = custom_dir(reader, folder);
    }
    let language = ["language", "locale"]
        .into_iter()
        .find_map(|key| Some((key, node.get(key).filter(|language| !language.is_null())?)));
    if let Some((key, language)) = language
        && let Some(language) = reader.text_of(&format!("theme.{key}"), language)
    {
        theme.language = language.replace('_', "-");
    }
    match node
        .get("static_templates")
        .map(|list| (list, list.items()))
    {
        Some((_, Some(items))) => {
            for item in items {
                let text = reader.text_of("theme.static_templates", item);
                theme.static_templates.extend(text);
            }
        }
        Some((list, None)) if !list.is_null() => {
            reader.wrong("theme.static_templates", list, "a list");
        }
        _ => {}
    }
}

fn custom_dir(reader: &mut Reader<'_>, node: &Node) -> Option<SourcePath> {
    let text = reader.text_of("theme.custom_dir", node)?;
    let path = reader.path_of("theme.custom_dir", &text, node)?;
    if !(reader.is_folder)(&path) {
        let message = format!("the theme folder `{path}` does not exist");
        let diagnostic = Diagnostic::new(Rule::MissingCustomDir, message).at(node.span());
        reader
            .diagnostics
            .push(diagnostic.help("create the folder, or take `custom_dir` out"));
    }
    Some(path)
}

fn defaults() -> Map<String, Json> {
    let theme = from_toml(&SourcePath::new("theme.toml"), BUILT_IN).ok();
    theme
        .and_then(|theme| theme.get("defaults").map(Node::to_map))
        .unwrap_or_default()
}

/// The keys of `theme` that the built-in theme reads, or proofroom does.
pub(super) fn read_keys() -> Vec<String> {
    let theme = from_toml(&SourcePath::new("theme.toml"), BUILT_IN).ok();
    let settings = theme
        .as_ref()
        .and_then(|theme| theme.get("settings")?.items());
    let settings = settings.into_iter().flatten().filter_map(Node::as_str);
    settings.chain(OWN).map(str::to_owned).collect()
}
