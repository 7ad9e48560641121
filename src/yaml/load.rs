use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, ScanError, YamlData};

use super::{
    DEEPEST, LARGEST, MOST_VALUES, Node, Parsed, Source, SourceRange, Value, depth, explain,
    scalar, too_large,
};
use crate::diagnostic::{Diagnostic, Rule};
use crate::work::step;

/// How many nodes aliases and merge keys may add to a file.
pub(super) const MOST_ALIASED: usize = 100_000;

/// How many duplicate keys a file may have before we give up on it.
const MOST_DUPLICATES: usize = 64;

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
        offsets: text.char_indices().map(|(at, _)| at).collect(),
        disguise: CharSubstitution::of(text),
        anchors: BTreeMap::new(),
        budget: MOST_ALIASED,
        line_end: Cell::new((1, 0)),
        diagnostics: Vec::new(),
    };
    if let Some(at) = depth::too_deep(text) {
        return Err(loader.too_deep(at));
    }
    let node = loader.document()?;
    Ok(Parsed {
        node,
        diagnostics: loader.diagnostics,
    })
}

/// Replaces some characters by stand-ins while saphyr reads the text.
///
/// `*` is replaced because saphyr would copy what an alias refers to, with
/// unbounded recursion. With a private character in its place an alias is a
/// plain scalar, and the copying is done here, on a budget. The first
/// character of a duplicate key is replaced too, since saphyr's loader stops at
/// such a key. Each stand-in is a single character, so positions do not move.
struct CharSubstitution {
    first: u32,
    /// The position (in characters) of each disguised key, and the character
    /// that was there.
    keys: Vec<(usize, char)>,
}

impl CharSubstitution {
    fn of(text: &str) -> Self {
        // The first run of private characters that the text does not use. If
        // it uses them all, the end of the plane is taken unchecked.
        let span = u32::try_from(MOST_DUPLICATES).expect("a small constant") + 1;
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
            keys: Vec::new(),
        }
    }

    fn stand_in(&self, nth: usize) -> char {
        u32::try_from(nth)
            .ok()
            .and_then(|nth| char::from_u32(self.first + nth))
            .expect("there are few stand-ins, all in a plane without surrogates")
    }

    fn apply(&self, text: &str) -> String {
        let star = self.stand_in(0);
        let mut chars: Vec<char> = text
            .chars()
            .map(|c| if c == '*' { star } else { c })
            .collect();
        for (nth, (at, _)) in self.keys.iter().enumerate() {
            chars[*at] = self.stand_in(nth + 1);
        }
        chars.into_iter().collect()
    }

    fn remove(&self, text: &str) -> String {
        let original = |c: char| match u32::from(c).checked_sub(self.first) {
            Some(0) => '*',
            Some(nth) => {
                let key = self.keys.get(nth as usize - 1);
                key.map_or(c, |(_, original)| *original)
            }
            None => c,
        };
        text.chars().map(original).collect()
    }
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
    /// The byte offset of each character of `text`: saphyr counts characters.
    offsets: Vec<usize>,
    disguise: CharSubstitution,
    anchors: BTreeMap<String, Node>,
    pub(super) budget: usize,
    /// The last range that [`Loader::first_line`] found to be one line.
    line_end: Cell<(usize, usize)>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Loader<'_> {
    fn document(&mut self) -> Result<Node> {
        loop {
            let disguised = self.disguise.apply(self.text);
            let error = match MarkedYaml::load_from_str(&disguised) {
                Ok(documents) => {
                    return match documents.first() {
                        Some(document) => self.tree(document),
                        None => Ok(Node::new(Value::Null, self.place(0, 0))),
                    };
                }
                Err(error) => error,
            };
            if error.info() != "duplicated key in mapping" || !self.disguise_key(&error) {
                let at = self.byte(error.marker().index());
                return Err(explain::explain(
                    self.source,
                    self.start,
                    self.text,
                    at,
                    error.info(),
                ));
            }
        }
    }

    /// Makes a duplicate key unique by disguising its first character. Returns
    /// false if that is not possible.
    fn disguise_key(&mut self, error: &ScanError) -> bool {
        let at = self.byte(error.marker().index());
        let (_, mut at) = self.properties(at);
        if self.text[at..].starts_with(['"', '\'']) {
            at += 1;
        }
        let Some(first) = self.text[at..].chars().next() else {
            return false;
        };
        let structural = "[]{},|>\"'\\#&!%?:- \n\r\t";
        let nth = self.offsets.partition_point(|offset| *offset < at);
        let keys = &self.disguise.keys;
        let is_disguised = keys.iter().any(|(position, _)| *position == nth);
        if structural.contains(first) || is_disguised || keys.len() >= MOST_DUPLICATES {
            return false;
        }
        self.disguise.keys.push((nth, first));
        true
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
        let value = match properties.tag.as_deref() {
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
