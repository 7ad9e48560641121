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

use Support::{Built, Extra, Missed, Needless};

/// Plugins by the names that `plugins` gives them, without `material/`.
const PLUGINS: &[(&str, Support)] = &[
    (
        "search",
        Built(&["lang", "separator", "pipeline", "fields"]),
    ),
    ("awesome-nav", Built(&["filename"])),
    (
        "awesome-pages",
        Built(&[
            "filename",
            "collapse_single_pages",
            "strict",
            "order",
            "sort_type",
            "order_by",
            "ignore_case",
        ]),
    ),
    (
        "include-markdown",
        Built(&[
            "opening_tag",
            "closing_tag",
            "encoding",
            "preserve_includer_indent",
            "dedent",
            "trailing_newlines",
            "comments",
            "rewrite_relative_urls",
            "heading_offset",
            "start",
            "end",
            "exclude",
            "recursive",
            "directives",
            "order",
        ]),
    ),
    (
        "macros",
        Built(&[
            "module_name",
            "modules",
            "render_by_default",
            "force_render_paths",
            "include_dir",
            "include_yaml",
            "j2_block_start_string",
            "j2_block_end_string",
            "j2_variable_start_string",
            "j2_variable_end_string",
            "j2_comment_start_string",
            "j2_comment_end_string",
            "on_undefined",
            "on_error_fail",
            "verbose",
        ]),
    ),
    ("meta", Built(&["meta_file"])),
    (
        "git-authors",
        Built(&[
            "show_contribution",
            "show_email_address",
            "href",
            "count_empty_lines",
            "fallback_to_empty",
            "exclude",
            "ignore_authors",
            "enabled_on_serve",
            "sort_authors_by",
            "authorship_threshold_percent",
            "show_line_count",
            "strict",
        ]),
    ),
    (
        "git-revision-date-localized",
        Built(&[
            "fallback_to_build_date",
            "locale",
            "type",
            "custom_format",
            "exclude",
            "enable_creation_date",
            "enable_git_follow",
            "ignored_commits_file",
            "enable_parallel_processing",
            "strict",
        ]),
    ),
    ("minify", Built(&["minify_html", "htmlmin_opts"])),
    ("offline", Built(&[])),
    ("exclude", Built(&["glob", "regex"])),
    ("section-index", Built(&[])),
    ("redirects", Built(&["redirect_maps"])),
    (
        "tags",
        Built(&[
            "tags",
            "tags_slugify",
            "tags_slugify_separator",
            "tags_slugify_format",
            "tags_hierarchy",
            "tags_hierarchy_separator",
            "tags_sort_by",
            "tags_sort_reverse",
            "tags_name_property",
            "tags_name_variable",
            "listings",
            "listings_map",
            "listings_sort_by",
            "listings_sort_reverse",
            "listings_tags_sort_by",
            "listings_tags_sort_reverse",
            "listings_directive",
            "listings_toc",
            "shadow",
            "shadow_on_serve",
            "shadow_tags",
            "shadow_tags_prefix",
            "shadow_tags_suffix",
            "export",
            "export_file",
            "export_only",
            "tags_file",
            "tags_extra_files",
        ]),
    ),
    // Known, and not part of proofroom.
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
        "i18n",
        Built(&[
            "docs_structure",
            "fallback_to_default",
            "build_only_locale",
            "reconfigure_material",
            "reconfigure_search",
            "languages",
        ]),
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

/// What becomes of the plugin `name`; `None` where nothing is known of it.
pub(super) fn support(name: &str) -> Option<Support> {
    let mut found = PLUGINS.iter().filter(|(known, _)| *known == name);
    found.next().map(|(_, support)| *support)
}

/// All names, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PLUGINS.iter().map(|(name, _)| *name)
}
