//! What the fragments of addresses can name.

use super::tag::attributes;
use super::tokens::{Token, tokens};
use super::unescape;

/// The values of all `id` and `name` attributes of `html`.
pub fn fragments(html: &str) -> impl Iterator<Item = String> {
    let written = tokens(html).filter_map(|(token, _)| match token {
        Token::Start { attributes, .. } => Some(attributes),
        _ => None,
    });
    let values = written.flat_map(|written| {
        let is_named = |name: &str| {
            ["id", "name"]
                .iter()
                .any(|it| name.eq_ignore_ascii_case(it))
        };
        attributes(written).filter_map(move |(name, value)| value.filter(|_| is_named(name)))
    });
    values.map(|value| unescape(value).into_owned())
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
