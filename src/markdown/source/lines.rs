//! A page as lines that know where they come from.

use bumpalo::Bump;

use crate::work::step;

/// Spaces that make one level of nesting, as in Python-Markdown.
pub const TAB: usize = 4;

/// Stand-ins for characters that Comrak must not see. They are Unicode
/// noncharacters, which are not meant for interchanged text.
pub mod marks {
    /// Precedes each text, so that none looks like the start of a block.
    pub const GUARD: char = '\u{FDD0}';
    /// `*` where it may open or close emphasis.
    pub const STAR: char = '\u{FDD1}';
    /// `_` where it may open or close emphasis.
    pub const UNDERSCORE: char = '\u{FDD2}';
    /// `~` where it may open or close.
    pub const TILDE: char = '\u{FDD3}';
    /// `^` where it may open or close.
    pub const CARET: char = '\u{FDD4}';
    /// `=` where it may open or close.
    pub const EQUALS: char = '\u{FDD5}';
    /// A backslash that escapes nothing.
    pub const BACKSLASH: char = '\u{FDD6}';
    /// Precedes the number of something that the inline scanner put aside.
    pub const OPEN: char = '\u{FDD7}';
    /// Follows that number.
    pub const CLOSE: char = '\u{FDD8}';
    /// `<` that does not begin a tag.
    pub const LESS: char = '\u{FDD9}';
    /// An escaped space, which separates no words.
    pub const SPACE: char = '\u{FDDA}';

    /// The stand-in for a mark that may be emphasis.
    pub fn stand_in(mark: char) -> char {
        match mark {
            '*' => STAR,
            '_' => UNDERSCORE,
            '~' => TILDE,
            '^' => CARET,
            _ => EQUALS,
        }
    }

    /// The mark of emphasis that `character` stands in for; other characters
    /// are returned unchanged.
    pub fn shown(character: char) -> char {
        match character {
            STAR => '*',
            UNDERSCORE => '_',
            TILDE => '~',
            CARET => '^',
            EQUALS => '=',
            other => other,
        }
    }

    /// Whether `character` is one of the stand-ins or reserved for them.
    pub fn is_mark(character: char) -> bool {
        ('\u{FDD0}'..='\u{FDEF}').contains(&character)
    }
}

/// Precedes the number of a stashed block in a line.
pub const STASH_OPEN: char = '\u{2}';
/// Follows that number.
pub const STASH_CLOSE: char = '\u{3}';

/// An arena for the texts that are made while a page is parsed.
#[derive(Debug, Default)]
pub struct TextArena(Bump);

impl TextArena {
    /// Copies `text` into the arena.
    pub fn alloc(&self, text: impl AsRef<str>) -> &str {
        let text = text.as_ref();
        step(text.len());
        self.0.alloc_str(text)
    }

    /// Copies `lines` into the arena.
    pub fn lines<'a>(&'a self, lines: &[Line<'a>]) -> &'a [Line<'a>] {
        step(lines.len());
        self.0.alloc_slice_copy(lines)
    }
}

/// One line of a page, or the part of it inside its containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its text without the line break.
    pub text: &'a str,
    /// The line of the page's file it comes from, from 1. Lines of a snippet
    /// have numbers of their own: see [`super::page::Page::include`].
    pub source: u32,
}

impl<'a> Line<'a> {
    /// Whether it holds nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim_ascii().is_empty()
    }

    /// The same line with another text.
    pub fn with(self, text: &'a str) -> Self {
        Self { text, ..self }
    }

    /// Whether it begins with `width` spaces.
    pub fn is_indented(&self, width: usize) -> bool {
        is_indented(self.text, width)
    }
}

/// Whether `text` begins with `width` spaces.
pub fn is_indented(text: &str, width: usize) -> bool {
    text.len() >= width && text.as_bytes()[..width].iter().all(|byte| *byte == b' ')
}

/// How many spaces `text` begins with.
pub fn indent(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count()
}

/// Splits a page into lines as Python-Markdown's `NormalizeWhitespace` does,
/// except for tabs: see [`expand_tabs`]. `first` is the number of the first.
pub fn split<'a>(text: &'a str, first: u32, texts: &'a TextArena) -> Vec<Line<'a>> {
    let text = if has_foreign(text) {
        texts.alloc(cleaned(text))
    } else {
        text
    };
    let mut lines = Vec::with_capacity(text.len() / 32 + 1);
    let mut source = first;
    let mut from = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        let text = &text[from..end];
        lines.push(Line { text, source });
        source += 1;
        from = end + 1;
    }
    let text = &text[from..];
    lines.push(Line { text, source });
    lines
}

