//! Options of the extensions that add one construct each, and how they are read
//! from the configuration.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ExtensionOptions, Slugify};
use crate::html::unescape;
use crate::python::plain;

/// The texts of an option that is one text or a list of them.
pub(super) fn list(with: &ExtensionOptions<'_>, option: &str) -> Vec<String> {
    match with.get(option) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(values)) => values
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// `pymdownx.tabbed`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tabbed {
    /// `alternate_style`: all labels come before all contents.
    pub alternate: bool,
    /// `slugify`: tabs get ids made from their titles.
    pub slugify: Option<Slugify>,
    /// `combine_header_slug`: these ids begin with that of the heading above.
    pub combine_header_slug: bool,
    /// `separator`: what replaces white space in these ids.
    pub separator: String,
}

impl Tabbed {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let flag = |key: &str| with.flag(key, false);
        Self {
            alternate: flag("alternate_style"),
            slugify: Slugify::of(with.get("slugify")),
            combine_header_slug: flag("combine_header_slug"),
            separator: with.text("separator", "-"),
        }
    }
}

/// `pymdownx.tasklist`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tasklist {
    /// `custom_checkbox`: a label that can be styled.
    pub custom: bool,
    /// `clickable_checkbox`.
    pub clickable: bool,
}

impl Tasklist {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        Self {
            custom: with.flag("custom_checkbox", false),
            clickable: with.flag("clickable_checkbox", false),
        }
    }
}

/// `pymdownx.snippets`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippets {
    /// The folders that are searched for snippets.
    pub base_path: Vec<String>,
    /// Whether snippets must be in these folders, and not only in the project.
    pub restricts_paths: bool,
    /// Files that are appended to every page.
    pub auto_append: Vec<String>,
    /// Whether sections lose their common indent.
    pub dedent_subsections: bool,
    /// Whether a missing snippet fails a build.
    pub check_paths: bool,
}

impl Snippets {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        Self {
            base_path: list(with, "base_path"),
            restricts_paths: with.flag("restrict_base_path", true),
            auto_append: list(with, "auto_append"),
            dedent_subsections: with.flag("dedent_subsections", false),
            check_paths: with.flag("check_paths", false),
        }
    }
}

/// How formulas inside a line may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InlineMath {
    /// `$x$`.
    pub dollar: bool,
    /// `\(x\)`.
    pub round: bool,
    /// `smart_dollar`: a dollar beside white space does not enclose anything.
    pub smart: bool,
}

/// How formulas that are blocks may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockMath {
    /// `$$x$$`.
    pub dollar: bool,
    /// `\[x\]`.
    pub square: bool,
    /// `\begin{x} .. \end{x}`.
    pub begin: bool,
}

/// `pymdownx.arithmatex`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arithmatex {
    /// `generic`: formulas are text between marks, for any library.
    pub generic: bool,
    /// `inline_syntax`: `dollar` and `round`.
    pub inline_syntax: InlineMath,
    /// `block_syntax`: `dollar`, `square` and `begin`.
    pub block_syntax: BlockMath,
    /// `inline_tag`: the element of a formula inside a line.
    pub inline_tag: String,
    /// `block_tag`: the element of a formula that is a block.
    pub block_tag: String,
    /// `preview`: formulas that are not generic can be read before they are
    /// typeset.
    pub preview: bool,
    /// What encloses a formula inside a line.
    pub inline_wrap: (String, String),
    /// What encloses a formula that is a block.
    pub block_wrap: (String, String),
}

impl Arithmatex {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let wrap = |key: &str, open: &str, close: &str| match &list(with, key)[..] {
            [open, close] => (open.clone(), close.clone()),
            _ => (open.to_owned(), close.to_owned()),
        };
        let has = |key: &str, name: &str| match with.get(key) {
            Some(Value::Array(names)) => names.iter().any(|it| it.as_str() == Some(name)),
            _ => true,
        };
        Self {
            generic: with.flag("generic", false),
            inline_syntax: InlineMath {
                dollar: has("inline_syntax", "dollar"),
                round: has("inline_syntax", "round"),
                smart: with.flag("smart_dollar", true),
            },
            block_syntax: BlockMath {
                dollar: has("block_syntax", "dollar"),
                square: has("block_syntax", "square"),
                begin: has("block_syntax", "begin"),
            },
            inline_tag: with.text("inline_tag", "span"),
            block_tag: with.text("block_tag", "div"),
            preview: with.flag("preview", true),
            inline_wrap: wrap("tex_inline_wrap", "\\(", "\\)"),
            block_wrap: wrap("tex_block_wrap", "\\[", "\\]"),
        }
    }
}

