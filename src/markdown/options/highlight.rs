//! Options for code: `pymdownx.highlight`, `inlinehilite` and the fences of
//! `superfences`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::ExtensionOptions;

/// The grammar of code of PHP that begins without `<?php`: `startinline`. No name of a
/// language has a blank.
pub const PHP_WITHOUT_TAG: &str = "php startinline";

/// Where line numbers are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LineNumbers {
    /// In a column of their own.
    #[default]
    Table,
    /// Before each line.
    Inline,
    /// Before each line, for style sheets to display.
    Hidden,
}

/// An extension that highlights indented code: the first of them that is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Highlighter {
    /// `codehilite`: the first line may name the language.
    Codehilite,
    /// `pymdownx.highlight`.
    Highlight,
}

/// `pymdownx.highlight`, or `codehilite`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlight {
    /// `use_pygments`: whether code is coloured here rather than by a script in
    /// the page.
    pub colours: bool,
    /// `css_class`: class of the wrapper.
    pub class: String,
    /// `pygments_lang_class`: whether the wrapper has a class for the language.
    pub language_class: bool,
    /// `language_prefix`: the prefix of that class.
    pub language_prefix: String,
    /// `default_lang`: the language of code that does not name one.
    pub default_language: String,
    /// `linenums`: whether all blocks are numbered; `Some(false)` if none may
    /// be.
    pub line_numbers: Option<bool>,
    /// `linenums_style`.
    pub number_style: LineNumbers,
    /// `linenums_special`: every nth line gets a class of its own.
    pub special_line: Option<u32>,
    /// `line_spans`: the prefix of the lines' ids; empty for no ids.
    pub line_spans: String,
    /// `line_anchors`: the prefix of the lines' names; empty for no names.
    pub line_anchors: String,
    /// `anchor_linenums`: whether numbers are links.
    pub linked_numbers: bool,
    /// `auto_title`: whether blocks are titled with their language.
    pub titled: bool,
    /// `auto_title_map`: other titles for languages.
    pub titles: BTreeMap<String, String>,
    /// `code_attr_on_pre`: without colours, attributes go on the `<pre>`.
    pub attributes_on_pre: bool,
    /// `stripnl`: whether empty lines at both ends are dropped.
    pub trimmed: bool,
    /// `extend_pygments_lang`: other names for languages, of whose options only PHP's
    /// `startinline` is read.
    pub languages: BTreeMap<String, String>,
}

impl Highlight {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let text = |key: &str, default: &str| with.text(key, default);
        let flag = |key: &str, default: bool| with.flag(key, default);
        let linked_numbers = flag("anchor_linenums", false);
        let mut line_anchors = text("line_anchors", "");
        if line_anchors.is_empty() && linked_numbers {
            line_anchors = "__codelineno".to_owned();
        }
        let titles = with.get("auto_title_map").and_then(Value::as_object);
        let titles = titles.into_iter().flatten().filter_map(|(name, title)| {
            let title = title.as_str().or_else(|| title.get("title")?.as_str())?;
            Some((name.clone(), title.to_owned()))
        });
        let languages = with.get("extend_pygments_lang").and_then(Value::as_array);
        let languages = languages.into_iter().flatten().filter_map(|language| {
            let text = |key: &str| language.get(key)?.as_str();
            let starts_inline = language.get("options").and_then(|it| it.get("startinline"));
            let grammar = match text("lang")? {
                "php" if starts_inline == Some(&Value::Bool(true)) => PHP_WITHOUT_TAG,
                grammar => grammar,
            };
            Some((text("name")?.to_lowercase(), grammar.to_owned()))
        });
        let special = with.get("linenums_special").and_then(Value::as_u64);
        Self {
            colours: flag("use_pygments", true),
            class: text("css_class", "highlight"),
            language_class: flag("pygments_lang_class", false),
            language_prefix: text("language_prefix", "language-"),
            default_language: text("default_lang", ""),
            line_numbers: with.get("linenums").and_then(Value::as_bool),
            number_style: match text("linenums_style", "table").as_str() {
                "inline" => LineNumbers::Inline,
                "pymdownx-inline" => LineNumbers::Hidden,
                _ => LineNumbers::Table,
            },
            special_line: special.and_then(|line| u32::try_from(line).ok()),
            line_spans: text("line_spans", ""),
            line_anchors,
            linked_numbers,
            titled: flag("auto_title", false),
            titles: titles.collect(),
            attributes_on_pre: flag("code_attr_on_pre", false),
            trimmed: flag("stripnl", true),
            languages: languages.collect(),
        }
    }

    /// Reads the options of `codehilite`.
    pub fn codehilite(with: &ExtensionOptions<'_>) -> Self {
        let text = |key: &str, default: &str| with.text(key, default);
        Self {
            class: text("css_class", "codehilite"),
            language_prefix: text("lang_prefix", "language-"),
            line_numbers: match with.get("linenums") {
                Some(Value::String(style)) => Some(style == "table" || style == "inline"),
                numbers => numbers.and_then(Value::as_bool),
            },
            number_style: match with.get("linenums").and_then(Value::as_str) {
                Some("inline") => LineNumbers::Inline,
                _ => LineNumbers::Table,
            },
            colours: with.flag("use_pygments", true),
            ..Self::new(&ExtensionOptions::new(&Map::new()))
        }
    }

    /// The language of code whose header names `named`, which may be empty.
    pub fn language<'t>(&'t self, named: &'t str) -> &'t str {
        match named {
            "" => &self.default_language,
            named => named,
        }
    }

    /// The language whose grammar `named` is highlighted with.
    pub fn grammar<'t>(&'t self, named: &'t str) -> &'t str {
        self.languages
            .get(&named.to_lowercase())
            .map_or(named, String::as_str)
    }
}

