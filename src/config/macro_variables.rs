//! `[macros] variables`: names that pages with Jinja can use, in place of those
//! that a Python module would set.

use serde_json::Value as Json;

use super::reader::Reader;
use super::{Config, SettingRef};
use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;
use crate::yaml::Node;

/// A value of `[macros] variables`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MacroVariable {
    /// A value that does not change: a text, a number, the value of an environment
    /// variable, ..
    Value(Json),
    /// The values in a file, as [`crate::plugins::data::parse`] reads them.
    File(SourcePath),
    /// A list.
    List(Vec<MacroVariable>),
    /// Names below this one.
    Table(Vec<(String, MacroVariable)>),
}

impl MacroVariable {
    /// The files in it, each with the name of the variable by its path from here.
    pub fn files(&self) -> Vec<(String, &SourcePath)> {
        let mut files = Vec::new();
        self.add_files("", &mut files);
        files
    }

    fn add_files<'a>(&'a self, name: &str, files: &mut Vec<(String, &'a SourcePath)>) {
        match self {
            Self::Value(_) => {}
            Self::File(path) => files.push((name.to_owned(), path)),
            Self::List(items) => {
                for (nth, item) in items.iter().enumerate() {
                    item.add_files(&format!("{name}.{nth}"), files);
                }
            }
            Self::Table(entries) => {
                for (key, value) in entries {
                    value.add_files(&format!("{name}.{key}"), files);
                }
            }
        }
    }
}

const SETTING: &str = "macros";

/// Reads `[macros] variables`.
pub(super) fn read(reader: &mut Reader<'_>, config: &Config) -> Vec<(String, MacroVariable)> {
    let Some(macros) = reader.get(SETTING) else {
        return Vec::new();
    };
    if macros.entries().is_none() {
        reader.wrong(SETTING, macros, "a table");
        return Vec::new();
    }
    reader.check_keys(macros, &["variables"], " of `macros`");
    let Some(variables) = macros.get("variables").filter(|node| !node.is_null()) else {
        return Vec::new();
    };
    let Some(entries) = variables.entries() else {
        reader.wrong("macros.variables", variables, "a table");
        return Vec::new();
    };
    if !config.plugins.iter().any(|plugin| plugin.name == "macros")
        && let Some((key, _)) = reader.root.entry(SETTING)
    {
        let message = "`macros.variables` has no effect without the plugin `macros`";
        let warning = Diagnostic::warning(Rule::BadValue, message).at(key.span());
        reader
            .diagnostics
            .push(warning.help("add `macros` to `plugins`, or remove the table"));
    }
    read_entries(reader, "macros.variables", entries)
}

fn read_entries(
    reader: &mut Reader<'_>,
    path: &str,
    entries: &[(Node, Node)],
) -> Vec<(String, MacroVariable)> {
    let mut variables = Vec::with_capacity(entries.len());
    for (key, node) in entries {
        let name = key.key_text();
        let path = format!("{path}.{name}");
        if let Some(value) = read_value(reader, &path, node) {
            variables.push((name, value));
        }
    }
    variables
}

/// The value of a variable; `None` if there is none.
fn read_value(reader: &mut Reader<'_>, path: &str, node: &Node) -> Option<MacroVariable> {
    if let Some(entries) = node.entries() {
        let has_only = |names: &[&str]| {
            let mut keys = entries.iter().map(|(key, _)| key.key_text());
            keys.all(|key| names.contains(&key.as_str()))
        };
        if has_only(&["env", "default"])
            && let Some(name) = node.get("env")
        {
            return from_environment(reader, path, name, node.get("default"));
        }
        if has_only(&["file"])
            && let Some(file) = node.get("file")
        {
            return from_file(reader, path, file);
        }
        return Some(MacroVariable::Table(read_entries(reader, path, entries)));
    }
    if let Some(items) = node.items() {
        let items = items.iter().enumerate();
        let items = items.filter_map(|(nth, item)| {
            let path = format!("{path}.{nth}");
            read_value(reader, &path, item)
        });
        return Some(MacroVariable::List(items.collect()));
    }
    Some(MacroVariable::Value(node.to_json()))
}

/// `{ env = "NAME", default = ".." }`.
fn from_environment(
    reader: &mut Reader<'_>,
    path: &str,
    name: &Node,
    default: Option<&Node>,
) -> Option<MacroVariable> {
    let variable = reader.text_of(&format!("{path}.env"), name)?;
    if let Some(value) = reader.environment.get(&variable) {
        return Some(MacroVariable::Value(value.as_str().into()));
    }
    if let Some(default) = default {
        return Some(MacroVariable::Value(default.to_json()));
    }
    let message = format!("the environment variable `{variable}` is not set");
    let warning = Diagnostic::warning(Rule::BadValue, message).at(name.span());
    reader
        .diagnostics
        .push(warning.help("set it, or add a `default`: the name is not defined until then"));
    None
}

/// `{ file = "data/versions.yml" }`.
fn from_file(reader: &mut Reader<'_>, path: &str, file: &Node) -> Option<MacroVariable> {
    let key = format!("{path}.file");
    let text = reader.text_of(&key, file)?;
    let target = reader.path_of(&key, &text, file)?;
    if target.is_secret() {
        let message = format!("`{key}` is `{text}`, which pages must not show");
        let help = "name another file: what is in `.git` or `.env` is not read";
        reader.refuse(file, message, help);
        return None;
    }
    let subject = SettingRef::Setting(path.to_owned());
    reader.places.insert(subject, file.span());
    Some(MacroVariable::File(target))
}
