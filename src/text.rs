//! Characters, sets of bytes, and the order of texts.

/// Python's idea of a character of a word.
pub fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// A set of bytes to look for.
#[derive(Clone)]
pub struct Bytes([bool; 256]);

impl Bytes {
    /// Of the bytes of `members`.
    pub const fn of(members: &[u8]) -> Self {
        let mut known = [false; 256];
        let mut at = 0;
        while at < members.len() {
            known[members[at] as usize] = true;
            at += 1;
        }
        Self(known)
    }

    /// Where the first of them stands in `text`.
    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<usize> {
        let is_known = |byte: &u8| self.0[usize::from(*byte)];
        // Eight at once, for most texts hold none for a long way.
        let mut chunks = text.chunks_exact(8);
        let mut at = 0;
        for chunk in &mut chunks {
            let any = chunk.iter().fold(false, |any, byte| any | is_known(byte));
            if any {
                return Some(at + chunk.iter().position(is_known)?);
            }
            at += 8;
        }
        let left = chunks.remainder().iter().position(is_known)?;
        Some(at + left)
    }
}

/// A key that sorts texts with numbers in them as people do: `a2` before
/// `a10`.
pub fn natural_key(text: &str) -> Vec<(u64, String)> {
    let mut key = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let words = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let behind = &rest[words..];
        let digits = behind
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(behind.len());
        key.push((0, rest[..words].to_owned()));
        if digits > 0 {
            // Longer numbers than any count are all the same.
            key.push((behind[..digits].parse().unwrap_or(u64::MAX), String::new()));
        }
        rest = &behind[digits..];
    }
    key
}
