//! HTML as a row of tokens, split as Python's `html.parser` splits it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use crate::work::step;

/// One piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<name ..>`.
    Start {
        /// The name, as written.
        name: &'a str,
        /// What stands behind the name, up to `>` or `/>`.
        attributes: &'a str,
        /// Whether it ends in `/>`.
        closed: bool,
    },
    /// `</name>`.
    End {
        /// The name, as written.
        name: &'a str,
    },
    /// Text, its entities as written.
    Text(&'a str),
    /// `<!-- .. -->`, delimiters included.
    Comment(&'a str),
    /// A declaration or processing instruction, delimiters included.
    Other(&'a str),
}

/// The tokens of `html` with their bytes, in order and without gaps.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element whose text is not HTML, such as `script`.
    raw: Option<&'a str>,
    /// Behind it no tag ends.
    last_end: usize,
    /// For each byte the ways of reading a start tag, as bits, that lead from
    /// there to no end; empty until a tag has none.
    unclosed: Vec<u8>,
}

/// The tokens of `html`.
pub fn tokens(html: &str) -> Tokens<'_> {
    Tokens {
        html,
        at: 0,
        raw: None,
        last_end: html.rfind('>').unwrap_or(0),
        unclosed: Vec::new(),
    }
}

impl<'a> Iterator for Tokens<'a> {
    /// A token and where it begins and ends.
    type Item = (Token<'a>, std::ops::Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.html.get(start..).filter(|rest| !rest.is_empty())?;
        let (token, length) = match self.raw.take() {
            Some(name) => match raw_end(rest, name) {
                0 => self.markup(rest).unwrap_or((Token::Text(rest), rest.len())),
                end => (Token::Text(&rest[..end]), end),
            },
            None => self.markup(rest).unwrap_or_else(|| {
                let end = text_end(rest);
                (Token::Text(&rest[..end]), end)
            }),
        };
        if let Token::Start {
            name,
            closed: false,
            ..
        } = token
            && ["script", "style"]
                .iter()
                .any(|raw| name.eq_ignore_ascii_case(raw))
        {
            self.raw = Some(name);
        }
        self.at = start + length;
        Some((token, start..self.at))
    }
}

/// Where the end tag of a raw element stands.
fn raw_end(rest: &str, name: &str) -> usize {
    let bytes = rest.as_bytes();
    let is_end = |at: &usize| {
        let behind = bytes.get(at + 2..at + 2 + name.len());
        behind.is_some_and(|behind| behind.eq_ignore_ascii_case(name.as_bytes()))
    };
    let mut ends = rest.match_indices("</").map(|(at, _)| at);
    ends.find(is_end).unwrap_or(rest.len())
}

/// Where text ends: before the next `<` that begins markup.
fn text_end(rest: &str) -> usize {
    let mut from = rest.chars().next().map_or(1, char::len_utf8);
    while let Some(at) = rest.get(from..).and_then(|rest| rest.find('<')) {
        let at = from + at;
        let begins = rest
            .as_bytes()
            .get(at + 1)
            .is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
        if begins {
            return at;
        }
        from = at + 1;
    }
    rest.len()
}

impl<'a> Tokens<'a> {
    /// The markup that `rest`, which ends with the text, begins with.
    fn markup(&mut self, rest: &'a str) -> Option<(Token<'a>, usize)> {
        let bytes = rest.as_bytes();
        if bytes.first() != Some(&b'<') {
            return None;
        }
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |at| at + 3);
            return Some((Token::Comment(&rest[..end]), end));
        }
        if self.html.len() - rest.len() > self.last_end {
            return None;
        }
        match bytes.get(1)? {
            b'!' | b'?' => {
                let end = rest.find('>')? + 1;
                Some((Token::Other(&rest[..end]), end))
            }
            b'/' => {
                let end = rest.find('>')? + 1;
                let name = rest[2..end - 1].trim();
                Some((Token::End { name }, end))
            }
            first if first.is_ascii_alphabetic() => {
                let end = self.tag_end(rest)?;
                let name_end = bytes[1..end]
                    .iter()
                    .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
                    .map_or(end, |at| at + 1);
                let inner = &rest[name_end..end];
                let closed = inner.ends_with('/');
                let attributes = inner.strip_suffix('/').unwrap_or(inner);
                let name = &rest[1..name_end];
                let token = Token::Start {
                    name,
                    attributes,
                    closed,
                };
                Some((token, end + 1))
            }
            _ => None,
        }
    }

    /// Where the `>` of a start tag stands, quotes passed over. What leads to
    /// none is remembered, so that a text of tags that never end is read once.
    fn tag_end(&mut self, rest: &str) -> Option<usize> {
        let offset = self.html.len() - rest.len();
        let mut quote = None;
        let mut behind_equals = false;
        let mut end = rest.len();
        for (at, byte) in rest.bytes().enumerate().skip(1) {
            step(1);
            if self
                .unclosed
                .get(offset + at)
                .is_some_and(|known| known & way(quote, behind_equals) != 0)
            {
                end = at;
                break;
            }
            match (quote, byte) {
                (None, b'>') => return Some(at),
                (quote_now, byte) => quote = quoted(quote_now, byte, behind_equals),
            }
            if !byte.is_ascii_whitespace() {
                behind_equals = byte == b'=';
            }
        }
        // Once more, now that it is known to lead nowhere.
        self.unclosed.resize(self.html.len(), 0);
        (quote, behind_equals) = (None, false);
        for (at, byte) in rest.bytes().enumerate().take(end).skip(1) {
            self.unclosed[offset + at] |= way(quote, behind_equals);
            quote = quoted(quote, byte, behind_equals);
            if !byte.is_ascii_whitespace() {
                behind_equals = byte == b'=';
            }
        }
        None
    }
}

