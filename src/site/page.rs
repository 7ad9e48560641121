use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::url::Address;

/// One page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFile {
    /// The source.
    pub source: SourcePath,
    /// Its path below the docs folder.
    pub path: String,
    /// Its address.
    pub address: Address,
}

/// The files of the docs folder that belong to the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Pages, sorted by path.
    pub pages: Vec<PageFile>,
    /// Everything else, by path below the docs folder.
    pub assets: BTreeMap<String, SourcePath>,
    /// Files that shadow each other.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a page says of itself. Free of places, so that an edit of its body
/// leaves it equal and the nav untouched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The front matter.
    pub front: Arc<Map<String, Value>>,
    /// The title: front matter, first heading, or the file's name.
    pub title: String,
}
