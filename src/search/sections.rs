//! Splits a page's HTML into sections, one for each heading. It follows the
//! parser in Material's search plugin, because its worker expects the same
//! results.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::html::{self, Escape, Token, VOID, heading_level};
use crate::work::step;

/// Elements that are kept in the text.
const KEPT: [&str; 8] = ["p", "code", "pre", "li", "ol", "ul", "sub", "sup"];
/// Elements that are left out with their content.
const SKIPPED: [&str; 3] = ["object", "script", "style"];

/// A section of a page.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The tag of its heading; `hx` if it has none.
    tag: String,
    /// How deeply the heading is nested; `usize::MAX` once the section is closed.
    depth: usize,
    /// Whether it is excluded from the search.
    pub(super) is_excluded: bool,
    /// The heading's anchor.
    pub(super) id: Option<String>,
    /// The heading in pieces.
    pub(super) title: Pieces,
    /// The text in pieces.
    pub(super) text: Pieces,
}

/// Pieces of HTML, with the index of the first start tag of each kind.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<Cow<'static, str>>,
    first: HashMap<String, usize>,
    /// The index of the last piece that is not blank.
    last_filled: Option<usize>,
}

impl Pieces {
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(super) fn concat(&self) -> String {
        self.pieces.concat()
    }

    fn open(&mut self, tag: &str) {
        self.first
            .entry(tag.to_owned())
            .or_insert(self.pieces.len());
        self.push(format!("<{tag}>"));
    }

    /// Closes an element, or removes it if nothing follows its first start
    /// tag.
    fn close(&mut self, tag: &str) {
        let Some(&first) = self.first.get(tag) else {
            self.push(format!("</{tag}>"));
            return;
        };
        step(1);
        if self.last_filled.is_some_and(|filled| filled > first) {
            self.push(format!("</{tag}>"));
            return;
        }
        self.pieces.truncate(first);
        self.first.retain(|_, at| *at < first);
    }

    fn push(&mut self, piece: String) {
        if !is_space(&piece) {
            self.last_filled = Some(self.pieces.len());
        }
        self.pieces.push(piece.into());
    }
}

/// Python's `str.isspace`.
fn is_space(text: &str) -> bool {
    let is_space = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
    !text.is_empty() && text.chars().all(is_space)
}

struct Element {
    tag: String,
    is_permalink: bool,
}

/// The open elements, and how many there are of each tag. Many pages leave
/// elements open, and every piece of text checks them.
#[derive(Default)]
struct Context {
    open: Vec<Element>,
    counts: HashMap<String, usize>,
    permalinks: usize,
}

impl Context {
    fn has(&self, tag: &str) -> bool {
        self.counts.get(tag).is_some_and(|count| *count > 0)
    }

    fn push(&mut self, element: Element) {
        step(1);
        match self.counts.get_mut(&element.tag) {
            Some(count) => *count += 1,
            None => {
                self.counts.insert(element.tag.clone(), 1);
            }
        }
        self.permalinks += usize::from(element.is_permalink);
        self.open.push(element);
    }

    fn pop(&mut self) {
        if let Some(element) = self.open.pop() {
            let count = self.counts.get_mut(&element.tag);
            *count.expect("open elements are counted") -= 1;
            self.permalinks -= usize::from(element.is_permalink);
        }
    }
}

struct Parser {
    /// The tags of elements that are left out, compared by name as in the
    /// plugin.
    skipped: Vec<String>,
    context: Context,
    sections: Vec<Section>,
    /// The index of the section that text is added to.
    current: usize,
    /// The indices of sections that are not closed, in order.
    live: Vec<usize>,
    /// The smallest depth of all sections.
    least: usize,
}

/// Splits a page into sections.
pub(super) fn split(html: &str) -> Vec<Section> {
    let mut parser = Parser {
        skipped: SKIPPED.map(str::to_owned).to_vec(),
        context: Context::default(),
        live: Vec::new(),
        least: usize::MAX,
        sections: Vec::new(),
        current: 0,
    };
    for (token, _) in html::tokens(html) {
        match token {
            Token::Start {
                name,
                attributes,
                closed,
            } => {
                let tag = name.to_ascii_lowercase();
                parser.start(&tag, attributes);
                if closed {
                    parser.end(&tag);
                }
            }
            Token::End { name } => parser.end(&name.to_ascii_lowercase()),
            Token::Text(text) => parser.text(&html::unescape(text)),
            Token::Comment(_) | Token::Other(_) => {}
        }
    }
    parser.sections
}

