//! Elements with a `markdown` attribute.

use super::Extractor;
use crate::html::{Tag, attributes};
use crate::markdown::preprocess::output::Output;
use crate::markdown::preprocess::stash::{HtmlElement, Parse, Stash, Stashed, opening};
use crate::markdown::source::lines::Line;
use crate::markdown::tree::Attribute;
use crate::markdown::tree::names::{SPAN, VERBATIM, is_block_level};
use crate::work::step;

/// An element with Markdown inside that is not closed yet.
pub struct Open<'a> {
    /// Its name.
    pub tag: &'a str,
    /// Its other attributes.
    pub attributes: Vec<Attribute<'a>>,
    /// How its content is read; `None` for not at all.
    pub state: Option<Parse>,
    /// Nothing but its own start tag was read so far.
    pub is_fresh: bool,
    /// Where its start tag stands.
    pub line: usize,
    /// Its text since the last child.
    pub out: Output,
    /// Text and the child behind it.
    pub segments: Vec<(Vec<Line<'a>>, usize)>,
    /// Its content where nothing of it is read; behind that of the element
    /// round it, where that is not read either.
    pub html: String,
}

impl<'a> Extractor<'a, '_> {
    /// Whether an element of that name is open.
    pub(super) fn is_open(&self, tag: &str) -> bool {
        step(1);
        self.counts.get(tag).is_some_and(|count| *count > 0)
    }

    /// Opens an element on the present line.
    pub(super) fn open_element(
        &mut self,
        tag: &'a str,
        attributes: Vec<Attribute<'a>>,
        state: Option<Parse>,
    ) {
        let mut html = String::new();
        if let Some(Open {
            state: None,
            html: outer,
            ..
        }) = self.open.last_mut()
        {
            html = std::mem::take(outer);
            html.push_str(&opening(tag, &attributes));
            html.push('>');
        }
        *self.counts.entry(tag).or_default() += 1;
        self.open.push(Open {
            tag,
            attributes,
            state,
            is_fresh: true,
            line: self.line,
            out: Output::default(),
            segments: Vec::new(),
            html,
        });
    }

    /// Closes the innermost `tag` and all that is open inside it.
    pub(super) fn close_element(&mut self, tag: &'a str, at: usize, end: usize) {
        while let Some(open) = self.open.pop() {
            step(1);
            if let Some(count) = self.counts.get_mut(open.tag) {
                *count -= 1;
            }
            let is_last = open.tag == tag;
            self.close(open);
            if is_last {
                break;
            }
        }
        if self.open.is_empty() {
            self.go_to(at.min(self.text.len()));
            if !self.blank_follows(end) {
                self.in_tail = true;
            }
        }
    }

    fn close(&mut self, open: Open<'a>) {
        let source = self.lines[open.line].source;
        let Some(state) = open.state else {
            match self.open.last_mut() {
                Some(Open {
                    state: None,
                    html: outer,
                    ..
                }) => {
                    *outer = open.html;
                    outer.push_str("</");
                    outer.push_str(open.tag);
                    outer.push('>');
                }
                // At the top where it ended the paragraph that it began in.
                Some(_) | None => {
                    let inner = self.texts.alloc(open.html);
                    let lines = inner.split('\n').map(|text| Line { text, source });
                    let element = HtmlElement {
                        tag: open.tag,
                        attributes: open.attributes,
                        parse: Parse::Verbatim,
                        lines: lines.collect(),
                        source,
                    };
                    self.put(element, open.line);
                }
            }
            return;
        };
        let mut lines = Vec::new();
        let mut is_tail = false;
        for (segment, child) in open.segments {
            append_segment(&mut lines, segment, is_tail);
            let until_filled = lines
                .iter()
                .rposition(|line: &Line| !line.text.is_empty())
                .map_or(0, |at| at + 1);
            if lines.len() < until_filled + 2 || lines.len() < 3 {
                lines.truncate(until_filled);
                lines.resize(until_filled.max(1) + 1, Line { text: "", source });
                if until_filled > 0 {
                    lines.push(Line { text: "", source });
                }
            }
            let placeholder = self.texts.alloc(Stash::placeholder(child));
            let line = self.stash.line_of(child).unwrap_or(source);
            if let Some(last) = lines.last_mut() {
                *last = Line {
                    text: placeholder,
                    source: line,
                };
            }
            is_tail = true;
        }
        append_segment(&mut lines, open.out.finish(self.text, self.texts), is_tail);
        let element = HtmlElement {
            tag: open.tag,
            attributes: open.attributes,
            parse: state,
            lines,
            source,
        };
        self.put(element, open.line);
    }

    /// Puts a closed element where it stands.
    fn put(&mut self, element: HtmlElement<'a>, line: usize) {
        if !self.open.is_empty() {
            return self.add_child(Stashed::Element(element), line);
        }
        let source = element.source;
        self.out.blank_before(source);
        let placeholder = self.stash.push(Stashed::Element(element));
        self.out.push_owned(&placeholder, source, self.text);
        self.out.newline(source);
        self.out.newline(source);
    }

    fn add_child(&mut self, child: Stashed<'a>, line: usize) {
        let source = self.lines[line].source;
        let number = self.stash.push_at(child, source);
        if let Some(parent) = self.open.last_mut() {
            let text = std::mem::take(&mut parent.out).finish(self.text, self.texts);
            parent.segments.push((text, number));
        }
    }

    pub(super) fn state_of(&self, tag: &Tag, name: &str) -> Option<Parse> {
        let attribute =
            attributes(tag.attributes).find(|(name, _)| name.eq_ignore_ascii_case("markdown"));
        let mut wish = match attribute.map(|(_, value)| value.unwrap_or("1")) {
            None => "0",
            Some("markdown") => "1",
            Some(value) => value,
        };
        match self.open.last().map(|open| open.state) {
            Some(None) => wish = "off",
            Some(Some(Parse::Span)) if wish != "0" => wish = "span",
            _ => {}
        }
        let is_span = SPAN.contains(&name);
        let can_parse = is_block_level(name) && !VERBATIM.contains(&name);
        match wish {
            "1" if can_parse && !is_span => Some(Parse::Block),
            "block" if can_parse => Some(Parse::Block),
            "1" if is_span => Some(Parse::Span),
            "span" if can_parse => Some(Parse::Span),
            _ => None,
        }
    }
}

/// Appends a text of several lines, behind a child on a new line.
fn append_segment<'a>(lines: &mut Vec<Line<'a>>, mut segment: Vec<Line<'a>>, is_tail: bool) {
    let is_newline = segment.len() == 2 && segment.iter().all(|line| line.text.is_empty());
    if is_tail && !is_newline {
        while segment.len() > 1 && segment.last().is_some_and(|line| line.text.is_empty()) {
            segment.pop();
        }
        lines.extend(segment);
        return;
    }
    if is_tail {
        lines.extend(segment.into_iter().skip(1));
        return;
    }
    lines.extend(segment);
}
