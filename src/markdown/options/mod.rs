//! `markdown_extensions` as one value: what is on.

mod added;
mod blocks;
mod emoji;
mod enable;
mod highlight;
mod includes;
mod magiclink;
mod math;
mod missing;
mod names;
mod postprocess;
mod previews;
mod report;
mod slugify;
mod status;
mod toc;
mod unread;
mod with;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub use added::{
    Arithmatex, BlockMath, Critic, EscapeAll, FancyLists, Footnotes, Keys, ProgressBar, Quotes,
    Smarty, Snippets, Symbols, Tabbed, Tasklist, TrulySaneLists, Wikilinks,
};
pub use emoji::{EmojiPicture, EmojiStyle, EmojiText, EmojiTitle};
pub use highlight::{
    CustomFence, FenceFormat, Highlight, Highlighter, InlineHighlight, LineNumbers, PHP_WITHOUT_TAG,
};
pub use includes::{IncludeBraces, IncludeMdx, Includes};
pub use magiclink::{Magiclink, Provider, ProviderKind};
pub use math::ScriptMath;
pub use missing::{Mark, MissingConstruct};
pub use postprocess::{Embed, PathConverter, Postprocess, StripHtml};
pub use previews::{Preview, PreviewDialect};
pub use report::ExtensionProblem;
pub use slugify::Slugify;
pub use status::{OptionStatus, option_statuses};
pub use with::ExtensionOptions;

/// One entry of `markdown_extensions`, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The name as MkDocs spells it, such as `pymdownx.superfences`.
    pub name: String,
    /// Its options; empty if there are none.
    pub options: Map<String, Value>,
}

/// `pymdownx.superfences`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Superfences {
    /// Fences that are not highlighted.
    pub custom: Vec<CustomFence>,
    /// `relaxed_headers`: what a header says that is not understood is ignored.
    pub relaxed_headers: bool,
    /// `preserve_tabs`: tabs stay tabs.
    pub preserve_tabs: bool,
    /// `css_class`: class of the wrapper; empty for that of `highlight`.
    pub class: String,
}

/// A type of admonition or details that can be written by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockType {
    /// Its class.
    pub class: String,
    /// Its title; `None` if it is made from the class.
    pub title: Option<String>,
}

/// What a generic block (`/// name`) becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GenericBlockKind {
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
    /// Nothing itself: it sets how the list after it is numbered.
    FancyList,
    /// The caption of the block before it.
    Caption {
        /// The text before the caption; `{}` is the number.
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
    /// `prepend`: whether captions are above their figures.
    pub prepend: bool,
    /// `auto_level`: figures nested this deep or deeper are not numbered; 0
    /// for no limit.
    pub deepest: i64,
}

/// `toc`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toc {
    /// The text of the paragraph that the list replaces.
    pub marker: String,
    /// The list's title.
    pub title: String,
    /// The class of that title.
    pub title_class: String,
    /// The class of the element around the list.
    pub class: String,
    /// The text of the link at the end of a heading; `None` for no link.
    pub permalink: Option<String>,
    /// The class of that link.
    pub permalink_class: String,
    /// The title of that link.
    pub permalink_title: String,
    /// Whether that link is at the start of the heading instead.
    pub permalink_leading: bool,
    /// Whether headings link to themselves.
    pub anchorlink: bool,
    /// The class of these links.
    pub anchorlink_class: String,
    /// The level that headings of level 1 get.
    pub base_level: u8,
    /// The first and last level that the list shows.
    pub levels: (u8, u8),
    /// How ids are made.
    pub slugify: Slugify,
    /// What replaces white space in them.
    pub separator: String,
}

/// A mark such as `*` or `~` that encloses text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delimiter {
    /// The character.
    pub mark: char,
    /// The element for a doubled mark; empty if that means nothing.
    pub double: &'static str,
    /// The element for a single mark; empty if that means nothing.
    pub single: &'static str,
    /// Whether it means nothing inside words.
    pub smart: bool,
    /// Whether a single mark may not enclose white space.
    pub no_space: bool,
    /// Whether punctuation next to it matters, as in CommonMark.
    pub punctuation: bool,
}

