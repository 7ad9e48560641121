//! `callouts`: Obsidian's callouts (`> [!info] Title`) as admonitions and details.
//!
//! Follows mkdocs-callouts, which reads a page line by line.

use std::ops::Range;

use super::mapped_text::Text;
use crate::text::capitalized;

crate::options::options! {
    /// The options of the plugin.
    pub struct Options {
        aliases: bool = true,
        breakless_lists: bool = true,
        title_from_first_bold: bool = false,
    }
}

/// Obsidian's other names for kinds of callouts, with the kind.
const ALIASES: [(&str, &str); 14] = [
    ("summary", "abstract"),
    ("tldr", "abstract"),
    ("hint", "tip"),
    ("important", "tip"),
    ("check", "success"),
    ("done", "success"),
    ("help", "question"),
    ("faq", "question"),
    ("caution", "warning"),
    ("attention", "warning"),
    ("fail", "failure"),
    ("missing", "failure"),
    ("error", "danger"),
    ("cite", "quote"),
];

/// Replaces the callouts of a page.
pub fn convert(text: &mut Text, options: &Options) {
    let is_mark = |(at, _): (usize, &str)| text.as_str()[..at].trim_end_matches(' ').ends_with('>');
    if !text.as_str().match_indices("[!").any(is_mark) {
        return;
    }
    let mut converter = Converter {
        options,
        levels: Vec::new(),
        in_code: [false; 2],
        was_text: false,
        was_list: false,
        header: None,
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let end = text.as_str().len();
    let mut start = 0;
    for line in text.as_str().split('\n') {
        let range = start..start + line.len();
        start = range.end + 1;
        match converter.line(line) {
            Line::Same => {}
            Line::New(converted) => edits.push((range, converted)),
            // The header of a callout is written with the line after it.
            Line::Waits if range.end == end => {
                edits.push((range, converter.header.take().unwrap_or_default().whole()));
            }
            Line::Waits => edits.push((range.start..range.end + 1, String::new())),
        }
    }
    text.replace(edits);
}

/// What becomes of a line.
enum Line {
    Same,
    New(String),
    /// It is written later.
    Waits,
}

impl Line {
    fn of(converted: String, line: &str) -> Self {
        if converted == line {
            Self::Same
        } else {
            Self::New(converted)
        }
    }
}

/// First lines of callouts whose title may be on the line after them.
#[derive(Default)]
struct Header {
    text: String,
    /// The title in quotes if that line has none.
    title: String,
}

impl Header {
    fn whole(self) -> String {
        if self.title.is_empty() {
            self.text
        } else {
            format!("{} {}", self.text, self.title)
        }
    }
}

struct Converter<'o> {
    options: &'o Options,
    /// The levels of quotes that are callouts.
    levels: Vec<usize>,
    /// Whether a fence is open at the start of a line, and after something.
    in_code: [bool; 2],
    was_text: bool,
    was_list: bool,
    header: Option<Header>,
}

