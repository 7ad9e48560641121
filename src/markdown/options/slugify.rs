//! How a heading's text becomes its id.

use serde_json::Value;

use crate::text::is_word;

/// How a heading's text becomes its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slugify {
    /// Python-Markdown's: ASCII only, lower case.
    Default,
    /// Python-Markdown's `slugify_unicode`.
    Unicode,
    /// `pymdownx.slugs.slugify`.
    Slugs {
        /// What becomes of upper case.
        case: Case,
        /// Whether other scripts are percent-encoded.
        encode: bool,
    },
}

/// What becomes of upper case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// It stays.
    Keep,
    /// Lower case.
    Lower,
    /// Lower case for ASCII letters.
    LowerAscii,
    /// Unicode's case folding.
    Fold,
}

impl Slugify {
    /// From the option `slugify`, which configs spell as a Python name,
    /// possibly with arguments.
    pub fn of(value: Option<&Value>) -> Option<Self> {
        let (name, arguments) = match value? {
            Value::String(name) => (name.clone(), None),
            Value::Object(map) => {
                let (name, inner) = map.iter().next()?;
                (name.clone(), inner.get("kwds").or(Some(inner)))
            }
            _ => return None,
        };
        let case = arguments
            .and_then(|arguments| arguments.get("case")?.as_str())
            .unwrap_or_default()
            .to_owned();
        let encode = arguments
            .and_then(|arguments| arguments.get("percent_encode")?.as_bool())
            .unwrap_or(false);
        let name = name
            .rsplit([':', '/'])
            .next()
            .unwrap_or_default()
            .trim_end_matches("()");
        if name.contains("pymdownx.slugs") {
            let case = match case.as_str() {
                "lower" => Case::Lower,
                "lower-ascii" => Case::LowerAscii,
                "fold" => Case::Fold,
                _ if name.ends_with("uslugify") || name.ends_with("uslugify_encoded") => {
                    Case::Lower
                }
                _ if name.ends_with("gfm") || name.ends_with("gfm_encoded") => Case::LowerAscii,
                _ => Case::Keep,
            };
            return Some(Self::Slugs {
                case,
                encode: encode || name.ends_with("_encoded"),
            });
        }
        match name.ends_with("slugify_unicode") {
            true => Some(Self::Unicode),
            false if name.ends_with("slugify") => Some(Self::Default),
            false => None,
        }
    }

    /// The id for `text`, which holds no markup.
    pub fn apply(self, text: &str, separator: &str) -> String {
        match self {
            Self::Default => dashed(&decomposed_ascii(text), separator),
            Self::Unicode => dashed(text, separator),
            Self::Slugs { case, encode } => {
                let text = text.trim();
                let text = match case {
                    Case::Keep => text.to_owned(),
                    Case::Lower | Case::Fold => text.to_lowercase(),
                    Case::LowerAscii => text.to_ascii_lowercase(),
                };
                let kept = text
                    .chars()
                    .filter(|character| is_word(*character) || matches!(character, '-' | ' '));
                let slug = kept.collect::<String>().replace(' ', separator);
                if encode {
                    crate::url::quote(&slug)
                } else {
                    slug
                }
            }
        }
    }
}

fn dashed(text: &str, separator: &str) -> String {
    let is_kept = |it: &char| is_word(*it) || *it == '-' || it.is_whitespace();
    let mut kept = String::with_capacity(text.len());
    kept.extend(text.chars().filter(is_kept));
    if kept.is_ascii() {
        kept.make_ascii_lowercase()
    } else {
        kept = kept.to_lowercase()
    }
    let mut slug = String::with_capacity(kept.len());
    let mut in_gap = false;
    for character in kept.trim().chars() {
        let is_gap = character.is_whitespace() || separator.contains(character);
        if !is_gap {
            slug.push(character);
        } else if !in_gap {
            slug.push_str(separator);
        }
        in_gap = is_gap;
    }
    slug
}

/// NFKD, without what is not ASCII then.
fn decomposed_ascii(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    if text.is_ascii() {
        return text.to_owned();
    }
    text.nfkd().filter(char::is_ascii).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        assert_eq!(
            Slugify::Default.apply("Tor Browser: \u{c9}t\u{e9} & co.", "-"),
            "tor-browser-ete-co"
        );
        assert_eq!(Slugify::Default.apply("\u{6a19}\u{984c}", "-"), "");
        assert_eq!(
            Slugify::Unicode.apply("\u{6a19}\u{984c} A", "-"),
            "\u{6a19}\u{984c}-a"
        );
    }
}
