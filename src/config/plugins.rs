use super::known_plugins::{Built, Support, names, support};
use super::named::named;
use super::settings::Reader;
use super::{Plugin, Subject};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::yaml::{Node, Value};

/// The plugins that are enabled. An absent key means `search`, an empty list
/// none, as in MkDocs.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<Plugin> {
    let mut plugins = Vec::new();
    match reader.root.get("plugins") {
        Some(node) if !node.is_null() => collect(reader, "plugins", node, &mut plugins),
        _ => plugins.push(Plugin {
            name: "search".to_owned(),
            options: serde_json::Map::new(),
        }),
    }
    plugins
}

/// Whether a plugin's options say that it is not wanted.
pub(super) fn is_off(options: Option<&Node>) -> bool {
    let off = |node: &Node| matches!(node.value, Value::Bool(false) | Value::Integer(0));
    options
        .and_then(|options| options.get("enabled"))
        .is_some_and(off)
}

/// Material's own plugins may be named with the theme's name.
pub(super) fn bare(name: &str) -> &str {
    name.strip_prefix("material/").unwrap_or(name)
}

fn collect(reader: &mut Reader<'_>, key: &str, list: &Node, plugins: &mut Vec<Plugin>) {
    for entry in named(reader, key, list) {
        if is_off(entry.options) {
            continue;
        }
        let name = bare(&entry.name);
        if name == "group" {
            if let Some(below) = entry.options.and_then(|options| options.get("plugins")) {
                collect(reader, "plugins.group.plugins", below, plugins);
            }
            continue;
        }
        let plugin = Plugin {
            name: name.to_owned(),
            options: entry.options.map(Node::to_map).unwrap_or_default(),
        };
        let span = entry.node.span();
        let said = unsupported(name, reader.sources.plugins, &reader.suggestions);
        let said = said.map(|said| said.at(span.clone()));
        reader.diagnostics.extend(said);
        let subject = Subject::Plugin(plugin.name.clone());
        if reader.places.span(&subject).is_none() {
            reader.places.insert(subject, span);
        }
        if let Some(Support::Built(known)) = support(name, reader.sources.plugins) {
            options(reader, name, entry.options, known);
        }
        plugins.push(plugin);
    }
}

/// Says which options of a plugin are not read.
fn options(reader: &mut Reader<'_>, name: &str, options: Option<&Node>, known: &[&str]) {
    for (key, _) in options.and_then(Node::entries).unwrap_or_default() {
        let option = key.key_text();
        if known.contains(&option.as_str()) || option == "enabled" {
            continue;
        }
        let message = format!("the option `{option}` of the plugin `{name}` is not read");
        let diagnostic = Diagnostic::new(Rule::UnsupportedOption, message).at(key.span());
        let near = reader.suggestions.suggest(&option, known.iter().copied());
        reader.diagnostics.push(match near {
            Some(near) => diagnostic.did_you_mean(&option, &near),
            None => diagnostic.help("the plugin does its work without it"),
        });
    }
}

fn unsupported(name: &str, built: &Built, suggestions: &Suggestions) -> Option<Diagnostic> {
    let message = format!("the plugin `{name}` is not part of proofroom");
    Some(match support(name, built) {
        Some(Support::Built(_)) => return None,
        Some(Support::Needless(what) | Support::Extra(what)) => {
            Diagnostic::note(Rule::UnsupportedPlugin, message).help(what)
        }
        Some(Support::Missed(what)) => Diagnostic::new(Rule::UnsupportedPlugin, message).help(what),
        None => {
            let diagnostic = Diagnostic::new(Rule::UnsupportedPlugin, message);
            match suggestions.suggest(name, names(built)) {
                Some(near) => diagnostic.did_you_mean(name, &near),
                None => {
                    diagnostic.help("take it out of `plugins`, or see whether the pages need it")
                }
            }
        }
    })
}

/// Hooks are Python and are not run; each is named.
pub(super) fn hooks(reader: &mut Reader<'_>) {
    for (path, node) in reader.texts("hooks") {
        let message = format!("the hook `{path}` is Python, which proofroom does not run");
        let diagnostic = Diagnostic::new(Rule::UnsupportedHook, message).at(node.span());
        reader
            .diagnostics
            .push(diagnostic.help("the pages are made without it"));
    }
}
