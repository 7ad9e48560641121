//! Elements with a `markdown` attribute.

use super::Extractor;
use crate::html::{Tag, attributes};
use crate::markdown::preprocess::output::Output;
use crate::markdown::preprocess::stash::{HtmlElement, Parse, Stash, Stashed, opening};
use crate::markdown::source::lines::Line;
use crate::markdown::tree::Attribute;
use crate::markdown::tree::names::{SPAN, VERBATIM, is_block_level};
use crate::work::step;

/// An open element with Markdown inside.
pub struct Open<'a> {
    /// Its name.
    pub tag: &'a str,
    /// Its other attributes.
    pub attributes: Vec<Attribute<'a>>,
    /// How its content is parsed; `None` for not at all.
    pub state: Option<Parse>,
    /// Whether nothing but its start tag has been read so far.
    pub is_fresh: bool,
    /// The index of the line of its start tag.
    pub line: usize,
    /// Its text since the last child.
    pub out: Output,
    /// Its children: the text before each, and the number of its item.
    pub segments: Vec<(Vec<Line<'a>>, usize)>,
    /// Its content if that is not parsed. If that of the element around it is
    /// not parsed either, this begins with the outer content.
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

    /// Closes the innermost `tag` and everything open inside it.
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
        let (parse, lines) = match open.state {
            Some(parse) => {
                let lines = self.lines_of(open.segments, open.out, source);
                (parse, lines)
            }
            None => {
                if let Some(Open {
                    state: None,
                    html: outer,
                    ..
                }) = self.open.last_mut()
                {
                    *outer = open.html;
                    outer.push_str("</");
                    outer.push_str(open.tag);
                    outer.push('>');
                    return;
                }
                // There need not be an outer element: it may have ended the
                // paragraph in which it began.
                let inner = self.texts.alloc(open.html);
                let lines = inner.split('\n').map(|text| Line { text, source });
                (Parse::Verbatim, lines.collect())
            }
        };
        let element = HtmlElement {
            tag: open.tag,
            attributes: open.attributes,
            parse,
            lines,
            source,
        };
        self.put(element, open.line);
    }

    /// The content of an element that begins on source line `source`: its
    /// children, and `rest`, the text after the last of them.
    fn lines_of(
        &self,
        children: Vec<(Vec<Line<'a>>, usize)>,
        rest: Output,
        source: u32,
    ) -> Vec<Line<'a>> {
        let blank = Line { text: "", source };
        let mut lines: Vec<Line<'a>> = Vec::new();
        let mut is_tail = false;
        for (text, child) in children {
            append_segment(&mut lines, text, is_tail);
            let filled = lines
                .iter()
                .rposition(|line| !line.text.is_empty())
                .map_or(0, |at| at + 1);
            // The child needs a blank line before it; the last of the lines is
            // then its own.
            if lines.len() < filled + 2 || lines.len() < 3 {
                lines.truncate(filled);
                lines.resize(if filled > 0 { filled + 2 } else { 2 }, blank);
            }
            lines.pop();
            lines.push(Line {
                text: self.texts.alloc(Stash::placeholder(child)),
                source: self.stash.line_of(child).unwrap_or(source),
            });
            is_tail = true;
        }
        append_segment(
            &mut lines,
            rest.finish(self.text, self.lines, self.starts, self.texts),
            is_tail,
        );
        lines
    }

    /// Stores a closed element in its parent or, if it has none, in the text.
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
            let text = std::mem::take(&mut parent.out).finish(
                self.text,
                self.lines,
                self.starts,
                self.texts,
            );
            parent.segments.push((text, number));
        }
    }

    /// A rule without its `markdown` attribute; `None` if it has none.
    pub(super) fn rule(&self, name: &str, tag: &Tag<'a>) -> Option<String> {
        let is_markdown = |name: &str| name.eq_ignore_ascii_case("markdown");
        let mut all = attributes(tag.attributes);
        if name != "hr" || !self.with_markdown || !all.any(|(name, _)| is_markdown(name)) {
            return None;
        }
        let others = attributes(tag.attributes).filter(|(name, _)| !is_markdown(name));
        let others: Vec<Attribute> = others
            .map(|(name, value)| (name.into(), Some(value.unwrap_or(name).into())))
            .collect();
        Some(opening("hr", &others) + ">")
    }

    /// How the content of an element called `name` with this start tag is
    /// parsed; `None` for not at all.
    pub(super) fn state_of(&self, tag: &Tag, name: &str) -> Option<Parse> {
        let attribute =
            attributes(tag.attributes).find(|(name, _)| name.eq_ignore_ascii_case("markdown"));
        let mut mode = match attribute {
            None => "0",
            Some((_, None | Some("markdown"))) => "1",
            Some((_, Some(value))) => value,
        };
        match self.open.last().map(|open| open.state) {
            Some(None) => mode = "off",
            Some(Some(Parse::Span)) if mode != "0" => mode = "span",
            _ => {}
        }
        let is_span = SPAN.contains(&name);
        let can_parse = is_block_level(name) && !VERBATIM.contains(&name);
        match mode {
            "1" if can_parse && !is_span => Some(Parse::Block),
            "block" if can_parse => Some(Parse::Block),
            "1" if is_span => Some(Parse::Span),
            "span" if can_parse => Some(Parse::Span),
            _ => None,
        }
    }
}

/// Appends the text before the first child of an element or, with `is_tail`,
/// after a child.
fn append_segment<'a>(lines: &mut Vec<Line<'a>>, mut segment: Vec<Line<'a>>, is_tail: bool) {
    let is_line_break = segment.len() == 2 && segment.iter().all(|line| line.text.is_empty());
    if is_tail && is_line_break {
        segment.remove(0);
    } else if is_tail {
        while segment.len() > 1 && segment.last().is_some_and(|line| line.text.is_empty()) {
            segment.pop();
        }
    }
    lines.extend(segment);
}
