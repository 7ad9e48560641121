//! The icon that the front matter of a page names.

use super::fronts::{line_of_key, meta_files};
use super::settings::config;
use super::themes::has_icon;
use super::{front, front_matter, nav, templates, text};
use crate::diagnostic::{Diagnostic, Span};
use crate::python::plain;
use crate::site::{Db, Entry};
use crate::theme::{shows_icons, unknown_icon};

const KEY: &str = "icon";

/// The diagnostic for an icon that does not exist.
pub(super) fn fault(db: &dyn Db, page: Entry) -> Option<Diagnostic> {
    let name = front(db, page).get(KEY).and_then(plain)?;
    if name.is_empty() || has_icon(db, &name) {
        return None;
    }
    unknown(db, page, name)
}

/// A query of its own, because few pages need the whole configuration.
#[salsa::tracked(returns(clone))]
fn unknown(db: &dyn Db, page: Entry, name: String) -> Option<Diagnostic> {
    let config = config(db).filter(|config| shows_icons(config))?;
    // Only the nav shows it.
    let is_shown = nav(db).place(&page.path(db)).is_some();
    let shown = "the nav shows none for its page";
    let diagnostic = unknown_icon(&config, &templates(db), &name, shown, is_shown, true);
    Some(diagnostic.at(place(db, page)))
}

/// The diagnostic for an icon that the text of a page names and that does not exist.
pub(super) fn icon_fault(db: &dyn Db, name: &str) -> Option<Diagnostic> {
    if has_icon(db, name) {
        return None;
    }
    let config = config(db)?;
    let shown = "nothing is shown in its place";
    let diagnostic = unknown_icon(&config, &templates(db), name, shown, true, true);
    Some(diagnostic)
}

/// Where the icon is named: in the page, or in a file of its folders.
fn place(db: &dyn Db, page: Entry) -> Span {
    let is_own = front_matter(db, page).meta.contains_key(KEY);
    let files = if is_own {
        Vec::new()
    } else {
        meta_files(db, page)
    };
    let texts = files.into_iter().filter_map(|path| {
        let text = text(db, db.entry(&path)).readable()?;
        Some((path, text))
    });
    let mut found =
        texts.filter(|(_, text)| line_of_key(text, Some(KEY)) > 1 || text.starts_with(KEY));
    let (path, text) = found.next().unwrap_or_else(|| {
        let text = text(db, page).readable().unwrap_or_default();
        (page.path(db), text)
    });
    Span::line(&path, &text, line_of_key(&text, Some(KEY)))
}
