//! Prepares the text of one block for Comrak.
//!
//! Constructs for which Python-Markdown has rules of its own are hidden behind
//! numbers, and marks that may be emphasis become stand-ins. Comrak then parses
//! code spans, links, images, addresses, tags and entities only.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::angle_brackets::{self, Construct};
use super::ends::{Backticks, Next, find};
use super::escapes::{holds, in_one_line, without_escapes};
use super::hidden::{Hidden, HiddenKind};
use super::link::{ESCAPABLE, is_plain};
use super::placeholders::{self, BREAK};
use super::plain_links::PlainLink;
use crate::html::entity_length;
use crate::markdown::blocks::{Definitions, Reference};
use crate::markdown::options::MarkdownOptions;
use crate::markdown::source::Limit;
use crate::markdown::source::lines::Line;
use crate::markdown::source::lines::marks::{self, stand_in};
use crate::markdown::source::page::Page;
use crate::markdown::source::written::Written;
use crate::text::Bytes;

/// How many undefined footnotes are reported on one page.
const MISSING: usize = 100;

/// Characters that may mean something. All others are copied in one go.
const SPECIAL: Bytes = Bytes::of(b"\n\\*_~^=[]<`&$+");

/// Scans one page's texts.
pub struct Scanner<'a, 'o> {
    pub(super) page: &'o Page<'a>,
    pub(super) options: &'o MarkdownOptions,
    labels: &'o BTreeMap<&'a str, usize>,
    pub(super) references: &'o BTreeMap<String, Reference>,
    /// Marks that may be emphasis.
    marks: [bool; 128],
    /// Whether there is anything in the text for Comrak to parse.
    for_comrak: bool,
    /// Whether brackets may be in others.
    may_nest: bool,
    /// The links and images of the text, unless Comrak has to read it.
    pub links: Vec<PlainLink>,
    pub(super) ends: Ends<'a>,
    /// The lengths of the labels of footnotes.
    label_lengths: BTreeSet<usize>,
    open_brackets: Vec<Bracket>,
    /// Where the label of a defined link begins, in the text.
    pub(super) label_at: Option<usize>,
    /// The brackets that become those of images, in the prepared text.
    pub(super) images: Vec<usize>,
    /// The source line of the text.
    pub line: u32,
    /// The lines of the text.
    pub lines: Vec<Line<'a>>,
    /// The references to undefined footnotes, with their lines.
    pub missing: Vec<(u32, String)>,
    /// The parts hidden so far.
    pub asides: Vec<Hidden<'a>>,
}

/// An open bracket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bracket {
    /// Its position in the prepared text.
    pub(super) prepared: usize,
    /// Where the text behind it begins.
    pub(super) start: usize,
    pub(super) is_image: bool,
    /// Whether it may begin a cross reference: it is not that of an image, nor of the
    /// label of a link that the page defines.
    pub(super) may_refer: bool,
}

/// The ends of open constructs in the text.
#[derive(Default)]
pub(super) struct Ends<'a> {
    pub(super) text: &'a str,
    backticks: Option<Backticks>,
    pub(super) formula: Next,
    pub(super) square: Next,
    label: Next,
    pub(super) target: Next,
    pub(super) reference: Next,
    angle: angle_brackets::Unclosed,
    /// The text with each escape replaced by letters, once it has been needed.
    masked: Option<Cow<'a, str>>,
}

impl<'a> Ends<'a> {
    pub(super) fn backticks(&mut self) -> &Backticks {
        self.backticks
            .get_or_insert_with(|| Backticks::of(self.text))
    }
}

impl<'a, 'o> Scanner<'a, 'o> {
    /// A scanner for a page with these definitions.
    pub fn new(
        page: &'o Page<'a>,
        options: &'o MarkdownOptions,
        definitions: &'o Definitions<'a>,
    ) -> Self {
        let mut marks = [false; 128];
        let delimiters = options.delimiters.iter().map(|delimiter| delimiter.mark);
        for mark in delimiters.chain(['*', '_']) {
            if let Some(known) = marks.get_mut(mark as usize) {
                *known = true;
            }
        }
        let labels = definitions.labels.keys();
        Self {
            page,
            options,
            label_lengths: labels.map(|label| label.len()).collect(),
            labels: &definitions.labels,
            references: &definitions.references,
            marks,
            for_comrak: false,
            may_nest: false,
            links: Vec::new(),
            ends: Ends::default(),
            open_brackets: Vec::new(),
            label_at: None,
            images: Vec::new(),
            line: 0,
            lines: Vec::new(),
            missing: Vec::new(),
            asides: Vec::new(),
        }
    }

