use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};

use super::substitution::{
    CharSubstitution, beyond_blocks, line_start, lines_in_brackets, lines_in_quotes,
};
use super::{
    DEEPEST, LARGEST, MOST_VALUES, Node, Parsed, Source, SourceRange, Value, depth, explain,
    scalar, too_large,
};
use crate::diagnostic::{Diagnostic, Rule};
use crate::work::step;

/// How many nodes aliases and merge keys may add to a file.
pub(super) const MOST_ALIASED: usize = 100_000;

/// How much of a text may be read again because saphyr is stricter than PyYAML,
/// in bytes, after [`MOST_REPAIRS`] repairs.
const MOST_READ_AGAIN: usize = 8 << 20;

/// How many repairs a text may have, whatever its length.
const MOST_REPAIRS: usize = 64;

pub(super) type Result<T> = std::result::Result<T, Box<Diagnostic>>;

pub(super) fn load(source: &Arc<Source>, range: Range<usize>) -> Result<Parsed> {
    let (mut start, mut text) = match source.text.get(range.clone()) {
        Some(text) => (range.start, text),
        None => (0, ""),
    };
    if let Some(after_mark) = text.strip_prefix('\u{feff}') {
        (start, text) = (start + '\u{feff}'.len_utf8(), after_mark);
    }
    if text.len() > LARGEST {
        return Err(Box::new(too_large(&source.path)));
    }
    // Checked before anything is allocated per character or value.
    if let Some(at) = depth::too_many(text) {
        let message = format!("this file has more than {MOST_VALUES} values");
        let place = SourceRange {
            source: source.clone(),
            start: start + at,
            length: 1,
        };
        return Err(Box::new(
            Diagnostic::new(Rule::BadYaml, message).at(place.span()),
        ));
    }
    let mut loader = Loader {
        source,
        text,
        start,
        offsets: Vec::new(),
        disguise: CharSubstitution::of(text),
        anchors: BTreeMap::new(),
        budget: MOST_ALIASED,
        line_end: Cell::new((1, 0)),
        diagnostics: Vec::new(),
        refused: None,
    };
    if let Some(at) = depth::too_deep(text) {
        return Err(loader.too_deep(at));
    }
    let node = loader.document()?;
    loader.refuse_characters();
    Ok(Parsed {
        node,
        diagnostics: loader.diagnostics,
        refused: loader.refused,
    })
}

/// The tag and anchor before a node's content.
#[derive(Default)]
pub(super) struct Properties {
    tag: Option<String>,
    anchor: Option<String>,
}

pub(super) struct Loader<'a> {
    pub(super) source: &'a Arc<Source>,
    /// The part of the source that is read.
    text: &'a str,
    /// The byte offset of `text` in the source.
    start: usize,
    /// The byte offset in `text` of each character that saphyr reads: it counts
    /// characters.
    offsets: Vec<usize>,
    disguise: CharSubstitution,
    anchors: BTreeMap<String, Node>,
    pub(super) budget: usize,
    /// The last range that [`Loader::first_line`] found to be one line.
    line_end: Cell<(usize, usize)>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The first thing that PyYAML refuses.
    refused: Option<Diagnostic>,
}

