//! The first line of a fenced code block: language and options.

use super::pairs;
use crate::markdown::options::MarkdownOptions;
use crate::markdown::tree::attributes::parse as parse_attributes;

/// A code block without its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    /// The language; empty if there is none.
    pub language: String,
    /// The id.
    pub id: Option<String>,
    /// Classes other than the language.
    pub classes: Vec<String>,
    /// Other attributes.
    pub attributes: Vec<(String, String)>,
    /// `title="..."`.
    pub title: Option<String>,
    /// Whether the title is HTML.
    pub has_html_title: bool,
    /// `linenums="..."`: how its lines are numbered.
    pub numbers: Option<Numbers>,
    /// Whether it is indented code, which has no first line.
    pub is_indented: bool,
    /// How many blocks come before it on the page.
    pub count: usize,
    /// `hl_lines="..."`: lines from 1.
    pub highlighted: Lines,
    /// The index of the custom fence for its language.
    pub custom: Option<usize>,
}

/// What superfences writes for an attribute without a value.
const NO_VALUE: &str = "None";

/// How the lines of a block are numbered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The first number; 0 for no numbers.
    pub first: u32,
    /// Only every nth number is shown.
    pub step: Option<u32>,
    /// Every nth number gets a class of its own.
    pub special: Option<u32>,
}

impl Numbers {
    /// Numbers from 1.
    pub const FROM_ONE: Self = Self {
        first: 1,
        step: None,
        special: None,
    };
}

/// Parses up to three numbers, such as `3 2 5`.
fn parse_numbers(text: &str) -> Option<Numbers> {
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

/// Whether the name of a language may contain `character`.
pub fn is_language(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '#' | '.' | '+' | '-')
}

impl Code {
    /// Parses the text after an opening fence. `None` if it opens no code.
    pub fn parse(info: &str, options: &MarkdownOptions) -> Option<Self> {
        let Some(superfences) = &options.superfences else {
            return Self::plain(info, options);
        };
        let info = info.trim_matches([' ', '\t']);
        let parsed = Self::understood(info, options);
        if parsed.is_some() || !superfences.relaxed_headers {
            return parsed;
        }
        let (language, _) = split_language(info);
        Some(Self {
            language: language.to_owned(),
            custom: options.custom_fence(language),
            ..Self::default()
        })
    }

    /// Parses a header for `fenced_code`: an attribute list, or a language and the lines
    /// to highlight.
    fn plain(info: &str, options: &MarkdownOptions) -> Option<Self> {
        let info = info.trim_start_matches(' ');
        let mut code = Self::default();
        if let Some(list) = info.strip_prefix('{') {
            let list = list.strip_suffix('}')?;
            if !parse_attributes(list).1.is_empty() {
                return None;
            }
            for (name, value) in code.take_list(list) {
                let value = value.unwrap_or_else(|| name.clone());
                match &*name {
                    "hl_lines" => code.take_line_numbers(&value),
                    _ if options.colours_fences() && code.take_option(&name, &value) => {}
                    "linenums" | "guess_lang" | "noclasses" | "use_pygments" => {
                        code.attributes
                            .push((name, bool_or_none(&value).to_owned()));
                    }
                    _ => code.attributes.push((name, value)),
                }
            }
            return Some(code);
        }
        const LINES: &str = "hl_lines=";
        let info = info.trim_end_matches(' ');
        let (language, lines) = match info.split_once(LINES) {
            Some((language, lines)) => (language.trim_end_matches(' '), Some(lines)),
            None => (info, None),
        };
        let language = language.strip_prefix('.').unwrap_or(language);
        if !language.chars().all(is_language) {
            return None;
        }
        code.language = language.to_owned();
        if let Some(lines) = lines {
            let quote = lines.chars().next().filter(|it| matches!(it, '"' | '\''))?;
            let lines = lines[1..].strip_suffix(quote)?;
            if !lines.is_empty() {
                code.take_line_numbers(lines);
            }
        }
        Some(code)
    }

    /// Takes the lines to highlight as `fenced_code` reads them: numbers and no ranges,
    /// and none if one is not a number. Where nothing is highlighted they become an
    /// attribute, as Python prints a list.
    fn take_line_numbers(&mut self, lines: &str) {
        let numbers: Result<Vec<usize>, _> = lines.split_whitespace().map(str::parse).collect();
        let numbers = numbers.unwrap_or_default();
        let written: Vec<String> = numbers.iter().map(usize::to_string).collect();
        self.highlighted = line_ranges(&written.join(" ")).unwrap_or_default();
        let list = format!("[{}]", written.join(", "));
        self.attributes.push(("hl_lines".to_owned(), list));
    }

