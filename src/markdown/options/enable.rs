use serde_json::{Map, Value};

use super::Extension;
use super::With;
use super::names::{EXTRA, KNOWN, LATER, PYMDOWNX_EXTRA, SILENT};
use super::slugify::Slugify;
use super::{
    Arithmatex, Critic, CustomFence, Delimiter, EscapeAll, FancyLists, Footnotes, Highlight,
    InlineHighlight, Magiclink, Options, ProgressBar, Quotes, SlashKind, Smarty, Snippets,
    Superfences, Symbols, Tabbed, Tasklist, Wikilinks,
};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::html::unescape;

/// Where Material and its successors keep the index of emoji that is built in.
const OWN_EMOJI: [&str; 3] = [
    "material.extensions.emoji.",
    "materialx.emoji.",
    "zensical.extensions.emoji.",
];

/// What is wrong with an extension, or with one option of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionFault {
    /// The extension, as configured.
    pub extension: String,
    /// The option.
    pub option: Option<String>,
    /// What there is to say.
    pub diagnostic: Diagnostic,
}

impl Options {
    /// From the configured extensions, with what is wrong among them.
    pub fn new(extensions: &[Extension]) -> (Self, Vec<OptionFault>) {
        let mut options = Self::none();
        let mut faults = Vec::new();
        let suggestions = Suggestions::default();
        for extension in extensions {
            let name = extension.name.as_str();
            let name = name.strip_prefix("markdown.extensions.").unwrap_or(name);
            let with = With::new(&extension.options);
            if options.enable(name, &with) {
                faults.extend(unread(&extension.name, name, &with, &suggestions));
                continue;
            }
            let later = LATER.contains(&name);
            let message = if later {
                format!("the Markdown extension `{name}` is not supported yet")
            } else {
                format!("the Markdown extension `{name}` is not known")
            };
            let diagnostic = if later {
                Diagnostic::new(Rule::UnsupportedExtension, message)
            } else {
                Diagnostic::new(Rule::UnknownExtension, message)
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
            faults.push(OptionFault {
                extension: extension.name.clone(),
                option: None,
                diagnostic,
            });
        }
        (options, faults)
    }

    fn enable(&mut self, name: &str, with: &With<'_>) -> bool {
        let text = |key: &str, default: &str| with.text(key, default);
        let flag = |key: &str, default: bool| with.flag(key, default);
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
                // Missing snippets are always named, and texts are UTF-8.
                with.pass(&["check_paths", "encoding", "restrict_base_path"]);
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
            "pymdownx.emoji" => {
                // The icons of the site are found where its files are; the
                // others are those of Material's own index.
                with.pass(&["options"]);
                for option in ["emoji_index", "emoji_generator"] {
                    let given = with.given(option).and_then(Value::as_str);
                    if given.is_some_and(|name| OWN_EMOJI.iter().any(|own| name.starts_with(own))) {
                        with.pass(&[option]);
                    }
                }
                self.emoji = true;
            }
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
                self.enable(name, &With::new(&part(with, name)));
            }),
            "pymdownx.extra" => PYMDOWNX_EXTRA.iter().for_each(|name| {
                self.enable(name, &With::new(&part(with, name)));
            }),
            name => {
                // What it does is done anyway, whatever it is told.
                let options: Vec<&str> = with.unread().0;
                with.pass(&options);
                return SILENT.contains(&name);
            }
        }
        true
    }

    fn pair(
        &mut self,
        mark: char,
        two: (&str, &'static str),
        one: (&str, &'static str),
        smart: bool,
        with: &With<'_>,
    ) {
        let flag = |key: &str, default: bool| with.flag(key, default);
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

pub(super) fn tabbed(with: &With<'_>) -> Tabbed {
    let flag = |key: &str| with.flag(key, false);
    Tabbed {
        alternate: flag("alternate_style"),
        slugify: Slugify::of(with.get("slugify")),
        combine_header_slug: flag("combine_header_slug"),
        separator: with.text("separator", "-"),
    }
}

/// The options that `extra` hands on to one of its parts.
fn part(with: &With<'_>, name: &str) -> Map<String, Value> {
    with.get(name)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
}

/// What is given for an extension and read by nothing, each with what the
/// pages lack.
fn unread(
    extension: &str,
    name: &str,
    with: &With<'_>,
    suggestions: &Suggestions,
) -> Vec<OptionFault> {
    const LACKS: [(&str, &str, &str); 3] = [
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
    let (unread, asked) = with.unread();
    let say = |option: &str| {
        let message = format!("the option `{option}` of `{name}` has no effect");
        let note = Diagnostic::new(Rule::UnsupportedOption, message);
        let lacks = LACKS.iter().find(|it| (it.0, it.1) == (name, option));
        let is_off = || matches!(with.given(option), Some(Value::Null | Value::Bool(false)));
        let note = match lacks {
            Some(_) if is_off() => return None,
            Some((_, _, help)) => note.help(*help),
            None => match suggestions.suggest(option, asked.iter().map(String::as_str)) {
                Some(near) => note.did_you_mean(option, &near),
                None => note.help("pages are rendered without it"),
            },
        };
        Some(OptionFault {
            extension: extension.to_owned(),
            option: Some(option.to_owned()),
            diagnostic: note,
        })
    };
    unread.into_iter().filter_map(say).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Extension, OptionFault, Options};

    /// What is said of options, by name and help.
    fn said(name: &str, options: Value) -> Vec<(String, String)> {
        let extension = Extension {
            name: name.to_owned(),
            options: options.as_object().cloned().unwrap_or_default(),
        };
        let (_, faults) = Options::new(&[extension]);
        let fault = |it: OptionFault| {
            let help = it.diagnostic.help.unwrap_or_default();
            (it.option.unwrap_or_default(), help)
        };
        faults.into_iter().map(fault).collect()
    }

    #[test]
    fn an_option_that_nothing_reads_is_named() {
        let of = |option: &str, help: &str| (option.to_owned(), help.to_owned());
        assert_eq!(
            said(
                "toc",
                json!({"permalink": true, "permalnk_class": "x", "wombat": 1})
            ),
            [
                of("permalnk_class", "did you mean `permalink_class`?"),
                of("wombat", "pages are rendered without it"),
            ]
        );
        assert_eq!(said("pymdownx.highlight", json!({"guess_lang": false})), []);
        let guesses = said("pymdownx.highlight", json!({"guess_lang": true}));
        assert!(guesses[0].1.starts_with("languages are not guessed"));
        let arithmatex = said(
            "pymdownx.arithmatex",
            json!({"generic": true, "smart_dollar": false}),
        );
        assert_eq!(arithmatex.len(), 1, "{arithmatex:?}");
    }

    #[test]
    fn what_is_done_anyway_is_not_named() {
        let emoji = json!({
            "emoji_index": "material.extensions.emoji.twemoji",
            "emoji_generator": "material.extensions.emoji.to_svg",
            "options": {"custom_icons": ["icons"]},
        });
        assert_eq!(said("pymdownx.emoji", emoji), []);
        let other = json!({"emoji_index": "pymdownx.emoji.gemoji"});
        assert_eq!(said("pymdownx.emoji", other).len(), 1);
        assert_eq!(said("pymdownx.snippets", json!({"check_paths": true})), []);
    }
}
