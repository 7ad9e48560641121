use super::Plugin;
use super::named::named;
use super::settings::Reader;
use crate::diagnostic::{Diagnostic, suggest};
use crate::yaml::{Node, Value};

/// Plugins that proofroom does itself, so that nothing need be said.
const DONE: [&str; 1] = ["search"];

/// Plugins whose absence leaves the pages' bodies as they are: they write
/// more files, or change how the finished site is delivered.
const HARMLESS: [&str; 31] = [
    "autorefs",
    "awesome-nav",
    "awesome-pages",
    "blog",
    "exclude",
    "exclude-search",
    "ezlinks",
    "git-authors",
    "git-committers",
    "git-committers-2",
    "git-latest-release",
    "git-revision-date",
    "git-revision-date-localized",
    "htmlproofer",
    "info",
    "literate-nav",
    "meta",
    "minify",
    "mike",
    "monorepo",
    "offline",
    "optimize",
    "privacy",
    "projects",
    "pub-social",
    "redirects",
    "rss",
    "section-index",
    "social",
    "tags",
    "typeset",
];

/// Plugins that write into the pages' bodies.
const IN_BODIES: [&str; 14] = [
    "charts",
    "click",
    "drawio",
    "glightbox",
    "i18n",
    "include-markdown",
    "jupyter",
    "macros",
    "markdownextradata",
    "mermaid2",
    "mkdocs-jupyter",
    "mkdocstrings",
    "swagger-ui-tag",
    "table-reader",
];

/// The plugins that are enabled. An absent key means `search`, an empty list
/// none, as in MkDocs.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<Plugin> {
    let mut plugins = Vec::new();
    match reader.root.get("plugins") {
        Some(node) if !node.is_null() => collect(reader, "plugins", node, &mut plugins),
        _ => plugins.push(Plugin {
            name: "search".to_owned(),
            options: serde_json::Map::new(),
            span: None,
        }),
    }
    for plugin in &plugins {
        reader.diagnostics.extend(unsupported(plugin));
    }
    plugins
}

fn collect(reader: &mut Reader<'_>, key: &str, list: &Node, plugins: &mut Vec<Plugin>) {
    for entry in named(reader, key, list) {
        let off = |node: &Node| matches!(node.value, Value::Bool(false) | Value::Integer(0));
        let enabled = entry.options.and_then(|options| options.get("enabled"));
        if enabled.is_some_and(off) {
            continue;
        }
        // Material's own plugins may be named with the theme's name.
        let name = entry.name.strip_prefix("material/").unwrap_or(&entry.name);
        if name == "group" {
            if let Some(below) = entry.options.and_then(|options| options.get("plugins")) {
                collect(reader, "plugins.group.plugins", below, plugins);
            }
            continue;
        }
        plugins.push(Plugin {
            name: name.to_owned(),
            options: entry.options.map(Node::to_map).unwrap_or_default(),
            span: Some(entry.node.span()),
        });
    }
}

fn unsupported(plugin: &Plugin) -> Option<Diagnostic> {
    let name = plugin.name.as_str();
    if DONE.contains(&name) {
        return None;
    }
    let message = format!("the plugin `{name}` is not part of proofroom");
    let mut diagnostic = if HARMLESS.contains(&name) {
        Diagnostic::note("unsupported-plugin", message)
            .help("the pages are made without it; their text stays the same")
    } else if IN_BODIES.contains(&name) {
        Diagnostic::warning("unsupported-plugin", message)
            .help("pages that rely on it show what they have written for it")
    } else {
        let known = DONE.iter().chain(&HARMLESS).chain(&IN_BODIES).copied();
        let diagnostic = Diagnostic::warning("unsupported-plugin", message);
        match suggest(name, known) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("take it out of `plugins`, or see whether the pages need it"),
        }
    };
    diagnostic.span = plugin.span.clone();
    Some(diagnostic)
}

/// Hooks are Python and are not run; each is named.
pub(super) fn hooks(reader: &mut Reader<'_>) {
    for (path, node) in reader.texts("hooks") {
        let message = format!("the hook `{path}` is Python, which proofroom does not run");
        let diagnostic = Diagnostic::warning("unsupported-hook", message).at(node.span());
        reader
            .diagnostics
            .push(diagnostic.help("the pages are made without it"));
    }
}
