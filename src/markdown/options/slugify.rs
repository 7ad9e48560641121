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
    /// Reads the option `slugify`, which configurations spell as a Python name,
    /// possibly with arguments.
    pub fn of(value: Option<&Value>) -> Option<Self> {
        let (name, arguments) = match value? {
            Value::String(name) => (name.as_str(), None),
            Value::Object(map) => {
                let (name, inner) = map.iter().next()?;
                (name.as_str(), inner.get("kwds").or(Some(inner)))
            }
            _ => return None,
        };
        let name = name.rfind([':', '/']).map_or(name, |at| &name[at + 1..]);
        let name = name.trim_end_matches("()");
        if name.contains("pymdownx.slugs") {
            return Some(Self::slugs(name, arguments));
        }
        if name.ends_with("slugify_unicode") {
            Some(Self::Unicode)
        } else if name.ends_with("slugify") {
            Some(Self::Default)
        } else {
            None
        }
    }

    /// Reads one of the functions of `pymdownx.slugs`.
    fn slugs(name: &str, arguments: Option<&Value>) -> Self {
        let case = arguments.and_then(|arguments| arguments.get("case")?.as_str());
        let encode = arguments.and_then(|arguments| arguments.get("percent_encode")?.as_bool());
        let is_function = |function: &str| {
            let plain = name.strip_suffix("_encoded").unwrap_or(name);
            plain.ends_with(function)
        };
        let case = match case {
            Some("lower") => Case::Lower,
            Some("lower-ascii") => Case::LowerAscii,
            Some("fold") => Case::Fold,
            _ if is_function("uslugify") => Case::Lower,
            _ if is_function("gfm") => Case::LowerAscii,
            _ => Case::Keep,
        };
        Self::Slugs {
            case,
            encode: encode == Some(true) || name.ends_with("_encoded"),
        }
    }

    /// The id for `text`, which is plain text.
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
                let allowed = text
                    .chars()
                    .filter(|character| is_word(*character) || matches!(character, '-' | ' '));
                let slug = allowed.collect::<String>().replace(' ', separator);
                if encode {
                    crate::url::quote(&slug)
                } else {
                    slug
                }
            }
        }
    }
}

/// Python-Markdown's slug of `text`.
fn dashed(text: &str, separator: &str) -> String {
    let is_allowed = |it: &char| is_word(*it) || *it == '-' || it.is_whitespace();
    let mut words = String::with_capacity(text.len());
    words.extend(text.chars().filter(is_allowed));
    if words.is_ascii() {
        words.make_ascii_lowercase()
    } else {
        words = words.to_lowercase()
    }
    let mut slug = String::with_capacity(words.len());
    let mut in_gap = false;
    for character in words.trim().chars() {
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

/// The ASCII characters of the NFKD form of `text`.
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
