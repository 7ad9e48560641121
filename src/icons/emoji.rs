//! Emoji by the short names in Twemoji's index.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Names that the `emojis` crate lacks or maps to another emoji, with their code
/// points.
static NAMES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("emoji.txt")
        .lines()
        .map(|line| line.split_once(' ').expect("a name and its code points"))
        .collect()
});

/// An emoji.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji {
    /// The character, or the sequence of characters.
    pub text: String,
    /// Its code points as in the names of Twemoji's files, such as `1f1fa-1f1f8`.
    pub points: String,
}

/// The emoji named `name`, without colons.
pub fn emoji(name: &str) -> Option<Emoji> {
    let text: String = match NAMES.get(name) {
        Some(points) => points
            .split('-')
            .map(|point| {
                let point = u32::from_str_radix(point, 16).ok();
                let character = point.and_then(char::from_u32);
                character.expect("emoji.txt has code points, as a test makes sure")
            })
            .collect(),
        None => with_skin_tone(name)
            .or_else(|| Some(emojis::get_by_shortcode(name)?.as_str().to_owned()))
            .or_else(|| flag(name))?,
    };
    // Twemoji's file names have the variation selector only in sequences.
    let is_sequence = text.contains('\u{200d}');
    let text: String = text
        .chars()
        .filter(|it| is_sequence || *it != '\u{fe0f}')
        .collect();
    let points: Vec<String> = text
        .chars()
        .map(|it| format!("{:x}", u32::from(it)))
        .collect();
    Some(Emoji {
        points: points.join("-"),
        text,
    })
}

/// `thumbsup_tone3`.
fn with_skin_tone(name: &str) -> Option<String> {
    use emojis::SkinTone::{Dark, Light, Medium, MediumDark, MediumLight};
    let (base, tone) = name.rsplit_once("_tone")?;
    let tones = [Light, MediumLight, Medium, MediumDark, Dark];
    let tone = *tones.get(tone.parse::<usize>().ok()?.checked_sub(1)?)?;
    let base = emoji(base)?.text;
    let toned = emojis::get(&base)?.with_skin_tone(tone)?;
    Some(toned.as_str().to_owned())
}

/// `us` and `flag_us`, of countries that have a flag.
fn flag(name: &str) -> Option<String> {
    let country = name.strip_prefix("flag_").unwrap_or(name);
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_lowercase());
    // The flag of the United Nations has another name, and that of Sark has none.
    if !is_code || matches!(country, "cq" | "un") {
        return None;
    }
    let letter = |byte| char::from_u32(0x1F1E6 + u32::from(byte - b'a'));
    let flag: String = country.bytes().map(letter).collect::<Option<_>>()?;
    emojis::get(&flag).map(|_| flag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_kind() {
        for (name, points) in [
            ("smile", "1f604"),
            ("gear", "2699"),
            ("flag_us", "1f1fa-1f1f8"),
            ("admission_tickets", "1f39f"),
            ("thumbsup_tone3", "1f44d-1f3fd"),
            ("rainbow_flag", "1f3f3-fe0f-200d-1f308"),
        ] {
            assert_eq!(emoji(name).expect(name).points, points, "{name}");
        }
        assert_eq!(emoji("no_such_name"), None);
    }

    #[test]
    fn every_listed_name_is_an_emoji() {
        for name in NAMES.keys() {
            assert!(emoji(name).is_some(), "{name}");
        }
    }
}
