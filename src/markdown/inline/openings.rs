//! What the scanner reads ahead for: code spans, formulas, targets, keys.

use super::atoms::BREAK;
use super::ends::find;
use super::keys;
use super::link::{NEAR, target};
use super::scan::Scanner;
use crate::markdown::source::lines::marks;
use crate::work::step;

impl<'a> Scanner<'a, '_> {
    /// Copies a code span as it is: nothing inside it means anything. The
    /// backticks that are too many at its start are part of the code.
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
        // A fence of as many backticks as stand at the start closes nowhere else.
        let fence = &text[..ticks];
        let code = &text[closing..end - closing];
        to.push_str(fence);
        to.push(' ');
        to.extend(code.chars().map(|it| if it == '\n' { BREAK } else { it }));
        to.push(' ');
        to.push_str(fence);
        end
    }

    /// Whether code begins within `formula`, whose marks begin at byte `at`:
    /// it is read first.
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

    /// The formula that `text` begins with and its length, marks included.
    pub(super) fn math(&mut self, text: &'a str) -> Option<(&'a str, usize)> {
        let all = self.ends.text;
        let at = all.len() - text.len();
        let is_dollar = text.starts_with('$');
        let (open, close) = if is_dollar {
            ("$", "$")
        } else {
            ("\\(", "\\)")
        };
        let inner = text.strip_prefix(open)?;
        // No two starts read the same backslashes differently: none stands
        // before a start.
        let end = if is_dollar {
            math_end(inner, close)?
        } else {
            let end = |from: usize| Some(from + math_end(&all[from..], close)?);
            let start = at + open.len();
            self.ends.formula.at(start, end)? - start
        };
        let formula = &inner[..end];
        let is_loose = is_dollar
            && (formula.starts_with(char::is_whitespace) || formula.ends_with(char::is_whitespace));
        let length = open.len() + end + close.len();
        (!formula.is_empty() && !is_loose).then_some((formula, length))
    }

    /// The target of a link that `text`, which begins with `(`, begins with.
    pub(super) fn target(&mut self, text: &'a str) -> Option<super::link::Target<'a>> {
        let all = self.ends.text;
        let at = all.len() - text.len();
        let close = self.ends.target.at(at, |from| find(all, from, ")"))?;
        if !self.page.may_look(0, self.line) {
            return None;
        }
        // Targets may be pictures, which are as long as they like.
        let looked = text.len().min(NEAR.max(2 * (close - at)));
        let found = target(text, looked);
        if found.is_none() {
            self.page.may_look(looked, self.line);
        }
        found
    }

    /// The keys that `text` begins with.
    pub(super) fn keys(&self, text: &str) -> Option<(String, usize)> {
        if !self.page.may_look(0, self.line) {
            return None;
        }
        match keys::keys(text) {
            Ok(found) => Some(found),
            Err(looked) => {
                self.page.may_look(looked, self.line);
                None
            }
        }
    }
}

/// Where in `text` a formula ends.
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

/// Copies a code span. Its first space is one that Comrak keeps.
fn copy(text: &str, to: &mut String) {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let kept = |(at, it)| match it {
        '\n' => BREAK,
        ' ' if at == ticks => marks::SPACE,
        it => it,
    };
    to.extend(text.char_indices().map(kept));
}
