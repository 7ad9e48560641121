//! The settings of a `zensical.toml` as those of an `mkdocs.yml`.

use serde_json::{Value as Json, json};

use super::{ThemeConfig, ThemeManifest};
use crate::files::SourcePath;
use crate::yaml::{Node, SourceRange, Value};

type Entries = Vec<(Node, Node)>;

/// Whether a TOML file is a configuration of Zensical.
pub(super) fn is_zensical(path: &SourcePath, root: &Node) -> bool {
    let has_project = || root.get("project").is_some_and(|it| it.entries().is_some());
    path.name() == "zensical.toml" || (path.name() != "proofroom.toml" && has_project())
}

/// Maps the settings of Zensical 0.0.73 onto those of MkDocs, with its defaults
/// where they differ.
pub(super) fn to_mkdocs(root: Node) -> Node {
    let place = root.place.clone();
    let mut entries = take_entries(root);
    // Settings beside the table are not read by Zensical either, but are named.
    if let Some(at) = position(&entries, "project") {
        let (_, project) = entries.remove(at);
        let beside = std::mem::replace(&mut entries, take_entries(project));
        entries.extend(beside);
    }
    convert_extensions(&mut entries, &place);
    convert_plugins(&mut entries, &place);
    convert_validation(&mut entries, &place);
    add_edit_uri(&mut entries, &place);
    Node::new(Value::Mapping(entries), place)
}

fn take_entries(node: Node) -> Entries {
    match node.value {
        Value::Mapping(entries) => entries,
        _ => Vec::new(),
    }
}

fn position(entries: &Entries, name: &str) -> Option<usize> {
    entries
        .iter()
        .position(|(key, _)| key.as_str() == Some(name))
}

/// A value that stands nowhere in the file, at the place of what it belongs to.
fn made(value: &Json, place: &SourceRange) -> Node {
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or(Value::Null, Value::Integer),
        Json::String(text) => Value::String(text.clone()),
        Json::Array(items) => Value::Sequence(items.iter().map(|it| made(it, place)).collect()),
        Json::Object(entries) => {
            let entry = |(key, value): (&String, &Json)| (text(key, place), made(value, place));
            Value::Mapping(entries.iter().map(entry).collect())
        }
    };
    Node::new(value, place.clone())
}

fn text(text: &str, place: &SourceRange) -> Node {
    Node::new(Value::String(text.to_owned()), place.clone())
}

/// Zensical's extensions, for a site that lists none.
fn default_extensions() -> Json {
    json!({
        "abbr": {},
        "admonition": {},
        "attr_list": {},
        "def_list": {},
        "footnotes": {},
        "md_in_html": {},
        "toc": {"permalink": true},
        "pymdownx.arithmatex": {"generic": true},
        "pymdownx.betterem": {},
        "pymdownx.caret": {},
        "pymdownx.details": {},
        "pymdownx.emoji": {
            "emoji_index": "zensical.extensions.emoji.twemoji",
            "emoji_generator": "zensical.extensions.emoji.to_svg",
        },
        "pymdownx.highlight": {
            "anchor_linenums": true,
            "line_spans": "__span",
            "pygments_lang_class": true,
        },
        "pymdownx.inlinehilite": {},
        "pymdownx.keys": {},
        "pymdownx.magiclink": {},
        "pymdownx.mark": {},
        "pymdownx.smartsymbols": {},
        "pymdownx.superfences": {
            "custom_fences": [{
                "name": "mermaid",
                "class": "mermaid",
                "format": "pymdownx.superfences.fence_code_format",
            }],
        },
        "pymdownx.tabbed": {"alternate_style": true, "combine_header_slug": true},
        "pymdownx.tasklist": {"custom_checkbox": true},
        "pymdownx.tilde": {},
    })
}

/// Modules of extensions, whose names TOML reads as nested tables.
const MODULES: [&str; 4] = [
    "pymdownx",
    "pymdownx.blocks",
    "zensical",
    "zensical.extensions",
];

fn convert_extensions(entries: &mut Entries, place: &SourceRange) {
    const SETTING: &str = "markdown_extensions";
    const FENCES: &str = "pymdownx.superfences";
    let Some(at) = position(entries, SETTING) else {
        entries.push((text(SETTING, place), made(&default_extensions(), place)));
        return;
    };
    match &mut entries[at].1.value {
        Value::Mapping(extensions) => {
            *extensions = hoisted(std::mem::take(extensions));
            for (_, options) in extensions.iter_mut() {
                call_objects(options);
            }
            if position(extensions, FENCES).is_none() {
                extensions.push((text(FENCES, place), made(&json!({}), place)));
            }
        }
        Value::Sequence(items) => {
            items.iter_mut().for_each(call_objects);
            let has_name =
                |item: &Node| item.as_str() == Some(FENCES) || item.get(FENCES).is_some();
            if !items.iter().any(has_name) {
                items.push(text(FENCES, place));
            }
        }
        _ => {}
    }
}

