use super::{Environment, SettingDiagnostic, SettingLocations, Sources};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::files::SourcePath;
use crate::yaml::{Node, Value};

/// Reads the settings of one mapping and collects diagnostics about them. An
/// invalid setting counts as not given, so that `serve` can use the others.
pub(super) struct Reader<'a> {
    pub(super) root: &'a Node,
    /// The folder that paths are relative to.
    pub(super) folder: SourcePath,
    pub(super) is_folder: &'a dyn Fn(&SourcePath) -> bool,
    pub(super) sources: &'a Sources<'a>,
    /// The variables of the process and of the language.
    pub(super) environment: &'a Environment,
    pub(super) suggestions: Suggestions,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) places: SettingLocations,
}

impl<'a> Reader<'a> {
    /// The value of a setting. As in MkDocs, an empty value counts as not given.
    pub(super) fn get(&self, key: &str) -> Option<&'a Node> {
        self.root.get(key).filter(|node| !node.is_null())
    }

    /// Reports that the value of `key` should have been `expected`.
    pub(super) fn wrong(&mut self, key: &str, node: &Node, expected: &str) {
        let message = format!("`{key}` takes {expected}, not {}", node.kind());
        let mut diagnostic = Diagnostic::new(Rule::BadValue, message).at(node.span());
        let is_scalar = matches!(
            node.value,
            Value::Bool(_) | Value::Integer(_) | Value::Float(_)
        );
        if is_scalar && expected == "text" {
            diagnostic = diagnostic.help("put the value in quotes");
        }
        self.diagnostics.push(diagnostic);
    }

    /// Reports a value that cannot be used.
    pub(super) fn refuse(&mut self, node: &Node, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::new(Rule::BadValue, message).at(node.span());
        self.diagnostics.push(diagnostic.help(help));
    }

    /// Adds remarks, each with its place.
    pub(super) fn report(&mut self, remarks: impl IntoIterator<Item = SettingDiagnostic>) {
        for remark in remarks {
            self.diagnostics.push(self.places.locate(remark));
        }
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let node = self.get(key)?;
        self.text_of(key, node)
    }

    pub(super) fn text_of(&mut self, key: &str, node: &Node) -> Option<String> {
        match &node.value {
            Value::String(text) => Some(text.clone()),
            _ => {
                self.wrong(key, node, "text");
                None
            }
        }
    }

    pub(super) fn flag(&mut self, key: &str, default: bool) -> bool {
        let node = self.get(key);
        node.map_or(default, |node| self.flag_of(key, node, default))
    }

    pub(super) fn flag_of(&mut self, key: &str, node: &Node, default: bool) -> bool {
        match node.value {
            Value::Bool(value) => value,
            _ => {
                self.wrong(key, node, "`true` or `false`");
                default
            }
        }
    }

    /// The items of a list of texts.
    pub(super) fn texts(&mut self, key: &str) -> Vec<(String, &'a Node)> {
        let Some(node) = self.get(key) else {
            return Vec::new();
        };
        let Value::Sequence(items) = &node.value else {
            self.wrong(key, node, "a list");
            return Vec::new();
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            if let Some(text) = self.text_of(key, item) {
                texts.push((text, item));
            }
        }
        texts
    }

    /// Lines of patterns, given as one text or as a list; empty if not given.
    pub(super) fn patterns(&mut self, key: &str) -> String {
        match self.get(key) {
            Some(node) if node.items().is_some() => {
                let lines: Vec<String> =
                    self.texts(key).into_iter().map(|(line, _)| line).collect();
                lines.join("\n")
            }
            _ => self.text(key).unwrap_or_default(),
        }
    }

    pub(super) fn path(&mut self, key: &str) -> Option<SourcePath> {
        let node = self.get(key)?;
        let text = self.text_of(key, node)?;
        self.path_of(key, &text, node)
    }

    /// A path inside the project. Absolute paths are refused: a site must not
    /// depend on where its project is.
    pub(super) fn path_of(&mut self, key: &str, text: &str, node: &Node) -> Option<SourcePath> {
        if text.starts_with('/') {
            let message = format!("`{key}` is the absolute path `{text}`");
            self.refuse(
                node,
                message,
                "make the path relative to the configuration file",
            );
            return None;
        }
        Some(self.folder.join(text))
    }

    /// Warns about keys of `node` that are not in `known`. `owner` follows
    /// "setting" in the message, such as " of a script".
    pub(super) fn check_keys(&mut self, node: &Node, known: &[&str], owner: &str) {
        for (key, _) in node.entries().unwrap_or(&[]) {
            let name = key.key_text();
            if known.contains(&name.as_str()) {
                continue;
            }
            let message = format!("`{name}` is not a setting{owner}");
            let diagnostic = Diagnostic::new(Rule::UnknownKey, message).at(key.span());
            let near = self.suggestions.suggest(&name, known.iter().copied());
            self.diagnostics.push(match near {
                Some(near) => diagnostic.did_you_mean(&name, &near),
                None => diagnostic.help("it is ignored; put values for templates under `extra`"),
            });
        }
    }
}
