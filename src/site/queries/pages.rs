use std::sync::Arc;

use super::fronts::{after_front, merges};
use super::settings::docs;
use super::views::page_text;
use super::{Text, body, front, front_matter, options, prepared, text, typeset};
use crate::diagnostic::{Diagnostic, Rule};
use crate::markdown::front_matter::is_absent;
use crate::markdown::{self, FirstHeading};
use crate::nav::section_title;
use crate::python::plain;
use crate::site::{Db, Entry, Meta};
use crate::url::is_index;

/// The plugins that titles depend on. One query, because it is asked for every page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct TitlePlugins {
    /// Whether front matter is merged.
    merges: bool,
    /// Whether headings are shown as they are written.
    typesets: bool,
}

#[salsa::tracked(returns(copy))]
fn title_plugins(db: &dyn Db) -> TitlePlugins {
    TitlePlugins {
        merges: merges(db),
        typesets: typeset::is_enabled(db),
    }
}

/// The front matter and title of a page.
#[salsa::tracked(returns(clone))]
pub fn meta(db: &dyn Db, page: Entry) -> Arc<Meta> {
    let text = page_text(db, page).readable().unwrap_or_default();
    let plugins = title_plugins(db);
    // Every save asks whether the titles of all pages are still the same, so as
    // little as possible is asked for each.
    let own = (!is_absent(&text)).then(|| front_matter(db, page));
    let front = match &own {
        _ if plugins.merges => front(db, page),
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
    let is_typeset = plugins.typesets && !front.contains_key("title");
    let typeset = is_typeset.then(|| typeset::page_title(db, page)).flatten();
    let of_text = || match &typeset {
        Some(title) => Some(title.plain.clone()),
        None => heading(),
    };
    let title = front_title.or_else(of_text).unwrap_or_else(|| {
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
    let typeset = typeset.map(|title| title.html);
    Arc::new(Meta {
        front,
        title,
        typeset,
    })
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
