//! A page's HTML in parts, one below each heading. The rules are those of
//! the parser in Material's search plugin, for its worker expects their
//! results.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::plugins::html::{self, Token};

/// Elements that are kept in the text.
const KEPT: [&str; 8] = ["p", "code", "pre", "li", "ol", "ul", "sub", "sup"];
/// Elements that are left out with all they hold.
const SKIPPED: [&str; 3] = ["object", "script", "style"];
/// Elements that hold nothing.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

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
        self.pieces.push(format!("<{tag}>").into());
    }

    /// Closes an element, or takes it out where nothing follows its first
    /// start tag.
    fn close(&mut self, tag: &str) {
        let Some(&first) = self.first.get(tag) else {
            self.pieces.push(format!("</{tag}>").into());
            return;
        };
        let blank = self.pieces[first + 1..].iter().all(|piece| is_space(piece));
        if !blank {
            self.pieces.push(format!("</{tag}>").into());
            return;
        }
        self.pieces.truncate(first);
        self.first.retain(|_, at| *at < first);
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

struct Parser {
    /// Tags whose elements are left out; compared by name, as there.
    skipped: Vec<String>,
    /// How many elements of the context are left out.
    context: Vec<Element>,
    sections: Vec<Section>,
    /// The section that text goes to.
    current: usize,
}

/// Splits a page.
pub(super) fn split(html: &str) -> Vec<Section> {
    let mut parser = Parser {
        skipped: SKIPPED.map(str::to_owned).to_vec(),
        context: Vec::new(),
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
        self.context.iter().any(|element| element.tag == tag)
    }

    fn is_skipped(&self) -> bool {
        self.skipped.iter().any(|tag| self.is_within(tag))
    }

    fn ensure_section(&mut self, depth: usize) {
        if self.sections.is_empty() {
            self.sections.push(Section {
                tag: "hx".to_owned(),
                depth,
                ..Section::default()
            });
            self.current = 0;
        }
    }

    /// Where text goes: the title, inside of the heading.
    fn pieces(&mut self) -> &mut Pieces {
        let in_title = self.is_within(&self.sections[self.current].tag);
        let section = &mut self.sections[self.current];
        match in_title {
            true => &mut section.title,
            false => &mut section.text,
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
        let is_heading = matches!(tag.as_bytes(), [b'h', b'1'..=b'6']);
        if let Some(id) = html::attribute(attributes, "id").filter(|_| is_heading) {
            let depth = self.context.len();
            if tag != "h1" {
                self.ensure_section(depth);
            }
            self.sections.push(Section {
                tag: tag.to_owned(),
                depth,
                is_excluded: excluded,
                id: (!self.sections.is_empty()).then(|| id.into_owned()),
                ..Section::default()
            });
            self.current = self.sections.len() - 1;
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
        if self.context.last().is_none_or(|element| element.tag != tag) {
            return;
        }
        let depth = self.context.len();
        if self.sections[self.current].depth > depth {
            // The heading lay in an element that ends here.
            let outer = self.sections.iter().rposition(|it| it.depth <= depth);
            if let Some(outer) = outer {
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
        let is_permalink = self.context.iter().any(|element| element.is_permalink);
        let section = &mut self.sections[self.current];
        if in_title {
            if !is_permalink {
                section.title.pieces.push(html::escape(&text).into());
            }
            return;
        }
        let pieces = &mut section.text.pieces;
        let repeats = pieces.last().is_some_and(|last| is_space(last)) && !in_code;
        if !is_space(&text) {
            pieces.push(html::escape(&text).into());
        } else if !repeats {
            pieces.push(text.into());
        }
    }
}
