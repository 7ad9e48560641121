use serde_json::{Map, Value, json};

use super::SettingRef;
use super::named_list::named_entries;
use super::reader::Reader;
use crate::markdown::Extension;
use crate::yaml::Node;

/// The extensions that MkDocs always enables, before those that a site lists.
const BUILT_IN: [&str; 3] = ["toc", "tables", "fenced_code"];

/// The extensions of a site. A site that lists none gets those that Material's
/// documentation recommends if `recommend` is set.
pub(super) fn read(reader: &mut Reader<'_>, recommend: bool) -> Vec<Extension> {
    let mut extensions: Vec<Extension> = BUILT_IN.iter().map(|name| plain(name)).collect();
    let Some(list) = reader.get("markdown_extensions") else {
        if recommend {
            extensions.extend(recommended());
            extensions[0].options = options(json!({"permalink": true}));
        }
        return extensions;
    };
    for entry in named_entries(reader, "markdown_extensions", list) {
        let name = canonical_name(&entry.name).to_owned();
        let subject = SettingRef::Extension(name.clone());
        reader.places.insert(subject, entry.node.span());
        for (key, _) in entry.option_entries() {
            let subject = SettingRef::ExtensionOption(name.clone(), key.key_text());
            reader.places.insert(subject, key.span());
        }
        let options = entry.options.map_or_else(Map::new, Node::to_map);
        let earlier = extensions.iter_mut().find(|earlier| earlier.name == name);
        match earlier {
            Some(earlier) => earlier.options.extend(options),
            None => extensions.push(Extension { name, options }),
        }
    }
    extensions
}

/// Python-Markdown's own extensions may be named by their module.
fn canonical_name(name: &str) -> &str {
    name.strip_prefix("markdown.extensions.").unwrap_or(name)
}

fn plain(name: &str) -> Extension {
    Extension {
        name: name.to_owned(),
        options: Map::new(),
    }
}

fn options(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(options) => options,
        _ => Map::new(),
    }
}

/// See <https://squidfunk.github.io/mkdocs-material/setup/extensions/>,
/// "recommended configuration"; `toc` and `tables` are built in.
fn recommended() -> Vec<Extension> {
    let mermaid = json!({
        "name": "mermaid",
        "class": "mermaid",
        "format": "pymdownx.superfences.fence_code_format",
    });
    let with_options = [
        ("abbr", json!({})),
        ("admonition", json!({})),
        ("attr_list", json!({})),
        ("def_list", json!({})),
        ("footnotes", json!({})),
        ("md_in_html", json!({})),
        ("pymdownx.betterem", json!({})),
        ("pymdownx.caret", json!({})),
        ("pymdownx.details", json!({})),
        (
            "pymdownx.emoji",
            json!({
                "emoji_index": "material.extensions.emoji.twemoji",
                "emoji_generator": "pymdownx.emoji.to_alt",
            }),
        ),
        ("pymdownx.highlight", json!({"anchor_linenums": true})),
        ("pymdownx.inlinehilite", json!({})),
        ("pymdownx.keys", json!({})),
        ("pymdownx.mark", json!({})),
        ("pymdownx.smartsymbols", json!({})),
        ("pymdownx.snippets", json!({})),
        ("pymdownx.superfences", json!({"custom_fences": [mermaid]})),
        ("pymdownx.tabbed", json!({"alternate_style": true})),
        ("pymdownx.tasklist", json!({"custom_checkbox": true})),
        ("pymdownx.tilde", json!({})),
    ];
    with_options
        .into_iter()
        .map(|(name, value)| Extension {
            options: options(value),
            ..plain(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{BUILT_IN, recommended};

    #[test]
    fn the_reference_stars_what_is_on_without_a_list() {
        let page = include_str!("../../docs/reference/markdown.md");
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
        let starred = rows.filter_map(|row| row.split_once("` ★ |"));
        let starred: BTreeSet<&str> = starred.map(|(name, _)| name).collect();
        let recommended = recommended();
        let on = recommended.iter().map(|extension| extension.name.as_str());
        assert_eq!(on.chain(BUILT_IN).collect::<BTreeSet<_>>(), starred);
    }
}
