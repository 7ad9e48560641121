use std::sync::Arc;

use serde_json::{Value, json};

use super::Listed;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::markdown::Body;
use crate::search::{self, Corpus, IndexParts, Layout, PageText, PageWords, Vocabulary};
use crate::site::queries::docs_files::{address, pages_in_order};
use crate::site::queries::settings::{
    folders, languages, mkdocs_search, plugin, scripts, theme_language, whole_search_index,
};
use crate::site::queries::shown_navs::title;
use crate::site::queries::{content, files, meta, templates, text};
use crate::site::{Db, Entry, Output, OutputKind, OutputOrigin, Produced};

/// The root of the index, which says where to find words.
static ROOT: OutputKind = OutputKind::new("search-root", OutputOrigin::Theme, |db, _| {
    Produced::text(index(db).root.as_str())
})
.of_indexes();

/// Words and where they are, each file named by its number.
static WORDS: OutputKind = OutputKind::new("search-words", OutputOrigin::Theme, |db, output| {
    let number = output.name.parse::<usize>().ok();
    let index = index(db);
    let words = number.and_then(|number| index.words.get(number));
    words.map_or_else(Produced::default, |words| Produced::text(words.as_str()))
})
.of_indexes();

/// The texts of pages, each file named by its number.
static PAGES: OutputKind =
    OutputKind::new("search-pages", OutputOrigin::Theme, make_pages).of_indexes();

/// Whether the site has an index in parts: the built-in theme searches in one.
pub fn is_in_parts(db: &dyn Db) -> bool {
    let is_builtin = folders(db).is_some_and(|folders| folders.packages.is_empty());
    is_builtin && mkdocs_search(db).is_none() && plugin(db, "search").is_some()
}

pub(super) fn list(db: &dyn Db) -> Listed {
    if !is_in_parts(db) {
        return Listed::new();
    }
    let languages = languages(db);
    let shared = languages
        .as_ref()
        .map_or("", |languages| languages.shared_folder());
    let folder = format!("{shared}{}", search::FOLDER);
    let layout = layout(db);
    let numbered = |kind: &'static OutputKind, name: &'static str, count: usize| {
        let folder = folder.clone();
        (0..count).map(move |number| {
            let path = format!("{folder}{name}/{number}.js");
            (path, Output::named(kind, number.to_string()))
        })
    };
    let root = (
        format!("{folder}{}", search::ROOT),
        Output::named(&ROOT, ""),
    );
    [root]
        .into_iter()
        .chain(numbered(&WORDS, "words", layout.words))
        .chain(numbered(&PAGES, "pages", layout.pages))
        .collect()
}

fn layout(db: &dyn Db) -> Layout {
    Layout::of(files(db).pages.len(), &language(db))
}

/// The language of the words: the theme's, unless the plugin names others.
#[salsa::tracked(returns(clone))]
fn language(db: &dyn Db) -> Arc<str> {
    let theme = theme_language(db);
    let Some(plugin) = plugin(db, "search") else {
        return theme;
    };
    let named = search::Options::read(&plugin.options).lang;
    let main = |code: &str| code.split(['-', '_']).next().unwrap_or_default().to_owned();
    let is_named = named.iter().any(|code| main(code) == main(&theme));
    match named.first() {
        Some(first) if !is_named => first.as_str().into(),
        _ => theme,
    }
}

