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

/// Where an output comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A page, rendered.
    Page(SourcePath),
    /// A file, copied.
    File(SourcePath),
    /// A file of the built-in theme.
    Builtin,
    /// A template of the theme that is a page of its own.
    Template(String),
    /// A file of the docs folder that is a template, by its path there.
    Extra(String, SourcePath),
    /// The packed form of another output.
    Packed(String),
    /// A file that a plugin makes.
    Made(Product),
}

/// A file that a plugin makes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Product {
    /// What the search reads.
    SearchIndex,
    /// The same as a script, for sites that are opened from a disk.
    SearchScript,
    /// All tags and their pages.
    TagMappings,
    /// The pages of all languages that share the site, for search engines.
    SiteMap,
    /// A page at the address of an old Markdown file.
    Redirect(String),
}

/// All outputs by their path below the site folder.
pub type Outputs = BTreeMap<String, Origin>;

/// A page in its theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The HTML; `None` where a template is broken.
    pub html: Option<Arc<str>>,
    /// What is wrong with the template.
    pub diagnostics: Vec<Diagnostic>,
}
