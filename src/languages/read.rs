use std::collections::BTreeMap;

use super::{Language, Languages, Layout};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::files::SourcePath;
use crate::yaml::{Node, Value};

/// What a language can say of itself.
const KEYS: [&str; 6] = ["name", "docs", "prefix", "env_file", "env", "fallback"];

/// Reads the table. Paths in it are relative to `folder`. `None` where no
/// language is left; what is wrong is said either way.
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
    let mut named: Vec<_> = entries.iter().filter(|(key, _)| is_language(key)).collect();
    // TOML's tables are sorted by name; readers see the order of the file.
    named.sort_by_key(|(key, _)| key.place.start);
    let codes: Vec<String> = named.iter().map(|(key, _)| key.key_text()).collect();
    let default = table.get("default");
    let wished = default.and_then(Node::as_str);
    let default_at = match (default, wished) {
        (None, _) => 0,
        (Some(_), Some(code)) if codes.iter().any(|known| known == code) => {
            codes.iter().position(|known| known == code).unwrap_or(0)
        }
        (Some(node), _) => {
            let known = codes.iter().map(String::as_str);
            let near = reader
                .suggestions
                .suggest(wished.unwrap_or_default(), known);
            let message = format!("`{}` is none of the languages", wished.unwrap_or("this"));
            let error = Diagnostic::new(Rule::BadLanguage, message).at(node.span());
            reader.diagnostics.push(match near {
                Some(near) => error.did_you_mean(wished.unwrap_or_default(), &near),
                None => {
                    let codes: Vec<String> = codes.iter().map(|it| format!("`{it}`")).collect();
                    error.help(format!("there are {}", codes.join(", ")))
                }
            });
            0
        }
    };
    let mut all: Vec<Language> = Vec::new();
    for (nth, (key, node)) in named.into_iter().enumerate() {
        let is_default = nth == default_at;
        let language = reader.language(key, node, each, is_default);
        let same = all.iter().find(|other| other.prefix == language.prefix);
        if let Some(same) = same {
            let message = format!(
                "`{}` and `{}` would have the same addresses",
                same.code, language.code
            );
            let help = "give each a `prefix` of its own, such as `prefix = \"/{lang}/\"`";
            reader.say(key, message, help.to_owned());
        }
        all.push(language);
    }
    let languages = (!all.is_empty()).then_some(Languages {
        all,
        default: default_at,
        current: default_at,
        layout: Layout::SiteEach,
        docs: Vec::new(),
    });
    (languages, reader.diagnostics)
}

/// Whether this may be the code of a language, by its letters.
fn is_code(code: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric());
    code.split(['-', '_']).all(part)
}

/// Whether a folder may be called so in an address and on every disk.
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
    fn say(&mut self, node: &Node, message: String, help: String) {
        let error = Diagnostic::new(Rule::BadLanguage, message).at(node.span());
        self.diagnostics.push(error.help(help));
    }

    fn refuse(&mut self, node: &Node, message: &str) {
        let message = format!("{message}, and this is {}", node.kind());
        let error = Diagnostic::new(Rule::BadLanguage, message).at(node.span());
        self.diagnostics.push(error);
    }

    fn language(
        &mut self,
        key: &Node,
        node: &Node,
        each: Option<&Node>,
        is_default: bool,
    ) -> Language {
        let code = key.key_text();
        let tables = [Some(node), each];
        for table in tables.into_iter().flatten() {
            self.know(table, &code);
        }
        let mut found = |name: &str| {
            let node = tables.iter().flatten().find_map(|table| table.get(name))?;
            let Some(text) = node.as_str() else {
                self.refuse(node, &format!("`{name}` takes text"));
                return None;
            };
            Some(text.replace("{lang}", &code))
        };
        let name = found("name").unwrap_or_else(|| code.clone());
        let (docs, env_file) = (found("docs"), found("env_file"));
        let prefix = found("prefix").unwrap_or_else(|| {
            if is_default {
                String::new()
            } else {
                code.clone()
            }
        });
        let prefix = prefix.trim_matches('/');
        let place = tables
            .iter()
            .flatten()
            .find_map(|table| table.get("prefix"));
        if !is_code(&code) {
            let message = format!("`{code}` is no code of a language");
            let help = "write it as `fr`, `pt-BR` or `zh-Hant`";
            self.say(key, message, help.to_owned());
        } else if !prefix
            .split('/')
            .all(|part| is_plain(part) || prefix.is_empty())
        {
            let message = format!("`{prefix}` is no place for the pages of `{code}`");
            let help = "a prefix is a folder of the site, such as `fr`, of letters, digits, `-` and `_`; \
                        `{lang}` stands for the language";
            self.say(place.unwrap_or(key), message, help.to_owned());
        }
        let falls_back = tables.iter().flatten().find_map(|table| {
            let node = table.get("fallback")?;
            match node.value {
                Value::Bool(yes) => Some(yes),
                _ => {
                    self.refuse(node, "`fallback` takes `true` or `false`");
                    None
                }
            }
        });
        let mut env = BTreeMap::new();
        for table in tables.into_iter().rev().flatten() {
            self.variables(table, &code, &mut env);
        }
        let folder = self.folder;
        Language {
            name,
            docs: docs.map(|docs| folder.join(&docs)),
            prefix: match prefix {
                "" => String::new(),
                prefix => format!("{prefix}/"),
            },
            env_file: env_file.map(|file| folder.join(&file)),
            env,
            falls_back: falls_back.unwrap_or(true) && !is_default,
            code,
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

    fn know(&mut self, table: &Node, code: &str) {
        let Some(entries) = table.entries() else {
            let near = ["default", "each"].into_iter();
            let near = self.suggestions.suggest(code, near);
            let near = near.filter(|_| table.as_str().is_some());
            if let Some(near) = near {
                let message = format!("`{code}` is no setting of `languages`");
                return self.say(table, message, format!("did you mean `{}`?", near.name));
            }
            return self.refuse(table, "a language takes a table");
        };
        for (key, _) in entries {
            let name = key.key_text();
            if KEYS.contains(&name.as_str()) {
                continue;
            }
            let message = format!("`{name}` is no setting of a language");
            let warning = Diagnostic::new(Rule::UnknownKey, message).at(key.span());
            let warning = match self.suggestions.suggest(&name, KEYS) {
                Some(near) => warning.did_you_mean(&name, &near),
                None => {
                    let keys = KEYS.map(|key| format!("`{key}`")).join(", ");
                    warning.help(format!("there are {keys}"))
                }
            };
            if !self.diagnostics.contains(&warning) {
                self.diagnostics.push(warning);
            }
        }
    }
}
