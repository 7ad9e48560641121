use super::{Listed, template};
use crate::site::queries::static_i18n;
use crate::site::{Db, Maker, Output, OutputKind, Produced};

/// The pages of all languages that share the site, for search engines.
static KIND: OutputKind = OutputKind::new("site-map", Maker::Plugin, |db, _| {
    Produced::text(static_i18n::site_map(db))
});

/// It takes the place of the theme's own.
pub(super) fn list(db: &dyn Db) -> Listed {
    let pages = template::list(db);
    let has_map = pages.iter().any(|(path, _)| path == template::SITE_MAP);
    let map = output(db).filter(|_| has_map);
    map.map(|map| (template::SITE_MAP.to_owned(), map))
        .into_iter()
        .collect()
}

/// The site map of all languages, where a plugin brings one.
pub(super) fn output(db: &dyn Db) -> Option<Output> {
    static_i18n::has_site_map(db).then(|| Output::named(&KIND, ""))
}
