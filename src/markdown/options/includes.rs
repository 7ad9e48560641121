//! Options of the extensions that include files before anything else is read.

use serde_json::Value;

use super::ExtensionOptions;

/// The extensions that include files, as far as they are on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Includes {
    /// `markdown_include`.
    pub braces: Option<IncludeBraces>,
    /// `mdx_include`.
    pub mdx: Option<IncludeMdx>,
    /// `markdown_include_variants`.
    pub variants: bool,
}

/// `markdown_include`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncludeBraces {
    /// `base_path`: the folder that paths are relative to.
    pub base_path: String,
    /// `inheritHeadingDepth`: included headings are below the one before them.
    pub inherits_depth: bool,
    /// `headingOffset`: how many levels included headings are moved.
    pub heading_offset: usize,
    /// `throwException`: whether a missing file fails a build.
    pub requires_files: bool,
}

/// How many levels headings are moved at most; there are six.
const DEEPEST: u64 = 6;

impl IncludeBraces {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let offset = with.get("headingOffset").and_then(Value::as_u64);
        Self {
            base_path: with.text("base_path", "."),
            inherits_depth: with.flag("inheritHeadingDepth", false),
            heading_offset: offset.map_or(0, |offset| offset.min(DEEPEST) as usize),
            requires_files: with.flag("throwException", false),
        }
    }
}

/// `mdx_include`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncludeMdx {
    /// `base_path`: the folder that paths are relative to.
    pub base_path: String,
    /// `allow_local`.
    pub allows_files: bool,
    /// `truncate_on_failure`: a mark without a file is left out.
    pub truncates: bool,
    /// `recurs_local`: marks in included files are read.
    pub recursive: bool,
    /// `recursive_relative_path`: their paths are relative to their file.
    pub relative_to_parent: bool,
    /// `syntax_left`.
    pub open: String,
    /// `syntax_right`.
    pub close: String,
    /// `syntax_delim`: what separates the path from the encoding.
    pub delimiter: String,
    /// `syntax_recurs_on`.
    pub recurse_on: String,
    /// `syntax_recurs_off`.
    pub recurse_off: String,
    /// `syntax_apply_indent`.
    pub apply_indent: String,
    /// `line_slice_separator`: the lines between two parts of a file.
    pub separator: Vec<String>,
}

impl IncludeMdx {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        // The reference takes these as regular expressions.
        let literal = |key: &str, default: &str| with.text(key, default).replace('\\', "");
        let filled = |key: &str, default: &str| {
            let text = literal(key, default);
            if text.is_empty() {
                default.to_owned()
            } else {
                text
            }
        };
        let separator = with.get("line_slice_separator").and_then(Value::as_array);
        let separator = separator.map(|lines| {
            let lines = lines.iter().filter_map(Value::as_str);
            lines.map(str::to_owned).collect()
        });
        Self {
            base_path: with.text("base_path", "."),
            allows_files: with.flag("allow_local", true),
            truncates: with.flag("truncate_on_failure", true),
            recursive: with.flag("recurs_local", true),
            relative_to_parent: with.flag("recursive_relative_path", false),
            open: filled("syntax_left", "{!"),
            close: filled("syntax_right", "!}"),
            delimiter: filled("syntax_delim", "|"),
            recurse_on: literal("syntax_recurs_on", "+"),
            recurse_off: literal("syntax_recurs_off", "-"),
            apply_indent: literal("syntax_apply_indent", ">"),
            separator: separator.unwrap_or_else(|| vec![String::new(), String::new()]),
        }
    }
}