/// `pymdownx.keys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// `separator`: the text between two keys.
    pub separator: String,
    /// `strict`: keys pressed together are in a `<kbd>`.
    pub strict: bool,
    /// `class`: the classes of the element around them.
    pub class: String,
    /// `camel_case`: `PageUp` is `page-up`.
    pub camel_case: bool,
    /// `key_map`: the labels of further keys, or other labels.
    pub labels: BTreeMap<String, String>,
}

impl Keys {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let labels = with.get("key_map").and_then(Value::as_object);
        let labels = labels.into_iter().flatten();
        let labels = labels.filter_map(|(name, label)| Some((name.clone(), plain(label)?)));
        Self {
            separator: with.text("separator", "+"),
            strict: with.flag("strict", false),
            class: with.text("class", "keys"),
            camel_case: with.flag("camel_case", false),
            labels: labels.collect(),
        }
    }
}

/// `pymdownx.critic`: how critic marks are rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Critic {
    /// They are shown.
    View,
    /// As if all were accepted.
    Accept,
    /// As if all were rejected.
    Reject,
}

impl Critic {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        match with.text("mode", "view").as_str() {
            "accept" => Self::Accept,
            "reject" => Self::Reject,
            _ => Self::View,
        }
    }
}

/// `smarty`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Smarty {
    /// `smart_quotes`.
    pub quotes: bool,
    /// `smart_angled_quotes`.
    pub angled_quotes: bool,
    /// `smart_dashes`.
    pub dashes: bool,
    /// `smart_ellipses`.
    pub ellipses: bool,
    /// `substitutions`: replacements other than the default ones.
    pub substitutions: BTreeMap<String, String>,
}

impl Smarty {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let substitutions = with.get("substitutions").and_then(Value::as_object);
        let substitutions = substitutions
            .into_iter()
            .flatten()
            .filter_map(|(name, text)| Some((name.clone(), unescape(text.as_str()?).into_owned())));
        Self {
            quotes: with.flag("smart_quotes", true),
            angled_quotes: with.flag("smart_angled_quotes", false),
            dashes: with.flag("smart_dashes", true),
            ellipses: with.flag("smart_ellipses", true),
            substitutions: substitutions.collect(),
        }
    }
}

/// `pymdownx.smartsymbols`: which symbols are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbols {
    /// `(tm)`.
    pub trademark: bool,
    /// `(c)`.
    pub copyright: bool,
    /// `(r)`.
    pub registered: bool,
    /// `+/-`.
    pub plusminus: bool,
    /// `-->`, `<--` and `<-->`.
    pub arrows: bool,
    /// `=/=`.
    pub notequal: bool,
    /// `1/2` and the like.
    pub fractions: bool,
    /// `1st` and the like.
    pub ordinal_numbers: bool,
    /// `c/o`.
    pub care_of: bool,
}

impl Symbols {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let flag = |key: &str| with.flag(key, true);
        Self {
            trademark: flag("trademark"),
            copyright: flag("copyright"),
            registered: flag("registered"),
            plusminus: flag("plusminus"),
            arrows: flag("arrows"),
            notequal: flag("notequal"),
            fractions: flag("fractions"),
            ordinal_numbers: flag("ordinal_numbers"),
            care_of: flag("care_of"),
        }
    }
}

/// `wikilinks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wikilinks {
    /// The start of the address, before the name.
    pub base_url: String,
    /// The end of the address, after the name.
    pub end_url: String,
    /// The link's class.
    pub class: String,
}

impl Wikilinks {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        Self {
            base_url: with.text("base_url", "/"),
            end_url: with.text("end_url", "/"),
            class: with.text("html_class", "wikilink"),
        }
    }
}

