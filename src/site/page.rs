use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Entry;
use crate::diagnostic::Diagnostic;
use crate::files::SourcePath;
use crate::nav::{PageEntry, mkdocs_sort_key};
use crate::url::Address;

/// One page of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFile {
    /// Its entry in the database.
    pub entry: Entry,
    /// The source.
    pub source: SourcePath,
    /// Its path below the docs folder.
    pub path: String,
    /// What the nav knows of it.
    pub in_nav: Arc<PageEntry>,
    /// Its address.
    pub address: Address,
    /// Its number among the pages without a file, from 1; 0 for pages with one.
    pub generated: usize,
}

impl PageFile {
    /// A key that sorts pages in the order of MkDocs: those that plugins generate come
    /// last.
    pub fn order(&self) -> (usize, Vec<(u8, String)>) {
        (self.generated, mkdocs_sort_key(&self.path))
    }
}

/// The files of the docs folder that belong to the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Pages, sorted by path.
    pub pages: Vec<Arc<PageFile>>,
    /// All other files, by path below the docs folder.
    pub assets: BTreeMap<String, SourcePath>,
    /// Pages that shadow each other and links that are not followed.
    pub diagnostics: Vec<Diagnostic>,
}

impl Files {
    /// The pages in the order in which MkDocs makes them: the files of a folder, its index
    /// page first, then its folders.
    pub fn pages_in_order(&self) -> Vec<&Arc<PageFile>> {
        let mut pages: Vec<_> = self.pages.iter().collect();
        pages.sort_by_cached_key(|page| page.order());
        pages
    }
}

/// What a page says about itself. It has no positions in the source, so that it
/// stays equal when the body is edited, and the nav need not be made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The front matter.
    pub front: Arc<Map<String, Value>>,
    /// The title, from the front matter, the first heading or the file name. It
    /// is HTML, as in MkDocs: a heading keeps its entities, and a title in the
    /// front matter is left as written.
    pub title: String,
    /// The heading that is the title as a plugin shows it in navs, as HTML.
    pub typeset: Option<String>,
}
