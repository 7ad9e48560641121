use super::kinds::OutputKey;
use super::shown_body;
use crate::diff;
use crate::site::{ArticlePrint, Db, Entry, Output};

/// The fingerprints of a page's article.
#[salsa::tracked(returns(clone))]
pub fn article_print(db: &dyn Db, page: Entry) -> ArticlePrint {
    let body = shown_body(db, page);
    ArticlePrint {
        text: diff::print(&[&body.html]),
        whole: diff::print_with_sources(&body.html),
        shown: diff::shown(&body.html),
    }
}

/// The fingerprint of what is around the article of a page; `None` if the page cannot
/// be shown. The page itself is not kept.
pub fn outside_print(db: &dyn Db, output: &Output) -> Option<u64> {
    outside_print_of(db, OutputKey::new(db, output.clone()))
}

#[salsa::tracked(returns(clone))]
fn outside_print_of<'db>(db: &'db dyn Db, key: OutputKey<'db>) -> Option<u64> {
    let output = key.output(db);
    let html = (output.kind.make)(db, &output).as_text()?;
    let body = shown_body(db, db.entry(output.page()?));
    let range = diff::article(&html, Some(&body.html)).range;
    Some(diff::print(&[&html[..range.start], &html[range.end..]]))
}
