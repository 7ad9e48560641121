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
    /// What stands before it on its line, blanks and words.
    pub(super) indent: String,
    /// The file, or pattern of files.
    pub(super) file: Option<String>,
    /// Names and values as written.
    pub(super) arguments: Vec<(String, String)>,
}

/// What a directive asks for.
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
    /// How long the directive is that `text` begins with.
    pub(super) fn length(&self, text: &str) -> usize {
        let end = text.find(&self.close).map(|at| at + self.close.len());
        end.unwrap_or(text.len())
    }

    /// The directives of a text, with what stands before them on the line.
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, Directive)> {
        let mut found: Vec<(Range<usize>, Directive)> = Vec::new();
        let mut from = 0;
        while let Some(at) = text[from..].find(&self.open) {
            let open = from + at;
            let inner = open + self.open.len();
            from = inner;
            let rest = text[inner..].trim_start();
            // The longer name first, for one may begin with the other.
            let named = [(&self.markdown, true), (&self.include, false)]
                .into_iter()
                .find_map(|(name, is_markdown)| {
                    let rest = rest.strip_prefix(name.as_str())?;
                    (!name.is_empty() && rest.starts_with(char::is_whitespace))
                        .then_some((rest.trim_start(), is_markdown))
                });
            let Some((rest, is_markdown)) = named else {
                continue;
            };
            let (file, behind) =
                quoted(rest).map_or((None, rest), |(file, rest)| (Some(file), rest));
            // Behind the last of them no directive ends.
            let Some(end) = behind.find(&self.close) else {
                break;
            };
            let indent = indent(&text[..open]);
            let end_of_all = text.len() - behind.len() + end + self.close.len();
            let begin = open - indent.len();
            // What the directive before it has taken is no indent of this.
            let begin = begin.max(found.last().map_or(0, |(range, _)| range.end));
            let directive = Directive {
                is_markdown,
                indent: text[begin..open].to_owned(),
                file,
                arguments: arguments(&behind[..end]),
            };
            found.push((begin..end_of_all, directive));
            from = end_of_all;
        }
        found
    }
}

/// Blanks, word characters, backslashes and dots at the end of `before`.
fn indent(before: &str) -> &str {
    let belongs = |c: char| matches!(c, ' ' | '\t' | '\\' | '.' | '_') || c.is_alphanumeric();
    let start = before.trim_end_matches(belongs).len();
    &before[start..]
}

/// A text in quotes at the start, and what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
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

fn arguments(written: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = written;
    while let Some(at) = rest.find('=') {
        let name = rest[..at]
            .split_whitespace()
            .next_back()
            .unwrap_or_default();
        let behind = &rest[at + 1..];
        let (value, behind) = quoted(behind).unwrap_or_else(|| {
            let end = behind.find(char::is_whitespace).unwrap_or(behind.len());
            (behind[..end].to_owned(), &behind[end..])
        });
        found.push((name.to_owned(), value));
        rest = behind;
    }
    found
}

impl Arguments {
    /// Takes over what a directive says; returns what cannot be read.
    pub(super) fn apply(&mut self, written: &[(String, String)], is_markdown: bool) -> Vec<String> {
        let mut odd = Vec::new();
        for (name, value) in written {
            let only_markdown = ["rewrite-relative-urls", "heading-offset", "comments"];
            if !is_markdown && only_markdown.contains(&name.as_str()) {
                odd.push(name.clone());
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
                        Err(_) => odd.push(name.clone()),
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
                    odd.push(name.clone());
                    continue;
                }
            };
            match value.as_str() {
                "true" => *flag = true,
                "false" => *flag = false,
                "" => {}
                _ => odd.push(name.clone()),
            }
        }
        odd
    }

    /// Brings files into the order that was asked for; orders that depend on
    /// more than names are taken for that of the paths.
    pub(super) fn sort(&self, files: &mut [SourcePath]) {
        let (reverse, order) = match self.order.strip_prefix('-') {
            Some(order) => (true, order),
            None => (false, self.order.as_str()),
        };
        let natural = order.starts_with("natural");
        let key = |file: &SourcePath| {
            let text = match () {
                () if order.ends_with("name") => file.name().to_owned(),
                () if order.ends_with("extension") => {
                    let extension = file.extension().unwrap_or_default();
                    if natural {
                        format!("{extension}\u{0}{}", file.name())
                    } else {
                        extension.to_owned()
                    }
                }
                () => file.as_str().to_owned(),
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
pub(super) fn unescape(written: &str) -> String {
    let mut found = String::with_capacity(written.len());
    let mut characters = written.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            found.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => found.push('\n'),
            Some('t') => found.push('\t'),
            Some('r') => found.push('\r'),
            Some(same @ ('\\' | '\'' | '"')) => found.push(same),
            Some(other) => found.extend(['\\', other]),
            None => found.push('\\'),
        }
    }
    found
}
