use serde_json::Map;

use super::reader::Reader;
use super::theme_package::{self, Package};
use super::{ThemeConfig, ThemeManifest, installed_theme};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;
use crate::yaml::{Node, Value};

/// Keys of `theme` that are not passed to templates.
const RESERVED: [&str; 6] = [
    "name",
    "path",
    "custom_dir",
    "language",
    "locale",
    "static_templates",
];

/// `theme`: a name or a mapping.
pub(super) fn read(reader: &mut Reader<'_>, default_name: &str) -> ThemeConfig {
    let mut theme = ThemeConfig {
        name: Some(default_name.to_owned()),
        is_chosen: false,
        packages: Vec::new(),
        search: None,
        custom_dir: None,
        language: "en".to_owned(),
        static_templates: Vec::new(),
        settings: Map::new(),
    };
    if let Some(node) = reader.get("theme") {
        match &node.value {
            Value::String(name) => {
                theme.name = Some(name.clone());
                theme.is_chosen = true;
            }
            Value::Mapping(_) => {
                theme.is_chosen = node.get("name").is_some();
                read_mapping(reader, node, &mut theme);
                theme.settings = node.to_map();
                theme.settings.retain(|key, _| !is_reserved(key));
            }
            _ => reader.wrong("theme", node, "a name or a mapping"),
        }
    }
    if let Some(name) = reader.sources.theme {
        theme.name = Some(name.to_owned());
        theme.is_chosen = true;
    }
    let package = find_package(reader, theme.name.as_deref().unwrap_or("material"));
    let mut settings = match &package {
        Some(package) => package.defaults.clone(),
        None => ThemeManifest::built_in().defaults.clone(),
    };
    settings.retain(|key, _| !is_reserved(key));
    // As in MkDocs, the theme's own keys come first, and the site replaces each
    // as a whole.
    settings.append(&mut theme.settings);
    theme.settings = settings;
    if let Some(package) = package {
        installed_theme::apply(reader, &mut theme, package);
    }
    theme
}

fn is_reserved(key: &str) -> bool {
    RESERVED.contains(&key)
}

/// The theme package that the command line or the configuration names.
fn find_package(reader: &mut Reader<'_>, name: &str) -> Option<Package> {
    if let Some(path) = reader.sources.theme_path.cloned() {
        return theme_package::find(reader, &path, name, None);
    }
    let node = reader.get("theme")?.get("path");
    let node = node.filter(|path| !path.is_null())?;
    let text = reader.text_of("theme.path", node)?;
    if text.starts_with('/') {
        let message = format!("`theme.path` is the absolute path `{text}`");
        let help = "make it relative to the configuration file, or pass it with `--theme-path`";
        reader.refuse(node, message, help);
        return None;
    }
    let path = reader.folder.join(text);
    theme_package::find(reader, &path, name, Some(node))
}

fn read_mapping(reader: &mut Reader<'_>, node: &Node, theme: &mut ThemeConfig) {
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
    for key in ["language", "locale"] {
        let Some(language) = node.get(key).filter(|language| !language.is_null()) else {
            continue;
        };
        if let Some(language) = reader.text_of(&format!("theme.{key}"), language) {
            theme.language = language.replace('_', "-");
        }
        break;
    }
    if let Some(list) = node.get("static_templates") {
        let key = "theme.static_templates";
        for item in list.items().unwrap_or(&[]) {
            theme.static_templates.extend(reader.text_of(key, item));
        }
        if list.items().is_none() && !list.is_null() {
            reader.wrong(key, list, "a list");
        }
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
            .push(diagnostic.help("create the folder, or remove `custom_dir`"));
    }
    Some(path)
}

/// The keys of `theme` that proofroom or the built-in theme reads.
pub(super) fn read_keys() -> impl Iterator<Item = &'static str> {
    let settings = ThemeManifest::built_in().settings.iter();
    settings.map(String::as_str).chain(RESERVED)
}
