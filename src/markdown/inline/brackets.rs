//! Which brackets are links and images, in the order in which Python-Markdown's rules
//! read them.
//!
//! Its rules go over a text one after the other, each from left to right. So a bracket
//! with an unknown label hides what is inside of it from the rule that has read it, and
//! the rules after it read it again: `[[a]]` is text if only `a` is defined, `[a][b]` is
//! the link `a` followed by text if only that is.

use super::ends::Backticks;
use super::hidden::{Hidden, HiddenKind};
use super::placeholders;
use super::scan::{Scanner, reference_label};
use crate::markdown::source::Limit;
use crate::markdown::source::lines::marks;
use crate::markdown::source::written::Written;
use crate::work::step;

/// Python-Markdown's rules, and that of the plugin autorefs, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// `[text][label]`
    Reference,
    /// `[text][name]`, as the scanner has found it.
    CrossReference,
    /// `[text](address)`
    Link,
    /// `![text](address)`
    Image,
    /// `![text][label]`
    ImageReference,
    /// `[label]`
    ShortReference,
    /// `![label]`
    ShortImage,
}

const RULES: [Rule; 7] = [
    Rule::Reference,
    Rule::CrossReference,
    Rule::Link,
    Rule::Image,
    Rule::ImageReference,
    Rule::ShortReference,
    Rule::ShortImage,
];

/// A bracket that is not escaped, and not in code.
#[derive(Debug)]
struct Bracket {
    at: usize,
    /// Whether it opens, and is that of an image.
    is_image: bool,
    /// The bracket that closes it, if it opens.
    close: Option<usize>,
    /// The first bracket from here on that closes.
    next_close: Option<usize>,
    /// The target behind it: its number, and where it ends.
    target: Option<(usize, usize)>,
    /// The bracket behind the link that it opens.
    taken_to: usize,
}

/// A link or an image.
#[derive(Debug)]
struct Found {
    /// Its first bracket.
    open: usize,
    /// The bracket that ends its text.
    close: usize,
    /// The number of its target.
    target: usize,
    /// Where it ends.
    end: usize,
    is_image: bool,
}

/// The brackets of a prepared text.
struct Brackets<'t> {
    text: &'t str,
    all: Vec<Bracket>,
    /// Where escapes and code begin, which no label contains.
    atoms: Vec<usize>,
    found: Vec<Found>,
}

impl<'a> Scanner<'a, '_> {
    /// Leaves in a prepared text only those brackets for Comrak to read that are links;
    /// `None` if it reads all of them as Python-Markdown does.
    pub(super) fn with_links(&mut self, text: &str) -> Option<String> {
        if !text.contains('[') {
            return None;
        }
        let mut brackets = Brackets::of(text, &self.asides);
        if self.references.is_empty() && !brackets.are_nested() {
            return None;
        }
        step(text.len());
        let all = 0..brackets.all.len();
        self.read_brackets(&mut brackets, all, 0);
        Some(brackets.written(&mut self.asides))
    }

    /// Applies the rules from `first` on to a range of brackets.
    fn read_brackets(
        &mut self,
        brackets: &mut Brackets<'_>,
        range: std::ops::Range<usize>,
        first: usize,
    ) {
        for rule in first..RULES.len() {
            let mut at = range.start;
            while at < range.end {
                step(1);
                at = self.read_bracket(brackets, at, range.end, rule);
            }
        }
    }

    /// Applies a rule to a bracket, and returns the next for it to read.
    fn read_bracket(
        &mut self,
        brackets: &mut Brackets<'_>,
        open: usize,
        end: usize,
        rule: usize,
    ) -> usize {
        let bracket = &brackets.all[open];
        if bracket.taken_to > open {
            return bracket.taken_to;
        }
        let (next, is_image) = (open + 1, bracket.is_image);
        let Some(close) = bracket.close.filter(|close| *close < end) else {
            return next;
        };
        let text = bracket.at + 1..brackets.all[close].at;
        let kind = RULES[rule];
        let wants_image = match kind {
            Rule::Image | Rule::ImageReference | Rule::ShortImage => true,
            Rule::CrossReference => is_image,
            Rule::Reference | Rule::Link | Rule::ShortReference => false,
        };
        if is_image != wants_image {
            return next;
        }
        let (target, end, behind) = match kind {
            Rule::CrossReference | Rule::Link | Rule::Image => {
                let Some((number, end)) = brackets.all[close].target else {
                    return next;
                };
                let hidden = self.asides.get(number).map(|aside| &aside.kind);
                let is_cross = matches!(hidden, Some(HiddenKind::CrossReference { .. }));
                if is_cross != (kind == Rule::CrossReference) {
                    return next;
                }
                (Some(number), end, close + 1)
            }
            Rule::Reference | Rule::ImageReference => {
                let Some((label, label_close)) = brackets.label_behind(close, end) else {
                    return next;
                };
                let name = if label.is_empty() { text } else { label };
                let end = brackets.all[label_close].at + 1;
                (self.defined(brackets, name), end, label_close + 1)
            }
            Rule::ShortReference | Rule::ShortImage => {
                let end = text.end + 1;
                (self.defined(brackets, text), end, close + 1)
            }
        };
        // What is unknown hides what is in it from this rule.
        let Some(target) = target else {
            return behind;
        };
        brackets.found.push(Found {
            open,
            close,
            target,
            end,
            is_image: is_image && kind != Rule::CrossReference,
        });
        if !wants_image || kind == Rule::CrossReference {
            self.read_brackets(brackets, open + 1..close, rule + 1);
        }
        brackets.all[open].taken_to = behind;
        behind
    }

    /// The number of a new target with what a label is defined as; `None` if it is not,
    /// or the page would become too long.
    fn defined(&mut self, brackets: &Brackets<'_>, label: std::ops::Range<usize>) -> Option<usize> {
        if self.references.is_empty() {
            return None;
        }
        step(label.len());
        let name = brackets.name(label, &self.asides)?;
        let reference = self.references.get(&name)?;
        let length = reference.url.len() + reference.title.as_ref().map_or(0, String::len);
        if !self.page.may_add(length, Limit::References, self.line) {
            return None;
        }
        self.asides.push(Hidden {
            written: "",
            kind: HiddenKind::Target {
                url: reference.url.clone().into(),
                place: Written::in_definition(reference.line),
                title: reference.title.clone().map(Into::into),
                holds_links: false,
            },
        });
        Some(self.asides.len() - 1)
    }
}

