//! Options of `pymdownx.blocks.*`.

use serde_json::{Value, json};

use super::{BlockType, Captions, ExtensionOptions, GenericBlockKind, MarkdownOptions, Tabbed};

/// The types of admonitions that can be written by name if none are configured.
const NAMED: [&str; 9] = [
    "note",
    "attention",
    "caution",
    "danger",
    "error",
    "tip",
    "hint",
    "warning",
    "important",
];

impl MarkdownOptions {
    /// Switches a block extension on. Returns `false` if there is no such
    /// extension.
    pub(super) fn block(&mut self, name: &str, with: &ExtensionOptions<'_>) -> bool {
        match name {
            "pymdownx.blocks.admonition" => {
                self.slash("admonition", GenericBlockKind::Admonition(None));
                for (name, kind) in types(with, &NAMED) {
                    self.slash(&name, GenericBlockKind::Admonition(Some(kind)));
                }
            }
            "pymdownx.blocks.details" => {
                self.slash("details", GenericBlockKind::Details(None));
                for (name, kind) in types(with, &[]) {
                    self.slash(&name, GenericBlockKind::Details(Some(kind)));
                }
            }
            "pymdownx.blocks.tab" => {
                self.slash("tab", GenericBlockKind::Tab);
                self.slash_tabs = Some(Tabbed::new(with));
            }
            "pymdownx.blocks.html" => {
                self.slash("html", GenericBlockKind::Html);
                let custom = with.get("custom").and_then(Value::as_array);
                let parse_element = |entry: &Value| {
                    let mode = entry.get("mode").and_then(Value::as_str).unwrap_or("auto");
                    Some((entry.get("tag")?.as_str()?.to_owned(), mode.to_owned()))
                };
                self.generic_elements
                    .extend(custom.into_iter().flatten().filter_map(parse_element));
            }
            "pymdownx.blocks.definition" => self.slash("define", GenericBlockKind::Definition),
            "pymdownx.blocks.caption" => self.captions(with),
            _ => return false,
        }
        true
    }

    /// Registers a kind of block under a name.
    pub(super) fn slash(&mut self, name: &str, kind: GenericBlockKind) {
        self.generic_blocks.insert(name.to_owned(), kind);
    }

    fn captions(&mut self, with: &ExtensionOptions<'_>) {
        let default = json!([
            "caption",
            {"name": "figure-caption", "prefix": "Figure {}."},
            {"name": "table-caption", "prefix": "Table {}."},
        ]);
        let flag = |key: &str, default: bool| with.flag(key, default);
        self.captions = Captions {
            automatic: flag("auto", true),
            prepend: flag("prepend", false),
            deepest: with.get("auto_level").and_then(Value::as_i64).unwrap_or(0),
        };
        let types = with.get("types").unwrap_or(&default).as_array();
        for value in types.into_iter().flatten() {
            let text = |key: &str| {
                let text = value.get(key).and_then(Value::as_str);
                text.unwrap_or_default().to_owned()
            };
            let name = value.as_str().map_or_else(|| text("name"), str::to_owned);
            let kind = GenericBlockKind::Caption {
                prefix: text("prefix"),
                classes: text("classes"),
            };
            self.slash(&name, kind);
        }
    }
}

/// The option `types` of a block extension, by name.
fn types(with: &ExtensionOptions<'_>, default: &[&str]) -> Vec<(String, BlockType)> {
    let named = |name: &str| {
        let class = name.to_owned();
        (class.clone(), BlockType { class, title: None })
    };
    let Some(types) = with.get("types").and_then(Value::as_array) else {
        return default.iter().map(|name| named(name)).collect();
    };
    let parse_type = |value: &Value| {
        if let Some(name) = value.as_str() {
            return Some(named(name));
        }
        let (name, mut kind) = named(value.get("name")?.as_str()?);
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        kind.class = text("class").unwrap_or(kind.class);
        kind.title = text("title");
        Some((name, kind))
    };
    types.iter().filter_map(parse_type).collect()
}