/// `footnotes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnotes {
    /// The text of the link from a footnote back to its reference.
    pub backlink_text: String,
    /// The title of that link; `{}` is the number.
    pub backlink_title: String,
    /// The text of a reference; `{}` is the number.
    pub superscript_text: String,
    /// What separates `fn` from the label in ids.
    pub separator: String,
    /// The text that the list of footnotes replaces, if it is on the page.
    pub place_marker: String,
    /// `UNIQUE_IDS`: ids that no other page of the same run has.
    pub unique: bool,
    /// Whether numbers follow the definitions rather than the references.
    pub definition_order: bool,
}

impl Footnotes {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let text = |key: &str, default: &str| with.text(key, default);
        Self {
            backlink_text: text("BACKLINK_TEXT", "\u{21a9}"),
            backlink_title: text("BACKLINK_TITLE", "Jump back to footnote {} in the text")
                .replace("%d", "{}"),
            superscript_text: text("SUPERSCRIPT_TEXT", "{}"),
            separator: text("SEPARATOR", ":"),
            place_marker: text("PLACE_MARKER", "///Footnotes Go Here///"),
            unique: with.flag("UNIQUE_IDS", false),
            definition_order: with.flag("USE_DEFINITION_ORDER", true),
        }
    }

    /// The part of a footnote's id after `fn`.
    pub fn name(&self, label: &str) -> String {
        if self.unique {
            format!("{}2-{label}", self.separator)
        } else {
            format!("{}{label}", self.separator)
        }
    }
}

/// `pymdownx.progressbar`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressBar {
    /// `level_class`: whether a class gives the level, rounded down to a step.
    pub level_class: bool,
    /// `progress_increment`: the size of these steps, in percent.
    pub increment: u32,
    /// `add_classes`.
    pub classes: Vec<String>,
}

impl ProgressBar {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let increment = with.get("progress_increment").and_then(Value::as_u64);
        let increment = increment.and_then(|step| u32::try_from(step).ok());
        let classes = with.text("add_classes", "");
        Self {
            level_class: with.flag("level_class", true),
            increment: increment.filter(|step| *step > 0).unwrap_or(20),
            classes: classes.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

/// `pymdownx.escapeall`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EscapeAll {
    /// `hardbreak`: an escaped line break is a `<br>`.
    pub hardbreak: bool,
    /// `nbsp`: an escaped space is `&nbsp;`.
    pub nbsp: bool,
}

impl EscapeAll {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        Self {
            hardbreak: with.flag("hardbreak", false),
            nbsp: with.flag("nbsp", false),
        }
    }
}

/// `mdx_truly_sane_lists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrulySaneLists {
    /// `nested_indent`: the spaces that make one level of nesting.
    pub indent: usize,
    /// `truly_sane`: a blank line ends a list with bullets.
    pub ends_at_blank: bool,
    /// Whether this also holds for definition lists: it does if they are turned on
    /// first.
    pub definitions: bool,
}

impl TrulySaneLists {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>, definitions: bool) -> Self {
        let indent = with.get("nested_indent").and_then(Value::as_u64);
        Self {
            // As many columns as any list is indented by.
            indent: indent.map_or(2, |indent| indent.clamp(1, 16) as usize),
            ends_at_blank: with.flag("truly_sane", true),
            definitions,
        }
    }
}

/// `pymdownx.quotes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotes {
    /// `callouts`: `> [!note]` is an admonition.
    pub callouts: bool,
}

impl Quotes {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        Self {
            callouts: with.flag("callouts", false),
        }
    }
}

/// `pymdownx.fancylists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FancyLists {
    /// `a.` and `A)`.
    pub alphabetic: bool,
    /// `iv.` and `IV)`.
    pub roman: bool,
    /// `#.`
    pub generic: bool,
    /// `inject_style`.
    pub with_style: bool,
    /// `inject_class`.
    pub with_class: bool,
}

impl FancyLists {
    /// Reads the configured options.
    pub fn new(with: &ExtensionOptions<'_>) -> Self {
        let styles = with
            .get("additional_ordered_styles")
            .and_then(Value::as_array);
        let has = |name: &str| {
            styles.is_none_or(|styles| styles.iter().any(|style| style.as_str() == Some(name)))
        };
        Self {
            alphabetic: has("alpha"),
            roman: has("roman"),
            generic: has("generic"),
            with_style: with.flag("inject_style", false),
            with_class: with.flag("inject_class", false),
        }
    }
}
