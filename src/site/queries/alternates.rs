use super::docs_files::version_in;
use super::settings::{addresses, base, languages, site_url, use_directory_urls};
use crate::languages::{Alternate, Switcher};
use crate::site::Db;

/// The languages that a page is available in, be it translated or not; none for
/// a site of one language.
pub(super) fn of_page(db: &dyn Db, plain: &str) -> Vec<Alternate> {
    with_switcher(db, |switcher| {
        switcher.of_page(plain, |docs| version_in(db, docs, plain))
    })
}

/// The home pages of all languages.
pub(super) fn of_home(db: &dyn Db) -> Vec<Alternate> {
    with_switcher(db, |switcher| {
        switcher.of_home(|docs| version_in(db, docs, "index.md"))
    })
}

fn with_switcher(db: &dyn Db, ask: impl FnOnce(Switcher<'_>) -> Vec<Alternate>) -> Vec<Alternate> {
    let Some((languages, addresses)) = languages(db).zip(addresses(db)) else {
        return Vec::new();
    };
    let (base, site_url) = (base(db), site_url(db));
    let host = site_url.as_deref();
    ask(Switcher {
        languages: &languages,
        addresses: &addresses,
        host: host.and_then(|site| Some(&site[..site.rfind(&*base)?])),
        use_directory_urls: use_directory_urls(db),
    })
}
