use std::sync::Arc;

use super::{Editions, MarkedPage, Page, PageReview, Pair, Review, Status, address_of, assets};
use crate::diff::{self, Article, Block, Change, Difference, Level, Marking, Side};
use crate::files::SourcePath;
use crate::html;
use crate::site::{Database, Db as _, Outputs, queries};
use crate::url;

/// The databases of both sides; the base has none if the language is new.
#[derive(Clone, Copy)]
pub(super) struct Sides<'d> {
    pub(super) base: Option<&'d Database>,
    pub(super) now: &'d Database,
}

/// A picture that is not the same on both sides: its address as it is written, and
/// its source now.
pub(super) type Exchanged = (String, SourcePath);

/// One side of a page.
pub(super) struct Shown {
    html: Arc<str>,
    article: Article,
    /// Its address in its site.
    address: String,
}

impl Shown {
    pub(super) fn of(db: &Database, (path, output): &Page) -> Option<Self> {
        db.alone(|db| {
            let html = queries::produce_cached(db, output).as_text()?;
            let source = db.entry(output.page()?);
            let article = diff::article(&html, Some(&queries::shown_body(db, source).html));
            Some(Self {
                article,
                html,
                address: address_of(path).to_owned(),
            })
        })
    }

    fn article(&self) -> &str {
        &self.html[self.article.range.clone()]
    }

    fn around(&self, article: &str) -> String {
        let range = &self.article.range;
        [&self.html[..range.start], article, &self.html[range.end..]].concat()
    }
}

/// Both sides of a page; one of them may be missing.
pub(super) struct Both {
    pub(super) base: Option<Shown>,
    pub(super) now: Option<Shown>,
}

impl Both {
    pub(super) fn of(pair: &Pair, sides: Sides<'_>) -> Self {
        let base = pair.base.as_ref().zip(sides.base);
        Self {
            base: base.and_then(|(page, db)| Shown::of(db, page)),
            now: pair
                .now
                .as_ref()
                .and_then(|page| Shown::of(sides.now, page)),
        }
    }

    /// The difference of the articles.
    fn difference(&self, exchanged: &[Exchanged]) -> Difference {
        let article = |side: &Option<Shown>| side.as_ref().map_or("", Shown::article).to_owned();
        let (old, new) = (article(&self.base), article(&self.now));
        if old == new && exchanged.is_empty() {
            return Difference::none(&old);
        }
        let address = |side: &Option<Shown>| {
            side.as_ref()
                .map(|it| it.address.clone())
                .unwrap_or_default()
        };
        let addresses = (address(&self.base), address(&self.now));
        let is_exchanged = |address: &str| exchanged.iter().any(|(it, _)| it == address);
        let base = Side {
            html: &old,
            meaning: &|it| meaning(it, &addresses.0),
            content: &|it| is_exchanged(it).then_some(0),
        };
        let now = Side {
            html: &new,
            meaning: &|it| meaning(it, &addresses.1),
            content: &|it| is_exchanged(it).then_some(1),
        };
        diff::difference(&base, &now)
    }

    /// What differs outside of the articles.
    pub(super) fn outside(&self) -> Vec<Change> {
        match (&self.base, &self.now) {
            (Some(old), Some(new)) => {
                diff::outside((&old.html, &old.article), (&new.html, &new.article))
            }
            _ => Vec::new(),
        }
    }

    /// All changes of the page itself: those of its article, its title and its
    /// description. What else is around the article is not its own.
    fn changes(&self, difference: &Difference) -> Vec<Change> {
        let mut changes = difference.changes.clone();
        changes.extend(
            self.outside()
                .into_iter()
                .filter(|change| matches!(change.block, Block::PageTitle | Block::Description)),
        );
        changes
    }
}

/// What an address on a page leads to, whatever page it is on.
fn meaning(address: &str, page: &str) -> Option<String> {
    let (path, rest) = url::split(address);
    if path.is_empty() || url::is_absolute(path) {
        return None;
    }
    Some(url::resolve(path, page)? + rest)
}

impl Review {
    /// The changes of a page.
    pub(super) fn changes(
        &self,
        pair: &Pair,
        exchanged: &[Exchanged],
        sides: Sides<'_>,
    ) -> Vec<Change> {
        let both = Both::of(pair, sides);
        both.changes(&both.difference(exchanged))
    }

