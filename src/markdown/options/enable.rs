use serde_json::{Map, Value};

use super::Extension;
use super::names::{EXTRA, KNOWN, LATER, PYMDOWNX_EXTRA, SILENT};
use super::slugify::Slugify;
use super::{
    Arithmatex, Critic, CustomFence, Delimiter, EscapeAll, FancyLists, Footnotes, Highlight,
    InlineHighlight, Magiclink, Options, ProgressBar, Quotes, SlashKind, Smarty, Snippets,
    Superfences, Symbols, Tabbed, Tasklist, Wikilinks,
};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::html::unescape;

impl Options {
    /// From the configured extensions, with what is wrong among them, each
    /// beside the name of its extension.
    pub fn new(extensions: &[Extension]) -> (Self, Vec<(String, Diagnostic)>) {
        let mut options = Self::none();
        let mut diagnostics = Vec::new();
        let suggestions = Suggestions::default();
        for extension in extensions {
            let name = extension.name.as_str();
            let name = name.strip_prefix("markdown.extensions.").unwrap_or(name);
            let known = options.enable(name, &extension.options);
            if known {
                let unread = unread(name, extension).into_iter();
                diagnostics.extend(unread.map(|it| (extension.name.clone(), it)));
                continue;
            }
            let later = LATER.contains(&name);
            let message = match later {
                true => format!("the Markdown extension `{name}` is not supported yet"),
                false => format!("the Markdown extension `{name}` is not known"),
            };
            let diagnostic = match later {
                true => Diagnostic::new(Rule::UnsupportedExtension, message),
                false => Diagnostic::new(Rule::UnknownExtension, message),
            };
            let near = if later {
                None
            } else {
                suggestions.suggest(name, KNOWN.iter().chain(LATER).copied())
            };
            let diagnostic = match near {
                Some(near) => diagnostic.did_you_mean(name, &near),
                None => diagnostic.help("pages are rendered without it"),
            };
            diagnostics.push((extension.name.clone(), diagnostic));
        }
        (options, diagnostics)
    }

