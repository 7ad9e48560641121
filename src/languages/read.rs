use std::collections::BTreeMap;

use super::{Language, Languages, Layout, SourceMarks};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::files::SourcePath;
use crate::yaml::{Node, Value};

/// The settings of a language.
const KEYS: [&str; 9] = [
    "name",
    "docs",
    "prefix",
    "env_file",
    "env",
    "glossary",
    "fallback",
    "source_anchors",
    "source_lang",
];

/// Reads the table. Paths in it are relative to `folder`. The languages are
/// `None` if the table has none.
pub fn read(table: &Node, folder: &SourcePath) -> (Option<Languages>, Vec<Diagnostic>) {
    let mut reader = Reader {
        folder,
        suggestions: Suggestions::default(),
        diagnostics: Vec::new(),
    };
    let Some(entries) = table.entries() else {
        reader.refuse(table, "`languages` takes a table of languages");
        return (None, reader.diagnostics);
    };
    let is_language = |key: &Node| !matches!(key.as_str(), Some("default" | "each"));
    let each = table.get("each");
    let mut entries_of_languages: Vec<_> =
        entries.iter().filter(|(key, _)| is_language(key)).collect();
    // TOML tables are sorted by name, but the order of the file is what counts.
    entries_of_languages.sort_by_key(|(key, _)| key.place.start);
    let codes: Vec<String> = entries_of_languages
        .iter()
        .map(|(key, _)| key.key_text())
        .collect();
    let default = match table.get("default") {
        Some(node) => reader.default_language(node, &codes),
        None => 0,
    };
    let mut all: Vec<Language> = Vec::new();
    for (nth, (key, node)) in entries_of_languages.into_iter().enumerate() {
        let language = reader.language(key, node, each, nth == default);
        if let Some(same) = all.iter().find(|other| other.prefix == language.prefix) {
            let message = format!(
                "`{}` and `{}` would have the same addresses",
                same.code, language.code
            );
            let help = "give each its own `prefix`, such as `prefix = \"/{lang}/\"`";
            reader.report(key, message, help.to_owned());
        }
        all.push(language);
    }
    let languages = (!all.is_empty()).then_some(Languages {
        all,
        default,
        current: default,
        layout: Layout::SiteEach,
        docs: Vec::new(),
    });
    (languages, reader.diagnostics)
}

/// Whether this has the form of a language code.
fn is_code(code: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric());
    code.split(['-', '_']).all(part)
}

/// Whether a folder can have this name in addresses and on every file system.
fn is_plain(part: &str) -> bool {
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    !part.is_empty() && part.bytes().all(plain) && !part.starts_with('.')
}

