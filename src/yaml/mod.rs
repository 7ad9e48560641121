//! YAML with places: the only importer of saphyr.
//!
//! Values are read as PyYAML reads them (YAML 1.1 scalars, merge keys),
//! because that is what the authors of an `mkdocs.yml` have tested against.
//! Tags are kept for the reader of the tree; nothing is ever executed.

mod depth;
mod explain;
mod load;
mod node;
mod scalar;
mod tree;

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;

pub use node::{Node, Place, Source, Value};
pub use scalar::resolve;

/// The deepest nesting that is read. Deeper trees are nobody's
/// configuration, and walking them would need unbounded stack.
pub const DEEPEST: usize = 128;

/// The longest text that is read, in bytes: a nav of ten thousand pages takes
/// a third of it.
pub const LARGEST: usize = 2 << 20;

/// How many values a text may hold.
pub const MOST_VALUES: usize = 200_000;

/// Says that a file is longer than [`LARGEST`].
pub fn too_large(path: &SourcePath) -> Diagnostic {
    let message = format!("`{path}` is longer than {} MB", LARGEST >> 20);
    Diagnostic::new(Rule::BadYaml, message).help("keep what is long in files of its own")
}

/// A document and what is odd about it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The first document; null where there is none.
    pub node: Node,
    /// What was found, such as a key that is there twice.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a file.
pub fn parse(path: &SourcePath, text: &str) -> Result<Parsed, Box<Diagnostic>> {
    parse_at(path, text, 0..text.len())
}

/// Parses the part `range` (in bytes) of a file; places are of the file.
/// A range that cuts a character, or lies outside, is read as empty.
pub fn parse_at(
    path: &SourcePath,
    file_text: &str,
    range: Range<usize>,
) -> Result<Parsed, Box<Diagnostic>> {
    let source = Source::new(path, file_text);
    load::load(&source, range)
}

#[cfg(test)]
mod tests;