/// What the site has turned on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the extensions'")]
pub struct MarkdownOptions {
    pub admonition: bool,
    pub details: bool,
    pub tabbed: Option<Tabbed>,
    /// The style of `/// tab` if `tabbed` is off.
    pub slash_tabs: Option<Tabbed>,
    pub superfences: Option<Superfences>,
    pub fenced_code: bool,
    /// `lang_prefix` of `fenced_code`: the prefix of the class for a language.
    pub fenced_language_prefix: String,
    /// `disable_indented_code_blocks` of superfences.
    pub no_indented_code: bool,
    pub highlight: Highlight,
    /// What highlights indented code; `None` if nothing does.
    pub indented_code: Option<Highlighter>,
    pub tables: bool,
    /// `use_align_attribute` of tables.
    pub table_align_attribute: bool,
    pub footnotes: Option<Footnotes>,
    pub abbr: bool,
    /// `glossary`: abbreviations that every page has, with their meanings.
    pub glossary: BTreeMap<String, String>,
    pub attr_list: bool,
    /// `legacy_attrs`.
    pub legacy_attributes: bool,
    pub def_list: bool,
    pub md_in_html: bool,
    /// `meta`: lines of `key: value` at the top of the text are left out, once
    /// files are included.
    pub meta: bool,
    pub nl2br: bool,
    pub sane_lists: bool,
    pub truly_sane_lists: Option<TrulySaneLists>,
    pub snippets: Option<Snippets>,
    pub includes: Option<Includes>,
    pub tasklist: Option<Tasklist>,
    pub emoji: Option<EmojiStyle>,
    pub keys: Option<Keys>,
    pub inlinehilite: Option<InlineHighlight>,
    pub arithmatex: Option<Arithmatex>,
    /// `mdx_math`.
    pub script_math: Option<ScriptMath>,
    /// `pymdownx.bracketspan`: `[text]{.class}` is a span.
    pub bracket_spans: bool,
    pub smartsymbols: Option<Symbols>,
    pub smarty: Option<Smarty>,
    pub critic: Option<Critic>,
    pub wikilinks: Option<Wikilinks>,
    pub magiclink: Option<Magiclink>,
    /// `codehilite`, for indented code, and for fences without `superfences`.
    pub codehilite: Option<Highlight>,
    pub progressbar: Option<ProgressBar>,
    pub escape_all: Option<EscapeAll>,
    pub quotes: Option<Quotes>,
    /// `github-callouts`: `> [!NOTE]` is an admonition.
    pub github_callouts: bool,
    /// `callouts`: `NOTE: text` is an admonition. Whether its title loses the
    /// period at its end (`strip_period`).
    pub callouts: Option<bool>,
    pub fancy_lists: Option<FancyLists>,
    /// `pymdownx.saneheaders`: a heading needs a space after its `#`.
    pub sane_headers: bool,
    /// `pymdownx.blocks`, by name.
    pub generic_blocks: BTreeMap<String, GenericBlockKind>,
    /// `custom` of `pymdownx.blocks.html`: how the content of elements is read.
    pub generic_elements: BTreeMap<String, String>,
    pub captions: Captions,
    pub postprocess: Option<Postprocess>,
    /// Which links show a preview.
    pub previews: Vec<Preview>,
    /// What pages may have that nothing reads.
    pub missing: Vec<MissingConstruct>,
    pub toc: Toc,
    /// Whether headings get ids, as `toc` gives them; MkDocs always has it.
    pub names_headings: bool,
    /// Whether `:::` asks for the documentation of an object in code, as the plugin
    /// mkdocstrings reads it.
    pub api_objects: bool,
    /// Whether `[text][name]` may be a cross reference of the plugin autorefs.
    pub autorefs: bool,
    /// Whether this is for excerpts, whose links lead to the page from others.
    pub is_excerpt: bool,
    /// Whether blocks get `data-src` with the source lines they come from.
    pub sources: bool,
    /// `*` and `_`, read first.
    pub emphasis: Vec<Delimiter>,
    /// The other marks, read together afterwards.
    pub delimiters: Vec<Delimiter>,
}

impl MarkdownOptions {
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
            fenced_language_prefix: "language-".to_owned(),
            no_indented_code: false,
            highlight: Highlight::new(&ExtensionOptions::new(&Map::new())),
            indented_code: None,
            tables: false,
            table_align_attribute: false,
            footnotes: None,
            abbr: false,
            glossary: BTreeMap::new(),
            attr_list: false,
            legacy_attributes: false,
            def_list: false,
            md_in_html: false,
            meta: false,
            nl2br: false,
            sane_lists: false,
            truly_sane_lists: None,
            snippets: None,
            includes: None,
            tasklist: None,
            emoji: None,
            keys: None,
            inlinehilite: None,
            arithmatex: None,
            script_math: None,
            bracket_spans: false,
            smartsymbols: None,
            smarty: None,
            critic: None,
            wikilinks: None,
            magiclink: None,
            codehilite: None,
            progressbar: None,
            escape_all: None,
            quotes: None,
            github_callouts: false,
            callouts: None,
            fancy_lists: None,
            sane_headers: false,
            generic_blocks: BTreeMap::new(),
            generic_elements: BTreeMap::new(),
            captions: Captions::default(),
            postprocess: None,
            previews: Vec::new(),
            missing: Vec::new(),
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
            names_headings: true,
            api_objects: false,
            autorefs: false,
            is_excerpt: false,
            sources: false,
            emphasis: vec![emphasis('*', false), emphasis('_', true)],
            delimiters: Vec::new(),
        }
    }

    /// The options of tabs, however they are written.
    pub fn tab_style(&self) -> Option<&Tabbed> {
        self.tabbed.as_ref().or(self.slash_tabs.as_ref())
    }

    /// The options of tabs that get ids made from their titles, however they are written:
    /// both extensions name the tabs of both.
    pub fn tab_ids(&self) -> Option<&Tabbed> {
        let styles = self.slash_tabs.iter().chain(&self.tabbed);
        let mut named = styles.filter(|style| style.slugify.is_some());
        named.next()
    }

    /// Whether fences are coloured here rather than by a script in the page.
    pub fn colours_fences(&self) -> bool {
        let highlight = match &self.codehilite {
            Some(codehilite) if self.superfences.is_none() => codehilite,
            _ => &self.highlight,
        };
        highlight.colours
    }

    /// The index of the custom fence for `language`: the last that fits.
    pub fn custom_fence(&self, language: &str) -> Option<usize> {
        let custom = &self.superfences.as_ref()?.custom;
        custom
            .iter()
            .rposition(|fence| fence.name == language || fence.name == "*")
    }
}
