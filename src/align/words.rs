//! Which words of a passage have changed.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::diff::common;
use crate::text::is_unspaced;

/// A piece of a changed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word<'t> {
    /// It was there, and is.
    Same(&'t str),
    /// It is new.
    Added(&'t str),
    /// It is gone.
    Removed(&'t str),
}

/// The words of both versions of a text, in order; neighbours of one kind are one piece.
/// White space is compared as if it was one blank.
pub fn words_of_change<'t>(before: &'t str, now: &'t str) -> Vec<Word<'t>> {
    let (old, new) = (pieces(before), pieces(now));
    let keys = |pieces: &[&str]| pieces.iter().map(|it| key(it)).collect::<Vec<u64>>();
    let pairs = common(&keys(&old), &keys(&new));
    let mut found = Vec::new();
    let (mut was, mut is) = (0, 0);
    let join = |text: &'t str, pieces: &[&'t str]| -> Option<&'t str> {
        let (first, last) = (pieces.first()?, pieces.last()?);
        let start = first.as_ptr() as usize - text.as_ptr() as usize;
        let end = last.as_ptr() as usize - text.as_ptr() as usize + last.len();
        text.get(start..end)
    };
    let ends = pairs.into_iter().chain([(old.len(), new.len())]);
    for (to_was, to_is) in ends {
        found.extend(join(before, &old[was..to_was]).map(Word::Removed));
        found.extend(join(now, &new[is..to_is]).map(Word::Added));
        if let Some(same) = new.get(to_is) {
            match found.last_mut() {
                Some(Word::Same(last)) => {
                    let start = last.as_ptr() as usize - now.as_ptr() as usize;
                    let end = same.as_ptr() as usize - now.as_ptr() as usize + same.len();
                    *last = &now[start..end];
                }
                _ => found.push(Word::Same(same)),
            }
        }
        (was, is) = (to_was + 1, to_is + 1);
    }
    found
}

fn key(piece: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let is_space = piece.chars().all(char::is_whitespace);
    (if is_space { " " } else { piece }).hash(&mut hasher);
    hasher.finish()
}

/// Words, what is between them, and single characters of scripts without spaces.
fn pieces(text: &str) -> Vec<&str> {
    let class = |it: char| match it {
        _ if is_unspaced(it) => 0,
        _ if it.is_alphanumeric() => 1,
        _ if it.is_whitespace() => 2,
        _ => 3,
    };
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let of = class(first);
        let alone = of == 0 || of == 3;
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, it)| alone || class(*it) != of);
        let end = end.map_or(rest.len(), |(at, _)| at);
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Word, words_of_change};

    #[test]
    fn words_that_have_changed_are_found() {
        use Word::{Added, Removed, Same};
        let found = words_of_change("Always use 2 keys.", "Never use\n3 keys!");
        let expected = [
            Removed("Always"),
            Added("Never"),
            Same(" use\n"),
            Removed("2"),
            Added("3"),
            Same(" keys"),
            Removed("."),
            Added("!"),
        ];
        assert_eq!(found, expected);
        assert_eq!(words_of_change("a b", "a b"), [Same("a b")]);
        assert_eq!(words_of_change("", "a"), [Added("a")]);
        assert_eq!(
            words_of_change("很安全", "不安全"),
            [Removed("很"), Added("不"), Same("安全")]
        );
    }
}
