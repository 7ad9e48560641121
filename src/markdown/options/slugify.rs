//! How a heading's text becomes its id.

use std::borrow::Cow;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

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
        /// The Unicode form that the text is brought into first.
        form: Form,
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

/// A normalisation form of Unicode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// Composed characters.
    #[default]
    Nfc,
    /// Decomposed characters.
    Nfd,
    /// Composed characters, without those that are only there for compatibility.
    Nfkc,
    /// Decomposed characters, without those that are only there for compatibility.
    Nfkd,
}

impl Form {
    fn of(name: Option<&str>) -> Self {
        match name {
            Some("NFD") => Self::Nfd,
            Some("NFKC") => Self::Nfkc,
            Some("NFKD") => Self::Nfkd,
            _ => Self::Nfc,
        }
    }

    /// `text` in this form.
    fn apply(self, text: &str) -> Cow<'_, str> {
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        match self {
            Self::Nfc => text.nfc().collect(),
            Self::Nfd => text.nfd().collect(),
            Self::Nfkc => text.nfkc().collect(),
            Self::Nfkd => text.nfkd().collect(),
        }
    }
}

impl Slugify {
    /// `pymdownx.slugs.slugify` with `case: lower`.
    pub const LOWER: Self = Self::Slugs {
        case: Case::Lower,
        encode: false,
        form: Form::Nfc,
    };

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
        let form = arguments.and_then(|arguments| arguments.get("normalize")?.as_str());
        Self::Slugs {
            case,
            form: Form::of(form),
            encode: encode == Some(true) || name.ends_with("_encoded"),
        }
    }

    /// The id for `text`, which is plain text.
    pub fn apply(self, text: &str, separator: &str) -> String {
        match self {
            Self::Default if text.is_ascii() => dashed(text, separator),
            Self::Default => dashed(&decomposed_ascii(text), separator),
            Self::Unicode => dashed(text, separator),
            Self::Slugs { case, encode, form } => {
                let text = form.apply(text);
                let text = without_tags(&text);
                let text = text.trim();
                let text = match case {
                    Case::Keep => text.to_owned(),
                    Case::Lower => text.to_lowercase(),
                    Case::Fold => folded(text),
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

/// `text` without anything that looks like a tag, as `pymdownx.slugs` takes it.
fn without_tags(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut to = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        let Some((_, after)) = behind.split_once('>') else {
            break;
        };
        to.push_str(before);
        rest = after;
    }
    to.push_str(rest);
    Cow::Owned(to)
}

/// Unicode's full case folding: the lower case of the upper case, with the
/// exceptions that this would miss.
fn folded(text: &str) -> String {
    let mut to = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            // Cherokee is folded to upper case, which is older there.
            '\u{13a0}'..='\u{13f5}' => to.push(character),
            '\u{13f8}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => {
                to.extend(character.to_uppercase());
            }
            '\u{1e9e}' => to.push_str("ss"),
            // The dotless i has an upper case that is another letter's.
            '\u{131}' => to.push(character),
            character => {
                let upper = character.to_uppercase();
                to.extend(upper.flat_map(char::to_lowercase));
            }
        }
    }
    to
}

/// Python-Markdown's slug of `text`.
fn dashed(text: &str, separator: &str) -> String {
    if text.is_ascii() {
        return dashed_ascii(text.as_bytes(), separator);
    }
    let is_allowed = |it: &char| is_word(*it) || *it == '-' || it.is_whitespace();
    let mut words = String::with_capacity(text.len());
    words.extend(text.chars().filter(is_allowed));
    words = words.to_lowercase();
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

/// The same of a text in ASCII, in one go.
fn dashed_ascii(text: &[u8], separator: &str) -> String {
    let is_shown = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-');
    let ends = text
        .iter()
        .position(is_shown)
        .zip(text.iter().rposition(is_shown));
    let Some((first, last)) = ends else {
        return String::new();
    };
    let mut slug = String::with_capacity(text.len());
    let mut in_gap = false;
    for byte in &text[first..=last] {
        let is_space = char::from(*byte).is_whitespace();
        if !is_space && !is_shown(byte) {
            continue;
        }
        let is_gap = is_space || separator.as_bytes().contains(byte);
        if !is_gap {
            slug.push(byte.to_ascii_lowercase().into());
        } else if !in_gap {
            slug.push_str(separator);
        }
        in_gap = is_gap;
    }
    slug
}

/// The ASCII characters of the NFKD form of `text`.
fn decomposed_ascii(text: &str) -> String {
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