/// The extensions in tables of modules, each under its full name.
fn hoisted(extensions: Entries) -> Entries {
    let mut found = Vec::with_capacity(extensions.len());
    for (key, options) in extensions {
        let name = key.key_text();
        if !MODULES.contains(&name.as_str()) || options.entries().is_none() {
            found.push((key, options));
            continue;
        }
        let below = take_entries(options).into_iter().map(|(key, options)| {
            let full = format!("{name}.{}", key.key_text());
            (text(&full, &key.place), options)
        });
        found.extend(hoisted(below.collect()));
    }
    found
}

/// Writes `{ object = "name", kwds = {} }` like the call that it is in an
/// `mkdocs.yml`.
fn call_objects(node: &mut Node) {
    match &mut node.value {
        Value::Sequence(items) => items.iter_mut().for_each(call_objects),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                call_objects(value);
                let default = match key.as_str() {
                    Some("slugify") => "pymdownx.slugs.slugify",
                    Some("format") => "pymdownx.superfences.fence_code_format",
                    _ => continue,
                };
                let Some(parts) = value.entries() else {
                    continue;
                };
                let is_part =
                    |(key, _): &(Node, Node)| matches!(key.as_str(), Some("object" | "kwds"));
                if !parts.iter().all(is_part) {
                    continue;
                }
                let name = value
                    .get("object")
                    .and_then(Node::as_str)
                    .unwrap_or(default);
                let name = text(name, &value.place);
                let place = value.place.clone();
                let arguments = value.get("kwds").cloned();
                let arguments = arguments.map(|it| (text("kwds", &place), it));
                let arguments = Value::Mapping(arguments.into_iter().collect());
                let call = vec![(name, Node::new(arguments, place))];
                value.value = Value::Mapping(call);
            }
        }
        _ => {}
    }
}

/// A site of Zensical has a search, whatever other plugins it lists.
fn convert_plugins(entries: &mut Entries, place: &SourceRange) {
    let Some(at) = position(entries, "plugins") else {
        return;
    };
    match &mut entries[at].1.value {
        Value::Mapping(plugins) if position(plugins, "search").is_none() => {
            plugins.insert(0, (text("search", place), made(&json!({}), place)));
        }
        Value::Sequence(plugins) => {
            let is_search =
                |plugin: &Node| plugin.as_str() == Some("search") || plugin.get("search").is_some();
            if !plugins.iter().any(is_search) {
                plugins.insert(0, text("search", place));
            }
        }
        _ => {}
    }
}

/// Zensical's own names for what it checks. Dead links and anchors are warnings
/// unless they are switched off; what is off by default is not checked here.
fn convert_validation(entries: &mut Entries, place: &SourceRange) {
    const LINKS: [(&str, &str); 2] = [
        ("invalid_links", "not_found"),
        ("invalid_link_anchors", "anchors"),
    ];
    const OFF: [&str; 6] = [
        "unresolved_references",
        "unresolved_footnotes",
        "unused_definitions",
        "unused_footnotes",
        "shadowed_definitions",
        "shadowed_footnotes",
    ];
    let at = position(entries, "validation");
    let (key, given) = match at {
        Some(at) => entries.remove(at),
        None => (text("validation", place), made(&json!({}), place)),
    };
    let all = match given.value {
        Value::Bool(all) => Some(all),
        _ => None,
    };
    let place = given.place.clone();
    let mut settings = take_entries(given);
    let mut links = match position(&settings, "links") {
        Some(at) => take_entries(settings.remove(at).1),
        None => Vec::new(),
    };
    for (own, name) in LINKS {
        let own = position(&settings, own).map(|at| settings.remove(at).1);
        let own = own.map(|it| !matches!(it.value, Value::Bool(false)));
        let (default, direct) = (own.or(all), position(&settings, name));
        if own.is_none() && (direct.is_some() || position(&links, name).is_some()) {
            continue;
        }
        links.retain(|(key, _)| key.as_str() != Some(name));
        let level = if default.unwrap_or(true) {
            "warn"
        } else {
            "ignore"
        };
        links.push((text(name, &place), text(level, &place)));
    }
    settings.retain(|(key, value)| {
        let is_off = matches!(value.value, Value::Bool(false));
        !(is_off && key.as_str().is_some_and(|key| OFF.contains(&key)))
    });
    settings.push((
        text("links", &place),
        Node::new(Value::Mapping(links), place.clone()),
    ));
    entries.push((key, Node::new(Value::Mapping(settings), place)));
}

/// Pages are edited in the docs folder, whatever its name.
fn add_edit_uri(entries: &mut Entries, place: &SourceRange) {
    let setting = |name: &str| position(entries, name).map(|at| &entries[at].1);
    let of = |name: &str| setting(name).and_then(Node::as_str);
    let (Some(repository), Some(docs), None) =
        (of("repo_url"), of("docs_dir"), setting("edit_uri"))
    else {
        return;
    };
    let docs = docs.trim_matches('/');
    let is_at = |host: &str| repository.contains(&format!("://{host}/"));
    let uri = if is_at("github.com") || is_at("gitlab.com") {
        format!("edit/master/{docs}/")
    } else if is_at("bitbucket.org") {
        format!("src/default/{docs}/")
    } else {
        return;
    };
    entries.push((text("edit_uri", place), text(&uri, place)));
}

