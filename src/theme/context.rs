use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use serde_json::Map;

use super::blog_page::BlogPage;
use super::listed::Listed;
use crate::files::SourcePath;
use crate::languages::Alternate;
use crate::markdown::Body;
use crate::nav::{LabelledList, ListsBySection, ShownNav};

/// Everything that a page's template sees of the page. It is owned, because
/// templates cannot borrow from the database.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// The page's source.
    pub source: SourcePath,
    /// The page's title.
    pub title: String,
    /// What a plugin shows in place of the title in navs, as HTML.
    pub typeset: Option<String>,
    /// Its body.
    pub body: Arc<Body>,
    /// Its front matter.
    pub meta: Arc<Map<String, serde_json::Value>>,
    /// Its address.
    pub url: String,
    /// Its path below the docs folder.
    pub path: String,
    /// The languages that it is available in.
    pub alternates: Vec<Alternate>,
    /// Variables from plugins, by name (`tags`, ..).
    pub variables: Map<String, serde_json::Value>,
    /// What it is in a blog, if it is part of one.
    pub blog: Option<Arc<BlogPage>>,
}

/// What a template sees of the site.
#[derive(Debug, Clone, Default)]
pub struct SiteContext {
    /// The site's nav, or what the page shows of it.
    pub nav: Arc<ShownNav>,
    /// The lists of the nav that the page shows; `None` for all of them.
    pub lists: Option<Arc<ListsBySection>>,
    /// These lists with the labels of their items, if nothing else of the nav is known:
    /// pages that show the same lists share outputs of macros.
    pub shared_lists: Option<Arc<[LabelledList]>>,
    /// All pages, in the order of their folders; `None` if only what the page shows of
    /// the nav is known.
    pub pages: Option<Arc<Vec<Listed>>>,
    /// The home pages of all languages.
    pub alternates: Arc<Vec<Alternate>>,
    /// Set when a template asks for more than is known. What it renders is meaningless
    /// then.
    pub(super) wants_more: Arc<AtomicBool>,
}

impl SiteContext {
    /// What is known of a site.
    pub fn new(
        nav: Arc<ShownNav>,
        lists: Option<Arc<ListsBySection>>,
        shared_lists: Option<Arc<[LabelledList]>>,
        pages: Option<Arc<Vec<Listed>>>,
        alternates: Arc<Vec<Alternate>>,
    ) -> Self {
        Self {
            nav,
            lists,
            shared_lists,
            pages,
            alternates,
            wants_more: Arc::default(),
        }
    }

    /// Whether a template has asked for more than is known, so that what it has rendered
    /// is meaningless.
    pub fn wants_more(&self) -> bool {
        self.wants_more.load(Relaxed)
    }
}
