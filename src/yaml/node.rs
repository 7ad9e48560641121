use std::sync::{Arc, OnceLock};

use serde_json::{Map, Number};

use crate::diagnostic::{Position, Span};
use crate::expect::ExpectOrDefault as _;
use crate::files::SourcePath;
use crate::work::step;

/// The longest line that a diagnostic shows, in bytes.
const LONGEST: usize = 1 << 14;

/// A file that nodes were read from.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: SourcePath,
    /// Its text.
    pub text: String,
    /// The byte offset of each line, computed on first use.
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

/// Where a node is written. It becomes a [`Span`] only when a diagnostic needs
/// one, because that requires counting lines.
#[derive(Debug, Clone)]
pub struct SourceRange {
    /// The file.
    pub source: Arc<Source>,
    /// The offset of the first byte.
    pub start: usize,
    /// The length in bytes; 0 if unknown.
    pub length: usize,
}

impl SourceRange {
    /// The text at this place.
    pub fn text(&self) -> &str {
        let range = self.start..self.start.saturating_add(self.length);
        self.source
            .text
            .get(range)
            .expect_or_default("a node is inside its text")
    }

    /// The column of byte `byte` in the line that starts at `start`.
    fn column_in(&self, start: usize, byte: usize) -> u32 {
        let before = self.source.text.get(start..byte);
        let before = before.expect_or_default("a node ends between two characters of its text");
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
        // At least one: the first line starts at 0.
        let nth = lines.partition_point(|start| *start <= self.start);
        let start = lines[nth - 1];
        let end = lines.get(nth).map_or(text.len(), |next| next - 1);
        let number = u32::try_from(nth).unwrap_or(u32::MAX);
        // A long line may have thousands of values, and each would keep a copy.
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
        let excerpt = &text[start..end];
        let mut span = Span::bytes(path, excerpt, self.start - start, self.length);
        let stop = self.start.saturating_add(self.length);
        let last = lines.partition_point(|start| *start <= stop);
        span.end = if self.length == 0 {
            None
        } else if last == nth {
            span.end.map(|end| Position {
                line: number,
                ..end
            })
        } else {
            Some(Position {
                line: u32::try_from(last).unwrap_or(u32::MAX),
                column: self.column_in(lines[last - 1], stop),
            })
        };
        span.line = number;
        span
    }
}

/// The value of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text, and dates as written.
    String(String),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in file order; each key once.
    Mapping(Vec<(Node, Node)>),
}

/// A value with its tag and place.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// The tag as written, such as `!ENV` or `!!python/name:a.b`. Tags that the
    /// parser applies itself, such as `!!str`, are left out.
    pub tag: Option<String>,
    /// Where it is written.
    pub place: SourceRange,
}

/// Two nodes are equal if their values and tags are, wherever they are written.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.tag == other.tag
    }
}

impl Node {
    /// A node without a tag.
    pub fn new(value: Value, place: SourceRange) -> Self {
        Self {
            value,
            tag: None,
            place,
        }
    }

    /// The place as diagnostics show it.
    pub fn span(&self) -> Span {
        self.place.span()
    }

    /// The entry of a mapping whose key is the text `name`.
    pub fn entry(&self, name: &str) -> Option<(&Node, &Node)> {
        let mut entries = self.entries()?.iter().rev();
        let (key, value) =
            entries.find(|(key, _)| key.as_str() == Some(name) && key.tag.is_none())?;
        Some((key, value))
    }

    /// The value of a mapping whose key is the text `name`.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if it is a mapping.
    pub fn entries(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// Whether it has no value.
    pub fn is_null(&self) -> bool {
        self.value == Value::Null
    }

    /// The kind of its value, worded for a message.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "an empty value",
            Value::Bool(_) => "`true` or `false`",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::String(_) => "text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// The node as the key of a mapping. A list or mapping becomes its source
    /// text: nested in each other, their JSON would double its escapes with
    /// every level.
    pub fn key_text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Sequence(_) | Value::Mapping(_) => self.place.text().to_owned(),
            _ => self.to_json().to_string(),
        }
    }

    /// The value without places and tags; keys become text.
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

    /// The entries as JSON; empty if it is not a mapping.
    pub fn to_map(&self) -> Map<String, serde_json::Value> {
        // Plain loops, here and above: iterator adapters would double the stack
        // that each level takes.
        let mut map = Map::new();
        for (key, value) in self.entries().unwrap_or_default() {
            map.insert(key.key_text(), value.to_json());
        }
        map
    }
}
