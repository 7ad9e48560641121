//! What proofroom knows about plugins by name.

/// How far a plugin is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PluginSupport {
    /// Built into proofroom, which reads these options.
    Built(&'static [&'static str]),
    /// Not needed: its work is done anyway, or affects nothing that readers
    /// see. The text says why.
    Needless(&'static str),
    /// Not supported. The pages are complete without it; the text says what the
    /// site lacks.
    Extra(&'static str),
    /// Not supported, and pages are incomplete or wrong without it. The text
    /// says how.
    Missed(&'static str),
}

use PluginSupport::{Extra, Missed, Needless};

/// Plugins that are not part of proofroom, by their names in `plugins` without
/// `material/`.
const PLUGINS: &[(&str, PluginSupport)] = &[
    ("alias", Missed("links by alias are shown as written")),
    (
        "api-autonav",
        Missed("the pages of the API reference are missing"),
    ),
    (
        "conditional_include",
        Missed("it decides which pages there are"),
    ),
    (
        "coverage",
        Missed("the page of the coverage report is missing"),
    ),
    (
        "encrypt-source",
        Missed("encrypted parts are shown encrypted"),
    ),
    (
        "exclude-unused",
        Needless("pages that `nav` does not name are left out"),
    ),
    (
        "exclude-unused-files",
        Extra("files that no page uses are published too"),
    ),
    (
        "exclude_tagged_files",
        Needless("the pages with these tags are left out"),
    ),
    (
        "excluder",
        Needless("the files that it excludes are left out"),
    ),
    ("file-filter", Missed("it decides which files there are")),
    (
        "include_exclude_files",
        Needless("the pages that it excludes are left out"),
    ),
    ("obsidian-bridge", Missed("its links are shown as written")),
    (
        "platform-content",
        Missed("parts for other platforms are not removed"),
    ),
    (
        "pub-blog",
        Missed("posts are plain pages, without archive, categories and pagination"),
    ),
    (
        "pub-meta",
        Extra("addresses and the nav do not follow the front matter"),
    ),
    ("pub-obsidian", Missed("its links are shown as written")),
    (
        "publish-control",
        Needless("the pages that it hides are left out"),
    ),
    ("remove_sections", Missed("marked sections are not removed")),
    (
        "render-stopper",
        Missed("pages are not cut off at its mark"),
    ),
    (
        "role-filter",
        Needless("the pages of other roles are left out"),
    ),
    ("select-files", Missed("it decides which pages there are")),
    (
        "sitemap-exclusion",
        Extra("the site map lists the pages that it excludes"),
    ),
    ("bibtex", Missed("citations are shown as written")),
    ("charts", Missed("charts are shown as code")),
    ("codeinclude", Missed("included code is missing")),
    ("drawio", Missed("drawings are shown as links")),
    (
        "encryptcontent",
        Missed("pages would be published unencrypted"),
    ),
    (
        "exclude-search",
        Extra("the search finds the pages that it excludes"),
    ),
    ("ezlinks", Missed("its short links are shown as written")),
    (
        "gen-files",
        Missed("the pages that its scripts would write are missing"),
    ),
    (
        "git-committers",
        Extra("pages do not name their committers"),
    ),
    (
        "git-committers-2",
        Extra("pages do not name their committers"),
    ),
    (
        "git-latest-release",
        Missed("the name of the latest release is not inserted"),
    ),
    (
        "git-latest-changes",
        Missed("the list of changes is missing"),
    ),
    (
        "git-revision-date",
        Missed("revision dates are not inserted"),
    ),
    (
        "git-snippet",
        Missed("snippets from other repositories are missing"),
    ),
    (
        "htmlproofer",
        Needless("`proofroom check` looks at links and anchors"),
    ),
    ("info", Needless("it only collects files for bug reports")),
    ("img2figv2", Missed("images do not become figures")),
    ("jupyter", Missed("notebooks are copied, not rendered")),
    ("kroki", Missed("diagrams are shown as code")),
    ("link-marker", Extra("links are not marked")),
    (
        "literate-nav",
        Missed("the nav follows `nav` or the folders, not `SUMMARY.md`"),
    ),
    ("markdown-exec", Missed("code in pages is not run")),
    (
        "markdownextradata",
        Missed("values from data files are not inserted"),
    ),
    (
        "mermaid2",
        Missed("diagrams need a custom fence of `pymdownx.superfences`"),
    ),
    (
        "mike",
        Needless("the theme shows the versions, where `extra.version` has `provider: mike`"),
    ),
    (
        "mkdocs-jupyter",
        Missed("notebooks are copied, not rendered"),
    ),
    (
        "mkdocs-simple-hooks",
        Missed("its hooks are Python and are not run"),
    ),
    (
        "mkdocstrings",
        Missed("the API reference (`:::`) is missing"),
    ),
    (
        "monorepo",
        Missed("the pages of included projects are missing"),
    ),
    (
        "multirepo",
        Missed("the pages of imported repositories are missing"),
    ),
    ("ngrams", Extra("the search does not match parts of words")),
    ("open-in-new-tab", Extra("links open in the same tab")),
    (
        "optimize",
        Extra("images are published at their original size"),
    ),
    ("panzoom", Extra("diagrams cannot be enlarged")),
    ("pdf-export", Extra("no PDF is made")),
    (
        "print-site",
        Extra("there is no page that combines all pages"),
    ),
    (
        "projects",
        Missed("the projects below `projects/` are not built"),
    ),
    (
        "pub-social",
        Extra("pages have no metadata for social networks"),
    ),
    ("roamlinks", Missed("its links are shown as written")),
    (
        "same-dir",
        Needless("the docs folder may be the project folder"),
    ),
    (
        "simple",
        Missed("pages outside the docs folder are missing"),
    ),
    ("swagger-ui-tag", Missed("API descriptions are missing")),
    ("table-reader", Missed("tables from files are missing")),
    (
        "techdocs-core",
        Needless("list the plugins and extensions that it enables yourself"),
    ),
    ("termynal", Extra("terminals are not animated")),
    ("to-pdf", Extra("no PDF is made")),
    ("unused-files", Needless("it only looks for unused files")),
    ("with-pdf", Extra("no PDF is made")),
    ("zettelkasten", Missed("its links are shown as written")),
];

/// The plugins that are built in, each with the options that it reads.
pub type Built = [(&'static str, &'static [&'static str])];

/// How far the plugin `name` is supported; `None` if it is unknown.
pub(super) fn support(name: &str, built: &Built) -> Option<PluginSupport> {
    if let Some((_, options)) = built.iter().find(|(plugin, _)| *plugin == name) {
        return Some(PluginSupport::Built(options));
    }
    let wanted = canonical(name);
    let mut known = PLUGINS.iter();
    let (_, support) = known.find(|(plugin, _)| canonical(plugin) == wanted)?;
    Some(*support)
}

/// A name by which different spellings of a plugin are the same: with hyphens
/// for underscores, and without a leading `mkdocs-`.
pub(super) fn canonical(name: &str) -> String {
    let name = name.replace('_', "-");
    name.strip_prefix("mkdocs-")
        .map_or(name.clone(), str::to_owned)
}

/// All names, for suggestions.
pub(super) fn names(built: &Built) -> impl Iterator<Item = &'static str> {
    let built = built.iter().map(|(name, _)| *name);
    built.chain(PLUGINS.iter().map(|(name, _)| *name))
}
