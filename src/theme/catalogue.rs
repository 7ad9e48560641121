//! Translations of a theme's own words, from the `.mo` files of gettext.

use std::collections::HashMap;

/// Translations by the English text.
#[derive(Debug, Default)]
pub struct Catalogue {
    texts: HashMap<String, String>,
}

impl Catalogue {
    /// Adds the translations in a `.mo` file; those of an earlier file stay.
    /// Nothing is read from a file that is damaged.
    pub fn add(&mut self, bytes: &[u8]) {
        for (text, translation) in read(bytes).unwrap_or_default() {
            self.texts.entry(text).or_insert(translation);
        }
    }

    /// The translation of a text, if there is one.
    pub(super) fn translate(&self, text: &str) -> Option<&str> {
        self.texts.get(text).map(String::as_str)
    }
}

/// The texts of a `.mo` file with their translations. Texts with a plural have
/// several translations, and are left out.
fn read(bytes: &[u8]) -> Option<Vec<(String, String)>> {
    let is_little_endian = match bytes.get(..4)? {
        [0xde, 0x12, 0x04, 0x95] => true,
        [0x95, 0x04, 0x12, 0xde] => false,
        _ => return None,
    };
    let number = |at: usize| {
        let word: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let number = if is_little_endian {
            u32::from_le_bytes(word)
        } else {
            u32::from_be_bytes(word)
        };
        usize::try_from(number).ok()
    };
    let (count, texts, translations) = (number(8)?, number(12)?, number(16)?);
    // Each text needs sixteen bytes of tables, so that a wrong number is noticed.
    if count > bytes.len() / 16 {
        return None;
    }
    let text = |table: usize, nth: usize| {
        let at = table.checked_add(nth.checked_mul(8)?)?;
        let (length, start) = (number(at)?, number(at.checked_add(4)?)?);
        let text = bytes.get(start..start.checked_add(length)?)?;
        std::str::from_utf8(text).ok()
    };
    let mut found = Vec::with_capacity(count);
    for nth in 0..count {
        let pair = text(texts, nth)?.to_owned();
        let translation = text(translations, nth)?.to_owned();
        // The text without characters holds facts about the file.
        if !pair.is_empty() && !translation.is_empty() && !pair.contains('\0') {
            found.push((pair, translation));
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::Catalogue;

    /// A `.mo` file of these texts.
    fn file(texts: &[(&str, &str)], word: fn(u32) -> [u8; 4]) -> Vec<u8> {
        let size = |length: usize| u32::try_from(length).expect("small");
        let count = size(texts.len());
        let mut bytes = Vec::new();
        for number in [0x9504_12de, 0, count, 28, 28 + 8 * count, 0, 0] {
            bytes.extend(word(number));
        }
        let mut strings = Vec::new();
        let start = 28 + 16 * count;
        let originals = texts.iter().map(|(text, _)| *text);
        let translations = texts.iter().map(|(_, translation)| *translation);
        for text in originals.chain(translations) {
            bytes.extend(word(size(text.len())));
            bytes.extend(word(start + size(strings.len())));
            strings.extend(text.bytes().chain([0]));
        }
        bytes.extend(strings);
        bytes
    }

    #[test]
    fn reads_files_of_either_byte_order() {
        let texts = [
            ("", "Language: de\n"),
            ("Search", "Suche"),
            ("one\0many", "eins\0viele"),
            ("untranslated", ""),
        ];
        for word in [u32::to_le_bytes, u32::to_be_bytes] {
            let mut catalogue = Catalogue::default();
            catalogue.add(&file(&texts, word));
            catalogue.add(&file(&[("Search", "other"), ("Next", "Weiter")], word));
            assert_eq!(catalogue.translate("Search"), Some("Suche"));
            assert_eq!(catalogue.translate("Next"), Some("Weiter"));
            assert_eq!(catalogue.translate(""), None);
            assert_eq!(catalogue.translate("one"), None);
            assert_eq!(catalogue.translate("untranslated"), None);
        }
    }

    #[test]
    fn survives_damaged_files() {
        let whole = file(&[("Search", "Suche")], u32::to_le_bytes);
        for end in 0..whole.len() {
            let mut catalogue = Catalogue::default();
            catalogue.add(&whole[..end]);
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] = 0xff;
            Catalogue::default().add(&damaged);
        }
    }
}
