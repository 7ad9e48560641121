//! Names of styles, such as `Condensed Bold Italic`.

use crate::text::bare_name;

/// What a style looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Look {
    /// From 100 (thin) to 900 (black).
    pub(super) weight: u16,
    pub(super) is_slanted: bool,
    /// Whether letters are narrower or wider than usual.
    pub(super) is_narrow: bool,
}

/// The names of weights. Longer names come before those that are a part of them.
const WEIGHTS: [(&str, u16); 16] = [
    ("extralight", 200),
    ("ultralight", 200),
    ("demilight", 350),
    ("semilight", 350),
    ("extrabold", 800),
    ("ultrabold", 800),
    ("semibold", 600),
    ("demibold", 600),
    ("extrablack", 900),
    ("thin", 100),
    ("hairline", 100),
    ("light", 300),
    ("medium", 500),
    ("bold", 700),
    ("black", 900),
    ("heavy", 900),
];

impl Look {
    /// That of a name.
    pub(super) fn of(style: &str) -> Self {
        let name = bare_name(style);
        let weight = WEIGHTS.iter().find(|(word, _)| name.contains(word));
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        Self {
            weight: weight.map_or(400, |(_, weight)| *weight),
            is_slanted: has(&["italic", "oblique"]),
            is_narrow: has(&["condensed", "narrow", "expanded", "wide"]),
        }
    }

    /// How different two styles are.
    pub(super) fn distance(self, other: Self) -> u16 {
        let differs = |a: bool, b: bool, cost: u16| if a == b { 0 } else { cost };
        self.weight.abs_diff(other.weight)
            + differs(self.is_slanted, other.is_slanted, 1000)
            + differs(self.is_narrow, other.is_narrow, 2000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_understood_by_their_names() {
        for (style, weight, is_slanted) in [
            ("Regular", 400, false),
            ("Bold", 700, false),
            ("SemiBold Italic", 600, true),
            ("ExtraLight", 200, false),
            ("Black Oblique", 900, true),
        ] {
            let look = Look::of(style);
            assert_eq!(
                (look.weight, look.is_slanted),
                (weight, is_slanted),
                "{style}"
            );
        }
        let distance = |a: &str, b: &str| Look::of(a).distance(Look::of(b));
        assert!(distance("Bold", "Medium") < distance("Bold", "Bold Italic"));
        assert_eq!(bare_name("Noto Sans-TC"), "notosanstc");
    }
}
