//! What is known of plugins by their names.

/// What becomes of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Support {
    /// proofroom does its work; these options of it are read.
    Built(&'static [&'static str]),
    /// Its work is done anyway, or concerns nothing that readers see.
    Needless(&'static str),
    /// The site is whole without it, and lacks this.
    Extra(&'static str),
    /// Pages or links are missing without it: this.
    Missed(&'static str),
}

use Support::{Extra, Missed, Needless};

/// Plugins that are not part of proofroom, by the names that `plugins` gives
/// them, without `material/`.
const PLUGINS: &[(&str, Support)] = &[
    (
        "autorefs",
        Missed("links by the names of headings stay text"),
    ),
    (
        "blog",
        Missed("posts are plain pages, without archive, categories and pagination"),
    ),
    ("bibtex", Missed("citations stay as they are written")),
    (
        "callouts",
        Missed("callouts in Obsidian's notation stay quotations"),
    ),
    ("charts", Missed("charts stay code")),
    ("codeinclude", Missed("included code is missing")),
    ("drawio", Missed("drawings are shown as links")),
    (
        "encryptcontent",
        Missed("pages would be published unencrypted"),
    ),
    (
        "exclude-search",
        Extra("the pages it names are found by the search"),
    ),
    (
        "ezlinks",
        Missed("its short links stay as they are written"),
    ),
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
        Missed("the name of the latest release is not put in"),
    ),
    (
        "git-latest-changes",
        Missed("the list of changes is missing"),
    ),
    (
        "git-revision-date",
        Missed("dates of revision are not put in"),
    ),
    (
        "git-snippet",
        Missed("snippets from other repositories are missing"),
    ),
    (
        "glightbox",
        Extra("images do not open in a box of their own"),
    ),
    (
        "htmlproofer",
        Needless("`proofroom check` looks at links and anchors"),
    ),
    ("info", Needless("it collects files for reports of faults")),
    ("img2figv2", Missed("images are no figures")),
    ("jupyter", Missed("notebooks are copied, not rendered")),
    ("kroki", Missed("diagrams stay code")),
    ("link-marker", Extra("links carry no marks")),
    (
        "literate-nav",
        Missed("the nav follows `nav` or the folders, not `SUMMARY.md`"),
    ),
    ("markdown-exec", Missed("code in pages is not run")),
    (
        "markdownextradata",
        Missed("values of data files are not put in"),
    ),
    (
        "mermaid2",
        Missed("diagrams need a custom fence of `pymdownx.superfences`"),
    ),
    ("mike", Extra("there is no selector of versions")),
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
        Missed("the reference of code (`:::`) is missing"),
    ),
    (
        "monorepo",
        Missed("the pages of included projects are missing"),
    ),
    (
        "multirepo",
        Missed("the pages of imported repositories are missing"),
    ),
    (
        "ngrams",
        Extra("the search does not look at parts of words"),
    ),
    ("open-in-new-tab", Extra("links open in the same tab")),
    (
        "optimize",
        Extra("images are published in the size they have"),
    ),
    ("panzoom", Extra("diagrams cannot be enlarged")),
    ("pdf-export", Extra("no PDF is made")),
    ("print-site", Extra("there is no page of all pages")),
    (
        "privacy",
        Extra("fonts and scripts of other sites are loaded from there"),
    ),
    (
        "projects",
        Missed("the projects below `projects/` are not built"),
    ),
    (
        "pub-social",
        Extra("pages have no metadata for social networks"),
    ),
    ("roamlinks", Missed("its links stay as they are written")),
    ("rss", Extra("there is no feed")),
    ("same-dir", Needless("a project may be its own docs folder")),
    (
        "simple",
        Missed("pages outside the docs folder are missing"),
    ),
    ("social", Extra("pages have no cards for social networks")),
    (
        "swagger-ui-tag",
        Missed("descriptions of interfaces are missing"),
    ),
    ("table-reader", Missed("tables from files are missing")),
    (
        "techdocs-core",
        Needless("what it turns on must be listed by itself"),
    ),
    ("termynal", Extra("terminals are not animated")),
    ("to-pdf", Extra("no PDF is made")),
    (
        "typeset",
        Extra("titles in the nav and the table of contents show no markup"),
    ),
    ("unused-files", Needless("it only looks for unused files")),
    ("with-pdf", Extra("no PDF is made")),
    ("zettelkasten", Missed("its links stay as they are written")),
];

/// Plugins whose work is done, and the options of each that are read. Who
/// reads them says so.
pub type Built = [(&'static str, &'static [&'static str])];

/// What becomes of the plugin `name`; `None` where nothing is known of it.
pub(super) fn support(name: &str, built: &Built) -> Option<Support> {
    let is_it = |known: &str| known == name;
    let own = built.iter().find(|(known, _)| is_it(known));
    let others = PLUGINS.iter().find(|(known, _)| is_it(known));
    own.map(|(_, options)| Support::Built(options))
        .or_else(|| others.map(|(_, support)| *support))
}

/// All names, for suggestions.
pub(super) fn names(built: &Built) -> impl Iterator<Item = &'static str> {
    let own = built.iter().map(|(name, _)| *name);
    own.chain(PLUGINS.iter().map(|(name, _)| *name))
}
