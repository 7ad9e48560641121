//! Splits a page's HTML into sections, one for each heading. It follows the
//! parser in Material's search plugin, because its worker expects the same
//! results.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::html::{self, Escape, Token, VOID, heading_level};
use crate::work::step;

/// Elements that are kept in the text.
const KEPT: [&str; 8] = ["p", "code", "pre", "li", "ol", "ul", "sub", "sup"];
/// Elements that are left out with their content.
const SKIPPED: [&str; 3] = ["object", "script", "style"];

/// A section of a page.
#[derive(Debug, Default)]
pub(super) struct Section<'h> {
    /// The tag of its heading; `hx` if it has none.
    tag: Cow<'h, str>,
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

/// Pieces of HTML, with the index of the first start tag of each kind that is kept.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    text: String,
    /// Where each piece ends in the text.
    ends: Vec<usize>,
    first: [Option<usize>; KEPT.len()],
    /// The index of the last piece that is not blank.
    last_filled: Option<usize>,
    /// Whether the last piece is blank.
    ends_blank: bool,
}

impl Pieces {
    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn open(&mut self, kept: usize) {
        self.first[kept].get_or_insert(self.ends.len());
        self.push_tag(["<", KEPT[kept], ">"]);
    }

    /// Closes an element, or removes it if nothing follows its first start
    /// tag.
    fn close(&mut self, kept: usize) {
        if let Some(first) = self.first[kept] {
            step(1);
            if self.last_filled.is_none_or(|filled| filled <= first) {
                self.truncate(first);
                return;
            }
        }
        self.push_tag(["</", KEPT[kept], ">"]);
    }

    /// Removes all pieces but the first `count`.
    fn truncate(&mut self, count: usize) {
        self.ends.truncate(count);
        let end = self.ends.last().copied().unwrap_or(0);
        let start = self.ends.iter().nth_back(1).copied().unwrap_or(0);
        self.text.truncate(end);
        self.ends_blank = is_space(&self.text[start..]);
        for first in &mut self.first {
            first.take_if(|at| *at >= count);
        }
    }

    /// Adds a tag, which is given in parts.
    fn push_tag(&mut self, tag: [&str; 3]) {
        tag.iter().for_each(|part| self.text.push_str(part));
        self.end_piece(false);
    }

    fn push_text(&mut self, text: &str) {
        Escape::TEXT.append(text, &mut self.text);
        self.end_piece(is_space(text));
    }

    fn end_piece(&mut self, is_blank: bool) {
        if !is_blank {
            self.last_filled = Some(self.ends.len());
        }
        self.ends_blank = is_blank;
        self.ends.push(self.text.len());
    }
}

/// Python's `str.isspace`.
fn is_space(text: &str) -> bool {
    let is_space = |c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c);
    !text.is_empty() && text.chars().all(is_space)
}

struct Element<'h> {
    tag: Cow<'h, str>,
    is_permalink: bool,
}

/// The open elements, and how many there are of each tag. Many pages leave
/// elements open, and every piece of text checks them.
#[derive(Default)]
struct Context<'h> {
    open: Vec<Element<'h>>,
    counts: FxHashMap<Cow<'h, str>, usize>,
    permalinks: usize,
}

impl<'h> Context<'h> {
    fn has(&self, tag: &str) -> bool {
        self.counts.get(tag).is_some_and(|count| *count > 0)
    }

    fn push(&mut self, element: Element<'h>) {
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

struct Parser<'h> {
    /// The tags of elements that are left out, compared by name as in the
    /// plugin.
    skipped: Vec<Cow<'h, str>>,
    context: Context<'h>,
    sections: Vec<Section<'h>>,
    /// The index of the section that text is added to.
    current: usize,
    /// The indices of sections that are not closed, in order.
    live: Vec<usize>,
    /// The smallest depth of all sections.
    least: usize,
}

/// Splits a page into sections.
pub(super) fn split(html: &str) -> Vec<Section<'_>> {
    let mut parser = Parser {
        skipped: SKIPPED.map(Cow::from).to_vec(),
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
                let tag = lower(name);
                if closed {
                    parser.start(tag.clone(), attributes);
                    parser.end(&tag);
                } else {
                    parser.start(tag, attributes);
                }
            }
            Token::End { name } => parser.end(&lower(name)),
            Token::Text(text) => parser.text(&html::unescape(text)),
            Token::Comment(_) | Token::Other(_) => {}
        }
    }
    parser.sections
}

