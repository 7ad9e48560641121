//! Short texts that may hold a little HTML, such as titles.

use super::{Escape, Token, tokens};

/// Elements that change how words look and take nothing else with them.
const PHRASING: [&str; 28] = [
    "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd",
    "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time",
    "u", "var",
];

/// `text` as HTML that cannot reach beyond itself. Entities stay, and so do
/// elements like `<em>` that are closed in order and run no script; any other
/// `<`, `>` and `&` is a character of the text.
pub fn inline_html(text: &str) -> String {
    // Where each open element's start tag stands in `pieces`.
    let mut open: Vec<(usize, &str)> = Vec::new();
    let mut pieces: Vec<(&str, bool)> = Vec::new();
    for (token, range) in tokens(text) {
        let written = &text[range];
        let mut is_html = false;
        match token {
            Token::Start {
                name,
                attributes,
                closed: false,
            } if is_harmless(name, attributes) => open.push((pieces.len(), name)),
            Token::Start { name, .. } if name.eq_ignore_ascii_case("wbr") => {
                is_html = written.len() == "<wbr>".len();
            }
            Token::End { name } => {
                let is_last = |(_, last): &mut (usize, &str)| last.eq_ignore_ascii_case(name);
                if let Some((start, _)) = open.pop_if(is_last) {
                    pieces[start].1 = true;
                    is_html = true;
                }
            }
            _ => {}
        }
        pieces.push((written, is_html));
    }
    let mut html = String::with_capacity(text.len());
    for (written, is_html) in pieces {
        if is_html {
            html.push_str(written);
        } else {
            Escape::TEXT_WITH_ENTITIES.append(written, &mut html);
        }
    }
    html
}

fn is_harmless(name: &str, attributes: &str) -> bool {
    let is_phrasing = PHRASING.iter().any(|it| it.eq_ignore_ascii_case(name));
    let mut attributes = super::attributes(attributes);
    is_phrasing && attributes.all(|(name, _)| !name.to_ascii_lowercase().starts_with("on"))
}

#[cfg(test)]
mod tests {
    use super::inline_html;

    #[test]
    fn text_stays_text_and_plain_emphasis_stays_emphasis() {
        for (text, html) in [
            ("A & B", "A &amp; B"),
            (
                "a &lt;b&gt; &amp; c &#x3c; &nosuch; d",
                "a &lt;b&gt; &amp; c &#x3c; &nosuch; d",
            ),
            ("Vec<T> type", "Vec&lt;T&gt; type"),
            (
                "<script>alert(1)</script>",
                "&lt;script&gt;alert(1)&lt;/script&gt;",
            ),
            ("<style>a</style>", "&lt;style&gt;a&lt;/style&gt;"),
            ("<!-- x", "&lt;!-- x"),
            ("</title>", "&lt;/title&gt;"),
            ("a <b>b</b> c", "a <b>b</b> c"),
            ("<b>never closed", "&lt;b&gt;never closed"),
            ("<b>a <i>b</b> c</i>", "&lt;b&gt;a <i>b&lt;/b&gt; c</i>"),
            (
                "<small class=\"x\">new</small>",
                "<small class=\"x\">new</small>",
            ),
            (
                "<b onclick=\"x()\">a</b>",
                "&lt;b onclick=\"x()\"&gt;a&lt;/b&gt;",
            ),
            ("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"),
            ("a < b > c", "a &lt; b &gt; c"),
            ("<div><b>x</b></div>", "&lt;div&gt;<b>x</b>&lt;/div&gt;"),
            ("\"q\" 'z'", "\"q\" 'z'"),
            ("", ""),
        ] {
            assert_eq!(inline_html(text), html, "{text}");
        }
    }
}
