use std::sync::Arc;

use serde_json::Map;

use crate::files::SourcePath;

/// A page as an entry of the list of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The source.
    pub source: SourcePath,
    /// Its path below the docs folder.
    pub path: String,
    /// Its address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// What a plugin shows in place of the title, as HTML.
    pub typeset: Option<String>,
    /// The part of its front matter that navs show.
    pub meta: Arc<Map<String, serde_json::Value>>,
}
