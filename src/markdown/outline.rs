//! The part of a page that other sites see.

use std::collections::BTreeMap;

use super::{Body, TocItem};
use crate::html::{self, Token, VOID, strip_tags};

/// A page as other sites see it: its headings and its blocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// Its headings, in document order.
    pub headings: Vec<Heading>,
    /// Its top-level blocks, in document order.
    pub blocks: Vec<OutlineBlock>,
    /// How often each kind of [`Lint`](super::Lint) is found in it.
    pub lints: BTreeMap<&'static str, usize>,
}

/// A heading of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Its level, 1 to 6.
    pub level: u8,
    /// Its id.
    pub id: String,
    /// Its text as HTML.
    pub title: String,
}

/// A block of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineBlock {
    /// The name of its element, such as `p`; empty for bare text.
    pub element: String,
    /// Its text without tags, with entities as written.
    pub text: String,
}

impl Outline {
    /// The outline of a page.
    pub fn of(body: &Body) -> Self {
        Self {
            headings: headings(body),
            blocks: parse_blocks(&body.html),
            lints: BTreeMap::new(),
        }
    }

    /// The heading of this page that translates the heading `id` of `original`.
    /// `None` if the levels of the two pages' headings differ, since then the
    /// headings cannot be matched.
    pub fn counterpart(&self, original: &Self, id: &str) -> Option<&Heading> {
        let levels = |outline: &Self| -> Vec<u8> {
            let headings = outline.headings.iter();
            headings.map(|heading| heading.level).collect()
        };
        let index = original.headings.iter().position(|it| it.id == id)?;
        if levels(self) != levels(original) {
            return None;
        }
        self.headings.get(index)
    }
}

/// The headings of a page, in document order.
pub fn headings(body: &Body) -> Vec<Heading> {
    let mut headings = Vec::new();
    collect_headings(&body.toc, &mut headings);
    headings
}

fn collect_headings(items: &[TocItem], headings: &mut Vec<Heading>) {
    for item in items {
        headings.push(Heading {
            level: item.level,
            id: item.id.clone(),
            title: item.title.clone(),
        });
        collect_headings(&item.children, headings);
    }
}

fn parse_blocks(html: &str) -> Vec<OutlineBlock> {
    let mut blocks = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut start = 0;
    let mut close = |element: &str, range: std::ops::Range<usize>| {
        let text = strip_tags(&html[range]);
        if !(element.is_empty() && text.is_empty()) {
            let element = element.to_owned();
            blocks.push(OutlineBlock { element, text });
        }
    };
    for (token, range) in html::tokens(html) {
        match token {
            Token::Start { name, closed, .. } => {
                let name = name.to_ascii_lowercase();
                if open.is_empty() {
                    start = range.start;
                }
                if !closed && !VOID.contains(&name.as_str()) {
                    open.push(name);
                } else if open.is_empty() {
                    close(&name, range);
                }
            }
            Token::End { name } => {
                let name = name.to_ascii_lowercase();
                if let Some(at) = open.iter().rposition(|it| *it == name) {
                    open.truncate(at);
                    if open.is_empty() {
                        close(&name, start..range.end);
                    }
                }
            }
            Token::Text(_) if open.is_empty() => close("", range),
            Token::Text(_) | Token::Comment(_) | Token::Other(_) => {}
        }
    }
    if let Some(element) = open.first() {
        close(element, start..html.len());
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::{Heading, Outline, parse_blocks};

    fn outline(headings: &[(u8, &str)]) -> Outline {
        let heading = |(level, id): &(u8, &str)| Heading {
            level: *level,
            id: (*id).to_owned(),
            title: String::new(),
        };
        Outline {
            headings: headings.iter().map(heading).collect(),
            ..Outline::default()
        }
    }

    #[test]
    fn a_heading_has_its_counterpart_where_both_have_the_same() {
        let original = outline(&[(1, "home"), (2, "start"), (2, "end")]);
        let same = outline(&[(1, "_1"), (2, "_2"), (2, "_3")]);
        let id = |it: &Outline, id| it.counterpart(&original, id).map(|it| it.id.clone());
        assert_eq!(id(&same, "end").as_deref(), Some("_3"));
        assert_eq!(id(&same, "nowhere"), None);
        assert_eq!(id(&outline(&[(1, "_1"), (2, "_2")]), "start"), None);
        assert_eq!(id(&outline(&[(1, "a"), (3, "b"), (2, "c")]), "end"), None);
    }

    #[test]
    fn only_top_level_blocks_are_listed() {
        let found: Vec<_> = parse_blocks(
            "<h1 id=\"a\">A <b>b</b></h1>\n<p>One<br>two</p>\ntext\n<hr /><ul>\n<li><p>x</p></li>\n</ul><div>open",
        )
        .into_iter()
        .map(|it| (it.element, it.text))
        .collect();
        let expected = [
            ("h1", "A b"),
            ("p", "Onetwo"),
            ("", "text"),
            ("hr", ""),
            ("ul", "x"),
            ("div", "open"),
        ];
        let expected = expected.map(|(element, text)| (element.to_owned(), text.to_owned()));
        assert_eq!(found, expected);
    }
}
