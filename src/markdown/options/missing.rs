//! Extensions and plugins that are not implemented, and how their constructs are
//! recognized.

/// How a construct can be recognized in the lines of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A line outside of code begins with one of these.
    Line(&'static [&'static str]),
    /// A line has one of these outside of code.
    Text(&'static [&'static str]),
    /// A fence of one of these languages.
    Fence(&'static [&'static str]),
    /// A list follows a paragraph without a blank line between them.
    CloseList,
    /// It has no form of its own.
    Unrecognizable,
}

/// An extension that is not implemented.
#[derive(Debug)]
pub struct MissingExtension {
    /// Its names, the most usual one first.
    pub names: &'static [&'static str],
    /// What pages look like without it.
    pub loss: &'static str,
    /// How its construct can be recognized.
    pub mark: Mark,
}

/// A construct that pages may have and that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingConstruct {
    /// What would read it, such as ``the extension `yafg` ``.
    pub reader: String,
    /// The name of the cause that its places share.
    pub cause: String,
    /// Whether that is a plugin rather than an extension.
    pub is_plugin: bool,
    /// How it is recognized.
    pub mark: Mark,
}

use Mark::{CloseList, Fence, Line, Text, Unrecognizable};

const fn row(names: &'static [&'static str], loss: &'static str, mark: Mark) -> MissingExtension {
    MissingExtension { names, loss, mark }
}

const IMAGES: Mark = Text(&["![", "<img"]);
const BY_PLUGIN: &str = "Zensical switches it on for a plugin: list that under `plugins`";

