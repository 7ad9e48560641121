//! Removes what pages do not need from a pack's SVG.

use crate::html::{Escape, Token, attributes, tokens};

/// Attributes that are removed. Ids would not be unique on a page that has the
/// same icon twice; the others are up to the style sheet and the text around the
/// icon.
const DROPPED: [&str; 7] = [
    "id",
    "role",
    "class",
    "width",
    "height",
    "aria-hidden",
    "xmlns",
];

/// The SVG with `xmlns` first, and without title, comments, colour and [`DROPPED`]
/// attributes. The drawing itself stays as it is.
pub(super) fn clean(svg: &str) -> String {
    let mut clean = String::with_capacity(svg.len());
    let mut in_title = false;
    for (token, range) in tokens(svg) {
        match token {
            Token::Start {
                name: "title",
                closed,
                ..
            } => in_title = !closed,
            Token::End { name: "title" } => in_title = false,
            _ if in_title => {}
            Token::Start {
                name,
                attributes,
                closed,
            } => clean_tag(name, attributes, closed, &mut clean),
            Token::Text(text) => clean.push_str(text.trim()),
            Token::Comment(_) => {}
            Token::End { .. } | Token::Other(_) => clean.push_str(&svg[range]),
        }
    }
    clean
}

fn clean_tag(name: &str, source: &str, is_closed: bool, clean: &mut String) {
    let is_root = name == "svg";
    clean.push('<');
    clean.push_str(name);
    if is_root {
        clean.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    for (attribute, value) in attributes(source) {
        // In HTML and SVG, no value is an empty one.
        let value = value.unwrap_or_default();
        let is_colour = attribute == "fill" && (is_root || value == "currentColor");
        if !is_colour && !DROPPED.contains(&attribute) {
            clean.extend([" ", attribute, "=\""]);
            Escape::QUOTES.append(value, clean);
            clean.push('"');
        }
    }
    clean.push_str(if is_closed { "/>" } else { ">" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_drawing_only() {
        for (svg, expected) in [
            (
                r#"<svg role="img" viewBox="0 0 24 24" xmlns="x"><title>A > B</title><path d="M0 0"/></svg>"#,
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0"/></svg>"#,
            ),
            (
                "<svg fill=\"none\" id=\"a\" viewBox=\"0 0 1 1\">\n <!-- > -->\n <path fill-rule=\"evenodd\" fill=\"currentColor\" d=\"M1\" />\n</svg>\n",
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill-rule="evenodd" d="M1"/></svg>"#,
            ),
            (
                r#"<svg viewBox="0 0 1 1"><g fill="none"><path d="M1"></path></g></svg>"#,
                r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g fill="none"><path d="M1"></path></g></svg>"#,
            ),
        ] {
            assert_eq!(clean(svg), expected);
        }
    }

    #[test]
    fn survives_broken_text() {
        for text in [
            "",
            "<",
            "<svg",
            "<svg a=\"",
            "<!--",
            "<title>",
            "a<b>c",
            "<svg x=\"1\"é",
            "=\"\">",
        ] {
            let _ = clean(text);
        }
    }
}
