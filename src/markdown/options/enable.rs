//! Which options each extension switches on, and diagnostics for those that
//! have no effect.

use serde_json::Value;

use super::Extension;
use super::ExtensionOptions;
use super::names::{EXTRA, KNOWN, LATER, PYMDOWNX_EXTRA, SILENT};
use super::{
    Arithmatex, Critic, CustomFence, Delimiter, Embed, EscapeAll, FancyLists, Footnotes,
    GenericBlockKind, Highlight, Highlighter, IncludeBraces, IncludeMdx, InlineHighlight, Keys,
    Magiclink, MarkdownOptions, PathConverter, ProgressBar, Quotes, Smarty, Snippets, StripHtml,
    Superfences, Symbols, Tabbed, Tasklist, TrulySaneLists, Wikilinks,
};
use crate::diagnostic::{Diagnostic, Rule, Suggestions};
use crate::python::plain;

/// The Python modules in which Material and its successors keep their emoji
/// index, which is built in.
const BUILT_IN_EMOJI: [&str; 3] = [
    "material.extensions.emoji.",
    "materialx.emoji.",
    "zensical.extensions.emoji.",
];

/// A problem with an extension, or with one of its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionProblem {
    /// The extension, as configured.
    pub extension: String,
    /// The option; `None` if the problem is the extension itself.
    pub option: Option<String>,
    /// The message to show.
    pub diagnostic: Diagnostic,
}

impl MarkdownOptions {
    /// The options that the configured extensions switch on, and the problems
    /// among them.
    pub fn new(extensions: &[Extension]) -> (Self, Vec<ExtensionProblem>) {
        let mut options = Self::none();
        let mut faults = Vec::new();
        let suggestions = Suggestions::default();
        for extension in extensions {
            let name = extension.name.as_str();
            let name = name.strip_prefix("markdown.extensions.").unwrap_or(name);
            let with = ExtensionOptions::new(&extension.options);
            if let Some(parts) = parts(name) {
                for (part, key) in parts {
                    let given = with.get(&key).and_then(Value::as_object).cloned();
                    let given = given.unwrap_or_default();
                    let with = ExtensionOptions::new(&given);
                    options.enable(part, &with);
                    let unread = unread(&extension.name, part, &with, &suggestions);
                    faults.extend(unread.into_iter().map(|fault| ExtensionProblem {
                        option: Some(key.clone()),
                        ..fault
                    }));
                }
                faults.extend(unread(&extension.name, name, &with, &suggestions));
            } else if options.enable(name, &with) {
                faults.extend(unread(&extension.name, name, &with, &suggestions));
            } else {
                faults.push(ExtensionProblem {
                    extension: extension.name.clone(),
                    option: None,
                    diagnostic: unavailable(name, &suggestions),
                });
            }
        }
        (options, faults)
    }

