//! All rules of diagnostics.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Severity;

/// Whether a rule is one of MkDocs or its plugins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOrigin {
    /// MkDocs warns of it or refuses the site, or it is about settings that only
    /// proofroom has.
    MkDocs,
    /// MkDocs builds such a site without a word. Under an `mkdocs.yml` a warning
    /// of this rule is a note, so that a site that passes `mkdocs build --strict`
    /// passes here too.
    Own,
}

/// Generates the rules from a table, which is sorted by name.
macro_rules! rules {
    ($($rule:ident: $severity:ident, $origin:ident, $name:literal, $summary:literal;)*) => {
        /// What a diagnostic is about. `docs/reference/diagnostics.md` explains
        /// what to do about each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $summary] $rule,)*
        }

        impl Rule {
            /// All rules, sorted by name.
            pub const ALL: &[Self] = &[$(Self::$rule,)*];

            /// Its stable name in kebab case, such as `missing-page`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// Its default severity.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$rule => Severity::$severity,)*
                }
            }

            /// Whether MkDocs has it too.
            pub fn origin(self) -> RuleOrigin {
                match self {
                    $(Self::$rule => RuleOrigin::$origin,)*
                }
            }

            /// A summary in one line.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$rule => $summary,)*
                }
            }
        }
    };
}

