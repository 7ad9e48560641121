//! Splits the text of a page into passages, by the shapes of its lines alone. It reads
//! what is in the history of a page too, whatever options that was written for, and
//! tens of thousands of versions of pages: so it is no parser of Markdown, and need not
//! agree with one in all cases. What matters is that it splits the same text in two
//! languages in the same way.

use super::{Kind, Passage};

/// A line with its number, without the indentation of what it is in.
type Line<'a> = (u32, &'a str);

/// How deeply passages may be nested; what is deeper is read as one passage.
const DEEPEST: u8 = 20;

/// The passages of a page, in their order.
pub fn passages(text: &str) -> Vec<Passage> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Very old machines end lines with the other one.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let lines = (1..).zip(text.split_terminator(end).map(str::trim_end));
    let lines: Vec<Line> = lines
        .flat_map(|(number, line)| mended(number, line))
        .collect();
    let body = match lines.first() {
        Some((_, "---" | "- - -")) => {
            let end = lines[1..]
                .iter()
                .position(|(_, line)| matches!(*line, "---" | "..." | "- - -"));
            end.map_or(0, |end| end + 2)
        }
        _ => 0,
    };
    let mut splitter = Splitter { found: Vec::new() };
    splitter.split(&lines[body..], 0, Kind::Paragraph);
    splitter.found
}

/// A line without what tools for translators do to it: they escape the marks at its
/// beginning, and join the definitions of footnotes to what stands before them.
fn mended(number: u32, line: &str) -> impl Iterator<Item = Line<'_>> {
    let text = line.trim_start();
    let escaped = ["===", "*[", "--8<--", "!!!", "???"];
    let bare = text.strip_prefix('\\');
    let is_escaped = bare.is_some_and(|bare| escaped.iter().any(|it| bare.starts_with(it)));
    let line = if is_escaped { &text[1..] } else { line };
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let whole = rest.take()?;
        // Hardly any line has one, and a character is found faster than a text.
        let marks = whole.contains('^').then(|| whole.match_indices(" [^"));
        let at = marks.into_iter().flatten().find(|(at, _)| {
            let label = &whole[at + 3..];
            let end = label.find(']');
            end.is_some_and(|end| label[end + 1..].starts_with(':') && !label[..end].contains(' '))
        });
        let piece = match at {
            Some((at, _)) => {
                rest = Some(&whole[at + 1..]);
                whole[..at].trim_end()
            }
            None => whole,
        };
        Some((number, piece))
    })
}

struct Splitter {
    found: Vec<Passage>,
}

impl Splitter {
    /// Splits lines; the first text of them is of the kind `first`.
    fn split(&mut self, lines: &[Line], depth: u8, first: Kind) {
        let mut first = Some(first);
        let mut rest = lines;
        while let Some((line, after)) = rest.split_first() {
            let length = match shape(line.1, after.first().map(|it| it.1)) {
                Shape::Nothing => 1,
                Shape::Comment => length_until(rest, |it| it.contains("-->")),
                Shape::Snippet => match line.1.trim().trim_start_matches(';') {
                    "--8<--" => 1 + length_until(after, |it| it.trim() == "--8<--"),
                    _ => 1,
                },
                Shape::Fence(mark) => {
                    let closes = |it: &str| {
                        let it = it.trim();
                        it.starts_with(mark) && it.trim_start_matches(&mark[..1]).is_empty()
                    };
                    let length = 1 + length_until(after, closes);
                    self.add(Kind::Code, depth, &rest[..length], None);
                    length
                }
                Shape::Heading(level) => {
                    self.heading(level, depth, &rest[..1]);
                    1
                }
                Shape::Underlined(level) => {
                    self.heading(level, depth, &rest[..1]);
                    2
                }
                Shape::Titled(kind) => {
                    self.titled(kind, depth, *line);
                    1 + self.inside(after, depth, Kind::Paragraph)
                }
                Shape::Slashes => {
                    if line.1.contains('|') {
                        self.titled(Kind::Admonition, depth, *line);
                    }
                    1
                }
                Shape::Item(mark, kind) => self.item(rest, mark, depth, kind),
                Shape::Table => self.table(rest, depth),
                Shape::Quote => {
                    let length = rest
                        .iter()
                        .position(|(_, it)| !it.trim_start().starts_with('>'));
                    let length = length.unwrap_or(rest.len());
                    let bare = |(number, it): &Line<'_>| (*number, unquoted(it).to_owned());
                    let bare: Vec<(u32, String)> = rest[..length].iter().map(bare).collect();
                    self.nested(&bare, depth, Kind::Paragraph);
                    length
                }
                Shape::Footnote(label) => self.footnote(rest, label, depth),
                Shape::Abbreviation(label) => {
                    self.add(Kind::Abbreviation, depth, &rest[..1], Some(label));
                    1
                }
                Shape::Indented => {
                    let length = rest
                        .iter()
                        .position(|(_, it)| !it.is_empty() && indent(it) < 4);
                    let mut length = length.unwrap_or(rest.len());
                    while rest[length - 1].1.is_empty() {
                        length -= 1;
                    }
                    self.add(Kind::Code, depth, &rest[..length], None);
                    length
                }
                Shape::Tags => {
                    let length = paragraph_length(rest, false);
                    let kind = level_of_tag(line.1).map_or(Kind::Html, Kind::Heading);
                    self.add(kind, depth, &rest[..length], None);
                    length
                }
                Shape::Text => {
                    let kind = first.unwrap_or(Kind::Paragraph);
                    let length = match kind {
                        // A list in an item needs no blank line before it.
                        Kind::Item => item_text_length(rest),
                        _ => paragraph_length(rest, true),
                    };
                    self.add(kind, depth, &rest[..length], None);
                    length
                }
            };
            if !line.1.is_empty() {
                first = None;
            }
            rest = &rest[length.min(rest.len())..];
        }
    }

