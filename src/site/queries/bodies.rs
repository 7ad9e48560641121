use std::sync::Arc;

use super::fronts::after_front;
use super::page_site_access::PageSiteAccess;
use super::posts::address_at;
use super::settings::{docs, extensions, folders};
use super::views::page_text;
use super::{front_matter, options, prepared};
use crate::config::Folders;
use crate::diagnostic::Suggestions;
use crate::files::SourcePath;
use crate::markdown::{self, Body, MarkdownOptions};
use crate::site::{Db, Entry};

/// The texts in an option of an extension, which takes one or a list of them.
fn extension_option(db: &dyn Db, extension: &str, option: &str) -> Vec<String> {
    let extensions = extensions(db);
    let mut matching = extensions.iter().filter(|it| it.name == extension);
    match matching.find_map(|it| it.options.get(option)) {
        Some(serde_json::Value::String(text)) => vec![text.clone()],
        Some(serde_json::Value::Array(texts)) => texts
            .iter()
            .filter_map(|text| Some(text.as_str()?.to_owned()))
            .collect(),
        _ => Vec::new(),
    }
}

/// Where snippets of a page are searched: folders, and single files. They are
/// relative to the project's root, where MkDocs runs, or to the place named by
/// `!relative`.
fn snippet_bases(db: &dyn Db, folders: &Folders, page: &SourcePath) -> Vec<SourcePath> {
    let base_paths = extension_option(db, "pymdownx.snippets", "base_path");
    if base_paths.is_empty() {
        return vec![SourcePath::root()];
    }
    let folder = |written: &String| {
        let Some(relative) = written.strip_prefix("!relative") else {
            return configured_path(db, written);
        };
        let relative = relative.trim();
        let (base, below) = relative.split_once('/').unwrap_or((relative, ""));
        match base {
            "$docs_dir" => folders.docs_dir.join(below),
            "$config_dir" => folders.project.join(below),
            _ => page
                .parent()
                .unwrap_or_else(SourcePath::root)
                .join(relative),
        }
    };
    base_paths.iter().map(folder).collect()
}

/// A path from a setting: absolute, or relative to the project's root.
fn configured_path(db: &dyn Db, written: &str) -> SourcePath {
    let located = written
        .starts_with('/')
        .then(|| db.system().locate(written));
    located
        .flatten()
        .unwrap_or_else(|| SourcePath::new(written))
}

/// A page without its theme, with links resolved. The bodies of the most recent
/// pages are kept.
#[salsa::tracked(returns(clone), lru = 128)]
pub fn body(db: &dyn Db, page: Entry) -> Arc<Body> {
    Arc::new(render(db, page, &options(db), None))
}

/// Adds something to the text of an excerpt, if it needs to.
pub(super) type Begin<'f> = &'f dyn Fn(&str) -> Option<String>;

/// A page as views of a blog show it, with marks in place of the addresses of its
/// links. `begin` may add to its text.
pub(super) fn render_excerpt(
    db: &dyn Db,
    page: Entry,
    options: &MarkdownOptions,
    begin: Begin<'_>,
) -> Body {
    render(db, page, options, Some(begin))
}

/// What a page sees of the site, for texts of it that are rendered by themselves; `None`
/// if it is no page of the docs.
pub(super) fn access_of<T>(
    db: &dyn Db,
    page: Entry,
    work: impl FnOnce(&PageSiteAccess<'_>) -> T,
) -> Option<T> {
    with_access(db, page, &options(db), false, work)
}

fn with_access<T>(
    db: &dyn Db,
    page: Entry,
    options: &MarkdownOptions,
    is_excerpt: bool,
    work: impl FnOnce(&PageSiteAccess<'_>) -> T,
) -> Option<T> {
    let source = page.path(db);
    let (docs, folders) = docs(db).zip(folders(db))?;
    let (path, plain) = docs.path(&source).zip(docs.plain(&source))?;
    let address = address_at(db, page, &path);
    let snippets = options.snippets.as_ref();
    Some(work(&PageSiteAccess {
        restricts_snippets: snippets.is_none_or(|snippets| snippets.restricts_paths),
        suggestions: Suggestions::default(),
        db,
        docs: &docs,
        folders: &folders,
        source: &source,
        plain: &plain,
        url: &address.url,
        snippet_bases: &snippet_bases(db, &folders, &source),
        is_excerpt,
    }))
}

/// Renders a page, or an excerpt of it if there is `begin`.
fn render(db: &dyn Db, page: Entry, options: &MarkdownOptions, begin: Option<Begin<'_>>) -> Body {
    let rendered = with_access(db, page, options, begin.is_some(), |site| {
        let source = page.path(db);
        let text = page_text(db, page).readable().unwrap_or_default();
        let front = front_matter(db, page);
        let text = after_front(&text, &front);
        let prepared = prepared(db, page);
        let by_plugins = prepared.generated.as_ref();
        let generated = by_plugins.map(|text| (text.as_str(), text.sources()));
        let written = generated.map_or(text, |(text, _)| text);
        let begun = begin.and_then(|begin| begin(written));
        let generated = match &begun {
            // Excerpts do not tell which lines they come from.
            Some(text) => Some((text.as_str(), [].as_slice())),
            None => generated,
        };
        let first_line = front.body_first_line;
        markdown::render_generated(&source, text, first_line, generated, options, site)
    });
    rendered.unwrap_or_default()
}