/// The icons of the theme `modern`, which is the default.
const ICONS: [(&str, &str); 11] = [
    ("logo", "lucide/book-open"),
    ("edit", "lucide/file-pen"),
    ("view", "lucide/file-code-2"),
    ("top", "lucide/circle-arrow-up"),
    ("share", "lucide/share-2"),
    ("menu", "lucide/menu"),
    ("alternate", "lucide/languages"),
    ("search", "lucide/search"),
    ("close", "lucide/x"),
    ("previous", "lucide/arrow-left"),
    ("next", "lucide/arrow-right"),
];

/// Adds the icons that Zensical's theme has where a site names none.
pub(super) fn add_icons(theme: &mut ThemeConfig) {
    let variant = theme.settings.get("variant").and_then(Json::as_str);
    if variant.unwrap_or("modern") != "modern" {
        return;
    }
    let is_built_in = theme.packages.is_empty();
    let shown = &ThemeManifest::built_in().icons;
    let icons = theme.settings.entry("icon").or_insert_with(|| json!({}));
    let Some(icons) = icons.as_object_mut() else {
        return;
    };
    for (place, icon) in ICONS {
        if !is_built_in || shown.iter().any(|it| it == place) {
            let icon = || json!(icon);
            let given = icons.entry(place).or_insert_with(icon);
            if given.is_null() {
                *given = icon();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::from_toml;

    fn converted(text: &str) -> Json {
        let root = from_toml(&SourcePath::new("zensical.toml"), text).expect("TOML");
        to_mkdocs(root).to_json()
    }

    /// What Zensical 0.0.73 reads from each.
    #[test]
    fn tables_of_modules_are_names_of_extensions() {
        let found = converted(
            "[project]\nsite_name = 'S'\n[project.markdown_extensions]\nabbr = {}\n\
             toc.permalink = true\n\
             toc.slugify = { object = 'pymdownx.slugs.slugify', kwds = { case = 'lower' } }\n\
             pymdownx.tabbed.alternate_style = true\npymdownx.blocks.tab = {}\n\
             zensical.extensions.preview = {}\n'pymdownx.mark' = {}\n",
        );
        let slugify = json!({"pymdownx.slugs.slugify": {"kwds": {"case": "lower"}}});
        assert_eq!(
            found["markdown_extensions"],
            json!({
                "abbr": {},
                "toc": {"permalink": true, "slugify": slugify},
                "pymdownx.tabbed": {"alternate_style": true},
                "pymdownx.blocks.tab": {},
                "zensical.extensions.preview": {},
                "pymdownx.mark": {},
                "pymdownx.superfences": {},
            })
        );
        let found = converted("project.markdown_extensions = ['abbr']\n");
        let expected = json!(["abbr", "pymdownx.superfences"]);
        assert_eq!(found["markdown_extensions"], expected);
        let found = converted("[project]\n");
        assert_eq!(found["markdown_extensions"], default_extensions());
    }

    #[test]
    fn other_defaults_differ_from_those_of_mkdocs() {
        let warn = json!({"links": {"not_found": "warn", "anchors": "warn"}});
        assert_eq!(converted("[project]\n")["validation"], warn);
        for (text, links) in [
            (
                "validation = false",
                json!({"not_found": "ignore", "anchors": "ignore"}),
            ),
            (
                "validation = { invalid_links = false, unused_footnotes = false }",
                json!({"not_found": "ignore", "anchors": "warn"}),
            ),
            (
                "validation.links.anchors = 'info'",
                json!({"anchors": "info", "not_found": "warn"}),
            ),
        ] {
            let found = converted(&format!("[project]\n{text}\n"));
            assert_eq!(found["validation"], json!({"links": links}), "{text}");
        }
        let found = converted("[project]\nplugins = ['meta']\n");
        assert_eq!(found["plugins"], json!(["search", "meta"]));
        let found =
            converted("[project]\nrepo_url = 'https://github.com/a/b'\ndocs_dir = 'doc/src'\n");
        assert_eq!(found["edit_uri"], json!("edit/master/doc/src/"));
    }

    #[test]
    fn icons_follow_the_variant() {
        let mut theme = crate::config::Config::bare("S").theme;
        let icons = |theme: &ThemeConfig| theme.settings.get("icon").cloned();
        theme
            .settings
            .insert("variant".to_owned(), json!("classic"));
        let before = icons(&theme);
        add_icons(&mut theme);
        assert_eq!(icons(&theme), before);
        theme.settings.shift_remove("variant");
        let given = json!({"menu": "material/menu", "search": null});
        theme.settings.insert("icon".to_owned(), given);
        add_icons(&mut theme);
        let icons = icons(&theme).expect("icons");
        assert_eq!(icons["menu"], "material/menu");
        assert_eq!(icons["search"], "lucide/search");
        assert_eq!(icons["logo"], "lucide/book-open");
        assert_eq!(icons["share"], "lucide/share-2");
    }
}