rules! {
    AbsoluteLink: Note, MkDocs, "absolute-link", "a link starts at the server's root and is left as written";
    AbsoluteNavLink: Note, MkDocs, "absolute-nav-link", "`nav` links to an absolute path, which is left as written";
    AmbiguousReference: Warning, MkDocs, "ambiguous-reference", "several places have the name that a cross reference of `autorefs` looks for";
    BadCard: Warning, MkDocs, "bad-card", "a social card cannot be made as its layout asks for: the layout, an image or an icon does not exist, or a value in it is not what it must be";
    BadFeed: Warning, MkDocs, "bad-feed", "feeds cannot be made as they are asked for: the site has no `site_url`, or a time zone or format is not known";
    BadFrontMatter: Warning, Own, "bad-front-matter", "the YAML front matter of a page cannot be parsed, and is shown as text";
    BadGlossary: Warning, MkDocs, "bad-glossary", "the glossary of a language cannot be read, or has an entry of the wrong type";
    BadInclude: Error, MkDocs, "bad-include", "an `include-markdown` directive whose file does not exist or includes itself, or whose delimiters are not found";
    BadLanguage: Error, MkDocs, "bad-language", "the table `[languages]` or the plugin `i18n` names no language, names one twice, or has a value of the wrong type";
    BadPost: Error, MkDocs, "bad-post", "a post of a blog has no date, has an author or category that is not known, or lacks the end of its excerpt";
    BadRedirect: Warning, MkDocs, "bad-redirect", "an entry of `redirect_maps` whose source is not a Markdown file, or whose target is not a page";
    BadToml: Error, MkDocs, "bad-toml", "a TOML file cannot be parsed";
    BadValue: Error, MkDocs, "bad-value", "a value is not of the type that its key takes";
    BadYaml: Error, MkDocs, "bad-yaml", "a YAML file cannot be parsed";
    ChangedMark: Warning, Own, "changed-mark", "an address, code, icon, number or other mark that is another one in a translation than in its source";
    DamagedMark: Warning, Own, "damaged-mark", "markup that a translation or an editor has damaged, such as a full-width `＃` or a snippet without its quotes";
    DeadLink: Warning, Own, "dead-link", "a link to another site that leads nowhere";
    DeepNav: Warning, Own, "deep-nav", "sections of the nav are nested more than 110 levels deep";
    DuplicateId: Warning, Own, "duplicate-id", "an id that is on a page more than once";
    DuplicateKey: Warning, Own, "duplicate-key", "the same key occurs twice in one mapping, and only one of them counts";
    ExcludedPage: Note, MkDocs, "excluded-page", "a link or the nav leads to a file that `exclude_docs` or `draft_docs` excludes from the site";
    FailedDownload: Warning, MkDocs, "failed-download", "a file of another site could not be downloaded, and is named by its own address";
    ForeignAsset: Note, MkDocs, "foreign-asset", "a file of another site that the plugin `privacy` has not downloaded, so that browsers ask for it there";
    GlossaryTerm: Warning, Own, "glossary-term", "a passage that translates a term otherwise than the glossary of its language";
    InsecureLink: Note, Own, "insecure-link", "a link to another site that is not encrypted";
    LostAddress: Warning, MkDocs, "lost-address", "a page that the base of `check --since` or of a review has, whose address is gone without a redirect";
    LostAnchor: Warning, MkDocs, "lost-anchor", "an anchor that a page has at the base of `check --since` or of a review, and no longer";
    LostMark: Warning, Own, "lost-mark", "a link, code, icon, number or other mark of the source that a translation lacks";
    LostPassage: Warning, Own, "lost-passage", "an admonition or a numbered step of the source that a translation lacks";
    MacroError: Warning, MkDocs, "macro-error", "Jinja in a page that cannot be rendered";
    MissingAddress: Note, Own, "missing-address", "a link to the whole address of a page of the site itself, which it does not have";
    MissingAlt: Note, Own, "missing-alt", "an image without a text for those who do not see it";
    MissingAnchor: Note, MkDocs, "missing-anchor", "a link names an anchor that the page does not have";
    MissingAsset: Note, Own, "missing-asset", "a logo, favicon, style sheet or script of the configuration is not in the site";
    MissingConfig: Error, MkDocs, "missing-config", "the specified configuration file does not exist";
    MissingCustomDir: Error, MkDocs, "missing-custom-dir", "the folder of the site's own templates does not exist";
    MissingDocsDir: Error, MkDocs, "missing-docs-dir", "the docs folder does not exist";
    MissingEnvFile: Warning, MkDocs, "missing-env-file", "the file with a language's variables cannot be read";
    MissingFont: Note, Own, "missing-font", "a font of a social card is not on this machine, or has not all characters of its text";
    MissingFootnote: Warning, Own, "missing-footnote", "a footnote is referenced but not defined, or its definition is not at the start of a line";
    MissingIcon: Warning, MkDocs, "missing-icon", "a setting or the front matter of a page names an icon that does not exist";
    MissingNavPage: Warning, MkDocs, "missing-nav-page", "the nav names a page that does not exist";
    MissingPage: Warning, MkDocs, "missing-page", "a link names a file that does not exist";
    MissingReference: Warning, MkDocs, "missing-reference", "nothing has the name that a cross reference of `autorefs` looks for, and it is left as written";
    MissingSiteName: Error, MkDocs, "missing-site-name", "a `mkdocs.yml` without `site_name`, which MkDocs requires";
    MissingSnippet: Warning, Own, "missing-snippet", "the file of a snippet, or the requested section of it, does not exist";
    MissingTemplate: Error, MkDocs, "missing-template", "a template that is used or configured does not exist";
    MissingTheme: Error, MkDocs, "missing-theme", "there is no theme at `--theme-path` or `theme.path`";
    More: Note, MkDocs, "more", "a file has more than a hundred problems; the rest are counted";
    MoreProblems: Warning, Own, "more-problems", "a page has more problems than a tab can show; the rest are counted";
    MovedLink: Note, Own, "moved-link", "a link to another site whose address has changed for good";
    NamelessLink: Note, Own, "nameless-link", "a link or button without a name that can be read aloud";
    NestedFolders: Error, MkDocs, "nested-folders", "the site would be built into its own sources, or its sources are inside the site";
    NoHistory: Note, Own, "no-history", "a plugin shows dates or authors from git, but the docs folder has no history there";
    NotUtf8: Error, MkDocs, "not-utf8", "a page or configuration file is not UTF-8";
    OmittedPage: Note, MkDocs, "omitted-page", "a page that is not in `nav`";
    OutputConflict: Error, MkDocs, "output-conflict", "two outputs need the same path, such as `sitemap.xml.md` and the site map";
    RaggedTable: Note, Own, "ragged-table", "a row of a table has more cells than its head, and the rest is lost";
    RedirectedPage: Warning, Own, "redirected-page", "a redirect from a page that exists, which it replaces";
    RefusedEditor: Note, Own, "refused-editor", "`serve` cannot open files with the editor in `VISUAL` or `EDITOR`";
    RefusedLink: Warning, Own, "refused-link", "a symbolic link is not followed, because it leads out of the repository, to something hidden or ignored by git, or back to a folder that contains it";
    RefusedName: Warning, Own, "refused-name", "names in a theme's archive lead out of it or are not UTF-8";
    RemoteSnippet: Warning, Own, "remote-snippet", "a snippet would have to be downloaded, and is left out";
    SeveralConfigs: Note, Own, "several-configs", "several configuration files are side by side, and only one of them is read";
    ShadowedPage: Warning, MkDocs, "shadowed-page", "`README.md` and `index.md` are in the same folder, and only the latter becomes its page";
    SkippedLevel: Note, Own, "skipped-level", "a heading that is more than one level below the one before it";
    TemplateError: Error, MkDocs, "template-error", "a template fails while it is rendered, for example because of an unknown filter";
    TemplateLimit: Error, MkDocs, "template-limit", "a template does more work than any page should need, produces more than 64 MB, or includes or calls itself";
    TemplateSyntax: Error, MkDocs, "template-syntax", "a template cannot be parsed";
    TemplateTooDeep: Error, MkDocs, "template-too-deep", "a tag is a chain of more than 300 steps, or more than 300 `elif` follow each other";
    ThemeExtends: Warning, Own, "theme-extends", "a theme package extends another theme, which is not loaded";
    TooMuch: Error, Own, "too-much", "a file or page exceeds a limit of size or depth";
    UncheckedLink: Note, Own, "unchecked-link", "a link to another site of which nobody can tell from here whether it leads anywhere";
    UnclosedBlock: Warning, Own, "unclosed-block", "code, front matter or an element with Markdown in it that has no end";
    UnindentedText: Warning, Own, "unindented-text", "the text of an admonition or a tab is not indented, so it is not in it";
    UnknownExtension: Warning, MkDocs, "unknown-extension", "a Markdown extension that proofroom does not know";
    UnknownIcon: Note, Own, "unknown-icon", "a shortcode for an icon that its icon pack does not have";
    UnknownKey: Warning, MkDocs, "unknown-key", "an unknown key, which is ignored";
    UnknownLanguage: Note, Own, "unknown-language", "code in a language without a grammar";
    UnknownPlugin: Warning, MkDocs, "unknown-plugin", "a plugin that proofroom does not know";
    UnknownTag: Warning, MkDocs, "unknown-tag", "a YAML tag (`!name`) that is not supported";
    UnknownType: Note, Own, "unknown-type", "an admonition, a block of slashes or a `status` whose type is likely misspelled";
    UnreadHistory: Warning, Own, "unread-history", "a plugin shows dates or authors from git, which took too long or would have blocked on a pipe";
    Unreadable: Error, MkDocs, "unreadable", "a file or folder cannot be read, is a pipe, socket or device, is a broken link, or has a name that is not UTF-8";
    UnrecognizedLink: Note, MkDocs, "unrecognized-link", "a relative link that names neither a page nor a file, and is left as written";
    UnsupportedExtension: Note, Own, "unsupported-extension", "a Markdown extension that is known but not implemented";
    UnsupportedHook: Warning, Own, "unsupported-hook", "`hooks` names Python code, which is not run";
    UnsupportedOption: Note, MkDocs, "unsupported-option", "an option of a plugin or extension that has no effect here";
    UnsupportedPlugin: Warning, Own, "unsupported-plugin", "a plugin that proofroom knows but does not implement";
    UnsupportedValue: Warning, Own, "unsupported-value", "a value that MkDocs supports has no effect here, or only a similar one";
    UnusedFootnote: Note, Own, "unused-footnote", "a footnote that nothing refers to";
    UnusedReference: Note, Own, "unused-reference", "a definition of a link that nothing refers to";
    VanishedPassage: Error, Own, "vanished-passage", "an admonition or a numbered step of the source that is surely not in a translation";
    WithheldPage: Error, Own, "withheld-page", "a page that a plugin would keep from readers, or show to some of them only";
}

