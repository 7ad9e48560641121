use serde_json::{Map, Value as Json};

use super::gaps;
use super::known_plugins::{Built, PluginSupport, names, support};
use super::named_list::{Named, named_entries};
use super::reader::Reader;
use super::{Plugin, SettingDiagnostic, SettingRef, ThemeConfig};
use crate::diagnostic::{Diagnostic, Rule, Suggestions, missing_plugin};
use crate::markdown::Extension;
use crate::search::MkDocsOptions;
use crate::yaml::{Node, Value};

/// The enabled plugins. As in MkDocs, a missing key means `search` and an empty
/// list means none.
pub(super) fn read(reader: &mut Reader<'_>, theme: &ThemeConfig) -> Vec<Plugin> {
    let mut plugins = Vec::new();
    match reader.root.get("plugins") {
        Some(node) if !node.is_null() => collect(reader, "plugins", node, theme, &mut plugins),
        _ => plugins.push(Plugin {
            name: "search".to_owned(),
            options: Map::new(),
            gap: None,
        }),
    }
    plugins
}

/// Extensions that do the work of a plugin, with its options.
const AS_PLUGINS: [(&str, &str); 1] = [("zensical.extensions.macros", "macros")];

/// Enables the plugins whose work extensions do, unless they are enabled anyway.
pub(super) fn add_extensions(
    reader: &mut Reader<'_>,
    extensions: &[Extension],
    plugins: &mut Vec<Plugin>,
) {
    for extension in extensions {
        let mut known = AS_PLUGINS.iter();
        let Some((_, name)) = known.find(|(it, _)| *it == extension.name) else {
            continue;
        };
        let is_off = matches!(extension.options.get("enabled"), Some(Json::Bool(false)));
        if is_off || plugins.iter().any(|plugin| plugin.name == *name) {
            continue;
        }
        let of_extension = SettingRef::Extension(extension.name.clone());
        if let Some(span) = reader.places.span(&of_extension).cloned() {
            let subject = SettingRef::Plugin((*name).to_owned());
            reader.places.insert(subject, span);
        }
        if let Some(PluginSupport::Built(read)) = support(name, reader.sources.plugins) {
            report_unread_extension_options(reader, extension, read);
        }
        plugins.push(Plugin {
            name: (*name).to_owned(),
            options: extension.options.clone(),
            gap: None,
        });
    }
}

fn report_unread_extension_options(reader: &mut Reader<'_>, extension: &Extension, read: &[&str]) {
    for option in extension.options.keys() {
        if read.contains(&option.as_str()) || option == "enabled" || option == "verbose" {
            continue;
        }
        let name = &extension.name;
        let message = format!("the option `{option}` of `{name}` has no effect");
        let diagnostic = Diagnostic::new(Rule::UnsupportedOption, message);
        let near = reader.suggestions.suggest(option, read.iter().copied());
        let diagnostic = match near {
            Some(near) => diagnostic.did_you_mean(option, &near),
            None => diagnostic.help("pages are rendered without it"),
        };
        let subject = SettingRef::ExtensionOption(name.clone(), option.clone());
        reader.report([SettingDiagnostic::about(subject, diagnostic)]);
    }
}

/// Whether a plugin's options disable it.
pub(super) fn is_off(options: Option<&Node>) -> bool {
    let off = |node: &Node| matches!(node.value, Value::Bool(false) | Value::Integer(0));
    options
        .and_then(|options| options.get("enabled"))
        .is_some_and(off)
}

/// The name of a plugin without the prefix that Material's own plugins may have.
pub(super) fn bare_name(name: &str) -> &str {
    name.strip_prefix("material/").unwrap_or(name)
}

/// The options that a built-in plugin reads. They depend on the theme for the search,
/// because each kind of theme has its own.
pub(super) fn read_options(
    reader: &Reader<'_>,
    name: &str,
    built: &'static [&'static str],
    theme: &ThemeConfig,
) -> &'static [&'static str] {
    match &theme.search {
        Some(_) if name == "search" => MkDocsOptions::NAMES,
        None if name == "search" && theme.packages.is_empty() && !has_whole_index(reader) => {
            &["lang"]
        }
        _ => built,
    }
}

/// Whether `[search] whole_index` asks for Material's index with the built-in theme.
fn has_whole_index(reader: &Reader<'_>) -> bool {
    let setting = reader
        .get("search")
        .and_then(|table| table.get("whole_index"));
    setting.is_some_and(|node| matches!(node.value, Value::Bool(true)))
}