/// Extensions that sites use and that are not implemented.
pub const MISSING: &[MissingExtension] = &[
    row(
        &["customblocks"],
        "its blocks are shown as written",
        Line(&["::: "]),
    ),
    row(
        &["fontawesome_markdown", "fontawesome"],
        "icons are shown as written: write `:fontawesome-solid-check:`",
        Text(&[":fa-", ":icon-"]),
    ),
    row(
        &["markdown_aafigure"],
        "drawings are shown as text",
        Fence(&["aafigure"]),
    ),
    row(
        &["markdown_blockdiag", "markdown_blockdiag.extension"],
        "diagrams are shown as text",
        Line(&["blockdiag {", "seqdiag {", "actdiag {", "nwdiag {"]),
    ),
    row(&["markdown_captions"], "images have no captions", IMAGES),
    row(
        &["markdown_checklist.extension", "markdown_checklist"],
        "check boxes are shown as written: use `pymdownx.tasklist`",
        Line(&["* [ ]", "* [x]", "* [X]", "- [ ]", "- [x]", "- [X]"]),
    ),
    row(
        &["markdown_del_ins", "mdx_del_ins", "del_ins"],
        "`~~` and `++` are shown as written: use `pymdownx.tilde` and `pymdownx.caret`",
        Text(&["~~", "++"]),
    ),
    row(
        &["markdown_fenced_code_tabs", "fenced_code_tabs"],
        "blocks follow one another instead of being tabs: use `pymdownx.tabbed`",
        Fence(&[""]),
    ),
    row(
        &["markdown_figure", "figureAltCaption", "mdx_figcap"],
        "images have no captions",
        IMAGES,
    ),
    row(
        &["markdown_gfm_admonition"],
        "alerts are shown as quotes: use `github-callouts`",
        Text(&["> [!"]),
    ),
    row(
        &[
            "markdown_grid_tables",
            "markdown.extensions.grid_tables",
            "grid_tables",
            "mdx_grid_tables",
        ],
        "tables are shown as written",
        Line(&["+--", "+=="]),
    ),
    row(
        &[
            "markdown_inline_graphviz",
            "mkdocs_graphviz",
            "inline_graphviz",
        ],
        "graphs are shown as code",
        Fence(&["dot", "graphviz", "neato", "circo", "fdp", "twopi"]),
    ),
    row(
        &["markdown_katex"],
        "formulas are shown as code: use `pymdownx.arithmatex`",
        Text(&["$`"]),
    ),
    row(
        &["markdown_kroki", "kroki"],
        "diagrams are shown as code",
        Fence(&["kroki", "plantuml", "mermaid", "graphviz", "d2"]),
    ),
    row(
        &["markdown_link_attr_modifier", "mdx_linkattr"],
        "links do not open in new tabs",
        Unrecognizable,
    ),
    row(
        &["markdown_mermaid", "md_mermaid", "mdx_mermaid"],
        "diagrams are shown as code: use a custom fence of `pymdownx.superfences`",
        Fence(&["mermaid"]),
    ),
    row(
        &[
            "markdown_sub_sup",
            "mdx_superscript",
            "mdx_subscript",
            "superscript",
            "subscript",
        ],
        "marks are shown as written: use `pymdownx.caret` and `pymdownx.tilde`",
        Text(&["^", "~"]),
    ),
    row(
        &["markdown_svgbob"],
        "drawings are shown as text",
        Fence(&["bob", "svgbob"]),
    ),
    row(
        &[
            "markdown_tables_extended",
            "markdown_table_rowspan",
            "tables_extended",
        ],
        "cells do not span rows or columns",
        Line(&["|"]),
    ),
    row(
        &["mdx_breakless_lists"],
        "a list needs a blank line before it, or stays in its paragraph",
        CloseList,
    ),
    row(
        &["mdx_cite"],
        "`--` and `\"\"` are shown as written",
        Text(&["\"\""]),
    ),
    row(
        &["mdx_emdash", "markdown_emdash"],
        "dashes are shown as written: use `smarty`",
        Text(&["--"]),
    ),
    row(
        &["mdx_gh_links", "mdx_gh_links.extension"],
        "references to GitHub are shown as written: use `pymdownx.magiclink`",
        Text(&["@", "#"]),
    ),
    row(
        &["mdx_headdown"],
        "headings keep their levels",
        Line(&["#"]),
    ),
    row(
        &[
            "mdx_linkify",
            "mdx_linkify.mdx_linkify",
            "mdx_autolink",
            "mdx_urlize",
        ],
        "bare addresses are no links: use `pymdownx.magiclink`",
        Text(&["http://", "https://", "www."]),
    ),
    row(
        &["mdx_sections", "mdx_outline"],
        "there are no elements around sections",
        Line(&["#"]),
    ),
    row(
        &["mdx_unimoji"],
        "emoticons are shown as written",
        Text(&[":)", ";)", ":("]),
    ),
    row(
        &["mdx_variables"],
        "variables are shown as written",
        Text(&["{{", "${"]),
    ),
    row(
        &[
            "mdx_video",
            "mdx_embedly",
            "pyembed.markdown",
            "oembed",
            "mdx_youtube",
        ],
        "videos are shown as links",
        Text(&["[!embed", "youtube.com", "youtu.be", "vimeo.com"]),
    ),
    row(
        &["mdx_wikilink_plus", "mdx_wikilink_plus.mdx_wikilink_plus"],
        "its links are shown as written: use `wikilinks`",
        Text(&["[["]),
    ),
    row(
        &["mkautodoc"],
        "the documentation of code is missing",
        Line(&[":::"]),
    ),
    row(
        &["mkdocs-click", "mkdocs_click"],
        "the help of commands is missing",
        Line(&["::: mkdocs-click"]),
    ),
    row(
        &["mkdocs-typer", "mkdocs_typer"],
        "the help of commands is missing",
        Line(&["::: mkdocs-typer"]),
    ),
    row(
        &["mkdocs-typer2", "mkdocs_typer2"],
        "the help of commands is missing",
        Line(&["::: mkdocs-typer2"]),
    ),
    row(
        &["mkpatcher"],
        "its Python code is shown as code",
        Fence(&["mkpatcher"]),
    ),
    row(
        &["neoteroi.cards"],
        "cards are shown as text",
        Line(&["::cards::", "```cards", "::cards"]),
    ),
    row(
        &["neoteroi.iconlistnav"],
        "lists of links have no icons",
        Unrecognizable,
    ),
    row(
        &["neoteroi.projects"],
        "Gantt charts are shown as text",
        Line(&["::gantt::", "::gantt"]),
    ),
    row(
        &["neoteroi.spantable"],
        "tables are shown as text",
        Line(&["::spantable::", "::spantable"]),
    ),
    row(
        &["neoteroi.timeline"],
        "time lines are shown as text",
        Line(&["::timeline::", "::timeline"]),
    ),
    row(
        &["obsidian_media", "mkdocs_obsidian_media"],
        "its media are shown as links",
        Text(&["![["]),
    ),
    row(
        &["plantuml_markdown"],
        "diagrams are shown as code",
        Fence(&["plantuml", "uml", "puml"]),
    ),
    row(
        &["termynal"],
        "terminals are not animated",
        Line(&["<!-- termynal"]),
    ),
    row(
        &["xml_comments", "mdx_comments", "markdown_comments"],
        "comments are shown",
        Text(&["<!---"]),
    ),
    row(&["yafg"], "images have no captions", IMAGES),
    row(&["zensical.extensions.autorefs"], BY_PLUGIN, Unrecognizable),
    row(&["zensical.extensions.context"], BY_PLUGIN, Unrecognizable),
    row(&["zensical.extensions.glightbox"], BY_PLUGIN, IMAGES),
    row(
        &["zensical.extensions.include_markdown"],
        BY_PLUGIN,
        Text(&["{%"]),
    ),
    row(
        &["zensical.extensions.markdownextradata"],
        BY_PLUGIN,
        Text(&["{{", "{%"]),
    ),
    row(&["zensical.extensions.media"], BY_PLUGIN, IMAGES),
    row(
        &["zensical.extensions.mkdocstrings"],
        BY_PLUGIN,
        Line(&[":::"]),
    ),
    row(
        &["zensical.extensions.table_reader"],
        BY_PLUGIN,
        Text(&["{{ read_", "{{read_"]),
    ),
];

/// The row of an extension.
pub fn missing(name: &str) -> Option<&'static MissingExtension> {
    MISSING.iter().find(|row| row.names.contains(&name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_stands_once() {
        let names: Vec<&str> = MISSING.iter().flat_map(|row| row.names).copied().collect();
        let unique: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(unique.len(), names.len());
        let first: Vec<&str> = MISSING.iter().map(|row| row.names[0]).collect();
        assert!(first.is_sorted(), "{first:?}");
    }
}