impl Parser {
    fn is_within(&self, tag: &str) -> bool {
        self.context.has(tag)
    }

    fn is_skipped(&self) -> bool {
        self.skipped.iter().any(|tag| self.is_within(tag))
    }

    /// The index of the last section whose heading is not nested deeper than
    /// `depth`.
    fn last_within(&mut self, depth: usize) -> Option<usize> {
        if self.least > depth {
            return None;
        }
        let sections = &self.sections;
        while self
            .live
            .pop_if(|at| sections[*at].depth == usize::MAX)
            .is_some()
        {}
        let mut live = self.live.iter().rev().copied();
        live.find(|at| {
            step(1);
            sections[*at].depth <= depth
        })
    }

    fn add(&mut self, section: Section) {
        self.least = self.least.min(section.depth);
        self.current = self.sections.len();
        self.live.push(self.current);
        self.sections.push(section);
    }

    fn ensure_section(&mut self, depth: usize) {
        if self.sections.is_empty() {
            self.add(Section {
                tag: "hx".to_owned(),
                depth,
                ..Section::default()
            });
        }
    }

    /// Where text is added: to the title inside of the heading, otherwise to the
    /// text.
    fn pieces(&mut self) -> &mut Pieces {
        let in_title = self.is_within(&self.sections[self.current].tag);
        let section = &mut self.sections[self.current];
        if in_title {
            &mut section.title
        } else {
            &mut section.text
        }
    }

    fn start(&mut self, tag: &str, attributes: &str) {
        if VOID.contains(&tag) {
            return;
        }
        let class = html::attribute(attributes, "class");
        self.context.push(Element {
            tag: tag.to_owned(),
            is_permalink: tag == "a" && class.as_deref() == Some("headerlink"),
        });
        let excluded = html::attribute(attributes, "data-search-exclude").is_some();
        let is_heading = heading_level(tag).is_some();
        if is_heading && let Some(id) = html::attribute(attributes, "id") {
            let depth = self.context.open.len();
            if tag != "h1" {
                self.ensure_section(depth);
            }
            self.add(Section {
                tag: tag.to_owned(),
                depth,
                is_excluded: excluded,
                id: (!self.sections.is_empty()).then(|| id.into_owned()),
                ..Section::default()
            });
        }
        self.ensure_section(0);
        if excluded || class.as_deref() == Some("linenodiv") {
            if !self.skipped.iter().any(|known| known == tag) {
                self.skipped.push(tag.to_owned());
            }
            return;
        }
        if KEPT.contains(&tag) && !self.is_skipped() {
            self.pieces().open(tag);
        }
    }

    fn end(&mut self, tag: &str) {
        let last = self.context.open.last();
        if last.is_none_or(|element| element.tag != tag) {
            return;
        }
        let depth = self.context.open.len();
        if self.sections[self.current].depth > depth {
            // The element that contains the heading ends here.
            if let Some(outer) = self.last_within(depth) {
                self.sections[self.current].depth = usize::MAX;
                self.current = outer;
            }
        }
        self.context.pop();
        if let Some(at) = self.skipped.iter().position(|known| known == tag) {
            if !SKIPPED.contains(&tag) {
                self.skipped.remove(at);
            }
            return;
        }
        if KEPT.contains(&tag) && !self.is_skipped() {
            self.pieces().close(tag);
        }
    }

    fn text(&mut self, text: &str) {
        if self.is_skipped() {
            return;
        }
        let in_code = self.is_within("pre");
        let text = if in_code {
            text.to_owned()
        } else if is_space(text) {
            " ".to_owned()
        } else {
            text.replace('\n', " ")
        };
        self.ensure_section(0);
        let in_title = self.is_within(&self.sections[self.current].tag);
        let is_permalink = self.context.permalinks > 0;
        let section = &mut self.sections[self.current];
        if in_title {
            if !is_permalink {
                section.title.push(Escape::TEXT.apply(&text));
            }
            return;
        }
        let pieces = &mut section.text;
        let repeats = pieces.pieces.last().is_some_and(|last| is_space(last)) && !in_code;
        if !is_space(&text) {
            pieces.push(Escape::TEXT.apply(&text));
        } else if !repeats {
            pieces.push(text);
        }
    }
}