/// Whether `text` may contain anything that [`cleaned`] replaces.
fn has_foreign(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\n' | b'\t');
    // Without an early exit, so that the loop is vectorized.
    let has_control = bytes.iter().fold(false, |any, byte| any | is_control(byte));
    let is_mark = |at: usize| bytes.get(at + 1) == Some(&0xB7);
    has_control || memchr::memchr_iter(0xEF, bytes).any(is_mark)
}

/// `text` with plain line breaks and without the characters that stand for
/// something else here.
fn cleaned(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|character| !matches!(*character, STASH_OPEN | STASH_CLOSE))
        .map(|character| match character {
            '\u{c}' => ' ',
            '\u{0}' => char::REPLACEMENT_CHARACTER,
            character if marks::is_mark(character) => char::REPLACEMENT_CHARACTER,
            character => character,
        })
        .collect()
}

/// Expands tabs to the next multiple of four columns and empties lines of
/// white space.
pub fn expand_tabs<'a>(lines: &mut [Line<'a>], texts: &'a TextArena) {
    for (at, line) in lines.iter_mut().enumerate() {
        if memchr::memchr(b'\t', line.text.as_bytes()).is_some() {
            line.text = texts.alloc(expanded(line.text));
        }
        // The first line keeps its spaces, as in the reference.
        if at > 0 && line.text.starts_with(' ') && line.text.bytes().all(|byte| byte == b' ') {
            line.text = "";
        }
    }
}

/// `text` with its tabs expanded.
pub fn expanded(text: &str) -> String {
    let mut to = String::with_capacity(text.len() + 8);
    let mut column = 0;
    for character in text.chars() {
        if character == '\t' {
            let width = TAB - column % TAB;
            to.extend(std::iter::repeat_n(' ', width));
            column += width;
        } else {
            to.push(character);
            column += 1;
        }
    }
    to
}

/// A run of lines between blank ones; empty text is one empty line.
pub type Block<'a> = Vec<Line<'a>>;

/// Splits lines into blocks as Python's `text.split("\n\n")` would: further
/// blank lines of a longer gap begin the next block.
pub fn blocks<'l, 'a>(lines: &'l [Line<'a>]) -> impl Iterator<Item = &'l [Line<'a>]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        while at < lines.len() {
            step(1);
            let end = at + 1;
            if at + 2 < lines.len() && lines[end].text.is_empty() {
                at += 2;
                return Some(&lines[start..end]);
            }
            at = end;
        }
        (start < lines.len()).then(|| &lines[start..])
    })
}

/// Removes `width` spaces from the start of each line, up to the first line
/// that has fewer. Returns these lines and the index of that one.
pub fn detab<'a>(block: &[Line<'a>], width: usize) -> (Block<'a>, usize) {
    let mut inner = Vec::new();
    for (at, line) in block.iter().enumerate() {
        if line.is_indented(width) {
            inner.push(line.with(&line.text[width..]));
        } else if line.is_blank() {
            inner.push(line.with(""));
        } else {
            return (inner, at);
        }
    }
    (inner, block.len())
}

/// Removes `width` spaces from the start of each line that has them.
pub fn loose_detab<'a>(block: &[Line<'a>], width: usize) -> Block<'a> {
    let strip = |line: &Line<'a>| {
        if line.is_indented(width) {
            line.with(&line.text[width..])
        } else {
            *line
        }
    };
    block.iter().map(strip).collect()
}

/// Drops empty lines at both ends, as `strip("\n")` does.
pub fn trim_newlines<'a>(block: &[Line<'a>]) -> Block<'a> {
    let start = block
        .iter()
        .position(|line| !line.text.is_empty())
        .unwrap_or(block.len());
    let end = block
        .iter()
        .rposition(|line| !line.text.is_empty())
        .map_or(start, |at| at + 1);
    block[start..end].to_vec()
}

/// Whether all lines are blank.
pub fn is_blank(block: &[Line]) -> bool {
    block.iter().all(Line::is_blank)
}

/// The lines with line breaks between them.
pub fn join(block: &[Line]) -> String {
    let mut text = String::with_capacity(block.iter().map(|line| line.text.len() + 1).sum());
    join_into(block, &mut text);
    text
}

/// Where each of the lines begins in the text that [`join`] makes of them, and a last entry
/// that is never reached.
pub fn line_starts(lines: &[Line]) -> Vec<usize> {
    let mut at = 0;
    let starts = lines.iter().map(|line| {
        let start = at;
        at += line.text.len() + 1;
        start
    });
    starts.chain([usize::MAX]).collect()
}

/// Replaces `text` by the lines with line breaks between them.
pub fn join_into(block: &[Line], text: &mut String) {
    text.clear();
    for (at, line) in block.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text.push_str(line.text);
    }
}
