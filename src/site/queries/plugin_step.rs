//! A page's text on its way through plugins to Markdown.

use std::sync::Arc;

use super::{listing, text};
use crate::config::Folders;
use crate::diagnostic::Diagnostic;
use crate::files::{Kind, SourcePath};
use crate::languages::Docs;
use crate::plugins::Sources;
use crate::plugins::mapped_text::Text;
use crate::plugins::tags::Directive;
use crate::site::{Db, Entry};

/// A page's text as plugins pass it to Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    /// The text; `None` if plugins left it unchanged.
    pub generated: Option<Text>,
    /// The listings of tags in it.
    pub listings: Vec<Directive>,
    /// The problems that plugins found in it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Files as plugins read them, each by a query of its own.
pub(super) struct SiteSources<'a>(pub(super) &'a dyn Db);

impl Sources for SiteSources<'_> {
    fn read(&self, path: &SourcePath) -> Option<Arc<str>> {
        text(self.0, self.0.entry(path)).readable()
    }

    fn list(&self, path: &SourcePath) -> Arc<[(String, Kind)]> {
        listing(self.0, self.0.entry(path))
    }
}

/// A page between two plugins.
pub(super) struct Step<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) docs: &'a Docs,
    pub(super) folders: &'a Folders,
    pub(super) page: Entry,
    pub(super) text: Text,
    pub(super) prepared: Prepared,
}

impl Step<'_> {
    /// The page's path below the docs folder; empty if it is no longer in it.
    pub(super) fn path(&self) -> String {
        let source = self.page.path(self.db);
        let path = self.docs.path(&source).unwrap_or_default();
        path.into_owned()
    }
}
