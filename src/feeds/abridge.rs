use serde_json::{Map, Value};

use crate::html::{Token, VOID, tokens};
use crate::markdown::plain_html;
use crate::python::{is_true, plain};

/// What an entry tells of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Abstract {
    /// This HTML.
    Html(String),
    /// The page's whole content.
    Whole,
    /// The start of its content, which [`start_of`] finds.
    Start,
}

/// How entries tell of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AbstractRules {
    /// By their Markdown, without the extensions of the site: the plugin `rss`.
    OfMarkdown {
        /// How many characters; -1 for the whole content of the page, 0 for none.
        length: i64,
        /// What ends the part of a page that entries tell.
        delimiter: String,
    },
    /// By their content: `[feeds]`.
    OfContent {
        /// Whether all of it is told, whatever the page says about itself.
        is_whole: bool,
    },
}

impl AbstractRules {
    /// What an entry tells of a page with this front matter and Markdown.
    pub(super) fn of(&self, meta: &Map<String, Value>, markdown: &str) -> Abstract {
        let of_feed = meta.get("rss").and_then(|rss| rss.get("feed_description"));
        let description = of_feed.filter(|text| is_true(text));
        let description = description.or_else(|| meta.get("description"));
        let description = description.filter(|text| is_true(text)).and_then(plain);
        match self {
            Self::OfMarkdown { length: -1, .. } if !markdown.is_empty() => Abstract::Whole,
            Self::OfContent { is_whole: true } => Abstract::Whole,
            Self::OfMarkdown { length, delimiter } => Abstract::Html(
                description
                    .or_else(|| Some(plain_html(&shortened(markdown, *length, delimiter)?)))
                    .unwrap_or_default(),
            ),
            Self::OfContent { is_whole: false } => {
                description.map_or(Abstract::Start, Abstract::Html)
            }
        }
    }
}

fn shortened(markdown: &str, length: i64, delimiter: &str) -> Option<String> {
    if !delimiter.is_empty()
        && let Some((before, _)) = markdown.split_once(delimiter)
    {
        return Some(before.to_owned());
    }
    let most = usize::try_from(length).ok().filter(|most| *most > 0)?;
    let count = markdown.chars().count();
    if count <= most {
        return (count > 0).then(|| markdown.to_owned());
    }
    // As in Python, a negative length leaves out that many characters at the end.
    let kept = most.checked_sub(DOTS.len());
    let kept = kept.unwrap_or(count + most - DOTS.len());
    Some(markdown.chars().take(kept).chain(DOTS.chars()).collect())
}

/// What shows that a text is shortened.
const DOTS: &str = "...";

/// What ends the part of a page that is told, wherever it is.
const SEPARATOR: &str = "<!-- more -->";

/// The content of a page without its title, which an entry has anyway.
pub fn without_title(html: &str) -> &str {
    let rest = html.trim_start();
    let is_title = rest.starts_with("<h1>") || rest.starts_with("<h1 ");
    let after = is_title.then(|| rest.split_once("</h1>")).flatten();
    after.map_or(html, |(_, after)| after.trim_start())
}

/// The start of the content of a page: up to its separator, or its first paragraph.
/// Elements that are open there end there.
pub fn start_of(html: &str) -> String {
    let mut open: Vec<&str> = Vec::new();
    let has_separator = html.contains(SEPARATOR);
    let mut start = None;
    for (token, range) in tokens(html) {
        match token {
            Token::Comment(SEPARATOR) => return closed(&html[..range.start], &open),
            Token::Start { name, closed, .. } if !closed && !VOID.contains(&name) => {
                if !has_separator && name == "p" && start.is_none() {
                    start = Some((range.start, open.len()));
                }
                open.push(name);
            }
            Token::End { name } => {
                if let Some(at) = open.iter().rposition(|it| *it == name) {
                    open.truncate(at);
                }
                if let Some((start, depth)) = start
                    && open.len() <= depth
                {
                    return html[start..range.end].to_owned();
                }
            }
            _ => {}
        }
    }
    String::new()
}

/// HTML with the ends of the elements that are open, the outermost first.
fn closed(html: &str, open: &[&str]) -> String {
    let ends = open.iter().rev().map(|name| format!("</{name}>"));
    html.trim_end().to_owned() + &ends.collect::<String>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As mkdocs-rss-plugin 1.19.0 has them.
    #[test]
    fn what_entries_tell_is_that_of_the_plugin() {
        let text = "# Title\n\nSome *words* and more.\n";
        let of = |length: i64, delimiter: &str, meta: Value| {
            let rules = AbstractRules::OfMarkdown {
                length,
                delimiter: delimiter.to_owned(),
            };
            rules.of(meta.as_object().expect("a mapping"), text)
        };
        let html = |html: &str| Abstract::Html(html.to_owned());
        let none = || json!({});
        let whole = "<h1>Title</h1>\n<p>Some <em>words</em> and more.</p>";
        for (found, expected) in [
            (of(160, SEPARATOR, none()), html(whole)),
            (
                of(160, " and", none()),
                html("<h1>Title</h1>\n<p>Some <em>words</em></p>"),
            ),
            (
                of(24, "", none()),
                html("<h1>Title</h1>\n<p>Some <em>words</em>...</p>"),
            ),
            (of(0, "", none()), html("")),
            (of(-1, "", json!({"description": "D"})), Abstract::Whole),
            (of(9, "", json!({"description": "D & d"})), html("D & d")),
            (
                of(
                    9,
                    "",
                    json!({"description": "D", "rss": {"feed_description": "F"}}),
                ),
                html("F"),
            ),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn the_start_of_a_page_is_whole() {
        for (html, expected) in [
            (
                "<div><p>A <b>b<!-- more --> c</b></p></div>",
                "<div><p>A <b>b</b></p></div>",
            ),
            ("<p>A<br>b</p>\n<!-- more -->\n<p>c</p>", "<p>A<br>b</p>"),
            (
                "<pre>x</pre><div><p>A <b>b</b></p><p>c</p></div>",
                "<p>A <b>b</b></p>",
            ),
            ("<p>A", ""),
        ] {
            assert_eq!(start_of(html), expected, "{html}");
        }
        assert_eq!(without_title("<h1 id=\"a\">A</h1>\n<p>b</p>"), "<p>b</p>");
        assert_eq!(without_title("<p>b</p><h1>A</h1>"), "<p>b</p><h1>A</h1>");
    }
}
