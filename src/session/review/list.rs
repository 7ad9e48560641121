use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::Serialize;

use super::compare::{Both, Exchanged, Sides};
use super::{Compared, Editions, Page, PageReview, Pair, Reason, ReasonKind, Review, Status};
use crate::diff::{Change, Level};
use crate::site::{Database, Db as _, DocumentPrint, queries};

/// Something that differs outside of the articles of pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// What it comes from.
    pub reasons: Vec<Reason>,
    /// How many pages show it.
    pub pages: usize,
    /// What it is on the first of them.
    pub changes: Vec<Change>,
}

/// What changed since the base.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReviewList {
    /// The pages whose own part differs, by language and source.
    pub pages: Vec<Arc<PageReview>>,
    /// What differs around the articles of others.
    pub causes: Vec<Cause>,
    /// How many pages were compared.
    pub compared: usize,
}

/// What was found so far.
#[derive(Debug, Clone)]
pub enum Found {
    /// A page that differs.
    Page(Arc<PageReview>),
    /// So many pages were compared, of so many.
    Compared(usize, usize),
}

/// What a page adds to the list.
#[derive(Default)]
struct Looked {
    /// The page, if its own part differs.
    page: Option<Arc<PageReview>>,
    /// Whether only what is around its article differs.
    is_outside: bool,
}

impl Review {
    /// Compares all pages. `found` is told what is found meanwhile, from several
    /// threads; if a change interrupts the comparison, it is told again.
    pub fn list(&self, found: &(dyn Fn(Found) + Sync)) -> ReviewList {
        let mut list = ReviewList::default();
        for editions in self.editions() {
            let part = self.ask_both(&editions, |sides| self.of_language(&editions, sides, found));
            list.pages.extend(part.pages);
            list.causes.extend(part.causes);
            list.compared += part.compared;
        }
        list
    }

    fn of_language(
        &self,
        editions: &Editions,
        sides: Sides<'_>,
        found: &(dyn Fn(Found) + Sync),
    ) -> ReviewList {
        let pairs = self.pairs(editions, sides);
        let done = AtomicUsize::new(0);
        let total = pairs.all.len();
        // Those whose own text differs come first: they are waited for.
        let order = pairs.all.iter().enumerate();
        let mut order: Vec<(bool, usize)> = order
            .map(|(nth, pair)| (!text_differs(pair, sides), nth))
            .collect();
        order.sort_unstable();
        let databases = (sides.base.cloned(), sides.now.clone());
        let looked = order
            .par_iter()
            .map_with(databases, |(base, now), (_, nth)| {
                let base = base.as_ref();
                let looked = self.look(editions, &pairs.all[*nth], Sides { base, now });
                found(Found::Compared(
                    done.fetch_add(1, Ordering::Relaxed) + 1,
                    total,
                ));
                if let Some(page) = &looked.page {
                    found(Found::Page(page.clone()));
                }
                (*nth, looked)
            });
        let looked: BTreeMap<usize, Looked> = looked.collect();
        let outside = looked.iter().filter(|(_, it)| it.is_outside);
        let outside: Vec<usize> = outside.map(|(nth, _)| *nth).collect();
        let mut pages: Vec<_> = looked.into_values().filter_map(|it| it.page).collect();
        pages.sort_by(|one, other| one.source.cmp(&other.source));
        ReviewList {
            causes: self
                .cause(&pairs.all, &outside, sides)
                .into_iter()
                .collect(),
            pages,
            compared: total,
        }
    }

    fn look(&self, editions: &Editions, pair: &Pair, sides: Sides<'_>) -> Looked {
        let print = |db: Option<&Database>, page: &Option<Page>| {
            let (db, (_, output)) = db.zip(page.as_ref())?;
            db.alone(|db| queries::document_print(db, output))
        };
        let (old, new) = (
            print(sides.base, &pair.base),
            print(Some(sides.now), &pair.now),
        );
        let shown = new
            .as_ref()
            .map(|it| it.shown.as_slice())
            .unwrap_or_default();
        let exchanged = self.exchanged(shown, pair, sides);
        let is_article = |change: &Change| change.level != Level::Outside;
        let (is_same, is_outside) = match (&old, &new) {
            (Some(old), Some(new)) => {
                let is_same = old.article == new.article && exchanged.is_empty();
                // Around an article that differs, its table of contents may differ.
                let is_outside = is_same && old.outside != new.outside;
                (is_same && !is_outside, is_outside)
            }
            _ => (false, false),
        };
        if is_same && pair.is_same_source() {
            return Looked::default();
        }
        let whole = |print: &Option<DocumentPrint>| print.as_ref().map(|it| it.whole);
        let changes = self.known_changes(pair, [whole(&old), whole(&new)], &exchanged, sides);
        let page = self.describe(editions, pair, (*changes).clone(), &exchanged, sides);
        // What is said for all pages is not said again for each: but a title or a
        // description may be the page's own.
        let is_own = |page: &PageReview| {
            let is_text = |reason: &Reason| reason.kind == ReasonKind::Text;
            page.status != Status::Changed
                || page.changes.iter().any(is_article)
                || (!page.changes.is_empty() && page.reasons.iter().any(is_text))
        };
        let page = page.filter(is_own).map(Arc::new);
        Looked { page, is_outside }
    }

    /// The changes of a page with these fingerprints, compared again only if these or
    /// its pictures are others.
    fn known_changes(
        &self,
        pair: &Pair,
        prints: [Option<u64>; 2],
        exchanged: &[Exchanged],
        sides: Sides<'_>,
    ) -> Arc<Vec<Change>> {
        let addresses: Vec<String> = exchanged.iter().map(|it| it.0.clone()).collect();
        if let Some(known) = self.known.lock().get(pair)
            && known.prints == prints
            && known.exchanged == addresses
        {
            return known.changes.clone();
        }
        let changes = Arc::new(self.changes(pair, exchanged, sides));
        let compared = Compared {
            prints,
            exchanged: addresses,
            changes: changes.clone(),
        };
        self.known.lock().insert(pair.clone(), compared);
        changes
    }

    /// What differs around the articles of these pages.
    fn cause(&self, pairs: &[Pair], outside: &[usize], sides: Sides<'_>) -> Option<Cause> {
        let first = outside.first().and_then(|nth| pairs.get(*nth))?;
        Some(Cause {
            reasons: self.common_reasons(sides.now, sides.base?),
            pages: outside.len(),
            changes: Both::of(first, sides).outside(),
        })
    }
}

/// Whether the own text of a page differs, or it is on one side only.
fn text_differs(pair: &Pair, sides: Sides<'_>) -> bool {
    let text = |db: Option<&Database>, page: &Option<Page>| {
        let (db, (_, output)) = db.zip(page.as_ref())?;
        let source = output.page()?;
        db.alone(|db| queries::text(db, db.entry(source)).readable())
    };
    text(sides.base, &pair.base) != text(Some(sides.now), &pair.now)
}
