//! Which characters and bytes are meant: sets that many rules look for.

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
