//! Conditional and range requests for files with an entity tag (RFC 9110,
//! sections 13 and 14).

use std::ops::Range;

use axum::http::{HeaderMap, HeaderName, Method, header};

/// How to answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// With the whole file.
    Whole,
    /// With these bytes; there is at least one.
    Part(Range<u64>),
    /// Without a body: the client already has this version.
    NotModified,
    /// Without a body: the client requires another version.
    Failed,
    /// Without a body: the range is outside of the file.
    NoSuchPart,
}

/// Evaluates the conditions of a request in the order given by the standard.
/// `tag` is a strong tag with its quotes; `size` is in bytes.
pub(super) fn weigh(method: &Method, headers: &HeaderMap, tag: &str, size: u64) -> Verdict {
    if headers.contains_key(header::IF_MATCH)
        && !names(headers, &header::IF_MATCH, tag, Comparison::Strong)
    {
        return Verdict::Failed;
    }
    if names(headers, &header::IF_NONE_MATCH, tag, Comparison::Weak) {
        return Verdict::NotModified;
    }
    // The standard defines ranges for GET only.
    if *method != Method::GET || !is_of_range(headers, tag) {
        return Verdict::Whole;
    }
    let mut sent = headers.get_all(header::RANGE).iter();
    match (sent.next(), sent.next()) {
        (Some(range), None) => range
            .to_str()
            .ok()
            .and_then(|range| part(range, size))
            .unwrap_or(Verdict::Whole),
        _ => Verdict::Whole,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// Equal, and both strong.
    Strong,
    /// Equal, whether weak or strong.
    Weak,
}

/// Whether a header matches the tag, by naming it or by `*`.
fn names(headers: &HeaderMap, name: &HeaderName, tag: &str, comparison: Comparison) -> bool {
    let mut sent = headers.get_all(name).iter();
    sent.any(|value| {
        let value = value.as_bytes().trim_ascii();
        value == b"*"
            || Tags(value).any(|(is_weak, sent)| {
                sent == tag.as_bytes() && !(is_weak && comparison == Comparison::Strong)
            })
    })
}

/// The tags in a list, each with whether it is weak, up to the first thing that
/// is not a tag. A tag may contain commas.
struct Tags<'a>(&'a [u8]);

impl<'a> Iterator for Tags<'a> {
    type Item = (bool, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let is_separator = |byte: &u8| matches!(byte, b',' | b' ' | b'\t');
        let start = self.0.iter().position(|byte| !is_separator(byte))?;
        let rest = &self.0[start..];
        let weak = rest.strip_prefix(b"W/");
        let quoted = weak.unwrap_or(rest);
        let inner = quoted.strip_prefix(b"\"")?;
        let end = inner.iter().position(|byte| *byte == b'"')?;
        let (tag, rest) = quoted.split_at(end + 2);
        self.0 = rest;
        Some((weak.is_some(), tag))
    }
}

/// Whether the file is still the version that the client has a part of. We send
/// no dates, so a date never matches.
fn is_of_range(headers: &HeaderMap, tag: &str) -> bool {
    let mut sent = headers.get_all(header::IF_RANGE).iter();
    sent.all(|sent| sent.as_bytes().trim_ascii() == tag.as_bytes())
}

/// Parses a `Range` header. `None` if it must be ignored: it is malformed, its
/// unit is not bytes, or it has several ranges, which no browser sends.
fn part(range: &str, size: u64) -> Option<Verdict> {
    let (unit, wanted) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut parts = wanted.split(',').map(str::trim);
    let mut parts = parts.by_ref().filter(|part| !part.is_empty());
    let (wanted, None) = (parts.next()?, parts.next()) else {
        return None;
    };
    let (first, last) = wanted.split_once('-')?;
    if first.is_empty() {
        let length = number(last)?;
        return Some(match (length, size) {
            (0, _) => Verdict::NoSuchPart,
            // An empty file is sent whole.
            (_, 0) => Verdict::Whole,
            _ => Verdict::Part(size.saturating_sub(length)..size),
        });
    }
    let first = number(first)?;
    let end = match last {
        "" => size,
        last => {
            let last = number(last)?;
            if last < first {
                return None;
            }
            last.saturating_add(1).min(size)
        }
    };
    Some(if first < size {
        Verdict::Part(first..end)
    } else {
        Verdict::NoSuchPart
    })
}

