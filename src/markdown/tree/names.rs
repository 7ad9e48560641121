//! Names of elements, grouped by how their content is read.

/// Block elements whose content is read as inline text only.
pub const SPAN: [&str; 15] = [
    "address", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "legend", "li", "p", "summary",
    "td", "th",
];

/// Elements whose content is never parsed.
pub const VERBATIM: [&str; 8] = [
    "canvas", "math", "option", "pre", "script", "style", "textarea", "hr",
];

/// Whether Python-Markdown treats `tag` as a block: its `BLOCK_LEVEL_ELEMENTS`.
pub fn is_block_level(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "canvas"
            | "center"
            | "colgroup"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "group"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "iframe"
            | "legend"
            | "li"
            | "main"
            | "map"
            | "math"
            | "menu"
            | "nav"
            | "noscript"
            | "object"
            | "ol"
            | "option"
            | "output"
            | "p"
            | "pre"
            | "progress"
            | "script"
            | "section"
            | "style"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "textarea"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "video"
    )
}
