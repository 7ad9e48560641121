use std::sync::Arc;

use super::body;
use super::docs_files::source_in;
use super::settings::{docs, languages};
use crate::markdown::{INSECURE, Outline, insecure_links};
use crate::site::inputs::Import;
use crate::site::{Db, Entry, OtherSite};

/// The headings and blocks of a page, as other sites see it.
#[salsa::tracked(returns(clone))]
pub fn outline(db: &dyn Db, page: Entry) -> Arc<Outline> {
    let body = body(db, page);
    let mut lints = super::lints::counts(db, page);
    let insecure = insecure_links(&body);
    if insecure > 0 {
        lints.insert(INSECURE, insecure);
    }
    Arc::new(Outline {
        lints,
        ..Outline::of(&body)
    })
}

/// The same, for the page at a plain path.
pub fn outline_at(db: &dyn Db, plain: &str) -> Option<Arc<Outline>> {
    let source = source_in(db, &*docs(db)?, plain)?;
    source.is_markdown().then(|| outline(db, db.entry(&source)))
}

/// The outline of a page of another site.
#[salsa::tracked(returns(clone))]
fn imported(db: &dyn Db, import: Import) -> Option<Arc<Outline>> {
    import.version(db);
    db.other_sites().outline(import.site(db), &import.plain(db))
}

/// The outline of the page at a plain path in another site.
pub fn outline_elsewhere(db: &dyn Db, site: OtherSite, plain: &str) -> Option<Arc<Outline>> {
    imported(db, db.import(site, plain))
}

/// The outline of the page that a page is translated from; `None` in the language of the
/// originals.
pub(super) fn original(db: &dyn Db, page: Entry) -> Option<Arc<Outline>> {
    let languages = languages(db)?;
    if languages.current == languages.default {
        return None;
    }
    let source = page.path(db);
    let plain = docs(db)?.plain(&source)?;
    outline_elsewhere(db, OtherSite::Original, &plain)
}

/// If `id` is the id of a heading in the original of `page`, and both have the
/// same headings: the id of that heading in `page`, and the code of the original
/// language. `linking` is the page with the link; if it is itself shown in place
/// of a translation, it means the original.
pub(super) fn translated_id(
    db: &dyn Db,
    linking: Entry,
    page: Entry,
    id: &str,
) -> Option<(String, String)> {
    let languages = languages(db)?;
    if docs(db)?.layer(&linking.path(db))?.original.is_some() {
        return None;
    }
    let original = original(db, page)?;
    let translated = outline(db, page);
    let heading = translated.counterpart(&original, id)?;
    Some((heading.id.clone(), languages.default().code.clone()))
}
