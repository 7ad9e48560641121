//! A page's HTML in parts, one below each heading. The rules are those of
//! the parser in Material's search plugin, for its worker expects their
//! results.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::html::{self, Escape, Token, VOID, heading_level};
use crate::work::step;

/// Elements that are kept in the text.
const KEPT: [&str; 8] = ["p", "code", "pre", "li", "ol", "ul", "sub", "sup"];
/// Elements that are left out with all they hold.
const SKIPPED: [&str; 3] = ["object", "script", "style"];

/// A part of a page.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The element that heads it; `hx` where there is none.
    tag: String,
    /// How deep that lies; `usize::MAX` once it is left.
    depth: usize,
    /// Whether the heading is not to be found.
    pub(super) is_excluded: bool,
    /// The heading's anchor.
    pub(super) id: Option<String>,
    /// The heading in pieces.
    pub(super) title: Pieces,
    /// The text in pieces.
    pub(super) text: Pieces,
}

/// Pieces of HTML that know where each start tag stands first.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<Cow<'static, str>>,
    first: HashMap<String, usize>,
    /// Where the last piece stands that is not blank.
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

    /// Closes an element, or takes it out where nothing follows its first
    /// start tag.
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

    /// Appends a piece.
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

/// The elements that are open, with how many there are of each name: many
/// pages leave some open, and each piece of text asks.
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
            if let Some(count) = self.counts.get_mut(&element.tag) {
                *count -= 1;
            }
            self.permalinks -= usize::from(element.is_permalink);
        }
    }
}

struct Parser {
    /// Tags whose elements are left out; compared by name, as there.
    skipped: Vec<String>,
    context: Context,
    sections: Vec<Section>,
    /// The section that text goes to.
    current: usize,
    /// Sections that are not left, in order.
    live: Vec<usize>,
    /// How deep the outermost of all sections lies.
    least: usize,
}

/// Splits a page.
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

    /// The last section whose heading lies at most so deep.
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

    /// Where text goes: the title, inside of the heading.
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
        if let Some(id) = html::attribute(attributes, "id").filter(|_| is_heading) {
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
            // The heading lay in an element that ends here.
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
        let text = match (in_code, is_space(text)) {
            (true, _) => text.to_owned(),
            (false, true) => " ".to_owned(),
            (false, false) => text.replace('\n', " "),
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
