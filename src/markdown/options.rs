//! `markdown_extensions` as one value that says what is on.

use serde_json::{Map, Value};

use super::Extension;
use super::code::is_div_format;
use super::slug::Slugify;
use crate::diagnostic::{Diagnostic, suggest};

/// A fence that is not highlighted, such as `mermaid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomFence {
    /// The language it takes; `*` takes all.
    pub name: String,
    /// The class of what it becomes.
    pub class: String,
    /// Whether it becomes a `<div>` rather than `<pre><code>`.
    pub is_div: bool,
}

/// `pymdownx.superfences`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Superfences {
    /// Fences that are not highlighted.
    pub custom: Vec<CustomFence>,
}

/// `pymdownx.highlight`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Highlight {
    /// Class of the wrapper.
    pub class: String,
    /// Whether the wrapper names the language.
    pub language_class: bool,
    /// What that class begins with.
    pub language_prefix: String,
    /// Whether all blocks are numbered.
    pub line_numbers: bool,
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
    pub superfences: Option<Superfences>,
    pub fenced_code: bool,
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
    pub arithmatex: Option<Arithmatex>,
    pub smartsymbols: bool,
    pub toc: Toc,
    /// `*` and `_`, read first.
    pub emphasis: Vec<Delimiter>,
    /// The other marks, read together.
    pub delimiters: Vec<Delimiter>,
}

/// Names that are known to do nothing here: what they add is always on, or
/// is done by another part of proofroom.
const SILENT: [&str; 8] = ["meta", "pymdownx.extra", "extra", "pymdownx.striphtml", "pymdownx.pathconverter", "toc", "legacy_attrs", "legacy_em"];

/// Names that are known but not read yet.
const LATER: [&str; 25] = [
    "codehilite", "pymdownx.critic", "pymdownx.inlinehilite", "pymdownx.magiclink", "smarty",
    "wikilinks", "pymdownx.blocks.admonition", "pymdownx.blocks.details", "pymdownx.blocks.tab", "pymdownx.blocks.html",
    "pymdownx.blocks.definition", "pymdownx.blocks.caption", "pymdownx.progressbar", "pymdownx.escapeall", "pymdownx.b64",
    "pymdownx.saneheaders", "pymdownx.quotes", "pymdownx.fancylists", "attr_list.legacy", "mdx_truly_sane_lists",
    "markdown_include.include", "mdx_math", "material.extensions.preview", "zensical.extensions.preview", "pymdownx.smarty",
];

const KNOWN: [&str; 26] = [
    "admonition", "pymdownx.arithmatex", "pymdownx.details", "pymdownx.tabbed", "pymdownx.superfences", "fenced_code", "pymdownx.highlight", "tables",
    "footnotes", "abbr", "attr_list", "def_list", "md_in_html", "nl2br", "sane_lists", "pymdownx.snippets", "pymdownx.tasklist",
    "pymdownx.emoji", "pymdownx.keys", "pymdownx.smartsymbols", "toc", "pymdownx.betterem", "pymdownx.caret", "pymdownx.mark",
    "pymdownx.tilde", "meta",
];

/// What `extra` and `pymdownx.extra` stand for.
const EXTRA: [&str; 7] = ["fenced_code", "footnotes", "attr_list", "def_list", "tables", "abbr", "md_in_html"];
const PYMDOWNX_EXTRA: [&str; 8] =
    ["pymdownx.betterem", "pymdownx.superfences", "footnotes", "attr_list", "def_list", "tables", "abbr", "md_in_html"];

