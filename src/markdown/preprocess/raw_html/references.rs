use crate::work::step;

/// Where the first numeric reference without a `;` ends in `text`. The parser
/// of the reference adds the `;`, in code as well; named references it leaves
/// alone.
pub(super) fn open_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'&', &bytes[from..])?;
        from = at + 1;
        if bytes.get(from) != Some(&b'#') {
            continue;
        }
        let (digits, is_digit): (usize, fn(&u8) -> bool) = match bytes.get(from + 1) {
            Some(b'x' | b'X') => (from + 2, u8::is_ascii_hexdigit),
            _ => (from + 1, u8::is_ascii_digit),
        };
        let length = bytes[digits..].iter().take_while(|it| is_digit(it)).count();
        step(length);
        from = digits + length;
        let is_open = |next: &u8| *next != b';' && !next.is_ascii_hexdigit();
        if length > 0 && bytes.get(from).is_none_or(is_open) {
            return Some(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::open_end;

    #[test]
    fn only_whole_numeric_references_are_closed() {
        for (text, end) in [
            ("a &#60 b", Some(6)),
            ("`&#x3c`", Some(6)),
            ("&#60; &#61.", Some(10)),
            ("&#60", Some(4)),
            ("&#60; &#x3C; &lt &amp &# &#x &#;", None),
            ("&#60a", None),
            ("a & b", None),
        ] {
            assert_eq!(open_end(text), end, "{text}");
        }
    }
}
