//! YAML with source positions: the only importer of saphyr.
//!
//! Values are read as PyYAML reads them (YAML 1.1 scalars, merge keys),
//! because that is what the authors of an `mkdocs.yml` have tested against.
//! Tags are kept for the caller to interpret; nothing is ever executed.

mod depth;
mod explain;
mod load;
mod node;
mod scalar;
mod substitution;
mod tree;

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Rule};
use crate::files::SourcePath;

pub use node::{Node, Source, SourceRange, Value};
pub use scalar::{Timestamp, resolve, timestamp};

/// The deepest nesting that is read. No real configuration is deeper, and
/// walking a deeper tree would need an unbounded stack.
pub const DEEPEST: usize = 128;

/// The longest text that is read, in bytes. A nav of ten thousand pages takes
/// a third of that.
pub const LARGEST: usize = 2 << 20;

/// How many values a text may have.
pub const MOST_VALUES: usize = 200_000;

/// The error for a file that is longer than [`LARGEST`].
pub fn too_large(path: &SourcePath) -> Diagnostic {
    let message = format!("`{path}` is longer than {} MB", LARGEST >> 20);
    Diagnostic::new(Rule::BadYaml, message).help("move long parts into separate files")
}

/// A document and the problems found in it.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The first document; null if there is none.
    pub node: Node,
    /// Problems that do not prevent reading, such as duplicate keys.
    pub diagnostics: Vec<Diagnostic>,
    /// Why PyYAML refuses the text, although it can be read.
    pub refused: Option<Diagnostic>,
}

/// Parses a file.
pub fn parse(path: &SourcePath, text: &str) -> Result<Parsed, Box<Diagnostic>> {
    parse_at(path, text, 0..text.len())
}

/// Parses the part `range` (in bytes) of a file; places refer to the whole
/// file. A range that cuts a character or is out of bounds is read as empty.
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
