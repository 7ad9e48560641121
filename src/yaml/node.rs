use std::sync::{Arc, OnceLock};

use serde_json::{Map, Number};

use crate::diagnostic::{Position, Span};
use crate::expect::ExpectOrDefault as _;
use crate::files::SourcePath;
use crate::work::step;

/// The longest line that a place shows, in bytes.
const LONGEST: usize = 1 << 14;

/// A file that nodes were read from.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: SourcePath,
    /// Its text.
    pub text: String,
    /// Where its lines begin, once that is asked for.
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// A source that nodes can share.
    pub fn new(path: &SourcePath, text: &str) -> Arc<Self> {
        Arc::new(Self {
            path: path.clone(),
            text: text.to_owned(),
            lines: OnceLock::new(),
        })
    }
}

/// Where a node is written. A [`Span`] is made from it only when somebody is
/// told, for it has to count lines.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// The first byte.
    pub start: usize,
    /// Length in bytes; 0 where it is not known.
    pub length: usize,
}

impl Place {
    /// What is written there.
    pub fn text(&self) -> &str {
        let range = self.start..self.start.saturating_add(self.length);
        self.source
            .text
            .get(range)
            .expect_or_default("a node lies in its text")
    }

    /// The column of a byte of the line that begins at `start`.
    fn column_in(&self, start: usize, byte: usize) -> u32 {
        let before = self.source.text.get(start..byte).unwrap_or_default();
        let before = before.get(..LONGEST).unwrap_or(before);
        u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX)
    }

    /// The place as diagnostics show it.
    pub fn span(&self) -> Span {
        let Source { path, text, lines } = &*self.source;
        let lines = lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', text.as_bytes());
            std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
        });
        let nth = lines.partition_point(|start| *start <= self.start);
        let line = nth.saturating_sub(1);
        let start = lines.get(line).copied().unwrap_or_default();
        let end = lines.get(nth).map_or(text.len(), |next| next - 1);
        let number = u32::try_from(nth.max(1)).unwrap_or(u32::MAX);
        // Thousands of values may stand in one line: each would keep it.
        if end - start > LONGEST {
            return Span {
                path: path.clone(),
                line: number,
                column: 1,
                end: None,
                excerpt: String::new(),
            };
        }
        step(end - start);
        let excerpt = text.get(start..end).unwrap_or_default();
        let mut span = Span::bytes(path, excerpt, self.start.saturating_sub(start), self.length);
        let stop = self.start.saturating_add(self.length);
        let last = lines.partition_point(|start| *start <= stop).max(nth);
        span.end = match (self.length > 0, last == nth) {
            (false, _) => None,
            (true, true) => span.end.map(|end| Position {
                line: number,
                ..end
            }),
            (true, false) => Some(Position {
                line: u32::try_from(last).unwrap_or(u32::MAX),
                column: self.column_in(lines[last - 1], stop),
            }),
        };
        span.line = number;
        span
    }
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// Text; dates too, as written.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file; each key once.
    Mapping(Vec<(Node, Node)>),
}

/// A value, its tag and its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it holds.
    pub value: Value,
    /// Its tag as written, such as `!ENV` or `!!python/name:a.b`; tags that
    /// are settled here, such as `!!str`, are left out.
    pub tag: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// Two nodes are equal where they hold the same, wherever they are written.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.tag == other.tag
    }
}

impl Node {
    /// A node without a tag.
    pub fn new(value: Value, place: Place) -> Self {
        Self {
            value,
            tag: None,
            place,
        }
    }

    /// Its place as diagnostics show it.
    pub fn span(&self) -> Span {
        self.place.span()
    }

    /// The entry of a mapping whose key is the text `name`.
    pub fn entry(&self, name: &str) -> Option<(&Node, &Node)> {
        let entries = self.entries()?.iter();
        let found = entries
            .rev()
            .find(|(key, _)| key.as_str() == Some(name) && key.tag.is_none());
        found.map(|(key, value)| (key, value))
    }

    /// The value of a mapping whose key is the text `name`.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The text, where it is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, where it is a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, where it is a mapping.
    pub fn entries(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether it holds nothing.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// What it holds, in words for a message.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "`true` or `false`",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::String(_) => "text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// The text that stands for it as the key of a mapping; of a list or a
    /// mapping what is written, for their JSON in the JSON of each other
    /// would double its escapes with each level.
    pub fn key_text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Sequence(_) | Value::Mapping(_) => self.place.text().to_owned(),
            _ => self.to_json().to_string(),
        }
    }

    /// The value without its places and tags; keys become text.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Integer(value) => Json::from(*value),
            // JSON has no infinity and no NaN; templates show them as text.
            Value::Float(value) => match Number::from_f64(*value) {
                Some(number) => Json::Number(number),
                None => Json::String(value.to_string()),
            },
            Value::String(text) => Json::String(text.clone()),
            Value::Sequence(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(item.to_json());
                }
                Json::Array(list)
            }
            Value::Mapping(_) => Json::Object(self.to_map()),
        }
    }

    /// The entries as JSON; empty where it is no mapping.
    pub fn to_map(&self) -> Map<String, serde_json::Value> {
        // Plain loops, here and above: each level of an adapter's calls would
        // take as much of the stack again.
        let mut map = Map::new();
        for (key, value) in self.entries().unwrap_or_default() {
            map.insert(key.key_text(), value.to_json());
        }
        map
    }
}
