//! Every rule that a diagnostic can be of.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Severity;

/// Makes the rules out of their table, in the order of their names.
macro_rules! rules {
    ($($rule:ident: $severity:ident, $name:literal, $summary:literal;)*) => {
        /// What a diagnostic is about. `docs/reference/diagnostics.md` says what
        /// to do about each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $summary] $rule,)*
        }

        impl Rule {
            /// All of them, sorted by name.
            pub const ALL: &[Self] = &[$(Self::$rule,)*];

            /// Its stable name in kebab-case, such as `missing-page`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)*
                }
            }

            /// How much it matters, where nothing says otherwise.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$rule => Severity::$severity,)*
                }
            }

            /// What it means, in one line.
            pub fn summary(self) -> &'static str {
                match self {
                    $(Self::$rule => $summary,)*
                }
            }
        }
    };
}

rules! {
    AbsoluteLink: Note, "absolute-link", "a link begins at the server's root and is left as written";
    AbsoluteNavLink: Note, "absolute-nav-link", "`nav` links to an absolute path, which is left as written";
    BadFrontMatter: Error, "bad-front-matter", "the YAML at the head of a page cannot be read";
    BadInclude: Error, "bad-include", "an `include-markdown` directive whose file is not there, includes itself, or lacks the asked delimiters";
    BadLanguage: Error, "bad-language", "the table `[languages]`, or the plugin `i18n`, names no language or one twice, or a value of the wrong kind";
    BadRedirect: Warning, "bad-redirect", "an entry of `redirect_maps` that begins at no Markdown file or leads to no page";
    BadToml: Error, "bad-toml", "a TOML file cannot be read";
    BadValue: Error, "bad-value", "a value is not of the kind that its key takes";
    BadYaml: Error, "bad-yaml", "a YAML file cannot be read";
    DamagedMark: Warning, "damaged-mark", "a mark that a translation or an editor has changed, such as a full-width `＃` or a snippet without its quotes";
    DeepNav: Warning, "deep-nav", "the nav has more than 110 sections within each other";
    DuplicateKey: Warning, "duplicate-key", "the same key stands twice in one mapping, and only one of them counts";
    MacroError: Warning, "macro-error", "Jinja in a page that cannot be run";
    MissingAnchor: Note, "missing-anchor", "a link names an anchor that its page does not have";
    MissingConfig: Error, "missing-config", "the configuration file that was asked for does not exist";
    MissingCustomDir: Error, "missing-custom-dir", "the folder of the site's own templates does not exist";
    MissingDocsDir: Error, "missing-docs-dir", "the folder of pages does not exist";
    MissingEnvFile: Warning, "missing-env-file", "the file of a language's variables cannot be read";
    MissingFootnote: Warning, "missing-footnote", "a footnote is referred to and not defined, or its definition does not begin a line";
    MissingNavPage: Warning, "missing-nav-page", "a nav names a page that does not exist";
    MissingPage: Warning, "missing-page", "a link names a file that does not exist";
    MissingSiteName: Error, "missing-site-name", "a `mkdocs.yml` without `site_name`, which MkDocs requires";
    MissingSnippet: Warning, "missing-snippet", "a snippet's file, or the section that is asked of it, does not exist";
    MissingTemplate: Error, "missing-template", "a template that is wanted does not exist";
    MissingTheme: Error, "missing-theme", "there is no theme where `--theme-path` or `theme.path` looks for it";
    More: Note, "more", "a file has more than a hundred faults; the rest are counted";
    MoreProblems: Warning, "more-problems", "a tab is told as many problems as fit; the rest are counted";
    NestedFolders: Error, "nested-folders", "the site would be built into its own sources, or its sources lie in the site";
    NoHistory: Note, "no-history", "dates or authors are asked of git, and the docs folder has no history there";
    NotUtf8: Error, "not-utf8", "a page or configuration cannot be read as UTF-8";
    OmittedPage: Note, "omitted-page", "a page that `nav` does not name";
    OutputConflict: Error, "output-conflict", "two outputs want one place, such as `sitemap.xml.md` and the site map";
    RefusedEditor: Note, "refused-editor", "`serve` is to open files with the editor in `VISUAL` or `EDITOR`, and cannot";
    RefusedLink: Warning, "refused-link", "a symbolic link leads out of the project, or back to a folder that holds it, and is not followed";
    RefusedName: Warning, "refused-name", "names in a theme's archive lead out of it or are not UTF-8";
    RemoteSnippet: Warning, "remote-snippet", "a snippet would have to be fetched from the network, and is left out";
    ShadowedPage: Warning, "shadowed-page", "`README.md` and `index.md` stand in the same folder, and only the latter becomes its page";
    TemplateError: Error, "template-error", "a template fails while it is rendered, as by an unknown filter";
    TemplateLimit: Error, "template-limit", "a template does more work than any page may need, gives more than 64 MB, or includes and calls itself";
    TemplateSyntax: Error, "template-syntax", "a template cannot be read";
    TemplateTooDeep: Error, "template-too-deep", "one tag is a chain of more than 300 steps, or more than 300 `elif` follow each other";
    ThemeExtends: Warning, "theme-extends", "a theme package builds on another theme, which is not read";
    TooMuch: Error, "too-much", "a file or page passes a bound of its size or depth";
    UnknownExtension: Warning, "unknown-extension", "a Markdown extension that proofroom does not know";
    UnknownIcon: Note, "unknown-icon", "a shortcode of an icon pack that has no such icon";
    UnknownKey: Warning, "unknown-key", "a key that nothing reads, and that is ignored";
    UnknownLanguage: Note, "unknown-language", "code in a language that has no grammar here";
    UnknownTag: Warning, "unknown-tag", "a YAML tag (`!name`) that has no meaning here";
    UnreadHistory: Warning, "unread-history", "dates or authors are asked of git, which took too long or would have waited for a pipe";
    Unreadable: Error, "unreadable", "a file or folder is there and cannot be read, is a pipe, socket or device, is a link that leads nowhere, or has a name that is not UTF-8";
    UnrecognizedLink: Note, "unrecognized-link", "a relative link that names neither a page nor a file, and is left as written";
    UnsupportedExtension: Note, "unsupported-extension", "a Markdown extension that is known and not read yet";
    UnsupportedHook: Warning, "unsupported-hook", "`hooks` names Python code, which is not run";
    UnsupportedOption: Note, "unsupported-option", "an option of a plugin or extension that has no effect here";
    UnsupportedPlugin: Warning, "unsupported-plugin", "a plugin that proofroom does not know, or whose work it does not do";
    UnsupportedValue: Warning, "unsupported-value", "a value that MkDocs knows has no effect here, or a nearby one";
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

    /// Diagnostics of one place are sorted by rule.
    #[test]
    fn rules_are_sorted_by_name_and_each_there_once() {
        let names = Rule::ALL.iter().map(|rule| rule.name());
        assert!(names.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn the_reference_lists_every_rule_and_no_other() {
        let page = include_str!("../../docs/reference/diagnostics.md");
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
        let rows = rows.map(|row| {
            let mut cells = row.split(" | ");
            let name = cells.next().unwrap_or_default().trim_end_matches('`');
            let [severity, meaning, todo] = [(); 3].map(|()| cells.next().unwrap_or_default());
            assert!(!todo.is_empty(), "{name} has nothing to do about it");
            (name, severity, meaning)
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
