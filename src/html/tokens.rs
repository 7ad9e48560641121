//! HTML as a sequence of tokens, split as Python's `html.parser` splits it.

use memchr::memchr;

use super::tag::{Dialect, Tags, raw_text_length};
use crate::work::step;

/// One piece of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `<name ..>`.
    Start {
        /// The name, as written.
        name: &'a str,
        /// The text between the name and `>` or `/>`.
        attributes: &'a str,
        /// Whether it ends with `/>`.
        closed: bool,
    },
    /// `</name>`.
    End {
        /// The name, as written.
        name: &'a str,
    },
    /// Text, with entities as written.
    Text(&'a str),
    /// `<!-- .. -->`, delimiters included.
    Comment(&'a str),
    /// A declaration or processing instruction, delimiters included.
    Other(&'a str),
}

/// An iterator over the tokens of HTML and their byte ranges, which have no
/// gaps.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element, such as `script`, whose text comes next and is not HTML.
    raw: Option<&'a str>,
    tags: Tags,
}

/// The tokens of `html`.
pub fn tokens(html: &str) -> Tokens<'_> {
    Tokens {
        html,
        at: 0,
        raw: None,
        tags: Tags::of(html, Dialect::Html),
    }
}

impl<'a> Iterator for Tokens<'a> {
    /// A token and its byte range.
    type Item = (Token<'a>, std::ops::Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.html.get(start..).filter(|rest| !rest.is_empty())?;
        let (token, length) = match self.raw.take() {
            Some(name) => match raw_text_length(rest, name) {
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

/// The end of the text at the start of `rest`: before the next `<` that begins
/// markup.
fn text_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut from = 1;
    while let Some(at) = bytes.get(from..).and_then(|rest| memchr(b'<', rest)) {
        let at = from + at;
        let begins_markup = bytes
            .get(at + 1)
            .is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?'));
        if begins_markup {
            step(at);
            return at;
        }
        from = at + 1;
    }
    step(rest.len());
    rest.len()
}

impl<'a> Tokens<'a> {
    /// The markup at the start of `rest`, the remainder of the HTML, and its
    /// length.
    fn markup(&mut self, rest: &'a str) -> Option<(Token<'a>, usize)> {
        let inner = rest.strip_prefix('<')?;
        if rest.starts_with("<!--") {
            // A comment without an end extends to the end, as in browsers.
            let end = self.tags.comment(rest).unwrap_or(rest.len());
            step(end);
            return Some((Token::Comment(&rest[..end]), end));
        }
        if inner.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let tag = self.tags.start(rest)?;
            let token = Token::Start {
                name: tag.name,
                attributes: tag.attributes,
                closed: tag.is_closed,
            };
            return Some((token, tag.length));
        }
        if let Some((name, end)) = self.tags.end(rest) {
            return Some((Token::End { name }, end));
        }
        if !inner.starts_with(['/', '!', '?']) || !self.tags.may_end(rest) {
            return None;
        }
        let end = memchr(b'>', rest.as_bytes())? + 1;
        step(end);
        Some((Token::Other(&rest[..end]), end))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{attribute, attributes};
    use super::*;
    use crate::work::steps_of;

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
        }
    }

    #[test]
    fn attributes_end_with_their_values() {
        for (html, expected) in [
            ("<a b=c/>", vec![("b", Some("c/"))]),
            ("<a b = 'c d' e/>", vec![("b", Some("c d")), ("e", None)]),
            ("<a b=x=\"y z>", vec![("b", Some("x=\"y")), ("z", None)]),
            ("<a b==c>", vec![("b", Some("c"))]),
            ("<a b= >", vec![("b", Some(""))]),
            ("<a/b=\"x>y\"/>", vec![("b", Some("x>y"))]),
            ("<a `b`>", vec![("`b`", None)]),
        ] {
            let (token, range) = tokens(html).next().expect("a token");
            let Token::Start {
                attributes: written,
                ..
            } = token
            else {
                panic!("{html}: {token:?}");
            };
            assert_eq!(range.len(), html.len(), "{html}");
            assert_eq!(attributes(written).collect::<Vec<_>>(), expected, "{html}");
        }
        assert_eq!(attribute("a B='&amp;'", "b").as_deref(), Some("&"));
        assert_eq!(attribute("a B='&amp;'", "a").as_deref(), Some(""));
        assert_eq!(attribute("a", "b"), None);
    }

    #[test]
    fn time_is_linear_in_the_length() {
        for (first, second, end) in [
            ("<a b=\"", ">", ""),
            ("<a b=\"", "", ""),
            ("<a b='\"", "'>", ""),
            ("<a b='", "<a b=\"", ""),
            ("<a =\"'", "\"'>", ""),
            ("<a b ", "", ""),
            ("<a ", ">", ""),
            ("<!--", "", ""),
            ("<!-- -- >", "-->", ""),
            ("<!", "", ""),
            ("<?", ">", ""),
            ("</", ">", ""),
            ("</a", "", ""),
            ("<script>", "", ""),
            ("<script></scrip", "t>", ""),
            ("<", ">", ""),
            ("<a", "", " b=\">"),
            ("<a ", "", " b=\">"),
            ("<a b=c", "", " b='>"),
        ] {
            let steps = |count: usize| {
                let html = first.repeat(count) + &second.repeat(count) + end;
                steps_of(|| tokens(&html).count())
            };
            let (once, twice) = (steps(2_000), steps(4_000));
            assert!(
                twice <= once * 2 + 100,
                "{first} {second} {end}: {once} {twice}"
            );
        }
    }
}
