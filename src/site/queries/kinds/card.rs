use super::Listed;
use crate::site::queries::cards;
use crate::site::queries::files;
use crate::site::{Db, Output, OutputKind, OutputOrigin, Produced};

/// The social cards of pages. Their problems are those of their pages.
static KIND: OutputKind = OutputKind::new("card", OutputOrigin::Plugin, make);

/// Whether a page has a card is also up to its front matter, which is not read here.
pub(super) fn list(db: &dyn Db) -> Listed {
    let Some(options) = cards::options(db) else {
        return Listed::new();
    };
    let files = files(db);
    let pages = files.pages.iter();
    let pages = pages.filter(|page| options.may_have_card(&page.path));
    let cards = pages.map(|page| {
        let path = cards::output(db, &options, &page.path, &page.address);
        (path, Output::of(&KIND, &page.source))
    });
    cards.collect()
}

fn make(db: &dyn Db, output: &Output) -> Produced {
    let page = output.source.as_ref().map(|source| db.entry(source));
    let picture = page.and_then(|page| cards::picture(db, page));
    picture.map_or_else(Produced::default, Produced::bytes)
}