impl<'t> Brackets<'t> {
    fn of(text: &'t str, asides: &[Hidden<'_>]) -> Self {
        let mut all: Vec<Bracket> = Vec::new();
        let mut atoms = Vec::new();
        let mut open = Vec::new();
        let mut backticks = None;
        let mut escaped_to = 0;
        let mut at = 0;
        let next = |at: usize| {
            let rest = &text.as_bytes()[at..];
            let brackets = memchr::memchr2(b'[', b']', rest);
            let others = memchr::memchr2(b'\\', b'`', &rest[..brackets.unwrap_or(rest.len())]);
            Some(at + others.or(brackets)?)
        };
        while let Some(mark) = next(at) {
            at = mark + 1;
            match text.as_bytes()[mark] {
                b'\\' => {
                    atoms.push(mark);
                    at += text[at..].chars().next().map_or(0, char::len_utf8);
                    escaped_to = at;
                }
                b'`' => {
                    let backticks = backticks.get_or_insert_with(|| Backticks::of(text));
                    at = match backticks.code(mark) {
                        (ticks, Some((closing, end))) if ticks == closing => {
                            atoms.push(mark);
                            end
                        }
                        (ticks, _) => mark + ticks.max(1),
                    };
                }
                b'[' => {
                    open.push(all.len());
                    all.push(Bracket {
                        is_image: text[..mark].ends_with('!') && escaped_to != mark,
                        ..Bracket::at(mark)
                    });
                }
                _ => {
                    let close = all.len();
                    if let Some(open) = open.pop() {
                        all[open].close = Some(close);
                    }
                    let target = target_behind(text, mark, asides);
                    if let Some((_, end)) = target {
                        at = end;
                    }
                    all.push(Bracket {
                        next_close: Some(close),
                        target,
                        ..Bracket::at(mark)
                    });
                }
            }
        }
        let mut last = None;
        for bracket in all.iter_mut().rev() {
            last = bracket.next_close.or(last);
            bracket.next_close = last;
        }
        Self {
            text,
            all,
            atoms,
            found: Vec::new(),
        }
    }

    /// Whether a bracket that is closed is in another one that is.
    fn are_nested(&self) -> bool {
        let mut end = 0;
        self.all.iter().enumerate().any(|(at, bracket)| {
            let Some(close) = bracket.close else {
                return false;
            };
            let is_inside = at < end;
            end = end.max(close);
            is_inside
        })
    }

    /// The label in brackets behind a text, which one blank may precede: where it is, and
    /// the bracket that closes it.
    fn label_behind(&self, close: usize, end: usize) -> Option<(std::ops::Range<usize>, usize)> {
        let behind = self.all[close].at + 1;
        let rest = &self.text[behind..];
        let first = rest.chars().next()?;
        let blank = if first.is_whitespace() {
            first.len_utf8()
        } else {
            0
        };
        let open = behind + blank;
        if self.all.get(close + 1)?.at != open || !self.text[open..].starts_with('[') {
            return None;
        }
        let label_close = self.all[close + 1].next_close.filter(|it| *it < end)?;
        Some((open + 1..self.all[label_close].at, label_close))
    }

    /// The name that a label is looked up by; `None` if it can be that of no definition.
    fn name(&self, label: std::ops::Range<usize>, asides: &[Hidden<'_>]) -> Option<String> {
        let first = self.atoms.partition_point(|at| *at < label.start);
        if self.atoms.get(first).is_some_and(|at| *at < label.end) {
            return None;
        }
        let label = &self.text[label];
        let mut written = String::with_capacity(label.len());
        let mut from = 0;
        while let Some(atom) = placeholders::next(label, from) {
            placeholders::plain(&label[from..atom.start], &mut written);
            from = atom.end;
            let aside = asides.get(atom.number)?;
            match &aside.kind {
                // The rules for these come later.
                HiddenKind::Entity
                | HiddenKind::Html
                | HiddenKind::Address(..)
                | HiddenKind::Mail(_)
                | HiddenKind::Keys(_) => written.push_str(aside.written),
                _ => return None,
            }
        }
        placeholders::plain(&label[from..], &mut written);
        let is_trimmed = written.trim().len() == written.len();
        is_trimmed.then(|| reference_label(&written))
    }

    /// The text with what was found, for Comrak.
    fn written(mut self, asides: &mut [Hidden<'_>]) -> String {
        self.found.sort_by_key(|found| found.open);
        let mut is_found = vec![false; self.all.len()];
        // Where something is inserted, in place of how many bytes.
        let mut edits: Vec<(usize, usize, String)> = Vec::new();
        for (nth, found) in self.found.iter().enumerate() {
            is_found[found.close] = true;
            let inside = self.found[nth + 1..].iter();
            let mut inside = inside.take_while(|inner| inner.open < found.close);
            let holds_links = !found.is_image && inside.any(|inner| !inner.is_image);
            let at = self.all[found.open].at;
            if holds_links
                && let Some(HiddenKind::Target { holds_links, .. }) =
                    asides.get_mut(found.target).map(|aside| &mut aside.kind)
            {
                *holds_links = true;
                edits.push((at, 0, "!".to_owned()));
            }
            if self.all[found.close].target.map(|it| it.0) != Some(found.target) {
                let behind = self.all[found.close].at + 1;
                let mut target = String::from("(");
                placeholders::push(found.target, &mut target);
                target.push(')');
                edits.push((behind, found.end - behind, target));
            }
        }
        for (bracket, is_found) in self.all.iter().zip(is_found) {
            let hidden = bracket.target.and_then(|(number, _)| asides.get(number));
            let is_target = hidden.is_some_and(|it| matches!(it.kind, HiddenKind::Target { .. }));
            if is_target && !is_found {
                edits.push((bracket.at + 1, 0, marks::GUARD.to_string()));
            }
        }
        edits.sort_by_key(|edit| edit.0);
        let mut to = String::with_capacity(self.text.len() + 8 * edits.len());
        let mut from = 0;
        for (at, length, new) in edits {
            to.push_str(self.text.get(from..at).unwrap_or_default());
            to.push_str(&new);
            from = from.max(at + length);
        }
        to.push_str(&self.text[from..]);
        to
    }
}

impl Bracket {
    fn at(at: usize) -> Self {
        Self {
            at,
            is_image: false,
            close: None,
            next_close: None,
            target: None,
            taken_to: 0,
        }
    }
}

/// The hidden target in parentheses behind the bracket at a byte, and where it ends.
fn target_behind(text: &str, at: usize, asides: &[Hidden<'_>]) -> Option<(usize, usize)> {
    let inner = text[at + 1..].strip_prefix('(')?;
    let start = text.len() - inner.len();
    let number = placeholders::leading(inner)?;
    let end = number.end + start;
    let is_target = matches!(
        asides.get(number.number)?.kind,
        HiddenKind::Target { .. } | HiddenKind::CrossReference { .. }
    );
    (is_target && text[end..].starts_with(')')).then_some((number.number, end + 1))
}
