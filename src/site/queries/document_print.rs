use super::kinds::OutputKey;
use super::shown_body;
use crate::diff;
use crate::site::{Db, DocumentPrint, Output};

/// The fingerprints of a page; `None` if it cannot be shown. The page itself is not
/// kept.
pub fn document_print(db: &dyn Db, output: &Output) -> Option<DocumentPrint> {
    print_of(db, OutputKey::new(db, output.clone()))
}

#[salsa::tracked(returns(clone))]
fn print_of<'db>(db: &'db dyn Db, key: OutputKey<'db>) -> Option<DocumentPrint> {
    let output = key.output(db);
    let html = (output.kind.make)(db, &output).as_text()?;
    let source = db.entry(output.page()?);
    let body = shown_body(db, source);
    let range = diff::article(&html, Some(&body.html)).range;
    let article = &html[range.clone()];
    Some(DocumentPrint {
        article: diff::print(&[article]),
        outside: diff::print(&[&html[..range.start], &html[range.end..]]),
        whole: diff::print_with_sources(&html),
        shown: diff::shown(article),
    })
}
