use std::sync::Arc;

use super::body;
use super::docs_files::source_in;
use super::settings::{docs, languages};
use crate::markdown::Outline;
use crate::site::inputs::Import;
use crate::site::{Db, Elsewhere, Entry};

/// The headings and blocks of a page, as other sites see it.
#[salsa::tracked(returns(clone))]
fn outline(db: &dyn Db, page: Entry) -> Arc<Outline> {
    Arc::new(Outline::of(&body(db, page)))
}

/// The same of the page that has a plain path.
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

/// The outline of the page of another site that has a plain path.
pub fn outline_elsewhere(db: &dyn Db, site: Elsewhere, plain: &str) -> Option<Arc<Outline>> {
    imported(db, db.import(site, plain))
}

/// The id of the heading of a page that is translated from the one with `id`,
/// where the two pages have the same headings; and the code of the language
/// that it is translated from. `linking` is the page that names it: one that is
/// only shown in place of a translation means the original.
pub(super) fn translated_id(
    db: &dyn Db,
    linking: Entry,
    page: Entry,
    id: &str,
) -> Option<(String, String)> {
    let languages = languages(db)?;
    if languages.current == languages.default {
        return None;
    }
    let docs = docs(db)?;
    if docs.layer(&linking.path(db))?.original.is_some() {
        return None;
    }
    let source = page.path(db);
    let original = outline_elsewhere(db, Elsewhere::Original, &docs.plain(&source)?)?;
    let own = outline(db, page);
    let heading = own.counterpart(&original, id)?;
    Some((heading.id.clone(), languages.default().code.clone()))
}
