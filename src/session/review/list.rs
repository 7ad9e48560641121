use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::Serialize;

use super::compare::{Exchanged, Sides, outside, own_changes};
use super::{Compared, Editions, Page, PageReview, Pair, Reason, ReasonKind, Review, Status};
use crate::diff::Change;
use crate::site::{ArticlePrint, Database, Db as _, queries};

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

/// How far a comparison of all languages has come.
struct Progress<'f> {
    done: AtomicUsize,
    total: usize,
    found: &'f (dyn Fn(Found) + Sync),
}

/// What a page adds to the list.
enum Looked {
    /// Its own part is the same.
    Same,
    Differs(Arc<PageReview>),
}

impl Review {
    /// Compares all pages. `found` is told what is found meanwhile, from several
    /// threads; if a change interrupts the comparison, it is told again.
    pub fn list(&self, found: &(dyn Fn(Found) + Sync)) -> ReviewList {
        let all = self.editions();
        let count = |it: &Editions| self.ask_both(it, |sides| self.pairs(it, sides).all.len());
        let progress = Progress {
            done: AtomicUsize::new(0),
            total: all.iter().map(count).sum(),
            found,
        };
        let mut list = ReviewList::default();
        for editions in &all {
            let before = progress.done.load(Ordering::Relaxed);
            let part = self.ask_both(editions, |sides| {
                // A change may have interrupted it.
                progress.done.store(before, Ordering::Relaxed);
                self.of_language(editions, sides, &progress)
            });
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
        progress: &Progress<'_>,
    ) -> ReviewList {
        let pairs = self.pairs(editions, sides);
        // Those whose own text differs come first: they are waited for.
        let order = pairs.all.iter().enumerate();
        let mut order: Vec<(bool, usize)> = order
            .map(|(nth, pair)| (has_same_text(pair, sides), nth))
            .collect();
        order.sort_unstable();
        let databases = (sides.base.cloned(), sides.now.clone());
        let looked = order
            .par_iter()
            .map_with(databases, |(base, now), (has_same_text, nth)| {
                let (base, pair) = (base.as_ref(), &pairs.all[*nth]);
                let looked = self.look(editions, pair, *has_same_text, Sides { base, now });
                let done = progress.done.fetch_add(1, Ordering::Relaxed) + 1;
                (progress.found)(Found::Compared(done, progress.total));
                if let Looked::Differs(page) = &looked {
                    (progress.found)(Found::Page(page.clone()));
                }
                (*nth, looked)
            });
        let looked: BTreeMap<usize, Looked> = looked.collect();
        let outside = self.outside(&pairs.all, &looked, sides);
        let looked = looked.into_values();
        let mut pages: Vec<_> = looked
            .filter_map(|it| match it {
                Looked::Differs(page) => Some(page),
                Looked::Same => None,
            })
            .collect();
        pages.sort_by(|one, other| one.source.cmp(&other.source));
        ReviewList {
            pages,
            causes: outside.into_iter().collect(),
            compared: pairs.all.len(),
        }
    }

    /// Compares the own part of a page.
    fn look(
        &self,
        editions: &Editions,
        pair: &Pair,
        has_same_text: bool,
        sides: Sides<'_>,
    ) -> Looked {
        let print = |db: Option<&Database>, page: &Option<Page>| {
            let (db, (_, output)) = db.zip(page.as_ref())?;
            let source = output.page()?;
            Some(db.alone(|db| queries::article_print(db, db.entry(source))))
        };
        let (old, new) = (
            print(sides.base, &pair.base),
            print(Some(sides.now), &pair.now),
        );
        let shown = new.as_ref().map(|it| it.shown.as_slice());
        let exchanged = self.exchanged(shown.unwrap_or_default(), pair, sides);
        let mut own = own_changes(pair, sides);
        let text = |print: &Option<ArticlePrint>| print.as_ref().map(|it| it.text);
        if text(&old) == text(&new)
            && exchanged.is_empty()
            && own.is_empty()
            && pair.is_same_source()
        {
            // What the page's own front matter says may be shown around its article.
            if !has_same_text && outside_differs(pair, sides) {
                own = outside(pair, sides);
            }
            if own.is_empty() {
                return Looked::Same;
            }
        }
        let whole = |print: &Option<ArticlePrint>| print.as_ref().map(|it| it.whole);
        let prints = [whole(&old), whole(&new)];
        let mut changes = (*self.known_changes(pair, prints, &exchanged, sides)).clone();
        changes.extend(own);
        let page = self.describe(editions, pair, changes, &exchanged, sides);
        match page {
            Some(page) if page.status != Status::Changed || !page.changes.is_empty() => {
                Looked::Differs(Arc::new(page))
            }
            _ => Looked::Same,
        }
    }

    /// What differs around the articles of pages that are the same otherwise. Pages
    /// are rendered in their theme only if something differs that all of them show.
    fn outside(
        &self,
        pairs: &[Pair],
        looked: &BTreeMap<usize, Looked>,
        sides: Sides<'_>,
    ) -> Option<Cause> {
        let reasons = self.common_reasons(sides.now, sides.base?);
        if reasons.is_empty() {
            return None;
        }
        let same = looked.iter().filter(|(_, it)| matches!(it, Looked::Same));
        let same: Vec<&Pair> = same.filter_map(|(nth, _)| pairs.get(*nth)).collect();
        let only_nav = reasons.iter().all(|reason| reason.kind == ReasonKind::Nav);
        let databases = (sides.base.cloned(), sides.now.clone());
        let differ = same.par_iter().map_with(databases, |(base, now), pair| {
            let base = base.as_ref();
            let sides = Sides { base, now };
            !(only_nav && shows_same_nav(pair, sides)) && outside_differs(pair, sides)
        });
        let differ: Vec<bool> = differ.collect();
        let mut differing = same.iter().zip(&differ).filter(|(_, differs)| **differs);
        let (first, _) = differing.next()?;
        Some(Cause {
            reasons,
            changes: outside(first, sides),
            pages: 1 + differing.count(),
        })
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
}

/// Whether what is around the article of a page differs.
fn outside_differs(pair: &Pair, sides: Sides<'_>) -> bool {
    let print = |db: Option<&Database>, page: &Option<Page>| {
        let (db, (_, output)) = db.zip(page.as_ref())?;
        db.alone(|db| queries::outside_print(db, output))
    };
    let (old, new) = (
        print(sides.base, &pair.base),
        print(Some(sides.now), &pair.now),
    );
    old.is_some() && new.is_some() && old != new
}

/// Whether it is certain, without rendering it, that a page shows the same of the nav.
fn shows_same_nav(pair: &Pair, sides: Sides<'_>) -> bool {
    let shown = |db: Option<&Database>, page: &Option<Page>| {
        let (db, (_, output)) = db.zip(page.as_ref())?;
        let source = output.page()?;
        db.alone(|db| queries::shown_of_others(db, db.entry(source)))
    };
    let old = shown(sides.base, &pair.base);
    old.is_some() && old == shown(Some(sides.now), &pair.now)
}

/// Whether both sides of a page have the same text of its own.
fn has_same_text(pair: &Pair, sides: Sides<'_>) -> bool {
    let text = |db: Option<&Database>, page: &Option<Page>| {
        let (db, (_, output)) = db.zip(page.as_ref())?;
        let source = output.page()?;
        db.alone(|db| queries::text(db, db.entry(source)).readable())
    };
    text(sides.base, &pair.base) == text(Some(sides.now), &pair.now)
}
