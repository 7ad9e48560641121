//! `markdown_extensions` as one value that says what is on.

mod added;
mod blocks;
mod enable;
mod highlight;
mod magic;
mod names;
mod slugify;
mod toc;
mod with;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use added::{EscapeAll, FancyLists, ProgressBar, Quotes};
pub use enable::OptionFault;
pub use highlight::{CustomFence, FenceFormat, Highlight, InlineHighlight, LineNumbers};
pub use magic::{Forge, Magiclink, Provider};
pub use slugify::{Case, Slugify};
pub use with::With;

/// One entry of `markdown_extensions`, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The name as MkDocs spells it, such as `pymdownx.superfences`.
    pub name: String,
    /// Its options; empty where there are none.
    pub options: Map<String, Value>,
}

/// `pymdownx.superfences`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Superfences {
    /// Fences that are not highlighted.
    pub custom: Vec<CustomFence>,
}

/// `pymdownx.tabbed`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tabbed {
    /// `alternate_style`: all labels first.
    pub alternate: bool,
    /// `slugify`: ids made from titles.
    pub slugify: Option<Slugify>,
    /// `combine_header_slug`.
    pub combine_header_slug: bool,
    /// `separator`.
    pub separator: String,
}

/// `pymdownx.tasklist`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tasklist {
    /// `custom_checkbox`: a label that can be styled.
    pub custom: bool,
    /// `clickable_checkbox`.
    pub clickable: bool,
}

/// `pymdownx.snippets`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippets {
    /// Folders that are searched.
    pub base_path: Vec<String>,
    /// Files that every page ends with.
    pub auto_append: Vec<String>,
    /// Whether sections lose their common indent.
    pub dedent_subsections: bool,
}

/// `pymdownx.arithmatex`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arithmatex {
    /// `generic`: the formula as text between marks, for any library.
    pub generic: bool,
    /// What encloses a formula in a line.
    pub inline_wrap: (String, String),
    /// What encloses a block.
    pub block_wrap: (String, String),
}

/// `pymdownx.critic`: what becomes of critic marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Critic {
    /// They are shown.
    View,
    /// As if all were accepted.
    Accept,
    /// As if all were rejected.
    Reject,
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
    /// `substitutions`: what is put in, where it is not the usual.
    pub substitutions: BTreeMap<String, String>,
}

/// `pymdownx.smartsymbols`: which are on.
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

/// `wikilinks`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wikilinks {
    /// Before the name.
    pub base_url: String,
    /// Behind it.
    pub end_url: String,
    /// The link's class.
    pub class: String,
}

/// A kind of admonition or details that has a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockType {
    /// Its class.
    pub class: String,
    /// Its title, if not made of the class.
    pub title: Option<String>,
}

/// What a block between slashes becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlashKind {
    /// An admonition.
    Admonition(Option<BlockType>),
    /// Details.
    Details(Option<BlockType>),
    /// A tab.
    Tab,
    /// Any element.
    Html,
    /// A definition list.
    Definition,
    /// What a list behind it is numbered with.
    FancyList,
    /// The caption of what stands before it.
    Caption {
        /// Before the text; `{}` is the number.
        prefix: String,
        /// Classes of the figure.
        classes: String,
    },
}

/// `pymdownx.blocks.caption`, for all kinds of captions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Captions {
    /// `auto`: whether figures are numbered.
    pub automatic: bool,
    /// `prepend`: whether captions stand above.
    pub prepend: bool,
    /// `auto_level`: figures within so many others have no number; 0 for no
    /// bound.
    pub deepest: i64,
}

/// `footnotes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnotes {
    /// What a way back shows.
    pub backlink_text: String,
    /// Its title; `{}` is the number.
    pub backlink_title: String,
    /// What a reference shows; `{}` is the number.
    pub superscript_text: String,
    /// Between `fn` and the label.
    pub separator: String,
    /// Where the list stands, if such a text is on the page.
    pub place_marker: String,
    /// `UNIQUE_IDS`: ids that no other page of the same run has.
    pub unique: bool,
    /// Numbers follow the definitions, not the references.
    pub definition_order: bool,
}

/// `toc`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toc {
    /// The paragraph that the list replaces.
    pub marker: String,
    /// The list's title.
    pub title: String,
    /// The class of that title.
    pub title_class: String,
    /// The class of what holds the list.
    pub class: String,
    /// What the link behind a heading shows; `None` for no link.
    pub permalink: Option<String>,
    /// Its class.
    pub permalink_class: String,
    /// Its title.
    pub permalink_title: String,
    /// Whether it stands before the heading.
    pub permalink_leading: bool,
    /// Whether headings link to themselves.
    pub anchorlink: bool,
    /// The class of that link.
    pub anchorlink_class: String,
    /// Added to every level, less one.
    pub base_level: u8,
    /// Levels that the list shows.
    pub levels: (u8, u8),
    /// How ids are made.
    pub slugify: Slugify,
    /// What stands for white space in them.
    pub separator: String,
}

