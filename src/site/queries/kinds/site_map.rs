use super::{Listed, template};
use crate::site::queries::static_i18n;
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// A site map of all languages that share the site.
static KIND: OutputKind = OutputKind::new("site-map", OutputOrigin::Plugin, |db, _| {
    Produced::text(&*static_i18n::site_map(db))
})
.of_indexes();

/// It replaces the one of the theme, if the theme has one.
pub(super) fn list(db: &dyn Db) -> Listed {
    let pages = template::list(db);
    if !pages.iter().any(|(path, _)| path == template::SITE_MAP) {
        return Listed::new();
    }
    let map = output(db).map(|map| (template::SITE_MAP.to_owned(), map));
    map.into_iter().collect()
}

/// The site map of all languages, if a plugin adds one.
pub(super) fn output(db: &dyn Db) -> Option<Output> {
    static_i18n::has_site_map(db).then(|| Output::named(&KIND, ""))
}
