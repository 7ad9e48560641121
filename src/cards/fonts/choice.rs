//! Which font is chosen.

use harfrust::Script;
use harfrust::unicode::script;

use super::file::FontFile;
use super::style::Look;
use super::{Choice, FontBook, FontKey, Wanted};
use crate::text::bare_name;

/// Families that take the place of one that there is not, best first.
const SANS: [&str; 12] = [
    "Roboto",
    "Noto Sans",
    "Open Sans",
    "Inter",
    "DejaVu Sans",
    "Liberation Sans",
    "Arimo",
    "Arial",
    "Helvetica Neue",
    "Helvetica",
    "Segoe UI",
    "Ubuntu",
];

impl FontBook {
    /// The font that a layout names. Its style is chosen as by Material's plugin: if the
    /// family does not have it, it is the shortest one with `Regular` in its name, or else
    /// the first one. `None` if there are no fonts at all.
    pub(in crate::cards) fn choose(&self, wanted: Wanted<'_>) -> Option<Choice> {
        let files = self.files();
        if let Some(key) = self.in_family(wanted.family, wanted) {
            return Some(Choice {
                key,
                substitute: None,
            });
        }
        let others = substitutes(wanted.family).into_iter();
        let key = others
            .chain(SANS.map(str::to_owned))
            .find_map(|family| self.in_family(&family, wanted));
        let key = key.or_else(|| {
            let sans = files.iter().find(|file| file.family.contains("Sans"));
            let any = sans.or(files.first())?;
            self.in_family(&any.family.clone(), wanted)
        })?;
        let file = &files[key.number];
        let substitute = format!("{} {}", file.family, file.version);
        Some(Choice {
            key,
            substitute: Some(substitute.trim_end().to_owned()),
        })
    }

    fn in_family(&self, family: &str, wanted: Wanted<'_>) -> Option<FontKey> {
        let name = bare_name(family);
        if name.is_empty() {
            return None;
        }
        let files = self.files().iter().enumerate();
        let is_of = |file: &FontFile| {
            bare_name(&file.family) == name
                || file
                    .old_family
                    .as_ref()
                    .is_some_and(|old| bare_name(old) == name)
        };
        let family: Vec<(usize, &FontFile)> = files.filter(|(_, file)| is_of(file)).collect();
        let full = wanted.full_style();
        let style = bare_name(&full);
        let named = |(_, file): &&(usize, &FontFile)| bare_name(&file.style) == style;
        let key = |number: usize| FontKey { number, weight: 0 };
        if let Some((number, file)) = family.iter().find(named)
            && file.weights.is_none()
        {
            return Some(key(*number));
        }
        // A variable font has all weights, with and without slant.
        let look = Look::of(&full);
        let variable = family.iter().filter(|(_, file)| file.weights.is_some());
        let variable = variable.min_by_key(|(_, file)| {
            let own = Look::of(&file.style);
            (
                own.is_slanted != look.is_slanted,
                own.is_narrow != look.is_narrow,
            )
        });
        if let Some((number, file)) = variable {
            return Some(weighted(*number, file, look));
        }
        let regular = family
            .iter()
            .filter(|(_, file)| file.style.contains("Regular"));
        let regular = regular.min_by_key(|(_, file)| file.style.len());
        let first = family.iter().min_by(|(_, a), (_, b)| a.style.cmp(&b.style));
        regular.or(first).map(|(number, _)| key(*number))
    }

    /// The font for a character that the chosen one lacks. `language` is that of the text.
    pub(in crate::cards) fn fallback(
        &self,
        primary: FontKey,
        look: &str,
        language: &str,
        character: char,
    ) -> Option<FontKey> {
        let asked = (primary, language.to_owned(), character);
        if let Some(known) = self.fallbacks.lock().get(&asked) {
            return *known;
        }
        let found = self.search(primary, Look::of(look), language, character);
        self.fallbacks.lock().insert(asked, found);
        found
    }

    fn search(
        &self,
        primary: FontKey,
        look: Look,
        language: &str,
        character: char,
    ) -> Option<FontKey> {
        let files = self.files();
        let is_serif = files
            .get(primary.number)
            .is_some_and(|file| file.family.contains("Serif"));
        let best = preferred(character, language, is_serif);
        let mut candidates: Vec<_> = files
            .iter()
            .enumerate()
            .map(|(number, file)| {
                let rank = rank(&file.family, &best, is_serif);
                let look = if file.weights.is_some() {
                    0
                } else {
                    Look::of(&file.style).distance(look)
                };
                (rank, file.family.as_str(), look, number)
            })
            .collect();
        candidates.sort_unstable();
        let number = candidates.into_iter().map(|it| it.3);
        let mut number = number.filter(|number| draws(&files[*number], character));
        number.next().map(|number| match files[number].weights {
            Some(_) => weighted(number, &files[number], look),
            None => FontKey { number, weight: 0 },
        })
    }
}

