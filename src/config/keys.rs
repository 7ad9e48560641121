//! What becomes of each key of a configuration, for `check --config`.

use serde::Serialize;

use super::ThemeConfig;
use super::known_plugins::{Support, support};
use super::named::named;
use super::settings::Reader;
use crate::diagnostic::Span;
use crate::yaml::Node;

/// What becomes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// It has the meaning that MkDocs gives it.
    Used,
    /// Nothing reads it, and nothing is missing for it.
    Ignored,
    /// What it asks for is not done.
    Unsupported,
}

/// One key of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Its path, such as `plugins.search.lang`.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// What becomes of it.
    pub fate: Fate,
    /// What happens, in words; empty where the name says it.
    pub what: String,
}

/// Settings that only other commands of MkDocs read.
const ELSEWHERE: [(&str, &str); 3] = [
    ("remote_branch", "`mkdocs gh-deploy` reads it"),
    ("remote_name", "`mkdocs gh-deploy` reads it"),
    ("mdx_configs", "MkDocs fills it in by itself"),
];

/// Settings whose own keys are settings too.
const OPEN: [&str; 4] = ["theme", "validation", "extra", "server"];

/// Every key, in the order of the files. What later readers find wrong with
/// one is not known here; see `check`.
pub(super) fn read(reader: &mut Reader<'_>, theme: &ThemeConfig) -> Vec<Key> {
    let mut keys = Vec::new();
    for (key, value) in reader.root.entries().unwrap_or_default() {
        let name = key.key_text();
        let elsewhere = ELSEWHERE.iter().find(|(known, _)| *known == name);
        keys.push(match elsewhere {
            Some((_, what)) => row(&name, key, Fate::Ignored, what),
            None => row(&name, key, Fate::Used, ""),
        });
        match name.as_str() {
            "plugins" => plugins(reader, "plugins", value, &mut keys),
            "markdown_extensions" => {
                for entry in quietly(reader, |reader| named(reader, &name, value)) {
                    let name = format!("markdown_extensions.{}", entry.name);
                    keys.push(row(&name, entry.node, Fate::Used, ""));
                    let options = entry.options.and_then(Node::entries);
                    for (key, _) in options.unwrap_or_default() {
                        let name = format!("{name}.{}", key.key_text());
                        keys.push(row(&name, key, Fate::Used, ""));
                    }
                }
            }
            "hooks" => {
                for hook in value.items().unwrap_or_default() {
                    let name = format!("hooks.{}", hook.key_text());
                    let what = "it is Python, which is not run";
                    keys.push(row(&name, hook, Fate::Unsupported, what));
                }
            }
            "theme" if theme.package.is_none() => {
                let read = super::theme::read_keys();
                for (key, _) in value.entries().unwrap_or_default() {
                    let setting = key.key_text();
                    let name = format!("{name}.{setting}");
                    keys.push(if read.contains(&setting) {
                        row(&name, key, Fate::Used, "")
                    } else {
                        let what = "the built-in theme does not read it; templates of your own may";
                        row(&name, key, Fate::Unsupported, what)
                    });
                }
            }
            name if OPEN.contains(&name) => {
                for (key, _) in value.entries().unwrap_or_default() {
                    let name = format!("{name}.{}", key.key_text());
                    keys.push(row(&name, key, Fate::Used, ""));
                }
            }
            _ => {}
        }
    }
    keys
}

fn row(name: &str, node: &Node, fate: Fate, what: &str) -> Key {
    Key {
        name: name.to_owned(),
        span: node.span(),
        fate,
        what: what.to_owned(),
    }
}

/// What is wrong with a list was said when it was read.
fn quietly<T>(reader: &mut Reader<'_>, read: impl FnOnce(&mut Reader<'_>) -> T) -> T {
    let said = reader.diagnostics.len();
    let found = read(reader);
    reader.diagnostics.truncate(said);
    found
}

fn plugins(reader: &mut Reader<'_>, path: &str, list: &Node, keys: &mut Vec<Key>) {
    for entry in quietly(reader, |reader| named(reader, path, list)) {
        let name = format!("{path}.{}", entry.name);
        let options = entry.options;
        let bare = super::plugins::bare(&entry.name);
        if super::plugins::is_off(options) {
            keys.push(row(&name, entry.node, Fate::Ignored, "it is not enabled"));
            continue;
        }
        if bare == "group" {
            keys.push(row(&name, entry.node, Fate::Used, ""));
            if let Some(below) = options.and_then(|options| options.get("plugins")) {
                plugins(reader, &name, below, keys);
            }
            continue;
        }
        let (fate, what, known) = match support(bare, reader.sources.plugins) {
            Some(Support::Built(known)) => (Fate::Used, "", known),
            Some(Support::Needless(what)) => (Fate::Ignored, what, &[] as &[&str]),
            Some(Support::Extra(what) | Support::Missed(what)) => {
                (Fate::Unsupported, what, &[] as &[&str])
            }
            None => (
                Fate::Unsupported,
                "proofroom does not know it",
                &[] as &[&str],
            ),
        };
        keys.push(row(&name, entry.node, fate, what));
        for (key, _) in options.and_then(Node::entries).unwrap_or_default() {
            let option = key.key_text();
            let read = known.contains(&option.as_str()) || option == "enabled";
            let (fate, what) = match (fate, read) {
                (Fate::Used, true) => (Fate::Used, ""),
                (Fate::Used, false) => (Fate::Unsupported, "the option is not read"),
                (fate, _) => (fate, ""),
            };
            keys.push(row(&format!("{name}.{option}"), key, fate, what));
        }
    }
}