/// Makes something of a page as the search sees it; `None` if it is not one of the docs.
pub(super) fn searched<T>(
    db: &dyn Db,
    page: Entry,
    make: impl FnOnce(search::Page<'_>, &Body) -> T,
) -> Option<T> {
    let address = address(db, page)?;
    let content = content(db, page);
    let searched = search::Page {
        html: &content.html,
        url: &address.url,
        title: &title(db, page),
        meta: &meta(db, page).front,
    };
    Some(make(searched, &content))
}

/// What the search shows of a page. It is as large as the page, so only a few are kept.
#[salsa::tracked(returns(clone), lru = 128)]
fn page_text(db: &dyn Db, page: Entry) -> Arc<PageText> {
    let text = searched(db, page, |page, _| {
        PageText::new(page.url, page.title, &search::entries(page))
    });
    Arc::new(text.unwrap_or_default())
}

/// The words that pages in the language of the site have in common. It grows, but what it
/// answers stays the same.
#[salsa::tracked(returns(clone), no_eq)]
fn vocabulary(db: &dyn Db) -> Arc<Vocabulary> {
    Arc::new(Vocabulary::of(&language(db)))
}

/// The words of a page.
#[salsa::tracked(returns(clone))]
fn page_words(db: &dyn Db, page: Entry) -> Arc<PageWords> {
    let text = page_text(db, page);
    Arc::new(PageWords::of(&text, &vocabulary(db)))
}

/// What browsers get of a page, kept because its body is not.
#[salsa::tracked(returns(clone))]
fn page_json(db: &dyn Db, page: Entry) -> Arc<str> {
    let text = page_text(db, page);
    let json = serde_json::to_string(&text.shown());
    json.expect("texts are JSON").into()
}

/// Makes what the index has of a page, while its body is at hand.
pub(super) fn keep(db: &dyn Db, page: Entry) {
    page_words(db, page);
    page_json(db, page);
}

/// The words of all pages, in the order of the index.
#[salsa::tracked(returns(clone))]
fn all_words(db: &dyn Db) -> Arc<[Arc<PageWords>]> {
    let pages = pages_in_order(db);
    pages.iter().map(|page| page_words(db, *page)).collect()
}

/// The index.
#[salsa::tracked(returns(clone), lru = 1)]
fn index(db: &dyn Db) -> Arc<IndexParts> {
    Arc::new(IndexParts::of(&all_words(db), layout(db)))
}

fn make_pages(db: &dyn Db, output: &Output) -> Produced {
    let Ok(number) = output.name.parse::<usize>() else {
        return Produced::default();
    };
    let pages = pages_in_order(db);
    let length = layout(db).pages_per_file;
    let Some(of_file) = pages.chunks(length).nth(number) else {
        return Produced::default();
    };
    let texts: Vec<Arc<str>> = of_file.iter().map(|page| page_json(db, *page)).collect();
    Produced::text(search::pages_file(number, &texts))
}

/// Reports templates and scripts of the site that read the index in one file, which is
/// not there.
pub(in crate::site::queries) fn readers_of_whole_index(db: &dyn Db) -> Vec<Diagnostic> {
    if !is_in_parts(db) || whole_search_index(db) {
        return Vec::new();
    }
    let files = files(db);
    let scripts = scripts(db);
    let scripts = scripts.iter().filter_map(|script| {
        let path = files.assets.get(script)?;
        let text = text(db, db.entry(path)).readable()?;
        Some((path.clone(), text))
    });
    let templates = templates(db);
    let templates = templates.values();
    let templates = templates.map(|template| (template.path.clone(), template.text.clone()));
    let found = scripts.chain(templates).filter_map(|(path, text)| {
        let at = text.find(search::INDEX)?;
        let line = text[..at].matches('\n').count() + 1;
        let span = Span::line(&path, &text, u32::try_from(line).unwrap_or(u32::MAX));
        let message = format!("the built-in theme has no `{}`", search::INDEX);
        let note = Diagnostic::note(Rule::UnsupportedValue, message);
        let help = "set `whole_index = true` in `[search]` of `proofroom.toml` to have it written";
        Some(note.at(span).help(help))
    });
    found.collect()
}

/// Answers a query from memory, as a browser would with the index: how many pages were
/// found, and what is shown of those from number `from` to number `to`. `None` if the
/// site has no such search.
pub fn search(db: &dyn Db, text: &str, from: usize, to: usize) -> Option<Value> {
    if !is_in_parts(db) {
        return None;
    }
    let words = all_words(db);
    let answer = search::ask(&Corpus::new(&words), text);
    let pages = pages_in_order(db);
    let shown = answer.hits.iter().take(to).skip(from);
    let shown = shown.filter_map(|hit| {
        let text = page_text(db, *pages.get(hit.page)?);
        Some(json!([text.shown(), hit.sections]))
    });
    Some(json!({
        "count": answer.hits.len(),
        "words": answer.words,
        "completion": answer.completion,
        "pages": shown.collect::<Vec<_>>(),
    }))
}