/// A variable font at the weight of a style.
fn weighted(number: usize, file: &FontFile, look: Look) -> FontKey {
    let (least, most) = file.weights.unwrap_or((400.0, 400.0));
    let weight = f32::from(look.weight).clamp(least.max(1.0), most.max(1.0));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "weights are from 1 to 1000, and other numbers saturate"
    )]
    let weight = weight as u16;
    FontKey { number, weight }
}

/// Whether a font has an outline for a character, or knows that there is nothing to draw.
fn draws(file: &FontFile, character: char) -> bool {
    let Some(glyph) = file.font.charmap().map_unicode(character) else {
        return false;
    };
    glyph.to_u32() != 0 && (character.is_whitespace() || !file.font.outline_glyphs().is_empty())
}

/// The same design by the name under which systems have it.
fn substitutes(family: &str) -> Vec<String> {
    let Some((name, region)) = family.rsplit_once(' ') else {
        return Vec::new();
    };
    let is_noto = ["Noto Sans", "Noto Serif"].contains(&name);
    if is_noto && ["HK", "JP", "KR", "SC", "TC"].contains(&region) {
        return vec![format!("{name} CJK {region}")];
    }
    Vec::new()
}

/// The families that are made for the script of a character, best first.
fn preferred(character: char, language: &str, is_serif: bool) -> Vec<String> {
    let region = match script(character.into()) {
        Script::HAN | Script::BOPOMOFO => region(language),
        Script::HIRAGANA | Script::KATAKANA => "JP",
        Script::HANGUL => "KR",
        _ if is_cjk_mark(character) => region(language),
        _ => return Vec::new(),
    };
    let noto = if is_serif { "Noto Serif" } else { "Noto Sans" };
    let source = if is_serif { "Serif" } else { "Sans" };
    let others: &[&str] = match region {
        "JP" => &["Hiragino Sans", "Yu Gothic", "Meiryo"],
        "KR" => &["Apple SD Gothic Neo", "Malgun Gothic"],
        "TC" | "HK" => &["PingFang TC", "Microsoft JhengHei"],
        _ => &["PingFang SC", "Microsoft YaHei"],
    };
    let named = [
        format!("{noto} {region}"),
        format!("{noto} CJK {region}"),
        format!("Source Han {source} {region}"),
        format!("Noto Sans CJK {region}"),
    ];
    let others = others.iter().map(|family| (*family).to_owned());
    named
        .into_iter()
        .chain(others)
        .map(|family| bare_name(&family))
        .collect()
}

/// Whether a character is punctuation of Chinese or Japanese.
fn is_cjk_mark(character: char) -> bool {
    matches!(character, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

/// The region whose shapes of Chinese characters a language uses.
fn region(language: &str) -> &'static str {
    let language = language.to_ascii_lowercase().replace('_', "-");
    match language.as_str() {
        "ja" => "JP",
        "ko" => "KR",
        "zh-hk" | "zh-mo" => "HK",
        _ if language.starts_with("zh-hant") || language.starts_with("zh-tw") => "TC",
        _ if language.starts_with("ja-") => "JP",
        _ if language.starts_with("ko-") => "KR",
        _ => "SC",
    }
}

/// How good a family is for a script; the best one has the lowest rank.
fn rank(family: &str, best: &[String], is_serif: bool) -> usize {
    let name = bare_name(family);
    if let Some(at) = best.iter().position(|it| *it == name) {
        return at;
    }
    let like = if is_serif { "notoserif" } else { "notosans" };
    // Fonts for code and for narrow places are no text fonts.
    let is_special = [
        "mono",
        "ui",
        "looped",
        "condensed",
        "symbols",
        "math",
        "display",
    ]
    .iter()
    .any(|word| name.ends_with(word) || name.contains("mono"));
    let base = best.len();
    base + match (name.starts_with(like), name.contains("sans"), is_special) {
        (true, _, false) => 0,
        (_, true, false) => 1,
        (true, _, true) => 2,
        (_, _, false) => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_have_the_shapes_of_the_language() {
        for (language, expected) in [
            ("zh-Hant", "TC"),
            ("zh-TW", "TC"),
            ("zh-HK", "HK"),
            ("zh", "SC"),
            ("en", "SC"),
            ("ja", "JP"),
            ("ko", "KR"),
        ] {
            assert_eq!(region(language), expected, "{language}");
        }
        assert!(preferred('隱', "zh-Hant", false).contains(&"notosanscjktc".to_owned()));
        assert!(preferred('あ', "en", true).contains(&"notoserifcjkjp".to_owned()));
        assert_eq!(preferred('a', "zh", false), [""; 0]);
        assert_eq!(substitutes("Noto Serif TC"), ["Noto Serif CJK TC"]);
    }
}
