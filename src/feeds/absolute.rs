use crate::html::{Escape, Token, attributes, tokens, unescape};
use crate::url;

/// The attributes with addresses.
const ADDRESSES: [&str; 5] = ["href", "src", "poster", "data-src", "cite"];

/// HTML of the page at `page` with links that lead to the same places from anywhere.
pub fn with_absolute_links(html: &str, page: &str) -> String {
    let mut changed = String::with_capacity(html.len());
    for (token, range) in tokens(html) {
        let written = &html[range];
        match token {
            Token::Start {
                name,
                attributes: of_tag,
                closed,
            } if ADDRESSES.iter().any(|it| of_tag.contains(it)) => {
                changed.push('<');
                changed.push_str(name);
                for (name, value) in attributes(of_tag) {
                    changed.push(' ');
                    changed.push_str(name);
                    let Some(value) = value else {
                        continue;
                    };
                    changed.push_str("=\"");
                    if ADDRESSES.contains(&name) {
                        let address = url::join(page, unescape(value).trim());
                        Escape::QUOTED.append(&address, &mut changed);
                    } else {
                        Escape::QUOTES.append(value, &mut changed);
                    }
                    changed.push('"');
                }
                changed.push_str(if closed { " />" } else { ">" });
            }
            _ => changed.push_str(written),
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::with_absolute_links;

    #[test]
    fn links_lead_to_the_same_places_from_anywhere() {
        let page = "https://example.org/docs/a/";
        for (html, expected) in [
            (
                "<p><a href=\"../b/?x=1&amp;y#c\">b</a> <img alt=\"\" src=\"c.png\" /></p>",
                "<p><a href=\"https://example.org/docs/b/?x=1&amp;y#c\">b</a> \
                 <img alt=\"\" src=\"https://example.org/docs/a/c.png\" /></p>",
            ),
            (
                "<a href='#x' hidden>x</a>",
                "<a href=\"https://example.org/docs/a/#x\" hidden>x</a>",
            ),
            (
                "<a href=\"mailto:a@b\">x</a>",
                "<a href=\"mailto:a@b\">x</a>",
            ),
            ("<pre>href=\"a\" &lt;</pre>", "<pre>href=\"a\" &lt;</pre>"),
        ] {
            assert_eq!(with_absolute_links(html, page), expected);
        }
    }
}
