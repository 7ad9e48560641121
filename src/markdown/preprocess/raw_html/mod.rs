//! Raw HTML blocks and `markdown="1"`, which Python-Markdown's `html_block` and
//! `md_in_html` take out of the text before blocks are parsed.
//!
//! The page is read once, as a browser's tokenizer would read it. A placeholder
//! is left wherever something is taken out.

mod element;
mod references;
mod stack;

use std::collections::BTreeMap;

use super::output::Output;
use super::stash::{Stash, Stashed};
use crate::html::{Dialect, Escape, Tag, Tags, VOID, attributes, raw_text_length};
use crate::markdown::options::MarkdownOptions;
use crate::markdown::source::Limit;
use crate::markdown::source::data_src::with_source;
use crate::markdown::source::lines::{Line, TextArena, join, line_starts};
use crate::markdown::source::page::Page;
use crate::markdown::tree::names::is_block_level;
use crate::work::step;
use element::Open;
use stack::OpenElements;

/// How deep elements with Markdown inside may be nested. Deeper tags are part
/// of the text.
const DEEPEST: usize = 1000;

/// Takes raw HTML out of `lines`.
pub fn extract<'a>(
    page: &Page<'a>,
    lines: Vec<Line<'a>>,
    options: &MarkdownOptions,
    stash: &mut Stash<'a>,
    texts: &'a TextArena,
) -> Vec<Line<'a>> {
    let has_tag = |line: &Line| memchr::memchr(b'<', line.text.as_bytes()).is_some();
    let has_open = |line: &Line| references::open_end(line.text).is_some();
    if !lines.iter().any(|line| has_tag(line) || has_open(line)) {
        return lines;
    }
    let text = texts.alloc(join(&lines));
    let starts = line_starts(&lines);
    let mut extractor = Extractor {
        page,
        text,
        lines: &lines,
        starts: &starts,
        line: 0,
        texts,
        stash,
        with_markdown: options.md_in_html,
        sources: options.sources,
        out: Output::default(),
        raw: None,
        in_tail: false,
        open: Vec::new(),
        counts: BTreeMap::new(),
        inline: OpenElements::default(),
        unclosed: [false; 3],
        tags: Tags::of(text, Dialect::PythonMarkdown),
    };
    extractor.run();
    extractor.out.finish(text, &lines, &starts, texts)
}

/// A raw block being read.
struct Raw<'a> {
    /// The elements open in it.
    stack: OpenElements<'a>,
    html: String,
    /// The index of the line where it begins.
    line: usize,
}

struct Extractor<'a, 's> {
    page: &'s Page<'a>,
    text: &'a str,
    lines: &'s [Line<'a>],
    /// Where each line begins in `text`, and a last entry that is never reached.
    starts: &'s [usize],
    /// The index of the current line.
    line: usize,
    texts: &'a TextArena,
    stash: &'s mut Stash<'a>,
    with_markdown: bool,
    /// Whether blocks get `data-src`.
    sources: bool,
    out: Output,
    /// The raw block being read.
    raw: Option<Raw<'a>>,
    /// Whether a block has ended on the current line.
    in_tail: bool,
    /// The open elements with Markdown inside.
    open: Vec<Open<'a>>,
    /// How many of them there are of each name.
    counts: BTreeMap<&'a str, usize>,
    /// The inline elements open in the current paragraph.
    inline: OpenElements<'a>,
    /// The kinds of declarations that have no end in the rest of the page.
    unclosed: [bool; 3],
    tags: Tags,
}