/// The white space and the quote marks at the start of a line, and the rest.
fn quote_marks(line: &str) -> Option<(&str, &str, &str)> {
    let bare = line.trim_start();
    let space = &line[..line.len() - bare.len()];
    let mut rest = bare;
    while let Some(behind) = rest.strip_prefix('>') {
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    let marks = &bare[..bare.len() - rest.len()];
    (!marks.is_empty()).then_some((space, marks, rest))
}

fn level(marks: &str) -> usize {
    marks.matches('>').count()
}

/// `line` without its first `count` quote marks, if it has as many.
fn without_marks(line: &str, count: usize) -> Option<&str> {
    let mut rest = line.trim_start();
    for _ in 0..count {
        rest = rest.strip_prefix('>')?;
        rest = rest.strip_prefix(' ').unwrap_or(rest);
    }
    Some(rest)
}

/// The tabs that white space at the start of a line stands for.
fn tabs(space: &str) -> String {
    "\t".repeat(space.replace("    ", "\t").matches('\t').count())
}

/// The class of a callout of the kind `written`, in lower case: `tip | right` is
/// `tip inline end`.
fn class(written: &str, aliases: bool) -> String {
    let mut class = written.to_owned();
    let attribute = class
        .rsplit_once('|')
        .map(|(before, it)| (before, it.trim_matches(' ')));
    match attribute {
        Some((before, "inline" | "left")) => {
            class = format!("{} inline", before.trim_end_matches(' '));
        }
        Some((before, "inline end" | "right")) => {
            class = format!("{} inline end", before.trim_end_matches(' '));
        }
        _ => {}
    }
    if let Some((before, _)) = class.split_once('|') {
        class.truncate(before.trim_end_matches(' ').len());
    }
    if !aliases {
        return class;
    }
    for (alias, kind) in ALIASES {
        if let Some(rest) = class.strip_prefix(alias)
            && !rest.starts_with(crate::text::is_word)
        {
            class = format!("{kind}{rest}");
        }
    }
    class
}

impl Converter<'_> {
    fn line(&mut self, line: &str) -> Line {
        if let Some(at) = fence(line) {
            let open = &mut self.in_code[usize::from(at > 0)];
            *open = !*open;
        }
        if !self.in_code.contains(&true) {
            return self.first_line(line).unwrap_or_else(|| self.content(line));
        }
        if self.levels.is_empty() {
            Line::Same
        } else {
            self.content(line)
        }
    }

    /// Converts the first line of a callout.
    fn first_line(&mut self, line: &str) -> Option<Line> {
        let (space, marks, rest) = quote_marks(line)?;
        let (kind, rest) = rest
            .trim_start_matches(' ')
            .strip_prefix("[!")?
            .split_once(']')?;
        let level = level(marks);
        if !self.levels.contains(&level) {
            self.levels.push(level);
        }
        let indent = tabs(space) + &self.indent(level - 1);
        let kind = kind.to_lowercase();
        let name = kind.split('|').next().unwrap_or_default().trim();
        let class = class(&kind, self.options.aliases);
        let (mark, rest) = match rest.as_bytes().first() {
            Some(b'-') => ("???", &rest[1..]),
            Some(b'+') => ("???+", &rest[1..]),
            _ => ("!!!", rest),
        };
        let written = rest.trim();
        let title = match written {
            "\"\"" | "''" => "\"\"".to_owned(),
            "" if class.to_lowercase().starts_with(&name.to_lowercase()) => String::new(),
            "" => format!("\"{}\"", capitalized(name)),
            title => format!("\"{title}\""),
        };
        let header = format!("{indent}{mark} {class}");
        if self.options.title_from_first_bold && written.is_empty() {
            let text = match self.header.take() {
                Some(before) => format!("{}\n{header}", before.whole()),
                None => header,
            };
            self.header = Some(Header { text, title });
            return Some(Line::Waits);
        }
        Some(Line::New(match title.as_str() {
            "" => header,
            title => format!("{header} {title}"),
        }))
    }

    /// What replaces `count` quote marks.
    fn indent(&self, count: usize) -> String {
        let marks = (1..=count).map(|level| self.levels.contains(&level));
        let is_quoted = marks.clone().any(|is_callout| !is_callout);
        let marks = marks.map(|is_callout| match is_callout {
            false => "> ",
            true if is_quoted => "    ",
            true => "\t",
        });
        marks.collect()
    }

    fn reset(&mut self) {
        self.levels.clear();
        self.was_text = false;
        self.was_list = false;
    }

    /// Converts a line that does not begin a callout.
    fn content(&mut self, line: &str) -> Line {
        let in_callout = !self.levels.is_empty();
        let marks = in_callout.then(|| quote_marks(line)).flatten();
        let Some((space, marks, _)) = marks else {
            self.reset();
            return match self.header.take() {
                Some(header) => Line::New(format!("{}\n{line}", header.whole())),
                None => Line::Same,
            };
        };
        while self.levels.last().is_some_and(|last| level(marks) < *last) {
            self.levels.pop();
        }
        let (Some(last), Some(deepest)) = (self.levels.last(), self.levels.iter().max()) else {
            self.reset();
            self.header = None;
            return Line::Same;
        };
        let indent = tabs(space) + &self.indent(*deepest);
        let mut converted = match without_marks(line, *last) {
            Some(rest) => indent + rest,
            None => line.to_owned(),
        };
        if let Some(header) = self.header.take() {
            converted = with_title(header, converted);
        }
        if self.options.breakless_lists {
            converted = self.set_apart(converted);
        }
        Line::of(converted, line)
    }

    /// Sets a list apart from the text on the line before it.
    fn set_apart(&mut self, line: String) -> String {
        let is_list = is_item(&line);
        let before = std::mem::replace(&mut self.was_list, is_list);
        if !(is_list && self.was_text) {
            self.was_text = !line.trim().is_empty();
            return line;
        }
        if before {
            return line;
        }
        let tabs = &line[..line.len() - line.trim_start_matches('\t').len()];
        format!("{tabs}\n{line}")
    }
}

