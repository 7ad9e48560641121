//! What the MkDocs plugin static-i18n does to a page: titles of admonitions
//! that have none get one in the page's language, and its template sees which
//! language that is.

use serde_json::{Map, Value, json};

use super::text::Text;
use crate::languages::Languages;

/// What the template of a page sees: the plugin's options, the language that
/// the page is written in and the one that it is shown in. `is_own` says
/// whether these are the same.
pub fn variables(
    options: &Map<String, Value>,
    languages: &Languages,
    is_own: bool,
) -> Map<String, Value> {
    let current = languages.current();
    let written = if is_own { current } else { languages.default() };
    let named = [
        ("i18n_config", json!(options)),
        ("i18n_file_locale", json!(written.code)),
        ("i18n_page_locale", json!(current.code)),
    ];
    let named = named.into_iter();
    named
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Gives admonitions (and details, where `details` says so) without a title
/// that of `words`, by their first class in small letters.
pub fn title_admonitions(text: &mut Text, words: &Map<String, Value>, details: bool) {
    let word = |class: &str| {
        let class = class.to_lowercase();
        let found = words.iter().find(|(name, _)| name.to_lowercase() == class);
        found.and_then(|(_, word)| word.as_str())
    };
    let mut edits = Vec::new();
    let mut start = 0;
    for line in text.as_str().split_inclusive('\n') {
        let whole = line.trim_end_matches(['\n', '\r']);
        if let Some(classes) = untitled(whole, details)
            && let Some(word) = word(classes.trim())
        {
            let end = start + whole.trim_end().len();
            let bare = whole
                .trim_end()
                .strip_suffix("\"\"")
                .map_or(end, |_| end - 2);
            edits.push((
                bare..end,
                format!("{}\"{word}\"", if bare == end { " " } else { "" }),
            ));
        }
        start += line.len();
    }
    if !edits.is_empty() {
        text.replace(edits);
    }
}

/// The classes of a line that begins an admonition without a title.
fn untitled(line: &str, details: bool) -> Option<&str> {
    let line = line.trim_start_matches([' ', '\t']);
    let rest = line.strip_prefix("!!!").or_else(|| {
        let rest = line.strip_prefix("???").filter(|_| details)?;
        Some(rest.strip_prefix('+').unwrap_or(rest))
    })?;
    let rest = rest.trim_end();
    let classes = rest.strip_suffix("\"\"").unwrap_or(rest).trim();
    let is_class = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    (!classes.is_empty() && classes.chars().all(is_class)).then_some(classes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Text, title_admonitions};

    #[test]
    fn admonitions_without_a_title_get_one() {
        let words = json!({"note": "Remarque", "Tip": "Astuce"});
        let words = words.as_object().expect("a map").clone();
        let made = |text: &str, details| {
            let mut text = Text::new(text, 1);
            title_admonitions(&mut text, &words, details);
            text.as_str().to_owned()
        };
        assert_eq!(
            made("!!! note\n    a\n\n??? tip\n    b\n", true),
            "!!! note \"Remarque\"\n    a\n\n??? tip \"Astuce\"\n    b\n"
        );
        assert_eq!(
            made("    !!! Note \"\"\n", true),
            "    !!! Note \"Remarque\"\n"
        );
        for kept in ["!!! note \"Own\"\n", "!!! other\n", "!!!\n", "note\n"] {
            assert_eq!(made(kept, true), kept);
        }
        assert_eq!(made("???+ note\n", false), "???+ note\n");
    }
}