    fn add(&mut self, kind: Kind, depth: u8, lines: &[Line], name: Option<&str>) {
        let (Some((first, _)), Some((last, _))) = (lines.first(), lines.last()) else {
            return;
        };
        let joined = if kind == Kind::Code { "\n" } else { " " };
        let text: Vec<&str> = lines.iter().map(|(_, line)| line.trim()).collect();
        self.found.push(Passage {
            kind,
            depth,
            first: *first,
            last: *last,
            text: text.join(joined),
            name: name.map(str::to_owned),
        });
    }

    fn heading(&mut self, level: u8, depth: u8, line: &[Line]) {
        let (number, text) = line[0];
        let text = text.trim().trim_start_matches(['#', '＃']).trim();
        let (text, attributes) = match text.rfind('{') {
            Some(at) if text.ends_with('}') => (text[..at].trim(), &text[at..]),
            _ => (text, ""),
        };
        let text = text.trim_end_matches('#').trim_end();
        let written = attributes.split(['{', '}', ':', ' ']);
        let id = written.filter_map(|it| it.strip_prefix('#')).next();
        self.add(Kind::Heading(level), depth, &[(number, text)], id);
    }

    /// A line with a quoted title, and a word before it that says what is begun.
    fn titled(&mut self, kind: Kind, depth: u8, (number, line): Line) {
        let line = line
            .trim_start_matches(['!', '?', '+', '=', '/', '！'])
            .trim();
        let (name, title) = match line.split_once('|') {
            Some((name, title)) if !line.contains(['"', '“', '「']) => {
                (name.trim(), title.trim())
            }
            _ => match line.find(['"', '“', '”', '「', '«', '„']) {
                Some(at) => {
                    let title = line[at..].trim_matches(['"', '“', '”', '„', '「', '」', '«', '»']);
                    (line[..at].trim(), title)
                }
                None => (line, ""),
            },
        };
        let name = match kind {
            Kind::Admonition => name.split_whitespace().next(),
            _ => None,
        };
        self.add(kind, depth, &[(number, title)], name);
    }

    /// What is indented below a line; returns how many lines that are.
    fn inside(&mut self, lines: &[Line], depth: u8, first: Kind) -> usize {
        let end = lines
            .iter()
            .position(|(_, it)| !it.is_empty() && indent(it) < 4);
        let inner = &lines[..end.unwrap_or(lines.len())];
        let dedented: Vec<Line> = inner.iter().map(|(n, it)| (*n, dedent(it, 4))).collect();
        if depth < DEEPEST {
            self.split(&dedented, depth + 1, first);
        }
        inner.len()
    }

    fn nested(&mut self, lines: &[(u32, String)], depth: u8, first: Kind) {
        if depth < DEEPEST {
            let lines: Vec<Line> = lines.iter().map(|(n, it)| (*n, it.as_str())).collect();
            self.split(&lines, depth + 1, first);
        }
    }

