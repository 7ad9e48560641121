//! Numbers in a text that stand for something stored elsewhere, and the
//! replacement of all stand-ins by the original characters.

use crate::markdown::source::lines::marks;

/// Stands for a line break, which ends no block and is white space.
pub const BREAK: char = '\u{c}';

/// The first byte of every stand-in.
const LEAD: u8 = 0xEF;

/// How many bytes each of them has.
const WIDTH: usize = 3;

const OPEN: [u8; WIDTH] = bytes(marks::OPEN);
const CLOSE: [u8; WIDTH] = bytes(marks::CLOSE);

const fn bytes(mark: char) -> [u8; WIDTH] {
    let mut bytes = [0; WIDTH];
    mark.encode_utf8(&mut bytes);
    bytes
}

/// The position of the next byte with which a stand-in may begin.
pub fn lead(text: &str, from: usize) -> Option<usize> {
    Some(from + memchr::memchr(LEAD, &text.as_bytes()[from..])?)
}

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder {
    /// Where it begins, its stand-ins included.
    pub start: usize,
    /// The number.
    pub number: usize,
    /// Where it ends.
    pub end: usize,
}

/// Appends `number` between its stand-ins.
pub fn push(number: usize, to: &mut String) {
    to.push(marks::OPEN);
    let mut digits = [0; 20];
    let mut left = number;
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    to.extend(digits[at..].iter().map(|digit| char::from(*digit)));
    to.push(marks::CLOSE);
}

/// The first number in `text` from byte `from` on.
pub fn next(text: &str, from: usize) -> Option<Placeholder> {
    let mut at = from;
    loop {
        let start = lead(text, at)?;
        if let Some((number, length)) = number(&text.as_bytes()[start..]) {
            let end = start + length;
            return Some(Placeholder { start, number, end });
        }
        at = start + WIDTH;
    }
}

/// The number at the start of `text`, and its length with its stand-ins.
fn number(text: &[u8]) -> Option<(usize, usize)> {
    let inner = text.strip_prefix(&OPEN)?;
    let mut number: usize = 0;
    let mut length = 0;
    while let Some(digit) = inner.get(length).filter(|byte| byte.is_ascii_digit()) {
        let digit = usize::from(digit - b'0');
        number = number.checked_mul(10)?.checked_add(digit)?;
        length += 1;
    }
    let is_closed = length > 0 && inner[length..].starts_with(&CLOSE);
    is_closed.then_some((number, length + OPEN.len() + CLOSE.len()))
}

/// The number at the start of `text`.
pub fn leading(text: &str) -> Option<Placeholder> {
    text.starts_with(marks::OPEN)
        .then(|| next(text, 0))?
        .filter(|atom| atom.start == 0)
}

/// The number that `text` is, and nothing else.
pub fn only(text: &str) -> Option<usize> {
    let atom = next(text, 0)?;
    (atom.start == 0 && atom.end == text.len()).then_some(atom.number)
}

/// Appends `text` with the original characters for all stand-ins.
pub fn plain(text: &str, to: &mut String) {
    let mut from = 0;
    let mut looked = 0;
    while let Some(at) = memchr::memchr2(LEAD, BREAK as u8, &text.as_bytes()[looked..]) {
        let at = looked + at;
        let Some(character) = text[at..].chars().next() else {
            break;
        };
        looked = at + character.len_utf8();
        let shown = match character {
            marks::BACKSLASH => Some('\\'),
            marks::LESS => Some('<'),
            marks::SPACE => Some(' '),
            marks::GUARD => None,
            BREAK => Some('\n'),
            mark if marks::is_mark(mark) => Some(marks::shown(mark)),
            _ => continue,
        };
        to.push_str(&text[from..at]);
        to.extend(shown);
        from = looked;
    }
    to.push_str(&text[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for number in [0, 9, 10, 4096, usize::MAX] {
            let mut text = String::from("a\u{ff0c}");
            push(number, &mut text);
            let end = text.len();
            text.push_str("b\u{ff0c}");
            let start = "a\u{ff0c}".len();
            assert_eq!(next(&text, 0), Some(Placeholder { start, number, end }));
            assert_eq!(next(&text, end), None);
            assert_eq!(only(&text[start..end]), Some(number));
        }
    }

    #[test]
    fn stand_ins_are_put_back() {
        let mut to = String::new();
        let text = format!(
            "{}a{}b\u{ff0c}{}{BREAK}c",
            marks::GUARD,
            marks::STAR,
            marks::LESS
        );
        plain(&text, &mut to);
        assert_eq!(to, "a*b\u{ff0c}<\nc");
    }
}