    /// Parses a header in which everything means something.
    fn understood(info: &str, options: &MarkdownOptions) -> Option<Self> {
        let (language, rest) = split_language(info);
        let mut code = Self {
            language: language.to_owned(),
            ..Self::default()
        };
        let list = rest
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        let pairs = match list {
            Some(list) => code.take_list(list),
            None => {
                let pairs = pairs::parse(rest)?.into_iter();
                pairs.map(|(name, value)| (name, Some(value))).collect()
            }
        };
        code.custom = options.custom_fence(&code.language);
        for (name, value) in pairs {
            let is_attribute = code.custom.is_some() || !options.colours_fences();
            let value = match value {
                Some(value) => value,
                None if is_attribute => NO_VALUE.to_owned(),
                None => match &*name {
                    // The reference fails on these, and takes it for no fence.
                    "hl_lines" | "linenums" => return None,
                    "title" | "title_mode" => continue,
                    _ => NO_VALUE.to_owned(),
                },
            };
            if is_attribute || !code.take_option(&name, &value) {
                code.attributes.push((name, value));
            }
        }
        // The attributes of a list are those of the extension `attr_list`.
        if list.is_some() && !options.attr_list {
            code.attributes.clear();
        }
        // Without braces, unknown options mean that it is not a fence at all. A
        // custom fence that does not accept them leaves it to the default one.
        if list.is_none() && !code.attributes.is_empty() {
            code.custom.take()?;
            for (name, value) in std::mem::take(&mut code.attributes) {
                if !options.colours_fences() || !code.take_option(&name, &value) {
                    return None;
                }
            }
        }
        Some(code)
    }

    /// Takes id, classes and language from an attribute list; returns the other
    /// attributes. Bare words have no value.
    fn take_list(&mut self, list: &str) -> Vec<(String, Option<String>)> {
        let mut pairs = Vec::new();
        for (name, value) in parse_attributes(list).0 {
            match (name, value) {
                (".", Some(class)) => self.classes.push(class.to_owned()),
                ("id", Some(id)) => self.id = Some(id.to_owned()),
                (_, value) => pairs.push((name.to_owned(), value.map(str::to_owned))),
            }
        }
        if self.language.is_empty() && !self.classes.is_empty() {
            self.language = self.classes.remove(0);
        }
        pairs
    }

    /// Takes an option. Returns `false` if it is unknown or malformed.
    fn take_option(&mut self, name: &str, value: &str) -> bool {
        match name {
            "title" => self.title = Some(value.to_owned()),
            "title_mode" => self.has_html_title = value == "html",
            "linenums" => {
                let Some(numbers) = parse_numbers(value) else {
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

/// A switch as Python-Markdown reads it and Python prints it.
fn bool_or_none(value: &str) -> &'static str {
    match value.to_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" => "True",
        "false" | "no" | "n" | "off" | "0" => "False",
        _ => "None",
    }
}

/// The language at the start of a header, which may be empty, and the rest.
fn split_language(info: &str) -> (&str, &str) {
    if info.starts_with('{') {
        return ("", info);
    }
    // A dot alone is a name.
    let bare = match info.strip_prefix('.') {
        Some(bare) if bare.starts_with(is_language) => bare,
        _ => info,
    };
    let end = bare
        .find(|character| !is_language(character))
        .unwrap_or(bare.len());
    let (language, rest) = bare.split_at(end);
    if language.is_empty() {
        ("", info)
    } else if rest.is_empty() || rest.starts_with([' ', '\t']) {
        (language, rest.trim_start_matches([' ', '\t']))
    } else {
        ("", info)
    }
}

/// A set of lines, counted from 1, as ranges that neither touch nor overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(Vec<(usize, usize)>);

impl Lines {
    /// Whether a line is one of them.
    pub fn contains(&self, line: usize) -> bool {
        let next = self.0.partition_point(|(start, _)| *start <= line);
        self.0[..next].last().is_some_and(|(_, end)| *end >= line)
    }
}

/// Parses lines such as `1 3-5`. `None` if there are none.
pub fn line_ranges(text: &str) -> Option<Lines> {
    let mut sorted = Vec::new();
    for part in text.split_ascii_whitespace() {
        let (start, end) = part.split_once('-').unwrap_or((part, part));
        let (start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
        if start <= end {
            sorted.push((start, end));
        }
    }
    sorted.sort_unstable();
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (start, end) in sorted {
        match ranges.last_mut() {
            Some((_, last)) if start <= last.saturating_add(1) => *last = end.max(*last),
            _ => ranges.push((start, end)),
        }
    }
    (!ranges.is_empty()).then_some(Lines(ranges))
}