    /// An item of a list or a definition, whose mark has `mark` bytes; returns its lines.
    fn item(&mut self, lines: &[Line], mark: usize, depth: u8, kind: Kind) -> usize {
        let (number, line) = lines[0];
        let own = indent(line);
        let mut inner: Vec<(u32, String)> = vec![(number, line[mark..].trim_start().to_owned())];
        let mut length = 1;
        let mut is_after_blank = false;
        for (nth, (number, line)) in lines.iter().enumerate().skip(1) {
            if line.is_empty() {
                is_after_blank = true;
                continue;
            }
            let in_it = indent(line) > own + 1;
            let begins_other = !matches!(shape(line, None), Shape::Text | Shape::Tags);
            if !in_it && (is_after_blank || begins_other) {
                break;
            }
            let missing = nth - length;
            inner.extend((0..missing).map(|_| (number - 1, String::new())));
            let width = (own + 4).min(indent(line));
            inner.push((*number, dedent(line, width).to_owned()));
            length = nth + 1;
            is_after_blank = false;
        }
        self.nested(&inner, depth, kind);
        length
    }

    fn table(&mut self, lines: &[Line], depth: u8) -> usize {
        let length = lines.iter().position(|(_, it)| !it.contains('|'));
        let length = length.unwrap_or(lines.len());
        for (nth, line) in lines[..length].iter().enumerate() {
            if nth != 1 {
                self.add(Kind::Row, depth, &[*line], None);
            }
        }
        length
    }

    fn footnote(&mut self, lines: &[Line], label: &str, depth: u8) -> usize {
        let (number, line) = lines[0];
        let text = line.split_once("]:").or_else(|| line.split_once("]："));
        let mut own: Vec<Line> = vec![(number, text.map_or("", |(_, text)| text.trim()))];
        let more = lines[1..]
            .iter()
            .take_while(|(_, it)| !it.is_empty() && !is_label(it));
        own.extend(more);
        let length = own.len();
        self.add(Kind::Footnote, depth, &own, Some(label));
        length + self.inside(&lines[length..], depth, Kind::Paragraph)
    }
}

/// What a line begins.
enum Shape<'a> {
    /// Nothing that has text: a blank line, a rule, a definition of a link, closing tags.
    Nothing,
    Comment,
    Snippet,
    Fence(&'a str),
    Heading(u8),
    Underlined(u8),
    Titled(Kind),
    Slashes,
    Item(usize, Kind),
    Table,
    Quote,
    Footnote(&'a str),
    Abbreviation(&'a str),
    Indented,
    Tags,
    Text,
}

fn shape<'a>(line: &'a str, next: Option<&str>) -> Shape<'a> {
    let text = line.trim_start();
    if text.is_empty() {
        return Shape::Nothing;
    }
    if indent(line) >= 4 {
        return Shape::Indented;
    }
    let first = text.chars().next().unwrap_or_default();
    match first {
        '`' | '~' => {
            let length = text.len() - text.trim_start_matches(first).len();
            if length >= 3 && !text[length..].contains('`') {
                return Shape::Fence(&text[..length]);
            }
        }
        '#' | '＃' => {
            let level = text.chars().take_while(|it| *it == first).count();
            let rest = text.trim_start_matches(first);
            if level <= 6 && !rest.trim().is_empty() {
                return Shape::Heading(u8::try_from(level).unwrap_or(6));
            }
        }
        '!' | '?' | '！' if is_titled(text, first) => return Shape::Titled(Kind::Admonition),
        '=' if text.starts_with("===") && !text.trim_matches('=').is_empty() => {
            return Shape::Titled(Kind::Tab);
        }
        '/' if text.starts_with("///") => return Shape::Slashes,
        '>' => return Shape::Quote,
        ';' | '-' if text.trim_start_matches(';').starts_with("--8<--") => return Shape::Snippet,
        '<' if text.starts_with("<!--") => return Shape::Comment,
        '<' => {
            let name = text[1..].trim_start_matches('/').chars().next();
            let is_tag = name.is_some_and(|it| it.is_ascii_alphabetic());
            if is_tag && !text.starts_with("<http") {
                return if is_closing(text) {
                    Shape::Nothing
                } else {
                    Shape::Tags
                };
            }
        }
        '{' if text.ends_with('}') && !text.contains(' ') | text.starts_with("{ ") => {
            let inner = text[1..].trim_start_matches([':', ' ']);
            if inner.starts_with(['.', '#']) && text.matches('}').count() == 1 {
                return Shape::Nothing;
            }
        }
        '[' if text.starts_with("[^") => {
            if let Some(end) = text
                .find(']')
                .filter(|end| text[end + 1..].starts_with([':', '：']))
            {
                return Shape::Footnote(text[2..end].trim());
            }
        }
        '[' if is_label(text) => return Shape::Nothing,
        '*' if text.starts_with("*[") => {
            if let Some(end) = text.find("]:").or_else(|| text.find("]：")) {
                return Shape::Abbreviation(&text[2..end]);
            }
        }
        ':' if text[1..].starts_with([' ', '\t']) => {
            return Shape::Item(line.len() - text.len() + 1, Kind::Definition);
        }
        _ => {}
    }
    if is_rule(text) {
        return Shape::Nothing;
    }
    if let Some(length) = list_mark(text) {
        return Shape::Item(line.len() - text.len() + length, Kind::Item);
    }
    match next.map(str::trim) {
        Some(next) if text.contains('|') && is_delimiter_row(next) => Shape::Table,
        Some(next) if !next.is_empty() && next.chars().all(|it| it == '=') => Shape::Underlined(1),
        Some(next) if next.len() > 1 && next.chars().all(|it| it == '-') => Shape::Underlined(2),
        _ => Shape::Text,
    }
}