/// The quote that is open behind `byte`.
fn quoted(open: Option<u8>, byte: u8, behind_equals: bool) -> Option<u8> {
    match open {
        Some(open) if byte == open => None,
        None if behind_equals && matches!(byte, b'"' | b'\'') => Some(byte),
        open => open,
    }
}

/// A bit for each way in which a start tag is read.
fn way(quote: Option<u8>, behind_equals: bool) -> u8 {
    let nth = match quote {
        None => 0,
        Some(b'"') => 2,
        Some(_) => 4,
    };
    1 << (nth + u8::from(behind_equals))
}

/// The attributes of a start tag: names as written, values without quotes,
/// entities as written; `None` for a name alone.
pub fn attributes(written: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = written;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/')
            .unwrap_or(rest.len());
        if rest.is_empty() {
            return None;
        }
        // A stray `=` is a name of its own to nobody; it is passed over.
        let end = end.max(1);
        let (name, behind) = rest.split_at(
            rest.char_indices()
                .nth(1)
                .map_or(end, |(one, _)| end.max(one)),
        );
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            rest = behind;
            return Some((name, None));
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, behind) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(
                value
                    .find(|c: char| c.is_ascii_whitespace())
                    .unwrap_or(value.len()),
            ),
        };
        rest = behind;
        Some((name, Some(value)))
    })
}

/// The value of one attribute, entities resolved.
pub fn attribute<'a>(written: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, value) = attributes(written).find(|(found, _)| found.eq_ignore_ascii_case(name))?;
    Some(unescape(value.unwrap_or_default()))
}

/// Text without entities.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        found.push_str(&rest[..at]);
        rest = &rest[at..];
        // No entity has a name of more than 32 bytes.
        let end = rest.bytes().take(40).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(&rest[..=end])?, end))) {
            Some((characters, end)) => {
                found.push_str(&characters);
                rest = &rest[end + 1..];
            }
            None => {
                found.push('&');
                rest = &rest[1..];
            }
        }
    }
    found.push_str(rest);
    found.into()
}

/// What an entity, `&` and `;` included, stands for.
fn entity(written: &str) -> Option<Cow<'static, str>> {
    static NAMED: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    let Some(number) = written[1..written.len() - 1].strip_prefix('#') else {
        let named = NAMED.get_or_init(|| {
            let known = entities::ENTITIES.iter();
            known.map(|it| (it.entity, it.characters)).collect()
        });
        return named.get(written).map(|it| (*it).into());
    };
    let point = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(point).map(|it| it.to_string().into())
}

/// Text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_into_tokens() {
        let html =
            "a < b<p class=\"x>y\" data-a id=z>t&amp;u<br/><!-- <b> --><script>1</b></script></P>&";
        let found: Vec<Token> = tokens(html).map(|(token, _)| token).collect();
        assert_eq!(found[0], Token::Text("a < b"));
        let Token::Start {
            name,
            attributes: written,
            closed,
        } = found[1]
        else {
            panic!("{found:?}");
        };
        assert_eq!((name, closed), ("p", false));
        let pairs: Vec<_> = attributes(written).collect();
        assert_eq!(
            pairs,
            [("class", Some("x>y")), ("data-a", None), ("id", Some("z"))]
        );
        assert_eq!(found[2], Token::Text("t&amp;u"));
        assert!(matches!(
            found[3],
            Token::Start {
                name: "br",
                closed: true,
                ..
            }
        ));
        assert_eq!(found[4], Token::Comment("<!-- <b> -->"));
        assert_eq!(found[6], Token::Text("1</b>"));
        assert_eq!(found[8], Token::End { name: "P" });
        assert_eq!(found[9], Token::Text("&"));
        let whole: usize = tokens(html).map(|(_, range)| range.len()).sum();
        assert_eq!(whole, html.len());
        assert_eq!(unescape("&lt;&#x41;&#66;&nope;&"), "<AB&nope;&");
    }

    #[test]
    fn reads_anything() {
        for html in [
            "<",
            "<a",
            "<a b='",
            "</",
            "<!",
            "<!--",
            "< =",
            "<a =b = >",
            "<é>",
            "&#x110000;",
        ] {
            let whole: usize = tokens(html).map(|(_, range)| range.len()).sum();
            assert_eq!(whole, html.len(), "{html}");
            assert!(attributes(html).count() < 9);
            unescape(html);
        }
    }
}