impl Options {
    /// From the configured extensions, with what is wrong among them.
    pub fn new(extensions: &[Extension]) -> (Self, Vec<Diagnostic>) {
        let mut options = Self::none();
        let mut diagnostics = Vec::new();
        for extension in extensions {
            let name = extension.name.as_str();
            let name = name.strip_prefix("markdown.extensions.").unwrap_or(name);
            let known = options.enable(name, &extension.options);
            if known {
                continue;
            }
            let later = LATER.contains(&name);
            let message = match later {
                true => format!("the Markdown extension `{name}` is not supported yet"),
                false => format!("the Markdown extension `{name}` is not known"),
            };
            let mut diagnostic = match later {
                true => Diagnostic::note("unsupported-extension", message),
                false => Diagnostic::warning("unknown-extension", message),
            };
            if let Some(span) = &extension.span {
                diagnostic = diagnostic.at(span.clone());
            }
            let near = if later { None } else { suggest(name, KNOWN.iter().chain(&LATER).copied()) };
            diagnostic = match near {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("pages are rendered without it"),
            };
            diagnostics.push(diagnostic);
        }
        (options, diagnostics)
    }

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
            superfences: None,
            fenced_code: false,
            highlight: Highlight {
                class: "highlight".to_owned(),
                language_class: false,
                language_prefix: "language-".to_owned(),
                line_numbers: false,
            },
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
            arithmatex: None,
            smartsymbols: false,
            toc: Toc {
                marker: "[TOC]".to_owned(),
                title: String::new(),
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
            emphasis: vec![emphasis('*', false), emphasis('_', true)],
            delimiters: Vec::new(),
        }
    }

    fn enable(&mut self, name: &str, with: &Map<String, Value>) -> bool {
        let text = |key: &str, default: &str| with.get(key).and_then(Value::as_str).unwrap_or(default).to_owned();
        let flag = |key: &str, default: bool| with.get(key).and_then(Value::as_bool).unwrap_or(default);
        let list = |key: &str| match with.get(key) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        match name {
            "admonition" => self.admonition = true,
            "pymdownx.details" => self.details = true,
            "pymdownx.tabbed" => {
                self.tabbed = Some(Tabbed {
                    alternate: flag("alternate_style", false),
                    slugify: Slugify::of(with.get("slugify")),
                    combine_header_slug: flag("combine_header_slug", false),
                    separator: text("separator", "-"),
                });
            }
            "pymdownx.superfences" => {
                let fences = with.get("custom_fences").and_then(Value::as_array).into_iter().flatten();
                let custom = fences.filter_map(|fence| {
                    Some(CustomFence {
                        name: fence.get("name")?.as_str()?.to_owned(),
                        class: fence.get("class")?.as_str()?.to_owned(),
                        is_div: is_div_format(fence.get("format")),
                    })
                });
                self.superfences = Some(Superfences { custom: custom.collect() });
            }
            "fenced_code" => self.fenced_code = true,
            "pymdownx.highlight" => {
                self.highlight = Highlight {
                    class: text("css_class", "highlight"),
                    language_class: flag("pygments_lang_class", false),
                    language_prefix: text("language_prefix", "language-"),
                    line_numbers: flag("linenums", false),
                };
                self.highlights_indented = true;
            }
            "tables" => self.tables = true,
            "footnotes" => {
                self.footnotes = Some(Footnotes {
                    backlink_text: text("BACKLINK_TEXT", "\u{21a9}"),
                    backlink_title: text("BACKLINK_TITLE", "Jump back to footnote {} in the text").replace("%d", "{}"),
                    superscript_text: text("SUPERSCRIPT_TEXT", "{}"),
                    separator: text("SEPARATOR", ":"),
                    place_marker: text("PLACE_MARKER", "///Footnotes Go Here///"),
                    definition_order: flag("USE_DEFINITION_ORDER", true),
                });
            }
            "abbr" => self.abbr = true,
            "attr_list" => self.attr_list = true,
            "def_list" => self.def_list = true,
            "md_in_html" => self.md_in_html = true,
            "nl2br" => self.nl2br = true,
            "sane_lists" => self.sane_lists = true,
            "pymdownx.snippets" => {
                self.snippets = Some(Snippets {
                    base_path: list("base_path"),
                    auto_append: list("auto_append"),
                    dedent_subsections: flag("dedent_subsections", false),
                });
            }
            "pymdownx.tasklist" => {
                let (custom, clickable) = (flag("custom_checkbox", false), flag("clickable_checkbox", false));
                self.tasklist = Some(Tasklist { custom, clickable });
            }
            "pymdownx.emoji" => self.emoji = true,
            "pymdownx.keys" => self.keys = true,
            "pymdownx.arithmatex" => {
                let wrap = |key: &str, open: &str, close: &str| match &list(key)[..] {
                    [open, close] => (open.clone(), close.clone()),
                    _ => (open.to_owned(), close.to_owned()),
                };
                self.arithmatex = Some(Arithmatex {
                    generic: flag("generic", false),
                    inline_wrap: wrap("tex_inline_wrap", "\\(", "\\)"),
                    block_wrap: wrap("tex_block_wrap", "\\[", "\\]"),
                });
            }
            "pymdownx.smartsymbols" => self.smartsymbols = true,
            "pymdownx.betterem" => {
                let smart = text("smart_enable", "underscore");
                for delimiter in &mut self.emphasis {
                    let own = if delimiter.mark == '*' { "asterisk" } else { "underscore" };
                    delimiter.smart = smart == "all" || smart == own;
                    delimiter.punctuation = flag("punctuation", true);
                }
            }
            "pymdownx.mark" => self.delimiters.push(Delimiter {
                mark: '=',
                double: "mark",
                single: "",
                smart: flag("smart_mark", false),
                no_space: false,
                punctuation: true,
            }),
            "pymdownx.tilde" => self.pair('~', ("delete", "del"), ("subscript", "sub"), flag("smart_delete", false), with),
            "pymdownx.caret" => self.pair('^', ("insert", "ins"), ("superscript", "sup"), flag("smart_insert", false), with),
            "toc" => self.toc(with),
            "extra" => EXTRA.iter().for_each(|name| {
                self.enable(name, &part(with, name));
            }),
            "pymdownx.extra" => PYMDOWNX_EXTRA.iter().for_each(|name| {
                self.enable(name, &part(with, name));
            }),
            name => return SILENT.contains(&name),
        }
        true
    }

    fn pair(&mut self, mark: char, two: (&str, &'static str), one: (&str, &'static str), smart: bool, with: &Map<String, Value>) {
        let flag = |key: &str, default: bool| with.get(key).and_then(Value::as_bool).unwrap_or(default);
        let double = if flag(two.0, true) { two.1 } else { "" };
        let single = if flag(one.0, true) { one.1 } else { "" };
        if double.is_empty() && single.is_empty() {
            return;
        }
        let punctuation = flag("punctuation", false) || single.is_empty();
        let no_space = flag("no_space", true) && !single.is_empty();
        self.delimiters.push(Delimiter { mark, double, single, smart, no_space, punctuation });
    }

    fn toc(&mut self, with: &Map<String, Value>) {
        let toc = &mut self.toc;
        let set = |key: &str, to: &mut String| {
            if let Some(value) = with.get(key).and_then(Value::as_str) {
                value.clone_into(to);
            }
        };
        set("marker", &mut toc.marker);
        set("title", &mut toc.title);
        set("permalink_class", &mut toc.permalink_class);
        set("permalink_title", &mut toc.permalink_title);
        set("anchorlink_class", &mut toc.anchorlink_class);
        set("separator", &mut toc.separator);
        match with.get("permalink") {
            Some(Value::Bool(true)) => toc.permalink = Some("\u{b6}".to_owned()),
            Some(Value::String(text)) if !text.is_empty() => toc.permalink = Some(text.clone()),
            Some(_) => toc.permalink = None,
            None => {}
        }
        toc.permalink_leading = with.get("permalink_leading").and_then(Value::as_bool).unwrap_or(toc.permalink_leading);
        toc.anchorlink = with.get("anchorlink").and_then(Value::as_bool).unwrap_or(toc.anchorlink);
        let level = |value: &Value| match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let level = |value: &Value| level(value).and_then(|level| u8::try_from(level).ok());
        toc.base_level = with.get("baselevel").and_then(level).unwrap_or(toc.base_level).clamp(1, 6);
        if let Some(depth) = with.get("toc_depth") {
            let range = depth.as_str().and_then(|text| text.split_once('-'));
            let range = range.and_then(|(top, bottom)| Some((top.trim().parse().ok()?, bottom.trim().parse().ok()?)));
            toc.levels = range.or_else(|| Some((1, level(depth)?))).unwrap_or(toc.levels);
        }
        if let Some(slugify) = Slugify::of(with.get("slugify")) {
            toc.slugify = slugify;
        }
    }

    /// The custom fence that takes `language`: the last that fits.
    pub fn custom_fence(&self, language: &str) -> Option<usize> {
        let custom = &self.superfences.as_ref()?.custom;
        custom.iter().rposition(|fence| fence.name == language || fence.name == "*")
    }
}

/// The options that `extra` hands on to one of its parts.
fn part(with: &Map<String, Value>, name: &str) -> Map<String, Value> {
    with.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}
