//! Problems of extensions and their options.

use serde_json::Value;

use super::ExtensionOptions;
use super::missing::{MISSING, MissingExtension, missing};
use super::names::{KNOWN, SILENT};
use super::unread::{Effect, unread as unread_row};
use crate::diagnostic::{Diagnostic, Rule, Suggestions, missing_extension};

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

/// Says that an extension is not supported.
pub(super) fn unavailable(name: &str, suggestions: &Suggestions) -> Diagnostic {
    if let Some(MissingExtension { loss, .. }) = missing(name) {
        let message = format!("the Markdown extension `{name}` is not part of proofroom");
        return Diagnostic::new(Rule::UnsupportedExtension, message)
            .help(*loss)
            .as_cause(missing_extension(name));
    }
    let message = format!("the Markdown extension `{name}` is not known");
    let names = MISSING.iter().flat_map(|row| row.names);
    let names = KNOWN.iter().chain(names).chain(&SILENT).copied();
    match suggestions.suggest(name, names) {
        Some(near) => Diagnostic::new(Rule::UnknownExtension, message).did_you_mean(name, &near),
        // Most likely the site's own, with which MkDocs builds it strictly.
        None => {
            Diagnostic::note(Rule::UnknownExtension, message).help("pages are rendered without it")
        }
    }
}

/// A fault for each option of an extension that nothing reads.
pub(super) fn unread(
    extension: &str,
    name: &str,
    with: &ExtensionOptions<'_>,
    suggestions: &Suggestions,
) -> Vec<ExtensionProblem> {
    let (unread, asked) = with.unread();
    let fault = |option: &str| {
        let message = format!("the option `{option}` of `{name}` has no effect");
        let diagnostic = Diagnostic::new(Rule::UnsupportedOption, message);
        let diagnostic = match unread_row(name, option) {
            Some(row) => {
                let value = with.given(option).unwrap_or(&Value::Null);
                let Effect::Lost(help) = row.effect else {
                    return None;
                };
                if row.is_default(value) {
                    return None;
                }
                diagnostic.help(help)
            }
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

    use super::{ExtensionProblem, KNOWN, MISSING, SILENT};
    use crate::markdown::options::{Extension, MarkdownOptions};

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
        for name in MISSING.iter().flat_map(|row| row.names) {
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
        assert_eq!(faults("pymdownx.emoji", other), []);
        assert_eq!(
            faults("pymdownx.snippets", json!({"check_paths": true})),
            []
        );
    }
}
