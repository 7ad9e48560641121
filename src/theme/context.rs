use std::sync::Arc;

use serde_json::Map;

use crate::files::SourcePath;
use crate::languages::Alternate;
use crate::markdown::Body;
use crate::nav::Nav;

/// Everything that a page's template sees of the page. It is owned, because
/// templates cannot borrow from the database.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// The page's source.
    pub source: SourcePath,
    /// The page's title.
    pub title: String,
    /// Its body.
    pub body: Arc<Body>,
    /// Its front matter.
    pub meta: Arc<Map<String, serde_json::Value>>,
    /// Its address.
    pub url: String,
    /// Its path below the docs folder.
    pub path: String,
    /// Its index in the nav; `None` if the nav does not have it.
    pub place: Option<usize>,
    /// The languages that it is available in.
    pub alternates: Vec<Alternate>,
    /// Variables from plugins, by name (`tags`, ..).
    pub variables: Map<String, serde_json::Value>,
}

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
    /// The part of its front matter that navs show.
    pub meta: Arc<Map<String, serde_json::Value>>,
    /// Its index in the nav; `None` if the nav does not have it.
    pub place: Option<usize>,
}

/// What all pages of a revision share.
#[derive(Debug, Clone, Default)]
pub struct SiteContext {
    /// The site's nav.
    pub nav: Arc<Nav>,
    /// All pages, in the order of their folders.
    pub pages: Arc<Vec<Listed>>,
    /// The home pages of all languages.
    pub alternates: Arc<Vec<Alternate>>,
}
