//! Critic marks: `{++added++}`, `{--removed--}`, `{~~old~>new~~}`,
//! `{==marked==}` and `{>>comment<<}`.

use super::output::Output;
use super::stash::{Stash, Stashed};
use crate::html::Escape;
use crate::markdown::options::Critic;
use crate::markdown::source::lines::{Line, TextArena, join, line_starts};
use crate::work::step;

/// Replaces the critic marks in `lines`, before anything else is parsed.
pub fn replace<'a>(
    lines: Vec<Line<'a>>,
    mode: Critic,
    stash: &mut Stash<'a>,
    texts: &'a TextArena,
) -> Vec<Line<'a>> {
    const OPENERS: [&str; 5] = ["{++", "{--", "{==", "{>>", "{~~"];
    let is_marked = |line: &Line| {
        let braces = memchr::memchr_iter(b'{', line.text.as_bytes());
        let mut tails = braces.map(|at| &line.text[at..]);
        tails.any(|tail| OPENERS.iter().any(|open| tail.starts_with(open)))
    };
    if !lines.iter().any(is_marked) {
        return lines;
    }
    let text = texts.alloc(join(&lines));
    let starts = line_starts(&lines);
    let mut writer = Writer {
        text,
        lines: &lines,
        line: 0,
        at: 0,
        out: Output::default(),
        mode,
        stash,
    };
    // The kinds of which an opener has no end: neither has any later one.
    let mut unclosed = [false; 5];
    let mut at = 0;
    while let Some(offset) = text[at..].find('{') {
        let start = at + offset;
        at = start + 1;
        let opens = |open: &&str| text[start..].starts_with(*open);
        let Some(kind) = OPENERS.iter().position(opens) else {
            continue;
        };
        if unclosed[kind] {
            continue;
        }
        let Some((middle, close)) = find_ends(text, start + 3, kind) else {
            unclosed[kind] = true;
            continue;
        };
        writer.copy(start);
        writer.mark(kind, start + 3, middle, close);
        at = close + 3;
        writer.at = at;
    }
    writer.copy(text.len());
    writer.out.finish(text, &lines, &starts, texts)
}

/// Where the content from `start` on has its middle (for `~~`) and its end.
fn find_ends(text: &str, start: usize, kind: usize) -> Option<(usize, usize)> {
    const CLOSERS: [&str; 5] = ["++}", "--}", "==}", "<<}", "~~}"];
    step(1);
    let (middle, from) = if kind == 4 {
        let middle = start + text[start..].find("~>")?;
        (middle, middle + 2)
    } else {
        (start, start)
    };
    Some((middle, from + text[from..].find(CLOSERS[kind])?))
}

struct Writer<'a, 's> {
    text: &'a str,
    lines: &'s [Line<'a>],
    /// The line of `at`.
    line: usize,
    /// How much of the text has been written or skipped.
    at: usize,
    out: Output,
    mode: Critic,
    stash: &'s mut Stash<'a>,
}

impl Writer<'_, '_> {
    /// Copies the text up to `end`.
    fn copy(&mut self, end: usize) {
        let part = &self.text[self.at..end];
        self.out
            .push(self.at, end, self.line, self.text, self.lines);
        self.line += part.matches('\n').count();
        self.at = end;
    }

    /// Skips the text up to `at`.
    fn skip(&mut self, at: usize) {
        self.line += self.text[self.at..at].matches('\n').count();
        self.at = at;
    }

    fn put_html(&mut self, html: &str) {
        let placeholder = self.stash.push(Stashed::Critic(html.to_owned()));
        let source = self.lines[self.line.min(self.lines.len() - 1)].source;
        self.out.push_owned(&placeholder, source, self.text);
    }

    /// Writes a mark whose content begins at `start` and ends at `close`.
    fn mark(&mut self, kind: usize, start: usize, middle: usize, close: usize) {
        self.skip(start);
        let inserts = matches!(self.mode, Critic::View | Critic::Accept);
        let deletes = matches!(self.mode, Critic::View | Critic::Reject);
        match kind {
            0 if inserts => self.wrap("ins", close),
            1 if deletes => self.wrap("del", close),
            2 if self.mode == Critic::View => self.wrap("mark", close),
            2 => self.copy(close),
            3 if self.mode == Critic::View => {
                let comment = Escape::QUOTED.apply(&self.text[start..close]);
                let comment = comment.replace('\n', " ");
                self.put_html(&format!("<span class=\"critic comment\">{comment}</span>"));
            }
            4 => {
                if deletes {
                    self.wrap("del", middle);
                }
                self.skip(middle + 2);
                if inserts {
                    self.wrap("ins", close);
                }
            }
            _ => {}
        }
        self.skip(close + 3);
    }

    /// Writes the text up to `end` inside of an element, if marks are shown.
    fn wrap(&mut self, tag: &str, end: usize) {
        let inner = &self.text[self.at..end];
        let is_break = inner.len() > 1 && inner.bytes().all(|byte| byte == b'\n');
        if self.mode != Critic::View {
            self.copy(end);
        } else if is_break {
            let source = self.lines[self.line].source;
            let breaks = if tag == "ins" { 2 } else { 0 };
            (0..breaks).for_each(|_| self.out.newline(source));
            self.put_html(&format!("<{tag} class=\"critic break\">&nbsp;</{tag}>"));
            (0..breaks).for_each(|_| self.out.newline(source));
            self.skip(end);
        } else {
            self.put_html(&format!("<{tag} class=\"critic\">"));
            self.copy(end);
            self.put_html(&format!("</{tag}>"));
        }
    }
}
