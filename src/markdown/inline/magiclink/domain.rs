//! The domain of a bare address, by which it is recognized as one.

use super::{TRIMMED, is_end, trimmed};
use crate::markdown::source::lines::marks::shown;
use crate::text::is_word;
use crate::work::step;

/// Where a domain ends. All addresses that begin within it end with it, so it
/// is read once for all of them.
pub(super) struct Domain {
    /// Where the letters end that may stand in it.
    pub(super) written: usize,
    /// Where the address ends, if that is before; else the same.
    end: usize,
    /// Where its last two parts begin; `None` where it has not as many.
    tail: Option<usize>,
    /// Whether one of the last two parts has an underscore.
    is_odd: bool,
}

impl Domain {
    /// The domain that stands in `text` from byte `floor` on.
    pub(super) fn new(text: &str, floor: usize) -> Self {
        let is_domain = |it: char| is_word(shown(it)) || matches!(it, '-' | '.');
        let length = text[floor..].find(|it| !is_domain(it));
        let written = length.map_or(text.len(), |length| floor + length);
        let behind = punctuation(&text[written..]);
        step(written - floor + behind);
        // What is trimmed may reach into the domain only where nothing else
        // follows.
        let whole = &text[floor..written + behind];
        let is_last = text[written + behind..].chars().next().is_none_or(is_end);
        let end = if is_last {
            written.min(floor + trimmed(whole, whole))
        } else {
            written
        };
        let domain = &text[floor..end];
        let mut dots = domain.rmatch_indices('.').map(|(at, _)| floor + at + 1);
        let tail = dots.nth(1);
        Self {
            written,
            end,
            tail,
            is_odd: has_underscore(&text[tail.unwrap_or(floor)..end]),
        }
    }

    /// Whether no address has the part of this domain from byte `floor` on: an
    /// underscore stands in its last two parts.
    pub(super) fn is_odd(&self, text: &str, floor: usize) -> bool {
        if self.tail.is_some_and(|tail| floor <= tail) {
            return self.is_odd;
        }
        // Few begin so late, for each brings dots of its own.
        let domain = text.get(floor..self.end).unwrap_or("");
        step(domain.len());
        has_underscore(domain)
    }
}

fn has_underscore(domain: &str) -> bool {
    domain.chars().any(|it| shown(it) == '_')
}

/// How much of the start of `text` may be trimmed from an address that ends
/// behind it: punctuation, closing brackets and entities.
fn punctuation(text: &str) -> usize {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match shown(first) {
            ';' | ')' | ']' => 1,
            mark if TRIMMED.contains(mark) => first.len_utf8(),
            '&' => {
                let name = rest[1..].trim_start_matches(char::is_alphanumeric);
                match name.strip_prefix(';') {
                    Some(behind) => rest.len() - behind.len(),
                    None => break,
                }
            }
            _ => break,
        };
        rest = &rest[length..];
    }
    text.len() - rest.len()
}