/// A name in lower case, as almost all are written.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|it| it.is_ascii_uppercase()) {
        name.to_ascii_lowercase().into()
    } else {
        name.into()
    }
}

/// The attributes of a start tag that matter here.
#[derive(Default)]
struct Attributes<'h> {
    class: Option<Cow<'h, str>>,
    id: Option<Cow<'h, str>>,
    is_excluded: bool,
}

impl<'h> Attributes<'h> {
    fn of(written: &'h str) -> Self {
        let mut found = Self::default();
        for (name, value) in html::attributes(written) {
            let value = || html::unescape(value.unwrap_or(""));
            if name.eq_ignore_ascii_case("class") {
                found.class.get_or_insert_with(value);
            } else if name.eq_ignore_ascii_case("id") {
                found.id.get_or_insert_with(value);
            } else if name.eq_ignore_ascii_case("data-search-exclude") {
                found.is_excluded = true;
            }
        }
        found
    }
}

/// The index of a tag among those that are kept.
fn kept(tag: &str) -> Option<usize> {
    KEPT.iter().position(|it| *it == tag)
}

impl<'h> Parser<'h> {
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

    fn add(&mut self, section: Section<'h>) {
        self.least = self.least.min(section.depth);
        self.current = self.sections.len();
        self.live.push(self.current);
        self.sections.push(section);
    }

    fn ensure_section(&mut self, depth: usize) {
        if self.sections.is_empty() {
            self.add(Section {
                tag: "hx".into(),
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

    fn start(&mut self, tag: Cow<'h, str>, attributes: &'h str) {
        if VOID.contains(&&*tag) {
            return;
        }
        let Attributes {
            class,
            id,
            is_excluded,
        } = Attributes::of(attributes);
        self.context.push(Element {
            tag: tag.clone(),
            is_permalink: tag == "a" && class.as_deref() == Some("headerlink"),
        });
        if heading_level(&tag).is_some()
            && let Some(id) = id
        {
            let depth = self.context.open.len();
            if tag != "h1" {
                self.ensure_section(depth);
            }
            self.add(Section {
                tag: tag.clone(),
                depth,
                is_excluded,
                id: (!self.sections.is_empty()).then(|| id.into_owned()),
                ..Section::default()
            });
        }
        self.ensure_section(0);
        if is_excluded || class.as_deref() == Some("linenodiv") {
            if !self.skipped.contains(&tag) {
                self.skipped.push(tag);
            }
            return;
        }
        if let Some(kept) = kept(&tag)
            && !self.is_skipped()
        {
            self.pieces().open(kept);
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
        if let Some(kept) = kept(tag)
            && !self.is_skipped()
        {
            self.pieces().close(kept);
        }
    }

    fn text(&mut self, text: &str) {
        if self.is_skipped() {
            return;
        }
        let in_code = self.is_within("pre");
        let is_blank = is_space(text);
        let text = match text {
            text if in_code => Cow::from(text),
            _ if is_blank => " ".into(),
            text if text.contains('\n') => text.replace('\n', " ").into(),
            text => text.into(),
        };
        self.ensure_section(0);
        let in_title = self.is_within(&self.sections[self.current].tag);
        let is_permalink = self.context.permalinks > 0;
        let section = &mut self.sections[self.current];
        if in_title {
            if !is_permalink {
                section.title.push_text(&text);
            }
            return;
        }
        let pieces = &mut section.text;
        if !is_blank || in_code || !pieces.ends_blank {
            pieces.push_text(&text);
        }
    }
}
