//! Critic marks: `{++added++}`, `{--removed--}`, `{~~old~>new~~}`,
//! `{==marked==}` and `{>>comment<<}`.

use super::output::Output;
use super::stash::{Stash, Stashed};
use crate::html::Escape;
use crate::markdown::options::Critic;
use crate::markdown::source::lines::{Line, Texts, join};
use crate::work::step;

/// Replaces critic marks among `lines`, before anything else is read.
pub fn replace<'a>(
    lines: Vec<Line<'a>>,
    mode: Critic,
    stash: &mut Stash<'a>,
    texts: &'a Texts,
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
    let mut writer = Writer {
        text,
        lines: &lines,
        line: 0,
        at: 0,
        out: Output::default(),
        mode,
        stash,
    };
    // An opener without its end: the same kind cannot end later either.
    let mut dead = [false; 5];
    let mut at = 0;
    while let Some(start) = text[at..].find('{').map(|found| at + found) {
        at = start + 1;
        let Some(kind) = OPENERS
            .iter()
            .position(|open| text[start..].starts_with(open))
            .filter(|kind| !dead[*kind])
        else {
            continue;
        };
        let Some((middle, close)) = ends(text, start + 3, kind) else {
            dead[kind] = true;
            continue;
        };
        writer.copy(start);
        writer.mark(kind, start + 3, middle, close);
        at = close + 3;
        writer.at = at;
    }
    writer.copy(text.len());
    writer.out.finish(text, texts)
}

/// Where the mark from `start` on has its middle (for `~~`) and its end.
fn ends(text: &str, start: usize, kind: usize) -> Option<(usize, usize)> {
    const CLOSERS: [&str; 5] = ["++}", "--}", "==}", "<<}", "~~}"];
    step(1);
    let middle = match kind {
        4 => start + text[start..].find("~>")?,
        _ => start,
    };
    let from = if kind == 4 { middle + 2 } else { start };
    Some((middle, from + text[from..].find(CLOSERS[kind])?))
}

struct Writer<'a, 's> {
    text: &'a str,
    lines: &'s [Line<'a>],
    line: usize,
    /// Up to here the text is written.
    at: usize,
    out: Output,
    mode: Critic,
    stash: &'s mut Stash<'a>,
}

impl Writer<'_, '_> {
    /// Writes the text as it is up to `end`.
    fn copy(&mut self, end: usize) {
        let part = &self.text[self.at..end];
        self.out
            .push(self.at, end, self.line, self.text, self.lines);
        self.line += part.matches('\n').count();
        self.at = end;
    }

    /// Passes over the text up to `at`.
    fn skip(&mut self, at: usize) {
        self.line += self.text[self.at..at].matches('\n').count();
        self.at = at;
    }

    fn put(&mut self, html: &str) {
        let placeholder = self.stash.push(Stashed::Critic(html.to_owned()));
        let source = self.lines[self.line.min(self.lines.len() - 1)].source;
        self.out.push_owned(&placeholder, source, self.text);
    }

    fn mark(&mut self, kind: usize, start: usize, middle: usize, close: usize) {
        self.skip(start);
        let inserts = matches!(self.mode, Critic::View | Critic::Accept);
        let deletes = matches!(self.mode, Critic::View | Critic::Reject);
        match kind {
            0 if inserts => self.tagged("ins", close),
            1 if deletes => self.tagged("del", close),
            2 if self.mode == Critic::View => self.tagged("mark", close),
            2 => self.copy(close),
            3 if self.mode == Critic::View => {
                let comment = Escape::QUOTED.apply(&self.text[start..close]);
                let comment = comment.replace('\n', " ");
                self.put(&format!("<span class=\"critic comment\">{comment}</span>"));
            }
            4 => {
                if deletes {
                    self.tagged("del", middle);
                }
                self.skip(middle + 2);
                if inserts {
                    self.tagged("ins", close);
                }
            }
            _ => {}
        }
        self.skip(close + 3);
    }

    fn tagged(&mut self, tag: &str, end: usize) {
        let inner = &self.text[self.at..end];
        let is_break = inner.len() > 1 && inner.bytes().all(|byte| byte == b'\n');
        if self.mode != Critic::View {
            return self.copy(end);
        }
        if is_break {
            let source = self.lines[self.line].source;
            let breaks = if tag == "ins" { 2 } else { 0 };
            (0..breaks).for_each(|_| self.out.newline(source));
            self.put(&format!("<{tag} class=\"critic break\">&nbsp;</{tag}>"));
            (0..breaks).for_each(|_| self.out.newline(source));
            return self.skip(end);
        }
        self.put(&format!("<{tag} class=\"critic\">"));
        self.copy(end);
        self.put(&format!("</{tag}>"));
    }
}
