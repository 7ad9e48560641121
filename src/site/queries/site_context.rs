use std::sync::Arc;

use super::alternates::of_home;
use super::shown_navs::{KnownNav, all_known, known_to_page, listed};
use super::themes::in_theme;
use crate::languages::Alternate;
use crate::site::{Db, Entry};
use crate::theme::{SiteContext, Theme};

/// The home pages of all languages.
#[salsa::tracked(returns(clone))]
fn alternates(db: &dyn Db) -> Arc<Vec<Alternate>> {
    Arc::new(of_home(db))
}

/// Renders a page, or a template that is none. It sees what the page shows of the nav. If
/// it asks for more, it is rendered again and sees everything.
pub(super) fn in_site<T>(
    db: &dyn Db,
    page: Option<Entry>,
    render: impl Fn(&Theme, &SiteContext) -> T,
) -> Option<T> {
    if let Some(known) = known_to_page(db, page) {
        let context = context(db, known, false);
        let result = in_theme(db, |theme| render(theme, &context));
        if !context.wants_more() {
            return result;
        }
    }
    let context = context(db, all_known(db, page), true);
    in_theme(db, |theme| render(theme, &context))
}

/// What a template sees of the site.
pub(super) fn context(db: &dyn Db, known: KnownNav, is_whole: bool) -> SiteContext {
    let pages = is_whole.then(|| listed(db));
    SiteContext::new(
        known.nav,
        known.lists,
        known.shared_lists,
        pages,
        alternates(db),
    )
}
