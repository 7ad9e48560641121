//! What saphyr is given to read in place of a text, so that it reads what PyYAML
//! reads.

use std::collections::BTreeMap;

/// How many characters may be replaced by stand-ins, apart from those that are
/// always replaced.
const MOST: usize = 64;

/// The characters that are always replaced. saphyr would copy what an alias
/// refers to, with unbounded recursion: with a private character for `*` an
/// alias is a plain scalar, and the copying is done by the loader, on a budget.
/// A byte order mark inside of a text is a character like others to PyYAML.
const ALWAYS: [char; 2] = ['*', '\u{feff}'];

/// Characters that are replaced by stand-ins, and spaces that are inserted.
///
/// A stand-in is used for the first character of a duplicate key, since saphyr's
/// loader stops at such a key, and for a `-` that it does not take for text.
/// Spaces go where saphyr is stricter than PyYAML about indentation in brackets
/// and quotes, and about comments.
pub(super) struct CharSubstitution {
    /// The code of the first stand-in.
    first: u32,
    /// The byte offsets of replaced characters, with what was there.
    replaced: Vec<(usize, char)>,
    /// The byte offsets at which spaces are inserted, with their number.
    inserted: BTreeMap<usize, usize>,
    /// The byte offsets of tabs that become spaces.
    tabs: Vec<usize>,
}

impl CharSubstitution {
    pub(super) fn of(text: &str) -> Self {
        // The first run of private characters that the text does not use. If
        // it uses them all, the end of the plane is taken unchecked.
        let span = u32::try_from(MOST + ALWAYS.len()).expect("a small constant");
        let private = |c: &char| (0xF_0000..0xF_FFFE).contains(&u32::from(*c));
        let mut used: Vec<u32> = text.chars().filter(private).map(u32::from).collect();
        used.sort_unstable();
        let mut first = 0xF_0000;
        for code in used {
            if code < first + span && first + 2 * span < 0xF_FFFE {
                first = first.max(code + 1);
            }
        }
        Self {
            first,
            replaced: Vec::new(),
            inserted: BTreeMap::new(),
            tabs: Vec::new(),
        }
    }

    fn stand_in(&self, nth: usize) -> char {
        u32::try_from(nth)
            .ok()
            .and_then(|nth| char::from_u32(self.first + nth))
            .expect("there are few stand-ins, all in a plane without surrogates")
    }

    /// Replaces the character at a byte offset by a stand-in. Returns false if
    /// that was done already, or too often.
    pub(super) fn replace(&mut self, at: usize, character: char) -> bool {
        let is_done = self.replaced.iter().any(|(position, _)| *position == at);
        if is_done || self.replaced.len() >= MOST {
            return false;
        }
        self.replaced.push((at, character));
        true
    }

    /// Inserts spaces at a byte offset. Returns false if there are as many
    /// already.
    pub(super) fn insert(&mut self, at: usize, count: usize) -> bool {
        let spaces = self.inserted.entry(at).or_default();
        let is_new = *spaces < count;
        *spaces = count.max(*spaces);
        is_new
    }

    /// Makes a tab at a byte offset a space. Returns false if it is one already.
    pub(super) fn untab(&mut self, at: usize) -> bool {
        let is_new = !self.tabs.contains(&at);
        self.tabs.push(at);
        is_new
    }

    /// The text to read, and the byte offset in the original of each of its
    /// characters.
    pub(super) fn apply(&self, text: &str) -> (String, Vec<usize>) {
        let mut read = String::with_capacity(text.len());
        let mut offsets = Vec::with_capacity(text.len());
        let stand_ins: BTreeMap<usize, usize> = self
            .replaced
            .iter()
            .enumerate()
            .map(|(nth, (at, _))| (*at, nth + ALWAYS.len()))
            .collect();
        for (at, character) in text.char_indices() {
            for _ in 0..self.inserted.get(&at).copied().unwrap_or(0) {
                read.push(' ');
                offsets.push(at);
            }
            offsets.push(at);
            let always = || ALWAYS.iter().position(|it| *it == character);
            read.push(match stand_ins.get(&at).copied().or_else(always) {
                Some(nth) => self.stand_in(nth),
                None if self.tabs.contains(&at) => ' ',
                None => character,
            });
        }
        (read, offsets)
    }

    /// A text that was read, with what stood in the original.
    pub(super) fn remove(&self, text: &str) -> String {
        let original = |c: char| {
            let nth = u32::from(c).checked_sub(self.first);
            let Some(nth) = nth.and_then(|nth| usize::try_from(nth).ok()) else {
                return c;
            };
            match nth.checked_sub(ALWAYS.len()) {
                None => ALWAYS[nth],
                Some(nth) => self.replaced.get(nth).map_or(c, |(_, it)| *it),
            }
        };
        text.chars().map(original).collect()
    }
}

/// The byte offsets of the lines below the one of `at` that are in the same
/// brackets, that of `at` included.
pub(super) fn lines_in_brackets(text: &str, at: usize) -> Vec<usize> {
    let start = line_start(text, at);
    let mut lines = vec![start];
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    let mut comment = false;
    let mut before = '\n';
    for (offset, character) in text[at..].char_indices() {
        if before == '\n' && offset > 0 {
            lines.push(at + offset);
            comment = false;
        }
        let starts_value = matches!(before, ' ' | '\n' | '\t' | '[' | '{' | ',' | ':');
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if character == '\\' => escaped = true,
            Some(mark) if character == mark => quote = None,
            Some(_) => {}
            None if comment => {}
            None => match character {
                '#' if matches!(before, ' ' | '\n' | '\t') => comment = true,
                '"' | '\'' if starts_value || offset == 0 => quote = Some(character),
                '[' | '{' => depth += 1,
                ']' | '}' => match depth.checked_sub(1) {
                    Some(left) => depth = left,
                    None => break,
                },
                _ => {}
            },
        }
        before = character;
    }
    lines
}

/// The byte offsets of the lines after the first of the quoted text that begins
/// at `at`.
pub(super) fn lines_in_quotes(text: &str, at: usize) -> Vec<usize> {
    let mut lines = Vec::new();
    let mut characters = text[at..].char_indices();
    let Some((_, mark)) = characters.next() else {
        return lines;
    };
    let mut escaped = false;
    let mut before = mark;
    let mut rest = characters.peekable();
    while let Some((offset, character)) = rest.next() {
        if before == '\n' {
            lines.push(at + offset);
        }
        before = character;
        if escaped {
            escaped = false;
        } else if character == '\\' && mark == '"' {
            escaped = true;
        } else if character == mark {
            // An apostrophe in single quotes is written twice.
            if mark == '\'' && rest.peek().is_some_and(|(_, next)| *next == mark) {
                rest.next();
                continue;
            }
            break;
        }
    }
    lines
}

/// The byte offset of the line that contains `at`.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line| line + 1)
}

/// A column to the right of every block that is open at `at`: blocks begin at the
/// first letter of a line, or behind its dashes.
pub(super) fn beyond_blocks(text: &str, at: usize) -> usize {
    let column = |line: &str| {
        let content = line.trim_start_matches([' ', '-', '?', ':']);
        line.chars().count() - content.chars().count()
    };
    text[..at].lines().map(column).max().unwrap_or(0) + 1
}
