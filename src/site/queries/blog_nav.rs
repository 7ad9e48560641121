//! The sections of navs with the views of blogs.

use std::sync::Arc;

use super::posts::{address_at, blogs};
use super::themes::in_theme;
use super::views::{source_of, views};
use crate::nav::{Nav, PageEntry};
use crate::plugins::blog::ViewKind;
use crate::site::Db;

/// A key of the theme's words.
#[salsa::interned(revisions = usize::MAX)]
struct Word<'db> {
    #[returns(clone)]
    key: String,
}

/// A word of the theme in the language of the site.
#[salsa::tracked(returns(clone))]
fn word<'db>(db: &'db dyn Db, word: Word<'db>) -> Arc<str> {
    let key = word.key(db);
    let translated = in_theme(db, |theme| theme.word(&key));
    translated.unwrap_or(key).into()
}

/// Adds sections with the views of each blog to the nav.
pub(super) fn attach(db: &dyn Db, nav: &mut Arc<Nav>) {
    let blogs = blogs(db);
    if blogs.is_empty() {
        return;
    }
    let nav = Arc::make_mut(nav);
    let views = views(db);
    for (number, blog) in blogs.iter().enumerate() {
        let index = source_of(db, &blog.index());
        let place = index.and_then(|index| nav.place(&index));
        let parent = place.and_then(|place| nav.items[place].parent);
        // Only a blog that is the whole site may be on the top level.
        if parent.is_none() && !blog.is_standalone() {
            continue;
        }
        for kind in [ViewKind::Archive, ViewKind::Category, ViewKind::Profile] {
            let Some(name) = blog.section(kind) else {
                continue;
            };
            let of_kind = views
                .iter()
                .filter(|(of, view)| *of == number && view.kind == kind);
            let pages: Vec<Arc<PageEntry>> = of_kind
                .filter_map(|(_, view)| entry_of(db, view.path()))
                .collect();
            if pages.is_empty() && kind != ViewKind::Archive {
                continue;
            }
            let title = word(db, Word::new(db, name.to_owned()));
            nav.attach(title.to_string(), parent, pages);
        }
    }
}

fn entry_of(db: &dyn Db, path: &str) -> Option<Arc<PageEntry>> {
    let source = source_of(db, path)?;
    let address = address_at(db, db.entry(&source), path);
    Some(Arc::new(PageEntry {
        source,
        path: path.to_owned(),
        url: address.url,
    }))
}