fn collect(
    reader: &mut Reader<'_>,
    key: &str,
    list: &Node,
    theme: &ThemeConfig,
    plugins: &mut Vec<Plugin>,
) {
    for entry in named_entries(reader, key, list) {
        if is_off(entry.options) {
            continue;
        }
        let name = bare_name(&entry.name);
        if name == "group" {
            if let Some(below) = entry.options.and_then(|options| options.get("plugins")) {
                collect(reader, "plugins.group.plugins", below, theme, plugins);
            }
            continue;
        }
        let plugin = Plugin {
            name: name.to_owned(),
            options: entry.options.map_or_else(Map::new, Node::to_map),
            gap: match support(name, reader.sources.plugins) {
                Some(PluginSupport::Built(_)) => None,
                support => gaps::of_plugin(name, support.is_some()),
            },
        };
        let span = entry.node.span();
        if let Some(diagnostic) = unsupported(name, reader.sources.plugins, &reader.suggestions) {
            let diagnostic = diagnostic.as_cause(missing_plugin(name));
            reader.diagnostics.push(diagnostic.at(span.clone()));
        }
        let subject = SettingRef::Plugin(plugin.name.clone());
        if reader.places.span(&subject).is_none() {
            reader.places.insert(subject, span);
        }
        locate_texts(reader, name, &entry);
        add_entries(reader, &plugin.name, &entry);
        if let Some(PluginSupport::Built(options)) = support(name, reader.sources.plugins) {
            let options = read_options(reader, name, options, theme);
            report_unread_options(reader, name, &entry, options);
        }
        plugins.push(plugin);
    }
}

/// Records where the texts are among a plugin's options: those that are values,
/// and those of lists.
fn locate_texts(reader: &mut Reader<'_>, plugin: &str, entry: &Named<'_>) {
    let values = entry.option_entries().iter().map(|(_, value)| value);
    let texts = values.flat_map(|value| match &value.value {
        Value::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    });
    for node in texts {
        if let Value::String(text) = &node.value {
            let subject = SettingRef::PluginText(plugin.to_owned(), text.clone());
            if reader.places.span(&subject).is_none() {
                reader.places.insert(subject, node.span());
            }
        }
    }
}

/// Adds the places of the entries of options that are mappings.
fn add_entries(reader: &mut Reader<'_>, plugin: &str, entry: &Named<'_>) {
    for (option, value) in entry.option_entries() {
        for (key, _) in value.entries().unwrap_or(&[]) {
            let names = (plugin.to_owned(), option.key_text(), key.key_text());
            let entry = SettingRef::PluginEntry(names.0, names.1, names.2);
            if reader.places.span(&entry).is_none() {
                reader.places.insert(entry, key.span());
            }
        }
    }
}

fn report_unread_options(reader: &mut Reader<'_>, name: &str, entry: &Named<'_>, read: &[&str]) {
    for (key, _) in entry.option_entries() {
        let option = key.key_text();
        if read.contains(&option.as_str()) || option == "enabled" {
            continue;
        }
        let diagnostic = unread_option(name, "", &option, read, &reader.suggestions);
        reader.diagnostics.push(diagnostic.at(key.span()));
    }
}

/// The problem that an option of a plugin is not read. `above` is what is before it if it
/// is in a mapping (`feeds_filenames.`), and `read` are those that are read there.
pub fn unread_option(
    plugin: &str,
    above: &str,
    option: &str,
    read: &[&str],
    suggestions: &Suggestions,
) -> Diagnostic {
    let message = format!("the option `{above}{option}` of the plugin `{plugin}` is not read");
    let diagnostic = Diagnostic::new(Rule::UnsupportedOption, message);
    match suggestions.suggest(option, read.iter().copied()) {
        Some(near) => diagnostic.did_you_mean(option, &near),
        None => diagnostic.help("the plugin works without it"),
    }
}

fn unsupported(name: &str, built: &Built, suggestions: &Suggestions) -> Option<Diagnostic> {
    let message = format!("the plugin `{name}` is not part of proofroom");
    Some(match support(name, built) {
        Some(PluginSupport::Built(_)) => return None,
        Some(PluginSupport::Needless(what) | PluginSupport::Extra(what)) => {
            Diagnostic::note(Rule::UnsupportedPlugin, message).help(what)
        }
        Some(PluginSupport::Missed(what)) => {
            Diagnostic::new(Rule::UnsupportedPlugin, message).help(what)
        }
        None => match suggestions.suggest(name, names(built)) {
            Some(near) => Diagnostic::new(Rule::UnknownPlugin, message).did_you_mean(name, &near),
            // Most likely the site's own, with which MkDocs builds it strictly.
            None => Diagnostic::note(Rule::UnknownPlugin, message)
                .help("remove it from `plugins`, or check whether the pages need it"),
        },
    })
}

/// The hooks, of which each is reported: they are Python, which is not run.
pub(super) fn read_hooks(reader: &mut Reader<'_>) -> Vec<String> {
    let mut hooks = Vec::new();
    for (path, node) in reader.texts("hooks") {
        let message = format!("the hook `{path}` is Python, which proofroom does not run");
        let diagnostic = Diagnostic::new(Rule::UnsupportedHook, message).at(node.span());
        reader
            .diagnostics
            .push(diagnostic.help("pages are built without it"));
        hooks.push(path);
    }
    hooks
}