/// A mark like `*` or `~` that encloses text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delimiter {
    /// The character.
    pub mark: char,
    /// The element for two of them; empty where two mean nothing.
    pub double: &'static str,
    /// The element for one of them; empty where one means nothing.
    pub single: &'static str,
    /// Not inside words.
    pub smart: bool,
    /// A single mark encloses no white space.
    pub no_space: bool,
    /// Punctuation beside it counts, as in CommonMark.
    pub punctuation: bool,
}

/// What is on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the extensions'")]
pub struct Options {
    pub admonition: bool,
    pub details: bool,
    pub tabbed: Option<Tabbed>,
    /// The style of `/// tab` where `tabbed` is off.
    pub slash_tabs: Option<Tabbed>,
    pub superfences: Option<Superfences>,
    pub fenced_code: bool,
    /// `disable_indented_code_blocks` of superfences.
    pub no_indented_code: bool,
    pub highlight: Highlight,
    /// Whether indented code gets a highlighter's shape.
    pub highlights_indented: bool,
    pub tables: bool,
    pub footnotes: Option<Footnotes>,
    pub abbr: bool,
    pub attr_list: bool,
    pub def_list: bool,
    pub md_in_html: bool,
    pub nl2br: bool,
    pub sane_lists: bool,
    pub snippets: Option<Snippets>,
    pub tasklist: Option<Tasklist>,
    pub emoji: bool,
    pub keys: bool,
    pub inlinehilite: Option<InlineHighlight>,
    pub arithmatex: Option<Arithmatex>,
    pub smartsymbols: Option<Symbols>,
    pub smarty: Option<Smarty>,
    pub critic: Option<Critic>,
    pub wikilinks: Option<Wikilinks>,
    pub magiclink: Option<Magiclink>,
    /// `codehilite`: whether its blocks begin with a line for their language.
    pub codehilite: bool,
    pub progressbar: Option<ProgressBar>,
    pub escape_all: Option<EscapeAll>,
    pub quotes: Option<Quotes>,
    pub fancy_lists: Option<FancyLists>,
    /// `pymdownx.saneheaders`: a heading needs a space behind its `#`.
    pub sane_headers: bool,
    /// `pymdownx.blocks`, by name.
    pub slashes: BTreeMap<String, SlashKind>,
    /// `custom` of `pymdownx.blocks.html`: how elements are read.
    pub slash_elements: BTreeMap<String, String>,
    pub captions: Captions,
    pub toc: Toc,
    /// Whether blocks say which source lines they are made of.
    pub sources: bool,
    /// `*` and `_`, read first.
    pub emphasis: Vec<Delimiter>,
    /// The other marks, read together.
    pub delimiters: Vec<Delimiter>,
}

impl Options {
    /// Plain Markdown.
    pub fn none() -> Self {
        let emphasis = |mark, smart| Delimiter {
            mark,
            double: "strong",
            single: "em",
            smart,
            no_space: false,
            punctuation: false,
        };
        Self {
            admonition: false,
            details: false,
            tabbed: None,
            slash_tabs: None,
            superfences: None,
            fenced_code: false,
            no_indented_code: false,
            highlight: Highlight::new(&With::new(&Map::new())),
            highlights_indented: false,
            tables: false,
            footnotes: None,
            abbr: false,
            attr_list: false,
            def_list: false,
            md_in_html: false,
            nl2br: false,
            sane_lists: false,
            snippets: None,
            tasklist: None,
            emoji: false,
            keys: false,
            inlinehilite: None,
            arithmatex: None,
            smartsymbols: None,
            smarty: None,
            critic: None,
            wikilinks: None,
            magiclink: None,
            codehilite: false,
            progressbar: None,
            escape_all: None,
            quotes: None,
            fancy_lists: None,
            sane_headers: false,
            slashes: BTreeMap::new(),
            slash_elements: BTreeMap::new(),
            captions: Captions::default(),
            toc: Toc {
                marker: "[TOC]".to_owned(),
                title: String::new(),
                title_class: "toctitle".to_owned(),
                class: "toc".to_owned(),
                permalink: None,
                permalink_class: "headerlink".to_owned(),
                permalink_title: "Permanent link".to_owned(),
                permalink_leading: false,
                anchorlink: false,
                anchorlink_class: "toclink".to_owned(),
                base_level: 1,
                levels: (1, 6),
                slugify: Slugify::Default,
                separator: "-".to_owned(),
            },
            sources: false,
            emphasis: vec![emphasis('*', false), emphasis('_', true)],
            delimiters: Vec::new(),
        }
    }

    /// The style of tabs.
    pub fn tab_style(&self) -> Option<&Tabbed> {
        self.tabbed.as_ref().or(self.slash_tabs.as_ref())
    }

    /// The custom fence that takes `language`: the last that fits.
    pub fn custom_fence(&self, language: &str) -> Option<usize> {
        let custom = &self.superfences.as_ref()?.custom;
        custom
            .iter()
            .rposition(|fence| fence.name == language || fence.name == "*")
    }
}

impl Footnotes {
    /// What stands behind `fn` in a footnote's id.
    pub fn name(&self, label: &str) -> String {
        if self.unique {
            format!("{}2-{label}", self.separator)
        } else {
            format!("{}{label}", self.separator)
        }
    }
}
