//! Kinds of characters, sets of bytes, and a natural order of texts.

/// Whether Python's `\w` matches `character`.
pub fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// `text` with its first character in upper case.
pub fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter();
    first
        .flat_map(char::to_uppercase)
        .chain(characters.as_str().chars())
        .collect()
}

/// `text` with single blanks in place of white space, and none at its ends.
pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The letters and digits of a name in lower case, to compare it with others.
pub fn bare_name(name: &str) -> String {
    let letters = name.chars().filter(|it| it.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether words of this character's script are not separated by spaces: Chinese,
/// Japanese, Thai, Lao, Khmer, Burmese.
pub fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{2e80}'..='\u{2fdf}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A set of bytes to search for.
#[derive(Clone)]
pub struct Bytes([bool; 256]);

impl Bytes {
    /// The set of the bytes in `members`.
    pub const fn of(members: &[u8]) -> Self {
        let mut is_member = [false; 256];
        let mut at = 0;
        while at < members.len() {
            is_member[members[at] as usize] = true;
            at += 1;
        }
        Self(is_member)
    }

    /// The position of the first of them in `text`.
    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<usize> {
        let is_member = |byte: &u8| self.0[usize::from(*byte)];
        // Eight at a time, since in most texts they are far apart.
        let mut chunks = text.chunks_exact(8);
        let mut at = 0;
        for chunk in &mut chunks {
            let any = chunk.iter().fold(false, |any, byte| any | is_member(byte));
            if any {
                return Some(at + chunk.iter().position(is_member)?);
            }
            at += 8;
        }
        let remainder = chunks.remainder().iter().position(is_member)?;
        Some(at + remainder)
    }
}

/// A key that sorts texts with numbers the way people do: `a2` before `a10`.
pub fn natural_key(text: &str) -> Vec<(u64, String)> {
    let mut key = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let is_digit = |character: char| character.is_ascii_digit();
        let (words, numbers) = rest.split_at(rest.find(is_digit).unwrap_or(rest.len()));
        let is_other = |character: char| !is_digit(character);
        let (number, after) = numbers.split_at(numbers.find(is_other).unwrap_or(numbers.len()));
        key.push((0, words.to_owned()));
        if !number.is_empty() {
            // Numbers beyond 64 bits are all equal.
            key.push((number.parse().unwrap_or(u64::MAX), String::new()));
        }
        rest = after;
    }
    key
}
