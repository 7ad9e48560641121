//! `data-src`: the lines of its file that a block comes from, as an attribute
//! of its HTML. Pages have them while they are served.

use crate::html::{self, Token};

/// The attribute `data-src` for a block that comes from these lines.
pub fn source_attribute(first: u32, last: u32) -> String {
    if first < last {
        format!(" data-src=\"{first}-{last}\"")
    } else {
        format!(" data-src=\"{first}\"")
    }
}

/// `html` with `data-src` in its first tag, if it begins with one.
pub fn with_source(html: String, first: u32, last: u32) -> String {
    let Some(rest) = html.strip_prefix('<') else {
        return html;
    };
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    // Where a line ends behind the name, the element is part of a paragraph, which it must
    // stay.
    if length == 0 || rest[length..].starts_with('\n') {
        return html;
    }
    let (name, rest) = rest.split_at(length);
    format!("<{name}{}{rest}", source_attribute(first, last))
}

/// What an attribute with source lines begins with.
const MARK: &str = " data-src=\"";

/// HTML of pages without their source lines, as a build writes it.
pub fn without_source_lines(page: &str) -> String {
    let mut built = String::with_capacity(page.len());
    let mut kept = 0;
    for (token, range) in html::tokens(page) {
        if !matches!(token, Token::Start { .. }) {
            continue;
        }
        let mut from = range.start;
        while let Some(at) = page[from..range.end].find(MARK) {
            let start = from + at;
            let value = start + MARK.len();
            let Some(length) = page[value..range.end].find('"') else {
                break;
            };
            let end = value + length;
            from = end;
            if is_lines(&page[value..end]) {
                built.push_str(&page[kept..start]);
                kept = end + 1;
            }
        }
    }
    built.push_str(&page[kept..]);
    built
}

/// Whether a value is `12`, `12-14` or `12 part.md:3-4`; authors have other uses for the
/// attribute.
fn is_lines(value: &str) -> bool {
    let is_range = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        [first, last]
            .iter()
            .all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match value.split_once(' ') {
        None => is_range(value),
        Some((own, included)) => {
            let lines = included.rsplit_once(':');
            is_range(own) && lines.is_some_and(|(_, lines)| is_range(lines))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_source_lines;

    #[test]
    fn only_source_lines_are_left_out() {
        for (page, built) in [
            ("<p data-src=\"3\">a</p>", "<p>a</p>"),
            (
                "<div class=\"x\" data-src=\"3-9\"><p id=a data-src=\"4 a%26b.md:2-3\">b</p></div>",
                "<div class=\"x\"><p id=a>b</p></div>",
            ),
            (
                "<p data-src=\"1\">x data-src=\"2\"</p>",
                "<p>x data-src=\"2\"</p>",
            ),
            (
                "<img data-src=\"3.png\" src=\"x\"><img data-src=\"3\" data-src=\"y\">",
                "<img data-src=\"3.png\" src=\"x\"><img data-src=\"y\">",
            ),
            ("<p data-src=\"3", "<p data-src=\"3"),
            ("", ""),
        ] {
            assert_eq!(without_source_lines(page), built, "{page}");
        }
    }
}
