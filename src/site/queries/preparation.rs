use std::sync::Arc;

use serde_json::{Map, Value};

use super::settings::{docs, folders, plugin, plugin_names};
use super::static_i18n;
use super::{front_matter, history, listing, macros, tags, text};
use crate::config::{Folders, Plugin};
use crate::diagnostic::{Diagnostic, Span};
use crate::files::{Kind, SourcePath};
use crate::languages::Docs;
use crate::plugins::meta as folder_meta;
use crate::plugins::tags::Directive;
use crate::plugins::text::Text;
use crate::plugins::{Sources, include};
use crate::site::{Db, Entry};
use crate::yaml;

/// A page's text as plugins leave it to Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prepared {
    /// The text; `None` where it is as it was written.
    pub made: Option<Text>,
    /// Listings of tags that stand in it.
    pub listings: Vec<Directive>,
    /// What is wrong with what plugins read in it.
    pub diagnostics: Vec<Diagnostic>,
}

/// A page's text as plugins leave it to Markdown.
#[salsa::tracked(returns(clone))]
pub fn prepared(db: &dyn Db, page: Entry) -> Arc<Prepared> {
    let Some((docs, folders)) = docs(db).zip(folders(db)) else {
        return Arc::default();
    };
    let Some(written) = text(db, page).readable() else {
        return Arc::default();
    };
    let front = front_matter(db, page);
    let written = written.get(front.body_start..).unwrap_or_default();
    let mut step = Step {
        db,
        docs: &docs,
        folders: &folders,
        page,
        text: Text::new(written, front.body_first_line),
        found: Prepared::default(),
    };
    let before = step.text.clone();
    // The plugin asks to go first wherever it is listed.
    if let Some(plugin) = plugin(db, "include-markdown") {
        step.include(&plugin);
    }
    for name in plugin_names(db).iter() {
        step.apply(name);
    }
    // Material's plugin looks at pages after all others.
    tags::prepare(&mut step);
    let Step {
        text, mut found, ..
    } = step;
    found.made = (text != before).then_some(text);
    Arc::new(found)
}

/// Files as plugins read them: each a query of its own.
pub(super) struct SiteSources<'a>(pub(super) &'a dyn Db);

impl Sources for SiteSources<'_> {
    fn read(&self, path: &SourcePath) -> Option<Arc<str>> {
        text(self.0, self.0.entry(path)).readable()
    }

    fn list(&self, path: &SourcePath) -> Arc<[(String, Kind)]> {
        listing(self.0, self.0.entry(path))
    }
}

/// Files as pages may name them: none outside of the project, unless the docs
/// lie there.
struct PageSources<'a> {
    site: SiteSources<'a>,
    docs: &'a SourcePath,
}

impl PageSources<'_> {
    fn may_read(&self, path: &SourcePath) -> bool {
        !path.leads_out() || path.below(self.docs).is_some()
    }
}

impl Sources for PageSources<'_> {
    fn read(&self, path: &SourcePath) -> Option<Arc<str>> {
        self.may_read(path).then(|| self.site.read(path))?
    }

    fn list(&self, path: &SourcePath) -> Arc<[(String, Kind)]> {
        match self.may_read(path) {
            true => self.site.list(path),
            false => Arc::default(),
        }
    }
}

/// A page between two plugins.
pub(super) struct Step<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) docs: &'a Docs,
    pub(super) folders: &'a Folders,
    pub(super) page: Entry,
    pub(super) text: Text,
    pub(super) found: Prepared,
}

impl Step<'_> {
    fn apply(&mut self, plugin: &str) {
        match plugin {
            "git-revision-date-localized" => history::prepare(self),
            "macros" => macros::prepare(self),
            "i18n" => static_i18n::prepare(self.db, &mut self.text),
            _ => {}
        }
    }

    fn include(&mut self, plugin: &Plugin) {
        let settings = include::Settings::new(include::Options::read(&plugin.options));
        let page = self.page.path(self.db);
        let docs = self.docs.folder(&page);
        let docs = docs.unwrap_or(&self.folders.docs_dir);
        let site = PageSources {
            site: SiteSources(self.db),
            docs,
        };
        let found = include::include(&mut self.text, &page, docs, &settings, &site);
        self.found.diagnostics.extend(found);
    }

    /// The page's path below the docs folder.
    pub(super) fn path(&self) -> String {
        let source = self.page.path(self.db);
        let path = self.docs.path(&source).unwrap_or_default();
        path.into_owned()
    }
}

/// A page's front matter, on top of what `.meta.yml` files say for all pages
/// of its folders.
#[salsa::tracked(returns(clone))]
pub fn front(db: &dyn Db, page: Entry) -> Arc<Map<String, Value>> {
    merged(db, page).0.clone()
}

/// Front matter and what is wrong with what it is made of.
type Merged = (Arc<Map<String, Value>>, Vec<Diagnostic>);

#[salsa::tracked(returns(clone))]
fn merged(db: &dyn Db, page: Entry) -> Arc<Merged> {
    let own = front_matter(db, page);
    let parts = plugin(db, "meta").zip(docs(db).zip(folders(db)));
    let Some((plugin, (docs, folders))) = parts else {
        return Arc::new((Arc::new(own.meta.clone()), Vec::new()));
    };
    let name = folder_meta::Options::read(&plugin.options).meta_file;
    let source = page.path(db);
    let above = std::iter::successors(source.parent(), |folder| folder.parent());
    let docs = docs.folder(&source).unwrap_or(&folders.docs_dir);
    let folders: Vec<_> = above
        .take_while(|folder| folder.below(docs).is_some())
        .collect();
    let mut meta = Map::new();
    let mut diagnostics = Vec::new();
    for folder in folders.iter().rev() {
        let file = folder.join(&name);
        let Some(text) = text(db, db.entry(&file)).readable() else {
            continue;
        };
        match yaml::parse(&file, &text) {
            Ok(parsed) => {
                diagnostics.extend(parsed.diagnostics);
                let odd = folder_meta::merge(&mut meta, &parsed.node.to_map());
                let odd = odd
                    .into_iter()
                    .map(|key| another_kind(&key, Span::line(&file, &text, 1)));
                diagnostics.extend(odd);
            }
            Err(error) => diagnostics.push(*error),
        }
    }
    let all = text(db, page).readable().unwrap_or_default();
    let odd = folder_meta::merge(&mut meta, &own.meta);
    let odd = odd
        .into_iter()
        .map(|key| another_kind(&key, Span::line(&source, &all, 1)));
    diagnostics.extend(odd);
    Arc::new((Arc::new(meta), diagnostics))
}

fn another_kind(key: &str, span: Span) -> Diagnostic {
    let message = format!("`{key}` is of another kind than in the files above, and replaces it");
    Diagnostic::warning("bad-value", message).at(span)
}

/// What is wrong with a page before Markdown reads it.
pub(super) fn faults(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    let mut found = merged(db, page).1.clone();
    found.extend(prepared(db, page).diagnostics.iter().cloned());
    found
}
