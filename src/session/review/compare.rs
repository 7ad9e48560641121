use std::sync::Arc;

use super::{Editions, MarkedPage, Page, PageReview, Pair, Review, Status, assets};
use crate::diff::{self, Article, Block, Change, ChangeKind, Difference, Level, Marking, Side};
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

/// The article of one side of a page.
struct Shown {
    html: String,
    /// The address of the page in its site.
    address: String,
}

/// A page in its theme.
struct Themed {
    html: Arc<str>,
    article: Article,
}

impl Themed {
    fn of(db: &Database, (_, output): &Page) -> Option<Self> {
        db.alone(|db| {
            let html = queries::produce_cached(db, output).as_text()?;
            let body = queries::shown_body(db, db.entry(output.page()?));
            let article = diff::article(&html, Some(&body.html));
            Some(Self { html, article })
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

/// The articles of both sides of a page; one of them may be missing.
struct Both {
    base: Option<Shown>,
    now: Option<Shown>,
}

impl Both {
    fn of(pair: &Pair, sides: Sides<'_>) -> Self {
        let shown = |db: Option<&Database>, page: &Option<Page>| {
            let (db, (path, output)) = db.zip(page.as_ref())?;
            let source = output.page()?;
            let body = db.alone(|db| queries::shown_body(db, db.entry(source)));
            Some(Shown {
                html: body.html.clone(),
                address: url::without_index(path).to_owned(),
            })
        };
        Self {
            base: shown(sides.base, &pair.base),
            now: shown(Some(sides.now), &pair.now),
        }
    }

    /// The difference of the articles.
    fn difference(&self, exchanged: &[Exchanged]) -> Difference {
        fn parts(side: &Option<Shown>) -> (&str, &str) {
            let parts = side
                .as_ref()
                .map(|it| (it.html.as_str(), it.address.as_str()));
            parts.unwrap_or_default()
        }
        let (old, new) = (parts(&self.base), parts(&self.now));
        if old.0 == new.0 && exchanged.is_empty() {
            return Difference::none(old.0);
        }
        let is_exchanged = |address: &str| exchanged.iter().any(|(it, _)| it == address);
        let base = Side {
            html: old.0,
            meaning: &|it| meaning(it, old.1),
            content: &|it| is_exchanged(it).then_some(0),
        };
        let now = Side {
            html: new.0,
            meaning: &|it| meaning(it, new.1),
            content: &|it| is_exchanged(it).then_some(1),
        };
        diff::difference(&base, &now)
    }
}

/// What differs around the articles of a page in its theme.
pub(super) fn outside(pair: &Pair, sides: Sides<'_>) -> Vec<Change> {
    let themed = |db: Option<&Database>, page: &Option<Page>| {
        let (db, page) = db.zip(page.as_ref())?;
        Themed::of(db, page)
    };
    let sides = (
        themed(sides.base, &pair.base),
        themed(Some(sides.now), &pair.now),
    );
    match &sides {
        (Some(old), Some(new)) => {
            diff::outside((&old.html, &old.article), (&new.html, &new.article))
        }
        _ => Vec::new(),
    }
}

/// The changes of what a page says about itself: its title and its description.
pub(super) fn own_changes(pair: &Pair, sides: Sides<'_>) -> Vec<Change> {
    let said = |db: Option<&Database>, page: &Option<Page>| {
        let (db, (_, output)) = db.zip(page.as_ref())?;
        let source = output.page()?;
        let meta = db.alone(|db| queries::meta(db, db.entry(source)));
        let description = meta.front.get("description").and_then(|it| it.as_str());
        let description = description.unwrap_or_default().to_owned();
        Some([html::striptags(&meta.title), description])
    };
    let (Some(old), Some(new)) = (
        said(sides.base, &pair.base),
        said(Some(sides.now), &pair.now),
    ) else {
        return Vec::new();
    };
    let blocks = [Block::PageTitle, Block::Description].into_iter();
    let changes = blocks.zip(old).zip(new);
    let changes = changes.filter(|((_, before), after)| before != after);
    let changes = changes.map(|((block, before), after)| Change {
        kind: ChangeKind::Changed,
        level: Level::Outside,
        block,
        before,
        after,
        line: None,
    });
    changes.collect()
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
    /// The changes of the article of a page.
    pub(super) fn changes(
        &self,
        pair: &Pair,
        exchanged: &[Exchanged],
        sides: Sides<'_>,
    ) -> Vec<Change> {
        Both::of(pair, sides).difference(exchanged).changes
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
            let old = assets::file(&outputs.0, address, url::without_index(&was.0))?;
            let new = assets::file(&outputs.1, address, url::without_index(&is.0))?;
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
            address: addresses.path_of(edition, url::without_index(path)),
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
            // Of a page that is gone, all of it is, in the theme that it had.
            let themed = match (&pair.now, &pair.base, sides.base) {
                (Some(page), _, _) => Themed::of(sides.now, page),
                (None, Some(page), Some(base)) => Themed::of(base, page),
                _ => None,
            }?;
            let mut both = Both::of(pair, sides);
            // A plugin may have changed the article where it is in the page.
            let own = both.now.as_mut().or(both.base.as_mut())?;
            if own.html != themed.article() {
                own.html = themed.article().to_owned();
                if pair.now.is_some()
                    && let (Some(page), Some(db)) = (&pair.base, sides.base)
                    && let Some(base) = &mut both.base
                    && let Some(old) = Themed::of(db, page)
                {
                    base.html = old.article().to_owned();
                }
            }
            let shown = both.now.as_ref().map(|now| diff::shown(&now.html));
            let exchanged = self.exchanged(&shown.unwrap_or_default(), pair, sides);
            let difference = both.difference(&exchanged);
            let article = both.marked(&difference, base_path, levels);
            let mut changes = difference.changes;
            changes.extend(own_changes(pair, sides));
            let keys = diff::keys(&changes);
            let review = self.describe(editions, pair, changes, &exchanged, sides)?;
            let is_same = review.changes.is_empty() && review.status == Status::Changed;
            Some(MarkedPage {
                html: Some(themed.around(&article)),
                review: (!is_same).then(|| Arc::new(review)),
                keys,
            })
        };
        self.ask_both(editions, marked).unwrap_or_default()
    }

    /// The path on the server that a page has at the base. `output` is as for
    /// [`Review::marked`].
    pub fn path_at_base(&self, language: Option<&str>, output: &str) -> Option<String> {
        let all = self.editions();
        let mut all = all.iter();
        let editions = all.find(|it| it.now.language.as_deref() == language)?;
        let (edition, _) = editions.base.as_ref()?;
        let path = self.ask_both(editions, |sides| {
            let pairs = self.pairs(editions, sides);
            Some(pairs.of(output)?.base.as_ref()?.0.clone())
        })?;
        Some(
            self.base
                .addresses()
                .path_of(edition, url::without_index(&path)),
        )
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
    ) -> String {
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
        let html = |side: &'_ Option<Shown>| side.as_ref().map_or("", |it| &it.html).to_owned();
        let (old, new) = (html(&self.base), html(&self.now));
        diff::render(&old, &new, difference, &marking)
    }
}
