//! HTML without its tags.

use super::tag::Tags;

/// The text of an HTML fragment without its tags and comments, white space
/// collapsed; entities stay.
pub fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut tags = Tags::of(html);
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
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
