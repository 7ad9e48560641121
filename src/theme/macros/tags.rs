//! The tags of a template, as far as it matters which of them cannot be rendered.

use std::ops::Range;

use minijinja::machinery::{Token, Tokenizer};
use minijinja::syntax::SyntaxConfig;

/// What a name in a tag stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A variable, or a function that is called.
    Name,
    Filter,
    Test,
}

/// A tag, or a line that is a statement.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) range: Range<usize>,
    /// The first word of a statement; empty if the tag prints a value.
    pub(super) word: String,
    /// The names in it, other than those that it defines.
    pub(super) names: Vec<(String, Role)>,
    /// The names that it defines, if it is an assignment or a loop.
    pub(super) defined: Vec<String>,
    /// What is assigned, if it is an assignment.
    pub(super) assigned: Option<Range<usize>>,
    /// What a loop goes through, if that is a path such as `page.meta.tags`: its
    /// first name, and its range.
    pub(super) iterated: Option<(String, Range<usize>)>,
    /// Where values end that filters are applied to, except those that are meant
    /// for undefined ones.
    pub(super) filtered: Vec<usize>,
    /// Whether the engine cannot read it.
    pub(super) is_broken: bool,
}

/// Words of expressions that are not names.
const OPERATORS: [&str; 11] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "true",
    "false",
    "none",
    "recursive",
];

impl Tag {
    pub(super) fn prints(&self) -> bool {
        self.word.is_empty()
    }

    /// The word that ends its block; `None` if it is not the start of one.
    fn end_word(&self) -> Option<String> {
        let opens = match self.word.as_str() {
            "set" => self.assigned.is_none(),
            word => {
                let blocks = ["if", "for", "filter", "call", "with", "macro", "block"];
                blocks.contains(&word) || word == "autoescape"
            }
        };
        opens.then(|| format!("end{}", self.word))
    }

    /// Whether an unknown name in it is certain to matter.
    pub(super) fn is_plain(&self) -> bool {
        let tolerates = ["and", "or", "not", "in", "is", "if", "default", "d"];
        !self
            .names
            .iter()
            .any(|(name, _)| tolerates.contains(&name.as_str()))
    }

    /// Whether it may give a name a value.
    pub(super) fn may_define(&self, name: &str) -> bool {
        let others = ["macro", "import", "from", "with", "call", "block"];
        let is_other = others.contains(&self.word.as_str());
        self.defined.iter().any(|it| it == name) || is_other && self.mentions(name, Role::Name)
    }

    pub(super) fn mentions(&self, name: &str, role: Role) -> bool {
        self.names
            .iter()
            .any(|(other, its)| other == name && *its == role)
    }
}

/// All tags of a text. If the engine cannot read one, it is the last.
pub(super) fn tags(text: &str, syntax: &SyntaxConfig) -> Vec<Tag> {
    let mut tokens = Tokenizer::new(text, "", false, syntax.clone());
    let mut tags = Vec::new();
    let mut open: Option<Reader> = None;
    loop {
        let (token, span) = match tokens.next_token() {
            Ok(Some(token)) => token,
            Ok(None) => break,
            Err(error) => {
                let at = error.range().map_or(0, |range| range.start);
                tags.extend(open.and_then(|reader| reader.broken(text, at, syntax)));
                break;
            }
        };
        let range = span.start_offset as usize..span.end_offset as usize;
        match token {
            Token::TemplateData(_) => {}
            Token::VariableStart => open = Some(Reader::new(range.start, false)),
            Token::BlockStart => open = Some(Reader::new(range.start, true)),
            Token::VariableEnd | Token::BlockEnd => {
                tags.extend(open.take().map(|reader| reader.finish(range.end)));
            }
            token => {
                if let Some(reader) = &mut open {
                    reader.read(&token, range);
                }
            }
        }
    }
    tags
}

/// Reads one tag.
struct Reader {
    tag: Tag,
    is_statement: bool,
    /// How many brackets are open.
    depth: usize,
    previous: Previous,
    /// Where the last token ended.
    end: usize,
    /// Where the assigned expression starts.
    assigned: Option<usize>,
    /// What a loop goes through.
    iterated: Iterated,
}

/// What a loop goes through, as far as it has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Iterated {
    /// It has not begun.
    No,
    /// It begins after this token.
    Next,
    /// A path, which starts here.
    Path(usize),
    /// Read, or not a path.
    Over,
}