/// A header and the line after it, which may be its title in bold.
fn with_title(header: Header, line: String) -> String {
    let last = header.text.rsplit('\n').next().unwrap_or_default();
    let mark = "\t".repeat(last.matches('\t').count() + 1) + "**";
    let title = line.find(&mark).and_then(|at| {
        let title = line[at + mark.len()..].trim_end().strip_suffix("**")?;
        (!title.is_empty()).then_some(title.trim())
    });
    match title {
        Some(title) => format!("{} \"{title}\"", header.text),
        None => format!("{}\n{line}", header.whole()),
    }
}

/// Where a line has the fence that it begins with after its quote marks.
fn fence(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches(|it: char| it == '>' || it.is_whitespace());
    rest.starts_with("```").then_some(line.len() - rest.len())
}

/// Whether a line begins an item of a list.
fn is_item(line: &str) -> bool {
    let bare = line.trim_start();
    let behind = match bare.strip_prefix(['-', '+', '*']) {
        Some(behind) => Some(behind),
        None => {
            let rest = bare.trim_start_matches(|it: char| it.is_numeric());
            let has_number = rest.len() < bare.len();
            has_number.then(|| rest.strip_prefix('.')).flatten()
        }
    };
    behind.is_some_and(|behind| behind.starts_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn converted(text: &str, options: Value) -> String {
        let mut text = Text::new(text, 1);
        let options = options.as_object().cloned().unwrap_or_default();
        convert(&mut text, &Options::read(&options));
        text.as_str().to_owned()
    }

    /// What `mkdocs-callouts` 1.17.1 makes of these.
    #[test]
    fn callouts_become_admonitions() {
        for (written, wanted) in [
            (
                "> [!INFO] Title\n> a\n> b\n\nc\n",
                "!!! info \"Title\"\n\ta\n\tb\n\nc\n",
            ),
            (
                "> [!faq]-\n> a\n> > [!todo]\n> > b\n> c\n",
                "??? question \"Faq\"\n\ta\n\t!!! todo\n\t\tb\n\tc\n",
            ),
            (
                "> q\n> > [!note] N\n> > x\n",
                "> q\n> !!! note \"N\"\n>     x\n",
            ),
            (
                "> [!tip | right] T\n> text\n> - list\n> - two\n",
                "!!! tip inline end \"T\"\n\ttext\n\t\n\t- list\n\t- two\n",
            ),
            ("> [!important]\n> x\n", "!!! tip \"Important\"\n\tx\n"),
            ("> [!note] \"\"\n> x\n", "!!! note \"\"\n\tx\n"),
            ("    > [!note]\n    > x\n", "\t!!! note\n\t\tx\n"),
            ("```\n> [!note]\n> x\n```\n", "```\n> [!note]\n> x\n```\n"),
            (
                "> [!note]\n> ```\n> > [!x]\n> ```\n> a\n- b\n",
                "!!! note\n\t```\n\t> [!x]\n\t```\n\ta\n- b\n",
            ),
            ("> [!note|left]+\n> x", "???+ note inline\n\tx"),
            (
                "> plain\n\n> [!check]\n> x\n>> y\n",
                "> plain\n\n!!! success \"Check\"\n\tx\n\t> y\n",
            ),
            ("> [!note] x\nlazy\n> z\n", "!!! note \"x\"\nlazy\n> z\n"),
            ("no callout\n", "no callout\n"),
        ] {
            assert_eq!(converted(written, json!({})), wanted, "{written}");
        }
    }

    #[test]
    fn titles_may_be_the_first_bold_line() {
        for (written, wanted) in [
            ("> [!note]\n> **Bold** \n> x\n", "!!! note \"Bold\"\n\tx\n"),
            (
                "> [!faq]\n> x **b**\n> y\n",
                "!!! question \"Faq\"\n\tx **b**\n\ty\n",
            ),
            ("> [!note]", "!!! note"),
            ("> [!note]\n> [!tip]\nx", "!!! note\n!!! tip\nx"),
            (
                "> [!important]\n> > [!tip]\n> > **a**\n> b\n",
                "!!! tip \"Important\"\n\t!!! tip \"a\"\n\tb\n",
            ),
            ("> [!tip] Given\n> **B**\n", "!!! tip \"Given\"\n\t**B**\n"),
        ] {
            let options = json!({"title_from_first_bold": true});
            assert_eq!(converted(written, options), wanted, "{written}");
        }
    }

    #[test]
    fn names_and_lists_may_stay_as_written() {
        let options = json!({"aliases": false, "breakless_lists": false});
        assert_eq!(
            converted("> [!faq] \n> a\n> - b\n", options),
            "!!! faq\n\ta\n\t- b\n"
        );
    }
}