    /// Switches an extension on. Returns `false` if it is not supported.
    fn enable(&mut self, name: &str, with: &ExtensionOptions<'_>) -> bool {
        let flag = |key: &str, default: bool| with.flag(key, default);
        match name {
            "admonition" => self.admonition = true,
            "pymdownx.details" => self.details = true,
            "pymdownx.tabbed" => self.tabbed = Some(Tabbed::new(with)),
            "pymdownx.superfences" => {
                self.no_indented_code = flag("disable_indented_code_blocks", false);
                self.superfences = Some(Superfences {
                    custom: CustomFence::all(with.get("custom_fences")),
                    relaxed_headers: flag("relaxed_headers", false),
                    preserve_tabs: flag("preserve_tabs", false),
                });
            }
            "fenced_code" => {
                self.fenced_code = true;
                self.fenced_language_prefix = with.text("lang_prefix", "language-");
            }
            "pymdownx.highlight" => {
                self.highlight = Highlight::new(with);
                self.indented_code.get_or_insert(Highlighter::Highlight);
            }
            "tables" => {
                self.tables = true;
                self.table_align_attribute = flag("use_align_attribute", false);
            }
            "footnotes" => self.footnotes = Some(Footnotes::new(with)),
            "abbr" => {
                self.abbr = true;
                let glossary = with.get("glossary").and_then(Value::as_object);
                let meanings = glossary.into_iter().flatten();
                let meanings =
                    meanings.filter_map(|(name, meaning)| Some((name.clone(), plain(meaning)?)));
                self.glossary.extend(meanings);
            }
            "attr_list" => self.attr_list = true,
            "def_list" => self.def_list = true,
            "md_in_html" => self.md_in_html = true,
            "nl2br" => self.nl2br = true,
            "meta" => self.meta = true,
            "mdx_truly_sane_lists" => {
                let definitions = self.def_list;
                self.truly_sane_lists = Some(TrulySaneLists::new(with, definitions));
            }
            "sane_lists" => self.sane_lists = true,
            "pymdownx.snippets" => self.snippets = Some(Snippets::new(with)),
            "markdown_include.include" | "markdown_include" => {
                let options = Some(IncludeBraces::new(with));
                self.includes.get_or_insert_default().braces = options;
            }
            "mdx_include" | "mdx_include.mdx_include" => {
                let options = Some(IncludeMdx::new(with));
                self.includes.get_or_insert_default().mdx = options;
            }
            "markdown_include_variants" => {
                self.includes.get_or_insert_default().variants = true;
            }
            "pymdownx.tasklist" => self.tasklist = Some(Tasklist::new(with)),
            "pymdownx.emoji" => self.emoji(with),
            "pymdownx.keys" => self.keys = Some(Keys::new(with)),
            "pymdownx.inlinehilite" => self.inlinehilite = Some(InlineHighlight::new(with)),
            "pymdownx.arithmatex" => self.arithmatex = Some(Arithmatex::new(with)),
            "pymdownx.smartsymbols" => self.smartsymbols = Some(Symbols::new(with)),
            "smarty" => self.smarty = Some(Smarty::new(with)),
            "pymdownx.critic" => self.critic = Some(Critic::new(with)),
            "pymdownx.magiclink" => self.magiclink = Some(Magiclink::new(with)),
            "wikilinks" => self.wikilinks = Some(Wikilinks::new(with)),
            "codehilite" => {
                self.codehilite = Some(Highlight::codehilite(with));
                self.indented_code.get_or_insert(Highlighter::Codehilite);
            }
            "pymdownx.progressbar" => self.progressbar = Some(ProgressBar::new(with)),
            "pymdownx.escapeall" => self.escape_all = Some(EscapeAll::new(with)),
            "pymdownx.quotes" => self.quotes = Some(Quotes::new(with)),
            "github-callouts" | "markdown_callouts.github_callouts" => {
                self.github_callouts = true;
            }
            "callouts" | "markdown_callouts" => {
                self.callouts = Some(flag("strip_period", true));
            }
            "pymdownx.fancylists" => {
                self.fancy_lists = Some(FancyLists::new(with));
                self.slash("fancylists", GenericBlockKind::FancyList);
            }
            "pymdownx.saneheaders" => self.sane_headers = true,
            "pymdownx.betterem" => self.betterem(with),
            "legacy_attrs" => self.legacy_attributes = true,
            "pymdownx.pathconverter" => {
                let options = PathConverter::new(with);
                self.postprocess.get_or_insert_default().paths = options;
            }
            "pymdownx.b64" => {
                self.postprocess.get_or_insert_default().embed = Some(Embed::new(with));
            }
            "pymdownx.striphtml" => {
                let options = Some(StripHtml::new(with));
                self.postprocess.get_or_insert_default().strip_html = options;
            }
            "legacy_em" => {
                for delimiter in self.emphasis.iter_mut().filter(|it| it.mark == '_') {
                    delimiter.smart = false;
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
            name => {
                // What such an extension does is always on, whatever its options.
                let options: Vec<&str> = with.unread().0;
                with.pass(&options);
                return SILENT.contains(&name);
            }
        }
        true
    }

    fn emoji(&mut self, with: &ExtensionOptions<'_>) {
        // The site finds custom icons by itself.
        with.pass(&["options"]);
        for option in ["emoji_index", "emoji_generator"] {
            let given = with.given(option).and_then(Value::as_str);
            let is_built_in =
                |name: &str| BUILT_IN_EMOJI.iter().any(|module| name.starts_with(module));
            if given.is_some_and(is_built_in) {
                with.pass(&[option]);
            }
        }
        self.emoji = true;
    }

    fn betterem(&mut self, with: &ExtensionOptions<'_>) {
        let smart = with.text("smart_enable", "underscore");
        for delimiter in &mut self.emphasis {
            let name = if delimiter.mark == '*' {
                "asterisk"
            } else {
                "underscore"
            };
            delimiter.smart = smart == "all" || smart == name;
            delimiter.punctuation = with.flag("punctuation", true);
        }
    }

    /// Adds a mark such as `~` that means one element when doubled and another
    /// when single. Both are given with the option that switches them off.
    fn pair(
        &mut self,
        mark: char,
        double: (&str, &'static str),
        single: (&str, &'static str),
        smart: bool,
        with: &ExtensionOptions<'_>,
    ) {
        let flag = |key: &str, default: bool| with.flag(key, default);
        let tag = |(option, tag): (&str, &'static str)| if flag(option, true) { tag } else { "" };
        let (double, single) = (tag(double), tag(single));
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

/// The extensions that a collection such as `extra` stands for, each with the
/// option that has its own options.
fn parts(name: &str) -> Option<Vec<(&'static str, String)>> {
    let plain = |part: &&'static str| (*part, (*part).to_owned());
    let by_module = |part: &&'static str| {
        if part.starts_with("pymdownx.") {
            plain(part)
        } else {
            (*part, format!("markdown.extensions.{part}"))
        }
    };
    match name {
        "extra" => Some(EXTRA.iter().map(plain).collect()),
        "pymdownx.extra" => Some(PYMDOWNX_EXTRA.iter().map(by_module).collect()),
        _ => None,
    }
}

/// Says that an extension is not supported.
fn unavailable(name: &str, suggestions: &Suggestions) -> Diagnostic {
    const WITHOUT: &str = "pages are rendered without it";
    if LATER.contains(&name) {
        let message = format!("the Markdown extension `{name}` is not supported yet");
        return Diagnostic::new(Rule::UnsupportedExtension, message).help(WITHOUT);
    }
    let message = format!("the Markdown extension `{name}` is not known");
    let diagnostic = Diagnostic::new(Rule::UnknownExtension, message);
    let names = KNOWN.iter().chain(LATER).chain(&SILENT).copied();
    match suggestions.suggest(name, names) {
        Some(near) => diagnostic.did_you_mean(name, &near),
        None => diagnostic.help(WITHOUT),
    }
}

/// A fault for each option of an extension that nothing reads.
fn unread(
    extension: &str,
    name: &str,
    with: &ExtensionOptions<'_>,
    suggestions: &Suggestions,
) -> Vec<ExtensionProblem> {
    /// Options that do something in the reference: extension, option, help.
    const UNSUPPORTED: [(&str, &str, &str); 3] = [
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
    let fault = |option: &str| {
        let message = format!("the option `{option}` of `{name}` has no effect");
        let diagnostic = Diagnostic::new(Rule::UnsupportedOption, message);
        let unsupported = UNSUPPORTED.iter().find(|it| (it.0, it.1) == (name, option));
        let is_off = || matches!(with.given(option), Some(Value::Null | Value::Bool(false)));
        let diagnostic = match unsupported {
            Some(_) if is_off() => return None,
            Some((_, _, help)) => diagnostic.help(*help),
            None => match suggestions.suggest(option, asked.iter().map(String::as_str)) {
                Some(near) => diagnostic.did_you_mean(option, &near),
                None => diagnostic.help("pages are rendered without it"),
            },
        };
        Some(ExtensionProblem {
            extension: extension.to_owned(),
            option: Some(option.to_owned()),
            diagnostic,
        })
    };
    unread.into_iter().filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Extension, ExtensionProblem, KNOWN, LATER, MarkdownOptions, SILENT};

    /// The options that faults are about, with their help.
    fn faults(name: &str, options: Value) -> Vec<(String, String)> {
        let extension = Extension {
            name: name.to_owned(),
            options: options.as_object().cloned().unwrap_or_default(),
        };
        let (_, faults) = MarkdownOptions::new(&[extension]);
        let fault = |it: ExtensionProblem| {
            let help = it.diagnostic.help.unwrap_or_default();
            (it.option.unwrap_or_default(), help)
        };
        faults.into_iter().map(fault).collect()
    }

    #[test]
    fn options_that_nothing_reads_are_reported() {
        let of = |option: &str, help: &str| (option.to_owned(), help.to_owned());
        assert_eq!(
            faults(
                "toc",
                json!({"permalink": true, "permalnk_class": "x", "wombat": 1})
            ),
            [
                of("permalnk_class", "did you mean `permalink_class`?"),
                of("wombat", "pages are rendered without it"),
            ]
        );
        assert_eq!(
            faults("pymdownx.highlight", json!({"guess_lang": false})),
            []
        );
        let guesses = faults("pymdownx.highlight", json!({"guess_lang": true}));
        assert!(guesses[0].1.starts_with("languages are not guessed"));
        let arithmatex = faults(
            "pymdownx.arithmatex",
            json!({"generic": true, "smart_dollars": false}),
        );
        assert_eq!(arithmatex.len(), 1, "{arithmatex:?}");
        assert_eq!(
            faults(
                "pymdownx.extra",
                json!({"markdown.extensions.tables": {"use_align_attributes": true}, "tables": {}})
            ),
            [
                of(
                    "markdown.extensions.tables",
                    "did you mean `use_align_attribute`?"
                ),
                of("tables", "pages are rendered without it"),
            ]
        );
    }

    #[test]
    fn every_known_extension_can_be_enabled() {
        for name in KNOWN.iter().chain(&SILENT) {
            assert_eq!(faults(name, json!({})), [], "{name}");
        }
        for name in LATER {
            assert_eq!(faults(name, json!({})).len(), 1, "{name}");
        }
    }

    #[test]
    fn every_name_that_does_something_is_suggested() {
        for (written, meant) in [("extr", "extra"), ("legacy_em_", "legacy_em")] {
            let help = format!("did you mean `{meant}`?");
            assert_eq!(faults(written, json!({})), [(String::new(), help)]);
        }
    }

    #[test]
    fn options_that_are_always_on_are_not_reported() {
        let emoji = json!({
            "emoji_index": "material.extensions.emoji.twemoji",
            "emoji_generator": "material.extensions.emoji.to_svg",
            "options": {"custom_icons": ["icons"]},
        });
        assert_eq!(faults("pymdownx.emoji", emoji), []);
        let other = json!({"emoji_index": "pymdownx.emoji.gemoji"});
        assert_eq!(faults("pymdownx.emoji", other).len(), 1);
        assert_eq!(
            faults("pymdownx.snippets", json!({"check_paths": true})),
            []
        );
    }
}