    /// The pictures that a page shows now, at `addresses`, and that are not the same
    /// as at the base.
    pub(super) fn exchanged(
        &self,
        addresses: &[String],
        pair: &Pair,
        sides: Sides<'_>,
    ) -> Vec<Exchanged> {
        let (Some(base), Some(was), Some(is)) = (sides.base, &pair.base, &pair.now) else {
            return Vec::new();
        };
        if addresses.is_empty() {
            return Vec::new();
        }
        let outputs = |db: &Database| -> Arc<Outputs> { db.alone(|db| queries::outputs(db)) };
        let outputs = (outputs(base), outputs(sides.now));
        let systems = (self.base.system(), self.now.system());
        let exchanged = addresses.iter().filter_map(|address| {
            let old = assets::file(&outputs.0, address, address_of(&was.0))?;
            let new = assets::file(&outputs.1, address, address_of(&is.0))?;
            let are_same = self.pictures.are_same((systems.0, old), (systems.1, new));
            (!are_same).then(|| (address.clone(), new.clone()))
        });
        exchanged.collect()
    }

    /// What is to be said of a page with these changes.
    pub(super) fn describe(
        &self,
        editions: &Editions,
        pair: &Pair,
        changes: Vec<Change>,
        exchanged: &[Exchanged],
        sides: Sides<'_>,
    ) -> Option<PageReview> {
        let is_gone = pair.now.is_none();
        let (path, output) = pair.now.as_ref().or(pair.base.as_ref())?;
        let source = output.page()?;
        let db = if is_gone { sides.base? } else { sides.now };
        // Known already: the sites cannot be asked within a question to them.
        let (edition, addresses) = match &editions.base {
            Some((edition, _)) if is_gone => (edition, &editions.addresses.0),
            _ => (&editions.now, &editions.addresses.1),
        };
        let from = pair.base.as_ref().and_then(|(_, output)| output.page());
        let from = from.filter(|from| !is_gone && *from != source);
        let status = match (&pair.base, is_gone) {
            (None, _) => Status::Added,
            (_, true) => Status::Removed,
            _ if from.is_some() => Status::Renamed,
            _ => Status::Changed,
        };
        let mut review = PageReview {
            source: source.as_str().to_owned(),
            address: addresses.path_of(edition, address_of(path)),
            language: edition.language.clone(),
            title: db.alone(|db| html::striptags(&queries::meta(db, db.entry(source)).title)),
            status,
            from: from.map(|from| from.as_str().to_owned()),
            reasons: Vec::new(),
            changes,
        };
        review.reasons = self.reasons(pair, &review, exchanged, sides);
        Some(review)
    }

    /// A page with its changes marked. `output` is the path of its output now, or at
    /// the base if it is gone; `base_path` gives the path on this server of an
    /// address in the site of the base.
    pub fn marked(
        &self,
        language: Option<&str>,
        output: &str,
        base_path: &dyn Fn(&str) -> String,
        levels: &[Level],
    ) -> MarkedPage {
        let all = self.editions();
        let Some(editions) = all.iter().find(|it| it.now.language.as_deref() == language) else {
            return MarkedPage::default();
        };
        let marked = |sides: Sides<'_>| {
            let pairs = self.pairs(editions, sides);
            let pair = pairs.of(output)?;
            let both = Both::of(pair, sides);
            let shown = both.now.as_ref().map(|now| diff::shown(now.article()));
            let exchanged = self.exchanged(&shown.unwrap_or_default(), pair, sides);
            let difference = both.difference(&exchanged);
            let html = both.marked(&difference, base_path, levels);
            let changes = both.changes(&difference);
            let keys = diff::keys(&changes);
            let review = self.describe(editions, pair, changes, &exchanged, sides)?;
            let is_same = review.changes.is_empty() && review.status == Status::Changed;
            Some(MarkedPage {
                html,
                review: (!is_same).then(|| Arc::new(review)),
                keys,
            })
        };
        self.ask_both(editions, marked).unwrap_or_default()
    }

    /// Asks a question about both sides of a language.
    pub(super) fn ask_both<T>(&self, editions: &Editions, question: impl Fn(Sides<'_>) -> T) -> T {
        let answer = editions.session.ask(|now| {
            let base = editions.base.as_ref().map(|(_, base)| base.snapshot());
            question(Sides {
                base: base.as_ref(),
                now,
            })
        });
        answer.1
    }
}

impl Both {
    fn marked(
        &self,
        difference: &Difference,
        base_path: &dyn Fn(&str) -> String,
        levels: &[Level],
    ) -> Option<String> {
        let old_address = self.base.as_ref().map_or("", |it| &it.address);
        let at_base = |address: &str| {
            let (path, rest) = url::split(address);
            if path.is_empty() || url::is_absolute(path) {
                return None;
            }
            Some(base_path(&url::resolve(path, old_address)?) + rest)
        };
        let marking = Marking {
            at_base: &at_base,
            levels,
        };
        let old = self.base.as_ref().map_or("", Shown::article);
        let new = self.now.as_ref().map_or("", Shown::article);
        // Of a page that is gone, all of it is, in the theme that it had.
        let shown = self.now.as_ref().or(self.base.as_ref())?;
        Some(shown.around(&diff::render(old, new, difference, &marking)))
    }
}