    fn enable(&mut self, name: &str, with: &Map<String, Value>) -> bool {
        let text = |key: &str, default: &str| {
            with.get(key)
                .and_then(Value::as_str)
                .unwrap_or(default)
                .to_owned()
        };
        let flag =
            |key: &str, default: bool| with.get(key).and_then(Value::as_bool).unwrap_or(default);
        let list = |key: &str| match with.get(key) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(many)) => many
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            _ => Vec::new(),
        };
        match name {
            "admonition" => self.admonition = true,
            "pymdownx.details" => self.details = true,
            "pymdownx.tabbed" => {
                self.tabbed = Some(tabbed(with));
            }
            "pymdownx.superfences" => {
                self.no_indented_code = flag("disable_indented_code_blocks", false);
                self.superfences = Some(Superfences {
                    custom: CustomFence::all(with.get("custom_fences")),
                });
            }
            "fenced_code" => self.fenced_code = true,
            "pymdownx.highlight" => {
                self.highlight = Highlight::new(with);
                self.highlights_indented = true;
            }
            "tables" => self.tables = true,
            "footnotes" => {
                self.footnotes = Some(Footnotes {
                    backlink_text: text("BACKLINK_TEXT", "\u{21a9}"),
                    backlink_title: text("BACKLINK_TITLE", "Jump back to footnote {} in the text")
                        .replace("%d", "{}"),
                    superscript_text: text("SUPERSCRIPT_TEXT", "{}"),
                    separator: text("SEPARATOR", ":"),
                    place_marker: text("PLACE_MARKER", "///Footnotes Go Here///"),
                    unique: flag("UNIQUE_IDS", false),
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
                let (custom, clickable) = (
                    flag("custom_checkbox", false),
                    flag("clickable_checkbox", false),
                );
                self.tasklist = Some(Tasklist { custom, clickable });
            }
            "pymdownx.emoji" => self.emoji = true,
            "pymdownx.keys" => self.keys = true,
            "pymdownx.inlinehilite" => self.inlinehilite = Some(InlineHighlight::new(with)),
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
            "pymdownx.smartsymbols" => {
                self.smartsymbols = Some(Symbols {
                    trademark: flag("trademark", true),
                    copyright: flag("copyright", true),
                    registered: flag("registered", true),
                    plusminus: flag("plusminus", true),
                    arrows: flag("arrows", true),
                    notequal: flag("notequal", true),
                    fractions: flag("fractions", true),
                    ordinal_numbers: flag("ordinal_numbers", true),
                    care_of: flag("care_of", true),
                });
            }
            "smarty" => {
                self.smarty = Some(Smarty {
                    quotes: flag("smart_quotes", true),
                    angled_quotes: flag("smart_angled_quotes", false),
                    dashes: flag("smart_dashes", true),
                    ellipses: flag("smart_ellipses", true),
                    substitutions: with
                        .get("substitutions")
                        .and_then(Value::as_object)
                        .into_iter()
                        .flatten()
                        .filter_map(|(name, text)| {
                            Some((name.clone(), unescape(text.as_str()?).into_owned()))
                        })
                        .collect(),
                });
            }
            "pymdownx.critic" => {
                self.critic = Some(match text("mode", "view").as_str() {
                    "accept" => Critic::Accept,
                    "reject" => Critic::Reject,
                    _ => Critic::View,
                });
            }
            "pymdownx.magiclink" => self.magiclink = Some(Magiclink::new(with)),
            "wikilinks" => {
                self.wikilinks = Some(Wikilinks {
                    base_url: text("base_url", "/"),
                    end_url: text("end_url", "/"),
                    class: text("html_class", "wikilink"),
                });
            }
            "codehilite" => {
                self.codehilite = true;
                self.highlights_indented = true;
                self.highlight = Highlight::codehilite(with);
            }
            "pymdownx.progressbar" => self.progressbar = Some(ProgressBar::new(with)),
            "pymdownx.escapeall" => self.escape_all = Some(EscapeAll::new(with)),
            "pymdownx.quotes" => self.quotes = Some(Quotes::new(with)),
            "pymdownx.fancylists" => {
                self.fancy_lists = Some(FancyLists::new(with));
                self.slash("fancylists", SlashKind::FancyList);
            }
            "pymdownx.saneheaders" => self.sane_headers = true,
            "pymdownx.betterem" => {
                let smart = text("smart_enable", "underscore");
                for delimiter in &mut self.emphasis {
                    let own = if delimiter.mark == '*' {
                        "asterisk"
                    } else {
                        "underscore"
                    };
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
            "pymdownx.tilde" => self.pair(
                '~',
                ("delete", "del"),
                ("subscript", "sub"),
                flag("smart_delete", false),
                with,
            ),
            "pymdownx.caret" => self.pair(
                '^',
                ("insert", "ins"),
                ("superscript", "sup"),
                flag("smart_insert", false),
                with,
            ),
            name if name.starts_with("pymdownx.blocks.") => return self.block(name, with),
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

    fn pair(
        &mut self,
        mark: char,
        two: (&str, &'static str),
        one: (&str, &'static str),
        smart: bool,
        with: &Map<String, Value>,
    ) {
        let flag =
            |key: &str, default: bool| with.get(key).and_then(Value::as_bool).unwrap_or(default);
        let double = if flag(two.0, true) { two.1 } else { "" };
        let single = if flag(one.0, true) { one.1 } else { "" };
        if double.is_empty() && single.is_empty() {
            return;
        }
        let punctuation = flag("punctuation", false) || single.is_empty();
        let no_space = flag("no_space", true) && !single.is_empty();
        self.delimiters.push(Delimiter {
            mark,
            double,
            single,
            smart,
            no_space,
            punctuation,
        });
    }
}

pub(super) fn tabbed(with: &Map<String, Value>) -> Tabbed {
    let flag = |key: &str| with.get(key).and_then(Value::as_bool).unwrap_or(false);
    Tabbed {
        alternate: flag("alternate_style"),
        slugify: Slugify::of(with.get("slugify")),
        combine_header_slug: flag("combine_header_slug"),
        separator: with
            .get("separator")
            .and_then(Value::as_str)
            .unwrap_or("-")
            .to_owned(),
    }
}

/// The options that `extra` hands on to one of its parts.
fn part(with: &Map<String, Value>, name: &str) -> Map<String, Value> {
    with.get(name)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// Options that are switched on and do nothing here, each with what the
/// pages lack.
fn unread(name: &str, extension: &Extension) -> Vec<Diagnostic> {
    const UNREAD: [(&str, &str, &str); 3] = [
        (
            "pymdownx.highlight",
            "guess_lang",
            "languages are not guessed: name the language of each block",
        ),
        (
            "pymdownx.highlight",
            "noclasses",
            "colours are always classes: give the site a style sheet for them",
        ),
        (
            "pymdownx.snippets",
            "url_download",
            "nothing is fetched: download the file once and include it from the project",
        ),
    ];
    let is_on = |option: &str| {
        let value = extension.options.get(option);
        value.is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
    };
    let found = UNREAD
        .iter()
        .filter(|(owner, option, _)| *owner == name && is_on(option));
    found
        .map(|(_, option, help)| {
            let message = format!("the option `{option}` of `{name}` has no effect");
            Diagnostic::new(Rule::UnsupportedOption, message).help(*help)
        })
        .collect()
}