    pub(super) fn is_escapable(&self, character: char) -> bool {
        let is_space = || self.options.delimiters.iter().any(|it| it.no_space);
        let magic = self.options.magiclink.as_ref();
        let is_short = || magic.is_some_and(|magic| magic.shorthand || magic.social);
        ESCAPABLE.contains(character)
            || (character == '|' && self.options.tables)
            || (character == '$' && self.options.arithmatex.is_some())
            || (character == '$' && self.options.script_math.is_some_and(|it| it.dollar))
            || (character == ':' && self.options.emoji.is_some())
            || (character == '/' && !self.options.generic_blocks.is_empty())
            || (character == '='
                && (self.options.progressbar.is_some() || self.options.bracket_spans))
            || (character == '@' && is_short())
            || (matches!(character, '"' | '\'') && self.options.smarty.is_some())
            || (character == ' ' && is_space())
            || self.is_delimiter(character)
    }

    /// Whether a label is that of a footnote that the page defines.
    pub(super) fn is_footnote(&self, label: &str) -> bool {
        let label = label.strip_prefix('^');
        label.is_some_and(|label| self.labels.contains_key(label))
    }

    fn has_angled_quotes(&self) -> bool {
        let smarty = self.options.smarty.as_ref();
        smarty.is_some_and(|smarty| smarty.angled_quotes)
    }

    fn is_delimiter(&self, character: char) -> bool {
        let known = self.marks.get(character as usize);
        known.is_some_and(|known| *known)
    }

    /// With `escapeall` a backslash escapes whatever follows it.
    fn escape_any(&mut self, text: &'a str, to: &mut String) -> usize {
        let options = self.options.escape_all.as_ref();
        let Some(next) = text[1..].chars().next() else {
            to.push(marks::BACKSLASH);
            return 1;
        };
        let length = 1 + next.len_utf8();
        let written = &text[..length];
        match next {
            '\n' if options.is_some_and(|options| options.hardbreak) => {
                to.push_str("  ");
                to.push(BREAK);
            }
            ' ' if options.is_some_and(|options| options.nbsp) => {
                self.aside(written, HiddenKind::Literal("\u{a0}"), to);
            }
            _ => self.aside(written, HiddenKind::Literal(&written[1..]), to),
        }
        length
    }

    pub(super) fn aside(&mut self, written: &'a str, kind: HiddenKind<'a>, to: &mut String) {
        placeholders::push(self.asides.len(), to);
        self.asides.push(Hidden { written, kind });
    }

    fn is_mark(&self, character: char, text: &str) -> bool {
        self.is_delimiter(character) && (character != '=' || text.starts_with("=="))
    }

    /// Appends `text`, prepared for Comrak, to `to`. Returns whether there is
    /// anything in it for Comrak to parse; if not, `links` are all links in it.
    pub fn scan(&mut self, text: &'a str, to: &mut String) -> bool {
        self.ends = Ends {
            text,
            ..Ends::default()
        };
        self.open_brackets.clear();
        self.label_at = None;
        self.for_comrak = false;
        self.may_nest = false;
        self.links.clear();
        let start = to.len();
        let mut rest = text;
        while let Some(at) = SPECIAL.find(rest.as_bytes()) {
            to.push_str(&rest[..at]);
            rest = &rest[at..];
            let used = self.special(rest, to);
            rest = &rest[used..];
        }
        to.push_str(rest);
        self.mark_images(to);
        if (self.may_nest || !self.references.is_empty())
            && let Some(linked) = self.with_links(&to[start..])
        {
            to.truncate(start);
            to.push_str(&linked);
        }
        self.for_comrak
    }

