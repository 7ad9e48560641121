//! Which pages a feed lists.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::feeds::{Order, PageDates, PageTimes, Pages, page_times};
use crate::files::SourcePath;
use crate::site::inputs::now;
use crate::site::queries::docs_files::pages_in_order;
use crate::site::queries::feed_rules::rules;
use crate::site::queries::history::changes;
use crate::site::queries::page_content::template_meta;
use crate::site::queries::posts::post;
use crate::site::queries::settings::docs;
use crate::site::queries::slices::{SLICE, Slice};
use crate::site::{Db, Entry, InvocationInput};
use crate::yaml::Timestamp;

/// When commits touched the files of the docs; `None` if there is no history.
#[salsa::tracked(returns(clone))]
fn times(db: &dyn Db) -> Option<Arc<BTreeMap<SourcePath, PageTimes>>> {
    let docs = docs(db)?;
    let folders = docs.layers.iter().map(|layer| &layer.folder);
    let mut by_layer = folders.filter_map(|folder| Some(page_times(&changes(db, folder)?)));
    let mut times = by_layer.next()?;
    for fallback in by_layer {
        times.extend(fallback);
    }
    Some(Arc::new(times))
}

/// When commits touched a page; `None` if there is no history.
#[salsa::tracked(returns(copy))]
fn times_of(db: &dyn Db, page: Entry) -> Option<PageTimes> {
    let times = times(db)?;
    Some(times.get(&page.path(db)).copied().unwrap_or_default())
}

/// The dates of a page; `None` if a feed does not list it.
#[salsa::tracked(returns(copy))]
pub(super) fn feed_dates(db: &dyn Db, page: Entry, nth: usize) -> Option<PageDates> {
    let all = rules(db);
    let rules = all.get(nth)?;
    let source = page.path(db);
    let docs = docs(db)?;
    let meta = template_meta(db, page);
    if !rules.lists(&docs.path(&source)?, &meta) {
        return None;
    }
    let is_post = post(db, page).is_some();
    if matches!(rules.pages, Pages::Posts) && !is_post {
        return None;
    }
    let times = if rules.dates.uses_git {
        times_of(db, page)
    } else {
        None
    };
    let dates = rules.dates.dates(&meta, is_post, times);
    (rules.dates.has_default || dates.created.is_some()).then_some(dates)
}

/// Pages that a feed may list, with their dates.
type Dated = Arc<[(Entry, PageDates)]>;

/// Those of a slice of the pages.
#[salsa::tracked(returns(clone))]
fn dated<'db>(db: &'db dyn Db, slice: Slice<'db>, nth: usize) -> Dated {
    let pages = pages_in_order(db);
    let pages = slice.of(db, &pages).iter();
    pages
        .filter_map(|page| Some((*page, feed_dates(db, *page, nth)?)))
        .collect()
}

/// The pages that a feed lists, the newest first.
#[salsa::tracked(returns(clone))]
pub(super) fn listed(db: &dyn Db, nth: usize, order: Order) -> Arc<[Entry]> {
    let rules = rules(db);
    let Some(rules) = rules.get(nth) else {
        return Arc::default();
    };
    let mut pages = Vec::new();
    for slice in 0..pages_in_order(db).len().div_ceil(SLICE) {
        for (page, dates) in dated(db, Slice::new(db, slice), nth).iter() {
            let date = match order {
                Order::Created => dates.created,
                Order::Updated => dates.updated,
            };
            pages.push((*page, date));
        }
    }
    let call = InvocationInput::get(db).call(db);
    let now = Timestamp::from(now(db));
    // The plugin asks the clock for each page without a date, unless the time is given.
    let is_given = call.environment.contains_key("SOURCE_DATE_EPOCH");
    let mut keyed: Vec<_> = pages.iter().enumerate().collect();
    keyed.sort_by_key(|(at, (_, date))| {
        let asked = if date.is_none() && !is_given {
            at + 1
        } else {
            0
        };
        let date = date.unwrap_or(now);
        Reverse((date.moment, date.micros, asked))
    });
    let shown = rules.shown(keyed.len());
    keyed
        .iter()
        .take(shown)
        .map(|(_, (page, _))| *page)
        .collect()
}