impl<'a> Extractor<'a, '_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(offset) = memchr::memchr(b'<', &self.text.as_bytes()[at..]) {
            let next = at + offset;
            self.data(at, next);
            at = self.markup(next);
        }
        self.data(at, self.text.len());
        if let Some(first) = self.open.first() {
            let tag = first.tag;
            self.close_element(tag, self.text.len(), self.text.len());
        }
        if let Some(raw) = self.raw.take() {
            let placeholder = self.stash.push(Stashed::Html(raw.html));
            self.out
                .push_owned(&placeholder, self.lines[raw.line].source, self.text);
        }
    }

    /// Reads the markup that begins with the `<` at `at`. Returns where it ends,
    /// as the other methods do.
    fn markup(&mut self, at: usize) -> usize {
        self.go_to(at);
        let rest = &self.text[at..];
        if rest.starts_with("<!--") {
            let Some(end) = self.tags.comment(rest) else {
                return self.data(at, at + 1);
            };
            let is_block = has_blank_line(&rest[..end]) || !self.inline_closes_after(at + end);
            return self.empty_tag(at, at + end, is_block);
        }
        if rest.starts_with("</") {
            return match self.tags.end(rest) {
                Some((name, end)) => self.end(name, at, at + end),
                None => self.data(at, at + 2),
            };
        }
        if rest.starts_with("<?") || rest.starts_with("<!") {
            let is_block = self.at_line_start(at) || self.in_tail || !self.open.is_empty();
            if is_block && let Some(length) = self.declaration_length(rest) {
                return self.empty_tag(at, at + length, true);
            }
            return self.data(at, at + 2);
        }
        match self.tags.start(rest) {
            Some(tag) => self.start(&tag, at),
            None => self.data(at, at + 1),
        }
    }

    /// The length of the declaration or instruction at the start of `rest`.
    fn declaration_length(&mut self, rest: &str) -> Option<usize> {
        const KINDS: [(&str, &str); 3] = [("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">")];
        let kind = KINDS.iter().position(|(open, _)| rest.starts_with(open))?;
        let (open, close) = KINDS[kind];
        let is_named = rest[2..].starts_with(|next: char| next.is_ascii_alphabetic());
        if self.unclosed[kind] || (open == "<!" && !is_named) {
            return None;
        }
        let end = rest.find(close);
        self.unclosed[kind] = end.is_none();
        Some(end? + close.len())
    }

    /// Makes the line of `at` the current one.
    fn go_to(&mut self, at: usize) {
        while self.starts[self.line + 1] <= at {
            self.line += 1;
        }
    }

    /// Whether nothing but up to three spaces precedes `at` in its line.
    fn at_line_start(&self, at: usize) -> bool {
        let start = self.starts[self.line];
        at - start <= 3 && self.text[start..at].bytes().all(|byte| byte == b' ')
    }

    /// Whether the rest of the line is blank and a blank line follows it.
    fn blank_follows(&self, at: usize) -> bool {
        let mut lines = self.text[at..].split('\n');
        let mut next_is_blank = || {
            lines
                .next()
                .is_some_and(|line| line.bytes().all(|byte| byte == b' '))
        };
        next_is_blank() && next_is_blank() && lines.next().is_some()
    }

    /// Whether an inline element that is open ends in the rest of the
    /// paragraph.
    fn inline_closes_after(&self, at: usize) -> bool {
        let source = self.lines[self.line].source;
        if self.inline.is_empty() || !self.page.may_look(0, source) {
            return false;
        }
        let mut looked = 0;
        let mut paragraph = self.text[at..]
            .split('\n')
            .enumerate()
            .take_while(|(nth, line)| *nth == 0 || !line.trim().is_empty());
        let closes = paragraph.any(|(_, line)| {
            looked += line.len();
            step(line.len());
            line.match_indices("</").any(|(at, _)| {
                let tag = line[at + 2..].trim_start();
                let length = tag.find(|it: char| it.is_whitespace() || it == '>');
                let (name, after) = tag.split_at(length.unwrap_or(tag.len()));
                after.trim_start().starts_with('>') && self.inline.has(&name.to_ascii_lowercase())
            })
        });
        self.page.may_look(looked, source);
        closes
    }

    /// Reads text.
    fn data(&mut self, start: usize, end: usize) -> usize {
        let mut from = start;
        while from < end
            && let Some(length) = references::open_end(&self.text[from..end])
        {
            self.plain(from, from + length);
            self.go_to(from + length);
            self.close_reference();
            from += length;
        }
        self.plain(from, end)
    }

    /// Adds the `;` that the numeric reference which was just read lacks.
    fn close_reference(&mut self) {
        let source = self.lines[self.line.min(self.lines.len() - 1)].source;
        if let Some(raw) = &mut self.raw {
            raw.html.push(';');
        } else if let Some(open) = self.open.last_mut() {
            match open.state {
                Some(_) => open.out.push_owned(";", source, self.text),
                None => open.html.push(';'),
            }
        } else {
            self.out.push_owned(";", source, self.text);
        }
    }

    /// Reads text between markup.
    fn plain(&mut self, start: usize, end: usize) -> usize {
        if start >= end {
            return end;
        }
        self.go_to(start);
        let text = &self.text[start..end];
        if self.in_tail && text.contains('\n') {
            self.in_tail = false;
        }
        if let Some(raw) = &mut self.raw {
            raw.html.push_str(text);
        } else if let Some(open) = self.open.last_mut() {
            open.is_fresh = false;
            match open.state {
                Some(_) => open.out.push(start, end, self.line, self.text, self.lines),
                None => open.html.push_str(&Escape::TEXT_WITH_ENTITIES.apply(text)),
            }
        } else {
            if has_blank_line(text) {
                self.inline.clear();
            }
            self.out.push(start, end, self.line, self.text, self.lines);
        }
        end
    }

    /// Reads a start tag.
    fn start(&mut self, tag: &Tag<'a>, at: usize) -> usize {
        let end = at + tag.length;
        let name = self.name(tag.name);
        let is_block = is_block_level(name);
        if tag.is_closed
            || (name == "hr" && (self.at_line_start(at) || self.in_tail || !self.with_markdown))
        {
            let text = self.rule(name, tag);
            let text = text.as_deref().unwrap_or(&self.text[at..end]);
            return self.empty_tag_as(text, at, end, is_block);
        }
        if !self.with_markdown {
            return self.raw_start(name, at, end);
        }
        let is_fresh = self.open.last().is_some_and(|open| open.is_fresh);
        if is_block && self.open.len() >= DEEPEST {
            self.page
                .passed(Limit::Elements, self.lines[self.line].source);
        }
        let may_open = is_block && self.open.len() < DEEPEST;
        if may_open && (self.at_line_start(at) || self.in_tail || is_fresh) {
            let state = self.state_of(tag, name);
            if self.raw.is_some() || (state.is_none() && self.open.is_empty()) {
                return self.raw_start(name, at, end);
            }
            if self.is_open("p") {
                self.close_element("p", at, at);
            }
            self.go_to(at);
            let attributes = attributes(tag.attributes)
                .filter(|(name, _)| !name.eq_ignore_ascii_case("markdown"));
            let attributes = attributes.map(|(name, value)| {
                let name = self.name(name);
                (name.into(), Some(value.unwrap_or(name).into()))
            });
            self.open_element(name, attributes.collect(), state);
            return self.raw_text(name, end);
        }
        if self.raw.is_some() {
            return self.raw_start(name, at, end);
        }
        self.inline_markup(at, end);
        self.open_inline(name);
        end
    }

    /// Reads the text after a start tag if it is not HTML, as in `<script>`.
    fn raw_text(&mut self, name: &str, at: usize) -> usize {
        match name {
            "script" | "style" => self.plain(at, at + raw_text_length(&self.text[at..], name)),
            _ => at,
        }
    }

    /// Reads a start tag that may begin a raw block or is inside of one.
    fn raw_start(&mut self, name: &'a str, at: usize, end: usize) -> usize {
        let is_start = self.in_tail || (self.at_line_start(at) && self.raw.is_none());
        if is_block_level(name) && is_start && self.raw.is_none() {
            self.out.newline(self.lines[self.line].source);
            self.raw = Some(Raw {
                stack: OpenElements::default(),
                html: String::new(),
                line: self.line,
            });
        }
        let text = &self.text[at..end];
        let Some(raw) = &mut self.raw else {
            self.inline_markup(at, end);
            self.open_inline(name);
            return end;
        };
        raw.stack.push(name);
        raw.html.push_str(text);
        self.raw_text(name, end)
    }

    /// Reads a tag that is part of a paragraph.
    fn inline_markup(&mut self, at: usize, end: usize) {
        match self.open.last_mut() {
            Some(Open {
                state: None,
                html,
                is_fresh,
                ..
            }) => {
                *is_fresh = false;
                html.push_str(&self.text[at..end]);
            }
            _ => {
                self.plain(at, end);
            }
        }
    }

    fn open_inline(&mut self, name: &'a str) {
        if !is_block_level(name) && !VOID.contains(&name) {
            self.inline.push(name);
        }
    }

    /// Reads an end tag.
    fn end(&mut self, name: &'a str, at: usize, end: usize) -> usize {
        let name = self.name(name);
        if let Some(raw) = &mut self.raw {
            raw.html.push_str(&self.text[at..end]);
            raw.stack.close(name);
            if raw.stack.is_empty() {
                self.close_raw(end);
            }
            return end;
        }
        if is_block_level(name) && self.is_open(name) {
            self.close_element(name, at, end);
            return end;
        }
        self.inline_markup(at, end);
        if !is_block_level(name) {
            self.inline.close(name);
        }
        end
    }

    fn close_raw(&mut self, end: usize) {
        let Some(mut raw) = self.raw.take() else {
            return;
        };
        if self.blank_follows(end) {
            raw.html.push('\n')
        } else {
            self.in_tail = true
        }
        self.go_to(end.saturating_sub(1));
        let last = self.lines[self.line].source;
        let mut html = raw.html;
        if self.sources {
            html = with_source(html, self.lines[raw.line].source, last);
        }
        let placeholder = self.stash.push(Stashed::Html(html));
        self.out
            .push_owned(&placeholder, self.lines[raw.line].source, self.text);
        self.out.newline(last);
        self.out.newline(last);
    }

    /// Reads markup without content: an empty element, a comment or the like.
    fn empty_tag(&mut self, at: usize, end: usize, is_block: bool) -> usize {
        self.empty_tag_as(&self.text[at..end], at, end, is_block)
    }

    /// The same, written as `text`.
    fn empty_tag_as(&mut self, text: &str, at: usize, end: usize, is_block: bool) -> usize {
        let source = self.lines[self.line].source;
        if let Some(raw) = &mut self.raw {
            raw.html.push_str(text);
            return end;
        }
        let is_at_line_start = self.at_line_start(at);
        if let Some(open) = self.open.last_mut() {
            if is_block && is_at_line_start && open.state.is_some() {
                let placeholder = self.stash.push(Stashed::Html(text.to_owned()));
                open.is_fresh = false;
                open.out.newline(source);
                open.out.push_owned(&placeholder, source, self.text);
                open.out.newline(source);
                open.out.newline(source);
            } else {
                self.inline_markup(at, end);
            }
            return end;
        }
        if is_block && (is_at_line_start || self.in_tail) {
            let mut html = text.to_owned();
            if self.blank_follows(end) {
                html.push('\n')
            } else {
                self.in_tail = true
            }
            self.out.blank_before(source);
            let placeholder = self.stash.push(Stashed::Html(html));
            self.out.push_owned(&placeholder, source, self.text);
            self.out.newline(source);
            self.out.newline(source);
            return end;
        }
        self.plain(at, end)
    }

    /// `name` in lower case.
    fn name(&self, name: &'a str) -> &'a str {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.texts.alloc(name.to_ascii_lowercase())
        } else {
            name
        }
    }
}

fn has_blank_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\n', bytes).any(|at| {
        let mut next = bytes[at + 1..].iter();
        next.find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'\n')
    })
}
