//! Code blocks and what their first line says of them.

use crate::markdown::options::Options;
use crate::markdown::tree::attributes::parse as parse_attributes;

/// What the first line of a fence says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The language; empty where there is none.
    pub language: String,
    /// `id` and more classes.
    pub id: Option<String>,
    /// Classes but the language.
    pub classes: Vec<String>,
    /// Other attributes.
    pub attributes: Vec<(String, String)>,
    /// `title="..."`.
    pub title: Option<String>,
    /// Whether the title is HTML.
    pub has_html_title: bool,
    /// `linenums="..."`: the first number, the step, and which are special.
    pub numbers: Option<Numbers>,
    /// Whether it is indented code, which has no first line.
    pub is_indented: bool,
    /// Which block of the page it is.
    pub count: usize,
    /// `hl_lines="..."`: lines from 1.
    pub highlighted: Lines,
    /// The custom fence that takes it.
    pub custom: Option<usize>,
}

/// How the lines of a block are numbered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The first number; 0 for no numbers.
    pub first: u32,
    /// Only every such number is shown.
    pub step: Option<u32>,
    /// Every such number is special.
    pub special: Option<u32>,
}

/// `3 2 5`, as far as it is numbers.
fn numbers(text: &str) -> Option<Numbers> {
    let mut rest = text;
    let mut number = || {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest[..digits].parse().ok();
        let behind = &rest[digits..];
        rest = behind.trim_start_matches([' ', '\t']);
        if rest.len() == behind.len() {
            rest = "";
        }
        number
    };
    Some(Numbers {
        first: number()?,
        step: number(),
        special: number(),
    })
}

fn is_language(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '#' | '.' | '+' | '-')
}

impl Code {
    /// Reads what follows the fence; `None` where it opens no code.
    pub fn parse(info: &str, options: &Options) -> Option<Self> {
        let info = info.trim_matches([' ', '\t']);
        let mut code = Self::default();
        let mut rest = info;
        if !info.starts_with('{') {
            let name = info.strip_prefix('.').unwrap_or(info);
            let end = name
                .find(|character| !is_language(character))
                .unwrap_or(name.len());
            let behind = &name[end..];
            if end > 0 && (behind.is_empty() || behind.starts_with([' ', '\t'])) {
                code.language = name[..end].to_owned();
                rest = behind.trim_start_matches([' ', '\t']);
            } else if end > 0 && behind.starts_with('{') && options.superfences.is_none() {
                code.language = name[..end].to_owned();
                rest = behind;
            }
        }
        let mut pairs = Vec::new();
        let mut is_list = false;
        if let Some(list) = rest
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            is_list = true;
            for (name, value) in parse_attributes(list).0 {
                match (name, value) {
                    (".", Some(class)) => code.classes.push(class.to_owned()),
                    ("id", Some(id)) => code.id = Some(id.to_owned()),
                    (_, value) => {
                        pairs.push((name.to_owned(), value.unwrap_or(name).to_owned()));
                    }
                }
            }
            if code.language.is_empty() && !code.classes.is_empty() {
                code.language = code.classes.remove(0);
            }
        } else {
            pairs = option_pairs(rest)?;
        }
        code.custom = options.custom_fence(&code.language);
        for (name, value) in pairs {
            let is_kept = code.custom.is_some() || !options.highlight.colours;
            if is_kept || !code.take(&name, &value) {
                code.attributes.push((name, value));
            }
        }
        // Without braces unknown options make it no fence at all; a custom
        // fence that does not want them leaves it to the default one.
        if !is_list && !code.attributes.is_empty() {
            code.custom.take()?;
            for (name, value) in std::mem::take(&mut code.attributes) {
                if !options.highlight.colours || !code.take(&name, &value) {
                    return None;
                }
            }
        }
        Some(code)
    }

    fn take(&mut self, name: &str, value: &str) -> bool {
        match name {
            "title" => self.title = Some(value.to_owned()),
            "title_mode" => self.has_html_title = value == "html",
            "linenums" => {
                let Some(numbers) = numbers(value) else {
                    return false;
                };
                self.numbers = Some(numbers);
            }
            "hl_lines" => {
                let Some(lines) = line_ranges(value) else {
                    return false;
                };
                self.highlighted = lines;
            }
            name if name.starts_with("data-") => {
                self.attributes.push((name.to_owned(), value.to_owned()))
            }
            _ => return false,
        }
        true
    }
}

/// `key="value"` and bare words.
fn option_pairs(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start_matches([' ', '\t']);
    while !rest.is_empty() {
        let is_key = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let key = &rest[..rest
            .find(|character| !is_key(character))
            .unwrap_or(rest.len())];
        if !key.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return None;
        }
        rest = &rest[key.len()..];
        let mut value = key;
        if let Some(quoted) = rest.strip_prefix('=') {
            let quote = quoted
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''))?;
            let (inner, behind) = quoted[1..].split_once(quote)?;
            value = inner;
            rest = behind;
        }
        if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
            return None;
        }
        pairs.push((key.to_owned(), value.to_owned()));
        rest = rest.trim_start_matches([' ', '\t']);
    }
    Some(pairs)
}

/// Numbers of lines, from 1: ranges that neither meet nor overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(Vec<(usize, usize)>);

impl Lines {
    /// Whether a line is one of them.
    pub fn contains(&self, line: usize) -> bool {
        let behind = self.0.partition_point(|(start, _)| *start <= line);
        let range = behind.checked_sub(1).and_then(|nth| self.0.get(nth));
        range.is_some_and(|(_, end)| *end >= line)
    }
}

/// `1 3-5` as line numbers.
pub fn line_ranges(text: &str) -> Option<Lines> {
    let mut written = Vec::new();
    for part in text.split_ascii_whitespace() {
        let (start, end) = part.split_once('-').unwrap_or((part, part));
        let (start, end) = (start.parse::<usize>().ok()?, end.parse::<usize>().ok()?);
        written.extend((start <= end).then_some((start, end)));
    }
    written.sort_unstable();
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (start, end) in written {
        match ranges.last_mut() {
            Some((_, last)) if start <= last.saturating_add(1) => *last = end.max(*last),
            _ => ranges.push((start, end)),
        }
    }
    (!ranges.is_empty()).then_some(Lines(ranges))
}
