//! Fenced code. As in superfences, it is taken out before anything else is
//! parsed, so that nothing inside is mistaken for markup.

use super::stash::{Fence, Stash, Stashed};
use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::code::header::Code;
use crate::markdown::code::highlight::{LONGEST, has_colours, is_known};
use crate::markdown::code::listing::render;
use crate::markdown::options::MarkdownOptions;
use crate::markdown::source::Limit;
use crate::markdown::source::data_src::with_source;
use crate::markdown::source::lines::{Line, TAB, TextArena};
use crate::markdown::source::page::Page;

/// An opening fence and the code after it so far.
struct Open<'a> {
    /// The index of the line of the opening fence.
    start: usize,
    /// The spaces and quote marks before the fence.
    prefix: &'a str,
    /// How many quote marks the prefix has.
    quotes: usize,
    /// Whether each line must have as many: with `pymdownx.quotes`.
    needs_quotes: bool,
    fence: &'a str,
    code: Code,
    lines: Vec<&'a str>,
    /// Whether the last line was blank.
    is_after_blank: bool,
}

/// Replaces the fenced code among `lines` by placeholders. `with_tabs` are the same
/// lines with their tabs, if these are preserved in code.
pub fn extract<'a>(
    page: &Page,
    lines: Vec<Line<'a>>,
    with_tabs: Option<&[Line<'a>]>,
    options: &MarkdownOptions,
    stash: &mut Stash<'a>,
    texts: &'a TextArena,
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
    let mut output: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut open: Option<Open<'a>> = None;
    let mut count = 0;
    for (at, line) in lines.iter().enumerate() {
        output.push(*line);
        let Some(fence) = open.take() else {
            open = open_fence(line.text, at, nests, options);
            continue;
        };
        let written = with_tabs.and_then(|lines| lines.get(at));
        match fence.read(line.text, written.map(|line| line.text)) {
            Step::Continue(fence) => open = Some(fence),
            Step::Abandon => {}
            Step::End(mut fence) => {
                fence.code.count = count;
                count += usize::from(fence.code.custom.is_none());
                let written = &lines[fence.start..=at];
                if fence.code.custom.is_none() && nests && options.highlight.colours {
                    diagnostics.extend(check_language(page, &fence, written, options));
                }
                let mut html = render(&fence.code, &fence.lines, options);
                if options.sources {
                    html = with_source(html, written[0].source, line.source);
                }
                let placeholder = stash.push(Stashed::Fence(Fence {
                    html,
                    lines: written.to_vec(),
                    indent: fence.prefix.len(),
                }));
                output.truncate(output.len() - written.len());
                let text = texts.alloc(format!("{}{placeholder}", fence.prefix));
                let line = written[0].with(text);
                if nests {
                    output.push(line);
                } else {
                    // Without superfences, a fence is always a block of its own.
                    let blank = line.with("");
                    output.extend([blank, line, blank]);
                }
            }
        }
    }
    output
}

/// Reports a language that cannot be highlighted, and a line that is too long
/// for that. `written` are the lines of the block with its fences.
fn check_language(
    page: &Page,
    fence: &Open,
    written: &[Line],
    options: &MarkdownOptions,
) -> Option<Diagnostic> {
    let language = options.highlight.grammar(&fence.code.language);
    let long = fence.lines.iter().position(|line| line.len() > LONGEST);
    if let Some(nth) = long
        && has_colours(language)
    {
        page.passed(Limit::Code, written[nth + 1].source);
    }
    if is_known(language) {
        return None;
    }
    let message = format!("code in `{language}` cannot be highlighted");
    let diagnostic = Diagnostic::new(Rule::UnknownLanguage, message)
        .at(page.span(written[0].source, language))
        .help("the code is shown without colours; use `text` if that is what you want");
    Some(diagnostic)
}

/// Restores the fences in indented code, where they are text.
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
        let removed = fence.indent.saturating_sub(line.text.len() - bare.len());
        // A line of the code may be shorter than the indent.
        let dedent = |line: &Line<'a>| line.with(line.text.get(removed..).unwrap_or(""));
        restored.extend(fence.lines.iter().map(dedent));
        if fence.lines.len() == 2 {
            // The reference keeps a line between two fences.
            let last = restored.len() - 1;
            restored.insert(last, line.with(""));
        }
    }
    restored
}

/// The result of reading a line after an opening fence.
enum Step<'a> {
    Continue(Open<'a>),
    /// It is not a fence after all.
    Abandon,
    End(Open<'a>),
}

fn open_fence<'a>(
    text: &'a str,
    at: usize,
    nests: bool,
    options: &MarkdownOptions,
) -> Option<Open<'a>> {
    let bare = if nests {
        text.trim_start_matches(['>', ' '])
    } else {
        text
    };
    let prefix = &text[..text.len() - bare.len()];
    let fence = leading_fence(bare)?;
    let code = Code::parse(&bare[fence.len()..], options)?;
    let quotes = prefix.bytes().filter(|byte| *byte == b'>').count();
    Some(Open {
        start: at,
        prefix,
        quotes,
        needs_quotes: options.quotes.is_some(),
        fence,
        code,
        lines: Vec::new(),
        is_after_blank: false,
    })
}

/// `text` without the white space and quote marks in its first columns. A tab that
/// begins in them is left out as a whole.
fn behind_columns(text: &str, columns: usize) -> &str {
    let mut column = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if column >= columns => return &text[at..],
            b'\t' => column += TAB - column % TAB,
            b' ' | b'>' => column += 1,
            _ => return &text[at..],
        }
    }
    ""
}

/// The fence at the start of `text`.
fn leading_fence(text: &str) -> Option<&str> {
    let mark = if text.starts_with('`') { '`' } else { '~' };
    let length = text.len() - text.trim_start_matches(mark).len();
    (length >= 3).then(|| &text[..length])
}

impl<'a> Open<'a> {
    /// Reads a line. `written` is the same with its tabs, if they are preserved.
    fn read(mut self, text: &'a str, written: Option<&'a str>) -> Step<'a> {
        // At most as much of the line as the fence's own prefix is wide.
        let width = text
            .bytes()
            .take(self.prefix.len())
            .take_while(|byte| matches!(byte, b' ' | b'>'))
            .count();
        let (prefix, content) = text.split_at(width);
        let quotes = prefix.bytes().filter(|byte| *byte == b'>').count();
        let is_end = content
            .strip_prefix(self.fence)
            .is_some_and(|rest| rest.bytes().all(|byte| byte == b' '));
        if self.quotes > 0 {
            let is_lazy = self.is_after_blank && quotes < self.quotes;
            let is_other = self.needs_quotes && quotes != self.quotes;
            if is_other || quotes > self.quotes {
                return Step::Abandon;
            }
            if content.is_empty() {
                self.is_after_blank = true;
            } else if prefix.len() < self.prefix.len() || is_lazy {
                return Step::Abandon;
            } else if is_end {
                return Step::End(self);
            } else {
                self.is_after_blank = false;
            }
        } else if quotes > 0 {
            return Step::Abandon;
        } else if !text.trim_matches(' ').is_empty() {
            if prefix.len() != self.prefix.len() && !content.is_empty() {
                return Step::Abandon;
            }
            if is_end {
                return Step::End(self);
            }
        }
        // A blank line may be shorter than the prefix.
        self.lines.push(match written {
            Some(written) => behind_columns(written, self.prefix.len()),
            None => text.get(self.prefix.len()..).unwrap_or(""),
        });
        Step::Continue(self)
    }
}