impl Loader<'_> {
    fn document(&mut self) -> Result<Node> {
        for nth in 0.. {
            let (disguised, offsets) = self.disguise.apply(self.text);
            self.offsets = offsets;
            let error = match MarkedYaml::load_from_str(&disguised) {
                Ok(documents) => {
                    return match documents.first() {
                        Some(document) => self.tree(document),
                        None => Ok(Node::new(Value::Null, self.place(0, 0))),
                    };
                }
                Err(error) => error,
            };
            let may_repair = nth < MOST_REPAIRS || nth * self.text.len() < MOST_READ_AGAIN;
            let at = self.byte(error.marker().index());
            if !may_repair || !self.repair(error.info(), at) {
                return Err(explain::explain(
                    self.source,
                    self.start,
                    self.text,
                    at,
                    error.info(),
                ));
            }
        }
        Ok(Node::new(Value::Null, self.place(0, 0)))
    }

    /// Changes what saphyr reads, because it gave up at `at` where PyYAML does
    /// not. Returns false if there is nothing to change.
    fn repair(&mut self, info: &str, at: usize) -> bool {
        match info {
            "duplicated key in mapping" => self.disguise_key(at),
            "invalid indentation" | "invalid indentation in flow construct" => {
                self.indent(&lines_in_brackets(self.text, at))
            }
            "invalid indentation in quoted scalar" => self.indent(&lines_in_quotes(self.text, at)),
            "comments must be separated from other tokens by whitespace" => {
                self.text[at..].starts_with('#') && self.disguise.insert(at, 1)
            }
            "':' must be followed by a valid YAML whitespace" => {
                // The marker is at the start of the key or behind it.
                let start = line_start(self.text, at);
                let line = self.text[start..].lines().next().unwrap_or("");
                let tabs = line
                    .match_indices(":\t")
                    .map(|(colon, _)| start + colon + 1);
                tabs.into_iter().any(|tab| self.disguise.untab(tab))
            }
            "plain scalar cannot start with '-' followed by ,[]{}" => {
                self.text[at..].starts_with('-') && self.disguise.replace(at, '-')
            }
            _ => false,
        }
    }

    /// Indents lines inside of brackets or quotes, which saphyr wants to stand to
    /// the right of the block that they are in.
    fn indent(&mut self, lines: &[usize]) -> bool {
        let Some(first) = lines.first() else {
            return false;
        };
        let spaces = beyond_blocks(self.text, *first);
        // Such a line ends the document.
        let ends = |at: usize| {
            let line = &self.text[at..];
            ["---", "..."].iter().any(|mark| line.starts_with(mark))
        };
        let mut is_changed = false;
        for at in lines.iter().take_while(|at| !ends(**at)) {
            is_changed |= self.disguise.insert(*at, spaces);
        }
        is_changed
    }

    /// Makes a duplicate key unique by disguising its first character. Returns
    /// false if that is not possible.
    fn disguise_key(&mut self, at: usize) -> bool {
        let (_, mut at) = self.properties(at);
        if self.text[at..].starts_with(['"', '\'']) {
            at += 1;
        }
        let Some(first) = self.text[at..].chars().next() else {
            return false;
        };
        let structural = "[]{},|>\"'\\#&!%?:- \n\r\t";
        !structural.contains(first) && self.disguise.replace(at, first)
    }

    pub(super) fn byte(&self, nth: usize) -> usize {
        self.offsets.get(nth).copied().unwrap_or(self.text.len())
    }

    fn place(&self, start: usize, length: usize) -> SourceRange {
        SourceRange {
            source: self.source.clone(),
            start: self.start + start,
            length,
        }
    }

    pub(super) fn error(&self, place: &SourceRange, message: impl Into<String>) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(Rule::BadYaml, message).at(place.span()))
    }

    pub(super) fn too_deep(&self, at: usize) -> Box<Diagnostic> {
        let message = format!("this is nested more than {DEEPEST} levels deep");
        self.error(&self.place(at, 1), message)
    }

    /// Parses the tag and anchor at `at`. Also returns where the content after
    /// them starts.
    pub(super) fn properties(&self, mut at: usize) -> (Properties, usize) {
        let mut properties = Properties::default();
        loop {
            let text = &self.text[at..];
            let length = if text.starts_with("!<") {
                text.find('>').map_or(text.len(), |close| close + 1)
            } else if text.starts_with(['!', '&']) {
                text.find([' ', '\t', '\n', '\r', ',', '[', ']', '{', '}'])
                    .unwrap_or(text.len())
            } else {
                return (properties, at);
            };
            let property = text[..length].to_owned();
            // A core tag may be written out.
            let property = match property.strip_prefix("!<tag:yaml.org,2002:") {
                Some(name) => format!("!!{}", name.trim_end_matches('>')),
                None => property,
            };
            if let Some(name) = property.strip_prefix('&') {
                properties.anchor = Some(name.to_owned());
            } else {
                properties.tag = Some(property);
            }
            at = self.skip_blanks_and_comments(at + length);
        }
    }

    fn skip_blanks_and_comments(&self, mut at: usize) -> usize {
        loop {
            let text = &self.text[at..];
            let content = text.trim_start_matches([' ', '\t', '\n', '\r']);
            at += text.len() - content.len();
            if !content.starts_with('#') {
                return at;
            }
            at += content.find(['\n', '\r']).unwrap_or(content.len());
        }
    }

    /// The place of a list or mapping: as much of it as is on its first line.
    pub(super) fn first_line(&self, start: usize, content: usize) -> SourceRange {
        let from = start.max(content);
        // Lists on one line share its end.
        let (mut first, mut end) = self.line_end.get();
        if !(first..=end).contains(&from) {
            // Nothing follows where the text ends.
            let line = self.text[from..].lines().next().unwrap_or("");
            step(line.len());
            (first, end) = (from, from + line.trim_end().len());
            self.line_end.set((first, end));
        }
        self.place(start, end - start)
    }

    pub(super) fn finish(
        &mut self,
        value: Value,
        properties: Properties,
        place: SourceRange,
    ) -> Node {
        let is_core_tag = |tag: &String| {
            let name = tag.strip_prefix("!!");
            tag == "!" || name.is_some_and(|name| !name.starts_with("python/"))
        };
        let node = Node {
            value,
            tag: properties.tag.filter(|tag| !is_core_tag(tag)),
            place,
        };
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, node.clone());
        }
        node
    }

    pub(super) fn scalar<'r>(
        &mut self,
        read: &YamlData<'r, MarkedYaml<'r>>,
        range: Range<usize>,
        depth: usize,
    ) -> Result<Node> {
        let Range { start, end } = range;
        if range.is_empty() && matches!(read, YamlData::Value(Scalar::Null)) {
            // Nothing is written here; the place is that of whatever comes next.
            return Ok(Node::new(Value::Null, self.place(start, 0)));
        }
        // A block scalar is text, whatever it begins with.
        if let YamlData::Value(Scalar::String(text)) = read
            && self.is_block(start)
        {
            let value = Value::String(self.disguise.remove(text));
            let length = self.text[start..end].trim_end().len();
            return Ok(Node::new(value, self.place(start, length)));
        }
        let (properties, content) = self.properties(start);
        let content = content.min(end);
        let written = self.text[content..end].trim_end();
        let place = self.place(start, content - start + written.len());
        let plain = !written.starts_with(['"', '\'', '|', '>']);
        let text = match read {
            YamlData::Value(Scalar::String(text)) => self.disguise.remove(text),
            YamlData::Value(Scalar::Null) => String::new(),
            _ => written.to_owned(),
        };
        if plain && text.starts_with('*') {
            return self.alias(&text[1..], &place, depth);
        }
        self.refuse_scalar(properties.tag.as_deref(), written, &text, &place);
        let value = match properties.tag.as_deref() {
            Some("!!null") => Value::Null,
            _ if !plain => Value::String(text),
            Some("!" | "!!str" | "!!binary" | "!!timestamp") => Value::String(text),
            Some("!!int") => scalar::integer(&text).map_or(Value::String(text), Value::Integer),
            Some("!!float") => match scalar::resolve(&text) {
                Value::Integer(number) => Value::Float(number as f64),
                value => value,
            },
            _ => scalar::resolve(&text),
        };
        Ok(self.finish(value, properties, place))
    }

    /// Remembers a scalar that PyYAML has no value for.
    fn refuse_scalar(&mut self, tag: Option<&str>, written: &str, text: &str, place: &SourceRange) {
        let is_plain = !written.starts_with(['"', '\'']);
        let message = match tag {
            Some("!!int") if scalar::integer(text).is_none() => "this is not an integer",
            Some("!!float")
                if !matches!(scalar::resolve(text), Value::Float(_) | Value::Integer(_)) =>
            {
                "this is not a number"
            }
            Some("!!bool") if !matches!(scalar::resolve(text), Value::Bool(_)) => {
                "this is neither `true` nor `false`"
            }
            None if is_plain && scalar::timestamp(text) == Some(None) => "there is no such date",
            None if is_plain && text == "=" => "`=` is not text without quotes",
            None if is_plain && text.starts_with(['|', '>']) => {
                "a block of lines cannot stand between brackets"
            }
            _ => return,
        };
        if self.refused.is_none() {
            let diagnostic = Diagnostic::new(Rule::BadYaml, message).at(place.span());
            self.refused = Some(diagnostic.help("put the value in quotes"));
        }
    }

    /// Remembers the first character that PyYAML does not accept anywhere.
    fn refuse_characters(&mut self) {
        let is_printable = |c: char| {
            matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}')
                || matches!(c, '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        };
        let mut characters = self.text.char_indices();
        if self.refused.is_none()
            && let Some((at, _)) = characters.find(|(_, c)| !is_printable(*c))
        {
            let place = self.place(at, 1);
            let message = "YAML does not allow this control character";
            let diagnostic = Diagnostic::new(Rule::BadYaml, message).at(place.span());
            self.refused = Some(diagnostic.help("remove it"));
        }
    }

    /// Whether the text that starts at `start` is a block scalar: the line
    /// before it ends in `|`, `>-` or the like.
    fn is_block(&self, start: usize) -> bool {
        let above = self.text[..start].trim_end_matches([' ', '\t']);
        let Some(above) = above.strip_suffix(['\n', '\r']) else {
            return false;
        };
        // Only blank lines may be above.
        let line = above.trim_end().lines().next_back().unwrap_or("");
        let header = match line.split_once(" #") {
            Some((header, _comment)) => header.trim_end(),
            None => line,
        };
        let indicator = header.trim_end_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
        let before = indicator.strip_suffix(['|', '>']);
        before.is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
    }

    fn alias(&mut self, name: &str, place: &SourceRange, depth: usize) -> Result<Node> {
        let valid = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(valid) {
            let error = self.error(place, "an unquoted value cannot start with `*`");
            return Err(Box::new(error.help("put the value in quotes")));
        }
        let Some(node) = self.anchors.get(name).cloned() else {
            let error = self.error(
                place,
                format!("`*{name}` refers to an anchor that is not defined above"),
            );
            let help =
                format!("put `&{name}` before the value it refers to, or put the text in quotes");
            return Err(Box::new(error.help(help)));
        };
        self.spend(&node, depth, place)?;
        Ok(node)
    }
}