fn is_titled(text: &str, first: char) -> bool {
    let count = text.chars().take_while(|it| *it == first).count();
    let rest = text.trim_start_matches([first, '+']);
    count == 3
        && rest
            .trim_start()
            .starts_with(|it: char| it.is_alphabetic() || it == '"')
}

/// The level of the heading whose tag begins a line.
fn level_of_tag(line: &str) -> Option<u8> {
    let name = line.trim_start().strip_prefix('<')?;
    let name = name.split(['>', ' ']).next()?;
    crate::html::heading_level(name)
}

/// Whether a line has closing tags only.
fn is_closing(text: &str) -> bool {
    text.split_inclusive('>').all(|it| {
        let it = it.trim();
        it.is_empty() || (it.starts_with("</") && it.ends_with('>'))
    })
}

/// Whether a line defines a link: `[label]: address`.
fn is_label(text: &str) -> bool {
    let end = text.find("]:");
    text.starts_with('[') && end.is_some_and(|end| !text[1..end].contains('['))
}

fn is_rule(text: &str) -> bool {
    let mark = text.chars().next().unwrap_or_default();
    let bare = || text.chars().filter(|it| !it.is_whitespace());
    matches!(mark, '-' | '*' | '_') && bare().count() >= 3 && bare().all(|it| it == mark)
}

fn is_delimiter_row(text: &str) -> bool {
    text.contains('-') && text.contains('|') && text.chars().all(|it| "|-: ".contains(it))
}

/// The length of the mark of an item of a list.
fn list_mark(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match digits {
        0 if text.starts_with(['-', '*', '+']) => 1,
        1..=9 if text[digits..].starts_with(['.', ')']) => digits + 1,
        _ => return None,
    };
    text[mark..].starts_with([' ', '\t']).then_some(mark)
}

fn unquoted(line: &str) -> &str {
    let line = line.trim_start();
    let line = line.strip_prefix('>').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line)
}

/// The lines up to and with the first for which `ends` holds, or all of them.
fn length_until(lines: &[Line], ends: impl Fn(&str) -> bool) -> usize {
    let end = lines.iter().position(|(_, line)| ends(line));
    end.map_or(lines.len(), |end| end + 1)
}

/// The length of a paragraph; where `is_text`, other blocks end it without a blank line.
fn paragraph_length(lines: &[Line], is_text: bool) -> usize {
    let ends = |(_, line): &Line<'_>| {
        let ends_text = || {
            let shape = shape(line, None);
            let goes_on = matches!(shape, Shape::Text | Shape::Indented | Shape::Tags);
            !(goes_on || matches!(shape, Shape::Item(_, Kind::Item)))
        };
        line.is_empty() || (is_text && ends_text())
    };
    let more = lines[1..].iter().position(ends);
    more.map_or(lines.len(), |more| more + 1)
}

/// The length of the text that an item begins with.
fn item_text_length(lines: &[Line]) -> usize {
    let length = paragraph_length(lines, true);
    let begins_item =
        |(_, line): &Line<'_>| matches!(shape(line, None), Shape::Item(_, Kind::Item));
    let more = lines[1..length].iter().position(begins_item);
    more.map_or(length, |more| more + 1)
}

/// The columns before the first character.
fn indent(line: &str) -> usize {
    let mut columns = 0;
    for character in line.chars() {
        match character {
            ' ' => columns += 1,
            '\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    columns
}

/// The line without at most `width` columns of white space.
fn dedent(line: &str, width: usize) -> &str {
    let mut columns = 0;
    let end = line.find(|it| {
        let is_out = columns >= width || !matches!(it, ' ' | '\t');
        columns += if it == '\t' { 4 } else { 1 };
        is_out
    });
    end.map_or("", |end| &line[end..])
}
