//! HTML without its tags.

use super::entity::unescape;
use super::tag::{Dialect, Tags};
use super::tokens::{Token, tokens};
use crate::text::collapsed;

/// HTML without tags and comments and with its white space collapsed. Entities
/// stay as they are.
pub fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut tags = Tags::of(html, Dialect::PythonMarkdown);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = tags.length(rest).or_else(|| instruction(rest));
        let length = length.unwrap_or_else(|| {
            text.push('<');
            1
        });
        rest = &rest[length..];
    }
    text.push_str(rest);
    collapsed(&text)
}

/// HTML without its links, whose content stays, for places that are links themselves.
pub fn without_links(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    for (token, range) in tokens(html) {
        let is_link = match token {
            Token::Start { name, .. } | Token::End { name } => name.eq_ignore_ascii_case("a"),
            _ => false,
        };
        if !is_link {
            text.push_str(&html[range]);
        }
    }
    text
}

/// The length of the processing instruction or `CDATA` section at the start of `rest`.
fn instruction(rest: &str) -> Option<usize> {
    [("<?", "?>"), ("<![CDATA[", "]]>")]
        .into_iter()
        .find_map(|(open, close)| {
            let inner = rest.strip_prefix(open)?;
            // One that is not closed before the next begins is text.
            let until = inner.find(open).unwrap_or(inner.len());
            let end = inner[..until].find(close)?;
            Some(open.len() + end + close.len())
        })
}

/// MarkupSafe's `striptags`: text without tags and comments, with its white
/// space collapsed and its entities resolved. Whatever is between `<` and `>`
/// is a tag; a tag without an end is text, and so is everything after it.
pub fn striptags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        let end = match tag.strip_prefix("<!--") {
            Some(comment) => comment.find("-->").map(|at| at + 7),
            None => tag.find('>').map(|at| at + 1),
        };
        let Some(end) = end else { break };
        text.push_str(&rest[..start]);
        rest = &tag[end..];
    }
    text.push_str(rest);
    unescape(&collapsed(&text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::strip_tags;

    /// As `strip_tags` of the extension `toc` of Python-Markdown 3.11.
    #[test]
    fn instructions_are_no_text() {
        for (html, expected) in [
            (
                "<?xml version=\"1.0\"?><!DOCTYPE svg><svg/>a",
                "<!DOCTYPE svg>a",
            ),
            ("<? a <? b ?> c", "<? a c"),
            ("<?> b", "<?> b"),
            ("<![CDATA[ <b> ]]> c", "c"),
            ("<![CDATA[ a", "<![CDATA[ a"),
        ] {
            assert_eq!(strip_tags(html), expected, "{html}");
        }
    }
}
