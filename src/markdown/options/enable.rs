//! Which options each extension switches on.

use serde_json::Value;

use super::missing::missing;
use super::names::{EXTRA, PYMDOWNX_EXTRA, SILENT};
use super::report::{ExtensionProblem, unavailable, unread};
use super::{
    Arithmatex, Critic, CustomFence, Delimiter, Embed, EmojiStyle, EscapeAll, Extension,
    ExtensionOptions, FancyLists, Footnotes, GenericBlockKind, Highlight, Highlighter,
    IncludeBraces, IncludeMdx, InlineHighlight, Keys, Magiclink, Mark, MarkdownOptions,
    MissingConstruct, PathConverter, Preview, PreviewDialect, ProgressBar, Quotes, ScriptMath,
    Smarty, Snippets, StripHtml, Superfences, Symbols, Tabbed, Tasklist, TrulySaneLists, Wikilinks,
};
use crate::diagnostic::{Suggestions, missing_extension};
use crate::python::plain;

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
                options.count_places(name);
            }
        }
        (options, faults)
    }

    /// Has the places counted that only an extension could read.
    fn count_places(&mut self, name: &str) {
        if let Some(row) = missing(name)
            && row.mark != Mark::Unrecognizable
        {
            self.missing.push(MissingConstruct {
                reader: format!("the extension `{name}`"),
                cause: missing_extension(name),
                is_plugin: false,
                mark: row.mark,
            });
        }
    }

    /// Switches an extension on. Returns `false` if it is not supported.
    pub(super) fn enable(&mut self, name: &str, with: &ExtensionOptions<'_>) -> bool {
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
                    class: with.text("css_class", ""),
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
            "pymdownx.emoji" => self.emoji = Some(EmojiStyle::new(with)),
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
            "pymdownx.bracketspan" => self.bracket_spans = true,
            "mdx_math" => self.script_math = Some(ScriptMath::new(with)),
            "material.extensions.preview" => {
                let previews = Preview::all(with, PreviewDialect::Material);
                self.previews.extend(previews);
            }
            "zensical.extensions.preview" => {
                let previews = Preview::all(with, PreviewDialect::Zensical);
                self.previews.extend(previews);
            }
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
