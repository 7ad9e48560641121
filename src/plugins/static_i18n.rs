//! The work of the MkDocs plugin static-i18n on a page: admonitions without a
//! title get one in the page's language, and the template gets variables for
//! that language.

use serde_json::{Map, Value, json};

use super::mapped_text::Text;
use crate::languages::Languages;

/// Variables for the template of a page: the plugin's options, the language that
/// the page is written in, and the one that it is shown in. `is_own` is whether
/// these are the same.
pub fn variables(
    options: &Map<String, Value>,
    languages: &Languages,
    is_own: bool,
) -> Map<String, Value> {
    let current = languages.current();
    let source = if is_own { current } else { languages.default() };
    let variables = [
        ("i18n_config", json!(options)),
        ("i18n_file_locale", json!(source.code)),
        ("i18n_page_locale", json!(current.code)),
    ];
    let variables = variables.into_iter();
    variables
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Gives admonitions, and details if `details` is set, the title in `words` for
/// their class, ignoring case, unless they have one.
pub fn title_admonitions(text: &mut Text, words: &Map<String, Value>, details: bool) {
    let title = |class: &str| {
        let class = class.to_lowercase();
        let (_, title) = words
            .iter()
            .find(|(name, _)| name.to_lowercase() == class)?;
        title.as_str()
    };
    let mut edits = Vec::new();
    let mut start = 0;
    for line in text.as_str().split_inclusive('\n') {
        let content = line.trim_end();
        if let Some(classes) = untitled_classes(content, details)
            && let Some(title) = title(classes)
        {
            let end = start + content.len();
            edits.push(if content.ends_with("\"\"") {
                (end - 2..end, format!("\"{title}\""))
            } else {
                (end..end, format!(" \"{title}\""))
            });
        }
        start += line.len();
    }
    if !edits.is_empty() {
        text.replace(edits);
    }
}

/// The classes of a line that starts an admonition without a title; `None` for
/// any other line.
fn untitled_classes(line: &str, details: bool) -> Option<&str> {
    let line = line.trim_start_matches([' ', '\t']);
    let classes = if let Some(classes) = line.strip_prefix("!!!") {
        classes
    } else if details {
        let classes = line.strip_prefix("???")?;
        classes.strip_prefix('+').unwrap_or(classes)
    } else {
        return None;
    };
    let classes = classes.strip_suffix("\"\"").unwrap_or(classes).trim();
    let is_class = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    if classes.is_empty() || !classes.chars().all(is_class) {
        return None;
    }
    Some(classes)
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
