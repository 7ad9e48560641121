//! The parts of a whole page: its article, and what is outside of it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::derived::has_class;
use super::{Block, Change, ChangeKind, Level};
use crate::html::{self, Token};

/// Where the article of a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its bytes in the page.
    pub range: Range<usize>,
}

/// Finds the article of a page: the HTML of its body, if it is known and is there
/// as it is; else what the page marks as its main content.
pub fn article(page: &str, body: Option<&str>) -> Article {
    let known = body.filter(|body| !body.is_empty());
    let known = known.and_then(|body| Some((page.find(body)?, body.len())));
    let range = match known {
        Some((from, length)) => from..from + length,
        None => marked_article(page),
    };
    Article { range }
}

/// How elements are recognized that contain the article, the best first.
const ARTICLES: [fn(&str, &str) -> bool; 5] = [
    |name, attributes| name == "article" && has_class(attributes, &["md-content__inner"]),
    |name, attributes| {
        ["main", "div"].contains(&name)
            && html::attribute(attributes, "role").as_deref() == Some("main")
    },
    |name, _| name == "article",
    |name, _| name == "main",
    |name, _| name == "body",
];

fn marked_article(page: &str) -> Range<usize> {
    let mut found: [Option<Range<usize>>; ARTICLES.len()] = std::array::from_fn(|_| None);
    // Open elements of the kinds that are looked for, with how they are recognized.
    let mut open: Vec<(&str, usize, [bool; ARTICLES.len()])> = Vec::new();
    for (token, range) in html::tokens(page) {
        match token {
            Token::Start {
                name,
                attributes,
                closed: false,
            } if ["article", "main", "div", "body"].contains(&name) => {
                open.push((
                    name,
                    range.end,
                    ARTICLES.map(|is_it| is_it(name, attributes)),
                ));
            }
            Token::End { name } => {
                let Some(at) = open.iter().rposition(|(it, _, _)| *it == name) else {
                    continue;
                };
                let (_, from, kinds) = open[at];
                open.truncate(at);
                for (place, is_it) in found.iter_mut().zip(kinds) {
                    if is_it && place.as_ref().is_none_or(|known| from < known.start) {
                        *place = Some(from..range.start);
                    }
                }
            }
            _ => {}
        }
    }
    found.into_iter().flatten().next().unwrap_or(0..page.len())
}

/// What differs outside of the article: one change for each part of the page. The
/// texts are the words that are on one side only.
pub fn outside(base: (&str, &Article), now: (&str, &Article)) -> Vec<Change> {
    let (old, new) = (parts(base.0, &base.1.range), parts(now.0, &now.1.range));
    let mut blocks: Vec<Block> = old.keys().chain(new.keys()).copied().collect();
    blocks.sort_unstable();
    blocks.dedup();
    let none = Vec::new();
    let changes = blocks.into_iter().filter_map(|block| {
        let was = old.get(&block).unwrap_or(&none);
        let is = new.get(&block).unwrap_or(&none);
        if was == is {
            return None;
        }
        let only = |one: &[String], other: &[String]| -> String {
            let other: std::collections::BTreeSet<&String> = other.iter().collect();
            let mut only: Vec<&str> = Vec::new();
            for text in one.iter().filter(|text| !other.contains(text)) {
                if !only.contains(&text.as_str()) {
                    only.push(text);
                }
            }
            only.join("\n")
        };
        Some(Change {
            kind: ChangeKind::Changed,
            level: Level::Outside,
            block,
            before: only(was, is),
            after: only(is, was),
            line: None,
        })
    });
    changes.collect()
}

/// The parts of a page outside of its article, each as the texts and addresses in
/// it.
fn parts(page: &str, article: &Range<usize>) -> BTreeMap<Block, Vec<String>> {
    let mut parts: BTreeMap<Block, Vec<String>> = BTreeMap::new();
    let mut open: Vec<(&str, Block)> = Vec::new();
    let mut is_head = false;
    for (token, range) in html::tokens(page) {
        if article.contains(&range.start) {
            continue;
        }
        let inside = open
            .last()
            .map_or(if is_head { Block::Head } else { Block::Other }, |it| it.1);
        match token {
            Token::Start {
                name,
                attributes,
                closed,
            } => {
                let block = match name {
                    "head" => {
                        is_head = true;
                        None
                    }
                    "title" => Some(Block::PageTitle),
                    "nav" => Some(Block::Nav),
                    "header" => Some(Block::Header),
                    "footer" => Some(Block::Footer),
                    _ => None,
                };
                if name == "meta" {
                    let value = |key| html::attribute(attributes, key);
                    let content = value("content").unwrap_or_default().into_owned();
                    let named = value("name")
                        .or_else(|| value("property"))
                        .unwrap_or_default();
                    let block = if named == "description" {
                        Block::Description
                    } else {
                        Block::Head
                    };
                    if !content.is_empty() && named != "generator" {
                        parts.entry(block).or_default().push(content);
                    }
                    continue;
                }
                let address = html::attribute(
                    attributes,
                    if name == "a" || name == "link" {
                        "href"
                    } else {
                        "src"
                    },
                );
                if let Some(address) = address.filter(|it| !it.is_empty()) {
                    parts.entry(inside).or_default().push(address.into_owned());
                }
                let is_part = block.is_some() || open.last().is_some_and(|it| it.0 == name);
                if is_part && !closed {
                    open.push((name, block.unwrap_or(inside)));
                }
            }
            Token::End { name } => {
                is_head &= name != "head";
                if let Some(at) = open.iter().rposition(|it| it.0 == name) {
                    open.truncate(at);
                }
            }
            Token::Text(text) => {
                let words: Vec<&str> = text.split_whitespace().collect();
                if !words.is_empty() {
                    let text = html::unescape(&words.join(" ")).into_owned();
                    parts.entry(inside).or_default().push(text);
                }
            }
            Token::Comment(_) | Token::Other(_) => {}
        }
    }
    parts
}
