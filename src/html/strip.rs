//! HTML without its tags.

use super::entity::unescape;
use super::tag::{Dialect, Tags};

/// The text of an HTML fragment without its tags and comments, white space
/// collapsed; entities stay.
pub fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut tags = Tags::of(html, Dialect::PythonMarkdown);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = tags.length(rest);
        let length = length.unwrap_or_else(|| {
            text.push('<');
            1
        });
        rest = &rest[length..];
    }
    text.push_str(rest);
    collapsed(&text)
}

/// Text without tags and comments, its white space collapsed and its entities
/// resolved, as MarkupSafe's `striptags` has it: whatever stands between `<`
/// and `>` is a tag; one that does not end is text, and what stands behind it
/// too.
pub fn striptags(html: &str) -> String {
    let mut found = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        let end = match tag.strip_prefix("<!--") {
            Some(comment) => comment.find("-->").map(|at| at + 7),
            None => tag.find('>').map(|at| at + 1),
        };
        let Some(end) = end else { break };
        found.push_str(&rest[..start]);
        rest = &tag[end..];
    }
    found.push_str(rest);
    unescape(&collapsed(&found)).into_owned()
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
