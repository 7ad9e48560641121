//! `[text]{.class}` as spans.

use super::Builder;
use crate::markdown::source::Limit;
use crate::markdown::tree::Id;
use crate::markdown::tree::attributes::{assign, parse};

/// How deep spans may be nested.
const DEPTH: usize = 100;

/// An open bracket.
struct Open {
    /// Where it is.
    at: usize,
    /// The spans behind it so far.
    spans: Vec<Span>,
}

/// A span in a text.
struct Span {
    /// Where its bracket is.
    start: usize,
    /// Where its attribute list ends.
    end: usize,
    id: Id,
}

impl<'a> Builder<'a, '_> {
    /// Puts a span in place of each bracket that an attribute list follows; `None`
    /// if there are none.
    pub(super) fn bracket_spans(&mut self, flat: &str) -> Option<String> {
        if !flat.contains("]{") {
            return None;
        }
        let mut found: Vec<Span> = Vec::new();
        let mut stack: Vec<Open> = Vec::new();
        let mut at = 0;
        while let Some(next) = memchr::memchr2(b'[', b']', &flat.as_bytes()[at..]) {
            let bracket = at + next;
            at = bracket + 1;
            if flat[bracket..].starts_with('[') {
                if stack.len() < DEPTH {
                    let spans = Vec::new();
                    stack.push(Open { at: bracket, spans });
                } else {
                    self.page.passed(Limit::Emphasis, self.line);
                }
                continue;
            }
            if stack.is_empty() || !flat[at..].starts_with('{') {
                continue;
            }
            if !self.page.may_look(0, self.line) {
                break;
            }
            let Some((list, length)) = list(&flat[at..]) else {
                let line = flat.len() - at;
                self.page.may_look(line, self.line);
                continue;
            };
            let Some(open) = stack.pop() else {
                continue;
            };
            let list = self.plain(list);
            let id = self.bracket_span(flat, &open, bracket, list);
            let span = Span {
                start: open.at,
                end: at + length,
                id,
            };
            match stack.last_mut() {
                // As in the reference, the list is searched for brackets too.
                Some(outer) => outer.spans.push(span),
                None => {
                    at = span.end;
                    found.push(span);
                }
            }
        }
        // What is around the others was no span.
        found.extend(stack.into_iter().flat_map(|open| open.spans));
        if found.is_empty() {
            return None;
        }
        let mut to = self.buffer();
        self.with_spans(flat, 0..flat.len(), &found, &mut to);
        Some(to)
    }

    /// The span of a bracket that is closed at byte `close`.
    fn bracket_span(&mut self, flat: &str, open: &Open, close: usize, list: &'a str) -> Id {
        let mut inner = self.buffer();
        self.with_spans(flat, open.at + 1..close, &open.spans, &mut inner);
        let id = self.element("span");
        assign(self.tree, id, parse(list).0);
        self.fill(id, &inner);
        self.buffers.push(inner);
        id
    }

    /// Appends a part of a text, with the spans in it as atoms.
    fn with_spans(
        &mut self,
        flat: &str,
        part: std::ops::Range<usize>,
        spans: &[Span],
        to: &mut String,
    ) {
        let mut at = part.start;
        for span in spans {
            if span.start < at || span.end > part.end {
                continue;
            }
            to.push_str(&flat[at..span.start]);
            self.atom(span.id, to);
            at = span.end;
        }
        to.push_str(&flat[at..part.end]);
    }
}

/// The attribute list at the start of `text`, which begins with `{`, and its length
/// with its braces. It may be empty.
fn list(text: &str) -> Option<(&str, usize)> {
    let end = text.find(['\n', '\u{c}']).unwrap_or(text.len());
    let line = &text[..end];
    let inner = line.strip_prefix('{')?;
    let bare = inner.strip_prefix(':').unwrap_or(inner);
    let bare = bare.trim_start_matches(' ');
    if !bare.starts_with('}')
        && let Some(last) = bare.rfind('}')
        && last > 0
    {
        // What follows the first brace is text again.
        let list = &bare[..last];
        let remainder = parse(list).1;
        let start = line.len() - bare.len();
        return Some((list, start + last + 1 - remainder.len()));
    }
    let blank = inner.trim_start();
    blank
        .starts_with('}')
        .then(|| ("", line.len() - blank.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn lists_behind_brackets() {
        assert_eq!(list("{.a} b"), Some((".a", 4)));
        assert_eq!(list("{: .a } b"), Some((".a ", 7)));
        assert_eq!(list("{.a} b} c"), Some((".a} b", 4)));
        assert_eq!(list("{}"), Some(("", 2)));
        assert_eq!(list("{ } a"), Some(("", 3)));
        assert_eq!(list("{.a"), None);
        assert_eq!(list("{\n.a}"), None);
    }
}
