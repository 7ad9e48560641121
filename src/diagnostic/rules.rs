//! All rules of diagnostics.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Severity;

/// Generates the rules from a table, which is sorted by name.
macro_rules! rules {
    ($($rule:ident: $severity:ident, $name:literal, $summary:literal;)*) => {
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
    AbsoluteLink: Note, "absolute-link", "a link starts at the server's root and is left as written";
    AbsoluteNavLink: Note, "absolute-nav-link", "`nav` links to an absolute path, which is left as written";
    BadFrontMatter: Warning, "bad-front-matter", "the YAML front matter of a page cannot be parsed, and is shown as text";
    BadInclude: Error, "bad-include", "an `include-markdown` directive whose file does not exist or includes itself, or whose delimiters are not found";
    BadLanguage: Error, "bad-language", "the table `[languages]` or the plugin `i18n` names no language, names one twice, or has a value of the wrong type";
    BadRedirect: Warning, "bad-redirect", "an entry of `redirect_maps` whose source is not a Markdown file, or whose target is not a page";
    BadToml: Error, "bad-toml", "a TOML file cannot be parsed";
    BadValue: Error, "bad-value", "a value is not of the type that its key takes";
    BadYaml: Error, "bad-yaml", "a YAML file cannot be parsed";
    DamagedMark: Warning, "damaged-mark", "markup that a translation or an editor has damaged, such as a full-width `＃` or a snippet without its quotes";
    DeepNav: Warning, "deep-nav", "sections of the nav are nested more than 110 levels deep";
    DuplicateKey: Warning, "duplicate-key", "the same key occurs twice in one mapping, and only one of them counts";
    ExcludedPage: Note, "excluded-page", "a link or the nav leads to a file that `exclude_docs` or `draft_docs` excludes from the site";
    MacroError: Warning, "macro-error", "Jinja in a page that cannot be rendered";
    MissingAnchor: Note, "missing-anchor", "a link names an anchor that the page does not have";
    MissingAsset: Note, "missing-asset", "a logo, favicon, style sheet or script of the configuration is not in the site";
    MissingConfig: Error, "missing-config", "the specified configuration file does not exist";
    MissingCustomDir: Error, "missing-custom-dir", "the folder of the site's own templates does not exist";
    MissingDocsDir: Error, "missing-docs-dir", "the docs folder does not exist";
    MissingEnvFile: Warning, "missing-env-file", "the file with a language's variables cannot be read";
    MissingFootnote: Warning, "missing-footnote", "a footnote is referenced but not defined, or its definition is not at the start of a line";
    MissingNavPage: Warning, "missing-nav-page", "the nav names a page that does not exist";
    MissingPage: Warning, "missing-page", "a link names a file that does not exist";
    MissingSiteName: Error, "missing-site-name", "a `mkdocs.yml` without `site_name`, which MkDocs requires";
    MissingSnippet: Warning, "missing-snippet", "the file of a snippet, or the requested section of it, does not exist";
    MissingTemplate: Error, "missing-template", "a template that is used or configured does not exist";
    MissingTheme: Error, "missing-theme", "there is no theme at `--theme-path` or `theme.path`";
    More: Note, "more", "a file has more than a hundred problems; the rest are counted";
    MoreProblems: Warning, "more-problems", "a page has more problems than a tab can show; the rest are counted";
    NestedFolders: Error, "nested-folders", "the site would be built into its own sources, or its sources are inside the site";
    NoHistory: Note, "no-history", "a plugin shows dates or authors from git, but the docs folder has no history there";
    NotUtf8: Error, "not-utf8", "a page or configuration file is not UTF-8";
    OmittedPage: Note, "omitted-page", "a page that is not in `nav`";
    OutputConflict: Error, "output-conflict", "two outputs need the same path, such as `sitemap.xml.md` and the site map";
    RefusedEditor: Note, "refused-editor", "`serve` cannot open files with the editor in `VISUAL` or `EDITOR`";
    RefusedLink: Warning, "refused-link", "a symbolic link is not followed, because it leads out of the repository, to something hidden or ignored by git, or back to a folder that contains it";
    RefusedName: Warning, "refused-name", "names in a theme's archive lead out of it or are not UTF-8";
    RemoteSnippet: Warning, "remote-snippet", "a snippet would have to be downloaded, and is left out";
    ShadowedPage: Warning, "shadowed-page", "`README.md` and `index.md` are in the same folder, and only the latter becomes its page";
    TemplateError: Error, "template-error", "a template fails while it is rendered, for example because of an unknown filter";
    TemplateLimit: Error, "template-limit", "a template does more work than any page should need, produces more than 64 MB, or includes or calls itself";
    TemplateSyntax: Error, "template-syntax", "a template cannot be parsed";
    TemplateTooDeep: Error, "template-too-deep", "a tag is a chain of more than 300 steps, or more than 300 `elif` follow each other";
    ThemeExtends: Warning, "theme-extends", "a theme package extends another theme, which is not loaded";
    TooMuch: Error, "too-much", "a file or page exceeds a limit of size or depth";
    UnknownExtension: Warning, "unknown-extension", "a Markdown extension that proofroom does not know";
    UnknownIcon: Note, "unknown-icon", "a shortcode for an icon that its icon pack does not have";
    UnknownKey: Warning, "unknown-key", "an unknown key, which is ignored";
    UnknownLanguage: Note, "unknown-language", "code in a language without a grammar";
    UnknownTag: Warning, "unknown-tag", "a YAML tag (`!name`) that is not supported";
    UnreadHistory: Warning, "unread-history", "a plugin shows dates or authors from git, which took too long or would have blocked on a pipe";
    Unreadable: Error, "unreadable", "a file or folder cannot be read, is a pipe, socket or device, is a broken link, or has a name that is not UTF-8";
    UnrecognizedLink: Note, "unrecognized-link", "a relative link that names neither a page nor a file, and is left as written";
    UnsupportedExtension: Note, "unsupported-extension", "a Markdown extension that is known but not implemented";
    UnsupportedHook: Warning, "unsupported-hook", "`hooks` names Python code, which is not run";
    UnsupportedOption: Note, "unsupported-option", "an option of a plugin or extension that has no effect here";
    UnsupportedPlugin: Warning, "unsupported-plugin", "a plugin that proofroom does not know or does not implement";
    UnsupportedValue: Warning, "unsupported-value", "a value that MkDocs supports has no effect here, or only a similar one";
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
