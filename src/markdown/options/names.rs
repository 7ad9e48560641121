//! Names of Markdown extensions.

/// Names that are known to do nothing here: what they add is always on, or
/// is done by another part of proofroom.
pub const SILENT: [&str; 8] = [
    "meta",
    "pymdownx.extra",
    "extra",
    "pymdownx.striphtml",
    "pymdownx.pathconverter",
    "toc",
    "legacy_attrs",
    "legacy_em",
];

/// Names that are known but not read yet.
pub const LATER: &[&str] = &[
    "pymdownx.b64",
    "attr_list.legacy",
    "mdx_truly_sane_lists",
    "markdown_include.include",
    "mdx_math",
    "material.extensions.preview",
    "zensical.extensions.preview",
    "pymdownx.smarty",
];

pub const KNOWN: &[&str] = &[
    "pymdownx.magiclink",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.caption",
    "pymdownx.blocks.definition",
    "pymdownx.blocks.details",
    "pymdownx.blocks.html",
    "pymdownx.blocks.tab",
    "codehilite",
    "pymdownx.critic",
    "smarty",
    "wikilinks",
    "pymdownx.inlinehilite",
    "admonition",
    "pymdownx.arithmatex",
    "pymdownx.details",
    "pymdownx.tabbed",
    "pymdownx.superfences",
    "fenced_code",
    "pymdownx.highlight",
    "tables",
    "footnotes",
    "abbr",
    "attr_list",
    "def_list",
    "md_in_html",
    "nl2br",
    "sane_lists",
    "pymdownx.snippets",
    "pymdownx.tasklist",
    "pymdownx.emoji",
    "pymdownx.keys",
    "pymdownx.smartsymbols",
    "toc",
    "pymdownx.betterem",
    "pymdownx.caret",
    "pymdownx.mark",
    "pymdownx.tilde",
    "pymdownx.progressbar",
    "pymdownx.escapeall",
    "pymdownx.saneheaders",
    "pymdownx.quotes",
    "pymdownx.fancylists",
    "meta",
];

/// What `extra` and `pymdownx.extra` stand for.
pub const EXTRA: [&str; 7] = [
    "fenced_code",
    "footnotes",
    "attr_list",
    "def_list",
    "tables",
    "abbr",
    "md_in_html",
];
pub const PYMDOWNX_EXTRA: [&str; 8] = [
    "pymdownx.betterem",
    "pymdownx.superfences",
    "footnotes",
    "attr_list",
    "def_list",
    "tables",
    "abbr",
    "md_in_html",
];
