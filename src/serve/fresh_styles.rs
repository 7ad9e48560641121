//! Style sheets that a page has loaded anew, whose parts the browser must load anew too.
//!
//! Browsers keep the pictures and fonts of a page in memory and do not ask for them
//! again, whatever the server says. So a style sheet that was asked for under a new
//! address names its parts by new addresses.

use std::borrow::Cow;

use crate::url;

/// The parameter by which the live client makes an address new.
const PARAMETER: &str = "proofroom=";

/// The part of a query that makes an address new.
pub(super) fn mark(query: Option<&str>) -> Option<&str> {
    let mut parts = query?.split('&');
    let mark = parts.find(|part| part.starts_with(PARAMETER))?;
    let number = &mark[PARAMETER.len()..];
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(mark)
}

/// A style sheet with the mark in the addresses of what it loads from the site.
pub(super) fn renewed(css: &str, mark: &str) -> String {
    let mut renewed = String::with_capacity(css.len() + 64);
    let mut rest = css;
    // Whether a string here is an address: it follows `@import`, or is in an
    // `image-set(..)` itself.
    let mut is_import = false;
    let mut functions: Vec<bool> = Vec::new();
    let mut word = "";
    while let Some(first) = rest.chars().next() {
        let end = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' || first == '\'' {
            let (string, _) = rest.split_at(end_of_string(rest));
            match string.get(1..string.len().saturating_sub(1)) {
                Some(address)
                    if string.ends_with(first)
                        && (is_import || functions.last() == Some(&true)) =>
                {
                    renewed.push(first);
                    renewed.push_str(&marked(address, mark));
                    renewed.push(first);
                }
                _ => renewed.push_str(string),
            }
            is_import = false;
            rest = &rest[string.len()..];
            continue;
        } else if starts_with(rest, "url(") {
            let (written, address) = url_function(rest);
            let start = "url(".len();
            match address {
                Some(address) => {
                    let at = start + written[start..].find(address).unwrap_or(0);
                    renewed.push_str(&written[..at]);
                    renewed.push_str(&marked(address, mark));
                    renewed.push_str(&written[at + address.len()..]);
                }
                None => renewed.push_str(written),
            }
            is_import = false;
            word = "";
            rest = &rest[written.len()..];
            continue;
        } else if starts_with(rest, "@import") {
            is_import = true;
            "@import".len()
        } else if is_word(first) {
            // `my-url(` is another function.
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            match first {
                '(' => functions.push(word.to_ascii_lowercase().ends_with("image-set")),
                ')' => {
                    functions.pop();
                }
                // Whatever was not closed.
                '{' | '}' => functions.clear(),
                _ => {}
            }
            is_import &= first.is_whitespace();
            first.len_utf8()
        };
        word = if is_word(first) { &rest[..end] } else { "" };
        renewed.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    renewed
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// The length of the string that a text begins with, in bytes. An escaped quote does not
/// end it, the end of a line does.
fn end_of_string(text: &str) -> usize {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    let mut is_escaped = false;
    for (at, c) in characters {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' {
            is_escaped = true;
        } else if Some(c) == quote {
            return at + c.len_utf8();
        } else if c == '\n' {
            return at;
        }
    }
    text.len()
}

/// The `url(..)` that a text begins with, and the address in it if it is plain.
fn url_function(text: &str) -> (&str, Option<&str>) {
    let inside = &text["url(".len()..];
    let start = text.len() - inside.trim_start().len();
    if text[start..].starts_with(['"', '\'']) {
        let end = start + end_of_string(&text[start..]);
        let close = text[end..]
            .find(')')
            .map_or(text.len(), |close| end + close + 1);
        let address = text.get(start + 1..end.saturating_sub(1));
        return (&text[..close], address.filter(|it| !it.contains('\\')));
    }
    let close = inside.find(')').map_or(inside.len(), |close| close);
    let address = inside[..close].trim();
    let end = text.len() - inside.len() + close + usize::from(close < inside.len());
    let is_plain = !address.is_empty() && !address.contains(['\\', '"', '\'', '(']);
    (&text[..end], is_plain.then_some(address))
}

/// An address of the site with the mark in its query.
fn marked<'a>(address: &'a str, mark: &str) -> Cow<'a, str> {
    let (path, rest) = url::split(address);
    let is_elsewhere = path.is_empty() || path.starts_with("//") || url::has_scheme(path);
    if is_elsewhere || rest.contains(PARAMETER) {
        return Cow::Borrowed(address);
    }
    let (query, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let join = if query.is_empty() { '?' } else { '&' };
    Cow::Owned(format!("{path}{query}{join}{mark}{fragment}"))
}

#[cfg(test)]
mod tests {
    use super::{mark, renewed};

    #[test]
    fn all_that_a_style_sheet_loads_is_renewed() {
        for (css, expected) in [
            (
                "@import 'a.css';@import url(b.css) print;@import \"/c.css\" layer(x);",
                "@import 'a.css?M';@import url(b.css?M) print;@import \"/c.css?M\" layer(x);",
            ),
            (
                "a { background: URL( \"d.png?v=1#x\" ), url('e f.svg') }",
                "a { background: URL( \"d.png?v=1&M#x\" ), url('e f.svg?M') }",
            ),
            (
                "/* url(a) @import 'x' */ b { content: \"url(x)\"; c: url( d.svg ) }",
                "/* url(a) @import 'x' */ b { content: \"url(x)\"; c: url( d.svg?M ) }",
            ),
            (
                "url(data:x) url(//h/a) url(https://h/a) url(#a) url() my-url(a) url(\"a",
                "url(data:x) url(//h/a) url(https://h/a) url(#a) url() my-url(a) url(\"a",
            ),
            (
                "a { b: -webkit-image-set('a.png' 1x, \"b.png\" type('image/png') 2x), \"c\" }",
                "a { b: -webkit-image-set('a.png?M' 1x, \"b.png?M\" type('image/png') 2x), \"c\" }",
            ),
            (
                "a { b: image-set(linear-gradient(red) 1x, url(c.png) 2x, 'd.png' 3x } e { f: 'g' }",
                "a { b: image-set(linear-gradient(red) 1x, url(c.png?M) 2x, 'd.png?M' 3x } e { f: 'g' }",
            ),
            ("@import", "@import"),
            ("'\\' url(a)' \"é", "'\\' url(a)' \"é"),
            ("/* open", "/* open"),
        ] {
            let expected = expected
                .replace("?M", "?proofroom=1")
                .replace("&M", "&proofroom=1");
            let found = renewed(css, "proofroom=1");
            assert_eq!(found, expected, "{css}");
            assert_eq!(renewed(&found, "proofroom=1"), found, "twice: {css}");
        }
    }

    #[test]
    fn only_a_number_is_a_mark() {
        for (query, expected) in [
            (None, None),
            (Some("v=1"), None),
            (Some("v=1&proofroom=12"), Some("proofroom=12")),
            (Some("proofroom="), None),
            (Some("proofroom=1)x"), None),
        ] {
            assert_eq!(mark(query), expected);
        }
    }
}
