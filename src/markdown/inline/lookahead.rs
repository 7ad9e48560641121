//! The constructs whose end the scanner has to search for: code spans, formulas,
//! targets of links, keys.

use std::borrow::Cow;

use super::ends::find;
use super::escapes::without_escapes;
use super::keys;
use super::link::{ESCAPABLE, NEAR, target};
use super::placeholders::BREAK;
use super::scan::Scanner;
use crate::markdown::source::lines::marks;
use crate::work::step;

impl<'a> Scanner<'a, '_> {
    /// Copies a code span, in which nothing has a meaning. Surplus backticks at its
    /// start are part of the code.
    pub(super) fn code_span(&mut self, text: &str, to: &mut String) -> usize {
        let at = self.ends.text.len() - text.len();
        let (ticks, close) = self.ends.backticks().code(at);
        let Some((closing, end)) = close else {
            to.push_str(&text[..ticks]);
            return ticks;
        };
        let end = end - at;
        if closing == ticks {
            copy(&text[..end], to);
            return end;
        }
        // All backticks of the start are used, since that many do not occur inside.
        let fence = &text[..ticks];
        let code = &text[closing..end - closing];
        to.push_str(fence);
        to.push(' ');
        to.extend(code.chars().map(|it| if it == '\n' { BREAK } else { it }));
        to.push(' ');
        to.push_str(fence);
        end
    }

    /// Whether code, which takes precedence, begins inside of `formula`, whose
    /// marks begin at byte `at`.
    pub(super) fn holds_code(&mut self, formula: &str, at: usize) -> bool {
        let text = self.ends.text;
        let open = if text[at..].starts_with('$') { 1 } else { 2 };
        let start = at + open;
        let Some(first) = self
            .ends
            .backticks()
            .next(start)
            .filter(|first| *first < start + formula.len())
        else {
            return false;
        };
        let before = text[start..first].bytes().rev();
        let escapes = before.take_while(|it| *it == b'\\').count();
        let (_, close) = self.ends.backticks().code(first);
        escapes % 2 == 0 && close.is_some()
    }

    /// The formula at the start of `text`, and its length with its marks.
    pub(super) fn math(&mut self, text: &'a str) -> Option<(&'a str, usize)> {
        let all = self.ends.text;
        let at = all.len() - text.len();
        let is_dollar = text.starts_with('$');
        let syntax = self.options.arithmatex.as_ref()?.inline_syntax;
        if !(if is_dollar {
            syntax.dollar
        } else {
            syntax.round
        }) {
            return None;
        }
        let (open, close) = if is_dollar {
            ("$", "$")
        } else {
            ("\\(", "\\)")
        };
        let inner = text.strip_prefix(open)?;
        // The result does not depend on the start: no backslash precedes one, so
        // that all starts read the same backslashes alike.
        let end = if is_dollar {
            math_end(inner, close)?
        } else {
            let end = |from: usize| Some(from + math_end(&all[from..], close)?);
            let start = at + open.len();
            self.ends.formula.at(start, end)? - start
        };
        let formula = &inner[..end];
        let is_loose = is_dollar
            && syntax.smart
            && (formula.starts_with(char::is_whitespace) || formula.ends_with(char::is_whitespace));
        let length = open.len() + end + close.len();
        (!formula.is_empty() && !is_loose).then_some((formula, length))
    }

    /// A part of the target of a link without escapes. The reference has read the formulas
    /// in it before, and leaves of them what their elements show.
    pub(super) fn without_formulas(&mut self, part: &'a str) -> Cow<'a, str> {
        let options = self.options;
        let has_formulas = options.arithmatex.is_some() || options.script_math.is_some();
        if !has_formulas || memchr::memchr2(b'$', b'\\', part.as_bytes()).is_none() {
            return without_escapes(part, false);
        }
        let mut to = String::with_capacity(part.len() + 2);
        let mut rest = part;
        while let Some(at) = memchr::memchr2(b'$', b'\\', rest.as_bytes()) {
            to.push_str(&rest[..at]);
            rest = &rest[at..];
            let start = (rest.as_ptr() as usize) - (self.ends.text.as_ptr() as usize);
            let text = &self.ends.text[start..];
            let found = self.math(text).or_else(|| {
                let (formula, length) = self.script_math(text)?;
                Some((formula.text, length))
            });
            let found = found.filter(|(_, length)| *length <= rest.len());
            if let Some((formula, length)) = found {
                match &options.arithmatex {
                    Some(math) if math.generic => to.extend(["\\(", formula, "\\)"]),
                    Some(math) if math.preview => to.extend([formula, formula]),
                    _ => to.push_str(formula),
                }
                rest = &rest[length..];
                continue;
            }
            let escapes = |it| ESCAPABLE.contains(it) || (it == '$' && self.is_escapable(it));
            let length = match rest[1..].chars().next() {
                Some(next) if rest.starts_with('\\') && escapes(next) => {
                    to.push(next);
                    2
                }
                _ => {
                    to.push_str(&rest[..1]);
                    1
                }
            };
            rest = &rest[length..];
        }
        to.push_str(rest);
        Cow::Owned(to)
    }

    /// The target of a link at the start of `text`, which begins with `(`.
    pub(super) fn target(&mut self, text: &'a str) -> Option<super::link::Target<'a>> {
        let all = self.ends.text;
        let at = all.len() - text.len();
        let close = self.ends.target.at(at, |from| find(all, from, ")"))?;
        if !self.page.may_look(0, self.line) {
            return None;
        }
        // Targets may be images as data, which may be of any length.
        let looked = text.len().min(NEAR.max(2 * (close - at)));
        let found = target(text, looked);
        if found.is_none() {
            self.page.may_look(looked, self.line);
        }
        found
    }

    /// The keys at the start of `text`, as HTML, and their length.
    pub(super) fn keys(&self, text: &str) -> Option<(String, usize)> {
        if !self.page.may_look(0, self.line) {
            return None;
        }
        match keys::keys(text, self.options.keys.as_ref()?) {
            Ok(found) => Some(found),
            Err(looked) => {
                self.page.may_look(looked, self.line);
                None
            }
        }
    }
}

/// The end of a formula in `text`.
fn math_end(text: &str, close: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        step(1);
        if !escaped && text[at..].starts_with(close) {
            return Some(at);
        }
        escaped = character == '\\' && !escaped;
    }
    None
}

/// Copies a code span. Its first space becomes one that Comrak keeps.
fn copy(text: &str, to: &mut String) {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let kept = |(at, it)| match it {
        '\n' => BREAK,
        ' ' if at == ticks => marks::SPACE,
        it => it,
    };
    to.extend(text.char_indices().map(kept));
}
