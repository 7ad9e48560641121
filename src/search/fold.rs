//! Spellings that readers take for the same: case, width, accents, points.
//!
//! `fold` in `themes/default/js/search.js` does the same to what readers type.

use finl_unicode::categories::CharacterCategories as _;
use unicode_normalization::{UnicodeNormalization as _, is_nfkc_quick};

/// `text` in Unicode's compatibility form (NFKC).
pub fn compatible(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == unicode_normalization::IsNormalized::Yes {
        text.into()
    } else {
        text.nfkc().collect::<String>().into()
    }
}

/// A word in compatibility form as it is searched for: in lower case, without accents
/// on Latin and Greek letters, without Hebrew and Arabic points, and with the letters
/// that Arabic and Persian spell in several ways in one of them.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    // Han characters have neither case nor marks.
    if word.chars().all(|it| matches!(it, '\u{4e00}'..='\u{9fff}')) {
        return word.to_owned();
    }
    let mut folded = String::with_capacity(word.len());
    let mut base = ' ';
    for character in word.to_lowercase().nfd() {
        if is_accent(base, character) {
            continue;
        }
        if !character.is_mark() {
            base = character;
        }
        match same_letter(character) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(character),
        }
    }
    folded.nfc().collect()
}

/// Whether readers leave out a mark on `base` when they search.
fn is_accent(base: char, mark: char) -> bool {
    match mark {
        '\u{300}'..='\u{36f}' => {
            // Й without its mark is another letter; Ё is spelled as Е.
            matches!(base, 'a'..='z' | '\u{df}'..='\u{24f}' | '\u{370}'..='\u{3ff}')
                || (base == 'е' && mark == '\u{308}')
        }
        '\u{591}'..='\u{5bd}'
        | '\u{5bf}'
        | '\u{5c1}'
        | '\u{5c2}'
        | '\u{5c4}'
        | '\u{5c5}'
        | '\u{5c7}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}' => true,
        _ => false,
    }
}

/// The letters that one is searched as.
fn same_letter(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ı' => "i",
        'ς' => "σ",
        'ٱ' => "ا",
        'ى' | 'ی' => "ي",
        'ة' => "ه",
        'ک' => "ك",
        _ => return None,
    })
}

/// How a word is also spelled where a keyboard lacks its letters, folded, if its
/// language has such a custom: `Müller` is `mueller` in German.
pub(super) fn respelled(word: &str, language: &str) -> Option<String> {
    let letters: &[(char, &str)] = match language {
        "de" => &[('ä', "ae"), ('ö', "oe"), ('ü', "ue")],
        "da" | "nb" | "nn" | "no" => &[('å', "aa"), ('ø', "oe")],
        _ => return None,
    };
    let lower = word.to_lowercase();
    if !letters.iter().any(|(letter, _)| lower.contains(*letter)) {
        return None;
    }
    let mut spelled = lower;
    for (letter, by) in letters {
        spelled = spelled.replace(*letter, by);
    }
    Some(fold(&spelled))
}

#[cfg(test)]
mod tests {
    use super::{compatible, fold, respelled};

    #[test]
    fn spellings_are_the_same_as_readers_expect() {
        for (word, folded) in [
            ("Été", "ete"),
            ("ＶＰＮ", "vpn"),
            ("ﬁle", "file"),
            ("Straße", "strasse"),
            ("Ёлка", "елка"),
            ("йод", "йод"),
            ("İstanbul", "istanbul"),
            ("ΟΔΟΣ", "οδοσ"),
            ("ὁδός", "οδοσ"),
            ("שָׁלוֹם", "שלום"),
            ("التَّشْفِير", "التشفير"),
            ("أمـــن", "امن"),
            ("المكتبة", "المكتبه"),
            ("が", "が"),
            ("ｶﾞ", "ガ"),
            ("한글", "한글"),
            ("हिन्दी", "हिन्दी"),
            ("Việt", "viet"),
        ] {
            assert_eq!(fold(&compatible(word)), folded, "{word}");
        }
        assert_eq!(respelled("Müller", "de").as_deref(), Some("mueller"));
        assert_eq!(respelled("Müller", "en"), None);
        assert_eq!(respelled("ål", "da").as_deref(), Some("aal"));
    }
}
