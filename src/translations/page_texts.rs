use std::sync::Arc;

use crate::files::SourcePath;

/// A page and its translation.
pub struct PageTexts<'t> {
    /// The file of the source.
    pub source: &'t SourcePath,
    /// Its text.
    pub source_text: &'t Arc<str>,
    /// The file of the translation.
    pub translation: &'t SourcePath,
    /// Its text.
    pub text: &'t Arc<str>,
    /// Whether both are in variants of one language, so that the same words may be
    /// right.
    pub is_variant: bool,
}