    /// Reads the special character at the start of `text`. Returns how many bytes
    /// were read, as the methods for the single characters do.
    fn special(&mut self, text: &'a str, to: &mut String) -> usize {
        let Some(first) = text.chars().next() else {
            return 0;
        };
        let at = self.ends.text.len() - text.len();
        if matches!(first, '$' | '\\')
            && self.options.arithmatex.is_some()
            && let Some((formula, length)) = self.math(text)
            && !self.holds_code(formula, at)
        {
            self.aside(&text[..length], HiddenKind::Math(formula), to);
            return length;
        }
        if matches!(first, '$' | '\\')
            && let Some((formula, length)) = self.script_math(text)
            && (text.starts_with("$`") || !self.holds_code(formula.text, at))
        {
            self.aside(&text[..length], HiddenKind::Script(formula), to);
            return length;
        }
        match first {
            '\n' => {
                to.push(BREAK);
                1
            }
            '`' => {
                self.for_comrak = true;
                self.code_span(text, to)
            }
            // Keys in quotes hide what is in them; plain ones are read later.
            '+' if self.options.keys.is_some() && text.starts_with("++") => match self.keys(text) {
                Some((html, length)) if text[..length].contains(['"', '\'']) => {
                    self.aside(&text[..length], HiddenKind::Keys(html), to);
                    length
                }
                _ => {
                    to.push_str("++");
                    2
                }
            },
            '&' => {
                let length = entity_length(text);
                match length {
                    Some(length) => self.aside(&text[..length], HiddenKind::Entity, to),
                    None => to.push('&'),
                }
                length.unwrap_or(1)
            }
            '\\' if self.options.escape_all.is_some() => self.escape_any(text, to),
            '\\' => self.escape(text, to),
            '[' if text.starts_with("[^") => self.footnote(text, to),
            '[' => self.open_bracket(text, to),
            ']' if text.starts_with("](") => self.close_link(text, to),
            '<' => self.angle_bracket(text, to),
            ']' => {
                let bracket = self.open_brackets.pop();
                if let Some(bracket) = &bracket
                    && let Some(length) = self.cross_reference(bracket, text, to)
                {
                    return length;
                }
                to.push(']');
                1
            }
            mark if self.is_mark(mark, text) => {
                let run = text.len() - text.trim_start_matches(mark).len();
                to.extend(std::iter::repeat_n(stand_in(mark), run));
                run
            }
            other => {
                to.push(other);
                other.len_utf8()
            }
        }
    }

    /// Reads the `<` at the start of `text`.
    fn angle_bracket(&mut self, text: &'a str, to: &mut String) -> usize {
        let at = self.ends.text.len() - text.len();
        if self.ends.masked.is_none() {
            let masked = self.masked(self.ends.text);
            self.ends.masked = Some(masked);
        }
        let masked = self.ends.masked.as_deref().unwrap_or_default();
        let Some((construct, length)) = angle_brackets::read(&masked[at..], &mut self.ends.angle)
        else {
            to.push(marks::LESS);
            return 1;
        };
        let written = &text[..length];
        let any = self.options.escape_all.is_some();
        let inner = || without_escapes(&written[1..length - 1], any);
        let kind = match construct {
            // As in the reference, `smart_angled_quotes` takes these instead.
            Construct::Html if self.has_angled_quotes() && text[length..].starts_with('>') => {
                to.push(marks::LESS);
                return 1;
            }
            Construct::Html => HiddenKind::Html,
            Construct::Address => {
                let place = Written::new(self.ends.text, at + 1, length - 2, &self.lines);
                HiddenKind::Address(inner(), place)
            }
            Construct::Mail => HiddenKind::Mail(match inner() {
                Cow::Borrowed(mail) => mail.strip_prefix("mailto:").unwrap_or(mail).into(),
                Cow::Owned(mail) => match mail.strip_prefix("mailto:") {
                    Some(mail) => mail.to_owned().into(),
                    None => mail.into(),
                },
            }),
        };
        self.aside(written, kind, to);
        length
    }