impl Rule {
    /// The rule with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|rule| rule.name() == name).copied()
    }

    /// Whether a site asks for the rule by what else it sets up, so that it is the same under
    /// an `mkdocs.yml`: an error, unless `[check] rules` says otherwise. It keeps a site from
    /// being written only with `--strict`: what was added to a source is missing from all its
    /// translations until somebody translates it, and must be published all the same.
    pub fn is_asked_for(self) -> bool {
        matches!(self, Self::VanishedPassage)
    }

    /// Whether it is about something that a site asks for and does not get.
    pub fn is_loss(self) -> bool {
        matches!(
            self,
            Self::BadFrontMatter
                | Self::MissingFont
                | Self::MissingSnippet
                | Self::RedirectedPage
                | Self::RefusedLink
                | Self::RemoteSnippet
                | Self::UnsupportedExtension
                | Self::UnsupportedHook
                | Self::UnsupportedPlugin
                | Self::UnsupportedValue
                | Self::WithheldPage
        )
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Diagnostics at the same place are sorted by rule.
    #[test]
    fn rules_are_sorted_by_name_and_unique() {
        let names = Rule::ALL.iter().map(|rule| rule.name());
        assert!(names.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn the_reference_lists_every_rule_and_no_other() {
        let page = include_str!("../../docs/reference/diagnostics.md");
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
        let rows = rows.map(|row| {
            let mut cells = row.split(" | ");
            let mut cell = || {
                cells
                    .next()
                    .expect("a rule, its severity, meaning and advice")
            };
            let (name, severity, meaning, advice) = (cell(), cell(), cell(), cell());
            assert!(!advice.is_empty(), "{name} has no advice");
            (name.trim_end_matches('`'), severity, meaning)
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable();
        let names: Vec<&str> = rows.iter().map(|row| row.0).collect();
        let all: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(names, all);
        for (rule, (name, severity, meaning)) in Rule::ALL.iter().zip(rows) {
            let word = match rule.severity() {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            };
            let first = severity.split([',', ';']).next();
            assert_eq!(first, Some(word), "{name}");
            assert!(meaning.starts_with(rule.summary()), "{name}: {meaning}");
        }
    }
}
