//! The fragments by which addresses can point into a page.

use std::borrow::Cow;

use super::tag::attributes;
use super::tokens::{Token, tokens};
use super::unescape;

/// The values of all `id` and `name` attributes of `html`.
pub fn fragments(html: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let is_target = |name: &str| {
        ["id", "name"]
            .iter()
            .any(|it| name.eq_ignore_ascii_case(it))
    };
    tokens(html)
        .filter_map(|(token, _)| match token {
            Token::Start { attributes, .. } => Some(attributes),
            _ => None,
        })
        .flat_map(attributes)
        .filter(move |(name, _)| is_target(name))
        .filter_map(|(_, value)| Some(unescape(value?)))
}

#[cfg(test)]
mod tests {
    use super::fragments;

    #[test]
    fn only_attributes_name_anything() {
        let html = "<p class=x id=\"a\" name='b&amp;c'>id=\"d\" <b data-id=\"e\" ID=f></b></p>";
        assert_eq!(fragments(html).collect::<Vec<_>>(), ["a", "b&c", "f"]);
    }
}
