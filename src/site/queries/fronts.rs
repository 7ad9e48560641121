//! Front matter: a page's own, and what its folders set for all their pages.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::settings::{docs, folders, plugin};
use super::text;
use crate::config::{Folders, Plugin};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::expect::ExpectOrDefault as _;
use crate::files::SourcePath;
use crate::languages::Docs;
use crate::markdown::{self, front_matter::FrontMatter};
use crate::plugins::meta as folder_meta;
use crate::site::{Db, Entry};
use crate::yaml;

/// The front matter of a page that has a file, with its problems and their positions.
#[salsa::tracked(returns(clone))]
pub(super) fn written_front_matter(db: &dyn Db, page: Entry) -> Arc<FrontMatter> {
    let text = text(db, page).readable().unwrap_or_default();
    Arc::new(markdown::front_matter::split(&page.path(db), &text))
}

/// The part of a page's text that follows its front matter.
pub(super) fn after_front<'t>(text: &'t str, front: &FrontMatter) -> &'t str {
    let body = text.get(front.body_start..);
    body.expect_or_default("front matter ends inside the text")
}

/// The same, merged over the `.meta.yml` files of its folders.
#[salsa::tracked(returns(clone))]
pub(super) fn written_front(db: &dyn Db, page: Entry) -> Arc<Map<String, Value>> {
    if merges(db) {
        merged(db, page).0.clone()
    } else {
        written_front_matter(db, page).meta.clone()
    }
}

/// Whether the front matter of pages is merged over that of their folders.
pub(super) fn merges(db: &dyn Db) -> bool {
    plugin(db, "meta").is_some()
}

/// Merged front matter, and the problems of what it is merged from.
pub(super) type Merged = (Arc<Map<String, Value>>, Vec<Diagnostic>);

#[salsa::tracked(returns(clone))]
fn merged(db: &dyn Db, page: Entry) -> Arc<Merged> {
    let text = text(db, page).readable().unwrap_or_default();
    Arc::new(merge(db, page, &text, &written_front_matter(db, page)))
}

/// The front matter of a page with this text, merged over that of its folders.
pub(super) fn merge(db: &dyn Db, page: Entry, text: &str, page_front: &FrontMatter) -> Merged {
    let parts = plugin(db, "meta").zip(docs(db).zip(folders(db)));
    let Some((plugin, (docs, folders))) = parts else {
        return (page_front.meta.clone(), Vec::new());
    };
    let files = files_above(&plugin, &docs, &folders, &page.path(db));
    let source = page.path(db);
    let mut meta = Map::new();
    let mut diagnostics = Vec::new();
    for file in files.into_iter().rev() {
        let Some(text) = self::text(db, db.entry(&file)).readable() else {
            continue;
        };
        match yaml::parse(&file, &text) {
            Ok(parsed) => {
                diagnostics.extend(parsed.diagnostics);
                let clashing = folder_meta::merge(&mut meta, &parsed.node.to_map());
                let clashing = clashing
                    .into_iter()
                    .map(|key| different_kind(&key, Span::line(&file, &text, 1)));
                diagnostics.extend(clashing);
            }
            Err(error) => diagnostics.push(*error),
        }
    }
    let clashing = folder_meta::merge(&mut meta, &page_front.meta);
    let clashing = clashing
        .into_iter()
        .map(|key| different_kind(&key, Span::line(&source, text, 1)));
    diagnostics.extend(clashing);
    (Arc::new(meta), diagnostics)
}

/// The files of the folders around a page that its front matter may be merged
/// from, the nearest first.
pub(super) fn meta_files(db: &dyn Db, page: Entry) -> Vec<SourcePath> {
    let parts = plugin(db, "meta").zip(docs(db).zip(folders(db)));
    let files = parts
        .map(|(plugin, (docs, folders))| files_above(&plugin, &docs, &folders, &page.path(db)));
    files.unwrap_or_default()
}

fn files_above(
    plugin: &Plugin,
    docs: &Docs,
    folders: &Folders,
    page: &SourcePath,
) -> Vec<SourcePath> {
    let name = folder_meta::Options::read(&plugin.options).meta_file;
    let docs = docs.folder(page).unwrap_or(&folders.docs_dir);
    let above = std::iter::successors(page.parent(), SourcePath::parent);
    let above = above.take_while(|folder| folder.below(docs).is_some());
    above.map(|folder| folder.join(&name)).collect()
}

fn different_kind(key: &str, span: Span) -> Diagnostic {
    let message =
        format!("`{key}` has a different type than in the folders above, and replaces it");
    Diagnostic::warning(Rule::BadValue, message).at(span)
}

/// Problems of the files that a page's front matter is merged from.
pub(super) fn front_faults(db: &dyn Db, page: Entry) -> Vec<Diagnostic> {
    if merges(db) {
        merged(db, page).1.clone()
    } else {
        Vec::new()
    }
}

/// The line of a page's text where a key of its front matter is, from 1.
pub(super) fn line_of_key(text: &str, key: Option<&str>) -> u32 {
    let is_key = |line: &str| {
        let rest = key.and_then(|key| line.strip_prefix(key));
        rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
    };
    let line = text.lines().position(is_key).unwrap_or(0);
    u32::try_from(line + 1).unwrap_or(u32::MAX)
}
