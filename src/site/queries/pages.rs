use std::sync::Arc;

use super::fronts::{after_front, merges};
use super::settings::docs;
use super::views::page_text;
use super::{Text, body, front, front_matter, options, prepared, text};
use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::front_matter::is_absent;
use crate::markdown::{self, FirstHeading};
use crate::nav::section_title;
use crate::python::plain;
use crate::site::{Db, Entry, Meta};
use crate::url::is_index;

/// The front matter and title of a page.
#[salsa::tracked(returns(clone))]
pub fn meta(db: &dyn Db, page: Entry) -> Arc<Meta> {
    let text = page_text(db, page).readable().unwrap_or_default();
    // Every save asks whether the titles of all pages are still the same, so as
    // little as possible is asked for each.
    let own = (!is_absent(&text)).then(|| front_matter(db, page));
    let front = match &own {
        _ if merges(db) => front(db, page),
        Some(own) => own.meta.clone(),
        None => Arc::default(),
    };
    let front_title = front.get("title").and_then(|title| match title {
        serde_json::Value::Null => None,
        other => Some(plain(other).unwrap_or_else(|| other.to_string())),
    });
    let first_heading = || {
        if let Some(generated) = &prepared(db, page).generated {
            return markdown::first_heading(generated.as_str(), &options(db));
        }
        let body = own.as_ref().map_or(&*text, |own| after_front(&text, own));
        markdown::first_heading(body, &options(db))
    };
    let heading = || match first_heading() {
        FirstHeading::Is(title) => Some(title),
        FirstHeading::None => None,
        FirstHeading::InBody => body(db, page).title.clone(),
    };
    let title = front_title.or_else(heading).unwrap_or_else(|| {
        let path = page.path(db);
        let stem = path
            .name()
            .rsplit_once('.')
            .map_or(path.name(), |(stem, _)| stem);
        let home = || {
            let docs = docs(db)?;
            Some(path.parent()? == docs.layer(&path)?.folder)
        };
        if is_index(stem) && home() == Some(true) {
            "Home".to_owned()
        } else {
            section_title(if is_index(stem) { "index" } else { stem })
        }
    });
    Arc::new(Meta { front, title })
}

/// The diagnostic for a page that is not UTF-8.
pub(super) fn unreadable(db: &dyn Db, page: Entry) -> Option<Diagnostic> {
    use crate::diagnostic::Span;
    let Text::NotUtf8 { lossy, at } = text(db, page) else {
        return None;
    };
    let span = Span::bytes(&page.path(db), &lossy, at, '\u{fffd}'.len_utf8());
    Some(
        Diagnostic::new(
            Rule::NotUtf8,
            format!("`{}` is not UTF-8 text", page.path(db)),
        )
        .at(span)
        .help("save the file as UTF-8; the marked character is the first that is not"),
    )
}