    /// `text` with each escape outside of code replaced by as many bytes that mean
    /// nothing, as the reference takes escapes away before it looks for tags.
    fn masked(&mut self, text: &'a str) -> Cow<'a, str> {
        if !text.contains('\\') {
            return Cow::Borrowed(text);
        }
        let any = self.options.escape_all.is_some();
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(found) = memchr::memchr2(b'\\', b'`', &text.as_bytes()[at..]) {
            let mark = at + found;
            masked.push_str(&text[at..mark]);
            if text[mark..].starts_with('`') {
                at = self.ends.backticks().code_end(mark);
                masked.push_str(&text[mark..at]);
                continue;
            }
            let next = text[mark + 1..].chars().next();
            let is_escape = |next: &char| any || self.is_escapable(*next);
            let escaped = next.filter(is_escape).map_or(0, char::len_utf8);
            let mask = if escaped == 0 { '\\' } else { '_' };
            masked.extend(std::iter::repeat_n(mask, 1 + escaped));
            at = mark + 1 + escaped;
        }
        masked.push_str(&text[at..]);
        Cow::Owned(masked)
    }

    /// Reads the backslash at the start of `text`.
    fn escape(&mut self, text: &'a str, to: &mut String) -> usize {
        let next = text[1..].chars().next();
        let Some(next) = next.filter(|next| self.is_escapable(*next)) else {
            to.push(marks::BACKSLASH);
            return 1;
        };
        if next == ' ' {
            to.push(marks::SPACE);
        } else {
            self.for_comrak = true;
            to.push('\\');
            to.push(next);
        }
        1 + next.len_utf8()
    }

    fn open_bracket(&mut self, text: &str, to: &mut String) -> usize {
        self.may_nest |= !self.open_brackets.is_empty();
        // Definitions decide what such brackets are.
        let is_defined = !self.references.is_empty() || self.options.autorefs;
        self.for_comrak |= self.may_nest || is_defined;
        let bracket = self.bracket(text, to);
        self.open_brackets.push(bracket);
        to.push('[');
        1
    }

    /// Reads the `[^` at the start of `text`.
    fn footnote(&mut self, text: &'a str, to: &mut String) -> usize {
        let all = self.ends.text;
        let start = all.len() - text.len() + 2;
        let end = self.ends.label.at(start, |from| find(all, from, "]"));
        let Some(label) = end.map(|end| &all[start..end]) else {
            return self.open_bracket(text, to);
        };
        if self.label_lengths.contains(&label.len())
            && let Some(number) = self.labels.get(label)
        {
            let length = label.len() + 3;
            self.aside(&text[..length], HiddenKind::Footnote(*number), to);
            return length;
        }
        let looks_like_label =
            !label.is_empty() && label.len() < 80 && !label.contains([' ', '\n', '[']);
        if looks_like_label && self.options.footnotes.is_some() {
            if self.missing.len() < MISSING {
                self.missing.push((self.line, format!("[^{label}]")));
            } else {
                self.page.passed(Limit::Footnotes, self.line);
            }
        }
        self.open_bracket(text, to)
    }

    /// Reads the `](` at the start of `text`, with the target after it.
    fn close_link(&mut self, text: &'a str, to: &mut String) -> usize {
        let open = self.open_brackets.pop();
        let close = to.len();
        to.push(']');
        let Some(open) = open else {
            return 1;
        };
        let Some(target) = self.target(&text[1..]) else {
            return 1;
        };
        let written = &text[1..=target.length];
        // Code takes precedence over links.
        if holds(written, b'`') && is_plain(written) {
            self.may_nest = true;
            self.for_comrak = true;
            to.push_str(written);
            return 1 + written.len();
        }
        let url = self.without_formulas(target.url);
        let title = target
            .title
            .map(|title| in_one_line(self.without_formulas(title)));
        let at = self.ends.text.len() - text.len() + 1 + target.at;
        let place = Written::new(self.ends.text, at, target.url.len(), &self.lines);
        to.push('(');
        let inner = &written[1..written.len() - 1];
        let kind = HiddenKind::Target {
            url,
            place,
            title,
            holds_links: false,
        };
        let target = self.asides.len();
        self.aside(inner, kind, to);
        to.push(')');
        self.links.push(PlainLink {
            start: open.prepared - usize::from(open.is_image),
            text: (open.prepared + 1, close),
            end: to.len(),
            target,
            is_image: open.is_image,
        });
        1 + written.len()
    }
}

/// A label as references are known by: in lower case, white space collapsed.
pub fn reference_label(written: &str) -> String {
    let words: Vec<&str> = written.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