/// `pymdownx.inlinehilite`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InlineHighlight {
    /// `style_plain_text`: whether code without a language is highlighted too.
    pub plain: bool,
    /// The language of such code.
    pub default_language: String,
    /// `css_class`; empty for the class of blocks.
    pub class: String,
    /// `custom_inline`, the entries that are supported.
    pub custom: Vec<CustomFence>,
}

impl InlineHighlight {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let (plain, default_language) = match with.get("style_plain_text") {
            Some(Value::String(language)) => (!language.is_empty(), language.clone()),
            Some(Value::Number(number)) => (number.as_u64() != Some(0), String::new()),
            Some(Value::Bool(plain)) => (*plain, String::new()),
            _ => (false, String::new()),
        };
        Self {
            plain,
            default_language,
            class: with.text("css_class", ""),
            custom: CustomFence::all(with.get("custom_inline")),
        }
    }
}

/// What code in a custom fence becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FenceFormat {
    /// `<pre><code>`.
    Code,
    /// `<div>`.
    Div,
    /// A formula, as `arithmatex` writes it.
    Math {
        /// Whether it is for any library rather than for MathJax 2.
        generic: bool,
        /// The element.
        tag: String,
    },
}

/// Code that is not highlighted, such as `mermaid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomFence {
    /// The language it applies to; `*` is all.
    pub name: String,
    /// The class of the element it becomes.
    pub class: String,
    /// The element it becomes.
    pub format: FenceFormat,
}

impl CustomFence {
    /// Reads a configured list of custom fences.
    pub fn all(value: Option<&Value>) -> Vec<Self> {
        let fences = value.and_then(Value::as_array).into_iter().flatten();
        let parse_fence = |fence: &Value| {
            let text = |key: &str| Some(fence.get(key)?.as_str()?.to_owned());
            Some(Self {
                name: text("name")?,
                class: text("class")?,
                format: parse_format(fence.get("format")),
            })
        };
        fences.filter_map(parse_fence).collect()
    }
}

/// Reads a format, which configurations spell as a Python name, possibly with
/// arguments.
fn parse_format(value: Option<&Value>) -> FenceFormat {
    let (name, arguments) = match value {
        Some(Value::String(name)) => (name.as_str(), None),
        Some(Value::Object(map)) => {
            let Some((name, inner)) = map.iter().next() else {
                return FenceFormat::Code;
            };
            (name.as_str(), inner.get("kwds").or(Some(inner)))
        }
        _ => return FenceFormat::Code,
    };
    let argument = |key: &str| arguments.and_then(|arguments| arguments.get(key)?.as_str());
    if name.contains("arithmatex") {
        let tag = if name.contains("inline") {
            "span"
        } else {
            "div"
        };
        return FenceFormat::Math {
            generic: argument("mode").is_none_or(|mode| mode == "generic")
                && !name.contains("mathjax"),
            tag: argument("tag").unwrap_or(tag).to_owned(),
        };
    }
    if name.contains("fence_div_format") {
        FenceFormat::Div
    } else {
        FenceFormat::Code
    }
}