struct Reader<'a> {
    folder: &'a SourcePath,
    suggestions: Suggestions,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, node: &Node, message: String, help: String) {
        let error = Diagnostic::new(Rule::BadLanguage, message).at(node.span());
        self.diagnostics.push(error.help(help));
    }

    /// Reports a value of the wrong type. `message` says which one is expected.
    fn refuse(&mut self, node: &Node, message: &str) {
        let message = format!("{message}, not {}", node.kind());
        let error = Diagnostic::new(Rule::BadLanguage, message).at(node.span());
        self.diagnostics.push(error);
    }

    /// The index of the language that `default` names; of the first language if
    /// it names none.
    fn default_language(&mut self, node: &Node, codes: &[String]) -> usize {
        let Some(code) = node.as_str() else {
            self.refuse(node, "`default` takes the code of a language");
            return 0;
        };
        if let Some(at) = codes.iter().position(|known| known == code) {
            return at;
        }
        let known = codes.iter().map(String::as_str);
        let near = self.suggestions.suggest(code, known);
        let message = format!("`{code}` is not one of the languages");
        let error = Diagnostic::new(Rule::BadLanguage, message).at(node.span());
        self.diagnostics.push(match near {
            Some(near) => error.did_you_mean(code, &near),
            None => {
                let codes: Vec<String> = codes.iter().map(|it| format!("`{it}`")).collect();
                error.help(format!("the languages are {}", codes.join(", ")))
            }
        });
        0
    }

    fn language(
        &mut self,
        key: &Node,
        node: &Node,
        each: Option<&Node>,
        is_default: bool,
    ) -> Language {
        let code = key.key_text();
        // A language's own settings take precedence over those of `each`.
        let tables: Vec<&Node> = std::iter::once(node).chain(each).collect();
        for table in &tables {
            self.check_keys(table, &code);
        }
        let name = self.text(&tables, "name", &code);
        let docs = self.text(&tables, "docs", &code);
        let env_file = self.text(&tables, "env_file", &code);
        // The default language is what others are translated from.
        let glossary = self.text(&tables, "glossary", &code);
        let glossary = if is_default { None } else { glossary };
        let prefix = match self.text(&tables, "prefix", &code) {
            Some(prefix) => prefix,
            None if is_default => String::new(),
            None => code.clone(),
        };
        let prefix = prefix.trim_matches('/');
        self.check_address(key, &tables, &code, prefix);
        let falls_back = self.switch(&tables, "fallback") && !is_default;
        let marks = SourceMarks {
            anchors: self.switch(&tables, "source_anchors") && !is_default,
            lang: self.switch(&tables, "source_lang") && !is_default,
        };
        let mut env = BTreeMap::new();
        for table in tables.iter().rev() {
            self.variables(table, &code, &mut env);
        }
        let folder = self.folder;
        Language {
            name: name.unwrap_or_else(|| code.clone()),
            docs: docs.map(|docs| folder.join(&docs)),
            prefix: match prefix {
                "" => String::new(),
                prefix => format!("{prefix}/"),
            },
            env_file: env_file.map(|file| folder.join(&file)),
            env,
            glossary: glossary.map(|file| folder.join(&file)),
            falls_back,
            marks,
            code,
        }
    }

    /// A setting that takes text, from the first table that has it.
    fn text(&mut self, tables: &[&Node], name: &str, code: &str) -> Option<String> {
        let node = tables.iter().find_map(|table| table.get(name))?;
        let Some(text) = node.as_str() else {
            self.refuse(node, &format!("`{name}` takes text"));
            return None;
        };
        Some(text.replace("{lang}", code))
    }

    /// A setting that is on unless it is turned off.
    fn switch(&mut self, tables: &[&Node], name: &str) -> bool {
        let Some(node) = tables.iter().find_map(|table| table.get(name)) else {
            return true;
        };
        let Value::Bool(is_on) = node.value else {
            self.refuse(node, &format!("`{name}` takes `true` or `false`"));
            return true;
        };
        is_on
    }

    /// Checks that the code and the prefix of a language can be part of its
    /// addresses.
    fn check_address(&mut self, key: &Node, tables: &[&Node], code: &str, prefix: &str) {
        if !is_code(code) {
            let message = format!("`{code}` is not a language code");
            let help = "write it like `fr`, `pt-BR` or `zh-Hant`";
            self.report(key, message, help.to_owned());
        } else if !prefix.is_empty() && !prefix.split('/').all(is_plain) {
            let message = format!("`{prefix}` is not a valid prefix for `{code}`");
            let help = "a prefix is a folder of the site, such as `fr`, and consists of letters, \
                        digits, `-` and `_`; `{lang}` stands for the language";
            let node = tables.iter().find_map(|table| table.get("prefix"));
            self.report(node.unwrap_or(key), message, help.to_owned());
        }
    }

    fn variables(&mut self, table: &Node, code: &str, to: &mut BTreeMap<String, String>) {
        let Some(env) = table.get("env") else {
            return;
        };
        let Some(entries) = env.entries() else {
            return self.refuse(env, "`env` takes a table of variables");
        };
        for (key, value) in entries {
            let text = match &value.value {
                Value::String(text) => text.replace("{lang}", code),
                Value::Bool(_) | Value::Integer(_) | Value::Float(_) => match value.to_json() {
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                },
                _ => {
                    self.refuse(value, "a variable takes text");
                    continue;
                }
            };
            to.insert(key.key_text(), text);
        }
    }

    /// Reports keys that are not settings of a language.
    fn check_keys(&mut self, table: &Node, code: &str) {
        let Some(entries) = table.entries() else {
            // A text is probably a misspelled setting of the whole table.
            if table.as_str().is_some()
                && let Some(near) = self.suggestions.suggest(code, ["default", "each"])
            {
                let message = format!("`{code}` is not a setting of `languages`");
                return self.report(table, message, format!("did you mean `{}`?", near.name));
            }
            return self.refuse(table, "a language takes a table");
        };
        for (key, _) in entries {
            let name = key.key_text();
            if KEYS.contains(&name.as_str()) {
                continue;
            }
            let message = format!("`{name}` is not a setting of a language");
            let warning = Diagnostic::new(Rule::UnknownKey, message).at(key.span());
            let warning = match self.suggestions.suggest(&name, KEYS) {
                Some(near) => warning.did_you_mean(&name, &near),
                None => {
                    let keys = KEYS.map(|key| format!("`{key}`")).join(", ");
                    warning.help(format!("the settings are {keys}"))
                }
            };
            if !self.diagnostics.contains(&warning) {
                self.diagnostics.push(warning);
            }
        }
    }
}