/// Parses a number that consists of digits only; it saturates.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::Verdict::{Failed, NoSuchPart, NotModified, Part, Whole};
    use super::{Verdict, weigh};

    const TAG: &str = "\"a,b\"";

    fn asked(method: &Method, headers: &[(&str, &str)], size: u64) -> Verdict {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a value");
            all.append(name, value);
        }
        weigh(method, &all, TAG, size)
    }

    #[test]
    fn tags_are_compared_as_the_standard_says() {
        for (name, value, verdict) in [
            ("if-none-match", "\"a,b\"", NotModified),
            ("if-none-match", "*", NotModified),
            ("if-none-match", " * ", NotModified),
            ("if-none-match", "W/\"a,b\"", NotModified),
            ("if-none-match", "\"x\", W/\"y\",\"a,b\"", NotModified),
            ("if-none-match", ",, \"x\" ,\t\"a,b\" ,", NotModified),
            ("if-none-match", "\"x\"\"a,b\"", NotModified),
            ("if-none-match", "\"*\"", Whole),
            ("if-none-match", "a,b", Whole),
            ("if-none-match", "\"a", Whole),
            ("if-none-match", "w/\"a,b\"", Whole),
            ("if-none-match", "\"b\", \"a\"", Whole),
            ("if-none-match", "x \"a,b\"", Whole),
            ("if-none-match", "\"\u{fc}\", \"a,b\"", NotModified),
            ("if-none-match", "", Whole),
            ("if-match", "*", Whole),
            ("if-match", "\"x\", \"a,b\"", Whole),
            ("if-match", "W/\"a,b\"", Failed),
            ("if-match", "\"x\"", Failed),
            ("if-match", "", Failed),
        ] {
            for method in [Method::GET, Method::HEAD] {
                let found = asked(&method, &[(name, value)], 10);
                assert_eq!(found, verdict, "{method} {name}: {value}");
            }
        }
        let twice = [("if-none-match", "\"x\""), ("if-none-match", "\"a,b\"")];
        assert_eq!(asked(&Method::GET, &twice, 10), NotModified);
        // A client that has the whole file needs no part of it.
        let both = [("if-none-match", "*"), ("range", "bytes=0-1")];
        assert_eq!(asked(&Method::GET, &both, 10), NotModified);
    }

    #[test]
    fn parts_are_what_was_asked_for_or_all() {
        for (range, size, verdict) in [
            ("bytes=0-0", 10, Part(0..1)),
            ("bytes=2-", 10, Part(2..10)),
            ("bytes=2-4", 10, Part(2..5)),
            ("bytes=2-400", 10, Part(2..10)),
            ("BYTES = 2-4", 10, Part(2..5)),
            ("bytes=,2-4,", 10, Part(2..5)),
            ("bytes=-3", 10, Part(7..10)),
            ("bytes=-30", 10, Part(0..10)),
            ("bytes=9-", 10, Part(9..10)),
            ("bytes=0-99999999999999999999999", 10, Part(0..10)),
            ("bytes=10-", 10, NoSuchPart),
            ("bytes=10-20", 10, NoSuchPart),
            ("bytes=-0", 10, NoSuchPart),
            ("bytes=99999999999999999999999-", 10, NoSuchPart),
            ("bytes=0-", 0, NoSuchPart),
            ("bytes=-5", 0, Whole),
            ("bytes=4-2", 10, Whole),
            ("bytes=0-1,3-4", 10, Whole),
            ("bytes=", 10, Whole),
            ("bytes=-", 10, Whole),
            ("bytes=a-b", 10, Whole),
            ("bytes=+1-2", 10, Whole),
            ("bytes=1 - 2", 10, Whole),
            ("bytes=--2", 10, Whole),
            ("lines=0-1", 10, Whole),
            ("0-1", 10, Whole),
        ] {
            let found = asked(&Method::GET, &[("range", range)], size);
            assert_eq!(found, verdict, "{range} of {size}");
            // Only a GET asks for parts.
            let found = asked(&Method::HEAD, &[("range", range)], size);
            assert_eq!(found, Whole, "{range} of {size}");
        }
        let twice = [("range", "bytes=0-1"), ("range", "bytes=0-1")];
        assert_eq!(asked(&Method::GET, &twice, 10), Whole);
    }

    #[test]
    fn a_part_belongs_to_what_the_sender_has() {
        for (value, verdict) in [
            (TAG, Part(0..2)),
            ("\"x\"", Whole),
            ("W/\"a,b\"", Whole),
            ("Sat, 29 Oct 1994 19:43:31 GMT", Whole),
            ("*", Whole),
        ] {
            let headers = [("range", "bytes=0-1"), ("if-range", value)];
            assert_eq!(asked(&Method::GET, &headers, 10), verdict, "{value}");
        }
    }
}
