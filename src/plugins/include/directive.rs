use std::ops::Range;

use crate::files::SourcePath;

/// How directives are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tags {
    pub(super) open: String,
    pub(super) close: String,
    pub(super) include: String,
    pub(super) markdown: String,
}

/// One directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    /// Whether it includes Markdown, rather than plain text.
    pub(super) is_markdown: bool,
    /// The blanks and words before it on its line.
    pub(super) indent: String,
    /// The path of a file, or a pattern.
    pub(super) file: Option<String>,
    /// Names and values as written.
    pub(super) arguments: Vec<(String, String)>,
}

/// The arguments of a directive.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arguments {
    pub(super) start: Option<String>,
    pub(super) end: Option<String>,
    pub(super) exclude: Option<String>,
    pub(super) order: String,
    pub(super) keeps_indent: bool,
    pub(super) dedent: bool,
    pub(super) trailing_newlines: bool,
    pub(super) comments: bool,
    pub(super) rewrites: bool,
    pub(super) recursive: bool,
    pub(super) heading_offset: i64,
}

impl Tags {
    /// The length of the directive that `text` starts with, in bytes.
    pub(super) fn length(&self, text: &str) -> usize {
        let end = text.find(&self.close).map(|at| at + self.close.len());
        end.unwrap_or(text.len())
    }

    /// The directives of a text. Each range includes the indent.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, Directive)> {
        let mut directives: Vec<(Range<usize>, Directive)> = Vec::new();
        let mut from = 0;
        while let Some(at) = text[from..].find(&self.open) {
            let open = from + at;
            let inner = open + self.open.len();
            from = inner;
            let Some((is_markdown, content)) = self.strip_name(text[inner..].trim_start()) else {
                continue;
            };
            let (file, arguments) = match parse_quoted(content) {
                Some((file, arguments)) => (Some(file), arguments),
                None => (None, content),
            };
            // Without a closing tag, no further directive is closed either.
            let Some(length) = arguments.find(&self.close) else {
                break;
            };
            let end = text.len() - arguments.len() + length + self.close.len();
            let start = open - indent(&text[..open]).len();
            // The previous directive is not part of this one's indent.
            let start = start.max(directives.last().map_or(0, |(range, _)| range.end));
            let directive = Directive {
                is_markdown,
                indent: text[start..open].to_owned(),
                file,
                arguments: parse_arguments(&arguments[..length]),
            };
            directives.push((start..end, directive));
            from = end;
        }
        directives
    }

    /// Takes the name of a directive off; returns whether it includes Markdown,
    /// and what follows the name.
    fn strip_name<'t>(&self, text: &'t str) -> Option<(bool, &'t str)> {
        // The longer name comes first, because one may start with the other.
        for (name, is_markdown) in [(&self.markdown, true), (&self.include, false)] {
            if let Some(after) = text.strip_prefix(name.as_str())
                && !name.is_empty()
                && after.starts_with(char::is_whitespace)
            {
                return Some((is_markdown, after.trim_start()));
            }
        }
        None
    }
}

/// The blanks, word characters, backslashes and dots at the end of `before`.
fn indent(before: &str) -> &str {
    let belongs = |c: char| matches!(c, ' ' | '\t' | '\\' | '.' | '_') || c.is_alphanumeric();
    let start = before.trim_end_matches(belongs).len();
    &before[start..]
}

/// Parses a text in quotes. Also returns what follows it.
fn parse_quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if character == quote && !escaped {
            let value = text[1..at].replace(&format!("\\{quote}"), &quote.to_string());
            return Some((value, &text[at + 1..]));
        }
        escaped = character == '\\';
    }
    None
}

fn parse_arguments(text: &str) -> Vec<(String, String)> {
    let mut arguments = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('=') {
        // An argument without a name is reported as invalid.
        let name = before.split_whitespace().next_back().unwrap_or("");
        let (value, after) = parse_quoted(after).unwrap_or_else(|| {
            let end = after.find(char::is_whitespace).unwrap_or(after.len());
            (after[..end].to_owned(), &after[end..])
        });
        arguments.push((name.to_owned(), value));
        rest = after;
    }
    arguments
}

impl Arguments {
    /// Applies the arguments of a directive; returns the names of invalid ones.
    pub(super) fn apply(
        &mut self,
        arguments: &[(String, String)],
        is_markdown: bool,
    ) -> Vec<String> {
        let mut invalid = Vec::new();
        for (name, value) in arguments {
            let only_markdown = ["rewrite-relative-urls", "heading-offset", "comments"];
            if !is_markdown && only_markdown.contains(&name.as_str()) {
                invalid.push(name.clone());
                continue;
            }
            let flag = match name.as_str() {
                "start" => {
                    self.start = Some(value.clone());
                    continue;
                }
                "end" => {
                    self.end = Some(value.clone());
                    continue;
                }
                "exclude" => {
                    self.exclude = Some(value.clone());
                    continue;
                }
                "order" => {
                    self.order.clone_from(value);
                    continue;
                }
                // All sources are UTF-8.
                "encoding" => continue,
                "heading-offset" => {
                    match value.parse() {
                        Ok(offset) => self.heading_offset = offset,
                        Err(_) => invalid.push(name.clone()),
                    }
                    continue;
                }
                "preserve-includer-indent" => &mut self.keeps_indent,
                "dedent" => &mut self.dedent,
                "trailing-newlines" => &mut self.trailing_newlines,
                "comments" => &mut self.comments,
                "rewrite-relative-urls" => &mut self.rewrites,
                "recursive" => &mut self.recursive,
                _ => {
                    invalid.push(name.clone());
                    continue;
                }
            };
            match value.as_str() {
                "true" => *flag = true,
                "false" => *flag = false,
                "" => {}
                _ => invalid.push(name.clone()),
            }
        }
        invalid
    }

    /// Sorts files in the requested order. Orders that depend on more than names
    /// sort by path.
    pub(super) fn sort(&self, files: &mut [SourcePath]) {
        let (reverse, order) = match self.order.strip_prefix('-') {
            Some(order) => (true, order),
            None => (false, self.order.as_str()),
        };
        let natural = order.starts_with("natural");
        let key = |file: &SourcePath| {
            let text = if order.ends_with("name") {
                file.name().to_owned()
            } else if order.ends_with("extension") {
                let extension = file.extension().unwrap_or("");
                if natural {
                    format!("{extension}\u{0}{}", file.name())
                } else {
                    extension.to_owned()
                }
            } else {
                file.as_str().to_owned()
            };
            if natural {
                crate::text::natural_key(&text.to_lowercase())
            } else {
                vec![(0, text)]
            }
        };
        files.sort_by_cached_key(key);
        if reverse {
            files.reverse();
        }
    }
}

/// A delimiter with Python's escapes resolved.
pub(super) fn unescape(delimiter: &str) -> String {
    let mut unescaped = String::with_capacity(delimiter.len());
    let mut characters = delimiter.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            unescaped.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => unescaped.push('\n'),
            Some('t') => unescaped.push('\t'),
            Some('r') => unescaped.push('\r'),
            Some(same @ ('\\' | '\'' | '"')) => unescaped.push(same),
            Some(other) => unescaped.extend(['\\', other]),
            None => unescaped.push('\\'),
        }
    }
    unescaped
}
