//! Names of Markdown extensions.

/// Extensions that switch nothing on: what they add is always on, or is done by
/// another part of proofroom.
pub const SILENT: [&str; 1] = ["zensical.extensions.macros"];

/// Extensions that are supported.
pub const KNOWN: &[&str] = &[
    "extra",
    "pymdownx.extra",
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
    "legacy_em",
    "legacy_attrs",
    "pymdownx.b64",
    "pymdownx.pathconverter",
    "pymdownx.striphtml",
    "tables",
    "footnotes",
    "abbr",
    "attr_list",
    "def_list",
    "md_in_html",
    "meta",
    "nl2br",
    "sane_lists",
    "mdx_truly_sane_lists",
    "pymdownx.snippets",
    "markdown_include.include",
    "mdx_include",
    "markdown_include_variants",
    "pymdownx.tasklist",
    "pymdownx.emoji",
    "pymdownx.keys",
    "pymdownx.smartsymbols",
    "toc",
    "pymdownx.betterem",
    "pymdownx.bracketspan",
    "mdx_math",
    "material.extensions.preview",
    "zensical.extensions.preview",
    "pymdownx.caret",
    "pymdownx.mark",
    "pymdownx.tilde",
    "pymdownx.progressbar",
    "pymdownx.escapeall",
    "pymdownx.saneheaders",
    "pymdownx.quotes",
    "callouts",
    "github-callouts",
    "pymdownx.fancylists",
];

/// The extensions that `extra` stands for.
pub const EXTRA: [&str; 7] = [
    "fenced_code",
    "footnotes",
    "attr_list",
    "def_list",
    "tables",
    "abbr",
    "md_in_html",
];

/// The extensions that `pymdownx.extra` stands for.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::KNOWN;

    #[test]
    fn the_reference_lists_every_extension_and_no_other() {
        let page = include_str!("../../../docs/reference/markdown.md");
        let (_, table) = page
            .split_once("| extension | what it adds |")
            .expect("the table of extensions");
        let lines = table.lines().skip(1);
        let rows = lines.take_while(|line| line.starts_with('|'));
        let names = rows.filter_map(|row| row.strip_prefix("| `")?.split('`').next());
        let listed: BTreeSet<&str> = names.collect();
        let known = KNOWN.iter().map(|name| match name.split_once(".blocks.") {
            Some(_) => "pymdownx.blocks.*",
            None => *name,
        });
        assert_eq!(known.collect::<BTreeSet<&str>>(), listed);
    }
}