/// What the last token was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Previous {
    Dot,
    /// `|`, with the end of the value before it.
    Pipe(usize),
    /// `is`, or `is not`.
    Is,
    Other,
}

impl Reader {
    fn new(start: usize, is_statement: bool) -> Self {
        Self {
            tag: Tag {
                range: start..start,
                word: String::new(),
                names: Vec::new(),
                defined: Vec::new(),
                assigned: None,
                iterated: None,
                filtered: Vec::new(),
                is_broken: false,
            },
            is_statement,
            depth: 0,
            previous: Previous::Other,
            end: start,
            assigned: None,
            iterated: Iterated::No,
        }
    }

    fn read(&mut self, token: &Token<'_>, range: Range<usize>) {
        if let Iterated::Path(start) = self.iterated {
            self.read_path(token, start);
        }
        let previous = std::mem::replace(&mut self.previous, Previous::Other);
        match token {
            Token::Ident(word) if self.is_statement && self.tag.word.is_empty() => {
                self.tag.word = (*word).to_owned();
            }
            Token::Ident(word) => self.read_name(word, previous),
            Token::Dot => self.previous = Previous::Dot,
            Token::Pipe => self.previous = Previous::Pipe(self.end),
            Token::Assign => {
                if self.depth > 0 {
                    // It was the name of an argument.
                    self.tag.names.pop();
                } else if self.tag.word == "set" && self.assigned.is_none() {
                    self.assigned = Some(range.end);
                    self.define();
                }
            }
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => self.depth += 1,
            Token::ParenClose | Token::BracketClose | Token::BraceClose => {
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        self.end = range.end;
        if self.iterated == Iterated::Next {
            self.iterated = Iterated::Path(range.end);
        }
    }

    fn read_name(&mut self, word: &str, previous: Previous) {
        let role = match previous {
            Previous::Dot => return,
            Previous::Pipe(value_end) => {
                if !["default", "d"].contains(&word) {
                    self.tag.filtered.push(value_end);
                }
                Role::Filter
            }
            Previous::Is if word == "not" => {
                self.previous = Previous::Is;
                return;
            }
            Previous::Is => Role::Test,
            Previous::Other => Role::Name,
        };
        if word == "is" {
            self.previous = Previous::Is;
        }
        if word == "in" && self.tag.word == "for" && self.tag.defined.is_empty() {
            self.define();
            self.iterated = Iterated::Next;
            return;
        }
        self.tag.names.push((word.to_owned(), role));
    }

    /// Reads a token of what a loop goes through.
    fn read_path(&mut self, token: &Token<'_>, start: usize) {
        match token {
            Token::Ident("if" | "recursive") => self.end_path(start),
            Token::Ident(_)
            | Token::Dot
            | Token::BracketOpen
            | Token::BracketClose
            | Token::Str(_)
            | Token::String(_)
            | Token::Int(_) => {}
            _ => self.iterated = Iterated::Over,
        }
    }

    /// The last token was the end of what a loop goes through.
    fn end_path(&mut self, start: usize) {
        self.iterated = Iterated::Over;
        if let Some((root, Role::Name)) = self.tag.names.first() {
            self.tag.iterated = Some((root.clone(), start.min(self.end)..self.end));
        }
    }

    /// The names so far are those that the tag defines.
    fn define(&mut self) {
        let names = self.tag.names.drain(..);
        self.tag.defined = names.map(|(name, _)| name).collect();
    }

    fn finish(mut self, end: usize) -> Tag {
        if let Iterated::Path(start) = self.iterated {
            self.end_path(start);
        }
        self.tag.range.end = end;
        self.tag.assigned = self.assigned.map(|start| start..self.end.max(start));
        self.tag
    }

    /// The tag if the engine cannot read it from offset `at` on; `None` if it has
    /// no end.
    fn broken(mut self, text: &str, at: usize, syntax: &SyntaxConfig) -> Option<Tag> {
        let (_, close) = if self.is_statement {
            syntax.block_delimiters()
        } else {
            syntax.variable_delimiters()
        };
        let from = at.max(self.tag.range.start);
        let length = text.get(from..)?.find(close)?;
        self.tag.is_broken = true;
        Some(self.finish(from + length + close.len()))
    }
}

/// The comments that begin with `prefix` and end with their line, by Jinja2's
/// rules. The engine would remove the line break too.
pub(super) fn line_comments(text: &str, prefix: &str, syntax: &SyntaxConfig) -> Vec<Range<usize>> {
    let mut comments: Vec<Range<usize>> = Vec::new();
    let mut tokens = Tokenizer::new(text, "", false, syntax.clone());
    while let Ok(Some((token, span))) = tokens.next_token() {
        let end = span.end_offset as usize;
        let mut at = span.start_offset as usize;
        if !matches!(token, Token::TemplateData(_)) {
            continue;
        }
        at = at.max(comments.last().map_or(0, |last| last.end));
        while let Some(found) = text.get(at..end).and_then(|part| part.find(prefix)) {
            let start = at + found;
            let line_end = text[start..].find('\n').map_or(text.len(), |it| start + it);
            let begin = text[..start].trim_end_matches([' ', '\t']).len();
            comments.push(begin.max(at)..line_end);
            at = line_end;
        }
    }
    comments
}

/// Names of a tag that are variables or functions.
pub(super) fn variables(tag: &Tag) -> impl Iterator<Item = &str> {
    let names = tag.names.iter().filter(|(name, role)| {
        *role == Role::Name && !OPERATORS.contains(&name.to_ascii_lowercase().as_str())
    });
    names.map(|(name, _)| name.as_str())
}

/// The range of the block that a tag belongs to: from its first tag to its last
/// one. Just the tag if it belongs to none; `None` if the block has no end.
pub(super) fn block(tags: &[Tag], nth: usize) -> Option<Range<usize>> {
    let mut start = nth;
    if ["elif", "else"].contains(&tags[nth].word.as_str()) {
        let mut depth = 0_usize;
        start = tags[..nth].iter().rposition(|tag| {
            if ["endif", "endfor"].contains(&tag.word.as_str()) {
                depth += 1;
            } else if ["if", "for"].contains(&tag.word.as_str()) {
                if depth == 0 {
                    return true;
                }
                depth -= 1;
            }
            false
        })?;
    }
    let first = &tags[start];
    let Some(end_word) = first.end_word() else {
        return Some(first.range.clone());
    };
    let mut depth = 0_usize;
    for tag in &tags[start + 1..] {
        if tag.word == end_word {
            if depth == 0 {
                return Some(first.range.start..tag.range.end);
            }
            depth -= 1;
        } else if tag.end_word().as_ref() == Some(&end_word) {
            depth += 1;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_tags_have_roles() {
        let text = "{{ a.b(c=d) | f(e) }}{% if x is not odd %}{% set y = z -%}";
        let tags = tags(text, &SyntaxConfig::default());
        let names = |nth: usize| variables(&tags[nth]).collect::<Vec<_>>();
        assert_eq!(names(0), ["a", "d", "e"]);
        assert!(tags[0].mentions("f", Role::Filter));
        assert_eq!((names(1), tags[1].word.as_str()), (vec!["x"], "if"));
        assert!(tags[1].mentions("odd", Role::Test));
        let assigned = tags[2].assigned.clone().expect("an assignment");
        assert_eq!(text[assigned].trim(), "z");
        assert_eq!(tags[2].defined, ["y"]);
        let text = "{% for a in b.c[0] if a %}{% for d in e() %}{% for f in g -%}";
        let loops = super::tags(text, &SyntaxConfig::default());
        let path = |nth: usize| {
            let (root, range) = loops[nth].iterated.clone()?;
            Some((root, text[range].trim().to_owned()))
        };
        assert_eq!(path(0), Some(("b".to_owned(), "b.c[0]".to_owned())));
        assert_eq!(path(1), None);
        assert_eq!(path(2), Some(("g".to_owned(), "g".to_owned())));
    }

    #[test]
    fn blocks_end_where_their_tags_do() {
        let text = "{% if a %}{% if b %}{% endif %}{% elif c %}{{ d }}{% endif %}{% for e in f %}";
        let tags = tags(text, &SyntaxConfig::default());
        let shown = |nth: usize| block(&tags, nth).map(|range| &text[range]);
        let whole = "{% if a %}{% if b %}{% endif %}{% elif c %}{{ d }}{% endif %}";
        assert_eq!(shown(0), Some(whole));
        assert_eq!(shown(3), Some(whole));
        assert_eq!(shown(1), Some("{% if b %}{% endif %}"));
        assert_eq!(shown(4), Some("{{ d }}"));
        assert_eq!(shown(6), None);
    }
}
