//! Fenced code: taken out before anything else is read, as superfences does,
//! so that what looks like markup inside stays as it is.

use super::stash::{Fence, Stash, Stashed};
use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::code::header::Code;
use crate::markdown::code::highlight::{LONGEST, has_colours, is_known};
use crate::markdown::code::listing::render;
use crate::markdown::options::Options;
use crate::markdown::source::Bound;
use crate::markdown::source::data_src::with_source;
use crate::markdown::source::lines::{Line, Texts};
use crate::markdown::source::page::Page;

/// An opening fence and what has followed it so far.
struct Open<'a> {
    /// Line of the opening fence.
    start: usize,
    /// What stands before the fence: spaces and quote marks.
    prefix: &'a str,
    quotes: usize,
    fence: &'a str,
    code: Code,
    lines: Vec<&'a str>,
    blank: bool,
}

/// Replaces the fenced code among `lines` by placeholders.
pub fn extract<'a>(
    page: &Page,
    lines: Vec<Line<'a>>,
    options: &Options,
    stash: &mut Stash<'a>,
    texts: &'a Texts,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Line<'a>> {
    let has_fence = |line: &Line| {
        let mut bytes = line.text.bytes();
        let first = bytes.find(|byte| !matches!(byte, b'>' | b' '));
        matches!(first, Some(b'`' | b'~'))
    };
    if !(options.superfences.is_some() || options.fenced_code) || !lines.iter().any(has_fence) {
        return lines;
    }
    let nests = options.superfences.is_some();
    let mut found: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut open: Option<Open<'a>> = None;
    let mut count = 0;
    for (at, line) in lines.iter().enumerate() {
        found.push(*line);
        match open.take() {
            None => open = start(line.text, at, nests, options),
            Some(fence) => match fence.read(line.text) {
                Step::Go(fence) => open = Some(fence),
                Step::Give => {}
                Step::End(mut fence) => {
                    fence.code.count = count;
                    count += usize::from(fence.code.custom.is_none());
                    let language = options.highlight.grammar(&fence.code.language);
                    let is_shown =
                        fence.code.custom.is_none() && nests && options.highlight.colours;
                    if is_shown && !is_known(language) {
                        let place = page.span(lines[fence.start].source, language);
                        let message =
                            format!("`{language}` is no language that can be highlighted");
                        let help =
                            "the code is shown without colours; `text` says that this is meant";
                        diagnostics.push(
                            Diagnostic::new(Rule::UnknownLanguage, message)
                                .at(place)
                                .help(help),
                        );
                    }
                    let long = fence.lines.iter().position(|line| line.len() > LONGEST);
                    if let Some(nth) = long.filter(|_| is_shown && has_colours(language)) {
                        page.passed(Bound::Code, lines[fence.start + 1 + nth].source);
                    }
                    let mut html = render(&fence.code, &fence.lines, options);
                    if options.sources {
                        html = with_source(html, lines[fence.start].source, line.source);
                    }
                    let written = lines[fence.start..=at].to_vec();
                    let indent = fence.prefix.len();
                    let placeholder = stash.push(Stashed::Fence(Fence {
                        html,
                        lines: written,
                        indent,
                    }));
                    found.truncate(found.len() - (at - fence.start + 1));
                    let text = texts.alloc(format!("{}{placeholder}", fence.prefix));
                    // Without superfences a fence stands apart by itself.
                    let blank = lines[fence.start].with("");
                    found.extend((!nests).then_some(blank));
                    found.push(lines[fence.start].with(text));
                    found.extend((!nests).then_some(blank));
                }
            },
        }
    }
    found
}

/// Puts the fences back that stand in indented code, where they are text.
pub fn restore<'a>(lines: &[Line<'a>], stash: &Stash<'a>) -> Vec<Line<'a>> {
    let mut restored = Vec::with_capacity(lines.len());
    for line in lines {
        let bare = line.text.trim_start_matches(['>', ' ']);
        let fence = match Stash::split(bare) {
            Some((number, "")) => stash.get(number),
            _ => None,
        };
        let Some(Stashed::Fence(fence)) = fence else {
            restored.push(*line);
            continue;
        };
        let cut = fence.indent.saturating_sub(line.text.len() - bare.len());
        let cut = |line: &Line<'a>| line.with(line.text.get(cut..).unwrap_or_default());
        restored.extend(fence.lines.iter().map(cut));
        if fence.lines.len() == 2 {
            // The reference keeps a line between two marks.
            let last = restored.len() - 1;
            restored.insert(last, line.with(""));
        }
    }
    restored
}

enum Step<'a> {
    Go(Open<'a>),
    /// It is no fence after all.
    Give,
    End(Open<'a>),
}

fn start<'a>(text: &'a str, at: usize, nests: bool, options: &Options) -> Option<Open<'a>> {
    let bare = if nests {
        text.trim_start_matches(['>', ' '])
    } else {
        text
    };
    let prefix = &text[..text.len() - bare.len()];
    let fence = fence_of(bare)?;
    let code = Code::parse(&bare[fence.len()..], options)?;
    let quotes = prefix.bytes().filter(|byte| *byte == b'>').count();
    Some(Open {
        start: at,
        prefix,
        quotes,
        fence,
        code,
        lines: Vec::new(),
        blank: false,
    })
}

fn fence_of(text: &str) -> Option<&str> {
    let mark = text
        .chars()
        .next()
        .filter(|first| matches!(first, '`' | '~'))?;
    let length = text.len() - text.trim_start_matches(mark).len();
    (length >= 3).then(|| &text[..length])
}

impl<'a> Open<'a> {
    fn read(mut self, text: &'a str) -> Step<'a> {
        // As much of the line's start as the fence's own prefix is wide.
        let width = text
            .bytes()
            .take(self.prefix.len())
            .take_while(|byte| matches!(byte, b' ' | b'>'))
            .count();
        let (space, content) = text.split_at(width);
        let quotes = space.bytes().filter(|byte| *byte == b'>').count();
        let is_end = content
            .strip_prefix(self.fence)
            .is_some_and(|rest| rest.bytes().all(|byte| byte == b' '));
        if self.quotes > 0 {
            if quotes > self.quotes {
                return Step::Give;
            }
            if content.is_empty() {
                self.blank = true;
            } else if space.len() < self.prefix.len() || (self.blank && quotes < self.quotes) {
                return Step::Give;
            } else if is_end {
                return Step::End(self);
            } else {
                self.blank = false;
            }
        } else if quotes > 0 {
            return Step::Give;
        } else if !text.trim_matches(' ').is_empty() {
            if space.len() != self.prefix.len() && !content.is_empty() {
                return Step::Give;
            }
            if is_end {
                return Step::End(self);
            }
        }
        self.lines
            .push(text.get(self.prefix.len()..).unwrap_or_default());
        Step::Go(self)
    }
}
